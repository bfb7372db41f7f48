//! Booking a free re-check (CARE-1): a short time with somebody of the same qualification, at price zero, by the link of
//! the re-check. The engine is that of every booking.

use super::{
    messages::{reader, tell},
    page::{chosen_day, times},
    plan::{For, Request, wishable},
    reserve::{Found, Race},
    view,
    write::{Origin, Rows, event},
};
use crate::{
    Error, OpContext, Result,
    audit::Entry,
    catalog::Catalog,
    time::{day_of, local_ms, ms},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    CustomerId, Fen, RecheckId, Refusal, ServiceId, StaffId, Text,
    booking::{BookPage, BookingState, BookingView},
    care::BookRecheck,
    notify::Template,
    permission::{Action, Scope},
};

/// What a re-check takes.
pub(crate) struct Taken {
    pub service: ServiceId,
    /// Minutes with the customer.
    pub minutes: u32,
    /// It has to begin before this.
    pub until: DateTime<Utc>,
    pub customer: CustomerId,
}

fn request<'a>(
    cx: &OpContext,
    catalog: &'a Catalog,
    what: &Taken,
    who: Option<StaffId>,
) -> Result<Request<'a>> {
    let desk = cx.may(Action::OverrideBooking, &Scope::branch(catalog.branch.id));
    let whose = if desk { For::Desk } else { For::Customer };
    Request::recheck(catalog, what.service, what.minutes, who, cx.now(), what.until, whose)
}

/// The free times. A wish for somebody who is not here any more is none.
///
/// # Errors
/// `SlotNotOffered` when the service is not done in this branch any more.
pub(crate) async fn recheck_page(
    cx: &OpContext,
    catalog: &Catalog,
    what: &Taken,
    who: Option<StaffId>,
    day: Option<NaiveDate>,
) -> Result<BookPage> {
    let service = catalog.service(what.service).ok_or(Refusal::SlotNotOffered)?;
    let who = who.filter(|id| wishable(catalog, &[service], *id));
    let request = request(cx, catalog, what, who)?;
    let day = chosen_day(&request, day);
    let page = BookPage {
        branch: catalog.branch.info(cx.now()),
        categories: Vec::new(),
        chosen: vec![service.card()],
        people: Vec::new(),
        who,
        days: Vec::new(),
        later: None,
        earlier: None,
        day,
        slots: Vec::new(),
        minutes: what.minutes,
        price: Fen(0),
        max_services: 1,
        moving: None,
    };
    times(cx, &request, page).await
}

/// Books it. `refused` is why it cannot be booked (any more): then only the same key again has an answer.
///
/// # Errors
/// See [`crate::care::book`].
pub(crate) async fn take_recheck(
    cx: &OpContext,
    catalog: &Catalog,
    what: &Taken,
    cmd: &BookRecheck,
    refused: Option<Refusal>,
    id: RecheckId,
) -> Result<BookingView> {
    let answer = match refused {
        Some(refusal) => Err(refusal.into()),
        None => taken(cx, catalog, what, cmd, id).await,
    };
    let rows = match answer {
        Ok(rows) => rows,
        Err(refused) => match Rows::saved_with(cx, &cmd.key, true).await? {
            Some(rows) if same(what, cmd, &rows) => rows,
            Some(_) => return Err(Refusal::KeyReused.into()),
            None => return Err(refused),
        },
    };
    view::booking(cx, catalog, rows).await
}

fn same(what: &Taken, cmd: &BookRecheck, rows: &Rows) -> bool {
    rows.booking.customer_id == Some(what.customer.0)
        && rows.booking.from_ms == ms(cmd.at)
        && rows.items.iter().all(|item| item.service_id == what.service.0)
}

async fn taken(
    cx: &OpContext,
    catalog: &Catalog,
    what: &Taken,
    cmd: &BookRecheck,
    id: RecheckId,
) -> Result<Rows> {
    let request = request(cx, catalog, what, cmd.who)?;
    let mut race = Race::begin(cx, &request, ms(cmd.at)).await;
    loop {
        let found = race.look(cx).await?;
        let answer = once(cx, &race, found, what, cmd, id).await;
        if let Some(rows) = race.judge(cx, answer).await? {
            return Ok(rows);
        }
    }
}

async fn once(
    cx: &OpContext,
    race: &Race<'_>,
    found: Found,
    what: &Taken,
    cmd: &BookRecheck,
    id: RecheckId,
) -> Result<Rows> {
    let catalog = race.request.catalog;
    let tx = cx.begin().await?;
    let arrangement = race.enter(&tx, found).await?;
    let service = catalog.service(what.service).ok_or_else(|| Error::from(Refusal::SlotNotOffered))?;
    let name = Text::new(
        format!("免费复查 · {}", service.name.zh),
        format!("Free re-check · {}", service.name.get(domain::Lang::En)),
    );
    let day = day_of(catalog.tz(), local_ms(catalog.tz(), race.at).utc);
    let origin = Origin {
        state: BookingState::Confirmed,
        channel: "recheck",
        customer: Some(what.customer),
        held_until: None,
        key: Some(&cmd.key),
        checkin_code: cx.store.booking.codes.draw(&tx, catalog.branch.id, day).await?,
        fixed: Some(vec![(name, Fen(0))]),
    };
    let rows = Rows::new(race.request, &arrangement, origin);
    rows.insert(&tx, &arrangement);
    crate::care::booked(&tx, cx, id, rows.id()).await?;
    event(&tx, &cx.actor, rows.booking.id, "confirmed", None, None);
    if let Some(reader) = reader(&tx, &rows).await? {
        tell(&tx, catalog, &rows, &reader, Template::BookingConfirmed)?;
    }
    let booking = Some(rows.booking.id);
    let branch = Some(catalog.branch.id);
    let entry = Entry { action: "booking.recheck", entity: "booking", id: booking, branch, detail: None };
    tx.audit(cx, entry);
    rows.tell(&tx);
    tx.commit().await?;
    Ok(rows)
}
