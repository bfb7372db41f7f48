//! The desk's books (DESK-1, DESK-5 … DESK-10) through their verbs, on both databases, with the clock set by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    FieldCode, Refusal, UserId, VisitId,
    desk::{
        WalkIn,
        arrive::{Arrive, LinkKind},
        band::{BandKind, BandOut},
        call::{Call, Matter},
        handover::{Give, MatterKind},
        question::{Ask, OneQuestion},
        script::{Moment, Script},
    },
    promise::{Kept, Promise},
};
use fixture::{CHEN, DESK, HYDRATE, JINGAN, LI, LIN, MANAGER, MASSAGE, WANG, ZHAO};
use std::collections::BTreeSet;
use store::{Error, both_databases, desk};
use visit_help::*;

fn ask(text: &str) -> Ask {
    Ask { text: text.into(), customer: Some(WANG), key: key() }
}

fn call(rings: u32, answered: bool, callback: Option<u32>) -> Call {
    Call {
        rings,
        answered,
        phone: Some(fixture::WANG_PHONE.into()),
        caller: None,
        customer: None,
        matter: Matter::Price,
        note: Some("问补水多少钱".into()),
        callback,
        key: key(),
    }
}

fn field<T: std::fmt::Debug>(answer: Result<T, Error>) -> (String, FieldCode) {
    match answer {
        Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
        other => panic!("a field expected, got {other:?}"),
    }
}

/// A booking of 李娜 with 林, as she sees it.
async fn entered(h: &Harness, wall: &str) -> domain::booking::BookingView {
    let customer = domain::desk::WalkInCustomer::Known(LI);
    let (services, at) = (vec![HYDRATE], fixture::at(wall));
    let cmd = domain::booking::Enter {
        customer,
        services,
        who: Some(LIN),
        at,
        told: false,
        note: None,
        key: key(),
    };
    store::booking::enter(&h.desk(), JINGAN, cmd).await.unwrap()
}

/// The token of the link in force.
async fn link(h: &Harness, kind: LinkKind) -> String {
    desk::renew_link(&h.manager(), JINGAN, kind, true).await.unwrap();
    let links = desk::links(&h.manager(), JINGAN).await.unwrap();
    match kind {
        LinkKind::Screen => links.screen.unwrap().path.rsplit('/').next().unwrap().to_owned(),
        LinkKind::Arrive => links.arrive.unwrap().path.rsplit("c=").next().unwrap().to_owned(),
    }
}

