//! Bookings that cannot be kept as things stand, and the ways out. The rule is [`domain::booking::stranded`]; here the
//! bookings to come are laid over the catalogue, as it is or as a change would leave it.

use super::{
    change::{cancel as cancel_booking, reschedule},
    plan::{For, Request},
    write::Rows,
};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::{Catalog, Thing},
    entity::customer,
    sql,
    sql::vals,
    time::{at, date, day_of, local_ms, ms},
};
use chrono::{DateTime, Duration, Utc};
use domain::{
    BookingId, BranchId, Page, Refusal, ServiceId, StaffId, Text,
    booking::{
        Cancel, CancelReason, Reschedule,
        slots::{Arrangement, Span},
        stranded::{
            Brief, Cause, House, Offer, Place, Promised, Resolve, ResolvePage, StrandedLine, StrandedPage,
            causes, instead,
        },
    },
    live::Topic,
    permission::{Action, Scope},
    time::Interval,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use std::{
    collections::{HashMap, HashSet},
    sync::RwLock,
};
use uuid::Uuid;

const PAGE: usize = 20;
/// Bookings named in a refusal.
const NAMED: usize = 8;
/// Ways out offered of each kind.
const OFFERS: usize = 3;
/// Days looked through for them.
const OFFER_DAYS: i64 = 7;
/// How old a count may be: other processes do not tell about every booking of theirs.
const COUNT_AGE: Duration = Duration::seconds(30);

/// A booked service with one of the things it takes.
#[derive(FromQueryResult)]
struct Row {
    booking_id: Uuid,
    number: String,
    booked_ms: i64,
    item_id: Uuid,
    service_id: Uuid,
    staff_id: Uuid,
    room_id: Option<Uuid>,
    from_ms: i64,
    to_ms: i64,
    resource_id: Uuid,
    taken_from: i64,
    taken_to: i64,
}

/// A stranded booking.
struct Stranded {
    id: Uuid,
    number: String,
    from_ms: i64,
    staff: Uuid,
    causes: Vec<Cause>,
}

/// Everything that open bookings to come take; one statement.
async fn promised<C: ConnectionTrait>(db: &C, branch: BranchId, now: DateTime<Utc>) -> Result<Vec<Row>> {
    // Nothing is booked further ahead than the longest horizon; the index is walked from now on.
    let until = ms(now + Duration::days(200));
    let sql = "SELECT b.id AS booking_id, b.number, b.from_ms AS booked_ms, i.id AS item_id, i.service_id, i.staff_id, \
               i.room_id, i.from_ms, i.to_ms, a.resource_id, a.from_ms AS taken_from, a.to_ms AS taken_to \
               FROM booking b JOIN booking_item i ON i.booking_id = b.id \
               JOIN allocation a ON a.booking_item_id = i.id AND a.active \
               WHERE b.branch_id = $1 AND b.from_ms > $2 AND b.from_ms < $3 AND b.state IN ('booked', 'confirmed') \
               ORDER BY b.from_ms, b.id, i.position, a.from_ms";
    sql::all(db, sql, vals![branch.0, ms(now), until]).await
}

/// Which of them a catalogue does not allow, the next first.
fn stranded(catalog: &Catalog, rows: &[Row]) -> Vec<Stranded> {
    let mut out: Vec<Stranded> = Vec::new();
    for item in rows.chunk_by(|a, b| a.item_id == b.item_id) {
        let Some(first) = item.first() else { continue };
        let causes = item_causes(catalog, first, item);
        match out.last_mut() {
            Some(last) if last.id == first.booking_id => {
                last.causes.extend(causes);
            }
            _ => out.push(Stranded {
                id: first.booking_id,
                number: first.number.clone(),
                from_ms: first.booked_ms,
                staff: first.staff_id,
                causes,
            }),
        }
    }
    out.retain_mut(|booking| {
        booking.causes.sort_unstable();
        booking.causes.dedup();
        !booking.causes.is_empty()
    });
    out
}

fn item_causes(catalog: &Catalog, item: &Row, taken: &[Row]) -> Vec<Cause> {
    let day = date(day_of(catalog.tz(), at(item.from_ms)));
    let spans = |parts: &[Interval]| parts.iter().map(|part| Span::from(*part)).collect::<Vec<_>>();
    // After midnight the evening before may still be open.
    let before = catalog.branch.open_on(day - Duration::days(1));
    let opening = spans(before.union(&catalog.branch.open_on(day)).intervals());
    let service = catalog.service(ServiceId(item.service_id));
    let person = catalog.person(StaffId(item.staff_id));
    let of_person: Vec<Span> = (taken.iter().filter(|row| row.resource_id == item.staff_id))
        .map(|row| Span { from: row.taken_from, to: row.taken_to })
        .collect();
    let work = person.map(|p| around(p.work.intervals(), &of_person)).unwrap_or_default();
    let things: Vec<(&Thing, Vec<Span>, Span)> = (taken.iter())
        .filter(|row| row.resource_id != item.staff_id)
        .filter_map(|row| {
            let mut all = catalog.rooms.iter().chain(&catalog.devices);
            let thing = all.find(|thing| thing.id.0 == row.resource_id)?;
            Some((thing, spans(&thing.down), Span { from: row.taken_from, to: row.taken_to }))
        })
        .collect();
    let place = |room: bool| {
        let chosen = things.iter().filter(move |(thing, ..)| (Some(thing.id.0) == item.room_id) == room);
        chosen.map(|(thing, down, taken)| Place { active: thing.active, down, taken: *taken })
    };
    let devices: Vec<Place<'_>> = place(false).collect();
    let house = House {
        opening: &opening,
        offered: service.is_some(),
        here: person.is_some_and(|p| p.works_here()),
        skilled: person.zip(service).is_some_and(|(p, s)| p.skills.contains(&s.qualification)),
        certified: person.zip(service).is_some_and(|(p, s)| p.credential(&s.qualification, day).is_some()),
        work: &work,
        room: place(true).next(),
        devices: &devices,
    };
    causes(&Promised { served: Span { from: item.from_ms, to: item.to_ms }, person: &of_person }, &house)
}

/// The part of somebody's work that could hold these spans.
fn around(work: &[Interval], spans: &[Span]) -> Vec<Span> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Vec::new() };
    let begin = work.partition_point(|part| ms(part.to) <= first.from);
    work[begin..].iter().take_while(|part| ms(part.from) < last.to).map(|part| Span::from(*part)).collect()
}

