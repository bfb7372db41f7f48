//! Finding people, rooms and devices for a day's customers, so that nothing is booked twice.

use super::world::{MINUTE, World};
use domain::booking::slots::{Blocks, Span};
use rand::{Rng, seq::SliceRandom};
use std::collections::HashMap;
use uuid::Uuid;

/// What is taken on a day.
#[derive(Default)]
pub(super) struct Taken(HashMap<Uuid, Vec<Span>>);

impl Taken {
    fn is_free(&self, id: Uuid, span: Span) -> bool {
        self.0.get(&id).is_none_or(|all| !all.iter().any(|s| s.from < span.to && span.from < s.to))
    }

    fn add(&mut self, id: Uuid, span: Span) {
        self.0.entry(id).or_default().push(span);
    }
}

/// One service of a plan.
#[derive(Clone)]
pub(super) struct Part {
    /// Index into the menu.
    pub item: usize,
    pub room: Option<Uuid>,
    pub served: Span,
    /// Everything that is taken, people first.
    pub takes: Vec<(Uuid, Span)>,
}

/// A visit as it could be: one or two services by one person.
#[derive(Clone)]
pub(super) struct Plan {
    pub house: usize,
    pub person: usize,
    pub parts: Vec<Part>,
}

impl Plan {
    pub fn from(&self) -> i64 {
        self.parts.first().map_or(0, |p| p.served.from)
    }

    pub fn to(&self) -> i64 {
        self.parts.last().map_or(0, |p| p.served.to)
    }
}

pub(super) fn blocks(w: &World, item: usize) -> Blocks {
    let row = &w.menu[item].row;
    let n = |minutes: i32| u32::try_from(minutes).unwrap_or(0);
    Blocks {
        prepare: n(row.prepare_min),
        active: n(row.active_min),
        processing: n(row.processing_min),
        finish: n(row.finish_min),
        cleanup: n(row.cleanup_min),
    }
}

/// Plans for a day: everybody's shift is walked through in quarters of an hour, and at each free one somebody comes
/// with this chance (in a thousand).
pub(super) fn fill(w: &mut World, taken: &mut Taken, house: usize, day: i32, chance: u32) -> Vec<Plan> {
    let mut people = w.houses[house].people.clone();
    people.shuffle(&mut w.rng);
    let mut plans = Vec::new();
    for person in people {
        let Some([(from, to), _]) = w.shift(person, day) else { continue };
        let mut at = from;
        while at < to {
            let plan =
                w.chance(chance).then(|| try_at(w, taken, house, person, day, at, chance >= 900)).flatten();
            match plan {
                Some(plan) => {
                    let quarter = 15 * MINUTE;
                    at = (plan.to() + quarter - 1).div_euclid(quarter) * quarter;
                    plans.push(plan);
                }
                None => at += if chance >= 900 { 15 } else { 30 } * MINUTE,
            }
        }
    }
    plans.sort_by_key(|plan| (plan.from(), plan.person));
    plans
}

/// Somebody comes at `at` to this person, if it is free; on a full day the person does whatever fits.
pub(super) fn try_at(
    w: &mut World,
    taken: &mut Taken,
    house: usize,
    person: usize,
    day: i32,
    at: i64,
    full: bool,
) -> Option<Plan> {
    for _ in 0..if full { 8 } else { 2 } {
        let item = choose(w, house, person)?;
        let at = at + i64::from(blocks(w, item).prepare.div_ceil(15) * 15) * MINUTE;
        let Some(first) = part(w, taken, house, person, day, item, at) else { continue };
        take(taken, &first);
        let mut parts = vec![first];
        // Some have a second service, with the same person.
        if w.chance(150)
            && let Some(item) = choose(w, house, person)
        {
            let at = parts[0].served.to + 15 * MINUTE;
            let at = at.div_euclid(15 * MINUTE) * (15 * MINUTE);
            if item != parts[0].item
                && let Some(second) = part(w, taken, house, person, day, item, at)
            {
                take(taken, &second);
                parts.push(second);
            }
        }
        return Some(Plan { house, person, parts });
    }
    None
}

fn take(taken: &mut Taken, part: &Part) {
    for (id, span) in &part.takes {
        taken.add(*id, *span);
    }
}

/// A service of the house that the person has learnt; popular ones more often.
fn choose(w: &mut World, house: usize, person: usize) -> Option<usize> {
    let skills = w.people[person].seed.skills;
    let can = w.houses[house].menu.iter().filter(|i| skills.contains(&w.menu[**i].qualification));
    let can: Vec<(usize, u32)> = can.map(|i| (*i, w.menu[*i].weight)).collect();
    let all: u32 = can.iter().map(|(_, weight)| weight).sum();
    let mut n = w.rng.random_range(0..all.max(1));
    for (item, weight) in can {
        if n < weight {
            return Some(item);
        }
        n -= weight;
    }
    None
}

fn part(
    w: &World,
    taken: &Taken,
    house: usize,
    person: usize,
    day: i32,
    item: usize,
    at: i64,
) -> Option<Part> {
    let blocks = blocks(w, item);
    let (whole, menu) = (blocks.room(at), &w.menu[item]);
    let [shift, rest] = w.shift(person, day)?;
    let mut takes = Vec::new();
    for span in blocks.person(at).into_iter().flatten() {
        let at_work =
            shift.0 <= span.from && span.to <= shift.1 && (span.to <= rest.0 || rest.1 <= span.from);
        let id = w.people[person].id;
        if !at_work || !taken.is_free(id, span) {
            return None;
        }
        takes.push((id, span));
    }
    let free = |things: &[(Uuid, &'static str)], kind: &str| {
        things.iter().find(|(id, of)| *of == kind && taken.is_free(*id, whole)).map(|(id, _)| *id)
    };
    let room = match menu.room {
        Some(kind) => Some(free(&w.houses[house].rooms, kind)?),
        None => None,
    };
    takes.extend(room.map(|id| (id, whole)));
    if let Some(kind) = menu.device {
        takes.push((free(&w.houses[house].devices, kind)?, whole));
    }
    Some(Part { item, room, served: blocks.served(at), takes })
}
