//! Sending: a worker leases some messages, sends them, and reports. Whoever lost the lease in the meantime (its token is
//! another one by then) cannot report any more, so that nothing is marked twice.

use crate::{Result, Store, sql, sql::vals, time::ms};
use chrono::Duration;
use domain::{
    Lang, MessageId,
    notify::{Channel, Template},
};
use sea_orm::{DbBackend, FromQueryResult};
use std::sync::Arc;
use uuid::Uuid;

/// How long a worker may take before another one tries.
const LEASE: Duration = Duration::minutes(2);
/// Tries before a message is given up: with the growing pauses about a day.
const TRIES: i32 = 12;

/// A message in a worker's hands.
#[derive(Clone, Debug)]
pub struct Leased {
    pub id: MessageId,
    /// To be handed back with the report.
    pub lease: Uuid,
    pub channel: Channel,
    pub recipient: String,
    pub template: Template,
    pub lang: Lang,
    pub params: serde_json::Value,
    /// A key against doubles for providers that take one (C-24).
    pub key: String,
    /// This one included.
    pub attempt: i32,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    channel: String,
    recipient: String,
    template: String,
    lang: String,
    params: String,
    key: String,
    attempts: i32,
}

/// Leases up to `n` messages that are due, the oldest first. Two workers never get the same one.
///
/// # Errors
/// The database's.
pub async fn claim(store: &Arc<Store>, n: u32) -> Result<Vec<Leased>> {
    let tx = store.begin().await?;
    let lease = Uuid::now_v7();
    let skip = if store.backend() == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    // A lease that ends further ahead than any is from before the clock was set back (C-21). The number is not a value,
    // and the states are those of the index: PostgreSQL expects few that are due and would sort all of them. What is
    // locked is looked for once, not again for each row.
    let sql = format!(
        "WITH due AS MATERIALIZED (\
            SELECT id FROM outbox WHERE state NOT IN ('sent', 'dead', 'cancelled') AND due_at <= $3 \
            AND (lease_until IS NULL OR lease_until <= $3 OR lease_until > $1) \
            ORDER BY due_at LIMIT {n} {skip}) \
         UPDATE outbox SET lease_until = $1, lease_token = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM due) \
         RETURNING id, channel, recipient, template, lang, params, key, attempts"
    );
    let until = ms(tx.now() + LEASE);
    tx.plan_anew().await?;
    let rows: Vec<Row> = sql::all(&tx, &sql, vals![until, lease, tx.now_ms()]).await?;
    tx.commit().await?;
    Ok(rows.into_iter().filter_map(|row| leased(row, lease)).collect())
}

fn leased(row: Row, lease: Uuid) -> Option<Leased> {
    Some(Leased {
        id: MessageId(row.id),
        lease,
        channel: Channel::from_code(&row.channel)?,
        recipient: row.recipient,
        template: Template::from_code(&row.template)?,
        lang: Lang::from_tag(&row.lang),
        params: serde_json::from_str(&row.params).unwrap_or_default(),
        key: row.key,
        attempt: row.attempts,
    })
}

/// Reports messages as sent that were leased together. Gives how many; of the others the lease was lost, someone else has
/// them.
///
/// # Errors
/// The database's.
pub async fn sent(store: &Arc<Store>, lease: Uuid, ids: &[MessageId]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let tx = store.begin().await?;
    // One-time codes are not kept once they are out, except where the outbox is what people read them in.
    let params =
        if store.demo() { "params" } else { "CASE WHEN template = 'code' THEN '{}' ELSE params END" };
    let mut values = vals![tx.now_ms(), lease];
    let list = sql::list(&mut values, sql::padded(ids.iter().map(|id| id.0).collect()));
    // Only what is pending is leased; asked for by its state, it would be looked for among all that is.
    let sql = format!(
        "UPDATE outbox SET state = 'sent', sent_at = $1, lease_until = NULL, lease_token = NULL, error = NULL, \
         params = {params} WHERE id IN ({list}) AND lease_token = $2"
    );
    let done = tx.run(&sql, values).await?;
    tx.commit().await?;
    Ok(done)
}

/// Reports a failure: the next try comes after a pause that doubles, up to four hours; after the last the message is
/// given up. `false`: the lease was lost.
///
/// # Errors
/// The database's.
pub async fn failed(store: &Arc<Store>, id: MessageId, lease: Uuid, error: &str) -> Result<bool> {
    let tx = store.begin().await?;
    let sql = "SELECT attempts FROM outbox WHERE id = $1 AND lease_token = $2 AND state = 'pending'";
    let Some(row) = sql::row(&tx, sql, vals![id.0, lease]).await? else { return Ok(false) };
    let attempts: i32 = row.try_get_by_index(0)?;
    let state = if attempts >= TRIES { "dead" } else { "pending" };
    let error: String = error.chars().take(300).collect();
    let sql = "UPDATE outbox SET state = $1, due_at = $2, error = $3, lease_until = NULL, lease_token = NULL \
               WHERE id = $4 AND lease_token = $5 AND state = 'pending'";
    let done = tx.run(sql, vals![state, ms(tx.now() + pause(attempts)), error, id.0, lease]).await? == 1;
    tx.commit().await?;
    Ok(done)
}

/// The pause after so many failed tries: 30 s, 1 min, 2 min … 4 h.
fn pause(attempts: i32) -> Duration {
    let doublings = attempts.clamp(1, 20) - 1;
    Duration::seconds((30i64 << doublings).min(4 * 3600))
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn pauses_double_up_to_four_hours() {
        let seconds: Vec<_> = [0, 1, 2, 3, 9, 10, 30].map(|n| pause(n).num_seconds()).into();
        assert_eq!(seconds, [30, 30, 60, 120, 7680, 14400, 14400]);
    }
}
