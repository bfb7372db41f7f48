//! Handing a visit to somebody (DESK-3).

use super::{
    occupy::{busy_until, hand_over, lock, occupy, release, taken_by},
    rows::{is_open, lock_visit, moved, services},
    tell::tell,
    today::planned_end,
};
use crate::{
    Error, OpContext, Result, Tx,
    catalog::{Catalog, Person},
    entity::visit_service,
    sql,
    sql::vals,
    time::date,
    tx::again,
};
use domain::{
    BranchId, Refusal, StaffId, VisitId,
    desk::VisitMove,
    permission::{Action, Scope},
    treat::ServiceState,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Asks somebody to receive the customer of a visit; again to ask somebody else. `version` is the one the desk saw.
///
/// # Errors
/// `Stale` when somebody else changed the visit, `NotCertified` (CERT), `PersonBusy` when the person is with another
/// customer, not on shift, or booked too soon, `NoRoomFree`, `WrongState` once the service runs.
pub async fn assign(cx: &OpContext, visit: VisitId, staff: StaffId, version: i32) -> Result<()> {
    again!(once(cx, visit, staff, version))
}

async fn once(cx: &OpContext, id: VisitId, staff: StaffId, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let visit = lock_visit(&tx, id).await?;
    let branch = BranchId(visit.branch_id);
    cx.allow(Action::AssignVisit, &Scope::branch(branch))?;
    if visit.version != version {
        return Err(Refusal::Stale.into());
    }
    let next = moved(&visit, VisitMove::Assign)?;
    let catalog = cx.store.catalog(branch).await?;
    let person = catalog.person(staff).filter(|p| p.works_here()).ok_or(Error::NotFound)?;
    let items = services(&tx, visit.id).await?;
    let item =
        items.iter().find(|item| is_open(item)).ok_or_else(|| super::rows::wrong_state(&visit.state))?;
    check_person(&catalog, person, item, &tx)?;
    lock(&tx, &catalog, item, staff).await?;
    check_free(&tx, &catalog, &visit.id, staff).await?;

    let room = take(&tx, &catalog, item, staff).await?;
    let sql = "UPDATE visit_service SET staff_id = $1, room_id = $2, version = version + 1 WHERE id = $3";
    tx.run(sql, vals![staff.0, room, item.id]).await?;
    let sql = "UPDATE visit SET state = $1, assigned_staff_id = $2, assigned_at = $3, version = version + 1 \
               WHERE id = $4 AND version = $5";
    if tx.run(sql, vals![next.code(), staff.0, tx.now_ms(), visit.id, version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    let people = [Some(staff.0), item.staff_id, visit.assigned_staff_id];
    tell(&tx, cx, &visit, "visit.assign", &people, Some(format!("staff={staff}")));
    tx.commit().await
}

/// On shift, learnt it, and the certificate is valid today.
fn check_person(catalog: &Catalog, person: &Person, item: &visit_service::Model, tx: &Tx) -> Result<()> {
    let now = tx.now();
    if !person.shifts.iter().any(|shift| shift.from <= now && now < shift.to) {
        let next = person.shifts.iter().map(|shift| shift.from).find(|from| *from > now);
        return Err(match next {
            Some(from) => busy_until(catalog, from),
            None => Refusal::PersonBusy { until: None }.into(),
        });
    }
    if !person.holds(&item.qualification, date(item.day)) {
        return Err(Refusal::NotCertified.into());
    }
    Ok(())
}

/// Not with another customer, and not asked to receive another one.
async fn check_free(tx: &Tx, catalog: &Catalog, visit: &Uuid, staff: StaffId) -> Result<()> {
    if let Some(running) = running(tx, staff).await? {
        return Err(busy_until(catalog, planned_end(&running).max(tx.now())));
    }
    let sql = "SELECT 1 FROM visit WHERE branch_id = $1 AND day >= $2 AND state = 'assigned' \
               AND assigned_staff_id = $3 AND id <> $4 LIMIT 1";
    let today = crate::time::day_of(catalog.tz(), tx.now());
    if sql::row(tx, sql, vals![catalog.branch.id.0, today - 1, staff.0, *visit]).await?.is_some() {
        return Err(Refusal::PersonBusy { until: None }.into());
    }
    Ok(())
}

/// The service somebody is busy with.
pub(crate) async fn running(tx: &Tx, staff: StaffId) -> Result<Option<visit_service::Model>> {
    let today = (crate::time::ms(tx.now()) / crate::time::DAY_MS) as i32;
    let find = visit_service::Entity::find()
        .filter(visit_service::Column::StaffId.eq(staff.0))
        .filter(visit_service::Column::Day.gte(today - 2))
        .filter(visit_service::Column::State.eq(ServiceState::InService.code()));
    Ok(find.one(tx).await?)
}

/// The person's time and a room: what was booked is handed over, else it is taken from now on. Gives the room.
pub(crate) async fn take(
    tx: &Tx,
    catalog: &Catalog,
    item: &visit_service::Model,
    staff: StaffId,
) -> Result<Option<Uuid>> {
    let taken = taken_by(tx, item.id).await?;
    if taken.iter().any(|a| a.booking_item_id.is_some()) {
        hand_over(tx, catalog, item, &taken, staff).await?;
        return Ok(item.room_id);
    }
    release(tx, item.id).await?;
    occupy(tx, catalog, item, staff).await
}
