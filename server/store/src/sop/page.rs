//! The list of checklists, and the editor's page.

use super::{allowed, current, number};
use crate::{
    Error, OpContext, Result, care,
    catalog::Catalog,
    sql::{self, vals},
    time::local_ms,
};
use domain::{
    BranchId, ServiceId, Text,
    permission::{Action, Scope},
    sop::{AdviceLine, SopLine, SopList, SopPage, SopStep, SopVersion, StepChange, compare},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Versions shown.
const VERSIONS: u32 = 30;

#[derive(FromQueryResult)]
struct Counted {
    service_id: Uuid,
    number: i64,
    drafts: i64,
}

/// The services of the branch with their checklists.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn list(cx: &OpContext, branch: BranchId) -> Result<SopList> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let sql = "SELECT v.service_id, CAST(COALESCE(MAX(v.number), 1) AS BIGINT) AS number, \
               COUNT(CASE WHEN v.number IS NULL THEN 1 END) AS drafts FROM sop_version v \
               JOIN service_branch b ON b.service_id = v.service_id WHERE b.branch_id = $1 GROUP BY v.service_id";
    let counted: Vec<Counted> = sql::all(cx.db(), sql, vals![branch.0]).await?;
    let line = |service: &crate::catalog::Service| {
        let known = counted.iter().find(|row| row.service_id == service.id.0);
        SopLine {
            service: service.id,
            name: service.name.clone(),
            steps: u32::try_from(service.steps.len()).unwrap_or(0),
            mandatory: u32::try_from(service.steps.iter().filter(|s| s.mandatory).count()).unwrap_or(0),
            number: known.map_or(1, |row| u32::try_from(row.number).unwrap_or(1)),
            draft: known.is_some_and(|row| row.drafts > 0),
        }
    };
    let categories = catalog.categories.iter().map(|category| {
        let own = catalog.services.iter().filter(|s| s.category == category.code && !s.retired);
        (category.name.clone(), own.map(line).collect::<Vec<_>>())
    });
    Ok(SopList {
        categories: categories.filter(|(_, lines)| !lines.is_empty()).collect(),
        policy: care::policy(cx, branch, None).await?,
    })
}

#[derive(FromQueryResult)]
struct Row {
    number: Option<i32>,
    steps: String,
    note: Option<String>,
    at: Option<i64>,
    by_zh: Option<String>,
    by_en: Option<String>,
    version: i32,
}

/// The editor of a service. `compare_with`: this version is compared with the one before it; 0 compares the draft with
/// what counts.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn page(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    compare_with: Option<u32>,
) -> Result<SopPage> {
    allowed(cx, branch, service).await?;
    let catalog = cx.store.catalog(branch).await?;
    let menu = catalog.service(service).ok_or(Error::NotFound)?;
    let counts = current(cx.db(), service).await?;
    let sql = format!(
        "SELECT number, steps, note, at, by_zh, by_en, version FROM sop_version WHERE service_id = $1 \
         ORDER BY CASE WHEN number IS NULL THEN 0 ELSE 1 END, number DESC LIMIT {VERSIONS}"
    );
    let rows: Vec<Row> = sql::all(cx.db(), &sql, vals![service.0]).await?;
    let draft = rows.iter().find(|row| row.number.is_none());
    let steps: Vec<SopStep> = match draft {
        Some(row) => serde_json::from_str(&row.steps)?,
        None => counts.clone(),
    };
    let compared = compared(&rows, &counts, &steps, draft.is_some(), compare_with)?;
    Ok(SopPage {
        service,
        name: menu.name.clone(),
        number: u32::try_from(number(cx.db(), service).await?).unwrap_or(1),
        draft: draft.map_or(0, |row| row.version),
        history: rows.iter().filter_map(|row| history(&catalog, row).transpose()).collect::<Result<_>>()?,
        compared,
        advice: menu.aftercare.iter().map(|a| AdviceLine { id: a.id, text: a.text.clone() }).collect(),
        policy: care::policy(cx, branch, Some(service)).await?,
        scripts: care::scripts(cx, branch, service).await?,
        steps,
    })
}

fn history(catalog: &Catalog, row: &Row) -> Result<Option<SopVersion>> {
    let Some(number) = row.number else { return Ok(None) };
    let steps: Vec<SopStep> = serde_json::from_str(&row.steps)?;
    Ok(Some(SopVersion {
        number: u32::try_from(number).unwrap_or(1),
        at: row.at.map(|at| local_ms(catalog.tz(), at)),
        by: row.by_zh.clone().map(|zh| Text::new(zh, row.by_en.clone().unwrap_or_default())),
        note: row.note.clone(),
        steps: u32::try_from(steps.len()).unwrap_or(0),
    }))
}

type Compared = Option<(u32, Option<u32>, Vec<StepChange>)>;

fn compared(
    rows: &[Row],
    counts: &[SopStep],
    steps: &[SopStep],
    draft: bool,
    with: Option<u32>,
) -> Result<Compared> {
    let number = |row: &Row| row.number.and_then(|n| u32::try_from(n).ok());
    let last = rows.iter().filter_map(number).max().unwrap_or(1);
    match with {
        Some(0) if draft => Ok(Some((last, None, compare(counts, steps)))),
        Some(n) => {
            let of = |n: u32| rows.iter().find(|row| number(row) == Some(n));
            let (Some(new), Some(old)) = (of(n), n.checked_sub(1).and_then(of)) else { return Ok(None) };
            let (old, new): (Vec<SopStep>, Vec<SopStep>) =
                (serde_json::from_str(&old.steps)?, serde_json::from_str(&new.steps)?);
            Ok(Some((n - 1, Some(n), compare(&old, &new))))
        }
        None => Ok(None),
    }
}
