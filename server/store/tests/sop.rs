//! Checklists and their versions, and readings of the baths (TREAT-3, TREAT-8), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    Refusal, SopStepId, Text,
    booking::Hold,
    ops::bath::{BathLimits, EnterReadings, Judged, ReadingKind},
    sop::{Change, EditAdvice, EditSop, SopEdit, SopStep},
    treat::Phase,
};
use fixture::{HYDRATE, JINGAN, LIGHT, LIGHT_ROOM, LIN, WANG};
use store::{booking, both_databases, ops::bath, sop, treat};
use visit_help::*;

fn step(zh: &str) -> SopStep {
    SopStep {
        id: SopStepId::new(),
        phase: Phase::During,
        text: Text::new(zh, zh),
        mandatory: false,
        minutes: Some(5),
        picture: None,
    }
}

fn edit(version: i32, edit: SopEdit) -> EditSop {
    EditSop { service: HYDRATE, version, edit }
}

fn read(kind: ReadingKind, value: i32) -> EnterReadings {
    EnterReadings { area: LIGHT_ROOM, values: vec![(kind, value)], key: key() }
}

/// A salon whose light room is a pool.
async fn pool(h: &Harness) {
    let room = h.uuid_literal(LIGHT_ROOM.0);
    h.sql(&format!("UPDATE resource SET type_code = 'pool' WHERE id = {room}")).await;
    h.sql("UPDATE service SET room_type = 'pool' WHERE room_type = 'light'").await;
}

fn hold(wall: &str) -> Hold {
    Hold { branch: "jingan".into(), services: vec![LIGHT], who: None, at: fixture::at(wall), key: key() }
}

