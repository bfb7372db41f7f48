//! Check-in of a booking in two taps (DESK-2).

use super::{
    rows::{save_booking_state, wrong_state},
    tell::tell,
    ticket::{NewVisit, insert_visit, view},
};
use crate::{
    Error, OpContext, Result, Tx,
    catalog::Catalog,
    entity::{allocation, booking, booking_item, visit},
    sql::vals,
    taken,
    time::day_of,
    tx::again,
};
use domain::{
    BookingId, BranchId, Refusal, ServiceId,
    booking::{BookingState, Move},
    desk::TicketView,
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Turns a booking of today into a visit. Also for one that was marked as not come: the customer turns up late.
///
/// # Errors
/// `AlreadyArrived` when somebody else was faster, `WrongState` when it was cancelled or is for another day.
pub async fn check_in(cx: &OpContext, booking: BookingId) -> Result<TicketView> {
    again!(once(cx, booking, true))
}

/// As [`check_in`], asked by the customer, who has proved that it is the own booking (DESK-7).
pub(super) async fn by_customer(cx: &OpContext, booking: BookingId) -> Result<TicketView> {
    again!(once(cx, booking, false))
}

async fn once(cx: &OpContext, id: BookingId, by_staff: bool) -> Result<TicketView> {
    let tx = cx.begin().await?;
    let row = booking::Entity::find_by_id(id.0).lock_exclusive().one(&tx).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    if by_staff {
        cx.allow(Action::CheckIn, &Scope::branch(branch))?;
    }
    let catalog = cx.store.catalog(branch).await?;
    let state =
        BookingState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a booking"))?;
    if matches!(state, BookingState::Arrived | BookingState::InService | BookingState::Completed) {
        return Err(Refusal::AlreadyArrived.into());
    }
    let next = state.after(Move::Arrive)?;
    let day = day_of(catalog.tz(), tx.now());
    if row.day != day {
        return Err(wrong_state(&row.state));
    }
    let customer = row.customer_id.ok_or_else(|| wrong_state(&row.state))?;
    save_booking_state(&tx, cx, &row, next, "arrived").await?;
    let visit = NewVisit {
        id: Uuid::now_v7(),
        customer,
        booking: Some(row.id),
        planned_ms: Some(row.from_ms),
        key: None,
    };
    insert_visit(&tx, &catalog, day, &visit).await?;
    let people = copy_items(&tx, &catalog, &row, visit.id, day).await?;
    crate::care::arrived(&tx, row.id, visit.id).await?;
    let saved = visit::Entity::find_by_id(visit.id).one(&tx).await?.ok_or(Error::NotFound)?;
    tell(&tx, cx, &saved, "visit.check_in", &people, Some(saved.ticket.clone()));
    let ticket = view(cx, &tx, catalog, visit.id).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// The booked services become the visit's, with the price, the minutes, the person and the room that were booked.
async fn copy_items(
    tx: &Tx,
    catalog: &Catalog,
    booking: &booking::Model,
    visit: Uuid,
    day: i32,
) -> Result<Vec<Option<Uuid>>> {
    let items = booking_item::Entity::find()
        .filter(booking_item::Column::BookingId.eq(booking.id))
        .order_by_asc(booking_item::Column::Position)
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    let kept: Vec<allocation::Model> = allocation::Entity::find()
        .filter(allocation::Column::BookingItemId.is_in(ids))
        .filter(allocation::Column::Active.eq(true))
        .all(tx)
        .await?;
    let mut people = Vec::new();
    for item in &items {
        // Given away since (missed, then came after all): served like somebody without a booking.
        let has = kept.iter().any(|a| a.booking_item_id == Some(item.id));
        let id = Uuid::now_v7();
        let qualification =
            catalog.service(ServiceId(item.service_id)).map(|s| s.qualification.clone()).unwrap_or_default();
        let sql = "INSERT INTO visit_service (id, visit_id, branch_id, day, position, service_id, name_zh, name_en, \
                   prepare_min, active_min, processing_min, finish_min, cleanup_min, price_fen, qualification, \
                   staff_id, wished_staff_id, room_id, state, booked_from_ms, version) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
                   'waiting', $19, 1)";
        let values = vals![
            id,
            visit,
            booking.branch_id,
            day,
            item.position,
            item.service_id,
            item.name_zh.clone(),
            item.name_en.clone(),
            item.prepare_min,
            item.active_min,
            item.processing_min,
            item.finish_min,
            item.cleanup_min,
            item.price_fen,
            qualification,
            has.then_some(item.staff_id),
            item.wished.then_some(item.staff_id),
            item.room_id.filter(|_| has),
            item.from_ms,
        ];
        tx.run(sql, values).await?;
        let sql = "UPDATE allocation SET visit_service_id = $1 WHERE booking_item_id = $2 AND active";
        taken::change(tx, sql, vals![id, item.id]).await?;
        people.push(has.then_some(item.staff_id));
    }
    Ok(people)
}
