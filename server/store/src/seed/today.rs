//! The day in progress: some are done, some are being served, some wait, the rest is expected.

use super::{
    day::{Guests, tickets},
    emit::{Course, Made, allocations, booking, visit},
    history::{as_booked, without_booking},
    people::BRANCHES,
    place::{Part, Plan, Taken, blocks, fill, try_at},
    world::{MINUTE, World},
};
use domain::booking::{BookingState, slots::Span};
use rand::{Rng, seq::SliceRandom};
use std::{cmp::Reverse, collections::HashMap};

/// Chance of a customer at each free half hour of each person, in a thousand.
const BUSY: u32 = 460;

pub(super) fn build(w: &mut World) {
    for house in 0..w.houses.len() {
        let first = w.rows.visit.len();
        let (mut taken, mut guests) = (Taken::default(), Guests::default());
        let chance = BUSY * w.options.pace.clamp(40, 100) / 100;
        let mut plans = around_now(w, &mut taken, house);
        plans.extend(fill(w, &mut taken, house, w.today, chance));
        plans.sort_by_key(|plan| (plan.from(), plan.person));
        let mut day = Day { busy: HashMap::new(), late: 0, waiting: 0, serving: 0 };
        for plan in plans {
            let customer = guests.choose(w, house);
            if plan.to() + 2 * MINUTE < w.now {
                day.over(w, plan, customer);
            } else if plan.from() <= w.now {
                day.under_way(w, plan, customer);
            } else {
                day.later(w, plan, customer);
            }
        }
        walk_ins(w, house, &mut guests);
        tickets(w, first);
    }
}

/// Some for whom it has just begun, and some who are expected soon: every board has both, as long as people are there.
fn around_now(w: &mut World, taken: &mut Taken, house: usize) -> Vec<Plan> {
    let quarter = 15 * MINUTE;
    let now = w.now.div_euclid(quarter) * quarter;
    let mut plans = Vec::new();
    for (n, person) in w.houses[house].people.clone().into_iter().enumerate() {
        let just_begun = plans.len() < 3;
        let starts = if just_begun { [-4, -3, -2, -5] } else { [2, 4, 3, 6] };
        let found = (0..4).find_map(|i| {
            let at = now + starts[(i + n) % 4] * quarter;
            try_at(w, taken, house, person, w.today, at, true)
        });
        plans.extend(found);
    }
    plans
}

/// How far a house's day has come.
struct Day {
    /// Until when each person has been with a customer; in the future while one is being served.
    busy: HashMap<usize, i64>,
    late: u32,
    waiting: u32,
    serving: u32,
}

impl Day {
    fn over(&mut self, w: &mut World, mut plan: Plan, customer: usize) {
        let day = w.today;
        let walk_in = w.chance(BRANCHES[plan.house].walk_ins * 10);
        let mut course = if walk_in { without_booking(w, &plan) } else { as_booked(w, &plan) };
        let last = course.runs.last().and_then(|(_, end)| *end).unwrap_or(0);
        // All of it has to lie before now: an hour of a late start is not worth a story here.
        let shift = (last - (w.now - MINUTE)).max(0);
        course.arrived -= shift;
        course.contact = course.contact.map(|at| at - shift);
        course.told = course.told.map(|at| at - shift);
        for run in &mut course.runs {
            *run = (run.0 - shift, run.1.map(|at| at - shift));
        }
        self.busy.insert(plan.person, last - shift);
        if walk_in {
            let services = visit(w, &plan, day, customer, None, &course);
            free_rest(w, &mut plan, &course);
            return allocations(w, &plan, None, &services, true);
        }
        let lost = match w.rng.random_range(0..100) {
            0..5 => Some((BookingState::CancelledByCustomer, plan.from() - 5 * 60 * MINUTE)),
            5..8 if plan.from() + 35 * MINUTE < w.now => {
                Some((BookingState::NoShow, plan.from() + 31 * MINUTE))
            }
            _ => None,
        };
        if let Some((state, at)) = lost {
            let made = booking(w, &plan, day, customer, state, at);
            return allocations(w, &plan, Some(&made), &[], false);
        }
        let made = booking(w, &plan, day, customer, BookingState::Completed, last - shift);
        let services = visit(w, &plan, day, customer, Some(&made), &course);
        free_rest(w, &mut plan, &course);
        allocations(w, &plan, Some(&made), &services, true);
    }

