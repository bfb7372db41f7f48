//! What is offered can be booked when nobody else acts, and what is not offered is refused (BOOK-4): in made-up worlds
//! of rotas, leave, special days, certificates, blocks and bookings, through public verbs, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod booking_help;

use booking_help::*;
use chrono::{Duration, NaiveDate};
use domain::{
    Refusal, ServiceId, StaffId,
    booking::{Hold, HoldView},
};
use fixture::{BUBBLE, CHEN, HYDRATE, LIGHT, LIN, TZ, ZHOU};
use store::{Error, booking, both_databases, time};

/// Numbers that look made up but are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

fn day() -> NaiveDate {
    "2026-06-18".parse().unwrap()
}

/// Makes a day of the fixture's salon another one.
async fn shake(h: &Harness, dice: &mut Dice) {
    let number = time::day_number(day());
    let (from, to) = (time::ms(time::instant(TZ, day(), 0)), time::ms(time::instant(TZ, day(), 1440)));
    h.sql(&format!("DELETE FROM rota WHERE from_ms >= {from} AND from_ms < {to}")).await;
    h.sql(&format!("DELETE FROM special_day WHERE day = {number}")).await;
    h.sql("UPDATE allocation SET active = FALSE WHERE active").await;
    let jingan = h.uuid_literal(fixture::JINGAN.0);
    for person in [LIN, ZHOU, CHEN] {
        let begin = dice.of(&[570, 600, 660, 725]);
        let end = begin + dice.of(&[240, 360, 475, 540]);
        let rest = begin + dice.of(&[60, 125, 180]);
        let mut rows = vec![("shift", begin, end), ("break", rest, rest + dice.of(&[20, 45, 60]))];
        if dice.below(4) == 0 {
            rows.push(("leave", end - 100, end));
        }
        for (kind, a, b) in rows {
            let id = h.uuid_literal(uuid());
            let (person, at) = (h.uuid_literal(person.0), |m: i32| time::ms(time::instant(TZ, day(), m)));
            h.sql(&format!(
                "INSERT INTO rota (id, staff_id, branch_id, kind, from_ms, to_ms) VALUES ({id}, {person}, {jingan}, '{kind}', {}, {})",
                at(a), at(b)
            ))
            .await;
        }
    }
    if dice.below(3) == 0 {
        let (open, close) = (dice.of(&[600, 640, 720]), dice.of(&[1080, 1200, 1320]));
        h.sql(&format!(
            "INSERT INTO special_day (branch_id, day, closed, open_min, close_min) VALUES ({jingan}, {number}, FALSE, {open}, {close})"
        ))
        .await;
    }
    // CERT: on the day itself it is still valid, the day after it is not.
    let last = number - i32::from(dice.below(3) == 0);
    h.sql(&format!(
        "UPDATE credential SET valid_to_day = {last} WHERE staff_id = {}",
        h.uuid_literal(ZHOU.0)
    ))
    .await;
    for service in [HYDRATE, BUBBLE, LIGHT] {
        let blocks = [
            dice.of(&[0, 5, 10]),
            dice.of(&[20, 45]),
            dice.of(&[0, 15, 40]),
            dice.of(&[5, 10]),
            dice.of(&[0, 10, 25]),
        ];
        let [prepare, active, processing, finish, cleanup] = blocks;
        h.sql(&format!(
            "UPDATE service SET prepare_min = {prepare}, active_min = {active}, processing_min = {processing}, \
             finish_min = {finish}, cleanup_min = {cleanup} WHERE id = {}",
            h.uuid_literal(service.0)
        ))
        .await;
    }
}

fn uuid() -> uuid::Uuid {
    domain::BookingId::new().0
}

fn wish(dice: &mut Dice) -> (Vec<ServiceId>, Option<StaffId>) {
    let services: &[ServiceId] = match dice.below(6) {
        0 => &[HYDRATE],
        1 => &[BUBBLE],
        2 => &[LIGHT],
        3 => &[BUBBLE, HYDRATE],
        4 => &[HYDRATE, LIGHT],
        _ => &[BUBBLE, LIGHT, BUBBLE],
    };
    let who = if services == [LIGHT] {
        dice.of(&[None, Some(LIN)])
    } else {
        dice.of(&[None, None, Some(LIN), Some(ZHOU), Some(CHEN)])
    };
    (services.to_vec(), who)
}