/// Ends a change of what a branch is or has: asks back when it would strand bookings, unless that was confirmed; writes
/// the log, tells everybody, commits.
///
/// # Errors
/// `WouldStrand` with the first of them; then nothing has happened.
pub(crate) async fn settle(
    cx: &OpContext,
    tx: Tx,
    branches: &[BranchId],
    confirm: bool,
    entry: Entry<'_>,
) -> Result<()> {
    for branch in branches {
        if !confirm {
            guard(cx, &tx, *branch).await?;
        }
        tx.changed(*branch, Topic::Catalog);
        // The board's people, rooms and free times follow from it.
        tx.changed(*branch, Topic::Board);
    }
    tx.audit(cx, entry);
    tx.commit().await
}

async fn guard(cx: &OpContext, tx: &Tx, branch: BranchId) -> Result<()> {
    let rows = promised(tx, branch, tx.now()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let before = cx.store.catalog(branch).await?;
    let after = crate::catalog::read(tx, tx.now(), branch).await?;
    let known: HashSet<Uuid> = stranded(&before, &rows).into_iter().map(|booking| booking.id).collect();
    let mut new = stranded(&after, &rows);
    new.retain(|booking| !known.contains(&booking.id));
    if new.is_empty() {
        return Ok(());
    }
    let brief = |booking: &Stranded| Brief {
        number: booking.number.clone(),
        at: local_ms(after.tz(), booking.from_ms),
        staff: name_of(&after, booking.staff),
        cause: booking.causes[0],
    };
    let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
    Err(Refusal::WouldStrand { count, first: new.iter().take(NAMED).map(brief).collect() }.into())
}

fn name_of(catalog: &Catalog, staff: Uuid) -> Text {
    catalog.person(StaffId(staff)).map(|person| person.name.clone()).unwrap_or_default()
}

/// Counts of a process, for the navigation.
#[derive(Default)]
pub(crate) struct Counts(RwLock<HashMap<BranchId, (DateTime<Utc>, u32)>>);

impl Counts {
    pub(crate) fn forget(&self, branch: BranchId) {
        if let Ok(mut counts) = self.0.write() {
            counts.remove(&branch);
        }
    }

    fn get(&self, branch: BranchId, now: DateTime<Utc>) -> Option<u32> {
        let (then, count) = *self.0.read().ok()?.get(&branch)?;
        (Duration::zero() <= now - then && now - then < COUNT_AGE).then_some(count)
    }
}

/// How many bookings of a branch are stranded; 0 for those who cannot put it right.
///
/// # Errors
/// The database's.
pub async fn count(cx: &OpContext, branch: BranchId) -> Result<u32> {
    if !cx.may(Action::ManageBranch, &Scope::branch(branch)) {
        return Ok(0);
    }
    let counts = &cx.store.booking.stranded;
    if let Some(known) = counts.get(branch, cx.now()) {
        return Ok(known);
    }
    let catalog = cx.store.catalog(branch).await?;
    let found = stranded(&catalog, &promised(cx.db(), branch, cx.now()).await?).len();
    let count = u32::try_from(found).unwrap_or(u32::MAX);
    if let Ok(mut known) = counts.0.write() {
        known.insert(branch, (cx.now(), count));
    }
    Ok(count)
}

/// The stranded bookings of a branch, the next first.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for a cursor that is none.
pub async fn list(cx: &OpContext, branch: BranchId, after: Option<&str>) -> Result<StrandedPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let all = stranded(&catalog, &promised(cx.db(), branch, cx.now()).await?);
    let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let mut rest = all;
    if let Some(cursor) = after {
        let (from, id) = cursor.split_once('.').ok_or(Error::NotFound)?;
        let (from, id): (i64, Uuid) =
            (from.parse().map_err(|_| Error::NotFound)?, id.parse().map_err(|_| Error::NotFound)?);
        rest.retain(|booking| (booking.from_ms, booking.id) > (from, id));
    }
    rest.truncate(PAGE + 1);
    let page = Page::cut(rest, PAGE, |b| format!("{}.{}", b.from_ms, b.id.as_simple()));
    Ok(StrandedPage { list: Page { items: lines(cx, &catalog, page.items).await?, next: page.next }, count })
}

