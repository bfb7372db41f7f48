//! Leave: from a day to a day, with kind and note (STAFF-5).

use super::{entry, of_branch, replace};
use crate::{
    Error, OpContext, Result,
    booking::stranded::settle,
    edition,
    entity::rota,
    sql::vals,
    time::{date, day_bounds, day_of, ms},
};
use domain::{
    BranchId, FieldCode, RotaId, StaffId,
    permission::{Action, Scope},
    staff::SetLeave,
};
use sea_orm::EntityTrait;

/// Enters leave. The shifts stay in the rota; nobody is on duty while on leave.
///
/// # Errors
/// `NotFound`, `Stale`, the field `to` for leave that is over; `WouldStrand` unless confirmed.
pub async fn save_leave(cx: &OpContext, branch: BranchId, cmd: SetLeave) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    if cmd.to < date(day_of(tz, cx.now())) {
        return Err(Error::field("to", FieldCode::Past));
    }
    let tx = cx.begin().await?;
    of_branch(&tx, branch, cmd.staff).await?;
    edition::next(&tx, cmd.staff.0, cmd.version).await?;
    let row = rota::Model {
        id: RotaId::new().0,
        staff_id: cmd.staff.0,
        branch_id: branch.0,
        kind: "leave".into(),
        from_ms: ms(day_bounds(tz, cmd.from).0),
        to_ms: ms(day_bounds(tz, cmd.to).1),
    };
    let id = row.id;
    replace(&tx, &[], vec![row]).await?;
    let sql = "INSERT INTO leave_note (rota_id, kind, note) VALUES ($1, $2, $3)";
    tx.run(sql, vals![id, cmd.kind.code(), cmd.note]).await?;
    let detail = format!("{} {} {}", cmd.from, cmd.to, cmd.kind.code());
    settle(cx, tx, &[branch], cmd.confirm, entry("staff.leave", branch, cmd.staff, detail)).await
}

/// Takes leave back: what has begun ends with yesterday, what has not never happens.
///
/// # Errors
/// `NotFound`, `Stale`.
pub async fn drop_leave(
    cx: &OpContext,
    branch: BranchId,
    staff: StaffId,
    id: RotaId,
    version: i32,
) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    let tx = cx.begin().await?;
    let row = rota::Entity::find_by_id(id.0).one(&tx).await?;
    let row = row
        .filter(|row| row.branch_id == branch.0 && row.staff_id == staff.0 && row.kind == "leave")
        .ok_or(Error::NotFound)?;
    edition::next(&tx, staff.0, version).await?;
    let today = ms(day_bounds(tz, date(day_of(tz, tx.now()))).0);
    if row.from_ms >= today {
        tx.run("DELETE FROM leave_note WHERE rota_id = $1", vals![row.id]).await?;
        tx.run("DELETE FROM rota WHERE id = $1", vals![row.id]).await?;
    } else {
        tx.run("UPDATE rota SET to_ms = $1 WHERE id = $2 AND to_ms > $1", vals![today, row.id]).await?;
    }
    let detail = format!("from={} to={}", row.from_ms, row.to_ms);
    settle(cx, tx, &[branch], true, entry("staff.leave_dropped", branch, staff, detail)).await
}

/// Longest leave fits the table's rule also when clocks change.
const _: () = assert!(domain::staff::LEAVE_DAYS_MAX < 92);
