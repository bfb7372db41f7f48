//! Waiting for a time to become free (BOOK-10), through the public verbs, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod booking_help;

use booking_help::*;
use chrono::Duration;
use domain::{
    BranchId, CustomerId, Phone, Refusal, ServiceId,
    booking::{
        BookingState, BookingView,
        waitlist::{DayParts, MISSES_MAX, Wait, WaitState, WaitView},
    },
    desk::WalkInCustomer,
    time::DayPart,
};
use store::{OpContext, both_databases, waitlist};

/// Only 林 does it and there is one device: whoever has it at a time has it alone.
const ONE: &[ServiceId] = &[fixture::LIGHT];
const ANY: DayParts = DayParts::ALL;

fn wait(services: &[ServiceId], first: &str, last: &str, parts: DayParts) -> Wait {
    Wait {
        branch: "jingan".into(),
        services: services.to_vec(),
        who: None,
        first: first.parse().unwrap(),
        last: last.parse().unwrap(),
        parts,
        customer: None,
        key: key(),
    }
}

/// Signed in and onto the list.
async fn join(h: &Harness, who: CustomerId, first: &str, last: &str, parts: DayParts) -> String {
    waitlist::join(&h.customer(who), wait(ONE, first, last, parts)).await.unwrap()
}

async fn tend(h: &Harness) -> u64 {
    waitlist::tend(&h.system()).await.unwrap()
}

async fn look(h: &Harness, token: &str) -> WaitView {
    waitlist::view(&h.stranger(), token).await.unwrap()
}

async fn state(h: &Harness, token: &str) -> WaitState {
    look(h, token).await.line.state
}

async fn offered_at(h: &Harness, token: &str) -> Option<String> {
    look(h, token).await.line.offer.map(|offer| offer.from.wall.format("%d %H:%M").to_string())
}

/// 林 has one free hour on the 13th, which is taken by 李娜: gives that booking.
async fn full_day(h: &Harness) -> BookingView {
    // From 10:00 to 11:00 only; the rest of the day is a leave.
    let (from, to) = (fixture::at("2026-06-13 11:00"), fixture::at("2026-06-14 09:00"));
    h.sql(&format!(
        "INSERT INTO rota (id, staff_id, branch_id, kind, from_ms, to_ms) VALUES ({}, {}, {}, 'leave', {}, {})",
        h.uuid_literal(BranchId::new().0),
        h.uuid_literal(fixture::LIN.0),
        h.uuid_literal(fixture::JINGAN.0),
        from.timestamp_millis(),
        to.timestamp_millis()
    ))
    .await;
    let times = free(h, ONE, ANYONE, "2026-06-13").await;
    let taken = enter(h, ONE, ANYONE, &format!("2026-06-13 {}", times[0])).await;
    assert!(free(h, ONE, ANYONE, "2026-06-13").await.is_empty(), "nothing is left that day");
    taken
}

/// Messages of a kind to anybody.
async fn told(h: &Harness, template: &str) -> i64 {
    h.number(&format!("SELECT COUNT(*) FROM outbox WHERE template = '{template}'")).await
}

