//! Several sessions booked as one (BOOK-11): all are shown before anything is written, and all or none are booked, moved
//! or cancelled, in one transaction. What is taken is read once, however many sessions there are.

use super::{
    busy::Busy,
    change::{load, save_items, shifted},
    messages::{Reader, reader, say_times},
    plan::{For, Request},
    write::{Origin, Rows, allocate, event, locks, lost, release_expired, update},
};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    customer, idempotency,
    notify::cancel_for_booking,
    sql,
    sql::vals,
    taken,
    time::{at, day_of, instant, local_ms, ms},
    tx::again,
};
use chrono::Duration;
use domain::{
    BookingId, BranchId, CustomerId, Fen, Lang, Refusal, SeriesId, StaffId, Text,
    booking::{
        BookingState, CancelReason, Move,
        series::{
            SeriesBook, SeriesPlace, SeriesPreview, SeriesSession, SeriesShift, SeriesView, SeriesWish,
            SessionPreview,
        },
        slots::{Arrangement, Blocks, nearest},
    },
    desk::WalkInCustomer,
    notify::Template,
    permission::{Action, Scope},
    phone::mask,
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

/// How many other times a preview names for each session.
const NEAREST: usize = 6;
/// How far around the wished day it looks for them.
const AROUND: i64 = 3;
/// How often all are tried again that lost against somebody else.
const TRIES: u32 = 4;

/// All sessions with what stands in their way and the nearest other times; nothing is written.
///
/// # Errors
/// `SignedOut`, `Forbidden`; the fields `services`, `who`, `first` and `sessions`.
pub async fn preview(cx: &OpContext, branch: BranchId, wish: SeriesWish) -> Result<SeriesPreview> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let request = Request::new(&catalog, &wish.services, wish.who, cx.now(), For::Desk)?;
    let (today, horizon) = (catalog.branch.today(cx.now()), request.last_day());
    if wish.first < today {
        return Err(Error::field("first", domain::FieldCode::Past));
    }
    let Some(last) = wish.days().last().filter(|last| *last <= horizon) else {
        return Err(Error::field("sessions", domain::FieldCode::Range));
    };
    let around = Duration::days(AROUND);
    let busy =
        request.busy(cx, wish.first.max(today + around) - around, (last + around).min(horizon)).await?;
    let tz = catalog.tz();
    let session = |day: chrono::NaiveDate| {
        let wished = ms(instant(tz, day, wish.minute));
        let ask = |day| request.ask(day, &busy, |search| search.slots());
        let slots = ask(day);
        let free = slots.iter().any(|slot| slot.free && slot.at == wished);
        let mut near: Vec<i64> = nearest(&slots, wished, NEAREST + 1);
        if near.is_empty() {
            // The days around, the nearer first.
            for n in 1..=AROUND {
                for other in [day + Duration::days(n), day - Duration::days(n)] {
                    if (today..=horizon).contains(&other) {
                        let wished = ms(instant(tz, other, wish.minute));
                        near.extend(nearest(&ask(other), wished, 2));
                    }
                }
            }
        }
        near.retain(|time| *time != wished);
        near.truncate(NEAREST);
        near.sort_unstable();
        let nearest = near.into_iter().map(|time| local_ms(tz, time)).collect();
        SessionPreview { wished: local_ms(tz, wished), free, nearest }
    };
    Ok(SeriesPreview {
        sessions: wish.days().map(session).collect(),
        names: request.services.iter().map(|s| s.name.clone()).collect(),
        minutes: request.blocks.iter().map(Blocks::customer).sum(),
        price: request.services.iter().map(|s| s.price).sum(),
    })
}

/// Books all sessions or none. The same key again gives the same series (BOOK-7).
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for an unknown customer, `SlotTaken` with the times nearest to the first session
/// that cannot be had, `SlotNotOffered`, `OutsideNotice`, `KeyReused`; the fields `services` and `who`.
pub async fn book(cx: &OpContext, branch: BranchId, cmd: SeriesBook) -> Result<SeriesId> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let request = Request::new(&catalog, &cmd.services, cmd.who, cx.now(), For::Desk)?;
    let times: Vec<i64> = cmd.times.iter().map(|time| ms(*time)).collect();
    let mut tries = 0;
    loop {
        match book_once(cx, &request, &cmd, &times).await {
            Err(error) if lost(&error) && tries + 1 < TRIES => tries += 1,
            Err(error) if lost(&error) => return Err(first_taken(cx, &request, &times).await?),
            answer => return answer,
        }
    }
}

/// Whoever lost to the end is told where the first of the times stands.
async fn first_taken(cx: &OpContext, request: &Request<'_>, times: &[i64]) -> Result<Error> {
    match times.first() {
        Some(time) => request.taken(cx.db(), *time).await,
        None => Ok(Refusal::SlotNotOffered.into()),
    }
}

