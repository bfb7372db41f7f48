//! Who is next: the turn of the people, the order of the queue, and how long it will take (DESK-2, DESK-3).

use super::{
    rows::{blocks, is_open},
    today::{Today, VisitRow},
};
use crate::{
    catalog::Person,
    entity::visit_service,
    time::{at, date, day_bounds, local, ms},
};
use chrono::{DateTime, Duration, Utc};
use domain::{
    ServiceId, StaffId,
    desk::{
        Turn, VisitState,
        estimate::{Need, Place, RECEIVED_WITHIN, Server, Waiting, estimate},
        turns::{OnShift, by_turn, idle_minutes, place},
    },
    time::{Interval, IntervalSet},
    treat::ServiceState,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A visit that waits, and when it is expected to be served and by whom.
pub(crate) struct InLine<'a> {
    pub visit: &'a VisitRow,
    pub expected: Option<(DateTime<Utc>, StaffId)>,
}

/// Everybody on shift, in the order of their turn.
pub(crate) fn turns(today: &Today) -> Vec<Turn> {
    let mut people: Vec<OnShift> = today.catalog.people.iter().filter_map(|p| on_shift(today, p)).collect();
    by_turn(&mut people);
    let tz = today.catalog.tz();
    people
        .iter()
        .enumerate()
        .map(|(i, p)| Turn {
            staff: p.staff,
            name: today.person_name(p.staff.0),
            free_for: idle_minutes(p, today.now),
            free_at: p.busy_until.filter(|_| p.idle_since.is_none()).map(|until| local(tz, until)),
            first: i == 0 && p.idle_since.is_some(),
            served: p.served,
        })
        .collect()
}

/// `None` for those who are not on shift.
fn on_shift(today: &Today, person: &Person) -> Option<OnShift> {
    let now = today.now;
    let inside = |part: &&Interval| part.from <= now && now < part.to;
    person.shifts.iter().find(inside).filter(|_| person.works_here())?;
    let own = || today.items.values().flatten().filter(|item| item.staff_id == Some(person.id.0));
    let in_service = ServiceState::InService.code();
    let running = own().find(|item| item.state == in_service).map(|item| today.ends(item));
    let asked =
        today.visits.iter().any(|v| v.is(VisitState::Assigned) && v.assigned_staff_id == Some(person.id.0));
    let at_work = person.work.intervals().iter().find(inside);
    let (idle_since, busy_until) = match (running, asked, at_work) {
        (Some(until), ..) => (None, Some(until)),
        (None, true, _) => (None, None),
        // On a break: until the next part of the shift.
        (None, false, None) => {
            (None, person.work.intervals().iter().map(|part| part.from).find(|from| *from > now))
        }
        (None, false, Some(part)) => {
            let last = own().filter_map(|item| item.finished_at).max().map(at);
            (Some(last.map_or(part.from, |last| last.max(part.from))), None)
        }
    };
    let served = own()
        .filter(|i| i.day == today.day && (i.state == in_service || i.state == ServiceState::Done.code()))
        .count();
    Some(OnShift {
        staff: person.id,
        idle_since,
        busy_until,
        served: u32::try_from(served).unwrap_or(0),
        position: person.position,
    })
}

/// The visits that wait, in the order in which they may be served, with the estimate for each.
pub(crate) fn line(today: &Today) -> Vec<InLine<'_>> {
    let fixed: HashSet<Uuid> = today.taken.iter().filter_map(|t| t.visit_service_id).collect();
    let waiting: Vec<&VisitRow> = today.visits.iter().filter(|v| v.waits()).collect();
    let next = |v: &VisitRow| today.of(v.id).iter().find(|item| is_open(item));
    let is_fixed =
        |v: &VisitRow| next(v).is_some_and(|item| fixed.contains(&item.id) && item.staff_id.is_some());
    let queue: Vec<&VisitRow> = waiting.iter().copied().filter(|v| !is_fixed(v)).collect();
    let needs: Vec<Waiting> = queue.iter().map(|v| needs(today, v)).collect();
    let people = servers(today);
    let starts = estimate(today.now, &needs, people, places(today));
    let starts: HashMap<Uuid, _> = queue.iter().map(|v| v.id).zip(starts).collect();
    waiting
        .iter()
        .map(|visit| {
            let expected = match starts.get(&visit.id) {
                Some(start) => *start,
                None => next(visit).and_then(|item| booked_start(today, visit, item)),
            };
            InLine { visit, expected }
        })
        .collect()
}

/// Place in the queue of a visit that waits for somebody, 1 = next; 0 for all others.
pub(crate) fn place_of(today: &Today, visit: Uuid) -> u32 {
    let waiting = |v: &&VisitRow| v.is(VisitState::Waiting);
    let queue: Vec<_> =
        today.visits.iter().filter(waiting).map(|v| (at(v.ready_at), v.ticket.as_str())).collect();
    let mine = today.visits.iter().filter(waiting).find(|v| v.id == visit);
    mine.map_or(0, |v| place(&queue, (at(v.ready_at), &v.ticket)))
}

/// Who booked begins when the person and the room are done with what comes before; whoever is early is not kept waiting
/// for the booked time.
fn booked_start(
    today: &Today,
    visit: &VisitRow,
    item: &visit_service::Model,
) -> Option<(DateTime<Utc>, StaffId)> {
    let staff = item.staff_id?;
    let planned = item.booked_from_ms.unwrap_or(visit.ready_at);
    let needed = |id: Uuid| id == staff || Some(id) == item.room_id;
    let under_way: HashSet<Uuid> = today.running().map(|r| r.id).collect();
    let before = today.taken.iter().filter(|t| {
        let other = t.visit_service_id.is_none_or(|id| id != item.id && !under_way.contains(&id));
        needed(t.resource_id) && other && t.from_ms < planned
    });
    let running = today.running().flat_map(|r| occupies(today, r)).filter(|(id, _)| needed(*id));
    let free = before.map(|t| at(t.to_ms)).chain(running.map(|(_, until)| until)).max();
    Some((free.map_or(today.now, |free| free.max(today.now)), StaffId(staff)))
}

