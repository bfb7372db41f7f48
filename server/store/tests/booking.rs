//! Bookings by their rules (BOOK), on both databases, with the clock set by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod booking_help;

use booking_help::*;
use chrono::Duration;
use domain::{
    Actor, CustomerId, Fen, Phone, Refusal,
    booking::{BookingState, Cancel, CancelReason, Contact, DayRoom, SlotSearch},
    live::Topic,
};
use fixture::{BUBBLE, CHEN, HYDRATE, LIGHT, LIN, MASSAGE, ZHOU};
use store::{Error, booking, both_databases};

fn page_of(services: &[domain::ServiceId]) -> SlotSearch {
    SlotSearch { branch: "jingan".into(), services: services.to_vec(), who: None, day: None, moving: None }
}

both_databases! {
    async fn the_journey(h: Harness) {
        let cx = h.stranger();
        let page = booking::page(&cx, page_of(&[HYDRATE])).await.unwrap();
        assert_eq!((page.minutes, page.price, page.days.len()), (60, Fen(45_800), 14));
        assert_eq!(page.day, Some(fixture::today()));
        assert_eq!(page.people.iter().map(|p| p.id).collect::<Vec<_>>(), [LIN, ZHOU, CHEN]);
        assert_eq!(page.people[0].next_free.unwrap().hhmm(), "14:15", "notice of two hours, then her break");
        let first = page.slots.iter().find(|s| s.free).unwrap();
        assert_eq!(first.at.hhmm(), "12:00", "two hours from now");

        let held = booking::hold(&cx, hold_of(&[HYDRATE], ANYONE, "2026-06-12 14:30")).await.unwrap();
        assert_eq!((held.left, held.code_sent_to.as_deref(), held.items.len()), (300, None, 1));
        assert_eq!(held.items[0].from.hhmm(), "14:30");
        let sent = booking::send_code(&cx, contact(&held, "王雅琴", "138 0000 2716")).await.unwrap();
        assert_eq!(sent.code_sent_to.as_deref(), Some("138 **** 2716"));
        assert_eq!(booking::held(&cx, &held.token).await.unwrap().name, "王雅琴");

        let cmd = domain::booking::Book {
            contact: contact(&held, "王雅琴", fixture::WANG_PHONE),
            code: h.latest_code(fixture::WANG_PHONE).await,
            key: key(),
        };
        let (booked, session) = booking::book(&cx, cmd).await.unwrap();
        assert_eq!(booked.state, BookingState::Confirmed);
        assert_eq!((booked.customer_name.as_str(), booked.phone_masked.as_str()), ("王雅琴", "138 **** 2716"));
        assert_eq!((booked.arrive_early, booked.arrive_at.hhmm().as_str()), (10, "14:20"));
        assert_eq!((booked.checkin_code.len(), booked.precautions.len()), (4, 1));
        assert!(booked.may_cancel && booked.may_reschedule);
        assert_eq!(booked.change_until.hhmm(), "12:30");
        assert_eq!(booked.history.iter().map(|line| &*line.kind).collect::<Vec<_>>(), ["held", "confirmed"]);
        let (actor, _) = store::account::actor_of(&h.store, &session.token).await.unwrap().unwrap();
        assert_eq!(actor, Actor::Customer { id: fixture::WANG }, "known by the phone number");
        assert!(booking::held(&cx, &held.token).await.is_err(), "a hold no more");

        let mine = booking::mine(&h.customer(fixture::WANG), None).await.unwrap();
        assert_eq!(mine.items.len(), 1);
        assert_eq!(mine.items[0].number, booked.number);
        assert_eq!(booking::view(&cx, &booked.token).await.unwrap(), booked);
    }

    async fn nothing_is_offered_that_cannot_be_kept(h: Harness) {
        // Opening, rota, break and notice bound what is offered; 5 min of preparation lie within the shift.
        let slots = slots(&h, &[HYDRATE], Some(LIN), "2026-06-13").await;
        let free: Vec<_> = slots.iter().filter(|s| s.free).map(|s| s.at.hhmm()).collect();
        assert_eq!(free.first().unwrap(), "10:15");
        assert_eq!(free.last().unwrap(), "17:45", "clean-up ends with her shift at 19:00");
        assert!(!free.contains(&"12:00".into()) && free.contains(&"11:45".into()), "the break at 13:00 stays free");
        assert_eq!(slots.last().unwrap().at.hhmm(), "20:00", "times are listed until closing, taken or not");
        assert!(slots.iter().any(|s| s.last && s.at.hhmm() == "17:45"));

        let cx = h.stranger();
        let at = |wall: &str| hold_of(&[HYDRATE], Some(LIN), wall);
        assert_eq!(refusal(booking::hold(&cx, at("2026-06-12 11:45")).await), Refusal::OutsideNotice);
        assert_eq!(refusal(booking::hold(&cx, at("2026-06-11 14:30")).await), Refusal::OutsideNotice);
        assert_eq!(refusal(booking::hold(&cx, at("2026-12-11 14:30")).await), Refusal::OutsideNotice);
        assert_eq!(refusal(booking::hold(&cx, at("2026-06-13 14:37")).await), Refusal::SlotNotOffered);
        assert_eq!(refusal(booking::hold(&cx, at("2026-06-13 03:00")).await), Refusal::SlotNotOffered);
        assert_eq!(taken(booking::hold(&cx, at("2026-06-13 13:00")).await), ["13 11:30", "13 11:45", "13 14:15", "13 14:30"]);
        assert_eq!(refusal(booking::hold(&cx, hold_of(&[MASSAGE], None, "2026-06-13 15:00")).await), Refusal::NotOnline);
        let unknown = hold_of(&[domain::ServiceId::new()], None, "2026-06-13 15:00");
        assert!(matches!(booking::hold(&cx, unknown).await, Err(Error::Invalid(fields)) if fields[0].field == "services"));
        let nobody = hold_of(&[HYDRATE], Some(domain::StaffId::new()), "2026-06-13 15:00");
        assert!(matches!(booking::hold(&cx, nobody).await, Err(Error::Invalid(fields)) if fields[0].field == "who"));
        let unable = hold_of(&[LIGHT], Some(ZHOU), "2026-06-13 15:00");
        assert!(matches!(booking::hold(&cx, unable).await, Err(Error::Invalid(fields)) if fields[0].field == "who"));
        let elsewhere = domain::booking::Hold { branch: "nowhere".into(), ..at("2026-06-13 15:00") };
        assert!(matches!(booking::hold(&cx, elsewhere).await, Err(Error::NotFound)));
        assert_eq!(allocations(&h).await, 0);
    }

    async fn a_certificate_that_has_ended_is_not_offered(h: Harness) {
        assert!(!free(&h, &[HYDRATE], Some(CHEN), "2026-06-30").await.is_empty());
        assert!(free(&h, &[HYDRATE], Some(CHEN), "2026-07-01").await.is_empty(), "CERT");
        let cx = h.stranger();
        taken(booking::hold(&cx, hold_of(&[HYDRATE], Some(CHEN), "2026-07-01 15:15")).await);
        assert!(free(&h, &[HYDRATE], Some(ZHOU), "2026-06-15").await.is_empty(), "on leave");
    }

    async fn a_held_time_is_taken_until_it_runs_out(h: Harness) {
        let cx = h.stranger();
        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        assert!(!free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await.contains(&"10:15".to_owned()));
        assert_eq!(
            taken(booking::hold(&cx, hold_of(&[HYDRATE], Some(LIN), "2026-06-13 10:15")).await),
            ["13 11:30", "13 11:45", "13 14:15", "13 14:30"],
        );
        h.advance(Duration::seconds(299));
        assert_eq!(booking::held(&cx, &held.token).await.unwrap().left, 1);
        h.advance(Duration::seconds(1));
        assert_eq!(booking::held(&cx, &held.token).await.unwrap().left, 0, "over, and what was chosen is still known");
        assert!(free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await.contains(&"10:15".to_owned()), "before any job ran");
        let next = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        assert_eq!(h.overlaps().await, 0);
        h.advance(Duration::minutes(6));
        assert_eq!(booking::expire_holds(&h.system()).await.unwrap(), 1);
        assert_eq!(booking::expire_holds(&h.system()).await.unwrap(), 0);
        assert_eq!(allocations(&h).await, 0);
        assert_eq!(booking::held(&cx, &next.token).await.unwrap().left, 0);
    }

    async fn a_hold_can_be_given_back(h: Harness) {
        let cx = h.stranger();
        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        booking::release(&cx, &held.token).await.unwrap();
        booking::release(&cx, &held.token).await.unwrap();
        assert_eq!(allocations(&h).await, 0);
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        assert!(matches!(refusal(booking::release(&cx, &booked.token).await), Refusal::WrongState { .. }));
        assert!(matches!(booking::release(&cx, "nothing").await, Err(Error::NotFound)));
    }

    async fn a_hold_that_has_just_run_out_is_booked_while_free(h: Harness) {
        let cx = h.stranger();
        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-12 14:30").await;
        h.advance(Duration::minutes(4));
        let cmd = ready(&h, &held, "王雅琴", fixture::WANG_PHONE).await;
        h.advance(Duration::minutes(2));
        let (kept, _) = booking::book(&cx, cmd).await.unwrap();
        assert_eq!(kept.state, BookingState::Confirmed, "nobody had taken it");

        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        h.advance(Duration::minutes(4));
        let cmd = ready(&h, &held, "李娜", "13900001234").await;
        h.sql("UPDATE service SET price_fen = 99900").await;
        h.advance(Duration::minutes(2));
        booking::expire_holds(&h.system()).await.unwrap();
        let (again, _) = booking::book(&cx, cmd.clone()).await.unwrap();
        assert_eq!((again.state, again.price), (BookingState::Confirmed, Fen(45_800)), "at the price that was held");
        assert_eq!(booking::book(&cx, cmd).await.unwrap().0, again, "the same key, the same booking");

        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 14:15").await;
        h.advance(Duration::minutes(4));
        let cmd = ready(&h, &held, "赵秀英", "13700005678").await;
        h.advance(Duration::minutes(2));
        hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 14:15").await;
        let late = taken(booking::book(&cx, cmd.clone()).await.map(|b| b.0));
        assert!(!late.is_empty());
        // The code was not used up by that: the next time can be booked with it.
        let other = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 15:30").await;
        let cmd = domain::booking::Book { contact: contact(&other, "赵秀英", "13700005678"), key: key(), ..cmd };
        booking::book(&cx, cmd).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
    }

    async fn the_code_has_to_be_right(h: Harness) {
        let cx = h.stranger();
        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        let good = ready(&h, &held, "王雅琴", fixture::WANG_PHONE).await;
        let wrong = if good.code == "000000" { "000001" } else { "000000" };
        let bad = domain::booking::Book { code: wrong.into(), ..good.clone() };
        assert_eq!(refusal(booking::book(&cx, bad.clone()).await.map(|b| b.0)), Refusal::CodeWrong { left: 4 });
        assert_eq!(refusal(booking::book(&cx, bad).await.map(|b| b.0)), Refusal::CodeWrong { left: 3 });
        booking::book(&cx, good.clone()).await.unwrap();
        let other = domain::booking::Book { key: key(), ..good };
        assert!(matches!(refusal(booking::book(&cx, other).await.map(|b| b.0)), Refusal::WrongState { .. }));
    }

    async fn two_services_in_one_visit(h: Harness) {
        let booked = book(&h, &[BUBBLE, HYDRATE], ANYONE, "2026-06-13 10:00").await;
        assert_eq!((booked.items.len(), booked.price), (2, Fen(75_600)));
        assert_eq!(booked.items[0].staff, booked.items[1].staff, "one person for both");
        let (first, second) = (&booked.items[0], &booked.items[1]);
        assert_eq!((first.from.hhmm(), first.to.hhmm()), ("10:00".into(), "10:45".into()));
        assert_eq!(second.from.hhmm(), "10:55", "clean-up and preparation between");
        assert_eq!(h.overlaps().await, 0);
        // Light is done by 林 alone; whoever wishes for 周 gets her for the facial.
        let mixed = book(&h, &[LIGHT, HYDRATE], Some(ZHOU), "2026-06-14 14:00").await;
        assert_eq!(mixed.items.iter().map(|i| i.staff).collect::<Vec<_>>(), [LIN, ZHOU]);
    }

    async fn processing_frees_the_person_but_not_the_room(h: Harness) {
        // 小气泡 is processing from 10:20 to 10:35: the person is free, the room is not.
        book(&h, &[BUBBLE], Some(LIN), "2026-06-13 10:00").await;
        h.sql("UPDATE service SET prepare_min = 0, active_min = 15, finish_min = 0, cleanup_min = 0 WHERE name_en = 'Deep hydration'").await;
        h.sql("UPDATE branch SET policy = '{\"step\":5}' WHERE slug = 'jingan'").await;
        let free_now = free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await;
        assert!(free_now.contains(&"10:20".into()) && !free_now.contains(&"10:25".into()), "{free_now:?}");
        h.sql("UPDATE resource SET state = 'down' WHERE kind = 'room' AND id NOT IN (SELECT resource_id FROM allocation)").await;
        assert!(!free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await.contains(&"10:20".into()));
    }

    async fn price_and_duration_are_fixed_at_booking(h: Harness) {
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        h.sql("UPDATE service SET price_fen = 99900, active_min = 170, name_zh = '另一个名字'").await;
        let view = booking::view(&h.stranger(), &booked.token).await.unwrap();
        assert_eq!((view.price, view.items[0].minutes, &*view.items[0].name.zh), (Fen(45_800), 60, "深层补水护理"));
        let moved = booking::reschedule(&h.stranger(), move_of(&view, Some(LIN), "2026-06-13 14:15")).await.unwrap();
        assert_eq!((moved.price, moved.to.hhmm().as_str()), (Fen(45_800), "15:15"), "BOOK-8");
    }

    async fn rescheduling_moves_everything_and_frees_the_old_time(h: Harness) {
        let cx = h.stranger();
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-14 10:15").await;
        let reminders = |view: &domain::booking::BookingView| {
            let due = view.messages.iter().filter(|m| m.template.starts_with("reminder"));
            due.map(|m| m.at.wall.format("%d %H:%M").to_string()).collect::<Vec<_>>()
        };
        assert_eq!(reminders(&booked), ["13 10:15", "14 08:15"]);
        // Half an hour later overlaps its own time, which counts as free.
        let move_by_half = move_of(&booked, Some(LIN), "2026-06-14 10:45");
        let moved = booking::reschedule(&cx, move_by_half.clone()).await.unwrap();
        assert_eq!((moved.from.hhmm().as_str(), moved.number == booked.number), ("10:45", true));
        assert_eq!(reminders(&moved), ["13 10:45", "14 08:45"]);
        assert_eq!(booking::reschedule(&cx, move_by_half).await.unwrap(), moved, "the same key changes nothing");
        assert_eq!(allocations(&h).await, 2);
        let far = booking::reschedule(&cx, move_of(&booked, ANYONE, "2026-06-20 18:00")).await.unwrap();
        assert_eq!((far.from.wall.to_string(), far.history.len()), ("2026-06-20 18:00:00".into(), 4));
        assert!(free(&h, &[HYDRATE], Some(LIN), "2026-06-14").await.contains(&"10:45".to_owned()));
        booking::reschedule(&cx, move_of(&booked, ANYONE, "2026-06-21 18:00")).await.unwrap();
        let limit = refusal(booking::reschedule(&cx, move_of(&booked, ANYONE, "2026-06-22 18:00")).await);
        assert_eq!(limit, Refusal::TooManyChanges { limit: 3 });
        assert!(!booking::view(&cx, &booked.token).await.unwrap().may_reschedule);
        let by_desk = booking::reschedule(&h.desk(), move_of(&booked, ANYONE, "2026-06-22 18:00")).await.unwrap();
        assert_eq!(by_desk.history.last().unwrap().by, "salon", "the desk may");
        assert_eq!(h.overlaps().await, 0);
    }

    async fn the_page_for_moving_counts_the_own_time_as_free(h: Harness) {
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-14 10:15").await;
        let search = SlotSearch { moving: Some(booked.token.clone()), ..search(&[], Some(LIN), "2026-06-14") };
        let page = booking::page(&h.stranger(), search).await.unwrap();
        assert_eq!(page.moving.as_ref().map(|m| &m.0), Some(&booked.number));
        assert!(page.slots.iter().any(|s| s.free && s.at.hhmm() == "10:30"));
        let foreign = SlotSearch { moving: Some("foreign".into()), ..page_of(&[HYDRATE]) };
        assert!(matches!(booking::page(&h.stranger(), foreign).await, Err(Error::NotFound)));
    }

    async fn cancelling_keeps_the_row_and_frees_the_time(h: Harness) {
        let cx = h.stranger();
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-14 10:15").await;
        let salon_only = Cancel { reason: CancelReason::SalonCannot, ..cancel_of(&booked) };
        assert!(matches!(booking::cancel(&cx, salon_only).await, Err(Error::Invalid(_))));
        let gone = booking::cancel(&cx, Cancel { note: Some("临时出差".into()), ..cancel_of(&booked) }).await.unwrap();
        assert_eq!(gone.state, BookingState::CancelledByCustomer);
        assert_eq!(gone.history.last().unwrap().reason.as_deref(), Some("plans_changed"));
        assert_eq!(booking::cancel(&cx, cancel_of(&booked)).await.unwrap(), gone, "twice is once");
        assert!(!gone.may_cancel && !gone.may_reschedule);
        assert_eq!(gone.messages.iter().map(|m| &*m.template).collect::<Vec<_>>(), ["booking_cancelled"]);
        assert_eq!(allocations(&h).await, 0);
        let dead = refusal(booking::reschedule(&cx, move_of(&booked, ANYONE, "2026-06-15 18:00")).await);
        assert_eq!(dead, Refusal::WrongState { state: "cancelled_by_customer".into() });
        assert_eq!(h.number("SELECT COUNT(*) FROM booking").await, 1);
    }

    async fn after_the_cut_off_only_the_desk_changes(h: Harness) {
        let booked = book(&h, &[HYDRATE], Some(LIN), "2026-06-12 14:30").await;
        h.set_local("2026-06-12 12:30");
        assert!(booking::view(&h.stranger(), &booked.token).await.unwrap().may_cancel, "exactly at the cut-off");
        h.advance(Duration::seconds(1));
        let late = Refusal::AfterCutOff { phone: "021-5550-0101".into() };
        assert_eq!(refusal(booking::cancel(&h.stranger(), cancel_of(&booked)).await), late);
        assert_eq!(refusal(booking::cancel(&h.customer(fixture::WANG), cancel_of(&booked)).await), late);
        assert_eq!(refusal(booking::cancel(&h.lin(), cancel_of(&booked)).await), late, "not her task");
        assert_eq!(refusal(booking::reschedule(&h.stranger(), move_of(&booked, None, "2026-06-13 14:30")).await), late);
        assert_eq!(refusal(booking::cancel(&h.manager_elsewhere(), cancel_of(&booked)).await), late);
        let gone = booking::cancel(&h.desk(), Cancel { reason: CancelReason::SalonCannot, ..cancel_of(&booked) }).await;
        assert_eq!(gone.unwrap().state, BookingState::CancelledBySalon);
    }

    async fn foreign_links_lead_nowhere(h: Harness) {
        let cx = h.stranger();
        let held = hold(&cx, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        for token in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", &held.token] {
            assert!(matches!(booking::view(&cx, token).await, Err(Error::NotFound)), "{token}");
            let cancel = Cancel { token: token.into(), reason: CancelReason::Other, note: None };
            assert!(matches!(booking::cancel(&cx, cancel).await, Err(Error::NotFound)), "{token}");
        }
        assert!(matches!(booking::held(&cx, "x").await, Err(Error::NotFound)));
        let contact = Contact { hold: "x".into(), name: "王".into(), phone: Phone::parse("13800002716").unwrap() };
        assert!(matches!(booking::send_code(&cx, contact).await, Err(Error::NotFound)));
        assert!(matches!(booking::mine(&cx, None).await, Err(Error::SignedOut)));
        assert!(matches!(booking::mine(&h.desk(), None).await, Err(Error::Forbidden)));
        assert!(matches!(booking::mine(&h.customer(fixture::WANG), Some("x".into())).await, Err(Error::NotFound)));
    }

    async fn own_bookings_come_in_pages(h: Harness) {
        for day in 13..=29 {
            for hour in [10, 18] {
                enter(&h, &[BUBBLE], ANYONE, &format!("2026-06-{day} {hour}:00")).await;
            }
        }
        let li = h.customer(fixture::LI);
        let first = booking::mine(&li, None).await.unwrap();
        let second = booking::mine(&li, first.next.clone()).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next), (20, 14, None));
        let all: Vec<_> = first.items.iter().chain(&second.items).map(|line| line.from).collect();
        assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first, none twice");
        assert!(booking::mine(&h.customer(CustomerId::new()), None).await.unwrap().items.is_empty());
    }

    async fn the_desk_enters_bookings(h: Harness) {
        let cmd = enter_of(&[MASSAGE], ANYONE, "2026-06-12 10:30");
        assert!(matches!(booking::enter(&h.stranger(), fixture::JINGAN, cmd.clone()).await, Err(Error::SignedOut)));
        assert!(matches!(booking::enter(&h.lin(), fixture::JINGAN, cmd.clone()).await, Err(Error::Forbidden)));
        assert!(matches!(booking::enter(&h.manager_elsewhere(), fixture::JINGAN, cmd.clone()).await, Err(Error::Forbidden)));
        let booked = booking::enter(&h.desk(), fixture::JINGAN, cmd.clone()).await.unwrap();
        assert_eq!((booked.state, booked.customer_name.as_str()), (BookingState::Booked, "李娜"));
        assert_eq!(booked.history[0].by, "salon");
        assert_eq!(booked.messages.iter().map(|m| &*m.template).collect::<Vec<_>>(), ["booking_confirmed"], "too near to remind");
        assert_eq!(booking::enter(&h.desk(), fixture::JINGAN, cmd.clone()).await.unwrap(), booked);
        let other = domain::booking::Enter { at: fixture::at("2026-06-12 17:00"), ..cmd };
        assert_eq!(refusal(booking::enter(&h.desk(), fixture::JINGAN, other).await), Refusal::KeyReused);
    }

    async fn who_does_not_come_is_marked(h: Harness) {
        let missed = enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 10:15").await;
        let later = enter(&h, &[HYDRATE], Some(CHEN), "2026-06-12 12:15").await;
        h.set_local("2026-06-12 10:45");
        assert_eq!(booking::mark_no_shows(&h.system()).await.unwrap(), 0);
        h.advance(Duration::minutes(1));
        assert_eq!(booking::mark_no_shows(&h.system()).await.unwrap(), 1);
        let state = async |token: &str| booking::view(&h.stranger(), token).await.unwrap().state;
        assert_eq!(state(&missed.token).await, BookingState::NoShow);
        assert_eq!(state(&later.token).await, BookingState::Booked);
    }

    async fn the_board_hears_of_it(h: Harness) {
        let mut heard = h.store.live().subscribe();
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-13 10:15").await;
        let mut topics = Vec::new();
        while let Ok(change) = heard.try_recv() {
            assert_eq!(change.branch, fixture::JINGAN);
            topics.push(change.topic);
        }
        assert!(topics.contains(&Topic::Board) && topics.contains(&Topic::Staff { id: LIN }), "{topics:?}");
    }

    async fn a_house_that_is_open_past_midnight(h: Harness) {
        // Saturday from 20:00 to 2:00, and 林 works it.
        h.sql(
            "INSERT INTO special_day (branch_id, day, closed, open_min, close_min) \
             SELECT id, 20617, FALSE, 1200, 1560 FROM branch WHERE slug = 'jingan'",
        )
        .await;
        let (from, to) = (fixture::at("2026-06-13 19:00"), fixture::at("2026-06-14 02:15"));
        h.sql(&format!(
            "UPDATE rota SET from_ms = {}, to_ms = {} WHERE kind = 'shift' AND staff_id = {} AND from_ms = {}",
            from.timestamp_millis(),
            to.timestamp_millis(),
            h.uuid_literal(LIN.0),
            fixture::at("2026-06-13 10:00").timestamp_millis(),
        ))
        .await;
        let times = free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await;
        assert_eq!((times.first().unwrap().as_str(), times.last().unwrap().as_str()), ("20:00", "01:00"));
        let late = enter(&h, &[HYDRATE], Some(LIN), "2026-06-14 00:45").await;
        assert_eq!(late.to.wall.to_string(), "2026-06-14 01:45:00");
        let rest = free(&h, &[HYDRATE], Some(LIN), "2026-06-13").await;
        assert_eq!(rest.last().unwrap(), "23:30", "and clean-up before it");
        assert_eq!(free(&h, &[HYDRATE], Some(LIN), "2026-06-14").await.first().unwrap(), "10:15", "the day after is its own");
    }

    async fn a_full_day_says_so(h: Harness) {
        let search = SlotSearch { who: Some(LIN), ..page_of(&[LIGHT]) };
        let room = async || booking::page(&h.stranger(), search.clone()).await.unwrap().days[1].room;
        assert_eq!(room().await, DayRoom::Plenty);
        for wall in ["10:00", "11:00", "12:00", "14:00", "15:00", "16:00", "17:00"] {
            enter(&h, &[LIGHT], Some(LIN), &format!("2026-06-13 {wall}")).await;
        }
        assert_eq!(room().await, DayRoom::Tight);
        enter(&h, &[LIGHT], Some(LIN), "2026-06-13 18:00").await;
        assert_eq!(room().await, DayRoom::Full);
        h.sql("INSERT INTO special_day (branch_id, day, closed) SELECT id, 20617, TRUE FROM branch WHERE slug = 'jingan'").await;
        assert_eq!(domain_day(20617), "2026-06-13");
        assert_eq!(room().await, DayRoom::Closed);
    }
}

fn domain_day(number: i32) -> String {
    store::time::date(number).to_string()
}
