//! The desk's books: calls, questions, handovers, wristbands, scripts, links (DESK-5 … DESK-10).

use super::world::{MINUTE, World};
use crate::entity::*;
use domain::{Role, desk::script::Moment};
use rand::Rng;
use uuid::Uuid;

const HOUR: i64 = 60 * MINUTE;
/// Calls of a house on an ordinary day.
const CALLS: u32 = 4;
/// Days of handovers.
const SHIFTS: i32 = 45;
/// Wristbands of the bathhouse, and as many lockers.
const BANDS: i32 = 120;

const ASKED: [(&str, &str); 8] = [
    ("booking", "想约周末下午，问有没有空"),
    ("change", "想把明天的时间往后挪一小时"),
    ("price", "问补水套餐多少钱，次卡能不能用"),
    ("way", "问怎么停车，几号口出来近"),
    ("aftercare", "做完第二天脸还有点红，问正不正常"),
    ("booking", "给妈妈约，老人腿脚不方便"),
    ("price", "问储值卡余额"),
    ("other", "昨天落了一只耳环，问有没有捡到"),
];

pub(super) fn build(w: &mut World) {
    for house in 0..w.houses.len() {
        let staff = keepers(w, house);
        let Some(first) = staff.first().copied() else { continue };
        let second = staff.get(1).copied().unwrap_or(first);
        calls(w, house, first, second);
        calls_today(w, house, first);
        questions(w, house, first, second);
        handovers(w, house, first, second);
        scripts(w, house);
        links(w, house);
        if super::people::BRANCHES[house].kind == domain::branch::BranchKind::Bathhouse {
            wristbands(w, house, first);
        }
    }
}

/// Receptionist, then manager.
fn keepers(w: &World, house: usize) -> Vec<Uuid> {
    let of = |role: Role| {
        let branch = Some(w.houses[house].id);
        w.rows.user_account.iter().find(move |u| u.branch_id == branch && u.role == role.code()).map(|u| u.id)
    };
    [of(Role::Receptionist), of(Role::Manager)].into_iter().flatten().collect()
}

struct Told {
    at: i64,
    rings: i32,
    answered: bool,
    due: Option<i64>,
    done: Option<i64>,
}

fn call(w: &mut World, house: usize, by: Uuid, told: &Told, asked: (&'static str, &'static str)) {
    let (id, customer) = (w.id(told.at), w.rng.random_range(0..w.rows.customer.len()));
    let known = w.chance(700) && w.known_since[customer] < told.at;
    let caller = &w.rows.customer[customer];
    let phone = if known {
        caller.phone.clone()
    } else {
        Some(format!("1700000{:04}", w.rng.random_range(0..10_000)))
    };
    let row = phone_call::Model {
        id,
        branch_id: w.houses[house].id,
        at: told.at,
        rings: told.rings,
        answered: told.answered,
        phone,
        caller: known.then(|| w.rows.customer[customer].name.clone()),
        customer_id: known.then(|| w.rows.customer[customer].id),
        matter: asked.0.into(),
        note: told.answered.then(|| asked.1.into()),
        taken_by: Some(by),
        callback_due: told.due,
        called_back_at: told.done,
        called_back_by: told.done.map(|_| by),
        outcome: None,
        version: 1 + i32::from(told.done.is_some()),
    };
    w.rows.phone_call.push(row);
}

/// A year of calls: few ring too long, few callbacks are late.
fn calls(w: &mut World, house: usize, first: Uuid, second: Uuid) {
    for day in w.today - w.options.days_back..w.today {
        for _ in 0..(CALLS * w.options.pace).div_ceil(100) {
            let at = w.at(day, 600) + w.minutes(0, 10 * 60);
            let answered = !w.chance(6);
            let rings = if answered { w.pick(&[1, 1, 2, 2, 2, 3]) } else { 7 };
            let rings = if answered && w.chance(9) { 5 } else { rings };
            let due = (!answered || w.chance(90)).then_some(at + 30 * MINUTE);
            let late = w.chance(40);
            let done = due.map(|due| if late { due + 12 * MINUTE } else { at + w.minutes(4, 28) });
            let (asked, by) = (w.pick(&ASKED), w.pick(&[first, first, second]));
            call(w, house, by, &Told { at, rings, answered, due, done }, asked);
        }
    }
}

/// Today: two answered at once, one callback that is late and two that are not.
fn calls_today(w: &mut World, house: usize, by: Uuid) {
    let told = |now: i64, ago: i64, rings: i32, due: Option<i64>| Told {
        at: now - ago * MINUTE,
        rings,
        answered: rings < 6,
        due: due.map(|due| now + due * MINUTE),
        done: None,
    };
    let now = w.now;
    call(w, house, by, &told(now, 96, 2, None), ASKED[0]);
    call(w, house, by, &told(now, 63, 1, None), ASKED[3]);
    call(w, house, by, &told(now, 41, 2, Some(-11)), ASKED[4]);
    call(w, house, by, &told(now, 14, 7, Some(16)), ASKED[7]);
    call(w, house, by, &told(now, 6, 3, Some(24)), ASKED[2]);
}

