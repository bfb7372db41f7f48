//! At the chair: alerts before anything else, preparation, reactions, products, deviations, the next visit, the record
//! (TREAT-1 … TREAT-6, CONSULT-2, CONSULT-3, PRIV-1, PRIV-2), on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod visit_help;

use chrono::Duration;
use domain::{
    Actor, FactId, FieldCode, Refusal, ResourceId, Role, UserId, VisitServiceId,
    booking::BookingState,
    consult::{Answer, FactKind, FactSource, Facts, NewFact, Severity, Verdict},
    treat::{
        Advice, AdviceKind, Climate, DeviationFilter, DeviationKind, Feel, FirstAid, IncidentAct,
        IncidentMove, IncidentState, NewIncident, Prep, PrepItem, Reaction, StepState, StepTick, UseDevice,
        UseProduct, What,
    },
};
use fixture::{BUBBLE, HYDRATE, IPL, JINGAN, LI, LIGHT, LIN, WANG};
use store::{Error, OpContext, both_databases, consult, desk, treat};
use visit_help::*;

fn consultant(h: &Harness) -> OpContext {
    role(h, Role::Consultant)
}

fn role(h: &Harness, role: Role) -> OpContext {
    h.context(Actor::Staff { user: UserId(fixture::DESK.0), staff: None, role, branch: Some(JINGAN) })
}

/// A service of 王雅琴 that waits for 林.
async fn waiting(h: &Harness, service: domain::ServiceId) -> VisitServiceId {
    let visit = walk_in(h, WANG, &[service]).await;
    assign(h, visit, LIN).await;
    next(&h.lin()).await
}

fn new_fact(code: &str, severity: Severity) -> NewFact {
    NewFact {
        code: Some(code.into()),
        what: None,
        reaction: Some("面部红肿".into()),
        severity: Some(severity),
        source: FactSource::Customer,
        since: None,
    }
}

fn answers(item: VisitServiceId, list: Vec<(FactKind, Answer, Option<NewFact>)>) -> Facts {
    Facts { item, answers: list, ended: vec![], key: key() }
}

async fn knows(h: &Harness, item: VisitServiceId, kind: FactKind, code: &str) {
    let fact = Some(new_fact(code, Severity::Severe));
    consult::answer(&h.lin(), answers(item, vec![(kind, Answer::Something, fact)])).await.unwrap();
}

#[track_caller]
fn field<T: std::fmt::Debug>(answer: Result<T, Error>, name: &str, code: FieldCode) {
    match answer {
        Err(Error::Invalid(fields)) => assert_eq!((fields[0].field.as_str(), fields[0].code), (name, code)),
        other => panic!("{name} {code:?} expected, got {other:?}"),
    }
}

fn contraindicated(stop: bool) -> Refusal {
    Refusal::Contraindicated { stop }
}

async fn product(h: &Harness, n: u128, name: &str, contains: &str) -> domain::ProductId {
    let id = uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0900 | n);
    h.sql(&format!(
        "INSERT INTO product (id, name_zh, name_en, unit_zh, unit_en, contains, position) \
         VALUES ({}, '{name}', '{name}', '毫升', 'ml', '{contains}', {n})",
        h.uuid_literal(id)
    ))
    .await;
    domain::ProductId(id)
}

