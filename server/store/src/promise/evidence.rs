//! The records behind a figure, newest first, page by page.

use super::{
    Period,
    cache::exact,
    figures::{OFFER_MS, SINCE},
};
use crate::{Error, OpContext, Result, catalog::Catalog, sql, sql::vals, time::local_ms};
use domain::{
    FieldCode, Page, StaffId, Text, VisitId,
    permission::{Action, Scope},
    promise::{Evidence, EvidencePage, Promise},
};
use sea_orm::FromQueryResult;
use std::sync::Arc;
use uuid::Uuid;

/// Records on a page.
const SIZE: usize = 25;

/// The records with names, for those who may see them; names behind answers only for those who may see these.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` on a cursor that did not come from here.
pub async fn evidence(
    cx: &OpContext,
    slug: &str,
    promise: Promise,
    missed_only: bool,
    cursor: Option<String>,
) -> Result<EvidencePage> {
    let catalog = cx.store.catalog_by_slug(slug).await?;
    let scope = Scope::branch(catalog.branch.id);
    cx.allow(Action::SeeRecords, &scope)?;
    let names = !promise.is_survey() || cx.may(Action::SeeWhoAnswered, &scope);
    read(cx, catalog, promise, missed_only, cursor, names).await
}

/// The records without anything that tells who it was; few answers are not shown at all (SURVEY-6).
///
/// # Errors
/// `NotFound`, `Invalid` on a cursor that did not come from here.
pub async fn public_evidence(
    cx: &OpContext,
    slug: &str,
    promise: Promise,
    missed_only: bool,
    cursor: Option<String>,
) -> Result<EvidencePage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(slug).await?;
    let mut page = read(cx, catalog, promise, missed_only, cursor, false).await?;
    for one in &mut page.page.items {
        one.reference.clear();
        one.name = None;
        one.staff = None;
        one.visit = None;
    }
    if page.figure.actual().is_none() {
        page.page = Page::default();
    }
    Ok(page)
}

async fn read(
    cx: &OpContext,
    catalog: Arc<Catalog>,
    promise: Promise,
    missed_only: bool,
    cursor: Option<String>,
    names: bool,
) -> Result<EvidencePage> {
    // The records up to the moment of the figure, so that they are as many as it says.
    let known = exact(&cx.store, &catalog, cx.now()).await?;
    let period = Period::of(&catalog, known.at);
    let figure = known.figures.iter().find(|f| f.promise == promise).cloned().ok_or(Error::NotFound)?;
    let (until, id) = match cursor {
        Some(raw) => parse(&raw).ok_or_else(|| Error::field("cursor", FieldCode::Choice))?,
        None => (period.to_ms, Uuid::max()),
    };
    let sql = statement(promise, missed_only);
    let mut values = vals![catalog.branch.id.0, period.from_ms, until.min(period.to_ms), id];
    if promise == Promise::Phone {
        // Callbacks are judged at the figure's moment, whichever page is read.
        values.push(period.to_ms.into());
    }
    let rows: Vec<Row> = sql::all(cx.db(), &sql, values).await?;
    let page = Page::cut(rows, SIZE, |row| format!("{}.{}", row.at, row.id.simple()));
    let items = page.items.into_iter().map(|row| show(&catalog, promise, row, names)).collect();
    Ok(EvidencePage {
        branch: catalog.branch.info(cx.now()),
        figure,
        from: period.from,
        to: period.to,
        missed_only,
        page: Page { items, next: page.next },
    })
}

fn parse(raw: &str) -> Option<(i64, Uuid)> {
    let (at, id) = raw.split_once('.')?;
    Some((at.parse().ok()?, Uuid::parse_str(id).ok()?))
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    at: i64,
    /// What is compared with the promise: milliseconds, a score, or 1 and 0.
    measure: i64,
    reference: String,
    reason: Option<String>,
    visit_id: Option<Uuid>,
    name: Option<String>,
    service_zh: Option<String>,
    service_en: Option<String>,
    staff_id: Option<Uuid>,
}

