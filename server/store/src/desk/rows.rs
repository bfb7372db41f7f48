//! Visits and their services as the desk and the tablets load them.

use crate::{
    Error, Result, Tx,
    entity::{booking, visit, visit_service},
    sql::vals,
};
use domain::{
    Refusal, Text, VisitId, VisitServiceId,
    booking::{BookingState, Move, slots::Blocks},
    desk::{VisitMove, VisitState},
    treat::ServiceState,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A visit, held against others who want to change it until the transaction ends. Everything that changes a visit or
/// one of its services takes this lock first.
pub(crate) async fn lock_visit(tx: &Tx, id: VisitId) -> Result<visit::Model> {
    visit::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// A service with its visit; the visit is held as by [`lock_visit`].
pub(crate) async fn lock_service(
    tx: &Tx,
    id: VisitServiceId,
) -> Result<(visit::Model, visit_service::Model)> {
    let item = service(tx, id).await?;
    let visit = lock_visit(tx, VisitId(item.visit_id)).await?;
    // Read again: it may have changed while we waited for the visit.
    Ok((visit, service(tx, id).await?))
}

pub(crate) async fn service<C: ConnectionTrait>(db: &C, id: VisitServiceId) -> Result<visit_service::Model> {
    visit_service::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)
}

/// The services of a visit in their sequence.
pub(crate) async fn services<C: ConnectionTrait>(db: &C, visit: Uuid) -> Result<Vec<visit_service::Model>> {
    let find = visit_service::Entity::find().filter(visit_service::Column::VisitId.eq(visit));
    Ok(find.order_by_asc(visit_service::Column::Position).all(db).await?)
}

pub(crate) fn visit_state(visit: &visit::Model) -> Result<VisitState> {
    VisitState::from_code(&visit.state).ok_or_else(|| Error::internal("unknown state of a visit"))
}

pub(crate) fn service_state(item: &visit_service::Model) -> Result<ServiceState> {
    ServiceState::from_code(&item.state).ok_or_else(|| Error::internal("unknown state of a service"))
}

/// Waiting or received, not begun.
pub(crate) fn is_open(item: &visit_service::Model) -> bool {
    matches!(ServiceState::from_code(&item.state), Some(ServiceState::Waiting | ServiceState::Greeted))
}

/// The refusal of a step that the present state does not allow.
pub(crate) fn wrong_state(state: &str) -> Error {
    Refusal::WrongState { state: state.to_owned() }.into()
}

/// The state of the visit after `step`, not yet saved.
pub(crate) fn moved(visit: &visit::Model, step: VisitMove) -> Result<VisitState> {
    Ok(visit_state(visit)?.after(step)?)
}

pub(crate) fn name(item: &visit_service::Model) -> Text {
    Text::new(&*item.name_zh, &*item.name_en)
}

fn minutes(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

pub(crate) fn blocks(item: &visit_service::Model) -> Blocks {
    Blocks {
        prepare: minutes(item.prepare_min),
        active: minutes(item.active_min),
        processing: minutes(item.processing_min),
        finish: minutes(item.finish_min),
        cleanup: minutes(item.cleanup_min),
    }
}

/// Minutes the customer spends.
pub(crate) fn customer_minutes(item: &visit_service::Model) -> u32 {
    blocks(item).customer()
}

/// Moves a visit's booking on and writes its history; nothing for walk-ins, or where the booking cannot go there.
pub(crate) async fn move_booking(
    tx: &Tx,
    cx: &crate::OpContext,
    booking: Option<Uuid>,
    step: Move,
    kind: &str,
) -> Result<()> {
    let Some(id) = booking else { return Ok(()) };
    let Some(row) = booking::Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(()) };
    let state =
        BookingState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a booking"))?;
    let Ok(next) = state.after(step) else { return Ok(()) };
    save_booking_state(tx, cx, &row, next, kind).await
}

pub(crate) async fn save_booking_state(
    tx: &Tx,
    cx: &crate::OpContext,
    row: &booking::Model,
    next: BookingState,
    kind: &str,
) -> Result<()> {
    let sql = "UPDATE booking SET state = $1, updated_at = $2, version = version + 1 WHERE id = $3 AND version = $4";
    if tx.run(sql, vals![next.code(), tx.now_ms(), row.id, row.version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    let (by, by_id) = crate::audit::actor(&cx.actor);
    let sql = "INSERT INTO booking_event (id, booking_id, at, kind, by_kind, by_id, reason, detail) \
               VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)";
    tx.run(sql, vals![Uuid::now_v7(), row.id, tx.now_ms(), kind, by, by_id]).await?;
    Ok(())
}
