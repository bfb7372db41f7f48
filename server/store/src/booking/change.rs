//! Cancelling and rescheduling (BOOK-9), by whoever has the link or by the desk.

use super::{
    hold::catalog_of,
    messages::{reader, tell},
    plan::{For, Request},
    reserve::{Found, Race, known},
    view,
    write::{Rows, allocate, event, update},
};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    idempotency,
    notify::cancel_for_booking,
    sql::vals,
    taken,
    time::{at, day_of, ms},
    tx::again,
};
use domain::{
    FieldCode, Refusal,
    booking::{
        BookingState, BookingView, Cancel, CancelReason, Move, Reschedule, remind::Reminders,
        slots::Arrangement,
    },
    notify::Template,
    permission::{Action, Scope},
};

/// A booking by its link; a hold is none yet.
///
/// # Errors
/// `NotFound`.
pub(super) async fn load<C: sea_orm::ConnectionTrait>(db: &C, token: &str) -> Result<Rows> {
    let rows = Rows::by_token(db, token).await?;
    match rows.state()? {
        BookingState::Held | BookingState::Expired => Err(Error::NotFound),
        _ => Ok(rows),
    }
}

/// Whether the actor changes it for the salon, without the limits that customers have.
fn desk(cx: &OpContext, rows: &Rows) -> bool {
    cx.may(Action::OverrideBooking, &Scope::branch(rows.branch()))
}

/// Cancels; the row stays. Cancelling twice is cancelling once.
///
/// # Errors
/// `NotFound`, `AfterCutOff`, `WrongState`; the field `reason`.
pub async fn cancel(cx: &OpContext, cmd: Cancel) -> Result<BookingView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let rows = load(cx.db(), &cmd.token).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let rows = again!(cancel_once(cx, &catalog, &cmd))?;
    view::booking(cx, &catalog, rows).await
}

async fn cancel_once(cx: &OpContext, catalog: &Catalog, cmd: &Cancel) -> Result<Rows> {
    let tx = cx.begin().await?;
    let mut rows = load(&tx, &cmd.token).await?;
    let state = rows.state()?;
    if matches!(state, BookingState::CancelledByCustomer | BookingState::CancelledBySalon) {
        // What was read is lasting only now.
        tx.commit().await?;
        return Ok(rows);
    }
    let desk = desk(cx, &rows);
    if !desk {
        if cmd.reason == CancelReason::SalonCannot {
            return Err(Error::field("reason", FieldCode::Choice));
        }
        catalog.branch.policy.may_change(state, at(rows.booking.from_ms), tx.now(), &catalog.branch.phone)?;
    }
    let by_salon = desk && cmd.reason == CancelReason::SalonCannot;
    let next = state.after(if by_salon { Move::CancelBySalon } else { Move::CancelByCustomer })?;
    end(&tx, cx, catalog, &mut rows, next, cmd.reason.code(), cmd.note.clone()).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Ends a booking: its time is free again, nobody is reminded of it, the customer is told.
pub(super) async fn end(
    tx: &Tx,
    cx: &OpContext,
    catalog: &Catalog,
    rows: &mut Rows,
    next: BookingState,
    reason: &str,
    note: Option<String>,
) -> Result<()> {
    let set = "state = $3, cancel_reason = $4, cancel_note = $5";
    update(tx, &rows.booking, set, vals![next.code(), reason, note]).await?;
    rows.booking.state = next.code().into();
    rows.booking.version += 1;
    taken::give_back(tx, rows.id()).await?;
    crate::care::unbooked(tx, rows.booking.id).await?;
    event(tx, &cx.actor, rows.booking.id, next.code(), Some(reason.into()), None);
    cancel_for_booking(tx, rows.id()).await?;
    if let Some(reader) = reader(tx, rows).await? {
        tell(tx, catalog, rows, &reader, Template::BookingCancelled)?;
    }
    log(tx, cx, rows, "booking.cancel", reason);
    rows.tell(tx);
    Ok(())
}

pub(super) fn log(tx: &Tx, cx: &OpContext, rows: &Rows, action: &str, detail: &str) {
    let detail = Some(detail.to_owned());
    let entry =
        Entry { action, entity: "booking", id: Some(rows.booking.id), branch: Some(rows.branch()), detail };
    tx.audit(cx, entry);
}

/// The customer says on the link to come (BOOK-12). Saying it twice is saying it once.
///
/// # Errors
/// `NotFound`, `WrongState` when it is over or cancelled.
pub async fn confirm(cx: &OpContext, token: &str) -> Result<BookingView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let rows = load(cx.db(), token).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let rows = again!(confirm_once(cx, token))?;
    view::booking(cx, &catalog, rows).await
}

async fn confirm_once(cx: &OpContext, token: &str) -> Result<Rows> {
    let tx = cx.begin().await?;
    let mut rows = load(&tx, token).await?;
    let state = rows.state()?;
    if state != BookingState::Confirmed {
        let next = state.after(Move::Confirm)?;
        update(&tx, &rows.booking, "state = $3", vals![next.code()]).await?;
        rows.booking.state = next.code().into();
        rows.booking.version += 1;
        event(&tx, &cx.actor, rows.booking.id, "confirmed", None, None);
        log(&tx, cx, &rows, "booking.confirm", "");
        rows.tell(&tx);
    }
    tx.commit().await?;
    Ok(rows)
}