/// The part of the statement that differs: table, time column, what is measured, which rows count, when missed.
fn statement(promise: Promise, missed_only: bool) -> String {
    // The first service stands for the visit; for those of a booking, the first one booked.
    let of_visit = "(SELECT {} FROM visit_service i WHERE i.visit_id = v.id ORDER BY i.position LIMIT 1)";
    let of_booking = "(SELECT {} FROM booking_item i WHERE i.booking_id = b.id ORDER BY i.position LIMIT 1)";
    let item = |from: &str, column: &str| from.replace("{}", column);
    let visit = |measure: &str, counts: &str, missed: &str| {
        parts(
            "v.id, v.arrived_at AS at",
            measure,
            "v.ticket AS reference, v.breach_reason AS reason, v.id AS visit_id, c.name",
            [item(of_visit, "i.name_zh"), item(of_visit, "i.name_en"), item(of_visit, "i.staff_id")],
            "visit v JOIN customer c ON c.id = v.customer_id",
            ("v.branch_id", "v.arrived_at", "v.id"),
            counts,
            missed_only.then_some(missed),
        )
    };
    let answer = |column: &str| {
        parts(
            "r.id, r.at",
            &format!("CAST(r.{column} AS BIGINT)"),
            "v.ticket AS reference, r.comment AS reason, v.id AS visit_id, c.name",
            [item(of_visit, "i.name_zh"), item(of_visit, "i.name_en"), item(of_visit, "i.staff_id")],
            "response r JOIN visit v ON v.id = r.visit_id LEFT JOIN customer c ON c.id = r.customer_id",
            ("r.branch_id", "r.at", "r.id"),
            &format!("r.{column} IS NOT NULL"),
            missed_only.then(|| format!("r.{column} < 4")).as_deref(),
        )
    };
    match promise {
        Promise::Wait => visit(
            "v.first_contact_at - v.ready_at",
            "v.first_contact_at IS NOT NULL",
            "v.first_contact_at - v.ready_at > 900000",
        ),
        Promise::OnTime => visit(
            "v.started_at - v.planned_ms",
            "v.arrived_at <= v.planned_ms AND v.started_at IS NOT NULL",
            "v.started_at - v.planned_ms > 300000",
        ),
        Promise::Accuracy => parts(
            "b.id, b.from_ms AS at",
            "CAST(CASE WHEN b.salon_error IS NULL THEN 1 ELSE 0 END AS BIGINT)",
            "b.number AS reference, b.salon_error AS reason, \
             (SELECT v.id FROM visit v WHERE v.booking_id = b.id) AS visit_id, c.name",
            [item(of_booking, "i.name_zh"), item(of_booking, "i.name_en"), item(of_booking, "i.staff_id")],
            "booking b LEFT JOIN customer c ON c.id = b.customer_id",
            ("b.branch_id", "b.from_ms", "b.id"),
            "b.state NOT IN ('held', 'expired')",
            missed_only.then_some("b.salon_error IS NOT NULL"),
        ),
        Promise::Sat => answer("overall"),
        Promise::Hygiene => answer("hygiene"),
        Promise::Privacy => answer("privacy"),
        Promise::Cert => parts(
            "s.id, s.started_at AS at",
            "CAST(CASE WHEN s.credential_id IS NULL THEN 0 ELSE 1 END AS BIGINT)",
            "v.ticket AS reference, CAST(NULL AS TEXT) AS reason, v.id AS visit_id, c.name",
            ["s.name_zh".into(), "s.name_en".into(), "s.staff_id".into()],
            "visit_service s JOIN visit v ON v.id = s.visit_id JOIN customer c ON c.id = v.customer_id",
            ("s.branch_id", "s.started_at", "s.id"),
            "s.state = 'done'",
            missed_only.then_some("s.credential_id IS NULL"),
        ),
        Promise::Recheck => parts(
            "s.id, s.started_at AS at",
            &format!("CAST(CASE WHEN r.opened_at - s.finished_at <= {OFFER_MS} THEN 1 ELSE 0 END AS BIGINT)"),
            "v.ticket AS reference, COALESCE(r.outcome, r.state) AS reason, v.id AS visit_id, c.name",
            ["s.name_zh".into(), "s.name_en".into(), "s.staff_id".into()],
            "visit_service s JOIN visit v ON v.id = s.visit_id JOIN customer c ON c.id = v.customer_id \
             LEFT JOIN recheck r ON r.visit_service_id = s.id",
            ("s.branch_id", "s.started_at", "s.id"),
            &format!("s.state = 'done' AND s.recheck_of IS NULL AND s.finished_at > {SINCE}"),
            missed_only
                .then(|| format!("(r.id IS NULL OR r.opened_at - s.finished_at > {OFFER_MS})"))
                .as_deref(),
        ),
        Promise::Phone => calls(missed_only),
    }
}

