//! Checking oneself in (DESK-7): by the code at the door, or by the link of one's booking.

use super::{check_in, link::branch_of, today::Today, walk_in};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    rate::{Limit, count},
    sql,
    sql::vals,
    time::{day_of, ms},
    token,
    tx::again,
};
use domain::{
    BookingId, CustomerId, FieldCode, Refusal,
    desk::{
        TicketView, VisitState, WalkIn, WalkInCustomer,
        arrive::{Arrive, ArriveView, LinkKind},
    },
    permission::{Action, Scope},
};
use sea_orm::FromQueryResult;
use std::sync::Arc;
use uuid::Uuid;

/// Tries from one address in ten minutes; a whole house may be behind one, on its own network.
const PER_ADDRESS: Limit = Limit::per_minutes(30, 10);
/// Tries with one phone's end, or tickets for one phone, in an hour.
const PER_PHONE: Limit = Limit::per_minutes(5, 60);
/// Minutes before the booked time from which "I am here" is taken from the booking's own link.
const EARLY_MS: i64 = 60 * 60_000;

async fn house(cx: &OpContext, slug: &str, link: &str) -> Result<Arc<Catalog>> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = branch_of(cx, LinkKind::Arrive, link).await?;
    if catalog.branch.slug == slug { Ok(catalog) } else { Err(Error::NotFound) }
}

/// The page behind the code at the door.
///
/// # Errors
/// `NotFound` for a code that is none, or was changed.
pub async fn arrive_page(cx: &OpContext, slug: &str, link: &str) -> Result<ArriveView> {
    let catalog = house(cx, slug, link).await?;
    let today = Today::load(cx.db(), catalog.clone(), cx.now()).await?;
    let waiting = today.visits.iter().filter(|v| v.is(VisitState::Waiting)).count();
    Ok(ArriveView {
        branch: catalog.branch.info(cx.now()),
        categories: catalog.menu(true),
        waiting: u32::try_from(waiting).unwrap_or(0),
    })
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
    state: String,
}

/// Checks a booking of today in by the end of the phone number and the booking's code. Says the same for a wrong number
/// and a wrong code.
///
/// # Errors
/// `Invalid` on `number`, `AlreadyArrived`, `TooMany`, `NotFound` for a door code that is none.
pub async fn arrive(cx: &OpContext, slug: &str, link: &str, arrive: Arrive) -> Result<TicketView> {
    let catalog = house(cx, slug, link).await?;
    let branch = catalog.branch.id;
    let phone = format!("{branch}:{}", arrive.tail);
    count(cx, &[("arrive.addr", &cx.addr, PER_ADDRESS), ("arrive.phone", &phone, PER_PHONE)]).await?;
    let day = day_of(catalog.tz(), cx.now());
    let sql = "SELECT b.id, b.state FROM booking b JOIN customer c ON c.id = b.customer_id \
               WHERE b.branch_id = $1 AND b.day = $2 AND c.phone_tail = $3 AND b.checkin_code = $4 \
               AND b.state IN ('booked', 'confirmed', 'no_show', 'arrived', 'in_service') ORDER BY b.from_ms LIMIT 5";
    let found: Vec<Found> = sql::all(cx.db(), sql, vals![branch.0, day, arrive.tail, arrive.number]).await?;
    let open = found.iter().find(|b| matches!(b.state.as_str(), "booked" | "confirmed" | "no_show"));
    match (open, found.is_empty()) {
        (Some(booking), _) => check_in::by_customer(cx, BookingId(booking.id)).await,
        (None, false) => Err(Refusal::AlreadyArrived.into()),
        (None, true) => Err(Error::field("number", FieldCode::Choice)),
    }
}

#[derive(FromQueryResult)]
struct Linked {
    id: Uuid,
    from_ms: i64,
}

/// "I am here", by the booking's own link, from an hour before its time on.
///
/// # Errors
/// `NotFound`, `OutsideNotice` too early, `AlreadyArrived`, `WrongState` on another day or when cancelled, `TooMany`.
pub async fn arrive_by_link(cx: &OpContext, link: &str) -> Result<TicketView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    count(cx, &[("arrive.addr", &cx.addr, PER_ADDRESS)]).await?;
    let sql = "SELECT id, from_ms FROM booking WHERE token_hash = $1";
    let booking: Linked = sql::one(cx.db(), sql, vals![token::hash(link)]).await?.ok_or(Error::NotFound)?;
    if ms(cx.now()) < booking.from_ms - EARLY_MS {
        return Err(Refusal::OutsideNotice.into());
    }
    check_in::by_customer(cx, BookingId(booking.id)).await
}

/// Somebody without a booking takes a ticket on the own phone. A number that is known stays that customer's, the name
/// too: nobody has proved here to own it.
///
/// # Errors
/// As [`super::walk_in`]; `AlreadyArrived` while that number waits or is served, `TooMany`, `NotFound`.
pub async fn take_ticket(cx: &OpContext, slug: &str, link: &str, mut ticket: WalkIn) -> Result<TicketView> {
    let catalog = house(cx, slug, link).await?;
    let (branch, day) = (catalog.branch.id, day_of(catalog.tz(), cx.now()));
    if !catalog.branch.info(cx.now()).open_now {
        return Err(Refusal::SlotNotOffered.into());
    }
    let WalkInCustomer::New { phone, .. } = &ticket.customer else { return Err(Error::NotFound) };
    let offered = |id| catalog.service(id).is_some_and(|s| s.online && !s.retired);
    if !ticket.services.iter().all(|id| offered(*id)) {
        return Err(Error::field("services", FieldCode::Choice));
    }
    if let Some(seen) = walk_in::answered(cx, branch, &ticket).await? {
        return Ok(seen);
    }
    let keys = [("arrive.addr", cx.addr.as_str(), PER_ADDRESS), ("arrive.ticket", phone.reveal(), PER_PHONE)];
    count(cx, &keys).await?;
    let row = sql::row(cx.db(), "SELECT id FROM customer WHERE phone = $1", vals![phone.reveal()]).await?;
    if let Some(row) = row {
        let id: Uuid = row.try_get_by_index(0)?;
        let sql = "SELECT 1 FROM visit WHERE customer_id = $1 AND branch_id = $2 AND day IN ($3, $4) \
                   AND state IN ('waiting', 'assigned', 'in_service') LIMIT 1";
        if sql::row(cx.db(), sql, vals![id, branch.0, day, day - 1]).await?.is_some() {
            return Err(Refusal::AlreadyArrived.into());
        }
        ticket.customer = WalkInCustomer::Known(CustomerId(id));
    }
    again!(walk_in::once(cx, branch, &ticket))
}
