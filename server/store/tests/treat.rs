//! At the chair (TREAT-1, TREAT-3, TREAT-6) and the rating (SURVEY-1, SURVEY-2), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    FieldCode, Refusal, StepId, VisitServiceId,
    booking::BookingState,
    desk::VisitState,
    survey::Answer,
    treat::{ServiceState, StepState, StepTick},
};
use fixture::{BUBBLE, CHEN, HYDRATE, JINGAN, LI, LIN, WANG, ZHOU};
use store::{Error, both_databases, desk, survey, treat};
use visit_help::*;

fn answer(overall: u8) -> Answer {
    Answer {
        overall,
        dimensions: [Some(5), None, Some(4), None, None, Some(5), Some(3), None],
        nps: Some(9),
        comment: None,
        call: false,
    }
}

both_databases! {
    async fn a_whole_treatment(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let lin = h.lin();
        let day = treat::my_day(&lin, None).await.unwrap();
        assert_eq!((day.next.as_ref().unwrap().state, day.shift.unwrap().0.hhmm()), (ServiceState::Expected, "10:00".into()));
        assert!(day.next.unwrap().item.is_none());
        h.set_local("2026-06-12 10:55");
        let booking = first_expected(&h).await;
        let ticket = desk::check_in(&h.desk(), booking).await.unwrap();
        let item = next(&lin).await;
        let view = treat::treatment(&lin, item).await.unwrap();
        assert_eq!((view.state, view.steps.len(), view.aftercare.len()), (ServiceState::Waiting, 5, 2));
        assert_eq!((view.customer_name.as_str(), view.booked_at.unwrap().hhmm().as_str()), ("李娜", "11:00"));

        h.set_local("2026-06-12 11:02");
        let view = treat::greet(&lin, item).await.unwrap();
        assert_eq!((view.state, view.greeted.unwrap().hhmm()), (ServiceState::Greeted, "11:02".into()));
        h.set_local("2026-06-12 11:04");
        let view = treat::start(&lin, item).await.unwrap();
        assert_eq!((view.state, view.greeted.unwrap().hhmm()), (ServiceState::InService, "11:02".into()));
        wrong_state(treat::start(&lin, item).await);
        let queue = desk::queue(&h.stranger(), ticket.link.strip_prefix("/q/").unwrap()).await.unwrap();
        assert_eq!((queue.state, queue.place, queue.staff.unwrap().zh.as_str()), (VisitState::InService, 0, "林晓雯"));
        let board = desk::board(&h.desk(), JINGAN).await.unwrap();
        assert_eq!((board.serving[0].left, board.serving[0].percent), (60, 0));
        assert_eq!((board.count.on_time, board.count.on_time_of), (1, 1));

        // The record keeps its own texts.
        h.sql("UPDATE sop_step SET text_zh = '改过的步骤'").await;
        let mandatory: Vec<_> = view.steps.iter().filter(|s| s.mandatory).collect();
        assert_eq!(mandatory.len(), 2);
        refused(treat::finish(&lin, item).await, Refusal::StepsOpen { count: 2 });
        let view = treat::tick(&lin, StepTick { step: mandatory[0].id, state: StepState::Done, reason: None }).await.unwrap();
        let done = view.steps.iter().find(|s| s.id == mandatory[0].id).unwrap();
        assert_eq!((done.done_at.unwrap().hhmm(), done.done_by.as_ref().unwrap().zh.as_str()), ("11:04".into(), "林晓雯"));
        assert_ne!(done.text.zh, "改过的步骤");
        let skip = |reason: Option<&str>| StepTick { step: mandatory[1].id, state: StepState::Skipped, reason: reason.map(Into::into) };
        match treat::tick(&lin, skip(None)).await {
            Err(Error::Invalid(fields)) => assert_eq!((fields[0].field.as_str(), fields[0].code), ("reason", FieldCode::Required)),
            other => panic!("{other:?}"),
        }
        refused(treat::finish(&lin, item).await, Refusal::StepsOpen { count: 1 });
        treat::tick(&lin, skip(Some("水杨酸过敏"))).await.unwrap();

        let note = key();
        treat::note(&lin, item, "泛红 2 级 <script>".into(), note.clone()).await.unwrap();
        let view = treat::note(&lin, item, "泛红 2 级 <script>".into(), note).await.unwrap();
        assert_eq!(view.notes.len(), 1, "sent twice, noted once");
        let advice = view.aftercare[0].id;
        let view = treat::aftercare(&lin, item, vec![advice]).await.unwrap();
        assert!(view.aftercare[0].told_at.is_some() && view.aftercare[1].told_at.is_none());
        let strange = treat::aftercare(&lin, item, vec![domain::AftercareId::new()]).await;
        assert!(matches!(strange, Err(Error::Invalid(_))));

        h.set_local("2026-06-12 11:50");
        let view = treat::finish(&lin, item).await.unwrap();
        assert_eq!((view.state, view.more), (ServiceState::Done, 0));
        assert!(view.survey.as_ref().unwrap().0.starts_with("/r/"));
        treat::finish(&lin, item).await.unwrap();
        treat::aftercare(&lin, item, vec![advice]).await.unwrap();
        for (template, n) in [("rate", 1), ("aftercare", 1)] {
            assert_eq!(h.number(&format!("SELECT COUNT(*) FROM outbox WHERE template = '{template}'")).await, n);
        }
        let completed = BookingState::Completed.code();
        assert_eq!(h.number(&format!("SELECT COUNT(*) FROM booking WHERE state = '{completed}'")).await, 1);
        // Her time is free again at once, the room after the clean-up.
        let ends = |id: uuid::Uuid| format!("SELECT MAX(to_ms) FROM allocation WHERE active AND resource_id = {}", h.uuid_literal(id));
        assert_eq!(h.number(&ends(LIN.0)).await, at_ms("2026-06-12 11:50"));
        assert_eq!(h.number("SELECT MAX(to_ms) FROM allocation WHERE active").await, at_ms("2026-06-12 12:00"));
        assert_eq!(h.number("SELECT COUNT(*) FROM visit_service WHERE credential_id IS NOT NULL").await, 1);
        let day = treat::my_day(&lin, None).await.unwrap();
        assert_eq!((day.done.len(), day.next.is_none(), day.current.is_none()), (1, true, true));
    }

    async fn two_services_one_after_the_other(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE, BUBBLE]).await;
        wrong_state(treat::start(&h.manager(), first_item(&h, visit).await).await);
        assign(&h, visit, LIN).await;
        let item = next(&h.lin()).await;
        treat::start(&h.lin(), item).await.unwrap();
        tick_all(&h.lin(), item).await;
        h.advance(Duration::minutes(60));
        let view = treat::finish(&h.lin(), item).await.unwrap();
        assert_eq!((view.more, view.survey.is_none()), (1, true));
        h.advance(Duration::minutes(2));
        let board = desk::board(&h.desk(), JINGAN).await.unwrap();
        assert_eq!((board.waiting.len(), board.waiting[0].waited, board.waiting[0].services.len()), (1, 2, 1));
        assign(&h, visit, CHEN).await;
        let second = desk::board(&h.desk(), JINGAN).await.unwrap();
        assert_eq!(second.waiting[0].assigned.as_ref().unwrap().0, CHEN);
        let item = treat::my_day(&h.manager(), Some(CHEN)).await.unwrap().next.unwrap().item.unwrap();
        forbidden(treat::start(&h.lin(), item).await);
        treat::start(&h.manager(), item).await.unwrap();
        tick_all(&h.manager(), item).await;
        h.advance(Duration::minutes(40));
        let view = treat::finish(&h.manager(), item).await.unwrap();
        assert!(view.survey.is_some());
        assert_eq!(h.number("SELECT COUNT(*) FROM survey").await, 1);
        assert_eq!(h.overlaps().await, 0);
    }

    async fn leaving_between_two_services_ends_the_visit(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE, BUBBLE]).await;
        assign(&h, visit, LIN).await;
        let item = next(&h.lin()).await;
        treat::start(&h.lin(), item).await.unwrap();
        wrong_state(desk::left(&h.desk(), visit).await);
        tick_all(&h.lin(), item).await;
        h.advance(Duration::minutes(60));
        treat::finish(&h.lin(), item).await.unwrap();
        desk::left(&h.desk(), visit).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM survey").await, 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM visit WHERE state = 'done'").await, 1);
        assert_eq!(h.number("SELECT COUNT(*) FROM visit_service WHERE state = 'dropped'").await, 1);
    }

    async fn nobody_starts_without_a_valid_certificate(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        assign(&h, visit, LIN).await;
        let item = next(&h.lin()).await;
        // Withdrawn after the assignment.
        h.sql("UPDATE credential SET valid_to_day = valid_from_day").await;
        refused(treat::start(&h.lin(), item).await, Refusal::NotCertified);
        assert_eq!(h.number("SELECT COUNT(*) FROM treatment_step").await, 0);
    }

    async fn one_customer_at_a_time(h: Harness) {
        enter(&h, &[HYDRATE], Some(LIN), "2026-06-12 11:00").await;
        let booking = first_expected(&h).await;
        let walk = walk_in(&h, WANG, &[BUBBLE]).await;
        assign(&h, walk, LIN).await;
        let running = next(&h.lin()).await;
        treat::start(&h.lin(), running).await.unwrap();
        h.set_local("2026-06-12 10:30");
        let visit = desk::check_in(&h.desk(), booking).await.unwrap().visit;
        let waiting = first_item(&h, visit).await;
        busy(treat::start(&h.lin(), waiting).await, Some("10:45"));
    }

    async fn other_peoples_customers(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        assign(&h, visit, CHEN).await;
        let item = treat::my_day(&h.manager(), Some(CHEN)).await.unwrap().next.unwrap().item.unwrap();
        let step = StepTick { step: StepId::new(), state: StepState::Done, reason: None };
        for cx in [h.lin(), h.manager_elsewhere(), h.desk(), h.customer(WANG)] {
            forbidden(treat::treatment(&cx, item).await);
            forbidden(treat::greet(&cx, item).await);
            forbidden(treat::start(&cx, item).await);
            forbidden(treat::finish(&cx, item).await);
            forbidden(treat::note(&cx, item, "x".into(), key()).await);
            forbidden(treat::aftercare(&cx, item, vec![]).await);
            not_found(treat::tick(&cx, step.clone()).await);
        }
        for cx in [h.lin(), h.manager_elsewhere(), h.customer(WANG)] {
            forbidden(treat::my_day(&cx, Some(CHEN)).await);
        }
        assert!(matches!(treat::treatment(&h.stranger(), item).await, Err(Error::SignedOut)));
        for id in [VisitServiceId::new()] {
            not_found(treat::treatment(&h.lin(), id).await);
            not_found(treat::greet(&h.lin(), id).await);
            not_found(treat::start(&h.lin(), id).await);
            not_found(treat::finish(&h.lin(), id).await);
        }
        not_found(treat::my_day(&h.manager(), Some(domain::StaffId::new())).await);
        assert!(treat::my_day(&h.manager(), Some(ZHOU)).await.is_ok());
    }

    async fn a_rating_counts_once(h: Harness) {
        let (_, token) = whole_visit(&h, LI, 3).await;
        let page = survey::page(&h.stranger(), &token).await.unwrap();
        assert_eq!((page.answered, page.expired, page.services.len(), page.staff.len()), (false, false, 1, 1));
        assert_eq!(page.phone_masked.as_deref(), Some("139 **** 1234"));
        let mut tasks = Vec::new();
        for _ in 0..32 {
            let (cx, token) = (h.stranger(), token.clone());
            tasks.push(tokio::spawn(async move { survey::answer(&cx, &token, answer(5), key()).await }));
        }
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => won += 1,
                Err(Error::Refused(Refusal::AlreadyAnswered)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((won, h.number("SELECT COUNT(*) FROM response").await), (1, 1));
        assert!(survey::page(&h.stranger(), &token).await.unwrap().answered);
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'low_score'").await, 0);
        not_found(survey::page(&h.stranger(), "nonsense").await);
        not_found(survey::answer(&h.stranger(), "nonsense", answer(5), key()).await);
    }

    async fn the_same_answer_sent_twice_is_no_error(h: Harness) {
        let (_, token) = whole_visit(&h, WANG, 0).await;
        let mine = key();
        let low = Answer { comment: Some("等太久".into()), ..answer(2) };
        survey::answer(&h.stranger(), &token, low.clone(), mine.clone()).await.unwrap();
        survey::answer(&h.stranger(), &token, low, mine).await.unwrap();
        refused(survey::answer(&h.stranger(), &token, answer(5), key()).await, Refusal::AlreadyAnswered);
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'low_score'").await, 1);
    }

    async fn a_rating_has_an_end(h: Harness) {
        let (_, token) = whole_visit(&h, WANG, 0).await;
        h.advance(Duration::days(14));
        assert!(survey::page(&h.stranger(), &token).await.unwrap().expired);
        refused(survey::answer(&h.stranger(), &token, answer(5), key()).await, Refusal::LinkExpired);
    }
}

/// The first service of a visit, by the manager's eyes.
async fn first_item(h: &Harness, visit: domain::VisitId) -> VisitServiceId {
    let sql = format!(
        "SELECT id FROM visit_service WHERE visit_id = {} ORDER BY position LIMIT 1",
        h.uuid_literal(visit.0)
    );
    VisitServiceId(h.id(&sql).await)
}
