//! Settings of re-checks and calls, and the words of calls. `care.policy` of the chain, of a branch; with the service's id
//! at the end, of a service in a branch.

use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    sql::{self, vals},
    tx::again,
};
use domain::{
    BranchId, ServiceId, Text,
    care::CarePolicy,
    permission::{Action, Scope},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

const KEY: &str = "care.policy";

fn key_of(service: ServiceId) -> String {
    format!("{KEY}.{service}")
}

#[derive(FromQueryResult)]
struct Value {
    value: String,
}

/// What counts for a service: its own settings, else the branch's, else the chain's, else the defaults.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    service: Option<ServiceId>,
) -> Result<CarePolicy> {
    let own = service.map(key_of).unwrap_or_default();
    let sql = "SELECT value FROM setting WHERE (key = $1 AND branch_id = $2) OR (key = $3 AND branch_id = $2) \
               OR (key = $3 AND branch_id IS NULL) \
               ORDER BY CASE WHEN key = $1 THEN 0 WHEN branch_id IS NOT NULL THEN 1 ELSE 2 END LIMIT 1";
    let row: Option<Value> = sql::one(db, sql, vals![own, branch.0, KEY]).await?;
    Ok(match row {
        Some(row) => serde_json::from_str(&row.value)?,
        None => CarePolicy::default(),
    })
}

/// What counts in a branch, or for one of its services.
///
/// # Errors
/// `Forbidden`, `NotFound` for a service of another house.
pub async fn policy(cx: &OpContext, branch: BranchId, service: Option<ServiceId>) -> Result<CarePolicy> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    if let Some(service) = service {
        known(&*cx.store.catalog(branch).await?, service)?;
    }
    read(cx.db(), branch, service).await
}

fn known(catalog: &Catalog, service: ServiceId) -> Result<()> {
    catalog.service(service).map(|_| ()).ok_or(Error::NotFound)
}

/// Changes the settings for what is completed from now on.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn save_policy(
    cx: &OpContext,
    branch: BranchId,
    service: Option<ServiceId>,
    policy: &CarePolicy,
) -> Result<()> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    if let Some(service) = service {
        known(&*cx.store.catalog(branch).await?, service)?;
    }
    again!(save_once(cx, branch, service, policy))
}

async fn save_once(
    cx: &OpContext,
    branch: BranchId,
    service: Option<ServiceId>,
    policy: &CarePolicy,
) -> Result<()> {
    let tx = cx.begin().await?;
    let key = service.map_or_else(|| KEY.to_owned(), key_of);
    let value = serde_json::to_string(policy)?;
    let sql = "INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, $3) \
               ON CONFLICT (key, branch_id) WHERE branch_id IS NOT NULL DO UPDATE SET value = excluded.value";
    tx.run(sql, vals![key, branch.0, value.clone()]).await?;
    let id = service.map(|id| id.0);
    let entry =
        Entry { action: "care.policy", entity: "setting", id, branch: Some(branch), detail: Some(value) };
    tx.audit(cx, entry);
    tx.commit().await
}

#[derive(FromQueryResult)]
struct Script {
    day_no: i32,
    text_zh: String,
    text_en: String,
}

/// The salon's own words for the calls of a service, by day.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn scripts(cx: &OpContext, branch: BranchId, service: ServiceId) -> Result<Vec<(u32, Text)>> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    known(&*cx.store.catalog(branch).await?, service)?;
    let sql = "SELECT day_no, text_zh, text_en FROM call_script WHERE service_id = $1 ORDER BY day_no";
    let rows: Vec<Script> = sql::all(cx.db(), sql, vals![service.0]).await?;
    Ok(rows
        .into_iter()
        .map(|row| (u32::try_from(row.day_no).unwrap_or(0), Text::new(row.text_zh, row.text_en)))
        .collect())
}

/// Keeps the words for a call; empty ones give way to the house's.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn save_script(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    day: u32,
    words: &Text,
) -> Result<()> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    known(&*cx.store.catalog(branch).await?, service)?;
    again!(script_once(cx, branch, service, day, words))
}

async fn script_once(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    day: u32,
    words: &Text,
) -> Result<()> {
    let tx: Tx = cx.begin().await?;
    let day = i32::try_from(day).unwrap_or(i32::MAX);
    if words.zh.is_empty() && words.en.is_empty() {
        let sql = "DELETE FROM call_script WHERE service_id = $1 AND day_no = $2";
        tx.run(sql, vals![service.0, day]).await?;
    } else {
        let sql = "INSERT INTO call_script (service_id, day_no, text_zh, text_en) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (service_id, day_no) DO UPDATE SET text_zh = excluded.text_zh, text_en = excluded.text_en";
        tx.run(sql, vals![service.0, day, words.zh.clone(), words.en.clone()]).await?;
    }
    let entry = Entry {
        action: "care.script",
        entity: "service",
        id: Some(service.0),
        branch: Some(branch),
        detail: Some(format!("day={day}")),
    };
    tx.audit(cx, entry);
    tx.commit().await
}
