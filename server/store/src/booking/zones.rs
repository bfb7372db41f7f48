//! C-22: the times of a day equal a slow oracle in twenty zones over two years: on the days on which clocks change and
//! around them, at the ends of months, on the leap day, in hours that end at 23:59 or after midnight.

use super::{
    busy::Busy,
    plan::{For, Request},
};
use crate::{
    catalog::{Branch, Catalog, Credential, Person, Service, Thing},
    time::{at, day_number, instant, ms},
};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use domain::{
    Fen, Text,
    booking::rules::BookingPolicy,
    branch::BranchKind,
    ids::*,
    time::{Interval, IntervalSet},
};
use rstest::rstest;
use std::collections::BTreeSet;
use uuid::Uuid;

const MINUTE: i64 = 60_000;
/// What the test's times are multiples of, and what the oracle looks at.
const TICK: i64 = 5 * MINUTE;
/// 60 minutes with the customer, 5 before, 10 after.
const CUSTOMER: i64 = 60 * MINUTE;
const BEFORE: i64 = 5 * MINUTE;
const AFTER: i64 = 10 * MINUTE;

/// With clocks that change at midnight, by half an hour, by two hours, over Ramadan, and not at all.
const ZONES: [Tz; 20] = [
    Tz::Asia__Shanghai,
    Tz::Europe__Berlin,
    Tz::Europe__London,
    Tz::Europe__Dublin,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::America__St_Johns,
    Tz::America__Havana,
    Tz::America__Santiago,
    Tz::America__Sao_Paulo,
    Tz::Australia__Sydney,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Chatham,
    Tz::Pacific__Apia,
    Tz::Asia__Beirut,
    Tz::Asia__Kathmandu,
    Tz::Africa__Cairo,
    Tz::Africa__Casablanca,
    Tz::Antarctica__Troll,
    Tz::UTC,
];

/// Opening hours in minutes after midnight: a salon, one until 23:59, a bathhouse, a night, over midnight, and hours
/// that begin while clocks change.
const HOURS: [(i32, i32); 6] =
    [(600, 1260), (840, 1439), (660, 1560), (1320, 1800), (1410, 1530), (130, 315)];

/// The first moment at which the clock on the wall shows `wall` or later, found by looking at the clock.
fn moment(tz: Tz, wall: NaiveDateTime) -> i64 {
    let around = wall.and_utc().timestamp_millis();
    let shows = |t: i64| tz.from_utc_datetime(&at(t).naive_utc()).naive_local();
    (around - 16 * 60 * MINUTE..).step_by(MINUTE as usize * 5).find(|t| shows(*t) >= wall).unwrap()
}

/// As [`moment`]; a minute that is no multiple of five is looked for from the one before.
fn on(tz: Tz, day: NaiveDate, minutes: i32) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    let rest = minutes % 5;
    moment(tz, midnight + Duration::minutes(i64::from(minutes - rest))) + i64::from(rest) * MINUTE
}

fn inside(spans: &[(i64, i64)], from: i64, to: i64) -> bool {
    (from..to).step_by(TICK as usize).all(|t| spans.iter().any(|(a, b)| *a <= t && t < *b))
}

/// A branch with one person who does one service in one room.
struct House {
    tz: Tz,
    hours: (i32, i32),
}

impl House {
    /// From three quarters of an hour after the opening until an hour after closing, with half an hour of break.
    fn shift(&self) -> [(i32, i32); 2] {
        let (open, close) = self.hours;
        [(open + 45, open + 90), (open + 120, close + 60)]
    }

    fn catalog(&self, day: NaiveDate) -> Catalog {
        let part = |(from, to)| Interval::new(instant(self.tz, day, from), instant(self.tz, day, to));
        let work = self.shift().into_iter().filter_map(part).collect::<Vec<_>>();
        let mut special = std::collections::HashMap::new();
        for other in [day - Duration::days(1), day + Duration::days(1)] {
            special.insert(day_number(other), None);
        }
        let branch = Branch {
            id: BranchId(Uuid::from_u128(1)),
            slug: "x".into(),
            kind: BranchKind::SkinCentre,
            brand: Text::new("x", "x"),
            name: Text::new("x", "x"),
            address: Text::new("x", "x"),
            phone: String::new(),
            tz: self.tz,
            policy: BookingPolicy::default(),
            opening: std::array::from_fn(|_| vec![self.hours]),
            special,
        };
        let qualification = "facial".to_owned();
        let credential = Credential {
            id: CredentialId(Uuid::from_u128(5)),
            qualification: qualification.clone(),
            from: day,
            to: day,
        };
        let person = Person {
            id: StaffId(Uuid::from_u128(2)),
            name: Text::new("x", "x"),
            title: Text::new("x", "x"),
            initials: String::new(),
            bookable: true,
            left: false,
            down: false,
            position: 1,
            skills: vec![qualification],
            credentials: vec![credential],
            shifts: work.clone(),
            work: IntervalSet::from_intervals(work),
        };
        let room = Thing {
            id: ResourceId(Uuid::from_u128(3)),
            type_code: "facial".into(),
            name: Text::new("x", "x"),
            active: true,
            retired: false,
            down: vec![],
        };
        Catalog::of(branch, vec![person], vec![room], vec![service()])
    }

