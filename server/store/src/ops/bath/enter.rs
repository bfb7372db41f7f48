//! Entering readings, and what follows from them.

use super::{kind_of, limits};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    entity::{resource, user_account},
    sql::{self, vals},
    tx::again,
};
use domain::{
    BathJobId, BranchId, FieldCode, ReadingId, Refusal, Text,
    live::Topic,
    ops::bath::{BathLimits, EnterReadings, Judged, Limit, ReadingKind},
    permission::{Action, Scope},
};
use sea_orm::{EntityTrait, FromQueryResult, QuerySelect};
use uuid::Uuid;

/// Keeps the readings of an area. One out of range closes the area and opens a job; when the work is done, good ones open
/// it again. The same key again changes nothing.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` on a kind that is not read there.
pub async fn enter(cx: &OpContext, cmd: &EnterReadings) -> Result<()> {
    again!(enter_once(cx, cmd))
}

/// The area, held until the end, and the actor may read it.
async fn area(tx: &Tx, cx: &OpContext, id: Uuid) -> Result<resource::Model> {
    let row = resource::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    cx.allow(Action::ReadBaths, &Scope::branch(BranchId(row.branch_id)))?;
    if row.kind != "room" || ReadingKind::of_room(&row.type_code).is_empty() {
        return Err(Error::NotFound);
    }
    Ok(row)
}

async fn enter_once(cx: &OpContext, cmd: &EnterReadings) -> Result<()> {
    let tx = cx.begin().await?;
    let area = area(&tx, cx, cmd.area.0).await?;
    let branch = BranchId(area.branch_id);
    let kinds = ReadingKind::of_room(&area.type_code);
    if let Some((kind, _)) = cmd.values.iter().find(|(kind, _)| !kinds.contains(kind)) {
        return Err(Error::field(kind.code(), FieldCode::Choice));
    }
    let limits = limits(&tx, branch).await?;
    let by = author(&tx, cx).await?;
    let mut added = 0;
    for (kind, value) in &cmd.values {
        let limit = limits.of(*kind);
        let sql = "INSERT INTO bath_reading (id, branch_id, resource_id, kind, value, low, high, at, by_user, by_zh, \
                   by_en, key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (key) DO NOTHING";
        let values = vals![
            ReadingId::new().0,
            area.branch_id,
            area.id,
            kind.code(),
            *value,
            limit.low,
            limit.high,
            tx.now_ms(),
            cx.actor.user().map(|id| id.0),
            by.zh.clone(),
            by.en.clone(),
            format!("{}:{}:{}", area.id.simple(), cmd.key, kind.code()),
        ];
        added += tx.run(sql, values).await?;
    }
    if added == 0 {
        // Sent twice; what was read is lasting only now.
        return tx.commit().await;
    }
    let detail = cmd.values.iter().map(|(kind, value)| format!("{}={value}", kind.code()));
    log(&tx, cx, "bath.read", &area, Some(detail.collect::<Vec<_>>().join(" ")));
    let worst = cmd.values.iter().find(|(kind, value)| limits.of(*kind).judge(*value) != Judged::In);
    match worst {
        Some((kind, value)) => close(&tx, cx, &area, *kind, *value, limits.of(*kind)).await?,
        None => open_again(&tx, cx, &area, &limits).await?,
    }
    tx.changed(branch, Topic::Board);
    tx.commit().await
}

async fn author(tx: &Tx, cx: &OpContext) -> Result<Text> {
    let user = match cx.actor.user() {
        Some(id) => user_account::Entity::find_by_id(id.0).one(tx).await?,
        None => None,
    };
    Ok(user.map_or_else(|| Text::new("系统", "System"), |u| Text::new(u.name_zh, u.name_en)))
}

fn log(tx: &Tx, cx: &OpContext, action: &str, area: &resource::Model, detail: Option<String>) {
    let branch = Some(BranchId(area.branch_id));
    tx.audit(cx, Entry { action, entity: "resource", id: Some(area.id), branch, detail });
}

