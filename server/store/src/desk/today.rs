//! A branch's day as it stands: who is here, what runs, what is taken. Three statements, whatever the day's size.

use crate::{
    Result,
    catalog::Catalog,
    entity::visit_service,
    sql,
    sql::vals,
    time::{DAY_MS, at, date, day_bounds, day_of, local_ms, ms},
};
use chrono::{DateTime, Duration, Utc};
use domain::{LocalTime, Text, customer::CustomerTag, desk::VisitState, treat::ServiceState};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A visit with what is shown of its customer.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct VisitRow {
    pub id: Uuid,
    pub day: i32,
    pub state: String,
    pub ticket: String,
    pub planned_ms: Option<i64>,
    pub arrived_at: i64,
    pub ready_at: i64,
    pub assigned_staff_id: Option<Uuid>,
    pub assigned_at: Option<i64>,
    pub first_contact_at: Option<i64>,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    pub told_at: Option<i64>,
    pub breach_reason: Option<String>,
    pub walk_in: bool,
    pub version: i32,
    pub name: String,
    pub level: Option<String>,
    pub care: Option<String>,
    pub first_visit: bool,
    pub answered_at: Option<i64>,
    pub called_at: Option<i64>,
}

impl VisitRow {
    pub fn is(&self, state: VisitState) -> bool {
        self.state == state.code()
    }

    pub fn waits(&self) -> bool {
        self.is(VisitState::Waiting) || self.is(VisitState::Assigned)
    }

    pub fn tags(&self) -> Vec<CustomerTag> {
        crate::customer::tags(self.level.as_deref(), self.care.as_deref(), self.first_visit, self.walk_in)
    }
}

/// Something that is occupied from now on.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Taken {
    pub resource_id: Uuid,
    pub from_ms: i64,
    pub to_ms: i64,
    pub visit_service_id: Option<Uuid>,
}

pub(crate) struct Today {
    pub catalog: Arc<Catalog>,
    pub now: DateTime<Utc>,
    pub day: i32,
    /// Today's visits, and those of yesterday that are not over yet (a bathhouse is open past midnight). By the time
    /// from which they may be served.
    pub visits: Vec<VisitRow>,
    pub items: HashMap<Uuid, Vec<visit_service::Model>>,
    pub taken: Vec<Taken>,
}

impl Today {
    pub async fn load<C: ConnectionTrait>(db: &C, catalog: Arc<Catalog>, now: DateTime<Utc>) -> Result<Self> {
        let day = day_of(catalog.tz(), now);
        let branch = catalog.branch.id.0;
        let visits = visits(db, branch, day).await?;
        let items = items(db, branch, day).await?;
        let taken =
            taken(db, branch, ms(now), ms(day_bounds(catalog.tz(), date(day)).1 + Duration::hours(12)))
                .await?;
        Ok(Self { catalog, now, day, visits, items, taken })
    }

    pub fn local(&self, ms: i64) -> LocalTime {
        local_ms(self.catalog.tz(), ms)
    }

    /// The services of a visit in their sequence.
    pub fn of(&self, visit: Uuid) -> &[visit_service::Model] {
        self.items.get(&visit).map_or(&[], Vec::as_slice)
    }

    /// All services under way.
    pub fn running(&self) -> impl Iterator<Item = &visit_service::Model> {
        self.items.values().flatten().filter(|item| item.state == ServiceState::InService.code())
    }

    /// When a service under way is expected to end; one that takes longer ends at any moment.
    pub fn ends(&self, item: &visit_service::Model) -> DateTime<Utc> {
        planned_end(item).max(self.now)
    }

    pub fn person_name(&self, id: Uuid) -> Text {
        self.catalog.person(id.into()).map(|p| p.name.clone()).unwrap_or_default()
    }

    pub fn room_name(&self, id: Option<Uuid>) -> Option<Text> {
        id.and_then(|id| self.catalog.room(id.into())).map(|room| room.name.clone())
    }

    /// From when to when the waiting clock of a visit runs (DESK-4). It begins when the customer may be served, stops
    /// at the first contact, and begins anew between two services.
    pub fn clock(&self, visit: &VisitRow) -> (i64, i64) {
        let now = ms(self.now);
        let paused = self.of(visit.id).iter().filter_map(|item| item.finished_at).max();
        match (paused, visit.first_contact_at) {
            (Some(since), _) if visit.waits() => (since, now.max(since)),
            (_, Some(contact)) => (visit.ready_at, contact.max(visit.ready_at)),
            _ => (visit.ready_at, now.max(visit.ready_at)),
        }
    }

    /// Whole minutes waited.
    pub fn waited(&self, visit: &VisitRow) -> u32 {
        let (from, to) = self.clock(visit);
        u32::try_from((to - from) / 60_000).unwrap_or(0)
    }
}

pub(crate) fn planned_end(item: &visit_service::Model) -> DateTime<Utc> {
    let minutes = super::rows::customer_minutes(item);
    at(item.started_at.unwrap_or(0)) + Duration::minutes(i64::from(minutes))
}

async fn visits<C: ConnectionTrait>(db: &C, branch: Uuid, day: i32) -> Result<Vec<VisitRow>> {
    let sql = "SELECT v.id, v.day, v.state, v.ticket, v.planned_ms, v.arrived_at, v.ready_at, \
               v.assigned_staff_id, v.assigned_at, v.first_contact_at, v.started_at, v.finished_at, v.told_at, v.breach_reason, \
               v.walk_in, v.version, c.name, c.level, c.care, s.answered_at, k.called_at, \
               NOT EXISTS (SELECT 1 FROM visit p WHERE p.customer_id = v.customer_id AND p.arrived_at < v.arrived_at \
               AND p.state = 'done') AS first_visit \
               FROM visit v JOIN customer c ON c.id = v.customer_id LEFT JOIN survey s ON s.visit_id = v.id \
               LEFT JOIN visit_call k ON k.visit_id = v.id \
               WHERE v.branch_id = $1 AND v.day IN ($2, $3) \
               AND (v.day = $2 OR v.state IN ('waiting', 'assigned', 'in_service')) \
               ORDER BY v.ready_at, v.ticket";
    sql::all(db, sql, vals![branch, day, day - 1]).await
}

async fn items<C: ConnectionTrait>(
    db: &C,
    branch: Uuid,
    day: i32,
) -> Result<HashMap<Uuid, Vec<visit_service::Model>>> {
    use visit_service::Column as C;
    let open =
        [ServiceState::Waiting, ServiceState::Greeted, ServiceState::InService].map(ServiceState::code);
    let rows = visit_service::Entity::find()
        .filter(C::BranchId.eq(branch))
        .filter(C::Day.is_in([day, day - 1]))
        .filter(Condition::any().add(C::Day.eq(day)).add(C::State.is_in(open)))
        .order_by_asc(C::VisitId)
        .order_by_asc(C::Position)
        .all(db)
        .await?;
    let mut items: HashMap<Uuid, Vec<visit_service::Model>> = HashMap::new();
    for row in rows {
        items.entry(row.visit_id).or_default().push(row);
    }
    Ok(items)
}

async fn taken<C: ConnectionTrait>(db: &C, branch: Uuid, now: i64, until: i64) -> Result<Vec<Taken>> {
    let sql = "SELECT a.resource_id, a.from_ms, a.to_ms, a.visit_service_id FROM resource r \
               JOIN allocation a ON a.resource_id = r.id \
               WHERE r.branch_id = $1 AND a.active AND a.from_ms > $2 AND a.from_ms < $3 AND a.to_ms > $4";
    sql::all(db, sql, vals![branch, now - DAY_MS, until, now]).await
}
