//! Reminders (BOOK-12). When they are due is kept with the booking; they are put into the outbox only then, with what is
//! true then.

use super::{
    messages::{reader, tell},
    write::Rows,
};
use crate::{Error, OpContext, Result, entity::booking, sql::vals, tx::again};
use domain::{Actor, booking::remind::Reminders};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

const AT_ONCE: u32 = 100;

/// What is still to be said of it.
pub(super) fn reminders(booking: &booking::Model) -> Reminders {
    Reminders { next: booking.remind_at, last: booking.remind_last }
}

/// Job: reminds of what begins soon. Gives how many bookings were looked at.
///
/// # Errors
/// `Forbidden` for anyone but the house itself, else the database's.
pub async fn remind_due(cx: &OpContext) -> Result<u64> {
    if cx.actor != Actor::System {
        return Err(Error::Forbidden);
    }
    let mut all = 0;
    loop {
        let done = again!(some(cx))?;
        all += done;
        if done < u64::from(AT_ONCE) {
            return Ok(all);
        }
    }
}

async fn some(cx: &OpContext) -> Result<u64> {
    let tx = cx.begin().await?;
    // Whoever reminds first does; nobody waits.
    let skip = match tx.get_database_backend() {
        DbBackend::Postgres => "FOR NO KEY UPDATE SKIP LOCKED",
        _ => "",
    };
    let sql = format!(
        "SELECT id FROM booking WHERE state IN ('booked', 'confirmed') AND remind_at <= $1 \
         ORDER BY remind_at LIMIT {AT_ONCE} {skip}"
    );
    let due = Statement::from_sql_and_values(tx.get_database_backend(), sql, vals![tx.now_ms()]);
    let ids: Vec<Uuid> = tx
        .query_all_raw(due)
        .await?
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<std::result::Result<_, _>>()?;
    if ids.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    for rows in Rows::by_ids(&tx, ids.iter().copied()).await? {
        let (what, left) = reminders(&rows.booking).said(rows.booking.from_ms, tx.now_ms());
        // The booking is no other than before: no new version.
        let sql = "UPDATE booking SET remind_at = $1, remind_last = $2 WHERE id = $3";
        tx.later(sql, vals![left.next, left.last, rows.booking.id]);
        let Some(what) = what else { continue };
        let catalog = cx.store.catalog(rows.branch()).await?;
        if let Some(reader) = reader(&tx, &rows).await? {
            tell(&tx, &catalog, &rows, &reader, what)?;
        }
    }
    tx.commit().await?;
    Ok(ids.len() as u64)
}