both_databases! {
    async fn what_is_begun_keeps_its_version(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        assign(&h, visit, LIN).await;
        let first = next(&h.lin()).await;
        let before = treat::start(&h.lin(), first).await.unwrap();
        assert_eq!(before.sop_version, Some(1));

        forbidden(sop::edit(&h.lin(), JINGAN, &edit(0, SopEdit::Add(step("热敷")))).await);
        sop::edit(&h.manager(), JINGAN, &edit(0, SopEdit::Add(step("热敷")))).await.unwrap();
        refused(sop::edit(&h.manager(), JINGAN, &edit(0, SopEdit::Add(step("又一步")))).await, Refusal::Stale);
        let page = sop::page(&h.manager(), JINGAN, HYDRATE, Some(0)).await.unwrap();
        assert_eq!((page.number, page.draft, page.steps.len()), (1, 1, before.steps.len() + 1));
        let added: Vec<_> = page.compared.unwrap().2.into_iter().filter(|c| c.change == Change::Added).collect();
        assert_eq!(added.len(), 1);
        assert_eq!(sop::page(&h.manager(), JINGAN, HYDRATE, None).await.unwrap().history.len(), 0);
        refused(sop::publish(&h.manager(), JINGAN, HYDRATE, 9, "加热敷").await, Refusal::Stale);
        sop::publish(&h.manager(), JINGAN, HYDRATE, 1, "加热敷").await.unwrap();
        not_found(sop::publish(&h.manager(), JINGAN, HYDRATE, 1, "加热敷").await);

        let same = treat::treatment(&h.lin(), first).await.unwrap();
        assert_eq!((same.sop_version, same.steps.len()), (Some(1), before.steps.len()), "already begun");
        tick_all(&h.lin(), first).await;
        h.advance(Duration::minutes(60));
        treat::finish(&h.lin(), first).await.unwrap();
        h.advance(Duration::minutes(15));
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        assign(&h, visit, LIN).await;
        let second = next(&h.lin()).await;
        let after = treat::start(&h.lin(), second).await.unwrap();
        assert_eq!((after.sop_version, after.steps.len()), (Some(2), before.steps.len() + 1));
        assert!(after.steps.iter().any(|s| s.text.zh == "热敷"));
        let page = sop::page(&h.manager(), JINGAN, HYDRATE, Some(2)).await.unwrap();
        let numbers: Vec<_> = page.history.iter().map(|v| v.number).collect();
        assert_eq!((numbers, page.draft), (vec![2, 1], 0));
        assert_eq!(page.history[0].note.as_deref(), Some("加热敷"));
        assert_eq!(page.compared.unwrap().2.iter().filter(|c| c.change == Change::Added).count(), 1);
        not_found(sop::page(&h.manager_elsewhere(), fixture::XUHUI, HYDRATE, None).await);
    }

    async fn advice_that_was_told_keeps_its_words(h: Harness) {
        let page = sop::page(&h.manager(), JINGAN, HYDRATE, None).await.unwrap();
        let old = page.advice[0].clone();
        let words = Text::new("三天内不去角质", "No peeling for three days");
        sop::edit_advice(&h.manager(), JINGAN, HYDRATE, &EditAdvice::Change(old.id, words.clone())).await.unwrap();
        let new = sop::page(&h.manager(), JINGAN, HYDRATE, None).await.unwrap().advice;
        assert_eq!(new.len(), page.advice.len());
        assert_eq!(new[0].text, words);
        assert_ne!(new[0].id, old.id);
        not_found(sop::edit_advice(&h.manager(), JINGAN, HYDRATE, &EditAdvice::Retire(old.id)).await);
        sop::edit_advice(&h.manager(), JINGAN, HYDRATE, &EditAdvice::Retire(new[0].id)).await.unwrap();
        assert_eq!(sop::page(&h.manager(), JINGAN, HYDRATE, None).await.unwrap().advice.len(), page.advice.len() - 1);
    }

    async fn out_of_range_closes_the_area(h: Harness) {
        pool(&h).await;
        assert!(booking::hold(&h.stranger(), hold("2026-06-13 11:00")).await.is_ok());
        let cmd = read(ReadingKind::Water, 4_000);
        bath::enter(&h.lin(), &cmd).await.unwrap();
        bath::enter(&h.lin(), &cmd).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM bath_reading").await, 1, "sent twice, kept once");
        let page = bath::page(&h.lin(), JINGAN).await.unwrap();
        assert_eq!((page.areas.len(), page.areas[0].closed, page.areas[0].job.is_none()), (1, false, true));

        bath::enter(&h.lin(), &read(ReadingKind::Ph, 820)).await.unwrap();
        let area = bath::page(&h.desk(), JINGAN).await.unwrap().areas.remove(0);
        let job = area.job.unwrap();
        assert_eq!((area.closed, job.kind, job.judged, job.owner.unwrap().zh.as_str()), (true, ReadingKind::Ph, Judged::High, "林晓雯"));
        assert_eq!(area.affected.len(), 1, "the hold that stands");
        let closed = booking::hold(&h.stranger(), hold("2026-06-14 11:00")).await;
        assert!(closed.is_err(), "a closed area cannot be booked");
        // A good reading alone does not open it, nor does the work alone.
        bath::enter(&h.lin(), &read(ReadingKind::Ph, 720)).await.unwrap();
        assert!(bath::page(&h.lin(), JINGAN).await.unwrap().areas[0].closed);
        bath::enter(&h.lin(), &read(ReadingKind::Ph, 820)).await.unwrap();
        let job = bath::page(&h.lin(), JINGAN).await.unwrap().areas[0].job.clone().unwrap();
        refused(bath::work_done(&h.lin(), job.id, "加药", job.version + 7).await, Refusal::Stale);
        not_found(bath::work_done(&h.manager_elsewhere(), domain::BathJobId::new(), "x", 1).await);
        forbidden(bath::work_done(&h.manager_elsewhere(), job.id, "x", job.version).await);
        bath::work_done(&h.lin(), job.id, "加药，循环 30 分钟", job.version).await.unwrap();
        assert!(bath::page(&h.lin(), JINGAN).await.unwrap().areas[0].closed, "the last reading is still bad");
        h.advance(Duration::minutes(30));
        bath::enter(&h.lin(), &read(ReadingKind::Ph, 740)).await.unwrap();
        let area = bath::page(&h.lin(), JINGAN).await.unwrap().areas.remove(0);
        assert!(!area.closed && area.job.is_none());
        assert!(booking::hold(&h.stranger(), hold("2026-06-14 11:00")).await.is_ok());
        assert!(h.number("SELECT COUNT(*) FROM audit WHERE action LIKE 'bath.%'").await >= 7);
    }

    async fn limits_and_the_time_plan_are_settings(h: Harness) {
        pool(&h).await;
        let mut limits = BathLimits { every_hours: 3, ..BathLimits::default() };
        limits.water.high = 3_900;
        forbidden(bath::set_limits(&h.lin(), JINGAN, &limits).await);
        bath::set_limits(&h.manager(), JINGAN, &limits).await.unwrap();
        let area = bath::page(&h.manager(), JINGAN).await.unwrap().areas.remove(0);
        assert_eq!((area.due.unwrap().hhmm().as_str(), area.overdue), ("10:00", 0), "due from the opening");
        h.advance(Duration::minutes(40));
        assert_eq!(bath::page(&h.manager(), JINGAN).await.unwrap().areas[0].overdue, 40);
        let all = [(ReadingKind::Water, 3_850), (ReadingKind::Ph, 720), (ReadingKind::Chlorine, 50)];
        let cmd = EnterReadings { area: LIGHT_ROOM, values: all.to_vec(), key: key() };
        bath::enter(&h.desk(), &cmd).await.unwrap();
        let area = bath::page(&h.manager(), JINGAN).await.unwrap().areas.remove(0);
        assert_eq!((area.due.unwrap().hhmm().as_str(), area.overdue), ("13:40", 0));
        bath::enter(&h.desk(), &read(ReadingKind::Water, 3_950)).await.unwrap();
        assert!(bath::page(&h.manager(), JINGAN).await.unwrap().areas[0].closed, "by the branch's own limit");
        let elsewhere = EnterReadings { area: fixture::BODY_ROOM, values: vec![(ReadingKind::Water, 4_000)], key: key() };
        not_found(bath::enter(&h.desk(), &elsewhere).await);
    }
}
