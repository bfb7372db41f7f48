//! Answers questions about one day.

use super::{
    Arrangement, Day, GAP_MAX, GAP_STEP, MINUTE, Need, Part, Person, Slot, Span, Thing, minutes,
    solve::{self, Collides, Fits},
    span::Starts,
    without,
};
use crate::{
    booking::{DayRoom, SERVICES_MAX},
    ids::{ResourceId, StaffId},
};
use std::cell::OnceCell;

/// A day made ready for questions.
pub struct Search<'a> {
    day: &'a Day<'a>,
    services: &'a [Need<'a>],
    /// `[service]`: when somebody with a room and devices could begin, each service looked at alone.
    alone: Vec<Starts>,
    /// `[service]`: waits tried before it, in minutes, ascending.
    gaps: Vec<Vec<u32>>,
    staffed: bool,
    /// Who and what could do each service: not needed to know when one service alone could begin.
    candidates: OnceCell<Candidates>,
}

/// When each could begin.
struct Candidates {
    /// `[service][person]`
    people: Vec<Vec<Starts>>,
    /// `[service][room]`
    rooms: Vec<Vec<Starts>>,
    /// `[service][type of device among the service's][device]`
    devices: Vec<Vec<Vec<Starts>>>,
    /// `[person]`: minutes given to others that day.
    load: Vec<u64>,
}

impl Candidates {
    fn of(day: &Day<'_>, services: &[Need<'_>]) -> Self {
        let people = |(i, need): (usize, &Need<'_>)| {
            let able =
                |p: &Person<'_>| if allowed(day, p, i) { person_starts(p, need) } else { Starts::default() };
            day.people.iter().map(able).collect()
        };
        let things = |things: &[Thing<'_>], need: &Need<'_>, kind: Option<&str>| {
            let fit =
                |t: &Thing<'_>| if kind == Some(t.kind) { thing_starts(t, need) } else { Starts::default() };
            things.iter().map(fit).collect::<Vec<_>>()
        };
        let devices = |need: &Need<'_>| {
            need.devices.iter().map(|kind| things(&day.devices, need, Some(kind))).collect()
        };
        let load = |p: &Person<'_>| p.busy.iter().map(|b| (b.length() / MINUTE).unsigned_abs()).sum();
        Self {
            people: services.iter().enumerate().map(people).collect(),
            rooms: services.iter().map(|need| things(&day.rooms, need, need.room)).collect(),
            devices: services.iter().map(devices).collect(),
            load: day.people.iter().map(load).collect(),
        }
    }
}

impl<'a> Search<'a> {
    #[must_use]
    pub fn new(day: &'a Day<'a>) -> Self {
        let services = if day.services.len() > SERVICES_MAX { &[] } else { day.services };
        let staffed = |i| day.people.iter().any(|p| allowed(day, p, i) && at_work(day.opening, p.rota));
        Self {
            day,
            services,
            alone: services.iter().enumerate().map(|(i, need)| alone(day, i, need)).collect(),
            gaps: gaps(services),
            staffed: !services.is_empty() && (0..services.len()).all(staffed),
            candidates: OnceCell::new(),
        }
    }

    fn candidates(&self) -> &Candidates {
        self.candidates.get_or_init(|| Candidates::of(self.day, self.services))
    }

    /// Every time of the day at which the customer could begin and be done before closing, free or taken.
    #[must_use]
    pub fn slots(&self) -> Vec<Slot> {
        self.times().map(|(at, close)| Slot { at, free: self.possible(at, close) }).collect()
    }

    /// The free ones of [`Search::slots`].
    #[must_use]
    pub fn free(&self) -> Vec<i64> {
        self.times().filter(|(at, close)| self.possible(*at, *close)).map(|(at, _)| at).collect()
    }

    /// The first free time.
    #[must_use]
    pub fn first_free(&self) -> Option<i64> {
        self.times().find(|(at, close)| self.possible(*at, *close)).map(|(at, _)| at)
    }

    /// How full the day is.
    #[must_use]
    pub fn room(&self) -> DayRoom {
        if !self.staffed {
            return DayRoom::Closed;
        }
        let (mut all, mut free) = (0u32, 0u32);
        for (at, close) in self.times() {
            all += 1;
            free += u32::from(self.possible(at, close));
        }
        match (all, free) {
            (0, _) => DayRoom::Closed,
            (_, 0) => DayRoom::Full,
            // Under a third is left.
            (all, free) if free * 3 < all => DayRoom::Tight,
            _ => DayRoom::Plenty,
        }
    }