fn mark(cmd: &SeriesBook) -> impl serde::Serialize {
    let phone = match &cmd.customer {
        WalkInCustomer::Known(id) => id.to_string(),
        WalkInCustomer::New { phone, .. } => phone.reveal().to_owned(),
    };
    let times: Vec<i64> = cmd.times.iter().map(|time| ms(*time)).collect();
    (cmd.services.clone(), cmd.who, times, phone)
}

async fn book_once(
    cx: &OpContext,
    request: &Request<'_>,
    cmd: &SeriesBook,
    times: &[i64],
) -> Result<SeriesId> {
    let catalog = request.catalog;
    let tx = cx.begin().await?;
    if let Some(id) = idempotency::seen::<SeriesId>(&tx, "series", &cmd.key, &mark(cmd)).await? {
        // What was seen is lasting only now.
        tx.commit().await?;
        return Ok(id);
    }
    let (arrangements, busy) = arrange(&tx, request, times).await?;
    take(&tx, request, &arrangements, &busy).await?;
    let customer = match &cmd.customer {
        WalkInCustomer::Known(id) => {
            let found = crate::entity::customer::Entity::find_by_id(id.0).one(&tx).await?;
            found.map(|c| CustomerId(c.id)).ok_or(Error::NotFound)?
        }
        WalkInCustomer::New { name, phone } => customer::ensure(&tx, name, phone, Lang::Zh).await?,
    };
    let id = SeriesId::new();
    let sql = "INSERT INTO series (id, branch_id, customer_id, sessions, at, by_user) VALUES ($1, $2, $3, $4, $5, $6)";
    let by = cx.actor.user().map(|user| user.0);
    let values = vals![id.0, catalog.branch.id.0, customer.0, times.len() as i32, tx.now_ms(), by];
    tx.run(sql, values).await?;
    let mut all = Vec::with_capacity(times.len());
    for (n, arrangement) in arrangements.iter().enumerate() {
        let day = day_of(catalog.tz(), at(arrangement.served().from));
        let origin = Origin {
            state: BookingState::Booked,
            channel: "desk",
            customer: Some(customer),
            held_until: None,
            key: None,
            checkin_code: cx.store.booking.codes.draw(&tx, catalog.branch.id, day).await?,
            fixed: None,
        };
        let rows = Rows::new(request, arrangement, origin);
        rows.insert(&tx, arrangement);
        event(&tx, &cx.actor, rows.booking.id, "booked", None, None);
        let sql = "INSERT INTO series_booking (series_id, position, booking_id) VALUES ($1, $2, $3)";
        tx.run(sql, vals![id.0, n as i32 + 1, rows.booking.id]).await?;
        rows.tell(&tx);
        all.push(rows);
    }
    tell(&tx, catalog, &all).await?;
    log(&tx, cx, catalog, id, "series.book", times.len());
    idempotency::answered(&tx, "series", &cmd.key, &id)?;
    tx.commit().await?;
    Ok(id)
}

/// One message for all of them (BOOK-12).
async fn tell(tx: &Tx, catalog: &Catalog, all: &[Rows]) -> Result<()> {
    let Some(first) = all.first() else { return Ok(()) };
    let Some(reader): Option<Reader> = reader(tx, first).await? else { return Ok(()) };
    let times: Vec<i64> = all.iter().map(|rows| rows.booking.from_ms).collect();
    say_times(tx, catalog, first, &reader, &times)
}

fn log(tx: &Tx, cx: &OpContext, catalog: &Catalog, id: SeriesId, action: &str, n: usize) {
    let detail = Some(n.to_string());
    let entry = Entry { action, entity: "series", id: Some(id.0), branch: Some(catalog.branch.id), detail };
    tx.audit(cx, entry);
}

/// A way to serve each time, out of one look at what is taken.
///
/// # Errors
/// Those of the first time that cannot be had.
async fn arrange(tx: &Tx, request: &Request<'_>, times: &[i64]) -> Result<(Vec<Arrangement>, Busy)> {
    for time in times {
        request.check_notice(*time)?;
    }
    let days: Vec<_> = times.iter().map(|time| request.day_of(*time)).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Err(Refusal::SlotNotOffered.into());
    };
    let busy = request.busy_in(tx, *first, *last).await?;
    let mut all = Vec::with_capacity(times.len());
    for (time, day) in times.iter().zip(&days) {
        let (offered, found) = request.ask(*day, &busy, |s| (s.offers(*time), s.arrange(*time)));
        match found {
            Some(arrangement) => all.push(arrangement),
            None if !offered => return Err(Refusal::SlotNotOffered.into()),
            None => return Err(request.taken(tx, *time).await?),
        }
    }
    Ok((all, busy))
}