fn questions(w: &mut World, house: usize, first: Uuid, second: Uuid) {
    let open = [
        ("问次卡还剩几次，要一张明细带走", 34, first, None),
        ("想换个安静一点的房间，说好回她话", 18, second, Some(9)),
        ("上次买的面霜用完发痒，想问问是不是过敏", 7, first, None),
    ];
    for (text, ago, owner, handed) in open {
        let (at, customer) = (w.now - ago * MINUTE, w.rng.random_range(0..w.rows.customer.len()));
        let customer_id = (w.known_since[customer] < at).then(|| w.rows.customer[customer].id);
        let row = desk_question::Model {
            id: w.id(at),
            branch_id: w.houses[house].id,
            customer_id,
            text: text.into(),
            asked_of: first,
            owner_id: owner,
            opened_at: at,
            handed_at: handed.map(|ago| w.now - ago * MINUTE),
            accepted_at: handed.is_none().then_some(at),
            closed_at: None,
            closed_by: None,
            outcome: None,
            version: 1,
        };
        w.rows.desk_question.push(row);
    }
}

fn handovers(w: &mut World, house: usize, first: Uuid, second: Uuid) {
    let notes = [
        "下午两点空调师傅来，请他走后门。",
        "金卡客人周末来，房间提前开暖气。",
        "毛巾不够，已经催了洗涤厂。",
        "一切正常。",
    ];
    for back in 1..=SHIFTS.min(w.options.days_back) {
        let given = w.at(w.today - back, 20 * 60 + 30) + w.minutes(0, 20);
        let (by, to) = if back % 2 == 0 { (first, second) } else { (second, first) };
        let note = w.pick(&notes);
        let row = shift_handover::Model {
            id: w.id(given),
            branch_id: w.houses[house].id,
            given_at: given,
            given_by: by,
            matters: "[]".into(),
            cash_note: Some(format!(
                "备用金 500 元，当天现金 {} 元，已封袋。",
                w.rng.random_range(200..2400)
            )),
            note: Some(note.into()),
            taken_at: Some(given + w.minutes(3, 25)),
            taken_by: (by != to).then_some(to),
            take_note: None,
            version: 2,
        };
        w.rows.shift_handover.push(row);
    }
}

fn scripts(w: &mut World, house: usize) {
    for (position, (moment, title, text)) in crate::desk::usual::SCRIPTS.iter().enumerate() {
        let moment: &Moment = moment;
        let row = desk_script::Model {
            id: w.id(w.now - 300 * 24 * HOUR),
            branch_id: w.houses[house].id,
            moment: moment.code().into(),
            title_zh: title.0.into(),
            title_en: title.1.into(),
            text_zh: text.0.into(),
            text_en: text.1.into(),
            position: position as i32,
            retired_at: None,
            version: 1,
        };
        w.rows.desk_script.push(row);
    }
}

fn links(w: &mut World, house: usize) {
    for kind in ["screen", "arrive"] {
        let created_at = w.now - 20 * 24 * HOUR;
        let (id, (token, token_hash)) = (w.id(created_at), w.link());
        let branch_id = w.houses[house].id;
        let kind = kind.into();
        w.rows.desk_link.push(desk_link::Model {
            id,
            branch_id,
            kind,
            token_hash,
            token,
            created_at,
            revoked_at: None,
        });
    }
}

/// Numbers, and a band for everybody who is here; one is not back although its visit is over.
fn wristbands(w: &mut World, house: usize, by: Uuid) {
    let (branch_id, opened) = (w.houses[house].id, w.now - 300 * 24 * HOUR);
    let (mut bands, mut lockers) = (Vec::new(), Vec::new());
    for n in 1..=BANDS {
        for (kind, all) in [("band", &mut bands), ("locker", &mut lockers)] {
            let id = w.id(opened);
            let lost_at = (kind == "band" && n == 47).then_some(w.now - 9 * 24 * HOUR);
            all.push(id);
            w.rows.wristband.push(wristband::Model {
                id,
                branch_id,
                kind: kind.into(),
                label: format!("{n:03}"),
                lost_at,
            });
        }
    }
    let here = |v: &&visit::Model| v.branch_id == branch_id && v.day == w.today;
    let open = |v: &&visit::Model| matches!(v.state.as_str(), "waiting" | "assigned" | "in_service");
    let mut out: Vec<(Uuid, i64, i64)> = w
        .rows
        .visit
        .iter()
        .filter(here)
        .filter(open)
        .map(|v| (v.id, v.arrived_at, v.arrived_at + 8 * HOUR))
        .collect();
    let done = w.rows.visit.iter().filter(here).find(|v| v.state == "done");
    out.extend(done.map(|v| (v.id, v.arrived_at, w.now - 25 * MINUTE)));
    for (n, (visit_id, at, due_at)) in out.into_iter().enumerate().take(40) {
        let row = band_out::Model {
            id: w.id(at),
            branch_id,
            band_id: bands[n * 2 + 3],
            locker_id: Some(lockers[n * 2 + 3]),
            room_id: None,
            visit_id,
            out_at: at,
            due_at: due_at.max(at + MINUTE),
            out_by: Some(by),
            back_at: None,
            back_by: None,
            lost: false,
            version: 1,
        };
        w.rows.band_out.push(row);
    }
}
