//! My day (TREAT-1): two statements and the catalogue; two more for what must be known of the customers.

use crate::{
    Error, OpContext, Result,
    catalog::{Catalog, Person},
    consult::Known,
    entity::staff,
    sql,
    sql::vals,
    time::{DAY_MS, date, day_bounds, day_of, local, local_ms, ms},
};
use chrono::NaiveDate;
use domain::{
    BranchId, LocalTime, ServiceId, StaffId, Text, VisitServiceId,
    consult::{Effect, Verdict},
    permission::{Action, Scope},
    treat::{DayAlerts, DayItem, MyDay, ServiceState},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

/// The day of a person; without one, of whoever asks.
///
/// # Errors
/// `NotFound` for a login that belongs to nobody who treats.
pub async fn my_day(cx: &OpContext, who: Option<StaffId>) -> Result<MyDay> {
    let Some(who) = who.or(cx.actor.staff()) else {
        cx.allow(Action::SeeDayList, &Scope::none())?;
        return Err(Error::NotFound);
    };
    let row = staff::Entity::find_by_id(who.0).one(cx.db()).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::SeeDayList, &Scope::staff(branch, who))?;
    let catalog = cx.store.catalog(branch).await?;
    let person = catalog.person(who).ok_or(Error::NotFound)?;
    let day = day_of(catalog.tz(), cx.now());

    let mut here = here(cx.db(), who, day).await?;
    let coming = coming(cx.db(), &catalog, who, day).await?;
    // Whoever has been received or handed over first, then by the time from which they may be served.
    here.sort_by_key(|r| (r.state != "greeted", r.assigned_staff_id != Some(who.0), r.ready_at, r.id));
    let known = match cx.may(Action::SeeFacts, &Scope::staff(branch, who)) {
        true => Known::of(cx.db(), &customers(&here, &coming)).await?,
        false => Known::default(),
    };
    let warned = |item: DayItem, customer: Uuid, service: Uuid| {
        let alerts = alerts(&known, &catalog, customer, ServiceId(service), date(day));
        (DayItem { alerts, ..item }, customer)
    };
    let mut list = Lists::default();
    let now = ms(cx.now());
    for row in &here {
        let item = warned(row.item(&catalog, now)?, row.customer_id, row.service_id);
        match item.0.state {
            ServiceState::InService => list.current = list.current.take().or(Some(item)),
            ServiceState::Done => list.done.push((row.finished_at, quiet(item.0))),
            ServiceState::Dropped => {}
            _ => list.waiting.push(item),
        }
    }
    let mut later = list.waiting;
    later.extend(coming.iter().map(|row| warned(row.item(&catalog), row.customer_id, row.service_id)));
    let next = (!later.is_empty()).then(|| later.remove(0));
    list.done.sort_by_key(|(finished, _)| std::cmp::Reverse(*finished));
    let told = list.current.iter().chain(&next).filter(|(item, _)| item.alerts.verdict != Verdict::Clear);
    let mut told: Vec<Uuid> = told.map(|(_, customer)| *customer).collect();
    told.dedup();
    crate::consult::looked(cx, branch, &told, "day").await?;
    Ok(MyDay {
        staff: who,
        name: person.name.clone(),
        title: person.title.clone(),
        branch_name: catalog.branch.name.clone(),
        branch,
        now: local(catalog.tz(), cx.now()),
        current: list.current.map(|(item, _)| item),
        next: next.map(|(item, _)| item),
        later: later.into_iter().map(|(item, _)| quiet(item)).collect(),
        done: list.done.into_iter().map(|(_, item)| item).collect(),
        shift: shift(&catalog, person, day),
    })
}

#[derive(Default)]
struct Lists {
    current: Option<(DayItem, Uuid)>,
    waiting: Vec<(DayItem, Uuid)>,
    done: Vec<(Option<i64>, DayItem)>,
}

