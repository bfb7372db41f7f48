//! The days before today, and the bookings of the days after it.

use super::{
    day::{Guests, tickets},
    emit::{Course, allocations, booking, visit},
    names::{BLAME, MILD, PRAISE},
    people::BRANCHES,
    place::{Plan, Taken, fill},
    world::{MINUTE, World},
};
use crate::{
    entity::{response, survey},
    time::{DAY_MS, date},
};
use domain::{
    booking::BookingState,
    survey::{QUESTIONNAIRE, SURVEY_DAYS},
    time::weekday,
};
use rand::Rng;
use uuid::Uuid;

/// Chance of a customer at each free half hour of each person, by weekday, in a thousand.
const WEEK: [u32; 7] = [98, 110, 118, 134, 176, 244, 208];
/// The same for the days after today; a Saturday is full.
const AHEAD: [u32; 14] = [560, 1000, 720, 160, 110, 200, 330, 420, 900, 260, 80, 60, 90, 120];

pub(super) fn build(w: &mut World) {
    for day in w.today - w.options.days_back..w.today {
        for (house, seed) in BRANCHES.iter().enumerate() {
            let first = w.rows.visit.len();
            let season = 90 + (day * 7).rem_euclid(25) as u32;
            let ordinary = WEEK[usize::from(weekday(date(day)))] * seed.pace;
            let chance = ordinary * season * w.options.pace / 1_000_000;
            let (mut taken, mut guests) = (Taken::default(), Guests::default());
            for plan in fill(w, &mut taken, house, day, chance) {
                let customer = guests.choose(w, house);
                past(w, &plan, day, customer);
            }
            tickets(w, first);
        }
    }
}

pub(super) fn build_ahead(w: &mut World) {
    for ahead in 1..=w.options.days_booked {
        let day = w.today + ahead;
        // Full where the list says so and on the first Saturday, whatever day it is today.
        let chance = match (weekday(date(day)), AHEAD[(ahead as usize - 1) % AHEAD.len()]) {
            (5, _) if ahead <= 7 => 1000,
            (_, 1000) => 480,
            (_, chance) => chance,
        };
        let chance = if w.options.pace < 100 { chance * w.options.pace / 100 } else { chance };
        for house in 0..w.houses.len() {
            let (mut taken, mut guests) = (Taken::default(), Guests::default());
            for plan in fill(w, &mut taken, house, day, chance) {
                let customer = guests.choose(w, house);
                let state = if w.chance(120) { BookingState::Booked } else { BookingState::Confirmed };
                let made = booking(w, &plan, day, customer, state, 0);
                allocations(w, &plan, Some(&made), &[], true);
            }
        }
    }
}

/// A visit of another day, or what became of it.
fn past(w: &mut World, plan: &Plan, day: i32, customer: usize) {
    let walk_ins = BRANCHES[plan.house].walk_ins * 10;
    if w.chance(walk_ins) {
        let course = without_booking(w, plan);
        let services = visit(w, plan, day, customer, None, &course);
        allocations(w, plan, None, &services, true);
        return;
    }
    let lost = match w.rng.random_range(0..1000) {
        0..44 => Some((BookingState::CancelledByCustomer, plan.from() - 26 * 60 * MINUTE)),
        44..49 => Some((BookingState::CancelledBySalon, plan.from() - 5 * 60 * MINUTE)),
        49..78 => Some((BookingState::NoShow, plan.from() + 30 * MINUTE)),
        _ => None,
    };
    if let Some((state, at)) = lost {
        let made = booking(w, plan, day, customer, state, at);
        allocations(w, plan, Some(&made), &[], false);
        return;
    }
    let course = as_booked(w, plan);
    let end = course.runs.last().and_then(|(_, end)| *end).unwrap_or_else(|| plan.to());
    let made = booking(w, plan, day, customer, BookingState::Completed, end);
    let services = visit(w, plan, day, customer, Some(&made), &course);
    allocations(w, plan, Some(&made), &services, true);
}

/// How a booked visit went that is over.
pub(super) fn as_booked(w: &mut World, plan: &Plan) -> Course {
    let planned = plan.from();
    let late = w.chance(115);
    let arrived = if late { planned + w.minutes(1, 18) } else { planned - w.minutes(0, 17) };
    let ready = arrived.max(planned);
    let slow = [8, 20, 10][plan.house];
    let wait = match w.rng.random_range(0..1000) {
        n if n < slow / 3 => w.minutes(16, 27),
        n if n < slow => w.minutes(6, 14),
        _ => w.minutes(0, 2),
    };
    course(w, plan, arrived, ready, wait)
}

