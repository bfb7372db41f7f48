//! The live board (DESK-1): ten statements and the catalogue, whatever the day's size.

use super::{
    band, call,
    capable::capable,
    handover,
    line::{InLine, line, turns},
    people::colleagues,
    question,
    rows::{customer_minutes, is_open, name},
    today::{Today, VisitRow},
};
use crate::{
    OpContext, Result, sql,
    sql::vals,
    time::{at, ms},
};
use chrono::Duration;
use domain::{
    BookingId, BranchId, CustomerId, ServiceId, StaffId, Text, VisitId, VisitServiceId,
    booking::BookingState,
    desk::{
        Alerts, Area, Board, BreachReason, DayCount, DoneCard, ExpectedCard, ServingCard, VisitState,
        WAIT_LIMIT, WaitTone, WaitingCard, Wish, call::CallLine,
    },
    permission::{Action, Scope},
    phone::mask,
    promise::on_time,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Bookings further ahead than this are only counted.
const AHEAD_MS: i64 = 2 * 60 * 60_000;

/// The board of the branch's day.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn board(cx: &OpContext, branch: BranchId) -> Result<Board> {
    cx.allow(Action::SeeBoard, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let today = Today::load(cx.db(), catalog, cx.now()).await?;
    let bookings = bookings(cx.db(), &today).await?;
    let items = booked_items(cx.db(), &today).await?;
    let phones = cx.may(Action::SeePhone, &Scope::branch(branch));
    let card = |b: &BookingRow| expected_card(&today, b, &items, phones);

    let now = ms(today.now);
    let open = |b: &&BookingRow| b.state().is_some_and(BookingState::is_open);
    let expected = bookings.iter().filter(open).filter(|b| b.from_ms <= now + AHEAD_MS).map(card).collect();
    let later = bookings.iter().filter(open).filter(|b| b.from_ms > now + AHEAD_MS).count();
    let missed = bookings.iter().filter(|b| b.state() == Some(BookingState::NoShow)).map(card).collect();
    let keeps = cx.may(Action::KeepDesk, &Scope::branch(branch));
    let mut callbacks =
        if keeps { call::due(cx.db(), &today.catalog, now, phones).await? } else { Vec::new() };
    let alerts = alerts(cx.db(), branch, now, &callbacks).await?;
    callbacks.truncate(CALLBACKS);
    let turns = turns(&today);
    let waiting = line(&today).into_iter().map(|one| waiting_card(&today, &one)).collect();
    Ok(Board {
        branch: today.catalog.branch.info(today.now),
        now: today.local(now),
        expected,
        later: count(later),
        waiting,
        serving: serving(&today),
        done: done(&today),
        missed,
        rooms_free: rooms_free(&today),
        count: day_count(&today, &bookings),
        turns,
        questions: question::open(cx.db(), branch, today.catalog.tz(), now).await?,
        colleagues: colleagues(cx.db(), branch).await?,
        alerts,
        callbacks,
        areas: areas(&today),
    })
}

/// Callbacks shown on the board itself; the others are in the phone log.
const CALLBACKS: usize = 3;

/// What else is overdue, from the callbacks to be made.
async fn alerts<C: ConnectionTrait>(db: &C, branch: BranchId, now: i64, due: &[CallLine]) -> Result<Alerts> {
    let (bands, bands_over) = band::counts(db, branch.0, now).await?;
    let late = |line: &&CallLine| line.due.as_ref().is_some_and(|due| ms(due.utc) < now);
    Ok(Alerts {
        callbacks: count(due.len()),
        callbacks_over: count(due.iter().filter(late).count()),
        bands,
        bands_over,
        handover: handover::waits(db, branch.0).await?,
    })
}

/// The kinds of rooms the house has, named after the first room of each without its number.
fn areas(today: &Today) -> Vec<Area> {
    let bare = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned();
    let mut out: Vec<Area> = Vec::new();
    for room in today.catalog.rooms.iter().filter(|room| room.active) {
        if !out.iter().any(|area| area.code == room.type_code) {
            let name = Text::new(bare(&room.name.zh), bare(&room.name.en));
            out.push(Area { code: room.type_code.clone(), name });
        }
    }
    out
}

/// The kind of room that a service needs.
fn area_of(today: &Today, service: Uuid) -> Option<String> {
    today.catalog.service(ServiceId(service)).and_then(|s| s.room_type.clone())
}

#[derive(FromQueryResult)]
struct BookingRow {
    id: Uuid,
    state: String,
    from_ms: i64,
    customer_id: Uuid,
    name: String,
    phone: Option<String>,
    level: Option<String>,
    care: Option<String>,
    no_shows: i64,
    first_visit: bool,
}

impl BookingRow {
    fn state(&self) -> Option<BookingState> {
        BookingState::from_code(&self.state)
    }
}

async fn bookings<C: ConnectionTrait>(db: &C, today: &Today) -> Result<Vec<BookingRow>> {
    let sql = "SELECT b.id, b.state, b.from_ms, b.customer_id, c.name, c.phone, c.level, c.care, \
               (SELECT COUNT(*) FROM booking n WHERE n.customer_id = c.id AND n.state = 'no_show' AND n.id <> b.id) \
               AS no_shows, \
               NOT EXISTS (SELECT 1 FROM visit p WHERE p.customer_id = c.id AND p.state = 'done') AS first_visit \
               FROM booking b JOIN customer c ON c.id = b.customer_id \
               WHERE b.branch_id = $1 AND b.day = $2 AND b.state NOT IN ('held', 'expired') ORDER BY b.from_ms, b.id";
    sql::all(db, sql, vals![today.catalog.branch.id.0, today.day]).await
}

#[derive(FromQueryResult)]
struct ItemRow {
    booking_id: Uuid,
    name_zh: String,
    name_en: String,
    staff_id: Uuid,
    service_id: Uuid,
}

async fn booked_items<C: ConnectionTrait>(db: &C, today: &Today) -> Result<HashMap<Uuid, Vec<ItemRow>>> {
    let sql = "SELECT i.booking_id, i.name_zh, i.name_en, i.staff_id, i.service_id FROM booking b \
               JOIN booking_item i ON i.booking_id = b.id \
               WHERE b.branch_id = $1 AND b.day = $2 AND b.state IN ('booked', 'confirmed', 'no_show') \
               ORDER BY i.booking_id, i.position";
    let rows: Vec<ItemRow> = sql::all(db, sql, vals![today.catalog.branch.id.0, today.day]).await?;
    let mut items: HashMap<Uuid, Vec<ItemRow>> = HashMap::new();
    for row in rows {
        items.entry(row.booking_id).or_default().push(row);
    }
    Ok(items)
}

fn expected_card(
    today: &Today,
    b: &BookingRow,
    items: &HashMap<Uuid, Vec<ItemRow>>,
    phones: bool,
) -> ExpectedCard {
    let items = items.get(&b.id).map_or(&[][..], Vec::as_slice);
    let late = (ms(today.now) - b.from_ms) / 60_000;
    let phone = b.phone.clone().unwrap_or_default();
    ExpectedCard {
        booking: BookingId(b.id),
        state: b.state().unwrap_or(BookingState::Booked),
        at: today.local(b.from_ms),
        customer: CustomerId(b.customer_id),
        name: b.name.clone(),
        tags: crate::customer::tags(b.level.as_deref(), b.care.as_deref(), b.first_visit, false),
        services: items.iter().map(|i| Text::new(&*i.name_zh, &*i.name_en)).collect(),
        staff: items.first().map(|i| today.person_name(i.staff_id)).unwrap_or_default(),
        staff_id: items.first().map(|i| StaffId(i.staff_id)),
        areas: items.iter().filter_map(|i| area_of(today, i.service_id)).collect(),
        late: u32::try_from(late).unwrap_or(0),
        phone: if phones { phone } else { mask(&phone) },
        no_shows: u32::try_from(b.no_shows).unwrap_or(0),
    }
}

fn waiting_card(today: &Today, one: &InLine<'_>) -> WaitingCard {
    let visit = one.visit;
    let items = today.of(visit.id);
    let open: Vec<_> = items.iter().filter(|item| is_open(item)).collect();
    let waited = today.waited(visit);
    let named = |id: Uuid| (StaffId(id), today.person_name(id));
    let wished = open.first().and_then(|item| item.wished_staff_id);
    let assigned = visit.assigned_staff_id.filter(|_| visit.is(VisitState::Assigned)).map(named);
    WaitingCard {
        visit: VisitId(visit.id),
        version: visit.version,
        ticket: visit.ticket.clone(),
        name: visit.name.clone(),
        tags: visit.tags(),
        services: open.iter().map(|item| name(item)).collect(),
        areas: open.iter().filter_map(|item| area_of(today, item.service_id)).collect(),
        minutes: open.iter().map(|item| customer_minutes(item)).sum(),
        since: today.local(today.clock(visit).0),
        waited,
        tone: WaitTone::of(waited),
        wish: match wished {
            Some(id) => Wish::Request { staff: StaffId(id), name: today.person_name(id) },
            None => Wish::Rotation,
        },
        booked_at: visit.planned_ms.map(|ms| today.local(ms)),
        suggestion: suggestion(today, one),
        assigned,
        capable: open.first().map(|item| capable(today, item)).unwrap_or_default(),
        expected: one.expected.map(|(start, _)| today.local(ms(start))),
        expected_by: one.expected.map(|(_, staff)| today.person_name(staff.0)),
        told: visit.told_at.map(|ms| today.local(ms)),
        reason_due: waited > WAIT_LIMIT && visit.breach_reason.is_none(),
        reason: visit.breach_reason.as_deref().and_then(BreachReason::from_code),
        called: visit.called_at.map(|ms| today.local(ms)),
    }
}

/// Who could receive the customer now (DESK-3): whoever the queue gives her to, if that is due within two minutes or,
/// for those who booked, at the booked time. Nobody is suggested twice, and nobody whose next booking would suffer.
fn suggestion(today: &Today, one: &InLine<'_>) -> Option<(StaffId, Text)> {
    let (start, staff) = one.expected?;
    let due = one.visit.planned_ms.map_or(today.now, |planned| at(planned).max(today.now));
    (start <= due + Duration::minutes(2)).then(|| (staff, today.person_name(staff.0)))
}

fn serving(today: &Today) -> Vec<ServingCard> {
    let names: HashMap<Uuid, &str> = today.visits.iter().map(|v| (v.id, v.name.as_str())).collect();
    let mut cards: Vec<ServingCard> = today
        .running()
        .map(|item| {
            let (start, end) = (item.started_at.unwrap_or(0), ms(super::today::planned_end(item)));
            let (now, length) = (ms(today.now), (end - start).max(1));
            ServingCard {
                visit: VisitId(item.visit_id),
                item: VisitServiceId(item.id),
                name: names.get(&item.visit_id).copied().unwrap_or_default().to_owned(),
                service: name(item),
                staff: item.staff_id.map(|id| today.person_name(id)).unwrap_or_default(),
                staff_id: item.staff_id.map(StaffId),
                area: area_of(today, item.service_id),
                room: today.room_name(item.room_id),
                started: today.local(start),
                ends: today.local(end),
                left: i32::try_from((end - now).div_euclid(60_000)).unwrap_or(0),
                percent: u8::try_from(((now - start) * 100 / length).clamp(0, 100)).unwrap_or(100),
            }
        })
        .collect();
    cards.sort_by_key(|card| (card.ends, card.item));
    cards
}

fn done(today: &Today) -> Vec<DoneCard> {
    let over = |v: &&VisitRow| v.day == today.day && (v.is(VisitState::Done) || v.is(VisitState::Left));
    let mut cards: Vec<(i64, DoneCard)> = today
        .visits
        .iter()
        .filter(over)
        .map(|visit| {
            let finished = visit.finished_at.unwrap_or(visit.arrived_at);
            let card = DoneCard {
                visit: VisitId(visit.id),
                name: visit.name.clone(),
                services: today.of(visit.id).iter().map(name).collect(),
                finished: today.local(finished),
                rated: visit.answered_at.is_some(),
                left: visit.is(VisitState::Left),
            };
            (finished, card)
        })
        .collect();
    cards.sort_by_key(|(finished, _)| std::cmp::Reverse(*finished));
    cards.into_iter().map(|(_, card)| card).collect()
}

fn rooms_free(today: &Today) -> Vec<Text> {
    let now = ms(today.now);
    let taken = |id: Uuid| {
        today.taken.iter().any(|t| t.resource_id == id && t.from_ms <= now && now < t.to_ms)
            || today.running().any(|item| item.room_id == Some(id))
    };
    today
        .catalog
        .rooms
        .iter()
        .filter(|room| room.works_at(today.now) && !taken(room.id.0))
        .map(|room| room.name.clone())
        .collect()
}

fn day_count(today: &Today, bookings: &[BookingRow]) -> DayCount {
    let state = |f: fn(BookingState) -> bool| {
        count(bookings.iter().filter_map(BookingRow::state).filter(|s| f(*s)).count())
    };
    let visits: Vec<&VisitRow> = today.visits.iter().filter(|v| v.day == today.day).collect();
    let timed: Vec<bool> =
        visits.iter().filter_map(|v| on_time(v.planned_ms?, v.arrived_at, v.started_at?)).collect();
    let waits =
        || visits.iter().filter(|v| v.waits() && v.first_contact_at.is_none()).map(|v| today.waited(v));
    let over = visits.iter().filter(|v| today.waited(v) > WAIT_LIMIT && !v.is(VisitState::Left)).count();
    DayCount {
        booked: state(|s| s.occupies() || s == BookingState::NoShow),
        done: count(visits.iter().filter(|v| v.is(VisitState::Done)).count()),
        on_time: count(timed.iter().filter(|met| **met).count()),
        on_time_of: count(timed.len()),
        no_show: state(|s| s == BookingState::NoShow),
        cancelled: state(|s| matches!(s, BookingState::CancelledByCustomer | BookingState::CancelledBySalon)),
        waiting: count(today.visits.iter().filter(|v| v.waits()).count()),
        longest_wait: waits().max().unwrap_or(0),
        over_limit: count(over),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
