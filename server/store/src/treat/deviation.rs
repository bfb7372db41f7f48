//! Departures from the procedure, for the technical lead (TREAT-3): written when they can no longer be put right.

use crate::{
    Error, OpContext, Result, Tx,
    entity::visit_service,
    sql,
    sql::vals,
    time::{DAY_MS, local_ms, ms},
    tx::again,
};
use domain::{
    BranchId, DeviationId, Page, ServiceId, StaffId, Text, VisitServiceId,
    permission::{Action, Scope},
    treat::{DeviationFilter, DeviationKind, DeviationPage, DeviationView},
};
use sea_orm::FromQueryResult;
use std::fmt::Write;
use uuid::Uuid;

const PAGE: usize = 30;

/// Writes one down.
pub(crate) async fn add(
    tx: &Tx,
    item: &visit_service::Model,
    kind: DeviationKind,
    text: &Text,
    reason: Option<&str>,
) -> Result<()> {
    let sql = "INSERT INTO deviation (id, branch_id, visit_service_id, service_id, service_zh, service_en, staff_id, kind, \
               text_zh, text_en, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values = vals![
        DeviationId::new().0,
        item.branch_id,
        item.id,
        item.service_id,
        item.name_zh.as_str(),
        item.name_en.as_str(),
        item.staff_id,
        kind.code(),
        text.zh.as_str(),
        text.en.as_str(),
        reason,
        tx.now_ms(),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Skipped {
    text_zh: String,
    text_en: String,
    reason: Option<String>,
}

/// The mandatory steps left out of a service that ends.
pub(super) async fn steps(tx: &Tx, item: &visit_service::Model) -> Result<()> {
    let sql = "SELECT text_zh, text_en, reason FROM treatment_step WHERE visit_service_id = $1 AND mandatory \
               AND state = 'skipped' ORDER BY position";
    let skipped: Vec<Skipped> = sql::all(tx, sql, vals![item.id]).await?;
    for step in skipped {
        let text = Text::new(step.text_zh, step.text_en);
        add(tx, item, DeviationKind::Step, &text, step.reason.as_deref()).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    visit_service_id: Uuid,
    service_zh: String,
    service_en: String,
    staff_id: Option<Uuid>,
    kind: String,
    text_zh: String,
    text_en: String,
    reason: Option<String>,
    at: i64,
    ack_at: Option<i64>,
    ack_zh: Option<String>,
    ack_en: Option<String>,
    comment: Option<String>,
}

/// The newest first, of one branch.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn deviations(cx: &OpContext, branch: BranchId, filter: DeviationFilter) -> Result<DeviationPage> {
    cx.allow(Action::ReviewDeviations, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let mut sql =
        "SELECT id, visit_service_id, service_zh, service_en, staff_id, kind, text_zh, text_en, reason, at, \
                   ack_at, ack_zh, ack_en, comment FROM deviation WHERE branch_id = $1"
            .to_owned();
    let mut values: Vec<sea_orm::Value> = vals![branch.0];
    let mut and = |clause: &str, value: sea_orm::Value| {
        values.push(value);
        let _ = write!(sql, " AND {clause} ${}", values.len());
    };
    if let Some(id) = filter.service {
        and("service_id =", id.0.into());
    }
    if let Some(id) = filter.staff {
        and("staff_id =", id.0.into());
    }
    if let Some(days) = filter.days {
        and("at >=", (ms(cx.now()) - i64::from(days) * DAY_MS).into());
    }
    if let Some((at, id)) = filter.after.as_deref().and_then(cursor) {
        and("at <=", at.into());
        values.push(at.into());
        values.push(id.into());
        let _ = write!(sql, " AND (at < ${} OR id < ${})", values.len() - 1, values.len());
    }
    if filter.open_only {
        sql.push_str(" AND ack_at IS NULL");
    }
    let _ = write!(sql, " ORDER BY at DESC, id DESC LIMIT {}", PAGE + 1);
    let rows: Vec<Row> = sql::all(cx.db(), &sql, values).await?;
    let page = Page::cut(rows, PAGE, |row: &Row| format!("{}.{}", row.at, row.id.as_simple()));
    let count = "SELECT COUNT(*) FROM deviation WHERE branch_id = $1 AND ack_at IS NULL";
    let open: i64 = match sql::row(cx.db(), count, vals![branch.0]).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let name = |id: Option<StaffId>| id.and_then(|id| catalog.person(id)).map(|p| p.name.clone());
    let view = |row: Row| {
        Some(DeviationView {
            id: DeviationId(row.id),
            kind: DeviationKind::from_code(&row.kind)?,
            at: local_ms(catalog.tz(), row.at),
            service: Text::new(row.service_zh, row.service_en),
            staff: row.staff_id.map(StaffId),
            staff_name: name(row.staff_id.map(StaffId)).unwrap_or_default(),
            text: Text::new(row.text_zh, row.text_en),
            reason: row.reason,
            item: VisitServiceId(row.visit_service_id),
            acknowledged: row.ack_at.map(|at| {
                let by = Text::new(row.ack_zh.unwrap_or_default(), row.ack_en.unwrap_or_default());
                (local_ms(catalog.tz(), at), by, row.comment)
            }),
        })
    };
    Ok(DeviationPage {
        items: page.items.into_iter().filter_map(view).collect(),
        next: page.next,
        people: catalog.people.iter().filter(|p| p.works_here()).map(|p| (p.id, p.name.clone())).collect(),
        services: catalog
            .services
            .iter()
            .filter(|s| !s.retired)
            .map(|s| (s.id, s.name.clone()))
            .collect::<Vec<(ServiceId, Text)>>(),
        open: u32::try_from(open).unwrap_or(u32::MAX),
    })
}

pub(super) fn cursor(raw: &str) -> Option<(i64, Uuid)> {
    let (at, id) = raw.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

#[derive(FromQueryResult)]
struct Place {
    branch_id: Uuid,
    ack_at: Option<i64>,
}

/// The technical lead has seen it. Seen before, it stays as it was.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn acknowledge(cx: &OpContext, id: DeviationId, comment: Option<String>) -> Result<()> {
    again!(acknowledge_once(cx, id, comment.as_deref()))
}

async fn acknowledge_once(cx: &OpContext, id: DeviationId, comment: Option<&str>) -> Result<()> {
    let tx = cx.begin().await?;
    let sql = "SELECT branch_id, ack_at FROM deviation WHERE id = $1";
    let place: Place = sql::one(&tx, sql, vals![id.0]).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(place.branch_id);
    cx.allow(Action::ReviewDeviations, &Scope::branch(branch))?;
    if place.ack_at.is_some() {
        return tx.commit().await;
    }
    let by = super::author(&tx, cx).await?;
    let sql = "UPDATE deviation SET ack_at = $1, ack_by = $2, ack_zh = $3, ack_en = $4, comment = $5 \
               WHERE id = $6 AND ack_at IS NULL";
    let user = cx.actor.user().map(|id| id.0);
    tx.run(sql, vals![tx.now_ms(), user, by.zh, by.en, comment, id.0]).await?;
    let entry = crate::audit::Entry {
        action: "deviation.acknowledge",
        entity: "deviation",
        id: Some(id.0),
        branch: Some(branch),
        detail: None,
    };
    tx.audit(cx, entry);
    tx.commit().await
}