both_databases! {
    async fn a_freed_time_is_offered_to_the_first_and_kept(h: Harness) {
        let taken = full_day(&h).await;
        let wang = join(&h, fixture::WANG, "2026-06-13", "2026-06-13", ANY).await;
        h.advance(Duration::seconds(1));
        let zhao = join(&h, fixture::ZHAO, "2026-06-13", "2026-06-13", ANY).await;
        assert_eq!(tend(&h).await, 0, "nothing is free");
        store::booking::cancel(&h.desk(), cancel_of(&taken)).await.unwrap();
        assert_eq!(tend(&h).await, 1);
        assert_eq!(state(&h, &wang).await, WaitState::Offered);
        assert_eq!(state(&h, &zhao).await, WaitState::Waiting);
        assert_eq!(told(&h, "wait_offer").await, 1);
        // Exclusive: neither a customer nor the desk gets it.
        assert!(free(&h, ONE, ANYONE, "2026-06-13").await.is_empty());
        let at = taken.from.wall.format("%Y-%m-%d %H:%M").to_string();
        taken_by_another(store::booking::hold(&h.stranger(), hold_of(ONE, ANYONE, &at)).await);
        taken_by_another(store::booking::enter(&h.desk(), fixture::JINGAN, enter_of(ONE, ANYONE, &at)).await);
        // Another look, also after a restart, changes nothing.
        let second = OpContext::system(h.second().await);
        assert_eq!(waitlist::tend(&second).await.unwrap(), 0);
        let booking = waitlist::accept(&h.stranger(), &wang).await.unwrap();
        assert_eq!(waitlist::accept(&h.stranger(), &wang).await.unwrap(), booking, "twice is once");
        let view = store::booking::view(&h.stranger(), &booking).await.unwrap();
        assert_eq!((view.state, view.from), (BookingState::Confirmed, taken.from));
        assert_eq!(view.price, taken.price);
        assert_eq!(view.checkin_code.len(), 4);
        let templates: Vec<_> = view.messages.iter().map(|m| m.template.as_str()).collect();
        assert!(templates.contains(&"booking_confirmed"), "{templates:?}");
        let found = look(&h, &wang).await;
        assert_eq!(found.booking, Some(booking));
        let kinds: Vec<_> = found.line.history.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, ["joined", "offered", "accepted"]);
        assert_eq!(tend(&h).await, 0);
        assert_eq!(h.overlaps().await, 0);
    }

    async fn who_declines_or_is_silent_makes_way_for_the_next(h: Harness) {
        let taken = full_day(&h).await;
        let wang = join(&h, fixture::WANG, "2026-06-13", "2026-06-14", ANY).await;
        h.advance(Duration::seconds(1));
        let zhao = join(&h, fixture::ZHAO, "2026-06-13", "2026-06-13", ANY).await;
        // Nothing on the 14th either, as far as the first is concerned: only the afternoon is free then.
        store::booking::cancel(&h.desk(), cancel_of(&taken)).await.unwrap();
        tend(&h).await;
        let at = offered_at(&h, &wang).await.expect("offered");
        waitlist::decline(&h.stranger(), &wang).await.unwrap();
        waitlist::decline(&h.stranger(), &wang).await.unwrap();
        tend(&h).await;
        assert_eq!(offered_at(&h, &zhao).await, Some(at.clone()), "the next one is asked");
        assert_ne!(offered_at(&h, &wang).await, Some(at.clone()), "what was declined does not come back");
        h.advance(Duration::minutes(15));
        tend(&h).await;
        assert_eq!(state(&h, &zhao).await, WaitState::Waiting, "silent, but still in the line");
        assert!(offered_at(&h, &zhao).await.is_none(), "not the same time again");
        let late = waitlist::accept(&h.stranger(), &zhao).await;
        assert_eq!(refusal(late), Refusal::HoldExpired);
        assert_eq!(free(&h, ONE, ANYONE, "2026-06-13").await.len(), 1, "free for everybody");
    }

    async fn who_never_answers_is_asked_no_more(h: Harness) {
        let wang = join(&h, fixture::WANG, "2026-06-13", "2026-06-20", ANY).await;
        for n in 1..=MISSES_MAX {
            tend(&h).await;
            assert_eq!(state(&h, &wang).await, WaitState::Offered, "offer {n}");
            h.advance(Duration::minutes(16));
        }
        tend(&h).await;
        assert_eq!(state(&h, &wang).await, WaitState::Ended);
        assert_eq!(told(&h, "wait_offer").await, i64::from(MISSES_MAX));
        assert_eq!(allocations(&h).await, 0);
    }

    /// C-7: accepting and lapsing at the same moment, by two processes: one of them, and nobody is booked twice.
    async fn an_answer_in_the_last_moment(h: Harness) {
        let wang = join(&h, fixture::WANG, "2026-06-13", "2026-06-13", ANY).await;
        tend(&h).await;
        let until = look(&h, &wang).await.line.offer.unwrap().until.utc;
        h.clock.set(until - Duration::milliseconds(1));
        let cx = h.stranger();
        let accepting = tokio::spawn({ let (cx, wang) = (cx.clone(), wang.clone()); async move { waitlist::accept(&cx, &wang).await } });
        h.clock.set(until);
        let others = [h.system(), OpContext::system(h.second().await)]
            .map(|cx| tokio::spawn(async move { waitlist::tend(&cx).await }));
        let accepted = accepting.await.unwrap();
        for other in others {
            other.await.unwrap().unwrap();
        }
        let booked = h.number("SELECT COUNT(*) FROM booking WHERE state = 'confirmed'").await;
        match accepted {
            Ok(_) => assert_eq!((booked, state(&h, &wang).await), (1, WaitState::Accepted)),
            Err(store::Error::Refused(Refusal::HoldExpired)) => assert_eq!(booked, 0),
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!(h.overlaps().await, 0);
    }

    /// Two processes look at the same moment, many times: one offer for one time and one person.
    async fn two_processes_never_offer_twice(h: Harness) {
        for who in [fixture::WANG, fixture::LI, fixture::ZHAO] {
            join(&h, who, "2026-06-13", "2026-06-13", ANY).await;
            h.advance(Duration::seconds(1));
        }
        let second = h.second().await;
        let looks = (0..6).map(|n| {
            let store = if n % 2 == 0 { h.store.clone() } else { second.clone() };
            tokio::spawn(async move { waitlist::tend(&OpContext::system(store)).await })
        });
        for look in futures::future::join_all(looks).await {
            look.unwrap().unwrap();
        }
        tend(&h).await;
        assert_eq!(h.number("SELECT COUNT(*) FROM waitlist WHERE state = 'offered'").await, 3);
        assert_eq!(h.number("SELECT COUNT(*) FROM booking WHERE state = 'held'").await, 3);
        assert_eq!(h.number("SELECT COUNT(DISTINCT from_ms) FROM booking WHERE state = 'held'").await, 3);
        assert_eq!(told(&h, "wait_offer").await, 3);
        assert_eq!(h.overlaps().await, 0);
    }

    async fn nobody_is_woken_at_night(h: Harness) {
        let wang = join(&h, fixture::WANG, "2026-06-14", "2026-06-14", ANY).await;
        h.set_local("2026-06-12 22:30");
        tend(&h).await;
        assert_eq!(state(&h, &wang).await, WaitState::Waiting);
        h.set_local("2026-06-13 08:00");
        tend(&h).await;
        assert_eq!(state(&h, &wang).await, WaitState::Offered);
    }

    async fn only_what_was_wished_for(h: Harness) {
        let afternoon = DayParts::of(&[DayPart::Afternoon]);
        let wang = join(&h, fixture::WANG, "2026-06-14", "2026-06-15", afternoon).await;
        tend(&h).await;
        let at = offered_at(&h, &wang).await.unwrap();
        assert!(at.starts_with("14 1") && at.as_str() >= "14 12:00", "{at}");
        // One offer at a time, whatever else the customer waits for.
        let other = join(&h, fixture::WANG, "2026-06-16", "2026-06-16", ANY).await;
        tend(&h).await;
        assert_eq!(state(&h, &other).await, WaitState::Waiting);
        // Nor at a time at which the customer is somewhere else already.
        waitlist::accept(&h.stranger(), &wang).await.unwrap();
        let same = waitlist::join(&h.customer(fixture::WANG), wait(&[fixture::HYDRATE], "2026-06-14", "2026-06-14", afternoon)).await.unwrap();
        waitlist::leave(&h.stranger(), &other).await.unwrap();
        tend(&h).await;
        assert_ne!(offered_at(&h, &same).await, Some(at));
    }

    async fn leaving_gives_the_time_back(h: Harness) {
        let wang = join(&h, fixture::WANG, "2026-06-14", "2026-06-14", ANY).await;
        tend(&h).await;
        assert!(allocations(&h).await > 0);
        waitlist::leave(&h.stranger(), &wang).await.unwrap();
        waitlist::leave(&h.stranger(), &wang).await.unwrap();
        assert_eq!(allocations(&h).await, 0);
        assert_eq!(state(&h, &wang).await, WaitState::Left);
        assert!(waitlist::mine(&h.customer(fixture::WANG)).await.unwrap().is_empty());
    }

    async fn the_phone_is_proved_first(h: Harness) {
        let phone = "13700001111";
        let customer = WalkInCustomer::New { name: "孙悦".into(), phone: Phone::parse(phone).unwrap() };
        let cmd = Wait { customer: Some(customer), ..wait(ONE, "2026-06-13", "2026-06-13", ANY) };
        let token = waitlist::join(&h.stranger(), cmd.clone()).await.unwrap();
        assert_eq!(waitlist::join(&h.stranger(), cmd).await.unwrap(), token, "the same key, the same entry");
        assert_eq!(told(&h, "code").await, 1);
        tend(&h).await;
        assert_eq!(state(&h, &token).await, WaitState::Asked, "not in the line yet");
        let code = h.latest_code(phone).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert!(matches!(refusal(waitlist::verify(&h.stranger(), &token, wrong).await), Refusal::CodeWrong { .. }));
        let (view, session) = waitlist::verify(&h.stranger(), &token, &code).await.unwrap();
        assert_eq!((view.line.state, view.line.name.as_str()), (WaitState::Waiting, "孙悦"));
        assert!(!session.token.is_empty());
        assert_eq!(told(&h, "wait_joined").await, 1);
        assert!(matches!(refusal(waitlist::verify(&h.stranger(), &token, &code).await), Refusal::WrongState { .. }));
    }

    async fn days_that_are_over_end_it(h: Harness) {
        full_day(&h).await;
        let wang = join(&h, fixture::WANG, "2026-06-13", "2026-06-13", ANY).await;
        h.set_local("2026-06-14 00:01");
        assert_eq!(tend(&h).await, 1);
        assert_eq!(state(&h, &wang).await, WaitState::Expired);
        assert_eq!(tend(&h).await, 0);
    }

    async fn the_desk_sees_its_own_branch(h: Harness) {
        let customer = Some(WalkInCustomer::Known(fixture::WANG));
        let cmd = Wait { customer, ..wait(&[fixture::MASSAGE], "2026-06-13", "2026-06-13", ANY) };
        let token = waitlist::enter(&h.desk(), fixture::JINGAN, cmd.clone()).await.unwrap();
        assert_eq!(waitlist::enter(&h.desk(), fixture::JINGAN, cmd.clone()).await.unwrap(), token);
        let page = waitlist::list(&h.desk(), fixture::JINGAN, false, None).await.unwrap();
        assert_eq!(page.items.len(), 1);
        assert!(page.items[0].by_desk);
        assert_eq!(page.items[0].phone_masked, "138 **** 2716");
        let away = waitlist::list(&h.manager_elsewhere(), fixture::JINGAN, false, None).await;
        assert!(matches!(away, Err(store::Error::Forbidden)));
        let away = waitlist::enter(&h.manager_elsewhere(), fixture::JINGAN, cmd).await;
        assert!(matches!(away, Err(store::Error::Forbidden)));
        assert!(matches!(waitlist::list(&h.stranger(), fixture::JINGAN, false, None).await, Err(store::Error::SignedOut)));
        for n in 0..25 {
            h.advance(Duration::seconds(1));
            join(&h, if n % 2 == 0 { fixture::LI } else { fixture::ZHAO }, "2026-07-13", "2026-07-13", ANY).await;
        }
        let first = waitlist::list(&h.desk(), fixture::JINGAN, false, None).await.unwrap();
        let second = waitlist::list(&h.desk(), fixture::JINGAN, false, first.next.clone()).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next), (20, 6, None));
        assert!(first.items.iter().all(|a| second.items.iter().all(|b| a.since <= b.since)));
    }
}

#[track_caller]
fn taken_by_another<T: std::fmt::Debug>(answer: Result<T, store::Error>) {
    assert!(matches!(refusal(answer), Refusal::SlotTaken { .. }));
}
