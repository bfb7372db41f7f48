//! What the one who waits answers to an offer.

use super::{
    super::{
        messages::{reader, tell},
        write::{Rows, event as booking_event, update},
    },
    Entry, event,
};
use crate::{Error, OpContext, Result, Tx, audit::Entry as Audit, sql::vals, taken, time::ms, tx::again};
use domain::{
    Actor, BookingId, BranchId, CustomerId, Refusal,
    booking::{
        BookingState, Move,
        remind::Reminders,
        waitlist::{WaitMove, WaitState},
    },
    notify::Template,
    permission::{Action, Scope},
};
use uuid::Uuid;

/// For whom the holder of the link acts.
fn owner(cx: &OpContext, entry: &Entry) -> Actor {
    match (&cx.actor, entry.customer_id) {
        (Actor::Stranger | Actor::Customer { .. }, Some(id)) => Actor::Customer { id: CustomerId(id) },
        (actor, _) => actor.clone(),
    }
}

/// Takes what is offered: the time that was kept is booked, at the price of the offer (BOOK-8). Gives the booking's
/// token; accepting twice is accepting once.
///
/// # Errors
/// `NotFound`, `HoldExpired` when it came too late, `WrongState` when nothing is offered.
pub async fn accept(cx: &OpContext, link: &str) -> Result<String> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let mut tries = 0;
    loop {
        match accept_once(cx, link).await {
            // The job or a second tap was faster: look again what it is now.
            Err(Error::Refused(Refusal::Stale)) if tries < 2 => tries += 1,
            Err(error) if error.is_conflict() && tries < 2 => tries += 1,
            answer => return answer,
        }
    }
}

async fn accept_once(cx: &OpContext, link: &str) -> Result<String> {
    let tx = cx.begin().await?;
    let mut entry = Entry::by_token(&tx, link).await?;
    let rows = match entry.booking_id {
        Some(id) => Some(Rows::by_id(&tx, BookingId(id)).await?),
        None => None,
    };
    if let (WaitState::Accepted, Some(rows)) = (entry.state()?, &rows) {
        let token = rows.booking.token.clone();
        // What was read is lasting only now.
        tx.commit().await?;
        return Ok(token);
    }
    // Passed on to the next one already.
    if entry.state()? == WaitState::Waiting && entry.misses > 0 {
        return Err(Refusal::HoldExpired.into());
    }
    let (Some(rows), Some(customer)) = (rows, entry.customer_id) else {
        return Err(Refusal::WrongState { state: entry.state }.into());
    };
    entry.state()?.after(WaitMove::Accept)?;
    if entry.is_late(tx.now_ms()) || rows.state()? != BookingState::Held {
        return Err(Refusal::HoldExpired.into());
    }
    let rows = booked(&tx, cx, rows, &owner(cx, &entry)).await?;
    entry.step(&tx, WaitMove::Accept, "offered_until = NULL", vals![]).await?;
    let time = (rows.booking.from_ms, rows.booking.to_ms);
    event(&tx, &owner(cx, &entry), entry.id, "accepted", Some(time));
    let audit = Audit {
        action: "waitlist.accept",
        entity: "booking",
        id: Some(rows.booking.id),
        branch: Some(rows.branch()),
        detail: None,
    };
    match cx.actor {
        Actor::Stranger => tx.audit_as("customer", Some(customer), audit),
        _ => tx.audit(cx, audit),
    }
    rows.tell(&tx);
    tx.commit().await?;
    Ok(rows.booking.token)
}

