//! The record: ticks, notes, aftercare told.

use super::{complete::send_aftercare, open};
use crate::{
    Error, OpContext, Result, Tx,
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    entity::{treatment_step, user_account},
    idempotency::{answered, seen},
    sql::vals,
    time::{at, ms},
    tx::again,
};
use domain::{
    AftercareId, BranchId, FieldCode, NoteId, Refusal, ServiceId, Text, VisitServiceId,
    offline::{LateNote, LateTick, Merge, done_at, merge},
    treat::{ServiceState, StepState, StepTick, Treatment, check_skip},
};
use sea_orm::EntityTrait;

/// Ticks a step of the checklist, opens it again, or leaves it out with a reason (TREAT-3). Who and when is set here.
///
/// # Errors
/// `Invalid` on `reason` when a mandatory step is left out without one, `WrongState` when the service does not run.
pub async fn tick(cx: &OpContext, tick: StepTick) -> Result<Treatment> {
    let item = again!(tick_once(cx, &tick, None))?;
    super::treatment(cx, item).await
}

/// As [`tick`], for a tick that may have waited on a device (TREAT-7): the same key has one effect; when it was done is
/// what the device says, within what is possible; a step that somebody else has changed since the device saw it is not
/// overwritten.
///
/// # Errors
/// As [`tick`]; `Stale` when somebody else has changed the step, `KeyReused` when the key came with another tick.
pub async fn late_tick(cx: &OpContext, late: LateTick) -> Result<Treatment> {
    let item = again!(tick_once(cx, &late.tick, Some(&late)))?;
    super::treatment(cx, item).await
}

async fn tick_once(cx: &OpContext, tick: &StepTick, late: Option<&LateTick>) -> Result<VisitServiceId> {
    let step = treatment_step::Entity::find_by_id(tick.step.0).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let id = VisitServiceId(step.visit_service_id);
    let (tx, visit, item) = open(cx, id).await?;
    if let Some(late) = late {
        let request = (step.id, tick.state, tick.reason.as_deref());
        if seen::<()>(&tx, "tick", &format!("{id}:{}", late.key), &request).await?.is_some() {
            tx.commit().await?;
            return Ok(id);
        }
    }
    if service_state(&item)? != ServiceState::InService {
        return Err(wrong_state(&item.state));
    }
    let reason = tick.reason.as_deref().filter(|_| tick.state == StepState::Skipped);
    check_skip(step.mandatory, tick.state, reason).map_err(|code| Error::field("reason", code))?;
    // Read again: it may have changed while we waited for the visit.
    let step = treatment_step::Entity::find_by_id(step.id).one(&tx).await?.ok_or(Error::NotFound)?;
    let now = StepState::from_code(&step.state).ok_or_else(|| Error::internal("unknown state of a step"))?;
    match merge(now, late.and_then(|late| late.seen), tick.state) {
        Merge::Changed => return Err(Refusal::Stale.into()),
        Merge::Already => {}
        Merge::Apply => {
            let ago = late.map_or(0, |late| late.ago);
            let done = ms(done_at(tx.now(), item.started_at.map(at), ago));
            write(&tx, cx, step.id, tick.state, reason, done).await?;
            let detail = Some(format!("step={} {}", step.id, tick.state.code()));
            tell(&tx, cx, &visit, "service.tick", &[item.staff_id], detail);
        }
    }
    if let Some(late) = late {
        answered(&tx, "tick", &format!("{id}:{}", late.key), &())?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn write(
    tx: &Tx,
    cx: &OpContext,
    step: uuid::Uuid,
    state: StepState,
    reason: Option<&str>,
    at: i64,
) -> Result<()> {
    let done = state != StepState::Open;
    let by = cx.actor.user().filter(|_| done).map(|id| id.0);
    let sql = "UPDATE treatment_step SET state = $1, done_by = $2, done_at = $3, reported_at = $4, reason = $5 WHERE id = $6";
    let (at, reported) = (done.then_some(at), done.then_some(tx.now_ms()));
    tx.run(sql, vals![state.code(), by, at, reported, reason, step]).await?;
    Ok(())
}

/// Adds a note to the record; the same key again adds nothing.
///
/// # Errors
/// `WrongState` before the customer was received.
pub async fn note(cx: &OpContext, item: VisitServiceId, text: String, key: String) -> Result<Treatment> {
    late_note(cx, LateNote { item, text, key, ago: 0 }).await
}

/// As [`note`], for a note that may have waited on a device (TREAT-7).
///
/// # Errors
/// As [`note`].
pub async fn late_note(cx: &OpContext, note: LateNote) -> Result<Treatment> {
    again!(note_once(cx, &note))?;
    super::treatment(cx, note.item).await
}

async fn note_once(cx: &OpContext, note: &LateNote) -> Result<()> {
    let LateNote { item: id, text, key, ago } = note;
    let id = *id;
    let (tx, visit, item) = open(cx, id).await?;
    if !matches!(service_state(&item)?, ServiceState::Greeted | ServiceState::InService | ServiceState::Done)
    {
        return Err(wrong_state(&item.state));
    }
    let by = author(&tx, cx).await?;
    let sql = "INSERT INTO treatment_note (id, visit_service_id, at, reported_at, by_user, by_zh, by_en, text, key) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING";
    let user = cx.actor.user().map(|id| id.0);
    let written = ms(done_at(tx.now(), Some(at(visit.arrived_at)), *ago));
    let key = format!("{id}:{key}");
    let values =
        vals![NoteId::new().0, item.id, written, tx.now_ms(), user, by.zh, by.en, text.as_str(), key];
    if tx.run(sql, values).await? == 1 {
        tell(&tx, cx, &visit, "service.note", &[item.staff_id], Some(format!("service={id}")));
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
    tell(&tx, cx, &visit, "service.aftercare", &[item.staff_id], Some(format!("service={id}")));
    tx.commit().await
}
