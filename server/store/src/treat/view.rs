//! What the tablet shows of one service.

use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    desk::rows::{customer_minutes, name, service_state},
    entity::{aftercare_told, customer, treatment_note, treatment_step, visit, visit_service},
    sql,
    sql::vals,
    time::{local, local_ms},
};
use domain::{
    BranchId, LocalTime, NoteId, ServiceId, StepId, Text, VisitId, VisitServiceId,
    booking::Qr,
    treat::{AftercareView, NoteView, Phase, StepState, StepView, Treatment},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Around {
    earlier: i64,
    more: i64,
    survey: Option<String>,
}

pub(super) async fn treatment(cx: &OpContext, item: &visit_service::Model) -> Result<Treatment> {
    let db = cx.db();
    let catalog = cx.store.catalog(BranchId(item.branch_id)).await?;
    let visit = visit::Entity::find_by_id(item.visit_id).one(db).await?.ok_or(Error::NotFound)?;
    let customer = customer::Entity::find_by_id(visit.customer_id).one(db).await?.ok_or(Error::NotFound)?;
    let sql = "SELECT (SELECT COUNT(*) FROM visit p WHERE p.customer_id = $1 AND p.state = 'done' \
               AND p.arrived_at < $2) AS earlier, \
               (SELECT COUNT(*) FROM visit_service o WHERE o.visit_id = $3 AND o.state IN ('waiting', 'greeted') \
               AND o.id <> $4) AS more, \
               (SELECT s.token FROM survey s WHERE s.visit_id = $3) AS survey";
    let values = vals![visit.customer_id, visit.arrived_at, visit.id, item.id];
    let around: Around = sql::one(db, sql, values).await?.ok_or(Error::NotFound)?;
    let tz = catalog.tz();
    let shown = |ms: Option<i64>| ms.map(|ms| local_ms(tz, ms));
    let menu = catalog.service(ServiceId(item.service_id));
    let first = around.earlier == 0;
    let recheck = crate::care::at_chair(db, &catalog, item.id).await?;
    Ok(Treatment {
        item: VisitServiceId(item.id),
        visit: VisitId(visit.id),
        state: service_state(item)?,
        now: local(tz, cx.now()),
        customer_name: customer.name,
        tags: crate::customer::tags(
            customer.level.as_deref(),
            customer.care.as_deref(),
            first,
            visit.walk_in,
        ),
        visits_before: u32::try_from(around.earlier).unwrap_or(0),
        service: name(item),
        staff: item
            .staff_id
            .and_then(|id| catalog.person(id.into()))
            .map(|p| p.name.clone())
            .unwrap_or_default(),
        room: item.room_id.and_then(|id| catalog.room(id.into())).map(|room| room.name.clone()),
        ticket: visit.ticket,
        booked_at: shown(item.booked_from_ms),
        arrived: local_ms(tz, visit.arrived_at),
        greeted: shown(visit.first_contact_at),
        started: shown(item.started_at),
        finished: shown(item.finished_at),
        minutes: customer_minutes(item),
        steps: if recheck.is_some() { Vec::new() } else { steps(db, &catalog, item).await? },
        notes: notes(db, &catalog, item.id).await?,
        photos: super::photo::photos(db, &catalog, item.id).await?,
        aftercare: aftercare(db, &catalog, item).await?,
        precautions: menu.map(|s| s.precautions.clone()).unwrap_or_default(),
        survey: around.survey.map(|token| (format!("/r/{token}"), Qr::default())),
        more: u32::try_from(around.more).unwrap_or(0),
        recheck,
        looked_again: crate::care::looked_again(db, &catalog, item.id).await?,
        alerts: crate::consult::alerts(cx, &catalog, item, visit.customer_id).await?,
        chair: super::chair::record(cx, &catalog, item, visit.customer_id).await?,
        sop_version: version(db, item.id).await?,
    })
}

#[derive(FromQueryResult)]
struct UserName {
    id: Uuid,
    name_zh: String,
    name_en: String,
}

/// The checklist as the record keeps it; before the service begins, as it will be.
async fn steps<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: &visit_service::Model,
) -> Result<Vec<StepView>> {
    let rows = treatment_step::Entity::find()
        .filter(treatment_step::Column::VisitServiceId.eq(item.id))
        .order_by_asc(treatment_step::Column::Position)
        .all(db)
        .await?;
    if rows.is_empty() {
        let steps = catalog.service(ServiceId(item.service_id)).map_or(&[][..], |s| s.steps.as_slice());
        let plain = |s: &crate::catalog::SopStep| StepView {
            id: s.id,
            phase: s.phase,
            text: s.text.clone(),
            mandatory: s.mandatory,
            minutes: s.minutes,
            state: StepState::Open,
            done_at: None,
            done_by: None,
            reason: None,
            picture: None,
        };
        return Ok(steps.iter().map(plain).collect());
    }
    let sql = "SELECT DISTINCT u.id, u.name_zh, u.name_en FROM treatment_step s JOIN user_account u ON u.id = s.done_by \
               WHERE s.visit_service_id = $1";
    let users: Vec<UserName> = sql::all(db, sql, vals![item.id]).await?;
    let users: HashMap<Uuid, Text> =
        users.into_iter().map(|u| (u.id, Text::new(u.name_zh, u.name_en))).collect();
    let mut steps: Vec<StepView> =
        rows.into_iter().map(|row| step(catalog, row, &users)).collect::<Result<_>>()?;
    pictures(db, item.id, &mut steps).await?;
    Ok(steps)
}