async fn try_hold(
    h: &Harness,
    services: &[ServiceId],
    who: Option<StaffId>,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<HoldView, Error> {
    let cmd = Hold { branch: "jingan".into(), services: services.to_vec(), who, at, key: key() };
    booking::hold(&h.stranger(), cmd).await
}

async fn one_world(h: &Harness, dice: &mut Dice) -> (usize, usize) {
    shake(h, dice).await;
    // Some of the day is taken already, by whoever comes first.
    for _ in 0..dice.below(4) {
        let (services, who) = wish(dice);
        let free =
            slots(h, &services, who, "2026-06-18").await.into_iter().filter(|s| s.free).collect::<Vec<_>>();
        if !free.is_empty() {
            let at = free[dice.below(free.len() as u64) as usize].at.utc;
            try_hold(h, &services, who, at).await.unwrap();
        }
    }
    let (mut offered, mut refused) = (0, 0);
    for _ in 0..2 {
        let (services, who) = wish(dice);
        let listed = slots(h, &services, who, "2026-06-18").await;
        let free: Vec<i64> = listed.iter().filter(|s| s.free).map(|s| s.at.millis()).collect();
        let times =
            booking::free_times(&h.stranger(), search(&services, who, "2026-06-18"), 1).await.unwrap();
        assert_eq!(
            times.iter().map(|day| day.free.clone()).collect::<Vec<_>>(),
            [free],
            "however it is asked for"
        );
        let before = allocations(h).await;
        for slot in listed.iter().filter(|_| dice.below(3) == 0).cloned().collect::<Vec<_>>() {
            match try_hold(h, &services, who, slot.at.utc).await {
                Ok(held) => {
                    assert!(
                        slot.free,
                        "{} was not offered and can be had: {services:?} {who:?}",
                        slot.at.hhmm()
                    );
                    // Taking time never adds a time.
                    let after = slots(h, &services, who, "2026-06-18").await;
                    let free = |list: &[domain::booking::SlotCard], i: usize| list[i].free;
                    assert!((0..listed.len()).all(|i| free(&listed, i) || !free(&after, i)));
                    booking::release(&h.stranger(), &held.token).await.unwrap();
                    offered += 1;
                }
                Err(Error::Refused(Refusal::SlotTaken { .. })) => {
                    assert!(!slot.free, "{} was offered: {services:?} {who:?}", slot.at.hhmm());
                    refused += 1;
                }
                Err(other) => panic!("{}: {other:?}", slot.at.hhmm()),
            }
        }
        // What is on no list: between two times, before the first, after the last.
        for minutes in [0i64, 60, 601, 607, 1259, 1320, 1439] {
            let at = time::instant(TZ, day(), 0) + Duration::minutes(minutes);
            if listed.iter().all(|slot| slot.at.utc != at) {
                let answer = try_hold(h, &services, who, at).await;
                assert!(
                    matches!(answer, Err(Error::Refused(Refusal::SlotNotOffered))),
                    "{minutes}: {answer:?}"
                );
                refused += 1;
            }
        }
        assert_eq!(allocations(h).await, before, "what was refused or given back takes nothing");
    }
    assert_eq!(h.overlaps().await, 0);
    (offered, refused)
}

both_databases! {
    async fn what_is_offered_can_be_had_and_nothing_else(h: Harness) {
        let (mut offered, mut refused) = (0, 0);
        for world in 1..=12 {
            let (more, less) = one_world(&h, &mut Dice(world)).await;
            offered += more;
            refused += less;
        }
        assert!(offered > 40 && refused > 100, "{offered} offered, {refused} refused: too little was tried");
    }

    /// A month of times is what its days are, each alone.
    async fn a_month_is_its_days(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-18 10:15").await;
        for (services, who) in [(vec![HYDRATE], None), (vec![BUBBLE, LIGHT], Some(LIN))] {
            let month = booking::free_times(&h.stranger(), search(&services, who, "2026-06-01"), 31).await.unwrap();
            assert_eq!(month.first().map(|day| day.date), Some(fixture::today()), "what is over is left out");
            assert_eq!(month.last().map(|day| day.date.to_string()).as_deref(), Some("2026-07-01"));
            for day in month {
                let alone = slots(&h, &services, who, &day.date.to_string()).await;
                let alone: Vec<i64> = alone.iter().filter(|s| s.free).map(|s| s.at.millis()).collect();
                assert_eq!(day.free, alone, "{}", day.date);
            }
        }
        let far = booking::free_times(&h.stranger(), search(&[HYDRATE], None, "2027-06-01"), 31).await.unwrap();
        assert!(far.is_empty(), "beyond the horizon");
    }

    /// While 林 waits for something to take effect, she may see to somebody else; the room is not free meanwhile.
    async fn processing_frees_the_person_and_not_the_room(h: Harness) {
        for person in [ZHOU, CHEN] {
            h.sql(&format!("UPDATE staff SET bookable = FALSE WHERE id = {}", h.uuid_literal(person.0))).await;
        }
        // 20 active, 40 in which she is free, 10 finish, 5 clean-up.
        let long = "UPDATE service SET processing_min = 40 WHERE id = ";
        h.sql(&format!("{long}{}", h.uuid_literal(BUBBLE.0))).await;
        let quick = "UPDATE service SET prepare_min = 0, active_min = 20, finish_min = 5, cleanup_min = 5 WHERE id = ";
        h.sql(&format!("{quick}{}", h.uuid_literal(HYDRATE.0))).await;
        enter(&h, &[BUBBLE], Some(LIN), "2026-06-18 10:00").await;
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-18 10:30").await;
        assert_eq!(h.overlaps().await, 0);
        let rooms = "SELECT COUNT(DISTINCT room_id) FROM booking_item";
        assert_eq!(h.number(rooms).await, 2, "the first room stays taken");
        // With one room only there would be no time for the second.
        h.sql(&format!("UPDATE resource SET state = 'down' WHERE id = {}", h.uuid_literal(fixture::FACIAL_ROOM_2.0))).await;
        enter(&h, &[BUBBLE], Some(LIN), "2026-06-19 10:00").await;
        let answer = booking::enter(&h.desk(), fixture::JINGAN, enter_of(&[HYDRATE], Some(LIN), "2026-06-19 10:30")).await;
        assert!(!taken(answer).is_empty());
    }

    /// A bathhouse is open until two at night: the times after midnight belong to the evening before, can be had in the
    /// night itself, and end in time.
    async fn after_midnight(h: Harness) {
        h.sql("UPDATE opening SET open_min = 960, close_min = 1560").await;
        let (from, to) = (time::ms(time::instant(TZ, day(), 900)), time::ms(time::instant(TZ, day(), 1620)));
        h.sql(&format!("UPDATE rota SET from_ms = {from}, to_ms = {to} WHERE staff_id = {} AND kind = 'shift' AND from_ms > {} AND from_ms < {}",
            h.uuid_literal(LIN.0), from - 12 * 3_600_000, from + 3_600_000)).await;
        let free = free(&h, &[LIGHT], Some(LIN), "2026-06-18").await;
        assert_eq!(free.first().map(String::as_str), Some("16:00"));
        assert_eq!(free.last().map(String::as_str), Some("01:15"), "40 minutes, out before two");
        let booked = enter(&h, &[LIGHT], Some(LIN), "2026-06-19 00:00").await;
        assert_eq!(booked.from.wall.to_string(), "2026-06-19 00:00:00");
        let now_free = self::free(&h, &[LIGHT], Some(LIN), "2026-06-18").await;
        assert!(!now_free.contains(&"00:00".to_owned()) && !now_free.contains(&"00:45".to_owned()));
        // At ten in the evening what is left of the night is still offered, also when the day has changed meanwhile.
        h.set_local("2026-06-18 22:00");
        assert!(self::free(&h, &[LIGHT], Some(LIN), "2026-06-18").await.contains(&"01:15".to_owned()));
        h.sql(r#"UPDATE branch SET policy = '{"notice": 15}'"#).await;
        h.set_local("2026-06-19 00:10");
        assert!(self::free(&h, &[LIGHT], Some(LIN), "2026-06-18").await.contains(&"01:15".to_owned()));
        let page = booking::page(&h.stranger(), domain::booking::SlotSearch { day: None, ..search(&[LIGHT], Some(LIN), "2026-06-18") }).await.unwrap();
        assert_eq!(page.day.map(|d| d.to_string()).as_deref(), Some("2026-06-18"), "the night is not over");
        assert_eq!(h.overlaps().await, 0);
    }
}
