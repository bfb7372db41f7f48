//! After the service (CARE-1, CARE-2) on both databases: what completing opens, booking and closing a re-check, the calls.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    BookingId, FieldCode, Refusal, StaffId, Text, VisitServiceId,
    booking::{Cancel, CancelReason},
    care::{
        BookRecheck, CallList, CallOutcome, CallState, CarePolicy, RecheckOutcome, RecheckState, RecordCall,
        RecordOutcome,
    },
    treat::ServiceState,
};
use fixture::{CHEN, HYDRATE, JINGAN, LI, LIGHT, LIN, WANG, ZHOU};
use store::{
    Error, booking, both_databases,
    care::{self, CallsQuery},
    desk, treat,
};
use visit_help::*;

/// The link of the only re-check there is.
async fn link(h: &Harness) -> String {
    h.text("SELECT token FROM recheck ORDER BY opened_at DESC").await
}

fn at_link(token: &str, wall: &str, who: Option<StaffId>) -> BookRecheck {
    BookRecheck { token: token.into(), who, at: fixture::at(wall), key: key() }
}

async fn messages(h: &Harness, template: &str) -> i64 {
    h.number(&format!("SELECT COUNT(*) FROM outbox WHERE template = '{template}'")).await
}

/// Everything that is due by itself.
async fn jobs(h: &Harness) -> u64 {
    care::due(&h.system()).await.unwrap()
}

/// Booked, arrived, begun at this time; gives the service that is the re-check.
async fn in_the_chair(h: &Harness, token: &str, wall: &str) -> VisitServiceId {
    care::book(&h.stranger(), at_link(token, wall, Some(LIN))).await.unwrap();
    h.set_local(wall);
    let booking = first_expected(h).await;
    desk::check_in(&h.desk(), booking).await.unwrap();
    let item = next(&h.lin()).await;
    treat::start(&h.lin(), item).await.unwrap();
    item
}