/// Closes the area and opens a job, unless there is one; what was reported as done has not helped then.
async fn close(
    tx: &Tx,
    cx: &OpContext,
    area: &resource::Model,
    kind: ReadingKind,
    value: i32,
    limit: Limit,
) -> Result<()> {
    let sql = "UPDATE bath_job SET kind = $1, value = $2, low = $3, high = $4, work_done_at = NULL, \
               work_done_by = NULL, version = version + 1 WHERE resource_id = $5 AND closed_at IS NULL";
    if tx.run(sql, vals![kind.code(), value, limit.low, limit.high, area.id]).await? > 0 {
        return Ok(());
    }
    let closes = area.state == "active";
    let sql = "INSERT INTO bath_job (id, branch_id, resource_id, kind, value, low, high, closes, opened_at, owner, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
    let values = vals![
        BathJobId::new().0,
        area.branch_id,
        area.id,
        kind.code(),
        value,
        limit.low,
        limit.high,
        closes,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
    ];
    tx.run(sql, values).await?;
    if closes {
        set_state(tx, area, "down").await?;
    }
    log(tx, cx, "bath.close", area, Some(format!("{}={value}", kind.code())));
    Ok(())
}

async fn set_state(tx: &Tx, area: &resource::Model, state: &str) -> Result<()> {
    tx.run("UPDATE resource SET state = $1 WHERE id = $2", vals![state, area.id]).await?;
    tx.changed(BranchId(area.branch_id), Topic::Catalog);
    Ok(())
}

#[derive(FromQueryResult)]
struct Job {
    id: Uuid,
    kind: String,
    closes: bool,
    opened_at: i64,
    work_done_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Last {
    kind: String,
    value: i32,
    at: i64,
}

/// The area opens when the work is done, what was wrong has been read again since, and the last reading of every kind is
/// in range.
async fn open_again(tx: &Tx, cx: &OpContext, area: &resource::Model, limits: &BathLimits) -> Result<()> {
    let sql = "SELECT id, kind, closes, opened_at, work_done_at FROM bath_job \
               WHERE resource_id = $1 AND closed_at IS NULL";
    let Some(job) = sql::one::<Job, _>(tx, sql, vals![area.id]).await? else { return Ok(()) };
    if job.work_done_at.is_none() {
        return Ok(());
    }
    let sql = "SELECT r.kind, r.value, r.at FROM bath_reading r WHERE r.resource_id = $1 AND NOT EXISTS \
               (SELECT 1 FROM bath_reading n WHERE n.resource_id = $1 AND n.kind = r.kind \
               AND (n.at > r.at OR (n.at = r.at AND n.id > r.id)))";
    let last: Vec<Last> = sql::all(tx, sql, vals![area.id]).await?;
    for reading in &last {
        let kind = kind_of(&reading.kind)?;
        let fine = limits.of(kind).judge(reading.value) == Judged::In;
        if !fine || (reading.kind == job.kind && reading.at < job.opened_at) {
            return Ok(());
        }
    }
    let sql = "UPDATE bath_job SET closed_at = $1, version = version + 1 WHERE id = $2";
    tx.run(sql, vals![tx.now_ms(), job.id]).await?;
    if job.closes {
        set_state(tx, area, "active").await?;
    }
    log(tx, cx, "bath.open", area, None);
    Ok(())
}

#[derive(FromQueryResult)]
struct Known {
    resource_id: Uuid,
    version: i32,
    closed_at: Option<i64>,
}

/// The work on a closed area is done, and what it was. With good readings the area opens.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `WrongState` when it is open again already.
pub async fn work_done(cx: &OpContext, id: BathJobId, note: &str, version: i32) -> Result<()> {
    again!(work_once(cx, id, note, version))
}

async fn work_once(cx: &OpContext, id: BathJobId, note: &str, version: i32) -> Result<()> {
    let tx = cx.begin().await?;
    let sql = "SELECT resource_id, version, closed_at FROM bath_job WHERE id = $1";
    let known: Known = sql::one(&tx, sql, vals![id.0]).await?.ok_or(Error::NotFound)?;
    let area = area(&tx, cx, known.resource_id).await?;
    if known.closed_at.is_some() {
        return Err(Refusal::WrongState { state: "closed".into() }.into());
    }
    let sql = "UPDATE bath_job SET work_done_at = $1, work_done_by = $2, note = $3, version = version + 1 \
               WHERE id = $4 AND version = $5 AND closed_at IS NULL";
    let by = cx.actor.user().map(|id| id.0);
    if known.version != version || tx.run(sql, vals![tx.now_ms(), by, note, id.0, version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    log(&tx, cx, "bath.work_done", &area, None);
    let branch = BranchId(area.branch_id);
    let limits = limits(&tx, branch).await?;
    open_again(&tx, cx, &area, &limits).await?;
    tx.changed(branch, Topic::Board);
    tx.commit().await
}