/// The held time as a booking that the customer has confirmed.
async fn booked(tx: &Tx, cx: &OpContext, mut rows: Rows, actor: &Actor) -> Result<Rows> {
    let catalog = cx.store.catalog(rows.branch()).await?;
    let next = rows.state()?.after(Move::Confirm)?;
    let code = cx.store.booking.codes.draw(tx, rows.branch(), rows.booking.day).await?;
    let reminders = Reminders::of(&catalog.branch.policy, rows.booking.from_ms, tx.now_ms());
    let set = "state = $3, checkin_code = $4, held_until = NULL, remind_at = $5, remind_last = $6";
    let values = vals![next.code(), code.as_str(), reminders.next, reminders.last];
    update(tx, &rows.booking, set, values).await?;
    tx.takes(taken::by_booking(tx, rows.id()).await?);
    let b = &mut rows.booking;
    (b.state, b.checkin_code, b.held_until) = (next.code().into(), code, None);
    (b.remind_at, b.remind_last) = (reminders.next, reminders.last);
    b.version += 1;
    booking_event(tx, actor, rows.booking.id, "confirmed", None, None);
    if let Some(reader) = reader(tx, &rows).await? {
        tell(tx, &catalog, &rows, &reader, Template::BookingConfirmed)?;
    }
    Ok(rows)
}

/// Does not want what is offered, and goes on waiting; the next one is asked at once. One that is over is fine.
///
/// # Errors
/// `NotFound`.
pub async fn decline(cx: &OpContext, link: &str) -> Result<()> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    again!(decline_once(cx, link))
}

async fn decline_once(cx: &OpContext, link: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let mut entry = Entry::by_token(&tx, link).await?;
    if entry.state()? != WaitState::Offered {
        return tx.commit().await;
    }
    let time = give_back(&tx, &cx.actor, entry.booking_id).await?;
    entry.step(&tx, WaitMove::Decline, "booking_id = NULL, offered_until = NULL", vals![]).await?;
    event(&tx, &owner(cx, &entry), entry.id, "declined", time);
    entry.tell(&tx);
    tx.commit().await
}

/// Takes an entry off the list: the customer by the link, or the desk. Leaving twice is leaving once.
///
/// # Errors
/// `NotFound`, `WrongState` when something has come of it.
pub async fn leave(cx: &OpContext, link: &str) -> Result<()> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    again!(leave_once(cx, link))
}

/// The desk takes an entry of its branch off the list.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for another branch's, `WrongState` when something has come of it.
pub async fn remove(cx: &OpContext, branch: BranchId, link: &str) -> Result<()> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    if Entry::by_token(cx.db(), link).await?.branch_id != branch.0 {
        return Err(Error::NotFound);
    }
    again!(leave_once(cx, link))
}

async fn leave_once(cx: &OpContext, link: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let mut entry = Entry::by_token(&tx, link).await?;
    if entry.state()? == WaitState::Left {
        return tx.commit().await;
    }
    let time = match entry.state()? {
        WaitState::Offered => give_back(&tx, &cx.actor, entry.booking_id).await?,
        _ => None,
    };
    let set = "booking_id = NULL, offered_until = NULL, contact_name = NULL, contact_phone = NULL";
    entry.step(&tx, WaitMove::Leave, set, vals![]).await?;
    event(&tx, &owner(cx, &entry), entry.id, "left", time);
    let audit = Audit {
        action: "waitlist.leave",
        entity: "waitlist",
        id: Some(entry.id),
        branch: Some(BranchId(entry.branch_id)),
        detail: None,
    };
    tx.audit(cx, audit);
    entry.tell(&tx);
    tx.commit().await
}

/// Frees the time that was offered, unless that has happened; gives which it was.
pub(super) async fn give_back(tx: &Tx, actor: &Actor, booking: Option<Uuid>) -> Result<Option<(i64, i64)>> {
    let Some(id) = booking else { return Ok(None) };
    let rows = Rows::by_id(tx, BookingId(id)).await?;
    if rows.state()? == BookingState::Held {
        let next = rows.state()?.after(Move::Expire)?;
        update(tx, &rows.booking, "state = $3", vals![next.code()]).await?;
        taken::give_back(tx, BookingId(id)).await?;
        let kind = if rows.booking.held_until.is_some_and(|until| until <= ms(tx.now())) {
            "expired"
        } else {
            "released"
        };
        booking_event(tx, actor, id, kind, None, None);
    }
    Ok(Some((rows.booking.from_ms, rows.booking.to_ms)))
}
