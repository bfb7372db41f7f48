//! A held time becomes a booking (BOOK-14), or the desk enters one.

use super::{
    hold::{TRIES, catalog_of},
    messages::{Reader, reader, tell},
    plan::{For, Request},
    reserve::{Found, Race, known},
    view::{self, precautions},
    write::{Origin, Rows, event, update},
};
use crate::{
    Error, OpContext, Result, Tx,
    account::{self, NewSession},
    audit::Entry,
    catalog::Catalog,
    customer, idempotency,
    sql::vals,
    taken,
    time::{at, day_of, local_ms, ms},
};
use chrono::{Duration, NaiveDate};
use domain::{
    BookingId, BranchId, CustomerId, Fen, Lang, Refusal, Text,
    booking::{Book, BookingState, BookingView, Enter, Move, remind::Reminders},
    desk::WalkInCustomer,
    notify::Template,
    permission::{Action, Scope},
};

/// How long after a hold has run out its time is still tried for (BOOK-5).
const LATE: Duration = Duration::minutes(30);

/// A booking's link and the customer's session.
type Booked = (Rows, NewSession);

/// Turns a hold into a booking, once the phone's code is right, and signs the customer in. A hold that has just run out
/// is booked all the same while its time is free. The same key again gives the same booking (BOOK-7).
///
/// # Errors
/// `NotFound`, `CodeWrong`, `CodeExpired`, `HoldExpired`, `SlotTaken` with the nearest free times, `WrongState` when it
/// has been booked already, `KeyReused`.
pub async fn book(cx: &OpContext, cmd: Book) -> Result<(BookingView, NewSession)> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let (rows, session) = match booked(cx, &cmd).await {
        Ok(done) => done,
        Err(refused) => match known::<String>(cx, "book", &cmd.key, &mark(&cmd)).await? {
            Some(token) => done_before(cx, &token).await?,
            None => return Err(refused),
        },
    };
    let catalog = catalog_of(cx, &rows).await?;
    Ok((view::booking(cx, &catalog, rows).await?, session))
}

/// What makes two requests the same.
fn mark(cmd: &Book) -> (&str, &str, &str, &str) {
    (&cmd.contact.hold, &cmd.contact.name, cmd.contact.phone.reveal(), &cmd.code)
}

/// C-10: the answer was lost; whoever asks with the same key, phone and code is the one who booked.
async fn done_before(cx: &OpContext, token: &str) -> Result<Booked> {
    let tx = cx.begin().await?;
    let rows = Rows::by_token(&tx, token).await?;
    let customer = rows.booking.customer_id.ok_or(Error::NotFound)?;
    let session = account::new_customer_session(&tx, cx, CustomerId(customer));
    tx.commit().await?;
    Ok((rows, session))
}

async fn booked(cx: &OpContext, cmd: &Book) -> Result<Booked> {
    let mut tries = 0;
    loop {
        let rows = Rows::by_token(cx.db(), &cmd.contact.hold).await?;
        let answer = match rows.state()? {
            BookingState::Held => confirm(cx, cmd, &rows).await,
            BookingState::Expired => return book_again(cx, cmd, &rows).await,
            state => return Err(Refusal::WrongState { state: state.code().to_owned() }.into()),
        };
        match answer {
            // Released or booked since it was read: look what it is now.
            Err(Error::Refused(Refusal::Stale)) if tries < TRIES => tries += 1,
            Err(error) if error.is_conflict() && tries < TRIES => tries += 1,
            answer => return answer,
        }
    }
}

/// The phone's code is right, or the transaction is over; a wrong try counts whatever else happens (C-37).
async fn check_code(cx: &OpContext, tx: Tx, cmd: &Book) -> Result<Tx> {
    match account::check_code(&tx, &cx.store, &cmd.contact.phone, &cmd.code).await? {
        Ok(()) => Ok(tx),
        Err(refusal) => {
            tx.commit().await?;
            Err(refusal.into())
        }
    }
}

async fn confirm(cx: &OpContext, cmd: &Book, held: &Rows) -> Result<Booked> {
    let catalog = catalog_of(cx, held).await?;
    let next = held.state()?.after(Move::Confirm)?;
    let mut rows = held.clone();
    let b = &mut rows.booking;
    // Read before the transaction, which others wait for; whoever changes the booking meanwhile is seen by its version.
    b.checkin_code = cx.store.booking.codes.draw(cx.db(), BranchId(b.branch_id), b.day).await?;
    let taken = taken::by_booking(cx.db(), held.id()).await?;
    let tx = check_code(cx, cx.begin().await?, cmd).await?;
    mark_key(&tx, cmd).await?;
    let customer = customer::ensure(&tx, &cmd.contact.name, &cmd.contact.phone, cx.lang).await?;
    (b.state, b.customer_id, b.held_until) = (next.code().into(), Some(customer.0), None);
    let reminders = Reminders::of(&catalog.branch.policy, b.from_ms, tx.now_ms());
    (b.remind_at, b.remind_last) = (reminders.next, reminders.last);
    let set = "state = $3, customer_id = $4, checkin_code = $5, held_until = NULL, contact_name = NULL, \
               contact_phone = NULL, remind_at = $6, remind_last = $7";
    let code = b.checkin_code.as_str();
    let values = vals![next.code(), customer.0, code, b.remind_at, b.remind_last];
    update(&tx, &held.booking, set, values).await?;
    b.version += 1;
    tx.takes(taken);
    finish(cx, tx, &catalog, rows, customer, cmd).await
}