/// Whose facts are asked for: each once.
fn customers(here: &[Here], coming: &[Coming]) -> Vec<Uuid> {
    let all = here.iter().map(|row| row.customer_id).chain(coming.iter().map(|row| row.customer_id));
    let mut all: Vec<Uuid> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn alerts(
    known: &Known,
    catalog: &Catalog,
    customer: Uuid,
    service: ServiceId,
    today: NaiveDate,
) -> DayAlerts {
    let mut alerts = DayAlerts::default();
    for (rule, fact) in known.hits(catalog, customer, service, today) {
        alerts.verdict = alerts.verdict.max(rule.effect.verdict());
        let words = (fact.subject(), rule.text.clone());
        match rule.effect {
            Effect::Stop => alerts.stops.push(words),
            Effect::Warn => alerts.warns.push(words),
        }
    }
    alerts
}

/// Only that there is something, not what: for those who are not next (PRIV-2).
fn quiet(item: DayItem) -> DayItem {
    let verdict = item.alerts.verdict;
    DayItem { alerts: DayAlerts { verdict, ..DayAlerts::default() }, ..item }
}

fn shift(catalog: &Catalog, person: &Person, day: i32) -> Option<(LocalTime, LocalTime)> {
    let (from, to) = day_bounds(catalog.tz(), date(day));
    let part = person.shifts.iter().find(|part| from <= part.from && part.from < to)?;
    Some((local(catalog.tz(), part.from), local(catalog.tz(), part.to)))
}

/// A service of a customer who has come.
#[derive(FromQueryResult)]
struct Here {
    id: Uuid,
    customer_id: Uuid,
    service_id: Uuid,
    state: String,
    name_zh: String,
    name_en: String,
    minutes: i32,
    room_id: Option<Uuid>,
    booked_from_ms: Option<i64>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    ready_at: i64,
    first_contact_at: Option<i64>,
    assigned_staff_id: Option<Uuid>,
    ticket: String,
    walk_in: bool,
    name: String,
    level: Option<String>,
    care: Option<String>,
    first_visit: bool,
}

impl Here {
    fn item(&self, catalog: &Catalog, now: i64) -> Result<DayItem> {
        let state = ServiceState::from_code(&self.state)
            .ok_or_else(|| Error::internal("unknown state of a service"))?;
        let waits = matches!(state, ServiceState::Waiting | ServiceState::Greeted);
        let begin = self
            .started_at
            .unwrap_or_else(|| self.booked_from_ms.unwrap_or(self.ready_at).max(self.ready_at));
        let end = self.finished_at.unwrap_or(begin + i64::from(self.minutes) * 60_000);
        let until = self.first_contact_at.unwrap_or(now);
        let tz = catalog.tz();
        Ok(DayItem {
            item: Some(VisitServiceId(self.id)),
            state,
            at: local_ms(tz, begin),
            ends: local_ms(tz, end),
            name: self.name.clone(),
            tags: crate::customer::tags(
                self.level.as_deref(),
                self.care.as_deref(),
                self.first_visit,
                self.walk_in,
            ),
            service: Text::new(&*self.name_zh, &*self.name_en),
            room: self.room_id.and_then(|id| catalog.room(id.into())).map(|room| room.name.clone()),
            waited: waits.then(|| u32::try_from((until - self.ready_at) / 60_000).unwrap_or(0)),
            ticket: Some(self.ticket.clone()),
            alerts: DayAlerts::default(),
        })
    }
}

async fn here<C: ConnectionTrait>(db: &C, who: StaffId, day: i32) -> Result<Vec<Here>> {
    let sql = "SELECT i.id, v.customer_id, i.service_id, i.state, i.name_zh, i.name_en, i.active_min + i.processing_min + i.finish_min AS minutes, \
               i.room_id, i.booked_from_ms, i.started_at, i.finished_at, v.ready_at, v.first_contact_at, \
               v.assigned_staff_id, v.ticket, v.walk_in, c.name, c.level, c.care, \
               NOT EXISTS (SELECT 1 FROM visit p WHERE p.customer_id = v.customer_id AND p.state = 'done' \
               AND p.arrived_at < v.arrived_at) AS first_visit \
               FROM visit_service i JOIN visit v ON v.id = i.visit_id JOIN customer c ON c.id = v.customer_id \
               WHERE i.staff_id = $1 AND i.day IN ($2, $3) \
               AND (i.day = $2 OR i.state IN ('waiting', 'greeted', 'in_service'))";
    sql::all(db, sql, vals![who.0, day, day - 1]).await
}

/// A service of a customer who is expected.
#[derive(FromQueryResult)]
struct Coming {
    customer_id: Uuid,
    service_id: Uuid,
    name_zh: String,
    name_en: String,
    room_id: Option<Uuid>,
    from_ms: i64,
    to_ms: i64,
    name: String,
    level: Option<String>,
    care: Option<String>,
    first_visit: bool,
}

impl Coming {
    fn item(&self, catalog: &Catalog) -> DayItem {
        DayItem {
            item: None,
            state: ServiceState::Expected,
            at: local_ms(catalog.tz(), self.from_ms),
            ends: local_ms(catalog.tz(), self.to_ms),
            name: self.name.clone(),
            tags: crate::customer::tags(self.level.as_deref(), self.care.as_deref(), self.first_visit, false),
            service: Text::new(&*self.name_zh, &*self.name_en),
            room: self.room_id.and_then(|id| catalog.room(id.into())).map(|room| room.name.clone()),
            waited: None,
            ticket: None,
            alerts: DayAlerts::default(),
        }
    }
}

async fn coming<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    who: StaffId,
    day: i32,
) -> Result<Vec<Coming>> {
    let (from, to) = day_bounds(catalog.tz(), date(day));
    let sql = "SELECT c.id AS customer_id, i.service_id, i.name_zh, i.name_en, i.room_id, i.from_ms, i.to_ms, c.name, c.level, c.care, \
               NOT EXISTS (SELECT 1 FROM visit p WHERE p.customer_id = c.id AND p.state = 'done') AS first_visit \
               FROM booking_item i JOIN booking b ON b.id = i.booking_id JOIN customer c ON c.id = b.customer_id \
               WHERE i.staff_id = $1 AND i.from_ms >= $2 AND i.from_ms < $3 AND b.state IN ('booked', 'confirmed') \
               ORDER BY i.from_ms, i.id";
    sql::all(db, sql, vals![who.0, ms(from), ms(to).min(ms(from) + 2 * DAY_MS)]).await
}