/// Until when a service under way is expected to keep its person and its room: that has to be cleaned, too.
fn occupies(today: &Today, item: &visit_service::Model) -> impl Iterator<Item = (Uuid, DateTime<Utc>)> {
    // Ends at any moment: at the earliest in a minute.
    let until = today.ends(item).max(today.now + Duration::minutes(1));
    let cleaned = until + Duration::minutes(i64::from(item.cleanup_min));
    [item.staff_id.map(|id| (id, until)), item.room_id.map(|id| (id, cleaned))].into_iter().flatten()
}

fn needs(today: &Today, visit: &VisitRow) -> Waiting {
    let open = today.of(visit.id).iter().filter(|item| is_open(item));
    let needs = open.map(|item| Need {
        qualification: item.qualification.clone(),
        room_type: today.catalog.service(ServiceId(item.service_id)).and_then(|s| s.room_type.clone()),
        minutes: blocks(item).customer() + blocks(item).prepare + blocks(item).cleanup,
        who: item.staff_id.or(item.wished_staff_id).map(StaffId),
    });
    let until = at(today.clock(visit).0) + Duration::minutes(RECEIVED_WITHIN);
    Waiting { until, needs: needs.collect() }
}

/// Those at work today with the time nobody has been given, in the order of their turn; who comes later is behind.
fn servers(today: &Today) -> Vec<Server> {
    let day = date(today.day);
    let mut taken = busy(today);
    let turn: HashMap<StaffId, usize> =
        turns(today).iter().enumerate().map(|(i, turn)| (turn.staff, i)).collect();
    let mut people: Vec<&Person> = today.catalog.people.iter().filter(|person| person.works_here()).collect();
    people.sort_by_key(|person| turn.get(&person.id).copied().unwrap_or(usize::MAX));
    people
        .into_iter()
        .map(|person| {
            let busy = IntervalSet::from_intervals(taken.remove(&person.id.0).unwrap_or_default());
            let skills = person.skills.iter().filter(|skill| person.holds(skill, day));
            Server {
                staff: person.id,
                qualifications: skills.cloned().collect(),
                free: rest_of_day(today, &person.work).minus(&busy),
            }
        })
        .collect()
}

fn places(today: &Today) -> Vec<Place> {
    let mut taken = busy(today);
    let all_day = IntervalSet::from_intervals(Interval::minutes(today.now, 24 * 60).into_iter().collect());
    today
        .catalog
        .rooms
        .iter()
        .filter(|room| room.active)
        .map(|room| {
            let mut busy = taken.remove(&room.id.0).unwrap_or_default();
            busy.extend(&room.down);
            let busy = IntervalSet::from_intervals(busy);
            Place { room_type: room.type_code.clone(), free: all_day.minus(&busy) }
        })
        .collect()
}

/// What begins before midnight of what is left of somebody's work.
fn rest_of_day(today: &Today, work: &IntervalSet) -> IntervalSet {
    let midnight = day_bounds(today.catalog.tz(), date(today.day)).1;
    let parts = work.intervals().iter().filter(|part| part.from < midnight);
    IntervalSet::from_intervals(
        parts.filter_map(|part| Interval::new(part.from.max(today.now), part.to)).collect(),
    )
}

/// When each person and room is taken: by what is under way, by those who booked and are there, early or late, and by
/// what is planned.
fn busy(today: &Today) -> HashMap<Uuid, Vec<Interval>> {
    let mut out: HashMap<Uuid, Vec<Interval>> = HashMap::new();
    let mut add = |id: Uuid, part: Option<Interval>| {
        if let Some(part) = part {
            out.entry(id).or_default().push(part);
        }
    };
    for item in today.running() {
        for (id, until) in occupies(today, item) {
            add(id, Interval::new(today.now, until));
        }
    }
    let fixed: HashSet<Uuid> = today.taken.iter().filter_map(|t| t.visit_service_id).collect();
    let mut due: HashSet<Uuid> = HashSet::new();
    for visit in today.visits.iter().filter(|v| v.waits()) {
        let next = today.of(visit.id).iter().find(|item| is_open(item));
        let Some(item) = next.filter(|item| fixed.contains(&item.id)) else { continue };
        let Some((start, staff)) = booked_start(today, visit, item) else { continue };
        due.insert(item.id);
        let end = start + Duration::minutes(i64::from(blocks(item).customer()));
        let cleaned = end + Duration::minutes(i64::from(item.cleanup_min));
        add(staff.0, Interval::new(start, end));
        if let Some(room) = item.room_id {
            add(room, Interval::new(start, cleaned));
        }
    }
    // What is under way or about to begin takes its time when it does, not as planned.
    let under_way: HashSet<Uuid> = today.running().map(|item| item.id).collect();
    for t in &today.taken {
        let begun = |item: &Uuid| under_way.contains(item) && t.from_ms <= ms(today.now);
        if !t.visit_service_id.is_some_and(|item| due.contains(&item) || begun(&item)) {
            add(t.resource_id, Interval::new(at(t.from_ms), at(t.to_ms)));
        }
    }
    out
}