fn step(catalog: &Catalog, row: treatment_step::Model, users: &HashMap<Uuid, Text>) -> Result<StepView> {
    Ok(StepView {
        id: StepId(row.id),
        phase: Phase::from_code(&row.phase).ok_or_else(|| Error::internal("unknown phase of a step"))?,
        text: Text::new(row.text_zh, row.text_en),
        mandatory: row.mandatory,
        minutes: row.minutes.and_then(|n| u32::try_from(n).ok()),
        state: StepState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a step"))?,
        done_at: row.done_at.map(|ms| local_ms(catalog.tz(), ms)),
        done_by: row.done_by.and_then(|id| users.get(&id).cloned()),
        reason: row.reason,
        picture: None,
    })
}

#[derive(FromQueryResult)]
struct Version {
    sop_version: Option<i32>,
}

/// The version of the checklist that the record was begun with.
async fn version<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<Option<u32>> {
    let sql = "SELECT sop_version FROM visit_service WHERE id = $1";
    let row: Option<Version> = sql::one(db, sql, vals![item]).await?;
    Ok(row.and_then(|row| row.sop_version).and_then(|n| u32::try_from(n).ok()))
}

#[derive(FromQueryResult)]
struct Picture {
    id: Uuid,
    picture: String,
}

/// The pictures of the steps, as they were when it began.
async fn pictures<C: ConnectionTrait>(db: &C, item: Uuid, steps: &mut [StepView]) -> Result<()> {
    let sql = "SELECT id, picture FROM treatment_step WHERE visit_service_id = $1 AND picture IS NOT NULL";
    let rows: Vec<Picture> = sql::all(db, sql, vals![item]).await?;
    for row in rows {
        if let Some(step) = steps.iter_mut().find(|step| step.id.0 == row.id) {
            step.picture = Some(row.picture);
        }
    }
    Ok(())
}

async fn notes<C: ConnectionTrait>(db: &C, catalog: &Catalog, item: Uuid) -> Result<Vec<NoteView>> {
    let rows = treatment_note::Entity::find()
        .filter(treatment_note::Column::VisitServiceId.eq(item))
        .order_by_asc(treatment_note::Column::At)
        .order_by_asc(treatment_note::Column::Id)
        .all(db)
        .await?;
    let at = |ms| -> LocalTime { local_ms(catalog.tz(), ms) };
    Ok(rows
        .into_iter()
        .map(|row| NoteView {
            id: NoteId(row.id),
            at: at(row.at),
            by: Text::new(row.by_zh, row.by_en),
            text: row.text,
        })
        .collect())
}

async fn aftercare<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: &visit_service::Model,
) -> Result<Vec<AftercareView>> {
    let find = aftercare_told::Entity::find().filter(aftercare_told::Column::VisitServiceId.eq(item.id));
    let told: HashMap<Uuid, i64> =
        find.all(db).await?.into_iter().map(|t| (t.aftercare_id, t.told_at)).collect();
    let library = catalog.service(ServiceId(item.service_id)).map_or(&[][..], |s| s.aftercare.as_slice());
    let view = |a: &crate::catalog::Aftercare| AftercareView {
        id: a.id,
        text: a.text.clone(),
        told_at: told.get(&a.id.0).map(|ms| local_ms(catalog.tz(), *ms)),
    };
    Ok(library.iter().map(view).collect())
}
