//! What waited on a tablet and arrives late (TREAT-7), and photos (C-43), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    PhotoId, Refusal, StepId, VisitServiceId,
    offline::{LateNote, LateTick},
    photo::{Angle, PhotoNote},
    treat::{ServiceState, StepState, StepTick, Treatment},
};
use fixture::{CHEN, HYDRATE, LIN, WANG};
use store::{Error, both_databases, treat};
use visit_help::*;

fn late(step: StepId, seen: Option<StepState>, state: StepState, ago: u32) -> LateTick {
    let reason = (state == StepState::Skipped).then(|| "过敏".to_owned());
    LateTick { tick: StepTick { step, state, reason }, key: key(), seen, ago }
}

/// 林晓雯 treats 王 since 14:00; it is 14:20.
async fn running(h: &Harness) -> (VisitServiceId, Treatment) {
    let visit = walk_in(h, WANG, &[HYDRATE]).await;
    assign(h, visit, LIN).await;
    let item = next(&h.lin()).await;
    let view = treat::start(&h.lin(), item).await.unwrap();
    h.advance(Duration::minutes(20));
    (item, view)
}

fn step(view: &Treatment, n: usize) -> (StepState, Option<i64>) {
    let step = &view.steps[n];
    (step.state, step.done_at.map(|at| at.millis()))
}