/// Marks the key. One that was used before has its answer: whoever got here has used a second code with it.
async fn mark_key(tx: &Tx, cmd: &Book) -> Result<()> {
    match idempotency::seen::<String>(tx, "book", &cmd.key, &mark(cmd)).await? {
        None => Ok(()),
        Some(_) => Err(Refusal::KeyReused.into()),
    }
}

/// What follows once the rows are saved.
async fn finish(
    cx: &OpContext,
    tx: Tx,
    catalog: &Catalog,
    rows: Rows,
    customer: CustomerId,
    cmd: &Book,
) -> Result<Booked> {
    let actor = domain::Actor::Customer { id: customer };
    event(&tx, &actor, rows.booking.id, "confirmed", None, None);
    let reader = Reader {
        customer,
        phone: cmd.contact.phone.reveal().to_owned(),
        name: cmd.contact.name.clone(),
        lang: cx.lang,
    };
    tell(&tx, catalog, &rows, &reader, Template::BookingConfirmed)?;
    let session = account::new_customer_session(&tx, cx, customer);
    let id = Some(rows.booking.id);
    let entry =
        Entry { action: "booking.book", entity: "booking", id, branch: Some(rows.branch()), detail: None };
    tx.audit_as("customer", Some(customer.0), entry);
    idempotency::answered(&tx, "book", &cmd.key, &rows.booking.token)?;
    rows.tell(&tx);
    tx.commit().await?;
    Ok((rows, session))
}

/// The hold has run out and was released: a new booking, if the time is still free, at the price that was held.
async fn book_again(cx: &OpContext, cmd: &Book, held: &Rows) -> Result<Booked> {
    let ran_out = held.booking.held_until.map_or(cx.now(), at);
    if cx.now() - ran_out > LATE {
        return Err(Refusal::HoldExpired.into());
    }
    let catalog = catalog_of(cx, held).await?;
    let request = Request::again(&catalog, &held.items, held.wished(), cx.now(), For::Customer)?;
    let request = request.asked_at(at(held.booking.created_at));
    let mut race = Race::begin(cx, &request, held.booking.from_ms).await;
    loop {
        let found = race.look(cx).await?;
        let answer = book_again_once(cx, &race, found, cmd, held).await;
        if let Some(done) = race.judge(cx, answer).await? {
            return Ok(done);
        }
    }
}

async fn book_again_once(
    cx: &OpContext,
    race: &Race<'_>,
    found: Found,
    cmd: &Book,
    held: &Rows,
) -> Result<Booked> {
    let catalog = race.request.catalog;
    let tx = check_code(cx, cx.begin().await?, cmd).await?;
    mark_key(&tx, cmd).await?;
    let arrangement = race.enter(&tx, found).await?;
    let customer = customer::ensure(&tx, &cmd.contact.name, &cmd.contact.phone, cx.lang).await?;
    let fixed =
        held.items.iter().map(|item| (Text::new(&*item.name_zh, &*item.name_en), Fen(item.price_fen)));
    let origin = Origin {
        state: BookingState::Confirmed,
        channel: "online",
        customer: Some(customer),
        held_until: None,
        key: None,
        checkin_code: cx.store.booking.codes.draw(&tx, held.branch(), held.booking.day).await?,
        fixed: Some(fixed.collect()),
    };
    let rows = Rows::new(race.request, &arrangement, origin);
    rows.insert(&tx, &arrangement);
    finish(cx, tx, catalog, rows, customer, cmd).await
}

/// The desk books for a customer who calls or stands there: at short notice too, and what is not online. Booked, not
/// yet confirmed by the customer. The same key again gives the same booking (BOOK-7).
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for an unknown customer, `SlotTaken` with the nearest free times,
/// `SlotNotOffered`, `OutsideNotice`, `KeyReused`; the fields `services` and `who`.
pub async fn enter(cx: &OpContext, branch: BranchId, cmd: Enter) -> Result<BookingView> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let rows = entered_once(cx, &catalog, &cmd).await?;
    view::booking(cx, &catalog, rows).await
}

