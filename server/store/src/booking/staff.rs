//! What the staff do to a booking from the schedule: cancel it for the customer or the salon, mark it as an error of
//! ours (BOOK-9, ACCURACY). Moving it is in `staff_move`.

use super::{
    change::{end, log},
    hold::catalog_of,
    write::{Rows, event, update},
};
use crate::{Error, OpContext, Result, Tx, catalog::Catalog, sql::vals, tx::again};
use domain::{
    BookingId, Refusal,
    booking::{BookingState, CancelReason, Move},
    permission::{Action, Scope},
    schedule::{SalonError, StaffCancel},
};
use sea_orm::ConnectionTrait;

/// A booking of a branch in which the actor may do `action`; others are not known to exist (C-35), nor are holds.
///
/// # Errors
/// `SignedOut`, `Forbidden` for those who may do it nowhere, `NotFound`.
pub(super) async fn load_own<C: ConnectionTrait>(
    cx: &OpContext,
    db: &C,
    id: BookingId,
    action: Action,
) -> Result<Rows> {
    cx.allow(action, &Scope::none())?;
    let rows = Rows::by_id(db, id).await?;
    let own = cx.may(action, &Scope::branch(rows.branch()));
    match rows.state()? {
        BookingState::Held | BookingState::Expired => Err(Error::NotFound),
        _ if own => Ok(rows),
        _ => Err(Error::NotFound),
    }
}

/// Refuses what was decided on an older version of the booking (C-11).
pub(super) fn check_version(rows: &Rows, version: i32) -> Result<()> {
    if rows.booking.version == version { Ok(()) } else { Err(Refusal::Stale.into()) }
}

/// Cancels from the schedule. The row stays; the customer is told.
///
/// # Errors
/// `NotFound`, `Stale`, `WrongState`.
pub async fn cancel_by_staff(cx: &OpContext, cmd: StaffCancel) -> Result<()> {
    let rows = load_own(cx, cx.db(), cmd.booking, Action::OverrideBooking).await?;
    let catalog = catalog_of(cx, &rows).await?;
    again!(cancel_once(cx, &catalog, &cmd))
}

async fn cancel_once(cx: &OpContext, catalog: &Catalog, cmd: &StaffCancel) -> Result<()> {
    let tx = cx.begin().await?;
    let mut rows = load_own(cx, &tx, cmd.booking, Action::OverrideBooking).await?;
    check_version(&rows, cmd.version)?;
    let state = rows.state()?;
    if !state.is_open() {
        return Err(Refusal::WrongState { state: state.code().to_owned() }.into());
    }
    let ours = cmd.error.is_some() || cmd.reason == CancelReason::SalonCannot;
    let next = state.after(if ours { Move::CancelBySalon } else { Move::CancelByCustomer })?;
    end(&tx, cx, catalog, &mut rows, next, cmd.reason.code(), cmd.note.clone()).await?;
    if let Some(error) = cmd.error {
        mark(&tx, cx, &mut rows, error, None).await?;
    }
    tx.commit().await
}

/// Marks a booking as one that the salon got wrong (ACCURACY); also after the visit.
///
/// # Errors
/// `NotFound`, `Stale`.
pub async fn mark_salon_error(cx: &OpContext, cmd: SalonError) -> Result<()> {
    again!(mark_once(cx, &cmd))
}

async fn mark_once(cx: &OpContext, cmd: &SalonError) -> Result<()> {
    let tx = cx.begin().await?;
    let mut rows = load_own(cx, &tx, cmd.booking, Action::OverrideBooking).await?;
    check_version(&rows, cmd.version)?;
    mark(&tx, cx, &mut rows, cmd.error, cmd.note.as_deref()).await?;
    log(&tx, cx, &rows, "booking.salon_error", cmd.error.code());
    rows.tell(&tx);
    tx.commit().await
}

/// Writes the error and its line in the history.
pub(super) async fn mark(
    tx: &Tx,
    cx: &OpContext,
    rows: &mut Rows,
    error: domain::schedule::ChangeReason,
    note: Option<&str>,
) -> Result<()> {
    update(tx, &rows.booking, "salon_error = $3", vals![error.salon_error()]).await?;
    rows.booking.version += 1;
    let detail = note.map(|note| serde_json::json!({ "note": note }).to_string());
    event(tx, &cx.actor, rows.booking.id, "corrected", Some(error.code().into()), detail);
    Ok(())
}
