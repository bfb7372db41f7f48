//! What the chair shows in the demo: facts and answers, products, what was used, how it felt, reactions, deviations.

use super::world::{MINUTE, World};
use crate::{Result, Store, sql::vals, time::DAY_MS};
use sea_orm::Value;
use std::sync::Arc;
use uuid::Uuid;

type Row = (&'static str, Vec<Value>);

/// A service that was or is being done, with what the rows below need of it.
#[derive(Clone)]
struct Served {
    id: Uuid,
    branch: Uuid,
    house: usize,
    service: Uuid,
    name: (String, String),
    qualification: String,
    staff: Uuid,
    by: (Option<Uuid>, &'static str, &'static str),
    customer: usize,
    day: i32,
    start: i64,
    end: Option<i64>,
}

/// Kind, code, words, reaction, severity: what customers of the demo have.
type FactSeed =
    (&'static str, &'static str, (&'static str, &'static str), Option<&'static str>, Option<&'static str>);

const FACTS: [FactSeed; 8] = [
    ("allergy", "acid", ("水杨酸、果酸", "Salicylic and fruit acids"), Some("面部红肿"), Some("severe")),
    ("allergy", "fragrance", ("香精", "Fragrance"), Some("发痒"), Some("mild")),
    ("condition", "blood_pressure", ("高血压", "High blood pressure"), None, Some("moderate")),
    ("allergy", "latex", ("乳胶", "Latex"), Some("起疹"), Some("moderate")),
    ("medicine", "retinoid", ("外用维A酸", "Topical retinoids"), None, None),
    (
        "allergy",
        "essential_oil",
        ("精油（茶树）", "Essential oils (tea tree)"),
        Some("红疹"),
        Some("moderate"),
    ),
    ("pregnancy", "nursing", ("哺乳", "Nursing"), None, None),
    ("allergy", "seafood", ("海鲜", "Seafood"), Some("嘴唇肿"), Some("severe")),
];

/// Qualification, name, unit, what it contains.
type ProductSeed = (&'static str, (&'static str, &'static str), (&'static str, &'static str), &'static str);

const PRODUCTS: [ProductSeed; 12] = [
    ("facial", ("舒缓修护膜", "Calming repair mask"), ("片", "piece"), ""),
    ("facial", ("氨基酸洁面", "Amino acid cleanser"), ("毫升", "ml"), "preservative"),
    ("facial", ("透明质酸原液", "Hyaluronic serum"), ("毫升", "ml"), ""),
    ("facial", ("水杨酸棉片", "Salicylic pads"), ("片", "piece"), "acid,alcohol"),
    ("facial", ("物理防晒霜", "Mineral sunscreen"), ("克", "g"), ""),
    ("light", ("光电冷凝胶", "Cooling gel"), ("毫升", "ml"), "preservative"),
    ("light", ("医用修复面膜", "Medical repair mask"), ("片", "piece"), ""),
    ("body", ("无香基础油", "Unscented base oil"), ("毫升", "ml"), ""),
    ("body", ("茶树精油", "Tea tree oil"), ("滴", "drop"), "essential_oil,fragrance"),
    ("lash", ("接睫胶水", "Lash glue"), ("滴", "drop"), "glue"),
    ("bath", ("海盐磨砂", "Sea salt scrub"), ("克", "g"), ""),
    ("scalp", ("头皮净化液", "Scalp cleanser"), ("毫升", "ml"), "alcohol"),
];

const SKIPPED: [((&str, &str), &str); 5] = [
    (("敷膜，先试温", "Mask; test the temperature first"), "客人怕闷，改用喷雾"),
    (("讲回家怎么护理", "Explain the care at home"), "客人赶时间，已发到手机"),
    (("卸妆，温水清洁", "Remove make-up, cleanse with warm water"), "客人素颜来的"),
    (("术前拍照", "Photograph before"), "客人不愿意拍照"),
    (("手消毒，换一次性用品", "Disinfect hands, fresh disposables"), "一次性用品不够，用了消毒毛巾"),
];

/// Everything, as statements in the order of the tables' references.
pub(super) fn rows(w: &mut World) -> Vec<Row> {
    let mut rows = Vec::new();
    let products = products(w, &mut rows);
    let served = served(w);
    facts(w, &mut rows, &served);
    for (n, one) in served.iter().enumerate() {
        // Whole records of the last two days; before that only what was used, now and then.
        if one.day >= w.today - 1 {
            course(w, &mut rows, one, n);
        }
        if one.day >= w.today - 1 || n.is_multiple_of(4) {
            used(w, &mut rows, &products, one, n);
        }
    }
    deviations(w, &mut rows, &served);
    incidents(w, &mut rows, &served);
    rows
}

/// Writes them, some hundreds to a transaction.
pub(super) async fn insert(store: &Arc<Store>, rows: Vec<Row>) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let tx = store.begin().await?;
        for (sql, values) in rows.by_ref().take(500) {
            tx.run(sql, values).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Of the last week: enough to show each page, few enough to be quick.
fn served(w: &World) -> Vec<Served> {
    let customers: std::collections::HashMap<Uuid, usize> =
        w.rows.customer.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
    let visits: std::collections::HashMap<Uuid, Uuid> =
        w.rows.visit.iter().map(|v| (v.id, v.customer_id)).collect();
    let recent = w.rows.visit_service.iter().filter(|s| s.day >= w.today - 7);
    let all = recent.filter_map(|s| {
        let person = w.people.iter().find(|p| Some(p.id) == s.staff_id)?;
        Some(Served {
            id: s.id,
            branch: s.branch_id,
            house: w.houses.iter().position(|h| h.id == s.branch_id)?,
            service: s.service_id,
            name: (s.name_zh.clone(), s.name_en.clone()),
            qualification: s.qualification.clone(),
            staff: person.id,
            by: (person.user, person.seed.name.0, person.seed.name.1),
            customer: *customers.get(visits.get(&s.visit_id)?)?,
            day: s.day,
            start: s.started_at?,
            end: s.finished_at,
        })
    });
    let mut all: Vec<Served> = all.collect();
    all.sort_by_key(|s| (s.start, s.id));
    all
}

fn products(w: &mut World, rows: &mut Vec<Row>) -> Vec<(Uuid, &'static ProductSeed)> {
    let since = w.at(w.today - 300, 600);
    let mut made = Vec::new();
    for (position, seed) in PRODUCTS.iter().enumerate() {
        let id = w.id(since);
        let (qualification, name, unit, contains) = *seed;
        let sql = "INSERT INTO product (id, qualification, name_zh, name_en, unit_zh, unit_en, contains, position) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        rows.push((sql, vals![id, qualification, name.0, name.1, unit.0, unit.1, contains, position as i32]));
        made.push((id, seed));
    }
    made
}

const CHECK: &str = "INSERT INTO fact_check (id, customer_id, branch_id, kind, answer, at, by_zh, by_en) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FACT: &str = "INSERT INTO customer_fact (id, customer_id, branch_id, kind, code, subject_zh, subject_en, reaction, \
    severity, source, at, by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'customer', $10, $11, $12)";

/// Most who came this week were asked; every sixth has something. Who is in the first house's chair now shows what an
/// alert looks like.
fn facts(w: &mut World, rows: &mut Vec<Row>, served: &[Served]) {
    let mut known = std::collections::HashSet::new();
    let mut shown = false;
    for one in served {
        if !known.insert(one.customer) || one.customer % 5 == 4 {
            continue;
        }
        let (customer, at) = (w.rows.customer[one.customer].id, one.start - 30 * DAY_MS);
        let in_chair = one.house == 0 && one.end.is_none() && one.qualification == "facial" && !shown;
        shown |= in_chair;
        let fact = match in_chair {
            true => Some(FACTS[0]),
            false => one.customer.is_multiple_of(6).then(|| FACTS[one.customer / 6 % FACTS.len()]),
        };
        for kind in domain::consult::FactKind::ALL {
            let some = fact.is_some_and(|fact| fact.0 == kind.code());
            let id = w.id(at);
            let answer = if some { "some" } else { "none" };
            rows.push((CHECK, vals![id, customer, one.branch, kind.code(), answer, at, one.by.1, one.by.2]));
        }
        if let Some((kind, code, words, reaction, severity)) = fact {
            let id = w.id(at);
            let values = vals![
                id, customer, one.branch, kind, code, words.0, words.1, reaction, severity, at, one.by.1,
                one.by.2
            ];
            rows.push((FACT, values));
        }
    }
}

const PREP: &str = "INSERT INTO prep_record (id, visit_service_id, what, done, temperature, humidity, outside, at, by_user, \
    by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const FEEL: &str = "INSERT INTO feel (id, visit_service_id, comfort, reactions, key, at, by_user, by_zh, by_en) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const USED: &str = "INSERT INTO product_used (id, visit_service_id, branch_id, product_id, name_zh, name_en, unit_zh, unit_en, \
    batch, amount_milli, key, at, by_user, by_zh, by_en) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

/// Preparation and comfort of one service.
fn course(w: &mut World, rows: &mut Vec<Row>, one: &Served, n: usize) {
    let (user, zh, en) = one.by;
    for what in domain::treat::PrepItem::ALL {
        if what.code() == "device" && one.qualification != "light" {
            continue;
        }
        let climate = (what.code() == "climate").then(|| (235 + (n % 4) as i32 * 5, 48 + (n % 5) as i32));
        let (id, at) = (w.id(one.start), one.start - 6 * MINUTE);
        let values = vals![
            id,
            one.id,
            what.code(),
            true,
            climate.map(|c| c.0),
            climate.map(|c| c.1),
            false,
            at,
            user,
            zh,
            en
        ];
        rows.push((PREP, values));
    }
    let until = one.end.unwrap_or(w.now);
    let feels = [(5, ""), (5, ""), (3, "heat")];
    for (i, (comfort, reactions)) in feels.into_iter().enumerate().take(1 + n % 3) {
        let at = one.start + (i64::try_from(i).unwrap_or(0) * 9 + 4) * MINUTE;
        if at < until {
            let id = w.id(at);
            let key = format!("demo-{}", id.simple());
            rows.push((FEEL, vals![id, one.id, comfort, reactions, key, at, user, zh, en]));
        }
    }
}

/// Products with their batches.
fn used(w: &mut World, rows: &mut Vec<Row>, products: &[(Uuid, &ProductSeed)], one: &Served, n: usize) {
    let (user, zh, en) = one.by;
    let until = one.end.unwrap_or(w.now);
    let mine = products.iter().filter(|(_, seed)| seed.0 == one.qualification && seed.3 != "acid,alcohol");
    for (product, (_, name, unit, _)) in mine.take(2) {
        let at = one.start + 3 * MINUTE;
        if at < until {
            let id = w.id(at);
            let batch = format!("B26{:02}{:02}", 3 + n % 3, 1 + n % 27);
            let key = format!("demo-{}", id.simple());
            let values = vals![
                id, one.id, one.branch, *product, name.0, name.1, unit.0, unit.1, batch, 1000_i64, key, at,
                user, zh, en
            ];
            rows.push((USED, values));
        }
    }
}

const DEVIATION: &str = "INSERT INTO deviation (id, branch_id, visit_service_id, service_id, service_zh, service_en, staff_id, \
    kind, text_zh, text_en, reason, at, ack_at, ack_zh, ack_en, comment) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// Every ninth service departed from its procedure; the older ones have been looked at.
fn deviations(w: &mut World, rows: &mut Vec<Row>, served: &[Served]) {
    for (n, one) in served.iter().filter(|s| s.end.is_some()).enumerate().filter(|(n, _)| n % 9 == 4) {
        let at = one.end.unwrap_or(one.start);
        let prep = n % 27 == 4;
        let (text, reason) = SKIPPED[n / 9 % SKIPPED.len()];
        let (kind, zh, en, reason) = match prep {
            true => ("prep", "climate,belongings", "climate,belongings", None),
            false => ("step", text.0, text.1, Some(reason)),
        };
        let seen = (one.day < w.today - 2).then_some(at + DAY_MS / 2);
        let id = w.id(at);
        let comment = seen.filter(|_| n % 2 == 0).map(|_| "已和本人聊过");
        let values = vals![
            id,
            one.branch,
            one.id,
            one.service,
            one.name.0.as_str(),
            one.name.1.as_str(),
            one.staff,
            kind,
            zh,
            en,
            reason,
            at,
            seen,
            seen.map(|_| "秦岚"),
            seen.map(|_| "Qin Lan"),
            comment
        ];
        rows.push((DEVIATION, values));
    }
}

const INCIDENT: &str = "INSERT INTO incident (id, branch_id, customer_id, visit_service_id, day, severity, what, told, state, \
    outcome, key, at, by_user, by_zh, by_en, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, '店长', $8, $9, $10, $11, $12, $13, $14, 1)";
const AID: &str = "INSERT INTO incident_step (incident_id, step, at, by_user, by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6)";

/// One that is open, one being handled, one that ended well.
fn incidents(w: &mut World, rows: &mut Vec<Row>, served: &[Served]) {
    let cases = [
        (6, "mild", "closed", "额头有点红，停用后二十分钟消退", Some("当天消退，第二天回访正常")),
        (3, "moderate", "handled", "两颊发红发热，清洗冷敷后减轻", None),
        (1, "mild", "open", "眼周刺痛，冲洗后好转", None),
    ];
    for (ago, severity, state, what, outcome) in cases {
        let one = served.iter().find(|s| {
            s.house == 0
                && s.day <= w.today - ago
                && s.day > w.today - ago - 2
                && s.qualification == "facial"
                && s.end.is_some()
        });
        let Some(one) = one.cloned() else { continue };
        let at = one.start + 20 * MINUTE;
        let (id, customer) = (w.id(at), w.rows.customer[one.customer].id);
        let (user, zh, en) = one.by;
        let key = format!("demo-{}", id.simple());
        let values = vals![
            id, one.branch, customer, one.id, one.day, severity, what, state, outcome, key, at, user, zh, en
        ];
        rows.push((INCIDENT, values));
        for (i, step) in ["stop_product", "rinse", "cool", "tell_manager"].into_iter().enumerate() {
            rows.push((AID, vals![id, step, at + i as i64 * MINUTE, user, zh, en]));
        }
    }
}