    /// Every time of the day with whether it is free, found by looking at every fifth minute.
    fn oracle(&self, day: NaiveDate, now: i64) -> Vec<(i64, bool)> {
        let (open, close) = (on(self.tz, day, self.hours.0), on(self.tz, day, self.hours.1));
        let work = self.shift().map(|(from, to)| (on(self.tz, day, from), on(self.tz, day, to)));
        let (earliest, latest) = (now + 120 * MINUTE, now + 90 * 24 * 60 * MINUTE);
        (open..close)
            .step_by(15 * MINUTE as usize)
            .filter(|t| *t + CUSTOMER <= close && earliest <= *t && *t <= latest)
            .map(|t| (t, inside(&work, t - BEFORE, t + CUSTOMER + AFTER)))
            .collect()
    }
}

fn service() -> Service {
    Service {
        id: ServiceId(Uuid::from_u128(4)),
        category: "face".into(),
        name: Text::new("x", "x"),
        summary: Text::new("x", "x"),
        swatch: String::new(),
        price: Fen(1),
        prepare: 5,
        active: 50,
        processing: 0,
        finish: 10,
        cleanup: 10,
        qualification: "facial".into(),
        room_type: Some("facial".into()),
        devices: vec![],
        arrive_early: 0,
        precautions: Text::new("x", "x"),
        online: true,
        needs_first: None,
        retired: false,
        version: 1,
        steps: vec![],
        aftercare: vec![],
    }
}

/// Those of two years on which something could go wrong.
fn days(tz: Tz) -> BTreeSet<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let offset = |day: NaiveDate| tz.offset_from_utc_datetime(&day.and_time(NaiveTime::MIN)).fix();
    let mut out = BTreeSet::new();
    for day in first.iter_days().take(731) {
        let next = day + Duration::days(1);
        if offset(day) != offset(next) {
            out.extend((-2..=2).map(|n| day + Duration::days(n)));
        }
        if next.day() == 1 {
            out.extend([day, next]);
        }
    }
    out.extend([28, 29].map(|d| NaiveDate::from_ymd_opt(2028, 2, d).unwrap()));
    out
}

#[rstest]
fn times_equal_the_oracle(#[values(0, 1, 2, 3)] quarter: usize) {
    let mut seen = (0, 0, 0);
    for tz in ZONES.into_iter().skip(quarter).step_by(4) {
        for (n, day) in days(tz).into_iter().enumerate() {
            let house = House { tz, hours: HOURS[n % HOURS.len()] };
            let catalog = house.catalog(day);
            let open = on(tz, day, house.hours.0);
            // Long before; in the middle of the day; so that the horizon ends in the middle of it.
            for now in [open - 3 * 24 * 60 * MINUTE, open - 30 * MINUTE, open - (90 * 24 - 3) * 60 * MINUTE] {
                let ids = [ServiceId(Uuid::from_u128(4))];
                let request = Request::new(&catalog, &ids, None, at(now), For::Customer).unwrap();
                let slots = request.ask(day, &Busy::default(), |s| s.slots());
                let got: Vec<(i64, bool)> = slots.iter().map(|s| (s.at, s.free)).collect();
                let want = house.oracle(day, now);
                assert_eq!(got, want, "{tz} {day} {:?}", house.hours);
                for (t, free) in want {
                    assert_eq!(request.day_of(t), day, "{tz} {day} {}: {}", t, at(t));
                    seen.0 += usize::from(free);
                    seen.1 += usize::from(!free);
                }
                seen.2 += 1;
            }
        }
    }
    assert!(seen.0 > 5_000 && seen.1 > 2_000 && seen.2 > 500, "{seen:?}: too little was compared");
}

/// The clock of the tables is the oracle's, for every quarter of an hour of the days on which clocks change.
#[test]
fn moments_equal_the_oracle() {
    for tz in ZONES {
        for day in days(tz) {
            for minutes in (0..1440).step_by(35) {
                assert_eq!(ms(instant(tz, day, minutes)), on(tz, day, minutes), "{tz} {day} {minutes}");
            }
        }
    }
}
