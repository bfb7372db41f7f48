//! Some who wait, and some who did (BOOK-10).

use crate::{
    OpContext, Result, Store, sql,
    sql::vals,
    time::{day_number, ms},
    token,
};
use chrono::{Duration, NaiveDate};
use domain::booking::waitlist::WaitState;
use sea_orm::FromQueryResult;
use std::sync::Arc;
use uuid::Uuid;

/// State, first and last day from today on, parts of the day, how many hours ago it was entered, by the desk.
const ENTRIES: [(WaitState, i64, i64, i32, i64, bool); 7] = [
    // For this morning: too late for it now, so these two stay as they are all day.
    (WaitState::Waiting, 0, 0, 0b001, 30, false),
    (WaitState::Waiting, 0, 0, 0b001, 27, true),
    // Free times are offered by themselves as soon as the jobs run.
    (WaitState::Waiting, 3, 5, 0b110, 5, false),
    (WaitState::Left, 1, 2, 0b111, 50, false),
    (WaitState::Expired, -4, -2, 0b100, 140, false),
    (WaitState::Expired, -6, -5, 0b010, 170, true),
    (WaitState::Left, 2, 9, 0b010, 75, false),
];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
}

pub(super) async fn fill(store: &Arc<Store>, today: NaiveDate) -> Result<()> {
    let cx = OpContext::system(store.clone());
    let branches = store.cache.branches(store).await?;
    let Some(branch) = branches.first() else { return Ok(()) };
    let catalog = store.catalog(branch.id).await?;
    let services: Vec<_> =
        catalog.services.iter().filter(|s| s.online && !s.retired && s.needs_first.is_none()).collect();
    let sql = "SELECT id FROM customer WHERE phone IS NOT NULL ORDER BY id LIMIT 40";
    let customers: Vec<Row> = sql::all(cx.db(), sql, vals![]).await?;
    let tx = cx.begin().await?;
    for (n, (entry, customer)) in ENTRIES.iter().zip(customers.iter().step_by(5)).enumerate() {
        let (state, first, last, parts, hours, desk) = *entry;
        let Some(service) = services.get(n % services.len().max(1)) else { break };
        let id = Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_1000 + n as u128);
        let link = format!("demo-waitlist-{n:08}");
        let queued = ms(tx.now() - Duration::hours(hours));
        let sql = "INSERT INTO waitlist (id, branch_id, customer_id, state, channel, services, who, first_day, last_day, \
                   parts, token_hash, token, misses, queued_at, updated_at, version) \
                   VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11, 0, $12, $12, 1)";
        let values = vals![
            id,
            branch.id.0,
            customer.id,
            state.code(),
            if desk { "desk" } else { "online" },
            service.id.to_string(),
            day_number(today + Duration::days(first)),
            day_number(today + Duration::days(last)),
            parts,
            token::hash(&link),
            link.as_str(),
            queued,
        ];
        tx.run(sql, values).await?;
        let ended = match state {
            WaitState::Left => Some("left"),
            WaitState::Expired => Some("expired"),
            _ => None,
        };
        for (i, kind) in std::iter::once("joined").chain(ended).enumerate() {
            let by = match (kind, desk) {
                ("expired", _) => "system",
                (_, true) => "staff",
                _ => "customer",
            };
            let sql =
                "INSERT INTO waitlist_event (id, waitlist_id, at, kind, by_kind) VALUES ($1, $2, $3, $4, $5)";
            let event = Uuid::from_u128(id.as_u128() + 0x1000 * (i as u128 + 1));
            tx.run(sql, vals![event, id, queued + 3_600_000 * 24 * i as i64, kind, by]).await?;
        }
    }
    tx.commit().await
}