    /// The best way to serve the request from `at` on; `None` when `at` is not offered or not free.
    #[must_use]
    pub fn arrange(&self, at: i64) -> Option<Arrangement> {
        let close = self.times().find(|(time, _)| *time == at)?.1;
        let mut best: Option<(Arranged, Vec<i64>)> = None;
        let mut fits = Scratch::default();
        self.sequences(at, close, &mut |starts| {
            let known = best.as_ref().map(|(found, _)| found.cost());
            if let Some(found) = self.best_at(starts, known, &mut fits) {
                best = Some((found, starts.to_vec()));
            }
            false
        });
        best.map(|(found, starts)| self.describe(&found, &starts))
    }

    /// Whether `at` is one of the day's times, free or not. A time that is not was never offered (`SlotNotOffered`).
    #[must_use]
    pub fn offers(&self, at: i64) -> bool {
        self.times().any(|(time, _)| time == at)
    }

    /// The times of the grid with the end of the opening they belong to.
    fn times(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let shortest: i64 = self.day.services.iter().map(|need| minutes(need.blocks.customer())).sum();
        let step = minutes(self.day.step.max(1));
        let (earliest, latest) = (self.day.earliest, self.day.latest);
        let opening = if self.alone.is_empty() { &[] } else { self.day.opening };
        opening.iter().flat_map(move |open| {
            let skipped = (earliest - open.from).max(0).div_euclid(step) * step;
            let first = open.from + if open.from + skipped < earliest { skipped + step } else { skipped };
            let last = latest.min(open.to - shortest);
            std::iter::successors(Some(first), move |at| Some(at + step))
                .take_while(move |at| *at <= last)
                .map(move |at| (at, open.to))
        })
    }

    fn possible(&self, at: i64, close: i64) -> bool {
        if !self.alone.first().is_some_and(|first| first.has(at)) {
            return false;
        }
        if self.alone.len() == 1 {
            return true;
        }
        let mut fits = Scratch::default();
        self.sequences(at, close, &mut |starts| self.possible_at(starts, &mut fits))
    }

    /// Walks through the ways to begin each service: the first at `at`, each other after the one before and a wait of
    /// its gaps, as long as each service alone has somebody and the last ends before `close`. Stops when `visit` says so.
    fn sequences(&self, at: i64, close: i64, visit: &mut dyn FnMut(&[i64]) -> bool) -> bool {
        self.next_in_sequence(0, at, close, &mut [0; SERVICES_MAX], visit)
    }

    fn next_in_sequence(
        &self,
        i: usize,
        ready: i64,
        close: i64,
        starts: &mut [i64; SERVICES_MAX],
        visit: &mut dyn FnMut(&[i64]) -> bool,
    ) -> bool {
        for gap in &self.gaps[i] {
            let at = ready + minutes(*gap);
            let end = self.day.services[i].blocks.served(at).to;
            if end > close {
                return false;
            }
            if !self.alone[i].has(at) {
                continue;
            }
            starts[i] = at;
            let stop = if i + 1 == self.alone.len() {
                visit(&starts[..=i])
            } else {
                self.next_in_sequence(i + 1, end, close, starts, visit)
            };
            if stop {
                return true;
            }
        }
        false
    }

    /// Given that each service alone has somebody: does the whole have, too?
    fn possible_at(&self, starts: &[i64], fits: &mut Scratch) -> bool {
        let (person, room) = self.collisions(starts);
        let all = [true; SERVICES_MAX];
        if person.iter().any(|c| *c != 0) {
            fill(&mut fits.0, &self.candidates().people, starts);
            if !solve::possible(&fits.0, &all[..starts.len()], &person) {
                return false;
            }
        }
        if room.iter().all(|c| *c == 0) {
            return true;
        }
        fill(&mut fits.0, &self.candidates().rooms, starts);
        solve::possible(&fits.0, &self.needs_room()[..starts.len()], &room)
            && self.device_kinds().all(|kind| {
                let needs = self.fill_devices(kind, &mut fits.0, starts);
                solve::possible(&fits.0, &needs[..starts.len()], &room)
            })
    }

