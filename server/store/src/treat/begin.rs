//! Receiving the customer, and beginning.

use super::{open, prep::left_open};
use crate::{
    OpContext, Result, Tx,
    consult::{open_hits, refuse},
    desk::{
        assign::{running, take},
        occupy::{busy_until, lock, taken_by},
        rows::{move_booking, moved, service_state, wrong_state},
        tell::tell,
        today::planned_end,
    },
    entity::{visit, visit_service},
    sql,
    sql::vals,
    tx::again,
};
use domain::{
    BranchId, Refusal, ServiceId, StaffId, VisitServiceId,
    booking::Move,
    desk::{VisitMove, VisitState},
    treat::{ServiceState, Treatment},
};
use uuid::Uuid;

/// The person has received the customer: first contact, the waiting ends (WAIT). Again: no change.
///
/// # Errors
/// `WrongState` once the service runs or is over.
pub async fn greet(cx: &OpContext, item: VisitServiceId) -> Result<Treatment> {
    again!(greet_once(cx, item))?;
    super::treatment(cx, item).await
}

async fn greet_once(cx: &OpContext, id: VisitServiceId) -> Result<()> {
    let (tx, visit, item) = open(cx, id).await?;
    match service_state(&item)? {
        // What was read is lasting only now.
        ServiceState::Greeted => return tx.commit().await,
        ServiceState::Waiting => {}
        _ => return Err(wrong_state(&item.state)),
    }
    let next = moved(&visit, VisitMove::Assign)?;
    let sql = "UPDATE visit_service SET state = 'greeted', version = version + 1 WHERE id = $1";
    tx.run(sql, vals![item.id]).await?;
    let sql = "UPDATE visit SET state = $1, assigned_staff_id = COALESCE($2, assigned_staff_id), \
               assigned_at = COALESCE(assigned_at, $3), first_contact_at = COALESCE(first_contact_at, $3), \
               version = version + 1 WHERE id = $4";
    tx.run(sql, vals![next.code(), item.staff_id, tx.now_ms(), visit.id]).await?;
    tell(&tx, cx, &visit, "visit.greet", &[item.staff_id], None);
    tx.commit().await
}

/// Begins the service: keeps the certificate that allows it (CERT) and copies the checklist into the record. Who was
/// never received is received now.
///
/// # Errors
/// `Contraindicated` while a rule speaks against it and nobody has taken the responsibility (CONSULT-3),
/// `NotCertified`, `PersonBusy`, `NoRoomFree`, `WrongState` (also when nobody is assigned).
pub async fn start(cx: &OpContext, item: VisitServiceId) -> Result<Treatment> {
    again!(start_once(cx, item))?;
    super::treatment(cx, item).await
}

async fn start_once(cx: &OpContext, id: VisitServiceId) -> Result<()> {
    let (tx, visit, item) = open(cx, id).await?;
    if !matches!(service_state(&item)?, ServiceState::Waiting | ServiceState::Greeted) {
        return Err(wrong_state(&item.state));
    }
    let staff = StaffId(item.staff_id.ok_or_else(|| wrong_state(&item.state))?);
    moved(&visit, VisitMove::Start)?;
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let credential = credential(&tx, staff, &item).await?;
    refuse(&open_hits(&tx, &catalog, &visit, &item).await?)?;
    lock(&tx, &catalog, &item, staff).await?;
    if let Some(running) = running(&tx, staff).await? {
        return Err(busy_until(&catalog, planned_end(&running).max(tx.now())));
    }
    let room = match taken_by(&tx, item.id).await?.is_empty() {
        // Without a booking, or the second service of somebody who came without one.
        true => take(&tx, &catalog, &item, staff).await?,
        false => item.room_id,
    };
    // A re-check is looked at, not done again.
    if !crate::care::is_recheck(&tx, item.id).await? {
        copy_steps(&tx, &item).await?;
        left_open(&tx, &catalog, &item).await?;
    }
    let sql = "UPDATE visit_service SET state = 'in_service', started_at = $1, credential_id = $2, room_id = $3, \
               version = version + 1 WHERE id = $4";
    tx.run(sql, vals![tx.now_ms(), credential, room, item.id]).await?;
    save_visit(&tx, &visit, staff).await?;
    move_booking(&tx, cx, visit.booking_id, Move::Start, "started").await?;
    tell(&tx, cx, &visit, "service.start", &[item.staff_id], Some(format!("service={}", item.id)));
    tx.commit().await
}

async fn save_visit(tx: &Tx, visit: &visit::Model, staff: StaffId) -> Result<()> {
    let sql = "UPDATE visit SET state = $1, assigned_staff_id = $2, assigned_at = COALESCE(assigned_at, $3), \
               first_contact_at = COALESCE(first_contact_at, $3), started_at = COALESCE(started_at, $3), \
               version = version + 1 WHERE id = $4";
    tx.run(sql, vals![VisitState::InService.code(), staff.0, tx.now_ms(), visit.id]).await?;
    Ok(())
}

/// The certificate valid on the visit's day, straight from the table: the one valid longest.
async fn credential(tx: &Tx, staff: StaffId, item: &visit_service::Model) -> Result<Uuid> {
    let sql = "SELECT c.id FROM credential c JOIN staff_skill s ON s.staff_id = c.staff_id \
               AND s.qualification = c.qualification \
               WHERE c.staff_id = $1 AND c.qualification = $2 AND c.valid_from_day <= $3 AND c.valid_to_day >= $3 \
               ORDER BY c.valid_to_day DESC, c.id LIMIT 1";
    let row = sql::row(tx, sql, vals![staff.0, item.qualification.clone(), item.day]).await?;
    Ok(row.ok_or(Refusal::NotCertified)?.try_get_by_index(0)?)
}

/// The record keeps its own texts, and the version of the checklist it was done by: a later change of the procedure does
/// not alter what was done.
async fn copy_steps(tx: &Tx, item: &visit_service::Model) -> Result<()> {
    let service = ServiceId(item.service_id);
    let steps = crate::sop::current(tx, service).await?;
    for (position, step) in steps.iter().enumerate() {
        let sql = "INSERT INTO treatment_step (id, visit_service_id, position, phase, text_zh, text_en, mandatory, \
                   minutes, picture, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')";
        let values = vals![
            Uuid::now_v7(),
            item.id,
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
    let number = crate::sop::number(tx, service).await?;
    tx.run("UPDATE visit_service SET sop_version = $1 WHERE id = $2", vals![number, item.id]).await?;
    Ok(())
}
