//! The time after each visit: re-checks of the whole year, calls of the last weeks, and what they brought to light.

use super::world::World;
use crate::{
    Result, Store,
    entity::{followup, recheck},
    sql::vals,
    time::{DAY_MS, date, day_bounds, ms},
};
use domain::care::{CallOutcome, CallState, CarePolicy, RecheckOutcome, RecheckState};
use rand::Rng;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Calls are kept for so many days back.
const CALL_DAYS: i32 = 40;

const FOUND: [&str; 5] = [
    "T 区略干，补了一次面膜",
    "右颊泛红已退，加敷冷膜",
    "眉尾重新修了一下",
    "力度改轻，客人满意",
    "补做了局部清洁",
];
const WORSE: [&str; 2] = ["泛红三天未退，请技术主管看", "有小面积脱皮，转技术主管"];
const WORRY: [&str; 4] = [
    "昨晚开始右颊发痒，问能不能用原来的面霜",
    "觉得紧绷，想知道要不要提前复查",
    "长了两颗闭口，问是不是正常",
    "按过的地方第二天还酸",
];

pub(super) fn build(w: &mut World) {
    let owners: HashMap<Uuid, (Uuid, i32)> =
        w.rows.visit.iter().map(|v| (v.id, (v.customer_id, v.day))).collect();
    let by = callers(w);
    let mut called = std::collections::HashSet::new();
    for i in 0..w.rows.visit_service.len() {
        let item = w.rows.visit_service[i].clone();
        let (Some(start), Some(end)) = (item.started_at, item.finished_at) else { continue };
        let Some((customer, day)) = owners.get(&item.visit_id).copied() else { continue };
        offer(w, &item, customer, (start, end), day);
        if day >= w.today - CALL_DAYS && called.insert(item.visit_id) {
            calls(w, &item, customer, day, by.get(&item.branch_id));
        }
    }
}

/// Who calls in each branch: whoever sits at the desk.
fn callers(w: &World) -> HashMap<Uuid, (String, String)> {
    let desk = w.rows.user_account.iter().filter(|user| user.role == "receptionist");
    desk.filter_map(|user| Some((user.branch_id?, (user.name_zh.clone(), user.name_en.clone())))).collect()
}

fn offer(
    w: &mut World,
    item: &crate::entity::visit_service::Model,
    customer: Uuid,
    (start, end): (i64, i64),
    day: i32,
) {
    let policy = CarePolicy::default();
    let on = |n: u32| day + n as i32;
    let until = ms(day_bounds(super::world::TZ, date(on(policy.recheck_days))).1);
    let over = until <= w.now;
    let used = w.chance(if over { 210 } else { 40 }) && end + 2 * DAY_MS < w.now;
    let outcome = match w.rng.random_range(0..100) {
        0..78 => RecheckOutcome::Fine,
        78..96 => RecheckOutcome::Adjusted,
        _ => RecheckOutcome::Escalated,
    };
    let note = match outcome {
        RecheckOutcome::Fine => None,
        RecheckOutcome::Adjusted => Some(w.pick(&FOUND)),
        RecheckOutcome::Escalated => Some(w.pick(&WORSE)),
    };
    let state = match (used, over) {
        (true, _) => RecheckState::Done,
        (false, true) if w.chance(90) => RecheckState::Declined,
        (false, true) => RecheckState::Lapsed,
        (false, false) => RecheckState::Open,
    };
    let done_at = end + w.rng.random_range(24 * 60..47 * 60) * super::world::MINUTE;
    let (id, (token, token_hash)) = (w.id(end), w.link());
    let remind = |n: u32| w.at(on(n), 600);
    let reminders: Vec<i64> = policy.reminders().into_iter().map(remind).collect();
    w.rows.recheck.push(recheck::Model {
        id,
        branch_id: item.branch_id,
        customer_id: customer,
        visit_service_id: item.id,
        service_id: item.service_id,
        staff_id: item.staff_id,
        started_at: start,
        finished_at: end,
        minutes: policy.recheck_minutes as i32,
        token_hash,
        token,
        state: state.code().into(),
        opened_at: end,
        until_at: until,
        remind_at: reminders.iter().copied().find(|at| *at > w.now),
        remind_last: reminders.last().copied(),
        booking_id: None,
        outcome: used.then(|| outcome.code().into()),
        note: note.filter(|_| used).map(Into::into),
        done_at: used.then_some(done_at),
        done_by: None,
        version: 1,
    });
}

fn calls(
    w: &mut World,
    item: &crate::entity::visit_service::Model,
    customer: Uuid,
    day: i32,
    by: Option<&(String, String)>,
) {
    let policy = CarePolicy::default();
    for after in policy.call_days {
        let due = day + after as i32;
        // Nearly all of yesterday's are made; of today's, those of the morning.
        let made = match due - w.today {
            ..-2 => true,
            -2 | -1 => w.chance(930),
            0 => w.chance(350),
            _ => false,
        };
        let (state, outcome, tries) = match w.rng.random_range(0..100) {
            _ if !made => (CallState::Open, None, 0),
            0..86 => (CallState::Done, Some(CallOutcome::Fine), 1),
            86..91 => (CallState::Done, Some(CallOutcome::Concern), 1),
            _ => (CallState::GivenUp, Some(CallOutcome::NotReached), policy.tries as i32),
        };
        let at = w.at(due, 600) + w.rng.random_range(10..240) * super::world::MINUTE;
        let at = made.then_some(at.min(w.now - 5 * super::world::MINUTE));
        let note = (outcome == Some(CallOutcome::Concern)).then(|| w.pick(&WORRY));
        let id = w.id(at.unwrap_or(w.now));
        w.rows.followup.push(followup::Model {
            id,
            branch_id: item.branch_id,
            customer_id: customer,
            visit_id: item.visit_id,
            visit_service_id: item.id,
            service_id: item.service_id,
            staff_id: item.staff_id,
            day_no: after as i32,
            due_day: due,
            most: policy.tries as i32,
            state: state.code().into(),
            tries,
            outcome: outcome.map(|outcome| outcome.code().into()),
            note: note.map(Into::into),
            at,
            by_zh: by.filter(|_| made).map(|by| by.0.clone()),
            by_en: by.filter(|_| made).map(|by| by.1.clone()),
            version: 1,
        });
    }
}

/// A concern for each call that brought one to light; those of the last two days are still open.
pub(super) async fn concerns(store: &Arc<Store>) -> Result<()> {
    let tx = store.begin().await?;
    let sql = "INSERT INTO concern (id, branch_id, customer_id, followup_id, visit_service_id, staff_id, opened_at, text, \
               closed_at, result, version) \
               SELECT id, branch_id, customer_id, id, visit_service_id, staff_id, at, note, \
               CASE WHEN at < $1 THEN at + 5400000 END, CASE WHEN at < $1 THEN '已回电，按护理要点处理，客人放心了' END, 1 \
               FROM followup WHERE outcome = 'concern'";
    tx.run(sql, vals![tx.now_ms() - 2 * DAY_MS]).await?;
    tx.commit().await
}