/// PHONE: the number of rings is what is shown; the reason says which half of the promise was missed.
fn calls(missed_only: bool) -> String {
    let kept =
        "p.answered AND p.rings <= 3 AND (p.callback_due IS NULL OR p.called_back_at <= p.callback_due)";
    let missed = format!("NOT COALESCE({kept}, FALSE)");
    let none = || "CAST(NULL AS TEXT)".to_owned();
    parts(
        "p.id, p.at",
        &format!("CAST(CASE WHEN {kept} THEN p.rings ELSE -1 - p.rings END AS BIGINT)"),
        "'' AS reference, CASE WHEN NOT p.answered THEN 'unanswered' WHEN p.rings > 3 THEN 'rings' \
         WHEN p.callback_due IS NOT NULL AND (p.called_back_at IS NULL OR p.called_back_at > p.callback_due) \
         THEN 'callback' END AS reason, \
         NULL AS visit_id, COALESCE(c.name, p.caller) AS name",
        [none(), none(), "NULL".into()],
        "phone_call p LEFT JOIN customer c ON c.id = p.customer_id",
        ("p.branch_id", "p.at", "p.id"),
        "(p.callback_due IS NULL OR p.called_back_at IS NOT NULL OR p.callback_due < $5)",
        missed_only.then_some(&missed),
    )
}

#[allow(clippy::too_many_arguments)] // The pieces of one statement, in its order.
fn parts(
    key: &str,
    measure: &str,
    columns: &str,
    [zh, en, staff]: [String; 3],
    from: &str,
    (branch, at, id): (&str, &str, &str),
    counts: &str,
    missed: Option<&str>,
) -> String {
    let missed = missed.map_or_else(String::new, |missed| format!(" AND {missed}"));
    format!(
        "SELECT {key}, {measure} AS measure, {columns}, {zh} AS service_zh, {en} AS service_en, {staff} AS staff_id \
         FROM {from} WHERE {branch} = $1 AND {at} >= $2 AND {at} <= $3 AND ({at} < $3 OR {id} < $4) \
         AND {counts}{missed} ORDER BY {at} DESC, {id} DESC LIMIT {}",
        SIZE + 1
    )
}

fn show(catalog: &Catalog, promise: Promise, row: Row, names: bool) -> Evidence {
    let minutes = row.measure.div_euclid(60_000);
    let (met, value) = match promise {
        Promise::Wait => (row.measure <= 900_000, Some(minutes.max(0))),
        Promise::OnTime => (row.measure <= 300_000, Some(minutes.max(0))),
        Promise::Accuracy | Promise::Cert | Promise::Recheck => (row.measure == 1, None),
        // Missed ones carry their rings below zero.
        Promise::Phone if row.measure < 0 => (false, Some(-1 - row.measure)),
        Promise::Phone => (true, Some(row.measure)),
        Promise::Sat | Promise::Hygiene | Promise::Privacy => (row.measure >= 4, Some(row.measure)),
    };
    let anonymous = promise.is_survey() && !names;
    Evidence {
        reference: if anonymous { String::new() } else { row.reference },
        at: local_ms(catalog.tz(), row.at),
        met,
        service: Text::new(row.service_zh.unwrap_or_default(), row.service_en.unwrap_or_default()),
        staff: row
            .staff_id
            .filter(|_| !anonymous)
            .and_then(|id| catalog.person(StaffId(id)))
            .map(|person| person.name.clone()),
        name: row.name.filter(|_| names),
        value: value.and_then(|v| i32::try_from(v).ok()),
        // A customer's own words are not a reason code.
        reason: row.reason.filter(|_| !promise.is_survey()),
        visit: row.visit_id.filter(|_| !anonymous).map(VisitId),
    }
}