    /// The best choice at these times, when it is better than the best `known`.
    fn best_at(&self, starts: &[i64], known: Option<Cost>, fits: &mut Scratch) -> Option<Arranged> {
        let n = starts.len();
        let waits = (1..n).map(|i| starts[i] - self.day.services[i - 1].blocks.served(starts[i - 1]).to);
        let idle = (waits.sum::<i64>() / MINUTE) as u32;
        let (person, room) = self.collisions(starts);
        fill(&mut fits.0, &self.candidates().people, starts);
        let load = |c: u16| self.candidates().load[usize::from(c)];
        for candidates in &mut fits.0[..n] {
            candidates.sort_by_key(|c| load(*c));
        }
        let people = solve::best(&fits.0, &[true; SERVICES_MAX][..n], &person, &load)?;
        if known.is_some_and(|known| known <= (people.changes, idle, people.load)) {
            return None;
        }
        let who = |i: usize| self.day.people[usize::from(people.picks[i])].id;
        fill(&mut fits.0, &self.candidates().rooms, starts);
        for (i, need) in self.day.services.iter().enumerate() {
            if let Some(kind) = need.room {
                own_first(&mut fits.0[i], &self.day.rooms, kind, who(i));
            }
        }
        let rooms = solve::best(&fits.0, &self.needs_room()[..n], &room, &|_| 0)?;
        let mut devices: Vec<Vec<u16>> = vec![Vec::new(); n];
        for kind in self.device_kinds() {
            let needs = self.fill_devices(kind, &mut fits.0, starts);
            for i in (0..n).filter(|i| needs[*i]) {
                own_first(&mut fits.0[i], &self.day.devices, kind, who(i));
            }
            let choice = solve::best(&fits.0, &needs[..n], &room, &|_| 0)?;
            for i in (0..n).filter(|i| needs[*i]) {
                devices[i].push(choice.picks[i]);
            }
        }
        Some(Arranged { people, rooms, devices, idle })
    }

    /// Which services one person, and which one room or device, cannot both do at these times.
    fn collisions(&self, starts: &[i64]) -> (Collides, Collides) {
        let (mut person, mut room) = ([0u8; SERVICES_MAX], [0u8; SERVICES_MAX]);
        for i in 1..starts.len() {
            let (a, mine) =
                (self.day.services[i].blocks.room(starts[i]), self.day.services[i].blocks.person(starts[i]));
            for (j, at) in starts[..i].iter().enumerate() {
                let before = &self.day.services[j].blocks;
                if !a.overlaps(&before.room(*at)) {
                    continue;
                }
                room[i] |= 1 << j;
                let theirs = before.person(*at);
                if mine.iter().flatten().any(|x| theirs.iter().flatten().any(|y| x.overlaps(y))) {
                    person[i] |= 1 << j;
                }
            }
        }
        (person, room)
    }

    fn needs_room(&self) -> [bool; SERVICES_MAX] {
        let mut needs = [false; SERVICES_MAX];
        for (need, service) in needs.iter_mut().zip(self.day.services) {
            *need = service.room.is_some();
        }
        needs
    }

    /// Each type of device that is needed, once.
    fn device_kinds(&self) -> impl Iterator<Item = &'a str> + '_ {
        let services = self.day.services;
        services.iter().enumerate().flat_map(move |(i, need)| {
            let new =
                move |kind: &&'a String| !services[..i].iter().any(|before| before.devices.contains(kind));
            need.devices.iter().filter(new).map(String::as_str)
        })
    }

    fn fill_devices(&self, kind: &str, fits: &mut Fits, starts: &[i64]) -> [bool; SERVICES_MAX] {
        let mut needs = [false; SERVICES_MAX];
        for (i, at) in starts.iter().enumerate() {
            fits[i].clear();
            if let Some(k) = self.day.services[i].devices.iter().position(|known| known == kind) {
                needs[i] = true;
                fits[i].extend(candidates(&self.candidates().devices[i][k], *at));
            }
        }
        needs
    }

    fn describe(&self, found: &Arranged, starts: &[i64]) -> Arrangement {
        let parts = (starts.iter().enumerate())
            .map(|(i, at)| {
                let need = &self.day.services[i];
                let staff = self.day.people[usize::from(found.people.picks[i])].id;
                let room = need.room.map(|_| self.day.rooms[usize::from(found.rooms.picks[i])].id);
                let devices: Vec<ResourceId> =
                    found.devices[i].iter().map(|d| self.day.devices[usize::from(*d)].id).collect();
                let whole = need.blocks.room(*at);
                let person =
                    need.blocks.person(*at).into_iter().flatten().map(|span| (ResourceId::from(staff), span));
                let things = room.iter().chain(&devices).map(|thing| (*thing, whole));
                let taken = person.chain(things).collect();
                Part { staff, room, devices, served: need.blocks.served(*at), taken }
            })
            .collect();
        Arrangement { parts, changes: found.people.changes, idle: found.idle, load: found.people.load }
    }
}