    /// Begun, or about to.
    fn under_way(&mut self, w: &mut World, plan: Plan, customer: usize) {
        let free = self.busy.get(&plan.person).is_none_or(|until| *until < w.now);
        let since = w.now - plan.from();
        if !free || since < 3 * MINUTE {
            return self.waits(w, plan, customer);
        }
        if self.late < 2 && self.serving > 1 && (4 * MINUTE..25 * MINUTE).contains(&since) && w.chance(300) {
            self.late += 1;
            return expected(w, &plan, customer);
        }
        self.serving += 1;
        let planned = plan.from();
        let arrived = planned - w.minutes(1, 14);
        let contact = planned + w.minutes(0, 1);
        let mut at =
            (contact + w.minutes(0, 1)).max(self.busy.get(&plan.person).copied().unwrap_or(0) + MINUTE);
        at = at.min(w.now - MINUTE / 2);
        let mut runs = Vec::new();
        for part in &plan.parts {
            let length = part.served.to - part.served.from;
            if at > w.now {
                break;
            }
            let more = runs.len() + 1 < plan.parts.len();
            let end = (more && at + length < w.now).then_some(at + length);
            runs.push((at, end));
            match end {
                Some(end) => at = end + MINUTE / 2,
                None => break,
            }
        }
        // Between two services: the second one has just begun.
        if runs.last().is_some_and(|(_, end)| end.is_some()) && runs.len() < plan.parts.len() {
            runs.push((w.now - MINUTE / 4, None));
        }
        self.busy.insert(plan.person, plan.to().max(w.now + MINUTE));
        let course = Course { arrived, contact: Some(contact.min(at)), runs, ..Course::default() };
        let made = booking(w, &plan, w.today, customer, BookingState::InService, at);
        let services = visit(w, &plan, w.today, customer, Some(&made), &course);
        allocations(w, &plan, Some(&made), &services, true);
    }

    fn later(&mut self, w: &mut World, plan: Plan, customer: usize) {
        if plan.from() - w.now < 12 * MINUTE && w.chance(350) {
            return self.waits(w, plan, customer);
        }
        // Who will come without a booking is not known yet.
        if w.chance(BRANCHES[plan.house].walk_ins * 10) {
            return;
        }
        if w.chance(60) {
            let at = w.now - 90 * MINUTE;
            let made = booking(w, &plan, w.today, customer, BookingState::CancelledByCustomer, at);
            return allocations(w, &plan, Some(&made), &[], false);
        }
        expected(w, &plan, customer);
    }

    /// Has come and waits.
    fn waits(&mut self, w: &mut World, plan: Plan, customer: usize) {
        // More than a few at once would be a bad day.
        if self.waiting >= 3 && plan.from() > w.now - 20 * MINUTE {
            return expected(w, &plan, customer);
        }
        self.waiting += 1;
        let arrived = (plan.from() - w.minutes(1, 10)).min(w.now - MINUTE / 2);
        let assigned = plan.from() <= w.now && self.busy.get(&plan.person).is_none_or(|until| *until < w.now);
        if assigned {
            self.busy.insert(plan.person, w.now + MINUTE);
        }
        let course = Course { arrived, assigned, ..Course::default() };
        let made: Made = booking(w, &plan, w.today, customer, BookingState::Arrived, arrived);
        let services = visit(w, &plan, w.today, customer, Some(&made), &course);
        allocations(w, &plan, Some(&made), &services, true);
    }
}

fn expected(w: &mut World, plan: &Plan, customer: usize) {
    let state = if w.chance(140) { BookingState::Booked } else { BookingState::Confirmed };
    let made = booking(w, plan, w.today, customer, state, 0);
    allocations(w, plan, Some(&made), &[], true);
}

/// A person's time ends with the service, not as planned.
fn free_rest(w: &World, plan: &mut Plan, course: &Course) {
    let person = w.people[plan.person].id;
    for (part, (_, end)) in plan.parts.iter_mut().zip(&course.runs) {
        let Some(end) = *end else { continue };
        for (_, span) in part.takes.iter_mut().filter(|(id, span)| *id == person && span.from < end) {
            span.to = span.to.min(end);
        }
    }
}

/// Three without a booking, each for something else: one who waits too long, one near the limit, one who has just come.
fn walk_ins(w: &mut World, house: usize, guests: &mut Guests) {
    let on_shift = |w: &World, person: &usize| {
        w.shift(*person, w.today).is_some_and(|[shift, _]| shift.0 <= w.now && w.now < shift.1 - 90 * MINUTE)
    };
    let people: Vec<usize> = w.houses[house].people.iter().copied().filter(|p| on_shift(w, p)).collect();
    let mut wanted: Vec<(usize, usize)> = Vec::new();
    for item in w.houses[house].menu.iter().copied() {
        let (menu, minutes) = (&w.menu[item], blocks(w, item).customer());
        let able = people.iter().find(|p| w.people[**p].seed.skills.contains(&menu.qualification));
        // Who has not booked has no hours to spend.
        wanted.extend(able.filter(|_| menu.row.price_fen > 0 && minutes <= 60).map(|person| (*person, item)));
    }
    wanted.sort_by_key(|(_, item)| Reverse(w.menu[*item].weight));
    wanted.truncate(6);
    wanted.shuffle(&mut w.rng);
    let waits = [(19 * MINUTE + 20_000, true), (12 * MINUTE + 40_000, false), (4 * MINUTE + 10_000, false)];
    for ((person, item), (waited, told)) in wanted.into_iter().zip(waits) {
        let customer = guests.choose(w, house);
        let served = Span { from: w.now, to: w.now + MINUTE };
        let plan = Plan { house, person, parts: vec![Part { item, room: None, served, takes: Vec::new() }] };
        let arrived = w.now - waited;
        let told = told.then_some(w.now - 7 * MINUTE);
        visit(w, &plan, w.today, customer, None, &Course { arrived, told, ..Course::default() });
    }
}