/// Moves a booking to another time, at the price and with the durations it was booked with (BOOK-8). The old time is
/// free again in the same moment. The same key again changes nothing (BOOK-7).
///
/// # Errors
/// `NotFound`, `AfterCutOff`, `TooManyChanges`, `WrongState`, `SlotTaken` with the nearest free times,
/// `SlotNotOffered`, `OutsideNotice`, `Stale` when it was changed at the same moment, `KeyReused`.
pub async fn reschedule(cx: &OpContext, cmd: Reschedule) -> Result<BookingView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let rows = load(cx.db(), &cmd.token).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let mark = (&cmd.token, cmd.who, ms(cmd.at));
    let rows = match moved(cx, &catalog, &rows, &cmd).await {
        Ok(rows) => rows,
        Err(refused) if known::<String>(cx, "reschedule", &cmd.key, &mark).await?.is_none() => {
            return Err(refused);
        }
        Err(_) => load(cx.db(), &cmd.token).await?,
    };
    view::booking(cx, &catalog, rows).await
}

async fn moved(cx: &OpContext, catalog: &Catalog, rows: &Rows, cmd: &Reschedule) -> Result<Rows> {
    may_move(cx, catalog, rows)?;
    let whose = if desk(cx, rows) { For::Desk } else { For::Customer };
    let request = Request::again(catalog, &rows.items, cmd.who, cx.now(), whose)?.moving(rows.id());
    let mut race = Race::begin(cx, &request, ms(cmd.at)).await;
    loop {
        let found = race.look(cx).await?;
        let answer = move_once(cx, &race, found, cmd, rows.booking.version).await;
        if let Some(rows) = race.judge(cx, answer).await? {
            return Ok(rows);
        }
    }
}

/// BOOK-9, for customers; the desk is bound by the state alone.
fn may_move(cx: &OpContext, catalog: &Catalog, rows: &Rows) -> Result<()> {
    let state = rows.state()?;
    state.after(Move::Reschedule)?;
    if !desk(cx, rows) {
        let changes = u8::try_from(rows.booking.changes).unwrap_or(u8::MAX);
        let (start, branch) = (at(rows.booking.from_ms), &catalog.branch);
        branch.policy.may_reschedule(state, start, changes, cx.now(), &branch.phone)?;
    }
    Ok(())
}

async fn move_once(
    cx: &OpContext,
    race: &Race<'_>,
    found: Found,
    cmd: &Reschedule,
    version: i32,
) -> Result<Rows> {
    let catalog = race.request.catalog;
    let tx = cx.begin().await?;
    let mark = (&cmd.token, cmd.who, ms(cmd.at));
    if idempotency::seen::<String>(&tx, "reschedule", &cmd.key, &mark).await?.is_some() {
        let rows = load(&tx, &cmd.token).await?;
        tx.commit().await?;
        return Ok(rows);
    }
    let arrangement = race.enter(&tx, found).await?;
    let before = load(&tx, &cmd.token).await?;
    may_move(cx, catalog, &before)?;
    if before.booking.version != version {
        return Err(Refusal::Stale.into());
    }
    let rows = shifted(&tx, cx, race.request, &before, &arrangement).await?;
    taken::give_back(&tx, rows.id()).await?;
    save_items(&tx, &rows).await?;
    allocate(&tx, &rows, &arrangement);
    let staff: Vec<_> = before.items.iter().map(|item| item.staff_id).collect();
    let was = serde_json::json!({ "from_ms": before.booking.from_ms, "staff": staff });
    event(&tx, &cx.actor, rows.booking.id, "rescheduled", None, Some(was.to_string()));
    cancel_for_booking(&tx, rows.id()).await?;
    if let Some(reader) = reader(&tx, &rows).await? {
        tell(&tx, catalog, &rows, &reader, Template::BookingMoved)?;
    }
    log(&tx, cx, &rows, "booking.reschedule", &rows.booking.from_ms.to_string());
    before.tell(&tx);
    rows.tell(&tx);
    idempotency::answered(&tx, "reschedule", &cmd.key, &rows.booking.number)?;
    tx.commit().await?;
    Ok(rows)
}

/// The booking row at its new time; gives the rows as they are then.
pub(super) async fn shifted(
    tx: &Tx,
    cx: &OpContext,
    request: &Request<'_>,
    before: &Rows,
    arrangement: &Arrangement,
) -> Result<Rows> {
    let mut rows = before.clone();
    let (served, b) = (arrangement.served(), &mut rows.booking);
    (b.from_ms, b.to_ms) = (served.from, served.to);
    let day = day_of(request.catalog.tz(), at(served.from));
    if day != b.day {
        b.day = day;
        b.checkin_code = cx.store.booking.codes.draw(tx, before.branch(), day).await?;
    }
    // What the salon moves does not use up the customer's changes.
    b.changes += i32::from(!desk(cx, before));
    let reminders = Reminders::of(&request.catalog.branch.policy, b.from_ms, tx.now_ms());
    (b.remind_at, b.remind_last) = (reminders.next, reminders.last);
    let set = "from_ms = $3, to_ms = $4, day = $5, checkin_code = $6, changes = $7, remind_at = $8, remind_last = $9";
    let values =
        vals![b.from_ms, b.to_ms, b.day, b.checkin_code.as_str(), b.changes, b.remind_at, b.remind_last];
    update(tx, &before.booking, set, values).await?;
    b.version += 1;
    for (item, part) in rows.items.iter_mut().zip(&arrangement.parts) {
        item.staff_id = part.staff.0;
        item.room_id = part.room.map(|room| room.0);
        item.wished = request.who == Some(part.staff);
        (item.from_ms, item.to_ms) = (part.served.from, part.served.to);
    }
    Ok(rows)
}

pub(super) async fn save_items(tx: &Tx, rows: &Rows) -> Result<()> {
    let sql = "UPDATE booking_item SET staff_id = $1, room_id = $2, wished = $3, from_ms = $4, to_ms = $5 WHERE id = $6";
    for item in &rows.items {
        let values = vals![item.staff_id, item.room_id, item.wished, item.from_ms, item.to_ms, item.id];
        tx.run(sql, values).await?;
    }
    Ok(())
}