both_databases! {
    async fn none_confirmed_is_not_not_asked(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let view = treat::treatment(&h.lin(), item).await.unwrap();
        assert_eq!((view.alerts.not_asked(), view.alerts.open()), (5, Verdict::Clear));
        // Something is there, but what?
        let vague = answers(item, vec![(FactKind::Allergy, Answer::Something, None)]);
        field(consult::answer(&h.lin(), vague).await, "answers[0][what]", FieldCode::Required);
        let cmd = answers(item, vec![(FactKind::Pregnancy, Answer::Nothing, None), (FactKind::Medicine, Answer::Nothing, None)]);
        consult::answer(&consultant(&h), cmd.clone()).await.unwrap();
        consult::answer(&consultant(&h), cmd).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM fact_check").await, 2, "sent twice, kept once");
        let view = treat::treatment(&h.lin(), item).await.unwrap();
        assert_eq!(view.alerts.not_asked(), 3);
        let asked = view.alerts.asked.iter().find(|a| a.kind == FactKind::Pregnancy).unwrap();
        assert_eq!(asked.last.as_ref().map(|l| l.0), Some(Answer::Nothing));
        // A fact is ended, never removed; nothing can be confirmed as long as it holds.
        knows(&h, item, FactKind::Allergy, "acid").await;
        let page = consult::facts(&h.lin(), item).await.unwrap();
        assert_eq!((page.facts.len(), page.facts[0].subject.zh.as_str(), page.facts[0].by.zh.as_str()), (1, "水杨酸、果酸", "林晓雯"));
        let denied = answers(item, vec![(FactKind::Allergy, Answer::Nothing, None)]);
        field(consult::answer(&h.lin(), denied).await, "answers[0][answer]", FieldCode::Choice);
        h.advance(Duration::minutes(1));
        let ended = Facts { ended: vec![page.facts[0].id], ..answers(item, vec![(FactKind::Allergy, Answer::Nothing, None)]) };
        consult::answer(&h.lin(), ended).await.unwrap();
        let page = consult::facts(&h.lin(), item).await.unwrap();
        assert!(page.facts.len() == 1 && page.facts[0].ended.is_some());
        assert!(treat::treatment(&h.lin(), item).await.unwrap().alerts.facts.is_empty());
        let stranger = Facts { ended: vec![FactId::new()], ..answers(item, vec![]) };
        field(consult::answer(&h.lin(), stranger).await, "ended", FieldCode::Choice);
    }

    async fn a_stop_holds_until_the_lead_takes_it_on(h: Harness) {
        let item = waiting(&h, LIGHT).await;
        knows(&h, item, FactKind::Pregnancy, "pregnant").await;
        let view = treat::treatment(&h.lin(), item).await.unwrap();
        assert_eq!((view.alerts.open(), view.alerts.may_override, view.alerts.hits[0].rule.as_str()), (Verdict::Stop, false, "pregnancy-light"));
        refused(treat::start(&h.lin(), item).await, contraindicated(true));
        assert!(matches!(consult::allow(&h.lin(), item, "客人坚持".into()).await, Err(Error::Forbidden)));
        for cx in [h.desk(), consultant(&h), h.manager_elsewhere(), h.customer(WANG)] {
            forbidden(consult::allow(&cx, item, "x".into()).await);
        }
        refused(treat::start(&h.manager(), item).await, contraindicated(true));
        let lead = role(&h, Role::TechnicalLead);
        let view = consult::allow(&lead, item, "只做手部，医生同意".into()).await.unwrap();
        assert_eq!(view.alerts.open(), Verdict::Clear);
        assert_eq!(view.alerts.hits[0].allowed.as_ref().unwrap().reason, "只做手部，医生同意");
        // What becomes known later asks again.
        knows(&h, item, FactKind::Condition, "epilepsy").await;
        refused(treat::start(&h.lin(), item).await, contraindicated(true));
        consult::allow(&h.manager(), item, "已停用闪光".into()).await.unwrap();
        treat::start(&h.lin(), item).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM alert_allowed WHERE effect = 'stop'").await, 2);
        let list = treat::deviations(&h.manager(), JINGAN, DeviationFilter::default()).await.unwrap();
        assert_eq!(list.items.iter().filter(|d| d.kind == DeviationKind::Stop).count(), 2);
    }

    async fn a_warning_asks_for_a_reason_only(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        knows(&h, item, FactKind::Allergy, "acid").await;
        refused(treat::start(&h.lin(), item).await, contraindicated(false));
        let day = treat::my_day(&h.lin(), None).await.unwrap();
        let next = day.next.unwrap().alerts;
        assert_eq!((next.verdict, next.warns[0].0.zh.as_str(), next.stops.len()), (Verdict::Warn, "水杨酸、果酸", 0));
        consult::allow(&h.lin(), item, "不用酸类".into()).await.unwrap();
        treat::start(&h.lin(), item).await.unwrap();
    }

    /// PRIV-1: nothing of it in anything that the front desk, the customer's queue page or the other branch can read.
    async fn receptionists_see_none_of_it(h: Harness) {
        let item = waiting(&h, LIGHT).await;
        let canary = "七星花蜜";
        let fact = NewFact { code: None, what: Some(canary.into()), ..new_fact("acid", Severity::Severe) };
        consult::answer(&h.lin(), answers(item, vec![(FactKind::Allergy, Answer::Something, Some(fact))])).await.unwrap();
        knows(&h, item, FactKind::Pregnancy, "pregnant").await;
        let (desk, link) = (h.desk(), h.number("SELECT COUNT(*) FROM visit").await);
        assert_eq!(link, 1);
        forbidden(consult::facts(&desk, item).await);
        forbidden(consult::answer(&desk, answers(item, vec![(FactKind::Allergy, Answer::Nothing, None)])).await);
        forbidden(treat::treatment(&desk, item).await);
        forbidden(treat::record(&desk, item, None).await);
        forbidden(treat::incidents(&desk, JINGAN, false, None).await);
        forbidden(treat::deviations(&desk, JINGAN, DeviationFilter::default()).await);
        // They may see the day list, but not this part of it.
        let day = treat::my_day(&desk, Some(LIN)).await.unwrap();
        let board = desk::board(&desk, JINGAN).await.unwrap();
        let found = desk::find(&desk, JINGAN, "王").await.unwrap();
        let seen = [
            serde_json::to_string(&day).unwrap(),
            serde_json::to_string(&board).unwrap(),
            serde_json::to_string(&found).unwrap(),
        ]
        .concat();
        for word in [canary, "面部红肿", "怀孕", "pregnan", "allergy", "水杨酸"] {
            assert!(!seen.contains(word), "{word}");
        }
        assert_eq!(day.next.unwrap().alerts.verdict, Verdict::Clear);
        // Neither the log nor a message holds health text.
        for table in ["audit WHERE detail", "outbox WHERE params"] {
            assert_eq!(h.number(&format!("SELECT COUNT(*) FROM {table} LIKE '%{canary}%'")).await, 0);
        }
        for cx in [role(&h, Role::ServiceLead), role(&h, Role::FinanceLead), role(&h, Role::Supervisor), h.manager_elsewhere()] {
            forbidden(consult::facts(&cx, item).await);
        }
    }

    /// PRIV-2: every look, by whom, when, why; a page that refreshes itself is one look.
    async fn every_look_is_written_down(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let looks = "SELECT COUNT(*) FROM audit WHERE action = 'facts.look'";
        let before = h.number(looks).await;
        treat::treatment(&h.lin(), item).await.unwrap();
        treat::treatment(&h.lin(), item).await.unwrap();
        assert_eq!(h.number(looks).await, before + 1);
        treat::treatment(&h.manager(), item).await.unwrap();
        assert_eq!(h.number(looks).await, before + 2);
        h.advance(Duration::minutes(16));
        treat::treatment(&h.lin(), item).await.unwrap();
        assert_eq!(h.number(looks).await, before + 3);
        let mine = format!("{looks} AND actor_id = {} AND entity_id = {}", h.uuid_literal(fixture::LIN_USER.0), h.uuid_literal(WANG.0));
        assert_eq!(h.number(&mine).await, 2);
        forbidden(treat::treatment(&h.desk(), item).await);
        assert_eq!(h.number(looks).await, before + 3, "who sees nothing has not looked");
    }

    async fn what_was_not_made_ready_is_a_deviation(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        let ready = |what, climate| Prep { item, what, done: true, climate };
        let view = treat::treatment(&lin, item).await.unwrap();
        assert_eq!(view.chair.prep.len(), 6, "no device, no line for it");
        treat::prepare(&lin, ready(PrepItem::Supplies, None)).await.unwrap();
        let hot = Climate { temperature: 301, humidity: 50 };
        let view = treat::prepare(&lin, ready(PrepItem::Climate, Some(hot))).await.unwrap();
        let line = view.chair.prep.iter().find(|p| p.what == PrepItem::Climate).unwrap();
        assert_eq!((line.outside, line.climate, line.done.as_ref().unwrap().1.zh.as_str()), (true, Some(hot), "林晓雯"));
        h.sql("INSERT INTO setting (key, value) VALUES ('treat.climate', '{\"temperature\":[200,310],\"humidity\":[30,70]}')").await;
        let view = treat::prepare(&lin, ready(PrepItem::Climate, Some(hot))).await.unwrap();
        assert!(!view.chair.prep.iter().any(|p| p.outside), "limits are settings");
        treat::prepare(&lin, Prep { done: false, ..ready(PrepItem::Supplies, None) }).await.unwrap();
        treat::start(&lin, item).await.unwrap();
        let list = treat::deviations(&h.manager(), JINGAN, DeviationFilter::default()).await.unwrap();
        assert_eq!((list.items.len(), list.items[0].kind, list.items[0].text.zh.as_str()), (1, DeviationKind::Prep, "supplies,room,confirmed,gown,belongings"));
        assert_eq!((list.open, list.items[0].staff_name.zh.as_str()), (1, "林晓雯"));
        forbidden(treat::deviations(&lin, JINGAN, DeviationFilter::default()).await);
    }

    async fn skipped_steps_reach_the_technical_lead(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        for what in PrepItem::ALL {
            treat::prepare(&lin, Prep { item, what: *what, done: true, climate: None }).await.unwrap();
        }
        let view = treat::start(&lin, item).await.unwrap();
        let must: Vec<_> = view.steps.iter().filter(|s| s.mandatory).map(|s| s.id).collect();
        let skip = |step, reason: &str| StepTick { step, state: StepState::Skipped, reason: Some(reason.into()) };
        treat::tick(&lin, skip(must[0], "点错了")).await.unwrap();
        treat::tick(&lin, StepTick { step: must[0], state: StepState::Done, reason: None }).await.unwrap();
        treat::tick(&lin, skip(must[1], "水杨酸过敏")).await.unwrap();
        treat::finish(&lin, item).await.unwrap();
        let lead = role(&h, Role::TechnicalLead);
        let filter = DeviationFilter { open_only: true, service: Some(HYDRATE), staff: Some(LIN), days: Some(7), after: None };
        let list = treat::deviations(&lead, JINGAN, filter.clone()).await.unwrap();
        assert_eq!((list.items.len(), list.items[0].reason.as_deref()), (1, Some("水杨酸过敏")), "what was put right is none");
        let other = DeviationFilter { service: Some(BUBBLE), ..filter.clone() };
        assert!(treat::deviations(&lead, JINGAN, other).await.unwrap().items.is_empty());
        let id = list.items[0].id;
        forbidden(treat::acknowledge(&lin, id, None).await);
        forbidden(treat::acknowledge(&h.manager_elsewhere(), id, None).await);
        treat::acknowledge(&lead, id, Some("合理".into())).await.unwrap();
        treat::acknowledge(&h.manager(), id, Some("再看一次".into())).await.unwrap();
        assert!(treat::deviations(&lead, JINGAN, filter).await.unwrap().items.is_empty());
        let all = treat::deviations(&lead, JINGAN, DeviationFilter::default()).await.unwrap();
        assert_eq!(all.items[0].acknowledged.as_ref().unwrap().2.as_deref(), Some("合理"), "seen once");
    }

    async fn deviations_come_in_pages(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        treat::start(&h.lin(), item).await.unwrap();
        let (service, branch, hydrate) = (h.uuid_literal(item.0), h.uuid_literal(JINGAN.0), h.uuid_literal(HYDRATE.0));
        for n in 0..40u128 {
            let id = h.uuid_literal(uuid::Uuid::from_u128(0x900 + n));
            // Many in the same instant: the cursor must not lose any.
            let at = at_ms("2026-06-11 10:00") + i64::try_from(n / 20).unwrap();
            h.sql(&format!("INSERT INTO deviation (id, branch_id, visit_service_id, service_id, service_zh, service_en, kind, text_zh, text_en, at) \
                VALUES ({id}, {branch}, {service}, {hydrate}, '补水', 'Hydration', 'step', '清洁', 'Cleanse', {at})")).await;
        }
        let mut filter = DeviationFilter::default();
        let mut seen = std::collections::HashSet::new();
        loop {
            let page = treat::deviations(&h.manager(), JINGAN, filter.clone()).await.unwrap();
            assert_eq!(page.open, 41);
            seen.extend(page.items.iter().map(|d| d.id));
            match page.next {
                Some(next) => filter.after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen.len(), 41);
    }

    async fn an_adverse_reaction_is_told_handled_and_closed(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        let report = NewIncident {
            item, severity: Severity::Moderate, what: "两颊发红起疹".into(), steps: vec![FirstAid::StopProduct, FirstAid::Rinse],
            told: None, key: key(),
        };
        wrong_state(treat::report(&lin, report.clone()).await);
        treat::start(&lin, item).await.unwrap();
        let view = treat::feel(&lin, Feel { item, comfort: 2, reactions: vec![Reaction::Redness], note: None, key: key() }).await.unwrap();
        assert_eq!((view.chair.feels.len(), view.chair.feels[0].comfort), (1, 2));
        treat::report(&lin, report.clone()).await.unwrap();
        let view = treat::report(&lin, report).await.unwrap();
        assert_eq!(view.chair.incidents.len(), 1, "sent twice, opened once");
        let id = view.chair.incidents[0].id;
        assert_eq!(view.chair.incidents[0].steps.iter().filter(|s| s.1.is_some()).count(), 2);
        let view = treat::first_aid(&lin, id, vec![FirstAid::Cool, FirstAid::Rinse, FirstAid::TellManager]).await.unwrap();
        assert_eq!(view.chair.incidents[0].steps.iter().filter(|s| s.1.is_some()).count(), 4);
        // The manager is told at once, without who and what.
        let message = "SELECT COUNT(*) FROM outbox WHERE template = 'incident'";
        assert_eq!(h.number(message).await, 1);
        assert_eq!(h.number(&format!("{message} AND (params LIKE '%发红%' OR params LIKE '%王雅琴%')")).await, 0);

        forbidden(treat::incidents(&lin, JINGAN, false, None).await);
        forbidden(treat::incident(&h.manager_elsewhere(), id).await);
        let list = treat::incidents(&h.manager(), JINGAN, false, None).await.unwrap();
        assert_eq!((list.items.len(), list.items[0].state, list.items[0].steps_done), (1, IncidentState::Open, 4));
        let act = |step, text: &str, version| IncidentAct { incident: id, step, text: text.into(), version };
        let page = treat::act(&h.manager(), act(IncidentMove::Handle, "陪同就医，医生开了药", 1)).await.unwrap();
        assert_eq!((page.row.state, page.version), (IncidentState::Handled, 2));
        refused(treat::act(&h.manager(), act(IncidentMove::Note, "x", 1)).await, Refusal::Stale);
        wrong_state(treat::act(&h.manager(), act(IncidentMove::Handle, "x", 2)).await);
        let page = treat::act(&role(&h, Role::TechnicalLead), act(IncidentMove::Close, "三天后消退，没有留痕", 2)).await.unwrap();
        assert_eq!((page.row.state, page.outcome.as_deref(), page.events.len()), (IncidentState::Closed, Some("三天后消退，没有留痕"), 2));
        assert!(treat::incidents(&h.manager(), JINGAN, false, None).await.unwrap().items.is_empty());
        assert_eq!(treat::incidents(&h.manager(), JINGAN, true, None).await.unwrap().items.len(), 1);
        wrong_state(treat::first_aid(&lin, id, vec![FirstAid::Doctor]).await);

        // An alert on every later visit.
        tick_all(&lin, item).await;
        treat::finish(&lin, item).await.unwrap();
        h.advance(Duration::hours(1));
        let again = waiting(&h, BUBBLE).await;
        let alerts = treat::treatment(&lin, again).await.unwrap().alerts;
        assert_eq!((alerts.incidents.len(), alerts.incidents[0].closed), (1, true));
    }

    async fn products_and_devices_with_batch_and_settings(h: Harness) {
        let (mask, peel) = (product(&h, 1, "修护膜", "").await, product(&h, 2, "刷酸液", "acid,alcohol").await);
        let item = waiting(&h, LIGHT).await;
        let lin = h.lin();
        let used = |product, despite: Option<&str>| UseProduct {
            item, product, batch: "B260412".into(), amount: 2500, despite: despite.map(Into::into), key: key(),
        };
        wrong_state(treat::use_product(&lin, used(mask, None)).await);
        knows(&h, item, FactKind::Allergy, "acid").await;
        // Severe: a warning of the house's table.
        consult::allow(&lin, item, "逐样看成分".into()).await.unwrap();
        let view = treat::start(&lin, item).await.unwrap();
        let choice = view.chair.choices.iter().find(|c| c.id == peel).unwrap();
        assert_eq!(choice.against[0].zh, "水杨酸、果酸");
        refused(treat::use_product(&lin, used(peel, None)).await, Refusal::AllergenInside);
        treat::use_product(&lin, used(peel, Some("只用在手臂"))).await.unwrap();
        let cmd = used(mask, Some("没有必要写"));
        treat::use_product(&lin, cmd.clone()).await.unwrap();
        let view = treat::use_product(&lin, cmd).await.unwrap();
        assert_eq!(view.chair.products.len(), 2, "sent twice, noted once");
        assert_eq!(view.chair.products.iter().filter(|p| p.despite.is_some()).count(), 1);
        let wrong = view.chair.products.iter().find(|p| p.product == peel).unwrap().id;
        let view = treat::unuse(&lin, item, wrong).await.unwrap();
        assert_eq!((view.chair.products.len(), h.number("SELECT COUNT(*) FROM product_used").await), (1, 2), "crossed out, not gone");
        field(treat::use_product(&lin, used(domain::ProductId::new(), None)).await, "product", FieldCode::Choice);

        let device = |device, settings: Vec<(&str, &str)>| UseDevice {
            item, device, settings: settings.into_iter().map(|(a, b)| (a.into(), b.into())).collect(), key: key(),
        };
        field(treat::use_device(&lin, device(ResourceId::new(), vec![("energy", "14")])).await, "device", FieldCode::Choice);
        field(treat::use_device(&lin, device(IPL, vec![("colour", "red")])).await, "settings", FieldCode::Choice);
        field(treat::use_device(&lin, device(IPL, vec![("energy", "high")])).await, "settings", FieldCode::Range);
        let view = treat::use_device(&lin, device(IPL, vec![("energy", "14"), ("shots", "120")])).await.unwrap();
        assert_eq!(view.chair.devices[0].settings[0].unit, "J/cm²");

        tick_all(&lin, item).await;
        treat::finish(&lin, item).await.unwrap();
        h.advance(Duration::hours(1));
        // The same as last time, in one tap, once.
        let again = waiting(&h, LIGHT).await;
        consult::allow(&lin, again, "同上".into()).await.unwrap();
        let view = treat::start(&lin, again).await.unwrap();
        assert_eq!(view.chair.last.len(), 2);
        assert_eq!(view.chair.choices.iter().find(|c| c.id == mask).unwrap().batch.as_deref(), Some("B260412"));
        treat::same_again(&lin, again).await.unwrap();
        let view = treat::same_again(&lin, again).await.unwrap();
        assert_eq!((view.chair.products.len(), view.chair.devices.len()), (1, 1));
        assert_eq!((view.chair.products[0].batch.as_str(), view.chair.products[0].amount), ("B260412", 2500));
    }

    async fn the_next_visit_is_offered_and_booked_once(h: Harness) {
        let item = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        treat::start(&lin, item).await.unwrap();
        field(treat::offer(&lin, item, 0).await, "weeks", FieldCode::Range);
        forbidden(treat::offer(&h.desk(), item, 4).await);
        let offer = treat::offer(&lin, item, 4).await.unwrap().unwrap();
        assert_eq!((offer.at.date().to_string().as_str(), offer.at.hhmm().as_str(), offer.staff.zh.as_str()), ("2026-07-10", "10:15", "林晓雯"));
        let view = treat::book_next(&lin, item, offer.at.utc, key()).await.unwrap();
        assert_eq!(view.chair.next.as_ref().unwrap().at, offer.at);
        // A second tap, with another key: the one that was agreed stays.
        treat::book_next(&lin, item, offer.at.utc + Duration::hours(3), key()).await.unwrap();
        let booked = BookingState::Booked.code();
        assert_eq!(h.number(&format!("SELECT COUNT(*) FROM booking WHERE state = '{booked}'")).await, 1);
        assert_eq!(h.overlaps().await, 0);
        // Nothing like it is free on the day: the nearest day is found.
        let second = treat::offer(&lin, item, 4).await.unwrap().unwrap();
        assert_ne!(second.at, offer.at);
    }

    async fn the_record_tells_everything_in_its_order(h: Harness) {
        let first = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        h.advance(Duration::minutes(2));
        treat::prepare(&lin, Prep { item: first, what: PrepItem::Room, done: true, climate: None }).await.unwrap();
        treat::start(&lin, first).await.unwrap();
        h.advance(Duration::minutes(5));
        tick_all(&lin, first).await;
        h.advance(Duration::minutes(5));
        treat::feel(&lin, Feel { item: first, comfort: 5, reactions: vec![], note: None, key: key() }).await.unwrap();
        treat::advise(&lin, Advice { item: first, kind: AdviceKind::Diet, text: "三天内少吃辣".into(), key: key() }).await.unwrap();
        h.advance(Duration::minutes(30));
        treat::finish(&lin, first).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'aftercare' AND params LIKE '%三天内少吃辣%'").await, 1);
        h.advance(Duration::minutes(1));
        treat::note(&lin, first, "补记：额头略干".into(), key()).await.unwrap();
        treat::advise(&lin, Advice { item: first, kind: AdviceKind::Product, text: "晚上用修护霜".into(), key: key() }).await.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM outbox WHERE template = 'aftercare'").await, 2);
        wrong_state(treat::feel(&lin, Feel { item: first, comfort: 5, reactions: vec![], note: None, key: key() }).await);
        let page = treat::record(&lin, first, None).await.unwrap();
        assert!(page.moments.windows(2).all(|w| w[0].at.utc <= w[1].at.utc));
        assert!(matches!(page.moments.first().unwrap().what, What::Arrived));
        assert!(page.moments.iter().any(|m| matches!(&m.what, What::Addendum { text } if text == "补记：额头略干")));
        assert!(page.moments.iter().any(|m| matches!(m.what, What::Prepared { what: PrepItem::Room, .. })));

        // Whoever treats the customer now may read what was before, through the service being done.
        h.advance(Duration::hours(1));
        let visit = walk_in(&h, WANG, &[BUBBLE]).await;
        assign(&h, visit, fixture::CHEN).await;
        let chen = h.context(Actor::Staff { user: UserId(fixture::ZHOU_USER.0), staff: Some(fixture::CHEN), role: Role::Beautician, branch: Some(JINGAN) });
        let second = next(&chen).await;
        forbidden(treat::record(&chen, first, None).await);
        let page = treat::record(&chen, first, Some(second)).await.unwrap();
        assert_eq!(page.item, first);
        assert_eq!(treat::record(&chen, second, None).await.unwrap().before[0].item, first);
        // 周琪 begins at noon.
        h.set_local("2026-06-12 12:10");
        let other = walk_in(&h, LI, &[HYDRATE]).await;
        assign(&h, other, fixture::ZHOU).await;
        let zhou = h.context(Actor::Staff { user: fixture::ZHOU_USER, staff: Some(fixture::ZHOU), role: Role::Beautician, branch: Some(JINGAN) });
        let strange = next(&zhou).await;
        not_found(treat::record(&zhou, first, Some(strange)).await);
    }

    /// The database itself keeps records as they were.
    async fn records_are_append_only(h: Harness) {
        let mask = product(&h, 1, "修护膜", "").await;
        let item = waiting(&h, HYDRATE).await;
        let lin = h.lin();
        knows(&h, item, FactKind::Allergy, "acid").await;
        consult::allow(&lin, item, "不用酸".into()).await.unwrap();
        treat::prepare(&lin, Prep { item, what: PrepItem::Room, done: true, climate: None }).await.unwrap();
        let view = treat::start(&lin, item).await.unwrap();
        treat::feel(&lin, Feel { item, comfort: 5, reactions: vec![], note: None, key: key() }).await.unwrap();
        treat::note(&lin, item, "正常".into(), key()).await.unwrap();
        treat::use_product(&lin, UseProduct { item, product: mask, batch: "B1".into(), amount: 1000, despite: None, key: key() }).await.unwrap();
        treat::advise(&lin, Advice { item, kind: AdviceKind::Diet, text: "多喝水".into(), key: key() }).await.unwrap();
        treat::aftercare(&lin, item, vec![view.aftercare[0].id]).await.unwrap();
        let rule = |sql: String| {
            let h = &h;
            async move { h.try_sql(&sql).await.err().and_then(|e| store::constraint(&e)) }
        };
        for table in ["alert_allowed", "prep_record", "feel", "treatment_note", "advice_note"] {
            let want = Some(format!("{table}_append_only"));
            assert_eq!(rule(format!("UPDATE {table} SET by_zh = 'x'")).await, want, "{table}");
            assert_eq!(rule(format!("DELETE FROM {table}")).await, want, "{table}");
        }
        assert_eq!(rule("UPDATE aftercare_told SET told_at = 1".into()).await.as_deref(), Some("aftercare_told_append_only"));
        assert_eq!(rule("UPDATE fact_check SET answer = 'none'".into()).await.as_deref(), Some("fact_check_append_only"));
        assert_eq!(rule("UPDATE customer_fact SET severity = 'mild'".into()).await.as_deref(), Some("customer_fact_append_only"));
        tick_all(&lin, item).await;
        treat::finish(&lin, item).await.unwrap();
        for (table, set) in [("treatment_step", "state = 'open'"), ("product_used", "batch = 'x'")] {
            let want = Some(format!("{table}_append_only"));
            assert_eq!(rule(format!("UPDATE {table} SET {set}")).await, want, "{table}");
            assert_eq!(rule(format!("DELETE FROM {table}")).await, want, "{table}");
        }
    }
}
