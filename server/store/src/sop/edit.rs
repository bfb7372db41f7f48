//! The draft: edited, published, thrown away.

use super::{allowed, changed, current, log, number};
use crate::{
    Error, OpContext, Result, Tx,
    entity::user_account,
    sql::{self, vals},
    tx::{Lock, again},
};
use domain::{
    BranchId, Refusal, ServiceId, SopId, SopStepId, Text,
    sop::{EditSop, SopEdit, SopStep, edited},
};
use sea_orm::{EntityTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Draft {
    id: Uuid,
    steps: String,
    version: i32,
}

async fn draft(tx: &Tx, service: ServiceId) -> Result<Option<Draft>> {
    let sql = "SELECT id, steps, version FROM sop_version WHERE service_id = $1 AND number IS NULL";
    sql::one(tx, sql, vals![service.0]).await
}

/// One at a time edits a service's checklist.
async fn begin(cx: &OpContext, service: ServiceId) -> Result<Tx> {
    let tx = cx.begin().await?;
    tx.lock([Lock::new(service.0, 0)]).await?;
    Ok(tx)
}

/// Changes the draft; the first change makes one from what counts. `cmd.version` is the version that was seen, 0 where
/// there was none.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Stale` when somebody else has changed it since, `Invalid` on `step`.
pub async fn edit(cx: &OpContext, branch: BranchId, cmd: &EditSop) -> Result<()> {
    allowed(cx, branch, cmd.service).await?;
    again!(edit_once(cx, branch, cmd))
}

async fn edit_once(cx: &OpContext, branch: BranchId, cmd: &EditSop) -> Result<()> {
    let tx = begin(cx, cmd.service).await?;
    let known = draft(&tx, cmd.service).await?;
    if known.as_ref().map_or(0, |draft| draft.version) != cmd.version {
        return Err(Refusal::Stale.into());
    }
    let steps: Vec<SopStep> = match &known {
        Some(draft) => serde_json::from_str(&draft.steps)?,
        None => current(&tx, cmd.service).await?,
    };
    let steps = edited(steps, cmd.edit.clone()).map_err(|code| Error::field("step", code))?;
    save(&tx, cmd.service, known, &steps).await?;
    log(&tx, cx, branch, cmd.service, "sop.edit", None);
    tx.commit().await
}

async fn save(tx: &Tx, service: ServiceId, known: Option<Draft>, steps: &[SopStep]) -> Result<()> {
    let json = serde_json::to_string(steps)?;
    match known {
        Some(draft) => {
            let sql = "UPDATE sop_version SET steps = $1, version = version + 1 WHERE id = $2";
            tx.run(sql, vals![json, draft.id]).await?;
        }
        None => {
            let sql = "INSERT INTO sop_version (id, service_id, number, steps, version) VALUES ($1, $2, NULL, $3, 1)";
            tx.run(sql, vals![SopId::new().0, service.0, json]).await?;
        }
    }
    Ok(())
}

/// Puts a picture to a step of the draft. The file has been stored under this name.
///
/// # Errors
/// As [`edit`].
pub async fn set_picture(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    version: i32,
    step: SopStepId,
    picture: String,
) -> Result<()> {
    let edit = SopEdit::Picture(step, Some(picture));
    self::edit(cx, branch, &EditSop { service, version, edit }).await
}

/// The draft becomes the version that counts. Treatments already begun keep theirs.
///
/// # Errors
/// `Forbidden`, `NotFound` when there is no draft, `Stale`.
pub async fn publish(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    version: i32,
    note: &str,
) -> Result<()> {
    allowed(cx, branch, service).await?;
    again!(publish_once(cx, branch, service, version, note))
}

async fn publish_once(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    version: i32,
    note: &str,
) -> Result<()> {
    let tx = begin(cx, service).await?;
    let draft = draft(&tx, service).await?.ok_or(Error::NotFound)?;
    if draft.version != version {
        return Err(Refusal::Stale.into());
    }
    let steps: Vec<SopStep> = serde_json::from_str(&draft.steps)?;
    let last = number(&tx, service).await?;
    keep_first(&tx, service, last).await?;
    let by = author(&tx, cx).await?;
    let sql = "UPDATE sop_version SET number = $1, note = $2, at = $3, by_user = $4, by_zh = $5, by_en = $6, \
               version = version + 1 WHERE id = $7";
    let user = cx.actor.user().map(|id| id.0);
    tx.run(sql, vals![last + 1, note, tx.now_ms(), user, by.zh, by.en, draft.id]).await?;
    tx.run("DELETE FROM sop_step WHERE service_id = $1", vals![service.0]).await?;
    for (position, step) in steps.iter().enumerate() {
        let sql = "INSERT INTO sop_step (id, service_id, position, phase, text_zh, text_en, mandatory, minutes, picture) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vals![
            step.id.0,
            service.0,
            i32::try_from(position).unwrap_or(0),
            step.phase.code(),
            step.text.zh.clone(),
            step.text.en.clone(),
            step.mandatory,
            step.minutes.and_then(|n| i32::try_from(n).ok()),
            step.picture.clone(),
        ];
        tx.run(sql, values).await?;
    }
    log(&tx, cx, branch, service, "sop.publish", Some(format!("number={}", last + 1)));
    changed(&tx, service).await?;
    tx.commit().await
}

/// What counted before the first edit is the first version.
async fn keep_first(tx: &Tx, service: ServiceId, last: i32) -> Result<()> {
    if last > 1 {
        return Ok(());
    }
    let steps = serde_json::to_string(&current(tx, service).await?)?;
    let sql = "INSERT INTO sop_version (id, service_id, number, steps, version) VALUES ($1, $2, 1, $3, 1) \
               ON CONFLICT (service_id, number) DO NOTHING";
    tx.run(sql, vals![SopId::new().0, service.0, steps]).await?;
    Ok(())
}

async fn author(tx: &Tx, cx: &OpContext) -> Result<Text> {
    let user = match cx.actor.user() {
        Some(id) => user_account::Entity::find_by_id(id.0).one(tx).await?,
        None => None,
    };
    Ok(user.map_or_else(|| Text::new("系统", "System"), |u| Text::new(u.name_zh, u.name_en)))
}

/// Throws the draft away.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Stale`.
pub async fn discard(cx: &OpContext, branch: BranchId, service: ServiceId, version: i32) -> Result<()> {
    allowed(cx, branch, service).await?;
    again!(discard_once(cx, branch, service, version))
}

async fn discard_once(cx: &OpContext, branch: BranchId, service: ServiceId, version: i32) -> Result<()> {
    let tx = begin(cx, service).await?;
    let draft = draft(&tx, service).await?.ok_or(Error::NotFound)?;
    if draft.version != version {
        return Err(Refusal::Stale.into());
    }
    tx.run("DELETE FROM sop_version WHERE id = $1", vals![draft.id]).await?;
    log(&tx, cx, branch, service, "sop.discard", None);
    tx.commit().await
}