both_databases! {
    async fn completing_opens_one_recheck_and_the_calls(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE, LIGHT]).await;
        assign(&h, visit, LIN).await;
        let item = next(&h.lin()).await;
        treat::start(&h.lin(), item).await.unwrap();
        tick_all(&h.lin(), item).await;
        h.advance(Duration::minutes(60));
        treat::finish(&h.lin(), item).await.unwrap();
        // The answer was lost; sent again, twice at once too.
        let (lin, twice) = (h.lin(), h.lin());
        let (a, b) = tokio::join!(treat::finish(&lin, item), treat::finish(&twice, item));
        assert_eq!((a.unwrap().state, b.unwrap().state), (ServiceState::Done, ServiceState::Done));
        assert_eq!(h.number("SELECT COUNT(*) FROM recheck").await, 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM followup").await, 3);
        assert_eq!(messages(&h, "recheck_open").await, 1);
        // The second service of the visit: a re-check of its own, the same calls.
        assign(&h, visit, LIN).await;
        let second = next(&h.lin()).await;
        treat::start(&h.lin(), second).await.unwrap();
        tick_all(&h.lin(), second).await;
        h.advance(Duration::minutes(40));
        treat::finish(&h.lin(), second).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM recheck").await, 2);
        assert_eq!(h.number("SELECT COUNT(*) FROM followup").await, 3);
        // The whole seventh day belongs to it.
        let until = h.number("SELECT MAX(until_at) FROM recheck").await;
        assert_eq!(until, at_ms("2026-06-20 00:00"));
    }

    async fn settings_say_how_long_and_when(h: Harness) {
        let own = CarePolicy { recheck_days: 3, call_days: vec![2], ..CarePolicy::default() };
        care::save_policy(&h.manager(), JINGAN, Some(HYDRATE), &own).await.unwrap();
        care::save_policy(&h.manager(), JINGAN, Some(HYDRATE), &own).await.unwrap();
        assert_eq!(care::policy(&h.manager(), JINGAN, Some(HYDRATE)).await.unwrap(), own);
        assert_eq!(care::policy(&h.manager(), JINGAN, Some(LIGHT)).await.unwrap(), CarePolicy::default());
        forbidden(care::save_policy(&h.desk(), JINGAN, None, &own).await);
        whole_visit(&h, WANG, 0).await;
        assert_eq!(h.number("SELECT MAX(until_at) FROM recheck").await, at_ms("2026-06-16 00:00"));
        assert_eq!(h.number("SELECT COUNT(*) FROM followup WHERE day_no = 2").await, 1);
        let none = CarePolicy { recheck_days: 0, call_days: vec![], ..CarePolicy::default() };
        care::save_policy(&h.manager(), JINGAN, Some(HYDRATE), &none).await.unwrap();
        whole_visit(&h, LI, 0).await;
        assert_eq!(h.number("SELECT COUNT(*) FROM recheck").await, 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM followup").await, 1);
    }

    async fn a_recheck_booked_and_closed(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let token = link(&h).await;
        let page = care::page(&h.stranger(), &token, None, false, None).await.unwrap();
        assert_eq!((page.recheck.state, page.recheck.days_left), (RecheckState::Open, 7));
        let times = page.page.unwrap();
        assert_eq!((times.who, times.minutes, times.price.0), (Some(LIN), 20, 0));
        assert!(times.days.iter().all(|day| day.date <= page.recheck.last_day), "not beyond its last day");
        let cmd = at_link(&token, "2026-06-13 11:00", Some(LIN));
        let booked = care::book(&h.stranger(), cmd.clone()).await.unwrap();
        assert_eq!((booked.price.0, booked.items[0].minutes, booked.items[0].staff), (0, 20, LIN));
        assert_eq!(care::book(&h.stranger(), cmd).await.unwrap().token, booked.token, "the same key, the same booking");
        wrong_state(care::book(&h.stranger(), at_link(&token, "2026-06-13 15:00", None)).await);
        assert_eq!(h.overlaps().await, 0);

        h.set_local("2026-06-13 10:58");
        desk::check_in(&h.desk(), first_expected(&h).await).await.unwrap();
        let item = next(&h.lin()).await;
        let view = treat::start(&h.lin(), item).await.unwrap();
        assert!(view.steps.is_empty(), "looked at, not done again");
        let known = view.recheck.clone().unwrap();
        assert_eq!((known.outcome, known.staff.zh.as_str()), (None, "林晓雯"));
        refused(treat::finish(&h.lin(), item).await, Refusal::OutcomeMissing);
        let record = |outcome, note: Option<&str>, version| RecordOutcome {
            item, outcome, note: note.map(Into::into), version
        };
        forbidden(care::record_outcome(&h.zhou(), &record(RecheckOutcome::Fine, None, known.version)).await);
        let view = care::record_outcome(&h.lin(), &record(RecheckOutcome::Fine, None, known.version)).await.unwrap();
        let seen = view.recheck.unwrap();
        assert_eq!(seen.outcome, Some(RecheckOutcome::Fine));
        refused(care::record_outcome(&h.lin(), &record(RecheckOutcome::Fine, None, known.version)).await, Refusal::Stale);
        care::record_outcome(&h.lin(), &record(RecheckOutcome::Adjusted, Some("补敷冷膜"), seen.version)).await.unwrap();
        treat::finish(&h.lin(), item).await.unwrap();
        let again = treat::treatment(&h.lin(), seen.original).await.unwrap().looked_again.unwrap();
        assert_eq!((again.outcome, again.note.as_deref()), (RecheckOutcome::Adjusted, Some("补敷冷膜")));
        assert!(treat::treatment(&h.lin(), item).await.unwrap().looked_again.is_none());
        assert_eq!(h.number("SELECT COUNT(*) FROM recheck").await, 1, "a re-check opens none");
        assert_eq!(h.number("SELECT COUNT(*) FROM followup").await, 3);
        let page = care::page(&h.stranger(), &token, None, false, None).await.unwrap();
        assert_eq!((page.recheck.state, page.recheck.outcome), (RecheckState::Done, Some(RecheckOutcome::Adjusted)));
        assert!(page.page.is_none());
        h.set_local("2026-06-30 10:00");
        assert_eq!(jobs(&h).await, 0, "what is done does not lapse, nobody is reminded");
    }

    async fn a_cancelled_one_is_open_again(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let token = link(&h).await;
        let booked = care::book(&h.stranger(), at_link(&token, "2026-06-14 11:00", None)).await.unwrap();
        let cancel = Cancel { token: booked.token, reason: CancelReason::PlansChanged, note: None };
        booking::cancel(&h.stranger(), cancel).await.unwrap();
        let open = care::page(&h.stranger(), &token, None, false, None).await.unwrap();
        assert_eq!(open.recheck.state, RecheckState::Open);
        // Not come: open again; came after all: in the chair.
        care::book(&h.stranger(), at_link(&token, "2026-06-14 11:00", None)).await.unwrap();
        h.set_local("2026-06-14 11:40");
        booking::mark_no_shows(&h.system()).await.unwrap();
        assert_eq!(h.text("SELECT state FROM recheck").await, "open");
        let late = h.text("SELECT number FROM booking WHERE state = 'no_show'").await;
        assert!(!late.is_empty());
        let id = h.id("SELECT id FROM booking WHERE state = 'no_show'").await;
        desk::check_in(&h.desk(), BookingId(id)).await.unwrap();
        assert_eq!(h.text("SELECT state FROM recheck").await, "booked");
        assert_eq!(h.number("SELECT COUNT(*) FROM visit_service WHERE recheck_of IS NOT NULL").await, 1);
    }

    async fn unused_it_ends_by_itself_after_two_reminders(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let token = link(&h).await;
        assert_eq!(jobs(&h).await, 0);
        h.set_local("2026-06-17 10:00");
        assert_eq!((jobs(&h).await, jobs(&h).await, messages(&h, "recheck_ends").await), (1, 0, 1));
        h.set_local("2026-06-19 10:01");
        assert_eq!((jobs(&h).await, jobs(&h).await, messages(&h, "recheck_ends").await), (1, 0, 2));
        h.set_local("2026-06-19 23:59");
        assert_eq!(jobs(&h).await, 0, "the last day is not over");
        h.set_local("2026-06-20 00:00");
        // Over at once, whether or not the job has looked.
        let page = care::page(&h.stranger(), &token, None, false, None).await.unwrap();
        assert_eq!((page.recheck.state, page.page.is_none()), (RecheckState::Lapsed, true));
        refused(care::book(&h.stranger(), at_link(&token, "2026-06-20 15:00", None)).await, Refusal::LinkExpired);
        assert_eq!((jobs(&h).await, jobs(&h).await), (1, 0));
        assert_eq!(h.text("SELECT state FROM recheck").await, "lapsed");
        assert_eq!(messages(&h, "recheck_ends").await, 2);
    }

    /// C-21: the clock is a week ahead for a while, and set back.
    async fn a_clock_that_jumps_reminds_once(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        h.set_local("2026-06-19 12:00");
        assert_eq!(jobs(&h).await, 1);
        assert_eq!(messages(&h, "recheck_ends").await, 1, "not one for each day that was jumped over");
        h.set_local("2026-06-12 12:00");
        assert_eq!(jobs(&h).await, 0);
        h.set_local("2026-06-19 13:00");
        assert_eq!(jobs(&h).await, 0);
        assert_eq!(messages(&h, "recheck_ends").await, 1);
        assert_eq!(h.text("SELECT state FROM recheck").await, "open");
    }

    async fn it_may_be_declined_and_taken_up_again(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let token = link(&h).await;
        assert_eq!(care::decline(&h.stranger(), &token).await.unwrap().state, RecheckState::Declined);
        care::decline(&h.stranger(), &token).await.unwrap();
        h.set_local("2026-06-17 10:00");
        assert_eq!(jobs(&h).await, 0, "who declined is not reminded");
        care::book(&h.stranger(), at_link(&token, "2026-06-17 15:00", None)).await.unwrap();
        not_found(care::page(&h.stranger(), "no-such-link", None, false, None).await);
    }

    /// C-1, C-9 at the last time: two want the same short time, one gets it.
    async fn nobody_is_booked_twice(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let first = link(&h).await;
        whole_visit(&h, LI, 0).await;
        let second = link(&h).await;
        assert_ne!(first, second);
        let at = "2026-06-13 10:30";
        let (a, b) = (h.stranger(), h.stranger());
        let (one, two) = tokio::join!(
            care::book(&a, at_link(&first, at, Some(LIN))),
            care::book(&b, at_link(&second, at, Some(LIN)))
        );
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
        let lost = one.err().or(two.err()).unwrap();
        assert!(matches!(lost, Error::Refused(Refusal::SlotTaken { ref nearest }) if !nearest.is_empty()), "{lost}");
        assert_eq!(h.overlaps().await, 0);
        // Twice at once by the same customer: two tabs, two keys.
        let open = if h.text(&format!("SELECT state FROM recheck WHERE token = '{first}'")).await == "open" { first } else { second };
        // Only who has the certificate, and no device is taken.
        let page = care::page(&h.stranger(), &open, None, true, None).await.unwrap().page.unwrap();
        let people: Vec<_> = page.people.iter().map(|p| p.id).collect();
        assert_eq!(people, [LIN, ZHOU, CHEN]);
        let (one, two) = tokio::join!(
            care::book(&a, at_link(&open, "2026-06-14 11:00", Some(LIN))),
            care::book(&b, at_link(&open, "2026-06-14 15:00", Some(CHEN)))
        );
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM booking WHERE channel = 'recheck'").await, 2);
    }

    async fn calls_are_a_work_list(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let due = CallsQuery::default();
        assert_eq!(care::calls(&h.desk(), JINGAN, &due).await.unwrap().page.items.len(), 0);
        h.set_local("2026-06-14 10:00");
        let list = care::calls(&h.desk(), JINGAN, &due).await.unwrap();
        assert_eq!((list.due, list.overdue, list.page.items.len()), (0, 1, 1));
        let call = list.page.items[0].clone();
        assert_eq!((call.day, call.overdue, call.phone.as_str()), (1, 1, "138 0000 2716"));
        let own = care::calls(&h.lin(), JINGAN, &due).await.unwrap().page.items[0].clone();
        assert_eq!((own.phone.as_str(), own.dial), ("138 **** 2716", None), "beauticians see it masked");
        assert_eq!(care::calls(&h.zhou(), JINGAN, &due).await.unwrap().page.items.len(), 0, "not her customers");
        let ahead = CallsQuery { list: CallList::Ahead, ..CallsQuery::default() };
        assert_eq!(care::calls(&h.desk(), JINGAN, &ahead).await.unwrap().page.items.len(), 2);

        let record = |outcome, note: Option<&str>, version, key: &str| RecordCall {
            call: call.id, outcome, note: note.map(Into::into), version, key: key.into()
        };
        forbidden(care::record_call(&h.zhou(), &record(CallOutcome::Fine, None, call.version, "k0")).await);
        let missed = record(CallOutcome::NotReached, None, call.version, "k1");
        care::record_call(&h.desk(), &missed).await.unwrap();
        care::record_call(&h.desk(), &missed).await.unwrap();
        refused(care::record_call(&h.desk(), &record(CallOutcome::Fine, None, call.version, "k2")).await, Refusal::Stale);
        let list = care::calls(&h.desk(), JINGAN, &due).await.unwrap();
        assert_eq!((list.overdue, list.page.items.len()), (0, 0), "tomorrow again");
        h.set_local("2026-06-15 10:00");
        let again = care::calls(&h.desk(), JINGAN, &due).await.unwrap();
        assert_eq!(again.page.items.len(), 2, "and the one of the third day");
        let call_again = again.page.items.iter().find(|c| c.id == call.id).unwrap();
        assert_eq!((call_again.tries, call_again.overdue), (1, 0));
        care::record_call(&h.desk(), &record(CallOutcome::Concern, Some("右颊发痒"), call_again.version, "k3")).await.unwrap();
        let list = care::calls(&h.desk(), JINGAN, &due).await.unwrap();
        assert_eq!((list.concerns.len(), list.concerns[0].text.as_str()), (1, "右颊发痒"));
        assert_eq!(list.concerns[0].owner, Some(Text::new("小何", "He")), "asked first, keeps it");
        let concern = list.concerns[0].clone();
        care::take_concern(&h.manager(), concern.id, concern.version).await.unwrap();
        refused(care::close_concern(&h.desk(), concern.id, "已回电", concern.version).await, Refusal::Stale);
        care::close_concern(&h.desk(), concern.id, "已回电", concern.version + 1).await.unwrap();
        assert!(care::calls(&h.desk(), JINGAN, &due).await.unwrap().concerns.is_empty());
        let over = CallsQuery { list: CallList::Over, ..CallsQuery::default() };
        let over = care::calls(&h.desk(), JINGAN, &over).await.unwrap().page.items;
        assert_eq!((over.len(), over[0].state, over[0].outcome), (1, CallState::Done, Some(CallOutcome::Concern)));
        forbidden(care::calls(&h.stranger(), JINGAN, &due).await.map_err(|e| match e { Error::SignedOut => Error::Forbidden, e => e }));
        let strange = CallsQuery { after: Some("x".into()), ..CallsQuery::default() };
        match care::calls(&h.desk(), JINGAN, &strange).await {
            Err(Error::Invalid(fields)) => assert_eq!(fields[0].code, FieldCode::Choice),
            other => panic!("{other:?}"),
        }
    }

    async fn who_does_not_wish_to_be_called_is_not(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let me = h.customer(WANG);
        let home = care::of_customer(&me).await.unwrap();
        assert!(home.calls);
        assert_eq!((home.services.len(), home.services[0].calls.len()), (1, 3));
        assert_eq!(home.services[0].recheck.as_ref().unwrap().state, RecheckState::Open);
        care::set_calls(&me, false).await.unwrap();
        care::set_calls(&me, false).await.unwrap();
        let home = care::of_customer(&me).await.unwrap();
        assert!(!home.calls && home.services[0].calls.iter().all(|call| call.state == CallState::Declined));
        whole_visit(&h, WANG, 0).await;
        assert_eq!(h.number("SELECT COUNT(*) FROM followup").await, 3, "none are added");
        care::set_calls(&me, true).await.unwrap();
        assert!(care::of_customer(&me).await.unwrap().calls);
        forbidden(care::of_customer(&h.desk()).await);
    }

    async fn a_recheck_in_the_chair_of_somebody_else_is_not_found_elsewhere(h: Harness) {
        whole_visit(&h, WANG, 0).await;
        let token = link(&h).await;
        let item = in_the_chair(&h, &token, "2026-06-13 11:00").await;
        let view = treat::treatment(&h.lin(), item).await.unwrap();
        assert!(view.recheck.is_some());
        let cmd = RecordOutcome { item, outcome: RecheckOutcome::Fine, note: None, version: view.recheck.unwrap().version };
        forbidden(care::record_outcome(&h.manager_elsewhere(), &cmd).await);
    }
}