both_databases! {
    /// C-8: 32 desks press at once with 10 waiting; 10 distinct tickets, in the order of the queue.
    async fn call_next_gives_each_ticket_once_and_in_order(h: Harness) {
        for n in 0..10 {
            desk::walk_in(&h.desk(), JINGAN, newcomer(&format!("客人{n}号"), &format!("1370005{n:04}"), &[HYDRATE])).await.unwrap();
            h.advance(Duration::seconds(20));
        }
        // Booked and early: not to be called before the booked time.
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        desk::check_in(&h.desk(), first_expected(&h).await).await.unwrap();
        let tasks: Vec<_> = (0..32).map(|_| {
            let cx = h.desk();
            tokio::spawn(async move { desk::call_next(&cx, JINGAN).await.unwrap() })
        }).collect();
        let mut called = BTreeSet::new();
        for task in tasks {
            if let Some(one) = task.await.unwrap() {
                assert!(called.insert(one.ticket.clone()), "{} was called twice", one.ticket);
            }
        }
        let want: BTreeSet<String> = (1..=10).map(|n| format!("A{n:02}")).collect();
        assert_eq!(called, want);
        let out_of_order = h.number(
            "SELECT COUNT(*) FROM audit a JOIN audit b ON a.action = 'visit.call' AND b.action = 'visit.call' \
             AND a.id < b.id AND a.detail > b.detail AND a.at < b.at"
        ).await;
        assert_eq!(out_of_order, 0);
        h.set_local("2026-06-12 11:00");
        assert_eq!(desk::call_next(&h.desk(), JINGAN).await.unwrap().unwrap().ticket, "A11");
        assert_eq!(desk::call_next(&h.desk(), JINGAN).await.unwrap(), None);
        let board = desk::board(&h.desk(), JINGAN).await.unwrap();
        assert!(board.waiting.iter().all(|card| card.called.is_some()));
        forbidden(desk::call_next(&h.lin(), JINGAN).await);
        forbidden(desk::call_next(&h.manager_elsewhere(), JINGAN).await);
    }

    async fn calls_one_after_the_other_follow_the_queue(h: Harness) {
        for customer in [WANG, LI, ZHAO] {
            walk_in(&h, customer, &[HYDRATE]).await;
            h.advance(Duration::minutes(1));
        }
        for want in ["A01", "A02", "A03"] {
            assert_eq!(desk::call_next(&h.desk(), JINGAN).await.unwrap().unwrap().ticket, want);
        }
    }

    async fn a_question_has_one_owner_until_it_is_closed(h: Harness) {
        let (cx, boss) = (h.desk(), h.manager());
        let cmd = ask("次卡还剩几次");
        let id = desk::ask(&cx, JINGAN, cmd.clone()).await.unwrap();
        assert_eq!(desk::ask(&cx, JINGAN, cmd).await.unwrap(), id, "the same key, the same question");
        h.advance(Duration::minutes(12));
        let card = desk::board(&cx, JINGAN).await.unwrap().questions.remove(0);
        assert_eq!((card.owner, card.minutes, card.handed), (DESK, 12, false));
        assert_eq!(card.customer.as_deref(), Some("王雅琴"));
        let one = OneQuestion { id, version: card.version };
        assert_eq!(field(desk::hand(&cx, one, UserId::new()).await), ("to".into(), FieldCode::Choice));
        assert_eq!(field(desk::hand(&cx, one, fixture::LIN_USER).await), ("to".into(), FieldCode::Choice), "not of the desk");
        desk::hand(&cx, one, MANAGER).await.unwrap();
        // C-11: whoever saw it before is told.
        refused(desk::close(&cx, one, "说好了".into()).await, Refusal::Stale);
        let card = desk::board(&boss, JINGAN).await.unwrap().questions.remove(0);
        assert_eq!((card.owner, card.handed), (MANAGER, true));
        let one = OneQuestion { id, version: card.version };
        wrong_state(desk::accept(&cx, one).await);
        desk::accept(&boss, one).await.unwrap();
        let one = OneQuestion { version: card.version + 1, ..one };
        not_found(desk::close(&h.manager_elsewhere(), one, "x".into()).await);
        desk::close(&boss, one, "打了明细".into()).await.unwrap();
        wrong_state(desk::close(&boss, one, "再来".into()).await);
        assert!(desk::board(&cx, JINGAN).await.unwrap().questions.is_empty());
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'question.%'").await, 4);
        forbidden(desk::ask(&h.lin(), JINGAN, ask("x")).await);
    }

    async fn calls_are_logged_and_called_back(h: Harness) {
        let cx = h.desk();
        let cmd = call(2, true, None);
        let first = desk::log_call(&cx, JINGAN, cmd.clone()).await.unwrap();
        assert_eq!(desk::log_call(&cx, JINGAN, cmd).await.unwrap(), first);
        h.advance(Duration::minutes(1));
        let missed = desk::log_call(&cx, JINGAN, call(7, false, Some(30))).await.unwrap();
        h.advance(Duration::minutes(1));
        let owed = desk::log_call(&cx, JINGAN, call(1, true, Some(30))).await.unwrap();
        let page = desk::phone_page(&cx, JINGAN, None).await.unwrap();
        assert_eq!(page.due.iter().map(|c| c.id).collect::<Vec<_>>(), [missed, owed], "the most urgent first");
        assert_eq!(page.log.items.iter().map(|c| c.id).collect::<Vec<_>>(), [owed, missed, first]);
        assert!(page.log.items.iter().all(|c| c.customer == Some(WANG) && c.phone == fixture::WANG_PHONE));
        assert_eq!((page.log.items[0].kept, page.log.items[1].kept, page.log.items[2].kept), (None, None, Some(true)));
        let figure = page.figure.unwrap();
        assert_eq!((figure.met, figure.n, figure.status), (1, 1, Kept::Kept), "what is in time does not count yet");

        h.advance(Duration::minutes(20));
        desk::called_back(&cx, owed, 1, Some("说清楚了".into())).await.unwrap();
        wrong_state(desk::called_back(&cx, owed, 2, None).await);
        h.advance(Duration::minutes(15));
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.alerts.callbacks, board.alerts.callbacks_over), (1, 1));
        let page = desk::phone_page(&cx, JINGAN, None).await.unwrap();
        assert_eq!((page.due.len(), page.due[0].over), (1, 6));
        refused(desk::called_back(&cx, missed, 9, None).await, Refusal::Stale);
        desk::called_back(&cx, missed, 1, None).await.unwrap();
        not_found(desk::called_back(&h.manager_elsewhere(), first, 1, None).await);
        forbidden(desk::phone_page(&h.lin(), JINGAN, None).await);
    }

    /// PHONE on the wall equals an independent query over the log, and its records are as many as it says.
    async fn the_phone_promise_is_what_the_log_says(h: Harness) {
        let cx = h.desk();
        for (rings, answered, callback, back_after) in [
            (1, true, None, None), (3, true, None, None), (4, true, None, None), (6, false, Some(30), Some(5)),
            (2, true, Some(30), Some(30)), (2, true, Some(30), Some(31)), (2, true, Some(30), None), (1, true, Some(600), None),
        ] {
            let id = desk::log_call(&cx, JINGAN, call(rings, answered, callback)).await.unwrap();
            if let Some(minutes) = back_after {
                h.advance(Duration::minutes(minutes));
                desk::called_back(&cx, id, 1, None).await.unwrap();
            }
        }
        h.advance(Duration::minutes(45));
        let wall = store::promise::wall(&h.stranger(), "jingan").await.unwrap();
        let figure = wall.figures.into_iter().find(|f| f.promise == Promise::Phone).unwrap();
        let now = h.now().timestamp_millis();
        let open = format!("callback_due IS NOT NULL AND called_back_at IS NULL AND callback_due >= {now}");
        let n = h.number(&format!("SELECT COUNT(*) FROM phone_call WHERE NOT ({open})")).await;
        let late = "callback_due IS NOT NULL AND COALESCE(called_back_at, 9999999999999) > callback_due";
        let missed = h.number(&format!("SELECT COUNT(*) FROM phone_call WHERE NOT ({open}) AND (rings > 3 OR NOT answered OR ({late}))")).await;
        assert_eq!((i64::from(figure.n), i64::from(figure.n - figure.met)), (n, missed));
        assert_eq!((n, missed), (7, 4));
        let all = store::promise::evidence(&h.manager(), "jingan", Promise::Phone, false, None).await.unwrap().page.items;
        let wrong = store::promise::evidence(&h.manager(), "jingan", Promise::Phone, true, None).await.unwrap().page.items;
        assert_eq!((all.len() as i64, wrong.len() as i64), (n, missed));
        assert!(wrong.iter().all(|e| !e.met && e.reason.is_some()) && all.iter().filter(|e| e.met).count() == 3);
        let public = store::promise::public_evidence(&h.stranger(), "jingan", Promise::Phone, false, None).await.unwrap();
        assert!(public.page.items.iter().all(|e| e.name.is_none()));
    }

    async fn a_band_and_a_locker_are_out_once(h: Harness) {
        let (cx, boss) = (h.desk(), h.manager());
        let labels = |n: u32| (1..=n).map(|n| format!("{n:03}")).collect::<Vec<_>>();
        forbidden(desk::register_bands(&cx, JINGAN, BandKind::Band, labels(3)).await);
        assert_eq!(desk::register_bands(&boss, JINGAN, BandKind::Band, labels(3)).await.unwrap(), 3);
        assert_eq!(desk::register_bands(&boss, JINGAN, BandKind::Band, labels(5)).await.unwrap(), 2);
        desk::register_bands(&boss, JINGAN, BandKind::Locker, labels(5)).await.unwrap();
        let (first, second) = (walk_in(&h, WANG, &[HYDRATE]).await, walk_in(&h, LI, &[HYDRATE, MASSAGE]).await);
        let give = |band: &str, locker: &str, visit: VisitId| BandOut {
            band: band.into(), locker: Some(locker.into()), visit, room: None, key: key(),
        };
        let cmd = give("001", "001", first);
        let out = desk::give_band(&cx, cmd.clone()).await.unwrap();
        assert_eq!(desk::give_band(&cx, cmd).await.unwrap(), out, "the same key, the same band");
        assert_eq!(field(desk::give_band(&cx, give("001", "002", second)).await), ("band".into(), FieldCode::Taken));
        assert_eq!(field(desk::give_band(&cx, give("002", "001", second)).await), ("locker".into(), FieldCode::Taken));
        assert_eq!(field(desk::give_band(&cx, give("999", "002", second)).await), ("band".into(), FieldCode::Choice));
        not_found(desk::give_band(&h.manager_elsewhere(), give("002", "002", second)).await);
        desk::give_band(&cx, give("002", "002", second)).await.unwrap();
        let page = desk::bands_page(&cx, JINGAN).await.unwrap();
        assert_eq!((page.out.len(), page.bands[0].as_str(), page.bands_all, page.visits.len()), (2, "003", 5, 0));
        let tab = page.out.iter().find(|line| line.visit == second).unwrap();
        assert_eq!((tab.services.len(), tab.total.0, tab.due.hhmm().as_str()), (2, 45_800 + 36_800, "18:00"));

        // The alarm (8 hours; closing would be at 21:00).
        h.set_local("2026-06-12 17:59");
        assert_eq!(desk::board(&cx, JINGAN).await.unwrap().alerts.bands_over, 0);
        h.set_local("2026-06-12 18:00");
        let alerts = desk::board(&cx, JINGAN).await.unwrap().alerts;
        assert_eq!((alerts.bands, alerts.bands_over), (2, 2));
        refused(desk::band_back(&cx, out, 7, false).await, Refusal::Stale);
        desk::band_back(&cx, out, 1, false).await.unwrap();
        wrong_state(desk::band_back(&cx, out, 2, false).await);
        let lost = desk::bands_page(&cx, JINGAN).await.unwrap().out.remove(0);
        desk::band_back(&cx, lost.id, lost.version, true).await.unwrap();
        let third = walk_in(&h, ZHAO, &[HYDRATE]).await;
        assert_eq!(field(desk::give_band(&cx, give("002", "003", third)).await), ("band".into(), FieldCode::Choice), "lost");
        desk::band_found(&cx, JINGAN, "002").await.unwrap();
        desk::give_band(&cx, give("002", "003", third)).await.unwrap();
        desk::left(&cx, first).await.unwrap();
        wrong_state(desk::give_band(&cx, give("004", "004", first)).await);
    }

    async fn of_16_desks_one_hands_the_band_out(h: Harness) {
        desk::register_bands(&h.manager(), JINGAN, BandKind::Band, vec!["001".into()]).await.unwrap();
        let mut visits = Vec::new();
        for n in 0..16 {
            let cmd = newcomer(&format!("客人{n}号"), &format!("1370006{n:04}"), &[HYDRATE]);
            visits.push(desk::walk_in(&h.desk(), JINGAN, cmd).await.unwrap().visit);
        }
        let tasks: Vec<_> = visits.into_iter().map(|visit| {
            let cx = h.desk();
            let give = BandOut { band: "001".into(), locker: None, visit, room: None, key: key() };
            tokio::spawn(async move { desk::give_band(&cx, give).await })
        }).collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(Error::Invalid(fields)) => assert_eq!(fields[0].code, FieldCode::Taken),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(won, 1);
    }

    async fn a_shift_is_given_and_taken_by_two(h: Harness) {
        let (cx, boss) = (h.desk(), h.manager());
        walk_in(&h, WANG, &[HYDRATE]).await;
        desk::log_call(&cx, JINGAN, call(7, false, Some(30))).await.unwrap();
        h.advance(Duration::minutes(20));
        desk::ask(&cx, JINGAN, ask("要发票")).await.unwrap();
        let give = Give { note: Some("空调师傅两点来".into()), cash_note: Some("备用金 500".into()), key: key() };
        let id = desk::give_shift(&cx, JINGAN, give.clone()).await.unwrap();
        assert_eq!(desk::give_shift(&cx, JINGAN, give.clone()).await.unwrap(), id);
        let again = Give { key: key(), ..give };
        wrong_state(desk::give_shift(&boss, JINGAN, again).await);
        let page = desk::handover_page(&boss, JINGAN, None).await.unwrap();
        let waiting = page.waiting.unwrap();
        let kinds: Vec<_> = waiting.matters.iter().map(|m| (m.kind, m.overdue)).collect();
        assert_eq!(kinds, [(MatterKind::LongWait, true), (MatterKind::Callback, false), (MatterKind::Question, false)]);
        assert!(waiting.matters.iter().all(|m| !m.what.contains(fixture::WANG_PHONE)), "kept masked");
        assert!(desk::board(&cx, JINGAN).await.unwrap().alerts.handover);
        wrong_state(desk::take_shift(&cx, id, 1, None).await);
        refused(desk::take_shift(&boss, id, 5, None).await, Refusal::Stale);
        desk::take_shift(&boss, id, 1, Some("收到".into())).await.unwrap();
        wrong_state(desk::take_shift(&boss, id, 2, None).await);
        let page = desk::handover_page(&cx, JINGAN, None).await.unwrap();
        assert!(page.waiting.is_none());
        assert_eq!((page.past.items.len(), page.past.items[0].matters), (1, 3));
        let view = desk::handover(&cx, id).await.unwrap();
        assert_eq!((view.take_note.as_deref(), view.taken_at.is_some()), (Some("收到"), true));
        not_found(desk::handover(&h.manager_elsewhere(), id).await);
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'handover.%'").await, 2);
    }

    async fn scripts_are_read_by_all_and_written_by_the_manager(h: Harness) {
        let (cx, boss) = (h.desk(), h.manager());
        forbidden(desk::usual_scripts(&cx, JINGAN).await);
        desk::usual_scripts(&boss, JINGAN).await.unwrap();
        wrong_state(desk::usual_scripts(&boss, JINGAN).await);
        let all = desk::scripts(&h.lin(), JINGAN).await.unwrap();
        assert!(Moment::ALL.iter().all(|m| all.iter().any(|s| s.moment == *m)));
        let script = |retire, version| Script {
            id: Some(all[0].id), version, moment: all[0].moment, title: all[0].title.clone(),
            text: domain::Text::new("新的说法", "Another way to say it"), retire,
        };
        forbidden(desk::save_script(&cx, JINGAN, script(false, 1)).await);
        desk::save_script(&boss, JINGAN, script(false, 1)).await.unwrap();
        refused(desk::save_script(&boss, JINGAN, script(false, 1)).await, Refusal::Stale);
        desk::save_script(&boss, JINGAN, script(true, 2)).await.unwrap();
        assert_eq!(desk::scripts(&cx, JINGAN).await.unwrap().len(), all.len() - 1);
        not_found(desk::save_script(&h.manager_elsewhere(), fixture::XUHUI, script(false, 3)).await);
    }

    async fn the_screen_shows_tickets_and_no_names(h: Harness) {
        let token = link(&h, LinkKind::Screen).await;
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        walk_in(&h, LI, &[HYDRATE]).await;
        walk_in(&h, ZHAO, &[MASSAGE]).await;
        assign(&h, visit, CHEN).await;
        h.advance(Duration::minutes(1));
        desk::call_next(&h.desk(), JINGAN).await.unwrap();
        let screen = desk::screen(&h.stranger(), &token).await.unwrap();
        let calls: Vec<_> = screen.calls.iter().map(|c| (c.ticket.as_str(), c.room.is_some())).collect();
        assert_eq!(calls, [("A02", false), ("A01", true)], "to the desk, and to a room");
        assert_eq!(screen.waiting.iter().map(|t| (t.ticket.as_str(), t.place)).collect::<Vec<_>>(), [("A02", 1), ("A03", 2)]);
        let text = serde_json::to_string(&screen).unwrap();
        assert!(["王雅琴", "李娜", "赵秀英", "13800002716"].iter().all(|name| !text.contains(name)));
        // Old calls go.
        h.advance(Duration::minutes(16));
        assert!(desk::screen(&h.stranger(), &token).await.unwrap().calls.is_empty());
        let newer = link(&h, LinkKind::Screen).await;
        not_found(desk::screen(&h.stranger(), &token).await);
        not_found(desk::arrive_page(&h.stranger(), "jingan", &newer).await);
        desk::renew_link(&h.manager(), JINGAN, LinkKind::Screen, false).await.unwrap();
        not_found(desk::screen(&h.stranger(), &newer).await);
        forbidden(desk::renew_link(&h.desk(), JINGAN, LinkKind::Screen, true).await);
    }

    async fn a_booked_customer_checks_in_at_the_door(h: Harness) {
        let token = link(&h, LinkKind::Arrive).await;
        let code = entered(&h, "2026-06-12 11:00").await.checkin_code;
        let who = h.stranger();
        let wrong = if code == "0000" { "0001" } else { "0000" };
        let cmd = |tail: &str, number: &str| Arrive { tail: tail.into(), number: number.into() };
        assert_eq!(field(desk::arrive(&who, "jingan", &token, cmd("1234", wrong)).await), ("number".into(), FieldCode::Choice));
        not_found(desk::arrive(&who, "jingan", "nonsense", cmd("1234", &code)).await);
        not_found(desk::arrive(&who, "xuhui", &token, cmd("1234", &code)).await);
        let ticket = desk::arrive(&who, "jingan", &token, cmd("1234", &code)).await.unwrap();
        assert_eq!((ticket.ticket.as_str(), ticket.estimate), ("A01", Some(0)));
        refused(desk::arrive(&who, "jingan", &token, cmd("1234", &code)).await, Refusal::AlreadyArrived);
        // Guessing ends after five tries an hour with one phone's end, from wherever.
        for _ in 0..8 {
            let _ = desk::arrive(&who, "jingan", &token, cmd("1234", wrong)).await;
        }
        assert!(matches!(desk::arrive(&who, "jingan", &token, cmd("1234", wrong)).await, Err(Error::Refused(Refusal::TooMany { .. }))));
        assert_eq!(h.number("SELECT COUNT(*) FROM visit").await, 1);
    }

    async fn the_own_link_says_i_am_here_on_the_day(h: Harness) {
        let token = entered(&h, "2026-06-12 15:15").await.token;
        refused(desk::arrive_by_link(&h.stranger(), &token).await, Refusal::OutsideNotice);
        h.set_local("2026-06-12 14:20");
        desk::arrive_by_link(&h.stranger(), &token).await.unwrap();
        refused(desk::arrive_by_link(&h.stranger(), &token).await, Refusal::AlreadyArrived);
        not_found(desk::arrive_by_link(&h.stranger(), "nonsense").await);
    }

    async fn a_walk_in_takes_a_ticket_on_the_phone(h: Harness) {
        let token = link(&h, LinkKind::Arrive).await;
        let who = h.stranger();
        let page = desk::arrive_page(&who, "jingan", &token).await.unwrap();
        assert!(page.categories.iter().all(|c| c.services.iter().all(|s| s.online)));
        let cmd = newcomer("孙倩", "13700020001", &[HYDRATE]);
        let ticket = desk::take_ticket(&who, "jingan", &token, cmd.clone()).await.unwrap();
        assert_eq!(ticket.ticket, "A01");
        let again = desk::take_ticket(&who, "jingan", &token, cmd.clone()).await.unwrap();
        assert_eq!((again.ticket, again.link), (ticket.ticket, ticket.link), "a double tap");
        let other = WalkIn { key: key(), ..cmd };
        refused(desk::take_ticket(&who, "jingan", &token, other).await, Refusal::AlreadyArrived);
        // A known number keeps its customer's name.
        let cmd = newcomer("别人", fixture::WANG_PHONE, &[HYDRATE]);
        desk::take_ticket(&who, "jingan", &token, cmd).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM customer WHERE name = '王雅琴'").await, 1);
        let desk_only = newcomer("孙二", "13700020002", &[MASSAGE]);
        assert_eq!(field(desk::take_ticket(&who, "jingan", &token, desk_only).await), ("services".into(), FieldCode::Choice));
        h.set_local("2026-06-12 22:00");
        let late = newcomer("孙三", "13700020003", &[HYDRATE]);
        refused(desk::take_ticket(&who, "jingan", &token, late).await, Refusal::SlotNotOffered);
        not_found(desk::take_ticket(&who, "jingan", "nonsense", newcomer("孙四", "13700020004", &[HYDRATE])).await);
    }

    /// C-21: the machine's clock goes back an hour, and forward a day: nothing counts below zero, nothing is due twice.
    async fn clocks_survive_a_clock_that_jumps(h: Harness) {
        let cx = h.desk();
        walk_in(&h, WANG, &[HYDRATE]).await;
        desk::ask(&cx, JINGAN, ask("要发票")).await.unwrap();
        desk::log_call(&cx, JINGAN, call(7, false, Some(30))).await.unwrap();
        h.advance(Duration::minutes(-60));
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.waiting[0].waited, board.questions[0].minutes, board.alerts.callbacks_over), (0, 0, 0));
        assert_eq!(desk::phone_page(&cx, JINGAN, None).await.unwrap().due[0].over, 0);
        assert_eq!(desk::call_next(&cx, JINGAN).await.unwrap(), None, "its time has not come by this clock");
        h.advance(Duration::minutes(60) + Duration::days(1));
        let board = desk::board(&cx, JINGAN).await.unwrap();
        assert_eq!((board.questions[0].minutes, board.alerts.callbacks_over), (24 * 60, 1));
        assert_eq!(board.waiting[0].waited, 24 * 60);
    }
}