/// With customers and services, in two statements.
async fn lines(cx: &OpContext, catalog: &Catalog, found: Vec<Stranded>) -> Result<Vec<StrandedLine>> {
    let rows = Rows::by_ids(cx.db(), found.iter().map(|booking| booking.id)).await?;
    let customers: HashMap<Uuid, customer::Model> = customer::Entity::find()
        .filter(customer::Column::Id.is_in(rows.iter().filter_map(|rows| rows.booking.customer_id)))
        .all(cx.db())
        .await?
        .into_iter()
        .map(|customer| (customer.id, customer))
        .collect();
    let full = cx.may(Action::SeePhone, &Scope::branch(catalog.branch.id));
    let line = |found: Stranded| {
        let rows = rows.iter().find(|rows| rows.booking.id == found.id)?;
        let customer = rows.booking.customer_id.and_then(|id| customers.get(&id));
        let phone = customer.and_then(|c| c.phone.clone()).unwrap_or_default();
        let mut staff: Vec<Text> = Vec::new();
        for item in &rows.items {
            let name = name_of(catalog, item.staff_id);
            if !staff.contains(&name) {
                staff.push(name);
            }
        }
        Some(StrandedLine {
            booking: BookingId(found.id),
            number: found.number,
            from: local_ms(catalog.tz(), rows.booking.from_ms),
            to: local_ms(catalog.tz(), rows.booking.to_ms),
            customer: customer.map(|c| c.name.clone()).unwrap_or_default(),
            phone: if full { phone } else { domain::phone::mask(&phone) },
            services: rows.items.iter().map(|i| Text::new(&*i.name_zh, &*i.name_en)).collect(),
            staff,
            causes: found.causes,
        })
    };
    Ok(found.into_iter().filter_map(line).collect())
}

/// A booking of the branch that is still to come.
async fn load(cx: &OpContext, branch: BranchId, id: BookingId) -> Result<Rows> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let rows = Rows::by_ids(cx.db(), [id.0]).await?.pop().ok_or(Error::NotFound)?;
    if rows.branch() == branch { Ok(rows) } else { Err(Error::NotFound) }
}

/// One stranded booking with the ways out: the same time with somebody else, or the nearest times, by preference with
/// the person it was booked with.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn resolve_page(cx: &OpContext, branch: BranchId, id: BookingId) -> Result<ResolvePage> {
    let rows = load(cx, branch, id).await?;
    let catalog = cx.store.catalog(branch).await?;
    let all = stranded(&catalog, &promised(cx.db(), branch, cx.now()).await?);
    let known = all.into_iter().find(|booking| booking.id == id.0);
    let settled = known.is_none();
    let found = known.unwrap_or_else(|| Stranded {
        id: id.0,
        number: rows.booking.number.clone(),
        from_ms: rows.booking.from_ms,
        staff: Uuid::nil(),
        causes: Vec::new(),
    });
    let line = lines(cx, &catalog, vec![found]).await?.pop().ok_or(Error::NotFound)?;
    let offers = if settled { Vec::new() } else { offers(cx, &catalog, &rows).await? };
    Ok(ResolvePage { line, version: rows.booking.version, settled, offers })
}