/// Makes the transaction ready to write them.
async fn take(tx: &Tx, request: &Request<'_>, all: &[Arrangement], busy: &Busy) -> Result<()> {
    tx.lock(all.iter().flat_map(locks)).await?;
    if all.iter().any(|arrangement| busy.in_the_way(arrangement.taken())) {
        release_expired(tx, Some(request.catalog.branch.id)).await?;
    }
    Ok(())
}

/// Where a booking stands in its series; `None`: in none.
pub(super) async fn place<C: ConnectionTrait>(db: &C, booking: Uuid) -> Result<Option<SeriesPlace>> {
    let sql = "SELECT s.id, b.position, s.sessions FROM series_booking b JOIN series s ON s.id = b.series_id \
               WHERE b.booking_id = $1";
    let Some(row) = sql::row(db, sql, vals![booking]).await? else { return Ok(None) };
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    Ok(Some(SeriesPlace {
        id: SeriesId(row.try_get_by_index(0)?),
        position: number(row.try_get_by_index(1)?),
        of: number(row.try_get_by_index(2)?),
    }))
}

#[derive(FromQueryResult)]
struct SessionRow {
    position: i32,
    booking_id: Uuid,
    token: String,
    number: String,
    state: String,
    from_ms: i64,
    price_fen: i64,
    staff_id: Uuid,
}

const SESSIONS: &str = "SELECT m.position, b.id AS booking_id, b.token, b.number, b.state, b.from_ms, b.price_fen, \
                        i.staff_id FROM series_booking m JOIN booking b ON b.id = m.booking_id \
                        JOIN booking_item i ON i.booking_id = b.id AND i.position = 0 \
                        WHERE m.series_id = $1 AND m.position >= $2 ORDER BY m.position";

/// A series as the desk sees it.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`, for another branch's too.
pub async fn view(cx: &OpContext, branch: BranchId, id: SeriesId) -> Result<SeriesView> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let sql = "SELECT c.name, c.phone FROM series s JOIN customer c ON c.id = s.customer_id \
               WHERE s.id = $1 AND s.branch_id = $2";
    let row = sql::row(cx.db(), sql, vals![id.0, branch.0]).await?.ok_or(Error::NotFound)?;
    let sessions: Vec<SessionRow> = sql::all(cx.db(), SESSIONS, vals![id.0, 0]).await?;
    let services = match sessions.first() {
        Some(first) => {
            let rows = Rows::by_id(cx.db(), BookingId(first.booking_id)).await?;
            rows.items.iter().map(|item| Text::new(&*item.name_zh, &*item.name_en)).collect()
        }
        None => Vec::new(),
    };
    let price = Fen(sessions.iter().map(|s| s.price_fen).sum());
    let session = |s: SessionRow| {
        let staff = catalog.person(StaffId(s.staff_id)).map(|p| p.name.clone());
        let state = BookingState::from_code(&s.state);
        Ok(SeriesSession {
            position: u32::try_from(s.position).unwrap_or(0),
            token: s.token,
            number: s.number,
            state: state.ok_or_else(|| Error::internal("unknown state of a booking"))?,
            from: local_ms(catalog.tz(), s.from_ms),
            staff: staff.unwrap_or_default(),
        })
    };
    Ok(SeriesView {
        id,
        name: row.try_get_by_index(0)?,
        phone_masked: row.try_get_by_index::<Option<String>>(1)?.as_deref().map(mask).unwrap_or_default(),
        services,
        sessions: sessions.into_iter().map(session).collect::<Result<_>>()?,
        price,
    })
}

/// The booking of the token and, unless `alone`, the later ones of its series, those that are still to come.
async fn open_from(tx: &Tx, branch: BranchId, token: &str, alone: bool) -> Result<(SeriesPlace, Vec<Rows>)> {
    let first = load(tx, token).await?;
    if first.branch() != branch {
        return Err(Error::NotFound);
    }
    let place = place(tx, first.booking.id).await?.ok_or(Error::NotFound)?;
    if !first.state()?.is_open() {
        return Err(Refusal::WrongState { state: first.booking.state }.into());
    }
    if alone {
        return Ok((place, vec![first]));
    }
    let sessions = sql::all::<SessionRow, _>(tx, SESSIONS, vals![place.id.0, place.position as i32]).await?;
    let open = sessions.iter().filter(|s| matches!(&*s.state, "booked" | "confirmed"));
    let mut all = Rows::by_ids(tx, open.map(|s| s.booking_id)).await?;
    all.sort_by_key(|rows| sessions.iter().position(|s| s.booking_id == rows.booking.id));
    Ok((place, all))
}

