//! The queue as the customer's phone shows it (DESK-2).

use super::{
    line::{line, place_of},
    rows::name,
    today::{Today, VisitRow},
};
use crate::{
    Error, OpContext, Result,
    entity::{survey, visit},
    time::{DAY_MS, ms},
    token,
};
use domain::{
    BranchId, Refusal,
    desk::{QueueView, VisitState, estimate::wait_minutes},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// A link to the queue page lives so long after the arrival.
const LINK_DAYS: i64 = 14;

/// Place and estimate of the visit with this link. Tells nothing of others.
///
/// # Errors
/// `NotFound`, or `LinkExpired` long after the visit.
pub async fn queue(cx: &OpContext, token: &str) -> Result<QueueView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let find = visit::Entity::find().filter(visit::Column::TokenHash.eq(token::hash(token)));
    let visit = find.one(cx.db()).await?.ok_or(Error::NotFound)?;
    if ms(cx.now()) - visit.arrived_at > LINK_DAYS * DAY_MS {
        return Err(Refusal::LinkExpired.into());
    }
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let mut today = Today::load(cx.db(), catalog, cx.now()).await?;
    if !today.visits.iter().any(|v| v.id == visit.id) {
        // Of another day: what is shown then does not depend on others.
        let items = super::rows::services(cx.db(), visit.id).await?;
        today.items.insert(visit.id, items);
        today.visits.push(past(&visit));
    }
    let survey = survey::Entity::find().filter(survey::Column::VisitId.eq(visit.id)).one(cx.db()).await?;
    view(&today, &visit, survey.map(|s| format!("/r/{}", s.token)))
}

fn view(today: &Today, visit: &visit::Model, survey: Option<String>) -> Result<QueueView> {
    let row = today.visits.iter().find(|v| v.id == visit.id).ok_or(Error::NotFound)?;
    let state = VisitState::from_code(&visit.state).ok_or(Error::NotFound)?;
    let items = today.of(visit.id);
    let expected = line(today).into_iter().find(|one| one.visit.id == visit.id).and_then(|one| one.expected);
    let current = items.iter().find(|item| super::rows::is_open(item) || item.state == "in_service");
    let received = matches!(state, VisitState::Assigned | VisitState::InService);
    Ok(QueueView {
        branch: today.catalog.branch.info(today.now),
        ticket: visit.ticket.clone(),
        state,
        services: items.iter().map(name).collect(),
        place: place_of(today, visit.id),
        waited: today.waited(row),
        estimate: expected.map(|(start, _)| wait_minutes(today.now, start)),
        staff: current.filter(|_| received).and_then(|item| item.staff_id).map(|id| today.person_name(id)),
        room: current.filter(|_| received).and_then(|item| today.room_name(item.room_id)),
        told: visit.told_at.map(|ms| today.local(ms)),
        called: row.called_at.map(|ms| today.local(ms)),
        survey: survey.filter(|_| state == VisitState::Done),
    })
}

fn past(visit: &visit::Model) -> VisitRow {
    VisitRow {
        id: visit.id,
        day: visit.day,
        state: visit.state.clone(),
        ticket: visit.ticket.clone(),
        planned_ms: visit.planned_ms,
        arrived_at: visit.arrived_at,
        ready_at: visit.ready_at,
        assigned_staff_id: visit.assigned_staff_id,
        assigned_at: visit.assigned_at,
        first_contact_at: visit.first_contact_at,
        started_at: visit.started_at,
        finished_at: visit.finished_at,
        told_at: visit.told_at,
        breach_reason: visit.breach_reason.clone(),
        walk_in: visit.walk_in,
        version: visit.version,
        name: String::new(),
        level: None,
        care: None,
        first_visit: false,
        answered_at: None,
        called_at: None,
    }
}