async fn offers(cx: &OpContext, catalog: &Catalog, rows: &Rows) -> Result<Vec<Offer>> {
    let booked = rows.items.first().map(|item| StaffId(item.staff_id));
    let mut offers = Vec::new();
    for who in [None, booked.filter(|id| catalog.person(*id).is_some_and(|p| p.works_here()))] {
        // A service that is not on the menu any more, or that the person has not learnt, leads nowhere.
        let Ok(request) = Request::again(catalog, &rows.items, who, cx.now(), For::Desk) else { continue };
        let request = request.moving(rows.id());
        let times = if who.is_none() { OFFERS } else { OFFERS - 1 };
        let mut found = look(cx, &request, rows.booking.from_ms, times).await?;
        found.retain(|new: &(i64, Arrangement)| !offers.iter().any(|(_, old)| *old == *new));
        offers.extend(found.into_iter().map(|found| (who, found)));
        if who.is_none() && booked.is_none() {
            break;
        }
    }
    let offer = |(who, (time, arrangement)): (Option<StaffId>, (i64, Arrangement))| {
        let mut staff: Vec<Text> = Vec::new();
        for part in &arrangement.parts {
            let name = name_of(catalog, part.staff.0);
            if !staff.contains(&name) {
                staff.push(name);
            }
        }
        Offer {
            at: local_ms(catalog.tz(), time),
            who,
            staff,
            same_time: time == rows.booking.from_ms,
            same_person: arrangement.parts.iter().all(|part| Some(part.staff) == booked),
        }
    };
    let mut offers: Vec<Offer> = offers.into_iter().map(offer).collect();
    offers.dedup_by(|a, b| a.at == b.at && a.staff == b.staff);
    Ok(offers)
}

/// The free times nearest to `at` within a week, with who would do it; one statement.
async fn look(
    cx: &OpContext,
    request: &Request<'_>,
    at_ms: i64,
    n: usize,
) -> Result<Vec<(i64, Arrangement)>> {
    let day = request.day_of(at_ms);
    let first = (day - Duration::days(1)).max(request.catalog.branch.today(cx.now()));
    let last = (day + Duration::days(OFFER_DAYS)).min(request.last_day());
    let busy = request.busy(cx, first, last).await?;
    let mut found = request.ask(day, &busy, |search| {
        let times = instead(&search.slots(), at_ms, n);
        times.into_iter().filter_map(|time| Some((time, search.arrange(time)?))).collect::<Vec<_>>()
    });
    let mut days: Vec<_> =
        first.iter_days().take_while(|other| *other <= last).filter(|d| *d != day).collect();
    days.sort_by_key(|other| (*other - day).num_days().abs());
    for other in days {
        if found.len() >= n {
            break;
        }
        let more = request.ask(other, &busy, |search| {
            let time = *instead(&search.slots(), at_ms, 1).first()?;
            Some((time, search.arrange(time)?))
        });
        found.extend(more);
    }
    Ok(found)
}

/// Moves a stranded booking to another time or person; the customer is told. The same key again changes nothing.
///
/// # Errors
/// `NotFound`, `Stale` when it was changed meanwhile, and those of rescheduling.
pub async fn resolve(cx: &OpContext, branch: BranchId, cmd: Resolve) -> Result<()> {
    let rows = load(cx, branch, cmd.booking).await?;
    cx.allow(Action::OverrideBooking, &Scope::branch(branch))?;
    let token = rows.booking.token.clone();
    let moved = Reschedule { token, who: cmd.who, at: cmd.at, key: cmd.key };
    if rows.booking.version != cmd.version {
        // Done already by the same request, or by somebody else.
        let mark = (&moved.token, moved.who, ms(moved.at));
        let known = super::reserve::known::<String>(cx, "reschedule", &moved.key, &mark).await?;
        return if known.is_some() { Ok(()) } else { Err(Refusal::Stale.into()) };
    }
    reschedule(cx, moved).await.map(|_| ())
}

/// Cancels a stranded booking for the salon; the customer is told.
///
/// # Errors
/// `NotFound`, `Stale` when it was changed meanwhile, `WrongState`.
pub async fn give_up(
    cx: &OpContext,
    branch: BranchId,
    id: BookingId,
    version: i32,
    note: Option<String>,
) -> Result<()> {
    let rows = load(cx, branch, id).await?;
    cx.allow(Action::OverrideBooking, &Scope::branch(branch))?;
    if rows.state()? == domain::booking::BookingState::CancelledBySalon {
        return Ok(());
    }
    if rows.booking.version != version {
        return Err(Refusal::Stale.into());
    }
    let cmd = Cancel { token: rows.booking.token.clone(), reason: CancelReason::SalonCannot, note };
    cancel_booking(cx, cmd).await.map(|_| ())
}