/// Everybody reaches for a room (or device) of their own before the others: they keep to it through the day, and two who
/// are booked at the same moment do not take it from each other.
fn own_first(free: &mut [u16], things: &[Thing<'_>], kind: &str, who: StaffId) {
    let alike = || things.iter().zip(0u16..).filter(|(thing, _)| thing.kind == kind).map(|(_, i)| i);
    let own = who.0.as_u128().checked_rem(alike().count() as u128).and_then(|n| alike().nth(n as usize));
    free.rotate_left(own.map_or(0, |own| free.partition_point(|i| *i < own)));
}

/// Lists of candidates, kept between two questions so that they need not be allocated again.
#[derive(Default)]
struct Scratch(Fits);

/// Changes of person, idle minutes, load: less is better, in this order.
type Cost = (u32, u32, u64);

/// Choices as indices.
struct Arranged {
    people: solve::Choice,
    rooms: solve::Choice,
    devices: Vec<Vec<u16>>,
    idle: u32,
}

impl Arranged {
    fn cost(&self) -> Cost {
        (self.people.changes, self.idle, self.people.load)
    }
}

fn fill(fits: &mut Fits, starts: &[Vec<Starts>], at: &[i64]) {
    for (i, at) in at.iter().enumerate() {
        fits[i].clear();
        fits[i].extend(candidates(&starts[i], *at));
    }
}

fn candidates(starts: &[Starts], at: i64) -> impl Iterator<Item = u16> + '_ {
    (0u16..).zip(starts).filter(move |(_, starts)| starts.has(at)).map(|(i, _)| i)
}

/// BOOK-4, CERT: may `person` do service `i` of the request, given the wish?
fn allowed(day: &Day<'_>, person: &Person<'_>, i: usize) -> bool {
    let bit = 1u8 << i;
    let learnt = |p: &Person<'_>| p.can & bit != 0;
    let wished = match day.who {
        None => true,
        Some(who) => match day.people.iter().find(|p| p.id == who) {
            None => false,
            Some(p) if p.can == 0 => false,
            Some(p) => !learnt(p) || p.id == person.id,
        },
    };
    wished && learnt(person) && person.may & bit != 0
}

fn at_work(opening: &[Span], rota: &[Span]) -> bool {
    opening.iter().any(|open| rota.iter().any(|shift| shift.overlaps(open)))
}

/// When the customer could begin with somebody in a room with the devices, were this service the only one.
fn alone(day: &Day<'_>, i: usize, need: &Need<'_>) -> Starts {
    let customer = minutes(need.blocks.customer());
    if customer == 0 {
        return Starts::default();
    }
    let mut starts = Starts::fitting(day.opening, 0, customer);
    if i == 0 {
        starts = starts.and(&Starts::within(day.earliest, day.latest));
    }
    let able = day.people.iter().filter(|p| allowed(day, p, i));
    starts = starts.covered(able.map(|p| person_starts(p, need)));
    if let Some(kind) = need.room {
        starts = starts.covered(day.rooms.iter().filter(|r| r.kind == kind).map(|r| thing_starts(r, need)));
    }
    for kind in need.devices {
        starts = starts.covered(day.devices.iter().filter(|d| d.kind == kind).map(|d| thing_starts(d, need)));
    }
    starts
}

fn person_starts(person: &Person<'_>, need: &Need<'_>) -> Starts {
    let free = without(person.rota, person.busy);
    let mut starts: Option<Starts> = None;
    for block in need.blocks.person(0).into_iter().flatten() {
        let fits = Starts::fitting(&free, block.from, block.length());
        starts = Some(match starts {
            Some(known) => known.and(&fits),
            None => fits,
        });
    }
    starts.unwrap_or_default()
}

fn thing_starts(thing: &Thing<'_>, need: &Need<'_>) -> Starts {
    let always = Span { from: i64::MIN / 4, to: i64::MAX / 4 };
    let whole = need.blocks.room(0);
    Starts::fitting(&without(&[always], thing.busy), whole.from, whole.length())
}

/// Waits tried before each service. Clean-up and preparation by one and the same person may take longer than the
/// longest wait: then that much is tried as well, or nobody could do two such services alone.
fn gaps(services: &[Need<'_>]) -> Vec<Vec<u32>> {
    let mut out = vec![vec![0]];
    for pair in services.windows(2) {
        let needed = (pair[0].blocks.cleanup + pair[1].blocks.prepare).next_multiple_of(GAP_STEP);
        let mut tried: Vec<u32> = (0..=GAP_MAX).step_by(GAP_STEP as usize).collect();
        if needed > GAP_MAX {
            tried.push(needed);
        }
        out.push(tried);
    }
    out.truncate(services.len());
    out
}