both_databases! {
    async fn a_late_tick_counts_from_when_it_was_made(h: Harness) {
        let (item, view) = running(&h).await;
        let (lin, began) = (h.lin(), view.started.unwrap().millis());
        let now = began + 20 * 60_000;
        let ids: Vec<StepId> = view.steps.iter().map(|s| s.id).collect();
        let view = treat::late_tick(&lin, late(ids[0], Some(StepState::Open), StepState::Done, 300)).await.unwrap();
        assert_eq!(step(&view, 0), (StepState::Done, Some(now - 300_000)));
        let reported = format!("SELECT reported_at FROM treatment_step WHERE id = {}", h.uuid_literal(ids[0].0));
        assert_eq!(h.number(&reported).await, now);
        // A device that claims what cannot be: before the beginning.
        let view = treat::late_tick(&lin, late(ids[1], Some(StepState::Open), StepState::Done, 7200)).await.unwrap();
        assert_eq!(step(&view, 1), (StepState::Done, Some(began)));
        let view = treat::late_note(&lin, LateNote { item, text: "微红".into(), key: key(), ago: 120 }).await.unwrap();
        assert_eq!(view.notes[0].at.millis(), now - 120_000);
    }

    async fn the_same_key_ticks_once(h: Harness) {
        let (item, view) = running(&h).await;
        let (lin, id) = (h.lin(), view.steps[0].id);
        let done = late(id, Some(StepState::Open), StepState::Done, 0);
        let all = (0..20).map(|_| {
            let (lin, done) = (lin.clone(), done.clone());
            tokio::spawn(async move { treat::late_tick(&lin, done).await.map(|view| view.steps[0].state) })
        });
        for answer in futures::future::join_all(all).await {
            assert_eq!(answer.unwrap().unwrap(), StepState::Done);
        }
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE action = 'service.tick'").await, 1);
        // Opened again by somebody: the reply that was lost does not tick it anew.
        treat::tick(&lin, StepTick { step: id, state: StepState::Open, reason: None }).await.unwrap();
        let view = treat::late_tick(&lin, done.clone()).await.unwrap();
        assert_eq!(view.steps[0].state, StepState::Open);
        let other = LateTick { tick: StepTick { step: id, state: StepState::Skipped, reason: Some("x".into()) }, ..done.clone() };
        refused(treat::late_tick(&lin, other).await, Refusal::KeyReused);
        // Also once the service is over.
        treat::tick(&lin, StepTick { step: id, state: StepState::Done, reason: None }).await.unwrap();
        tick_all(&lin, item).await;
        treat::finish(&lin, item).await.unwrap();
        treat::late_tick(&lin, done).await.unwrap();
        wrong_state(treat::late_tick(&lin, late(id, None, StepState::Open, 0)).await);
    }

    async fn what_somebody_else_did_is_not_overwritten(h: Harness) {
        let (_, view) = running(&h).await;
        let (lin, manager) = (h.lin(), h.manager());
        let (same, other) = (view.steps[0].id, view.steps[1].id);
        for (step, state) in [(same, StepState::Done), (other, StepState::Skipped)] {
            treat::tick(&manager, StepTick { step, state, reason: Some("客人不要".into()) }).await.unwrap();
        }
        let view = treat::late_tick(&lin, late(same, Some(StepState::Open), StepState::Done, 600)).await.unwrap();
        assert_ne!(view.steps[0].done_by.as_ref().unwrap().zh, "林晓雯", "who was first stays");
        let mine = late(other, Some(StepState::Open), StepState::Done, 600);
        refused(treat::late_tick(&lin, mine.clone()).await, Refusal::Stale);
        let view = treat::treatment(&lin, next_or_current(&lin).await).await.unwrap();
        assert_eq!(view.steps[1].state, StepState::Skipped);
        // "Mine": the same key was not used up by the refusal.
        let view = treat::late_tick(&lin, LateTick { seen: None, ..mine }).await.unwrap();
        assert_eq!((view.steps[1].state, view.steps[1].done_by.as_ref().unwrap().zh.as_str()), (StepState::Done, "林晓雯"));
    }

    async fn only_who_treats_may_send_late(h: Harness) {
        let (item, view) = running(&h).await;
        let tick = || late(view.steps[0].id, Some(StepState::Open), StepState::Done, 0);
        for cx in [h.desk(), h.stranger(), h.manager_elsewhere()] {
            assert!(matches!(treat::late_tick(&cx, tick()).await, Err(Error::Forbidden | Error::SignedOut)));
            let note = LateNote { item, text: "x".into(), key: key(), ago: 0 };
            assert!(matches!(treat::late_note(&cx, note).await, Err(Error::Forbidden | Error::SignedOut)));
        }
    }

    async fn a_photo_belongs_to_one_record(h: Harness) {
        let visit = walk_in(&h, WANG, &[HYDRATE]).await;
        assign(&h, visit, LIN).await;
        let (lin, item) = (h.lin(), next(&h.lin()).await);
        wrong_state(treat::may_photo(&lin, item).await);
        treat::start(&lin, item).await.unwrap();
        treat::may_photo(&lin, item).await.unwrap();
        let note = PhotoNote { item, angle: Angle::Left, label: Some("左颊".into()), key: key(), ago: 90 };
        let kept = |file: &str| treat::Kept { file: file.into(), width: 900, height: 1200, bytes: 81_000 };
        assert!(!treat::photo_known(&lin, item, &note.key).await.unwrap());
        assert!(treat::add_photo(&lin, note.clone(), kept("a")).await.unwrap());
        assert!(!treat::add_photo(&lin, note.clone(), kept("b")).await.unwrap(), "the second picture belongs to nothing");
        assert!(treat::photo_known(&lin, item, &note.key).await.unwrap());
        let view = treat::treatment(&lin, item).await.unwrap();
        assert_eq!(view.photos.len(), 1);
        let photo = &view.photos[0];
        assert_eq!((photo.angle, photo.label.as_deref(), photo.width, photo.height), (Angle::Left, Some("左颊"), 900, 1200));
        assert_eq!(treat::photo_file(&lin, item, photo.id).await.unwrap(), "a");
        not_found(treat::photo_file(&lin, item, PhotoId::new()).await);
        for cx in [h.desk(), h.manager_elsewhere(), h.stranger()] {
            assert!(treat::photo_file(&cx, item, photo.id).await.is_err());
            assert!(treat::may_photo(&cx, item).await.is_err());
            assert!(treat::add_photo(&cx, PhotoNote { key: key(), ..note.clone() }, kept("c")).await.is_err());
        }
        let second = walk_in(&h, fixture::LI, &[HYDRATE]).await;
        assign(&h, second, CHEN).await;
        let other = treat::my_day(&h.manager(), Some(CHEN)).await.unwrap().next.unwrap().item.unwrap();
        not_found(treat::photo_file(&h.manager(), other, photo.id).await);
        assert_eq!(view.state, ServiceState::InService);
    }
}

async fn next_or_current(cx: &store::OpContext) -> VisitServiceId {
    treat::my_day(cx, None).await.unwrap().current.unwrap().item.unwrap()
}