/// As [`enter`], for who only goes on to the booking's day.
///
/// # Errors
/// As [`enter`].
pub async fn enter_day(cx: &OpContext, branch: BranchId, cmd: Enter) -> Result<NaiveDate> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let rows = entered_once(cx, &catalog, &cmd).await?;
    Ok(local_ms(catalog.tz(), rows.booking.from_ms).date())
}

/// As [`enter`], for verbs that have authorised by a rule of their own: the next visit agreed at the chair (TREAT-6).
///
/// # Errors
/// As [`enter`].
pub(crate) async fn enter_for(cx: &OpContext, branch: BranchId, cmd: Enter) -> Result<BookingId> {
    let catalog = cx.store.catalog(branch).await?;
    Ok(entered_once(cx, &catalog, &cmd).await?.id())
}

async fn entered_once(cx: &OpContext, catalog: &Catalog, cmd: &Enter) -> Result<Rows> {
    match entered(cx, catalog, cmd).await {
        Ok(rows) => Ok(rows),
        Err(refused) => match Rows::saved_with(cx, &cmd.key, true).await? {
            Some(rows) if same(catalog, cmd, &rows) => Ok(rows),
            Some(_) => Err(Refusal::KeyReused.into()),
            None => Err(refused),
        },
    }
}

fn same(catalog: &Catalog, cmd: &Enter, rows: &Rows) -> bool {
    let ids: Vec<_> = rows.items.iter().map(|item| domain::ServiceId(item.service_id)).collect();
    let customer = match &cmd.customer {
        WalkInCustomer::Known(id) => rows.booking.customer_id == Some(id.0),
        WalkInCustomer::New { .. } => rows.booking.customer_id.is_some(),
    };
    customer
        && rows.booking.branch_id == catalog.branch.id.0
        && ids == cmd.services
        && rows.wished() == cmd.who
        && rows.booking.from_ms == ms(cmd.at)
}

async fn entered(cx: &OpContext, catalog: &Catalog, cmd: &Enter) -> Result<Rows> {
    let request = Request::new(catalog, &cmd.services, cmd.who, cx.now(), For::Desk)?;
    let mut race = Race::begin(cx, &request, ms(cmd.at)).await;
    loop {
        let found = race.look(cx).await?;
        let answer = enter_once(cx, &race, found, cmd).await;
        if let Some(rows) = race.judge(cx, answer).await? {
            return Ok(rows);
        }
    }
}

/// What was noted, as a history's detail keeps it.
fn noted(note: Option<&str>) -> Option<String> {
    note.map(|note| serde_json::json!({ "note": note }).to_string())
}

async fn enter_once(cx: &OpContext, race: &Race<'_>, found: Found, cmd: &Enter) -> Result<Rows> {
    let catalog = race.request.catalog;
    let code = cx.store.booking.codes.draw(cx.db(), catalog.branch.id, day_of(catalog.tz(), cmd.at)).await?;
    let known = match &cmd.customer {
        WalkInCustomer::Known(id) => Some(cx.store.customers.find(id.0).await?.ok_or(Error::NotFound)?),
        WalkInCustomer::New { .. } => None,
    };
    let tx = cx.begin().await?;
    let arrangement = race.enter(&tx, found).await?;
    let customer = match &cmd.customer {
        WalkInCustomer::Known(id) => *id,
        WalkInCustomer::New { name, phone } => customer::ensure(&tx, name, phone, Lang::Zh).await?,
    };
    let origin = Origin {
        state: BookingState::Booked,
        channel: "phone",
        customer: Some(customer),
        held_until: None,
        key: Some(&cmd.key),
        checkin_code: code,
        fixed: None,
    };
    let rows = Rows::new(race.request, &arrangement, origin);
    rows.insert(&tx, &arrangement);
    event(&tx, &cx.actor, rows.booking.id, "booked", None, noted(cmd.note.as_deref()));
    if cmd.told {
        // BOOK-12: what was told by word of mouth.
        let early = view::arrive_early(catalog, &rows);
        let told =
            serde_json::json!({ "arrive_early": early, "precautions": precautions(catalog, &rows).len() });
        event(&tx, &cx.actor, rows.booking.id, "told", None, Some(told.to_string()));
    }
    let reader = match known {
        Some(customer) => Reader::of(customer),
        None => reader(&tx, &rows).await?,
    };
    if let Some(reader) = reader {
        tell(&tx, catalog, &rows, &reader, Template::BookingConfirmed)?;
    }
    let id = Some(rows.booking.id);
    let entry = Entry {
        action: "booking.enter",
        entity: "booking",
        id,
        branch: Some(catalog.branch.id),
        detail: None,
    };
    tx.audit(cx, entry);
    rows.tell(&tx);
    tx.commit().await?;
    Ok(rows)
}
