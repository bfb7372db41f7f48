//! The record: ticks, notes, aftercare told.

use super::{complete::send_aftercare, open};
use crate::{
    Error, OpContext, Result, Tx,
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    entity::{treatment_step, user_account},
    sql::vals,
    tx::again,
};
use domain::{
    AftercareId, BranchId, FieldCode, NoteId, ServiceId, Text, VisitServiceId,
    treat::{ServiceState, StepState, StepTick, Treatment, check_skip},
};
use sea_orm::EntityTrait;

/// Ticks a step of the checklist, opens it again, or leaves it out with a reason (TREAT-3). Who and when is set here.
///
/// # Errors
/// `Invalid` on `reason` when a mandatory step is left out without one, `WrongState` when the service does not run.
pub async fn tick(cx: &OpContext, tick: StepTick) -> Result<Treatment> {
    let item = again!(tick_once(cx, &tick))?;
    super::treatment(cx, item).await
}

async fn tick_once(cx: &OpContext, tick: &StepTick) -> Result<VisitServiceId> {
    let step = treatment_step::Entity::find_by_id(tick.step.0).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let id = VisitServiceId(step.visit_service_id);
    let (tx, visit, item) = open(cx, id).await?;
    if service_state(&item)? != ServiceState::InService {
        return Err(wrong_state(&item.state));
    }
    let reason = tick.reason.as_deref().filter(|_| tick.state == StepState::Skipped);
    check_skip(step.mandatory, tick.state, reason).map_err(|code| Error::field("reason", code))?;
    let done = tick.state != StepState::Open;
    let sql = "UPDATE treatment_step SET state = $1, done_by = $2, done_at = $3, reason = $4 WHERE id = $5";
    let by = cx.actor.user().filter(|_| done).map(|id| id.0);
    tx.run(sql, vals![tick.state.code(), by, done.then_some(tx.now_ms()), reason, step.id]).await?;
    let detail = Some(format!("step={} {}", step.id, tick.state.code()));
    tell(&tx, cx, &visit, "service.tick", &[item.staff_id], detail).await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds a note to the record; the same key again adds nothing.
///
/// # Errors
/// `WrongState` before the customer was received.
pub async fn note(cx: &OpContext, item: VisitServiceId, text: String, key: String) -> Result<Treatment> {
    again!(note_once(cx, item, &text, &key))?;
    super::treatment(cx, item).await
}

async fn note_once(cx: &OpContext, id: VisitServiceId, text: &str, key: &str) -> Result<()> {
    let (tx, visit, item) = open(cx, id).await?;
    if !matches!(service_state(&item)?, ServiceState::Greeted | ServiceState::InService | ServiceState::Done)
    {
        return Err(wrong_state(&item.state));
    }
    let by = author(&tx, cx).await?;
    let sql = "INSERT INTO treatment_note (id, visit_service_id, at, by_user, by_zh, by_en, text, key) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING";
    let user = cx.actor.user().map(|id| id.0);
    let key = format!("{id}:{key}");
    if tx.run(sql, vals![NoteId::new().0, item.id, tx.now_ms(), user, by.zh, by.en, text, key]).await? == 1 {
        tell(&tx, cx, &visit, "service.note", &[item.staff_id], Some(format!("service={id}"))).await?;
    }
    tx.commit().await
}

/// The name of whoever acts, as the record keeps it.
pub(crate) async fn author(tx: &Tx, cx: &OpContext) -> Result<Text> {
    let user = match cx.actor.user() {
        Some(id) => user_account::Entity::find_by_id(id.0).one(tx).await?,
        None => None,
    };
    Ok(user.map_or_else(|| Text::new("系统", "System"), |u| Text::new(u.name_zh, u.name_en)))
}

/// These pieces of advice have been told. They go to the customer's phone when the service is over, once.
///
/// # Errors
/// `Invalid` on `told` for advice of another service, `WrongState` before the service began.
pub async fn aftercare(cx: &OpContext, item: VisitServiceId, told: Vec<AftercareId>) -> Result<Treatment> {
    again!(aftercare_once(cx, item, &told))?;
    super::treatment(cx, item).await
}

async fn aftercare_once(cx: &OpContext, id: VisitServiceId, told: &[AftercareId]) -> Result<()> {
    let (tx, visit, item) = open(cx, id).await?;
    let state = service_state(&item)?;
    if !matches!(state, ServiceState::InService | ServiceState::Done) {
        return Err(wrong_state(&item.state));
    }
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let library = catalog.service(ServiceId(item.service_id)).map_or(&[][..], |s| s.aftercare.as_slice());
    if told.iter().any(|id| !library.iter().any(|a| a.id == *id)) {
        return Err(Error::field("told", FieldCode::Choice));
    }
    for advice in told {
        let sql = "INSERT INTO aftercare_told (visit_service_id, aftercare_id, told_at, by_user) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (visit_service_id, aftercare_id) DO NOTHING";
        tx.run(sql, vals![item.id, advice.0, tx.now_ms(), cx.actor.user().map(|id| id.0)]).await?;
    }
    if state == ServiceState::Done {
        send_aftercare(&tx, cx, &visit, &item).await?;
    }
    tell(&tx, cx, &visit, "service.aftercare", &[item.staff_id], Some(format!("service={id}"))).await?;
    tx.commit().await
}
