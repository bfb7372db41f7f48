//! The front desk (DESK-1 … DESK-4) through its verbs, on both databases, with the clock set by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    BookingId, FieldCode, Phone, Refusal, StaffId, VisitId,
    booking::BookingState,
    desk::{BreachReason, VisitState, WaitTone, WalkIn, WalkInCustomer, Wish},
    live::Topic,
};
use fixture::{BUBBLE, CHEN, HYDRATE, JINGAN, LI, LIGHT, LIN, MASSAGE, WANG, ZHAO, ZHOU};
use std::collections::BTreeSet;
use store::{Error, both_databases, desk};
use visit_help::*;

both_databases! {
    async fn a_booking_is_checked_in_once(h: Harness) {
        let cx = h.desk();
        enter(&h, &[HYDRATE, BUBBLE], Some(LIN), "2026-06-12 11:00").await;
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.expected.len(), board.later), (1, 0));
        let card = &board.expected[0];
        assert_eq!((card.name.as_str(), card.late, card.services.len()), ("李娜", 0, 2));
        assert_eq!(card.phone, "13900001234", "the desk may call");
        assert_eq!(card.staff.zh, "林晓雯");

        h.set_local("2026-06-12 10:50");
        let mut changes = h.store.live().subscribe();
        let ticket = desk::check_in(&cx, card.booking).await.unwrap();
        assert_eq!((ticket.ticket.as_str(), ticket.place, ticket.name.as_str()), ("A01", 1, "李娜"));
        assert_eq!(ticket.estimate, Some(0), "early, and she is free: nobody is kept waiting for the booked time");
        assert_eq!(changes.try_recv().unwrap().topic, Topic::Board);
        refused(desk::check_in(&cx, card.booking).await, Refusal::AlreadyArrived);

        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert!(board.expected.is_empty());
        let waiting = &board.waiting[0];
        assert_eq!((waiting.waited, waiting.tone), (0, WaitTone::Calm));
        assert_eq!(waiting.booked_at.unwrap().hhmm(), "11:00");
        assert_eq!(waiting.suggestion.as_ref().unwrap().0, LIN);
        assert_eq!(waiting.wish, Wish::Request { staff: LIN, name: waiting.suggestion.clone().unwrap().1 });
        h.set_local("2026-06-12 11:12");
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.waiting[0].waited, board.waiting[0].tone), (12, WaitTone::Amber), "from 11:00 on");
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE action = 'visit.check_in'").await, 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM booking_event WHERE kind = 'arrived'").await, 1);
    }

    async fn who_comes_early_and_who_walks_in_are_not_given_the_same_person(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:30").await;
        h.set_local("2026-06-12 11:00");
        let early = desk::check_in(&h.desk(), first_expected(&h).await).await.unwrap().visit;
        for n in 0..4 {
            let cmd = newcomer(&format!("客人{n}号"), &format!("1370004{n:04}"), &[BUBBLE]);
            desk::walk_in(&h.desk(), JINGAN, cmd).await.unwrap();
        }
        let board = desk::board(&h.desk(), JINGAN).await.unwrap();
        let asked: Vec<_> =
            board.waiting.iter().filter_map(|card| Some((card.suggestion.as_ref()?.0, card.visit))).collect();
        assert!(asked.contains(&(LIN, early)), "she is free, and it is her customer: {asked:?}");
        let people: std::collections::HashSet<_> = asked.iter().map(|(staff, _)| staff).collect();
        assert_eq!(people.len(), asked.len(), "somebody is suggested twice: {asked:?}");
    }

    async fn of_32_at_once_one_checks_in(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let booking = first_expected(&h).await;
        let mut tasks = Vec::new();
        for _ in 0..32 {
            let cx = h.desk();
            tasks.push(tokio::spawn(async move { desk::check_in(&cx, booking).await }));
        }
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(Error::Refused(Refusal::AlreadyArrived)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((won, h.number("SELECT COUNT(*) FROM visit").await), (1, 1));
    }

    async fn tickets_are_distinct_and_in_order(h: Harness) {
        let mut tasks = Vec::new();
        for n in 0..32 {
            let cx = h.desk();
            let cmd = newcomer(&format!("客人{n}号"), &format!("1370001{n:04}"), &[HYDRATE]);
            tasks.push(tokio::spawn(async move { desk::walk_in(&cx, JINGAN, cmd).await.unwrap().ticket }));
        }
        let mut tickets = BTreeSet::new();
        for task in tasks {
            tickets.insert(task.await.unwrap());
        }
        let want: BTreeSet<String> = (1..=32).map(|n| format!("A{n:02}")).collect();
        assert_eq!(tickets, want);
    }

    async fn a_walk_in_gets_a_ticket_and_an_estimate(h: Harness) {
        let cx = h.desk();
        let page = desk::walk_in_page(&cx, JINGAN).await.unwrap();
        assert_eq!(page.categories.iter().map(|c| c.services.len()).sum::<usize>(), 4, "desk-only ones too");
        assert_eq!(page.turns.iter().map(|t| t.staff).collect::<Vec<_>>(), [LIN, CHEN], "周 begins at noon");
        assert!(page.turns[0].first);

        let cmd = newcomer("孙倩", "137 0002 0001", &[HYDRATE]);
        let first = desk::walk_in(&cx, JINGAN, cmd.clone()).await.unwrap();
        assert_eq!((first.ticket.as_str(), first.place, first.estimate), ("A01", 1, Some(0)));
        assert_eq!(desk::walk_in(&cx, JINGAN, cmd.clone()).await.unwrap(), first, "the same key, the same ticket");
        let other = WalkIn { services: vec![BUBBLE], ..cmd };
        refused(desk::walk_in(&cx, JINGAN, other).await, Refusal::KeyReused);

        // Two people may do facials: the second begins at once as well, the third waits for one of them.
        let second = desk::walk_in(&cx, JINGAN, known(WANG, &[HYDRATE])).await.unwrap();
        let third = desk::walk_in(&cx, JINGAN, known(LI, &[HYDRATE])).await.unwrap();
        assert_eq!((second.estimate, third.place, third.estimate), (Some(0), 3, Some(75)));
        // Only 林 may do light: after the third, and after her break.
        let light = desk::walk_in(&cx, JINGAN, known(ZHAO, &[LIGHT])).await.unwrap();
        assert_eq!(light.estimate, Some(240));
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'queue_ticket'").await, 4);

        let token = third.link.strip_prefix("/q/").unwrap().to_owned();
        let queue = desk::queue(&h.stranger(), &token).await.unwrap();
        assert_eq!((queue.place, queue.estimate, queue.state), (3, Some(75), VisitState::Waiting));
        not_found(desk::queue(&h.stranger(), "nonsense").await);
        h.advance(Duration::days(15));
        refused(desk::queue(&h.stranger(), &token).await, Refusal::LinkExpired);
    }

    /// Only 林 may do light, for 50 minutes with the cleaning, and her break begins at 13:00.
    async fn a_ticket_that_says_now_is_kept(h: Harness) {
        let cx = h.desk();
        h.set_local("2026-06-12 12:06");
        let late = desk::walk_in(&cx, JINGAN, known(WANG, &[LIGHT])).await.unwrap();
        assert_eq!(late.estimate, Some(114), "it would only do if nobody lost a moment");
        desk::left(&cx, late.visit).await.unwrap();

        h.set_local("2026-06-12 12:05");
        let ticket = desk::walk_in(&cx, JINGAN, known(LI, &[LIGHT])).await.unwrap();
        assert_eq!(ticket.estimate, Some(0));
        let token = ticket.link.strip_prefix("/q/").unwrap().to_owned();
        for minute in 5..=10 {
            h.set_local(&format!("2026-06-12 12:{minute:02}"));
            let card = desk::board(&cx, JINGAN).await.unwrap().waiting.remove(0);
            assert_eq!(card.suggestion.map(|(staff, _)| staff), Some(LIN), "12:{minute:02}");
            assert_eq!(desk::queue(&h.stranger(), &token).await.unwrap().estimate, Some(0), "12:{minute:02}");
        }
        desk::assign(&cx, ticket.visit, LIN, 1).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
    }

    async fn what_cannot_be_a_walk_in(h: Harness) {
        let cx = h.desk();
        let field = |answer: Result<_, Error>| match answer {
            Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
            other => panic!("{other:?}"),
        };
        let nobody = known(domain::CustomerId::new(), &[HYDRATE]);
        assert_eq!(field(desk::walk_in(&cx, JINGAN, nobody).await), ("customer".into(), FieldCode::Choice));
        let nothing = known(WANG, &[domain::ServiceId::new()]);
        assert_eq!(field(desk::walk_in(&cx, JINGAN, nothing).await), ("services".into(), FieldCode::Choice));
        let stranger = WalkIn { who: Some(StaffId::new()), ..known(WANG, &[HYDRATE]) };
        assert_eq!(field(desk::walk_in(&cx, JINGAN, stranger).await), ("who".into(), FieldCode::Choice));
        let unable = WalkIn { who: Some(ZHOU), ..known(WANG, &[LIGHT]) };
        refused(desk::walk_in(&cx, JINGAN, unable).await, Refusal::NotCertified);
        // CERT: learnt it, but the certificate has ended by the day.
        h.set_local("2026-07-01 11:00");
        let late = WalkIn { who: Some(CHEN), ..known(WANG, &[HYDRATE]) };
        refused(desk::walk_in(&cx, JINGAN, late).await, Refusal::NotCertified);
        assert_eq!(h.number("SELECT COUNT(*) FROM visit").await, 0);
    }

    async fn a_customer_is_found_by_phone_name_or_sound(h: Harness) {
        let cx = h.desk();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 15:00").await;
        for (q, name) in [
            ("2716", "王雅琴"), ("13800002716", "王雅琴"), ("王", "王雅琴"), ("wyq", "王雅琴"), ("wang", "王雅琴"),
            ("ln", "李娜"), ("lina", "李娜"), ("5678", "赵秀英"),
        ] {
            let hits = desk::find(&cx, JINGAN, q).await.unwrap();
            assert_eq!(hits.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>(), [name], "{q}");
        }
        let hit = desk::find(&cx, JINGAN, "lina").await.unwrap().remove(0);
        assert_eq!((hit.phone_masked.as_str(), hit.visits), ("139 **** 1234", 0));
        assert_eq!(hit.booking_today.unwrap().1.hhmm(), "15:00");
        assert!(desk::find(&cx, JINGAN, "%").await.is_err(), "one letter is too short");
        assert!(desk::find(&cx, JINGAN, "%%").await.unwrap().is_empty());
        assert!(desk::find(&cx, JINGAN, "'; DROP TABLE visit; --").await.unwrap().is_empty());
        forbidden(desk::find(&h.lin(), JINGAN, "2716").await);
    }

    async fn assignment_knows_versions_certificates_and_who_is_busy(h: Harness) {
        let cx = h.desk();
        let first = walk_in(&h, WANG, &[HYDRATE]).await;
        let second = walk_in(&h, LI, &[HYDRATE]).await;
        let light = walk_in(&h, ZHAO, &[LIGHT]).await;
        refused(desk::assign(&cx, first, LIN, 7).await, Refusal::Stale);
        refused(desk::assign(&cx, light, CHEN, 1).await, Refusal::NotCertified);
        not_found(desk::assign(&cx, first, StaffId::new(), 1).await);
        not_found(desk::assign(&cx, VisitId::new(), LIN, 1).await);
        busy(desk::assign(&cx, first, ZHOU, 1).await, Some("12:00"));

        desk::assign(&cx, first, LIN, 1).await.unwrap();
        refused(desk::assign(&cx, first, CHEN, 1).await, Refusal::Stale);
        busy(desk::assign(&cx, second, LIN, 1).await, None);
        let board = desk::board(&cx, JINGAN).await.unwrap();
        let card = board.waiting.iter().find(|w| w.visit == first).unwrap();
        assert_eq!((card.version, card.assigned.as_ref().unwrap().0), (2, LIN));
        assert_eq!(board.turns.iter().find(|t| t.staff == LIN).unwrap().free_for, None);
        assert_eq!(board.rooms_free.len(), 3);

        // Somebody else takes over: what was taken for the first one is free again.
        desk::assign(&cx, first, CHEN, 2).await.unwrap();
        desk::assign(&cx, second, LIN, 1).await.unwrap();
        busy(desk::assign(&cx, light, LIN, 1).await, None);
        assert_eq!(h.number("SELECT COUNT(*) FROM allocation WHERE active").await, 4);
        assert_eq!(h.overlaps().await, 0);
        // Both facial rooms are taken.
        let third = walk_in(&h, WANG, &[HYDRATE]).await;
        let sql = format!("UPDATE rota SET from_ms = {} WHERE kind = 'shift'", h.now().timestamp_millis());
        let sql = format!("{sql} AND staff_id = {} AND from_ms = {}", h.uuid_literal(ZHOU.0), at_ms("2026-06-12 12:00"));
        h.sql(&sql).await;
        refused(desk::assign(&cx, third, ZHOU, 1).await, Refusal::NoRoomFree);
    }

    async fn the_board_knows_who_has_the_time(h: Harness) {
        let cx = h.desk();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:30").await;
        h.set_local("2026-06-12 11:00");
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        let able = async || {
            let card = desk::board(&cx, JINGAN).await.unwrap().waiting.into_iter().find(|card| card.visit == visit);
            let able = card.unwrap().capable.into_iter();
            able.map(|able| (able.staff, able.busy_from.map(|at| at.hhmm()))).collect::<Vec<_>>()
        };
        let lin = Some("11:25".to_owned());
        assert_eq!(able().await, [(LIN, lin.clone()), (ZHOU, None), (CHEN, None)], "林 prepares the booked service");
        busy(desk::assign(&cx, visit, LIN, 1).await, Some("12:40"));

        // What the visit itself takes does not stand in its way.
        desk::assign(&cx, visit, CHEN, 1).await.unwrap();
        assert_eq!(able().await, [(LIN, lin.clone()), (ZHOU, None), (CHEN, None)]);
        desk::assign(&cx, visit, CHEN, 2).await.unwrap();

        // Whoever booked takes the booked time along.
        let booked = desk::check_in(&cx, first_expected(&h).await).await.unwrap().visit;
        let board = desk::board(&cx, JINGAN).await.unwrap();
        let card = board.waiting.iter().find(|card| card.visit == booked).unwrap();
        let free: Vec<_> = card.capable.iter().filter(|able| able.busy_from.is_none()).map(|able| able.staff).collect();
        assert_eq!(free, [LIN, ZHOU], "陈 has somebody else until 12:15");
        busy(desk::assign(&cx, booked, CHEN, card.version).await, None);
        desk::assign(&cx, booked, LIN, card.version).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
    }

    async fn two_desks_hand_out_one_person_once(h: Harness) {
        let mut visits = Vec::new();
        for n in 0..8 {
            let cmd = newcomer(&format!("客人{n}号"), &format!("1370003{n:04}"), &[HYDRATE]);
            visits.push(desk::walk_in(&h.desk(), JINGAN, cmd).await.unwrap().visit);
        }
        let mut tasks = Vec::new();
        for visit in visits {
            let cx = h.desk();
            tasks.push(tokio::spawn(async move { desk::assign(&cx, visit, LIN, 1).await }));
        }
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => won += 1,
                Err(Error::Refused(Refusal::PersonBusy { .. })) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((won, h.overlaps().await), (1, 0));
    }

    async fn a_booked_service_is_handed_over_with_its_time(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 15:15").await;
        enter(&h, &[HYDRATE], Some(CHEN), "2026-06-12 15:15").await;
        let cx = h.desk();
        h.set_local("2026-06-12 15:13");
        let card = desk::board(&cx, JINGAN).await.unwrap().expected.into_iter().find(|e| e.staff.zh == "林晓雯").unwrap();
        let visit = desk::check_in(&cx, card.booking).await.unwrap().visit;
        busy(desk::assign(&cx, visit, CHEN, 1).await, Some("16:25"));
        desk::assign(&cx, visit, ZHOU, 1).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
        let sql = format!(
            "SELECT COUNT(*) FROM allocation WHERE active AND resource_id = {} AND booking_item_id IS NOT NULL",
            h.uuid_literal(ZHOU.0)
        );
        assert_eq!(h.number(&sql).await, 1);
    }

    async fn the_waiting_clock(h: Harness) {
        let cx = h.desk();
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        wrong_state(desk::reason(&cx, visit, BreachReason::TooFewPeople, None).await);
        h.advance(Duration::minutes(11));
        desk::told(&cx, visit).await.unwrap();
        h.advance(Duration::minutes(4));
        let card = desk::board(&cx, JINGAN).await.unwrap().waiting.remove(0);
        assert_eq!((card.waited, card.tone, card.reason_due), (15, WaitTone::Amber, false));
        assert_eq!(card.told.unwrap().hhmm(), "10:11");
        h.advance(Duration::minutes(1));
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.waiting[0].tone, board.waiting[0].reason_due), (WaitTone::Red, true));
        assert_eq!((board.count.over_limit, board.count.longest_wait, board.count.waiting), (1, 16, 1));
        desk::reason(&cx, visit, BreachReason::TooFewPeople, Some("两人请假".into())).await.unwrap();
        let card = desk::board(&cx, JINGAN).await.unwrap().waiting.remove(0);
        assert_eq!((card.reason, card.reason_due), (Some(BreachReason::TooFewPeople), false));

        desk::left(&cx, visit).await.unwrap();
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert!(board.waiting.is_empty() && board.done[0].left);
        wrong_state(desk::told(&cx, visit).await);
        wrong_state(desk::left(&cx, visit).await);
    }

    async fn leaving_frees_what_was_booked(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let booking = first_expected(&h).await;
        let visit = desk::check_in(&h.desk(), booking).await.unwrap().visit;
        assert_eq!(h.number("SELECT COUNT(*) FROM allocation WHERE active").await, 2);
        desk::left(&h.desk(), visit).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM allocation WHERE active").await, 0);
        let state = BookingState::CancelledBySalon.code();
        assert_eq!(h.number(&format!("SELECT COUNT(*) FROM booking WHERE state = '{state}'")).await, 1);
    }

    async fn one_who_was_given_up_may_still_come(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let booking = first_expected(&h).await;
        h.set_local("2026-06-12 11:31");
        assert_eq!(store::booking::mark_no_shows(&h.system()).await.unwrap(), 1);
        assert_eq!(desk::board(&h.desk(), JINGAN).await.unwrap().missed.len(), 1);
        let ticket = desk::check_in(&h.desk(), booking).await.unwrap();
        let board = desk::board(&h.desk(), JINGAN).await.unwrap();
        assert!(board.missed.is_empty());
        assert_eq!(board.waiting[0].visit, ticket.visit);
        // The booked time was given away: served like somebody without a booking.
        desk::assign(&h.desk(), ticket.visit, CHEN, 1).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
    }

    async fn a_booking_of_another_day_waits_for_its_day(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 11:00").await;
        h.set_local("2026-06-13 09:30");
        let id = first_expected(&h).await;
        h.set_local("2026-06-12 11:00");
        wrong_state(desk::check_in(&h.desk(), id).await);
        not_found(desk::check_in(&h.desk(), BookingId::new()).await);
    }

    async fn who_may(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let booking = first_expected(&h).await;
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        for cx in [h.lin(), h.manager_elsewhere(), h.customer(WANG)] {
            forbidden(desk::check_in(&cx, booking).await);
            forbidden(desk::walk_in_page(&cx, JINGAN).await);
            forbidden(desk::walk_in(&cx, JINGAN, known(LI, &[MASSAGE])).await);
            forbidden(desk::assign(&cx, visit, LIN, 1).await);
            forbidden(desk::told(&cx, visit).await);
            forbidden(desk::reason(&cx, visit, BreachReason::Other, None).await);
            forbidden(desk::left(&cx, visit).await);
            forbidden(desk::find(&cx, JINGAN, "2716").await);
        }
        for cx in [h.manager_elsewhere(), h.customer(WANG)] {
            forbidden(desk::board(&cx, JINGAN).await);
        }
        assert!(matches!(desk::board(&h.stranger(), JINGAN).await, Err(Error::SignedOut)));
        let seen = desk::board(&h.lin(), JINGAN).await.unwrap();
        assert_eq!(seen.expected[0].phone, "139 **** 1234", "a beautician sees no number");
        assert!(desk::board(&h.owner(), JINGAN).await.is_ok());
        assert_eq!(h.number("SELECT COUNT(*) FROM visit").await, 1);
    }
}

#[test]
fn phones_are_checked_before() {
    assert!(Phone::parse("12").is_err());
    assert!(matches!(known(WANG, &[HYDRATE]).customer, WalkInCustomer::Known(_)));
}