/// Moves one session, or it and all later ones by the same shift of the wall clock; all or none. The same key again
/// changes nothing.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`, `WrongState`, `SlotTaken` with the nearest times of the first that cannot be
/// had, `SlotNotOffered`, `OutsideNotice`, `KeyReused`.
pub async fn shift(cx: &OpContext, branch: BranchId, cmd: SeriesShift) -> Result<SeriesId> {
    cx.allow(Action::OverrideBooking, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let mut tries = 0;
    loop {
        match shift_once(cx, &catalog, &cmd).await {
            Err(error) if lost(&error) && tries + 1 < TRIES => tries += 1,
            answer => return answer,
        }
    }
}

async fn shift_once(cx: &OpContext, catalog: &Catalog, cmd: &SeriesShift) -> Result<SeriesId> {
    let tx = cx.begin().await?;
    let asked = (&cmd.token, cmd.day, cmd.minute, cmd.alone);
    if let Some(id) = idempotency::seen::<SeriesId>(&tx, "series.shift", &cmd.key, &asked).await? {
        tx.commit().await?;
        return Ok(id);
    }
    let (place, before) = open_from(&tx, catalog.branch.id, &cmd.token, cmd.alone).await?;
    let tz = catalog.tz();
    let Some(first) = before.first() else { return Err(Error::NotFound) };
    let shift = cmd.day.and_time(chrono::NaiveTime::MIN) + Duration::minutes(i64::from(cmd.minute))
        - local_ms(tz, first.booking.from_ms).wall;
    let times: Vec<i64> = (before.iter())
        .map(|rows| {
            let wall = local_ms(tz, rows.booking.from_ms).wall + shift;
            let minute = chrono::Timelike::hour(&wall) * 60 + chrono::Timelike::minute(&wall);
            ms(instant(tz, wall.date(), minute as i32))
        })
        .collect();
    // Their own times are free for them, and for each other.
    for rows in &before {
        taken::give_back(&tx, rows.id()).await?;
    }
    let mut all = Vec::with_capacity(before.len());
    let request = Request::again(catalog, &first.items, first.wished(), cx.now(), For::Desk)?;
    let (arrangements, busy) = arrange(&tx, &request, &times).await?;
    take(&tx, &request, &arrangements, &busy).await?;
    for (was, arrangement) in before.iter().zip(&arrangements) {
        let rows = shifted(&tx, cx, &request, was, arrangement).await?;
        save_items(&tx, &rows).await?;
        allocate(&tx, &rows, arrangement);
        let staff: Vec<_> = was.items.iter().map(|item| item.staff_id).collect();
        let detail = serde_json::json!({ "from_ms": was.booking.from_ms, "staff": staff });
        event(&tx, &cx.actor, rows.booking.id, "rescheduled", None, Some(detail.to_string()));
        cancel_for_booking(&tx, rows.id()).await?;
        was.tell(&tx);
        rows.tell(&tx);
        all.push(rows);
    }
    tell(&tx, catalog, &all).await?;
    log(&tx, cx, catalog, place.id, "series.shift", all.len());
    idempotency::answered(&tx, "series.shift", &cmd.key, &place.id)?;
    tx.commit().await?;
    Ok(place.id)
}

/// Cancels a session and all later ones of its series for the customer. The rows stay.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`, `WrongState`.
pub async fn cancel_rest(cx: &OpContext, branch: BranchId, token: &str) -> Result<SeriesId> {
    cx.allow(Action::OverrideBooking, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    again!(cancel_once(cx, &catalog, token))
}

async fn cancel_once(cx: &OpContext, catalog: &Catalog, token: &str) -> Result<SeriesId> {
    let tx = cx.begin().await?;
    let (place, all) = open_from(&tx, catalog.branch.id, token, false).await?;
    let reason = CancelReason::PlansChanged.code();
    for rows in &all {
        let next = rows.state()?.after(Move::CancelByCustomer)?;
        update(&tx, &rows.booking, "state = $3, cancel_reason = $4", vals![next.code(), reason]).await?;
        taken::give_back(&tx, rows.id()).await?;
        crate::care::unbooked(&tx, rows.booking.id).await?;
        event(&tx, &cx.actor, rows.booking.id, next.code(), Some(reason.into()), None);
        cancel_for_booking(&tx, rows.id()).await?;
        if let Some(reader) = reader(&tx, rows).await? {
            super::messages::tell(&tx, catalog, rows, &reader, Template::BookingCancelled)?;
        }
        rows.tell(&tx);
    }
    log(&tx, cx, catalog, place.id, "series.cancel", all.len());
    tx.commit().await?;
    Ok(place.id)
}
