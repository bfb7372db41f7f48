//! The next visit (TREAT-6): the best free time so many weeks ahead with the same person, booked in one tap.

use super::scope;
use crate::{
    Error, OpContext, Result,
    booking::{Wish, best_time, enter_for},
    catalog::Catalog,
    desk::{
        rows::{name, service, service_state, wrong_state},
        tell::tell,
    },
    entity::{visit, visit_service},
    sql,
    sql::vals,
    time::local_ms,
    tx::again,
};
use chrono::{DateTime, Duration, Utc};
use domain::{
    BookingId, BranchId, CustomerId, ServiceId, StaffId, Text, VisitServiceId,
    booking::Enter,
    desk::WalkInCustomer,
    permission::Action,
    treat::{NextVisit, ServiceState, Treatment, check_weeks},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

/// The best free time for the same service with the same person: in the week so many weeks ahead, as near as can be to the
/// day and hour of this visit. `None`: nothing is free around then.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Range` on `weeks`.
pub async fn offer(cx: &OpContext, item: VisitServiceId, weeks: u32) -> Result<Option<NextVisit>> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::Treat, &scope(&row))?;
    let weeks = check_weeks(weeks).map_err(|code| Error::field("weeks", code))?;
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    let begun = row.booked_from_ms.or(row.started_at).map_or(cx.now(), crate::time::at);
    let wish = Wish {
        service: ServiceId(row.service_id),
        who: row.staff_id.map(StaffId),
        around: begun + Duration::weeks(i64::from(weeks)),
    };
    let Some(at) = best_time(cx, &catalog, wish).await? else { return Ok(None) };
    Ok(Some(NextVisit {
        at: local_ms(catalog.tz(), at),
        staff: person(&catalog, row.staff_id),
        service: name(&row),
    }))
}

fn person(catalog: &Catalog, staff: Option<Uuid>) -> Text {
    staff.and_then(|id| catalog.person(StaffId(id))).map(|p| p.name.clone()).unwrap_or_default()
}

/// Books the next visit for the customer in the chair. Asked again, the one that was agreed stays.
///
/// # Errors
/// `WrongState` before the service began, `SlotTaken` with the nearest free times, `SlotNotOffered`, `OutsideNotice`.
pub async fn book_next(
    cx: &OpContext,
    item: VisitServiceId,
    at: DateTime<Utc>,
    key: String,
) -> Result<Treatment> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::Treat, &scope(&row))?;
    if !matches!(service_state(&row)?, ServiceState::InService | ServiceState::Done) {
        return Err(wrong_state(&row.state));
    }
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    if agreed(cx.db(), &catalog, row.id).await?.is_none() {
        let visit = visit::Entity::find_by_id(row.visit_id).one(cx.db()).await?.ok_or(Error::NotFound)?;
        let cmd = Enter {
            customer: WalkInCustomer::Known(CustomerId(visit.customer_id)),
            services: vec![ServiceId(row.service_id)],
            who: row.staff_id.map(StaffId),
            at,
            told: false,
            note: None,
            key,
        };
        let booked = enter_for(cx, catalog.branch.id, cmd).await?;
        again!(keep(cx, &visit, &row, booked))?;
    }
    super::treatment(cx, item).await
}

async fn keep(
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
    booking: BookingId,
) -> Result<()> {
    let tx = cx.begin().await?;
    let by = super::author(&tx, cx).await?;
    let sql = "INSERT INTO next_visit (visit_service_id, booking_id, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (visit_service_id) DO NOTHING";
    let user = cx.actor.user().map(|id| id.0);
    tx.run(sql, vals![item.id, booking.0, tx.now_ms(), user, by.zh, by.en]).await?;
    tell(&tx, cx, visit, "service.next", &[item.staff_id], Some(format!("service={}", item.id)));
    tx.commit().await
}

#[derive(FromQueryResult)]
struct Row {
    from_ms: i64,
    staff_id: Uuid,
    name_zh: String,
    name_en: String,
}

/// The next visit that was agreed at the end of a service, as long as it stands.
pub(super) async fn agreed<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Option<NextVisit>> {
    let sql = "SELECT i.from_ms, i.staff_id, i.name_zh, i.name_en FROM next_visit n JOIN booking b ON b.id = n.booking_id \
               JOIN booking_item i ON i.booking_id = b.id WHERE n.visit_service_id = $1 \
               AND b.state IN ('booked', 'confirmed', 'arrived', 'in_service', 'completed') ORDER BY i.position LIMIT 1";
    let row: Option<Row> = sql::one(db, sql, vals![item]).await?;
    Ok(row.map(|row| NextVisit {
        at: local_ms(catalog.tz(), row.from_ms),
        staff: person(catalog, Some(row.staff_id)),
        service: Text::new(row.name_zh, row.name_en),
    }))
}
