//! The waiting clock (DESK-4): telling the customer, why it took long, leaving.

use super::{
    rows::{lock_visit, moved, services, visit_state, wrong_state},
    tell::tell,
};
use crate::{OpContext, Result, sql::vals, taken, treat::complete, tx::again};
use domain::{
    BranchId, VisitId,
    booking::Move,
    desk::{BreachReason, VisitMove, VisitState, WAIT_LIMIT},
    permission::{Action, Scope},
    treat::ServiceState,
};

/// The customer has been told about the wait.
///
/// # Errors
/// `WrongState` when the visit does not wait.
pub async fn told(cx: &OpContext, visit: VisitId) -> Result<()> {
    let tx = cx.begin().await?;
    let row = lock_visit(&tx, visit).await?;
    cx.allow(Action::AssignVisit, &Scope::branch(BranchId(row.branch_id)))?;
    if !matches!(visit_state(&row)?, VisitState::Waiting | VisitState::Assigned) {
        return Err(wrong_state(&row.state));
    }
    tx.run("UPDATE visit SET told_at = $1 WHERE id = $2", vals![tx.now_ms(), row.id]).await?;
    tell(&tx, cx, &row, "visit.told", &[], None);
    tx.commit().await
}

/// Why the customer waited longer than promised. Can be corrected as long as nobody closed the period.
///
/// # Errors
/// `WrongState` when the wait was within the promise.
pub async fn reason(
    cx: &OpContext,
    visit: VisitId,
    reason: BreachReason,
    note: Option<String>,
) -> Result<()> {
    let tx = cx.begin().await?;
    let row = lock_visit(&tx, visit).await?;
    cx.allow(Action::AssignVisit, &Scope::branch(BranchId(row.branch_id)))?;
    let until = row.first_contact_at.unwrap_or_else(|| tx.now_ms());
    if until - row.ready_at <= i64::from(WAIT_LIMIT) * 60_000 {
        return Err(wrong_state(&row.state));
    }
    let sql = "UPDATE visit SET breach_reason = $1, breach_note = $2 WHERE id = $3";
    tx.run(sql, vals![reason.code(), note, row.id]).await?;
    tell(&tx, cx, &row, "visit.reason", &[], Some(reason.code().to_owned()));
    tx.commit().await
}

/// The customer went. What is not begun is dropped; a visit of which something was done counts as done.
///
/// # Errors
/// `WrongState` while a service runs or when it is over.
pub async fn left(cx: &OpContext, visit: VisitId) -> Result<()> {
    again!(left_once(cx, visit))
}

async fn left_once(cx: &OpContext, id: VisitId) -> Result<()> {
    let tx = cx.begin().await?;
    let visit = lock_visit(&tx, id).await?;
    cx.allow(Action::AssignVisit, &Scope::branch(BranchId(visit.branch_id)))?;
    let next = moved(&visit, VisitMove::Leave)?;
    let items = services(&tx, visit.id).await?;
    let sql = "UPDATE allocation SET active = FALSE WHERE active AND visit_service_id IN \
               (SELECT id FROM visit_service WHERE visit_id = $1 AND state IN ('waiting', 'greeted'))";
    taken::change(&tx, sql, vals![visit.id]).await?;
    let sql = "UPDATE visit_service SET state = 'dropped', version = version + 1 \
               WHERE visit_id = $1 AND state IN ('waiting', 'greeted')";
    tx.run(sql, vals![visit.id]).await?;
    if items.iter().any(|item| item.state == ServiceState::Done.code()) {
        complete(&tx, cx, &visit).await?;
    } else {
        let sql = "UPDATE visit SET state = $1, finished_at = $2, version = version + 1 WHERE id = $3";
        tx.run(sql, vals![next.code(), tx.now_ms(), visit.id]).await?;
        super::rows::move_booking(&tx, cx, visit.booking_id, Move::CancelBySalon, "left").await?;
    }
    let people: Vec<_> = items.iter().map(|item| item.staff_id).collect();
    tell(&tx, cx, &visit, "visit.left", &people, None);
    tx.commit().await
}
