//! Bookings whose customers did not come (DESK-1).

use super::write::event;
use crate::{OpContext, Result, notify::cancel_for_booking, sql::vals, taken, time::ms, tx::again};
use chrono::Duration;
use domain::{Actor, BookingId, BranchId, booking::BookingState, live::Topic};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

const AT_ONCE: i64 = 200;

/// Job: marks bookings as missed that began so long ago, by each branch's rule, that nobody is expected any more.
/// Gives how many.
///
/// # Errors
/// The database's.
pub async fn mark_no_shows(cx: &OpContext) -> Result<u64> {
    let mut all = 0;
    for branch in cx.store.cache.branches(&cx.store).await?.iter() {
        let late = Duration::minutes(i64::from(branch.policy.no_show_after));
        loop {
            let marked = again!(some(cx, branch.id, late))?;
            all += marked;
            if marked == 0 {
                break;
            }
        }
    }
    Ok(all)
}

async fn some(cx: &OpContext, branch: BranchId, late: Duration) -> Result<u64> {
    let tx = cx.begin().await?;
    let sql = "UPDATE booking SET state = $1, updated_at = $2, version = version + 1 \
               WHERE state IN ('booked', 'confirmed') AND id IN (SELECT id FROM booking \
               WHERE state IN ('booked', 'confirmed') AND from_ms < $3 AND branch_id = $4 ORDER BY id LIMIT $5) \
               RETURNING id";
    let values = vals![BookingState::NoShow.code(), tx.now_ms(), ms(tx.now() - late), branch.0, AT_ONCE];
    let rows =
        tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    for row in &rows {
        let id = row.try_get_by_index::<Uuid>(0)?;
        taken::give_back(&tx, BookingId(id)).await?;
        cancel_for_booking(&tx, BookingId(id)).await?;
        crate::care::unbooked(&tx, id).await?;
        event(&tx, &Actor::System, id, BookingState::NoShow.code(), None, None);
    }
    if !rows.is_empty() {
        tx.changed(branch, Topic::Board);
    }
    tx.commit().await?;
    Ok(rows.len() as u64)
}
