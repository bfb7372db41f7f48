//! "Call next": the ticket that is first in line, to whoever presses first (C-8).

use super::tell::tell;
use crate::{
    Error, OpContext, Result,
    entity::visit,
    sql,
    sql::vals,
    time::{day_of, ms},
    tx::{Lock, again},
};
use domain::{
    BranchId, VisitId,
    desk::Called,
    permission::{Action, Scope},
};
use sea_orm::{EntityTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Next {
    id: Uuid,
    ticket: String,
    name: String,
}

/// Calls the first ticket that waits and has not been called. `None`: nobody waits whose time has come. Of several desks
/// that press at once each gets a ticket of its own, in the order of the queue.
///
/// # Errors
/// The database's.
pub async fn call_next(cx: &OpContext, branch: BranchId) -> Result<Option<Called>> {
    again!(once(cx, branch))
}

async fn once(cx: &OpContext, branch: BranchId) -> Result<Option<Called>> {
    cx.allow(Action::AssignVisit, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let tx = cx.begin().await?;
    let day = day_of(catalog.tz(), tx.now());
    // One after the other, with those who take a ticket: the order of the queue is the order of the calls.
    tx.lock([Lock::new(branch.0, day)]).await?;
    let sql = "SELECT v.id, v.ticket, c.name FROM visit v JOIN customer c ON c.id = v.customer_id \
               WHERE v.branch_id = $1 AND v.day IN ($2, $3) AND v.state = 'waiting' AND v.ready_at <= $4 \
               AND NOT EXISTS (SELECT 1 FROM visit_call k WHERE k.visit_id = v.id) \
               ORDER BY v.ready_at, v.ticket LIMIT 1";
    let next: Option<Next> = sql::one(&tx, sql, vals![branch.0, day, day - 1, ms(tx.now())]).await?;
    let Some(next) = next else {
        tx.commit().await?;
        return Ok(None);
    };
    let sql = "INSERT INTO visit_call (visit_id, branch_id, called_at, called_by) VALUES ($1, $2, $3, $4)";
    let by = cx.actor.user().map(|user| user.0);
    tx.run(sql, vals![next.id, branch.0, tx.now_ms(), by]).await?;
    let row = visit::Entity::find_by_id(next.id).one(&tx).await?.ok_or(Error::NotFound)?;
    tell(&tx, cx, &row, "visit.call", &[], Some(next.ticket.clone()));
    tx.commit().await?;
    Ok(Some(Called { visit: VisitId(next.id), ticket: next.ticket, name: next.name }))
}