/// How the visit of somebody without a booking went that is over.
pub(super) fn without_booking(w: &mut World, plan: &Plan) -> Course {
    let slow = [7, 14, 9][plan.house];
    let wait = match w.rng.random_range(0..1000) {
        n if n < slow => w.minutes(16, 31),
        n if n < 280 => w.minutes(7, 14),
        _ => w.minutes(0, 6),
    };
    let arrived = plan.from() - wait;
    course(w, plan, arrived, arrived, wait)
}

fn course(w: &mut World, plan: &Plan, arrived: i64, ready: i64, wait: i64) -> Course {
    let contact = ready + wait;
    let long = wait > 15 * MINUTE;
    let reasons =
        ["previous_overran", "previous_overran", "too_few_people", "room_not_ready", "system_or_desk"];
    let mut at = contact + w.minutes(0, 2);
    let mut runs = Vec::new();
    for part in &plan.parts {
        let length = part.served.to - part.served.from;
        let end = at + (length - w.minutes(-2, 5)).max(5 * MINUTE);
        runs.push((at, Some(end)));
        at = end + w.minutes(1, 3);
    }
    Course {
        arrived,
        contact: Some(contact),
        runs,
        assigned: false,
        told: long.then_some(ready + 11 * MINUTE),
        reason: long.then(|| w.pick(&reasons)),
    }
}

/// The link of the rating, and for a third of the visits the answer (SURVEY-1).
pub(super) fn rating(w: &mut World, house: usize, visit: Uuid, customer: usize, done: i64, wait: i64) {
    let (id, (token, token_hash)) = (w.id(done), w.link());
    let soon = w.minutes(3, 90);
    let later = w.minutes(90, 52 * 60);
    let at = done + if w.chance(600) { soon } else { later };
    let answered = w.chance(355) && at < w.now;
    let branch_id = w.houses[house].id;
    w.rows.survey.push(survey::Model {
        id,
        visit_id: visit,
        branch_id,
        token_hash,
        token,
        created_at: done,
        expires_at: done + SURVEY_DAYS * DAY_MS,
        answered_at: answered.then_some(at),
    });
    if answered {
        let row = answer(w, house, at, wait);
        let response_id = w.id(at);
        w.rows.response.push(response::Model {
            id: response_id,
            survey_id: id,
            visit_id: visit,
            branch_id,
            customer_id: Some(w.rows.customer[customer].id),
            ..row
        });
    }
}

fn answer(w: &mut World, house: usize, at: i64, wait: i64) -> response::Model {
    let unhappy = [70, 92, 80][house] + if wait > 15 * MINUTE { 450 } else { 0 };
    let overall = match w.rng.random_range(0..1000) {
        n if n < unhappy / 6 => 1,
        n if n < unhappy / 3 => 2,
        n if n < unhappy => 3,
        n if n < unhappy + 310 => 4,
        _ => 5,
    };
    let dirty = [28, 62, 34][house];
    let seen = [18, 22, 38][house];
    let mut near = |most: i32| (overall + w.rng.random_range(-1..=1)).clamp(1, most);
    let (a, b, c, d, e) = (near(5), near(5), near(5), near(5), near(5));
    let theme = |w: &mut World, bad: u32| {
        if w.chance(bad) { w.rng.random_range(1..=3) } else { w.rng.random_range(4..=5) }
    };
    let (hygiene, privacy) = (theme(w, dirty), theme(w, seen));
    let waiting = if wait > 15 * MINUTE { w.rng.random_range(1..=3) } else { w.rng.random_range(4..=5) };
    let nps = match overall {
        5 => w.rng.random_range(8..=10),
        4 => w.rng.random_range(7..=9),
        3 => w.rng.random_range(4..=7),
        _ => w.rng.random_range(0..=4),
    };
    let words: Option<&[&str]> = match overall {
        5 | 4 => w.chance(260).then_some(&PRAISE[..]),
        3 => w.chance(600).then_some(&MILD[..]),
        _ => w.chance(850).then_some(&BLAME[..]),
    };
    let comment = words.map(|words| w.pick(words).to_owned());
    // Not everybody answers every question.
    let some = |w: &mut World, score: i32| w.chance(930).then_some(score);
    response::Model {
        id: Uuid::nil(),
        survey_id: Uuid::nil(),
        visit_id: Uuid::nil(),
        branch_id: Uuid::nil(),
        customer_id: None,
        at,
        questionnaire: QUESTIONNAIRE,
        overall,
        reliability: some(w, a),
        responsiveness: some(w, b),
        assurance: some(w, c),
        empathy: some(w, d),
        tangibles: some(w, e),
        hygiene: some(w, hygiene),
        privacy: some(w, privacy),
        waiting: some(w, waiting),
        nps: some(w, nps),
        comment,
        wants_call: if overall <= 2 { w.chance(450) } else { w.chance(8) },
        key: None,
    }
}
