//! What the generator knows while it works: houses, people, customers, and the rows made so far.

use super::{DemoLogin, PASSWORD, SeedOptions, Summary, logins, people::PersonSeed};
use crate::{
    entity::*,
    time::{date, day_number, instant, ms},
    token,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

pub(super) const TZ: Tz = Tz::Asia__Shanghai;
pub(super) const MINUTE: i64 = 60_000;

/// All rows, in the order of the tables' references.
#[derive(Default)]
pub(super) struct Rows {
    pub branch: Vec<branch::Model>,
    pub opening: Vec<opening::Model>,
    pub special_day: Vec<special_day::Model>,
    pub downtime: Vec<downtime::Model>,
    pub leave_note: Vec<leave_note::Model>,
    pub setting: Vec<setting::Model>,
    pub resource: Vec<resource::Model>,
    pub staff: Vec<staff::Model>,
    pub staff_skill: Vec<staff_skill::Model>,
    pub credential: Vec<credential::Model>,
    pub rota: Vec<rota::Model>,
    pub category: Vec<category::Model>,
    pub service: Vec<service::Model>,
    pub service_branch: Vec<service_branch::Model>,
    pub service_device: Vec<service_device::Model>,
    pub sop_step: Vec<sop_step::Model>,
    pub aftercare: Vec<aftercare::Model>,
    pub user_account: Vec<user_account::Model>,
    pub customer: Vec<customer::Model>,
    pub booking: Vec<booking::Model>,
    pub booking_item: Vec<booking_item::Model>,
    pub booking_event: Vec<booking_event::Model>,
    pub visit: Vec<visit::Model>,
    pub visit_service: Vec<visit_service::Model>,
    pub allocation: Vec<allocation::Model>,
    pub treatment_step: Vec<treatment_step::Model>,
    pub treatment_note: Vec<treatment_note::Model>,
    pub aftercare_told: Vec<aftercare_told::Model>,
    pub survey: Vec<survey::Model>,
    pub response: Vec<response::Model>,
    pub recheck: Vec<recheck::Model>,
    pub followup: Vec<followup::Model>,
    pub desk_question: Vec<desk_question::Model>,
    pub phone_call: Vec<phone_call::Model>,
    pub shift_handover: Vec<shift_handover::Model>,
    pub wristband: Vec<wristband::Model>,
    pub band_out: Vec<band_out::Model>,
    pub desk_script: Vec<desk_script::Model>,
    pub desk_link: Vec<desk_link::Model>,
}

pub(super) struct Person {
    pub id: Uuid,
    pub seed: &'static PersonSeed,
    /// The certificate for each skill.
    pub credentials: HashMap<&'static str, Uuid>,
    pub user: Option<Uuid>,
}

pub(super) struct House {
    pub id: Uuid,
    pub index: usize,
    /// Resource and type.
    pub rooms: Vec<(Uuid, &'static str)>,
    pub devices: Vec<(Uuid, &'static str)>,
    /// Indexes into [`World::people`] and [`World::menu`].
    pub people: Vec<usize>,
    pub menu: Vec<usize>,
    /// Customers who mostly come here, regulars first.
    pub customers: Vec<usize>,
}

/// A service with what booking it takes.
pub(super) struct Item {
    pub row: service::Model,
    pub qualification: &'static str,
    pub room: Option<&'static str>,
    pub device: Option<&'static str>,
    pub weight: u32,
    pub advice: Vec<Uuid>,
}

pub(super) struct World {
    pub rng: StdRng,
    pub options: SeedOptions,
    pub now: i64,
    pub today: i32,
    pub houses: Vec<House>,
    pub people: Vec<Person>,
    pub menu: Vec<Item>,
    pub rows: Rows,
    /// When each customer was first heard of.
    pub known_since: Vec<i64>,
    pub leave: HashSet<(usize, i32)>,
    numbers: HashSet<String>,
}

impl World {
    pub fn new(now: DateTime<Utc>, today: NaiveDate, options: SeedOptions) -> Self {
        Self {
            rng: StdRng::seed_from_u64(options.seed),
            options,
            now: ms(now),
            today: day_number(today),
            houses: Vec::new(),
            people: Vec::new(),
            menu: Vec::new(),
            rows: Rows::default(),
            known_since: Vec::new(),
            leave: HashSet::new(),
            numbers: HashSet::new(),
        }
    }

    /// An id as one made at that moment would be (UUID v7), with the rest from the generator.
    pub fn id(&mut self, at: i64) -> Uuid {
        let time = (at as u128 & 0xffff_ffff_ffff) << 80;
        let random: u128 = self.rng.random();
        Uuid::from_u128(time | 0x7 << 76 | random & (0xfff << 64 | 0x3fff_ffff_ffff_ffff) | 0x2 << 62)
    }

    /// A link's token and its hash.
    pub fn link(&mut self) -> (String, String) {
        let token = token::base64url(&self.rng.random::<[u8; 18]>());
        let hash = token::hash(&token);
        (token, hash)
    }

    pub fn number(&mut self, day: i32) -> String {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        loop {
            let tail: String = (0..5).map(|_| char::from(LETTERS[self.rng.random_range(0..32)])).collect();
            let number = format!("Y-{}-{tail}", date(day).format("%m%d"));
            if self.numbers.insert(number.clone()) {
                return number;
            }
        }
    }

    /// True in `n` of a thousand cases.
    pub fn chance(&mut self, n: u32) -> bool {
        self.rng.random_range(0..1000) < n
    }

    /// So many minutes with odd seconds, in milliseconds.
    pub fn minutes(&mut self, from: i64, to: i64) -> i64 {
        self.rng.random_range(from * 60..=to * 60) * 1000
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        match from.choose(&mut self.rng) {
            Some(one) => *one,
            None => from[0],
        }
    }

    /// When somebody works on a day: shift and break, in milliseconds.
    pub fn shift(&self, person: usize, day: i32) -> Option<[(i64, i64); 2]> {
        let seed = self.people[person].seed;
        if (day + person as i32 * 2).rem_euclid(7) < 2 || self.leave.contains(&(person, day)) {
            return None;
        }
        let (from, to, rest) = match (seed.branch, seed.late) {
            (2, true) => (960, 1500, 1200),
            (_, true) => (720, 1260, 990),
            (_, false) => (600, 1140, if person.is_multiple_of(2) { 780 } else { 810 }),
        };
        let at = |minutes| self.at(day, minutes);
        Some([(at(from), at(to)), (at(rest), at(rest + if seed.branch == 2 { 45 } else { 60 }))])
    }

    /// The instant of so many minutes after midnight.
    #[allow(clippy::unused_self)] // Reads like the rest.
    pub fn at(&self, day: i32, minutes: i32) -> i64 {
        ms(instant(TZ, date(day), minutes))
    }

    /// Whoever visits or books has been known since then at the latest.
    pub fn heard_of(&mut self, customer: usize, at: i64) {
        self.known_since[customer] = self.known_since[customer].min(at);
    }

    /// What can only be said at the end.
    pub fn finish(&mut self) {
        for (customer, since) in self.rows.customer.iter_mut().zip(&self.known_since) {
            customer.created_at = *since;
        }
    }

    pub fn summary(&self) -> Summary {
        let home = self.houses[0].id;
        let booking = self
            .rows
            .booking
            .iter()
            .filter(|b| {
                b.branch_id == home && b.state == "confirmed" && b.from_ms > self.now + 3 * 60 * MINUTE
            })
            .min_by_key(|b| b.from_ms);
        let queue = self.rows.visit.iter().find(|v| v.branch_id == home && v.state == "waiting");
        let survey = self
            .rows
            .survey
            .iter()
            .filter(|s| s.branch_id == home && s.answered_at.is_none())
            .max_by_key(|s| s.created_at);
        let logins: Vec<DemoLogin> = logins();
        Summary {
            logins,
            password: PASSWORD,
            booking: booking.map(|b| format!("/b/{}", b.token)),
            queue: queue.map(|v| format!("/q/{}", v.token)),
            survey: survey.map(|s| format!("/r/{}", s.token)),
            customers: self.rows.customer.len() as u64,
            bookings: self.rows.booking.len() as u64,
            visits: self.rows.visit.len() as u64,
            responses: self.rows.response.len() as u64,
        }
    }
}
