//! Adverse reactions (TREAT-4): opened at the chair with the steps to take at once; the manager is told; those who lead
//! handle and close them.

use super::{deviation::cursor, feel::known, open};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    desk::{
        rows::{name, service_state, wrong_state},
        tell::tell,
    },
    entity::{visit, visit_service},
    notify::{Message, manager, queue},
    sql,
    sql::vals,
    time::local_ms,
    tx::again,
};
use domain::{
    BranchId, IncidentId, Lang, Page, Refusal, StaffId, Text, VisitServiceId,
    consult::Severity,
    live::Topic,
    notify::{MessageParams, Template},
    permission::{Action, Scope},
    treat::{
        FirstAid, IncidentAct, IncidentBrief, IncidentEvent, IncidentMove, IncidentPage, IncidentRow,
        IncidentState, NewIncident, ServiceState, Treatment,
    },
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

const PAGE: usize = 30;

/// Opens an incident and tells the manager: where and how bad, never who or what. The same key again opens nothing.
///
/// # Errors
/// `WrongState` before the customer was received.
pub async fn report(cx: &OpContext, cmd: NewIncident) -> Result<Treatment> {
    again!(report_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn report_once(cx: &OpContext, cmd: &NewIncident) -> Result<()> {
    let (tx, visit, item) = open(cx, cmd.item).await?;
    let key = format!("{}:{}", cmd.item, cmd.key);
    if known(&tx, "incident", &key).await? {
        return tx.commit().await;
    }
    if !matches!(service_state(&item)?, ServiceState::Greeted | ServiceState::InService | ServiceState::Done)
    {
        return Err(wrong_state(&item.state));
    }
    let by = super::author(&tx, cx).await?;
    let id = IncidentId::new();
    let sql = "INSERT INTO incident (id, branch_id, customer_id, visit_service_id, day, severity, what, told, state, key, \
               at, by_user, by_zh, by_en, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12, $13, 1)";
    let values = vals![
        id.0,
        visit.branch_id,
        visit.customer_id,
        item.id,
        item.day,
        cmd.severity.code(),
        cmd.what.as_str(),
        cmd.told.clone(),
        key,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh.as_str(),
        by.en.as_str(),
    ];
    tx.run(sql, values).await?;
    steps_done(&tx, cx, id, &cmd.steps, &by).await?;
    alarm(&tx, cx, &visit, &item, id, cmd.severity).await?;
    let detail = Some(format!("service={} severity={}", item.id, cmd.severity.code()));
    tell(&tx, cx, &visit, "incident.open", &[item.staff_id], detail);
    tx.commit().await
}

async fn steps_done(tx: &Tx, cx: &OpContext, id: IncidentId, steps: &[FirstAid], by: &Text) -> Result<()> {
    for step in steps {
        let sql = "INSERT INTO incident_step (incident_id, step, at, by_user, by_zh, by_en) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (incident_id, step) DO NOTHING";
        let user = cx.actor.user().map(|id| id.0);
        tx.run(sql, vals![id.0, step.code(), tx.now_ms(), user, by.zh.as_str(), by.en.as_str()]).await?;
    }
    Ok(())
}

async fn alarm(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
    id: IncidentId,
    severity: Severity,
) -> Result<()> {
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let (channel, recipient) = manager(tx, &catalog).await?;
    let params = MessageParams {
        brand: catalog.branch.brand.clone(),
        branch: catalog.branch.name.clone(),
        services: vec![name(item)],
        ticket: visit.ticket.clone(),
        code: severity.code().to_owned(),
        at: Some(local_ms(catalog.tz(), tx.now_ms())),
        link: Some(format!("/chair/incidents/{id}")),
        ..MessageParams::default()
    };
    let message = Message {
        channel,
        recipient,
        template: Template::Incident,
        lang: Lang::Zh,
        params: serde_json::to_string(&params)?,
        key: format!("incident:{id}"),
        due: tx.now(),
        customer: None,
        booking: None,
        branch: Some(catalog.branch.id),
    };
    queue(tx, message);
    Ok(())
}

/// Further steps of first aid were taken.
///
/// # Errors
/// `NotFound`, `WrongState` once it is closed.
pub async fn first_aid(cx: &OpContext, id: IncidentId, steps: Vec<FirstAid>) -> Result<Treatment> {
    let item = again!(first_aid_once(cx, id, &steps))?;
    super::treatment(cx, item).await
}

async fn first_aid_once(cx: &OpContext, id: IncidentId, steps: &[FirstAid]) -> Result<VisitServiceId> {
    let sql = "SELECT visit_service_id FROM incident WHERE id = $1";
    let row = sql::row(cx.db(), sql, vals![id.0]).await?.ok_or(Error::NotFound)?;
    let item_id = VisitServiceId(row.try_get_by_index(0)?);
    let (tx, visit, item) = open(cx, item_id).await?;
    let row = load(&tx, id).await?;
    if row.state == IncidentState::Closed.code() {
        return Err(wrong_state(&row.state));
    }
    let by = super::author(&tx, cx).await?;
    steps_done(&tx, cx, id, steps, &by).await?;
    tell(&tx, cx, &visit, "incident.first_aid", &[item.staff_id], Some(format!("incident={id}")));
    tx.commit().await?;
    Ok(item_id)
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    branch_id: Uuid,
    customer_id: Uuid,
    visit_service_id: Uuid,
    customer_name: String,
    service_zh: String,
    service_en: String,
    staff_id: Option<Uuid>,
    severity: String,
    what: String,
    told: Option<String>,
    state: String,
    outcome: Option<String>,
    at: i64,
    by_zh: String,
    by_en: String,
    version: i32,
    steps_done: i64,
}

const ROW: &str = "SELECT i.id, i.branch_id, i.customer_id, i.visit_service_id, c.name AS customer_name, \
    s.name_zh AS service_zh, s.name_en AS service_en, s.staff_id, i.severity, i.what, i.told, i.state, i.outcome, i.at, \
    i.by_zh, i.by_en, i.version, \
    (SELECT COUNT(*) FROM incident_step n WHERE n.incident_id = i.id) AS steps_done \
    FROM incident i JOIN customer c ON c.id = i.customer_id JOIN visit_service s ON s.id = i.visit_service_id";

async fn load<C: ConnectionTrait>(db: &C, id: IncidentId) -> Result<Row> {
    sql::one(db, &format!("{ROW} WHERE i.id = $1"), vals![id.0]).await?.ok_or(Error::NotFound)
}

impl Row {
    fn severity(&self) -> Severity {
        Severity::from_code(&self.severity).unwrap_or(Severity::Severe)
    }

    fn state(&self) -> Result<IncidentState> {
        IncidentState::from_code(&self.state).ok_or_else(|| Error::internal("unknown state of an incident"))
    }

    fn view(&self, catalog: &Catalog) -> Result<IncidentRow> {
        let person = self.staff_id.and_then(|id| catalog.person(StaffId(id)));
        Ok(IncidentRow {
            id: IncidentId(self.id),
            at: local_ms(catalog.tz(), self.at),
            customer_name: self.customer_name.clone(),
            service: Text::new(&*self.service_zh, &*self.service_en),
            staff: person.map(|p| p.name.clone()).unwrap_or_default(),
            severity: self.severity(),
            what: self.what.clone(),
            state: self.state()?,
            steps_done: u32::try_from(self.steps_done).unwrap_or(0),
        })
    }
}

#[derive(FromQueryResult)]
struct StepRow {
    incident_id: Uuid,
    step: String,
    at: i64,
    by_zh: String,
    by_en: String,
}

type Steps = Vec<(FirstAid, Option<(domain::LocalTime, Text)>)>;

fn steps(catalog: &Catalog, rows: &[StepRow], incident: Uuid) -> Steps {
    let done = |step: FirstAid| {
        let row = rows.iter().find(|row| row.incident_id == incident && row.step == step.code())?;
        Some((local_ms(catalog.tz(), row.at), Text::new(&*row.by_zh, &*row.by_en)))
    };
    FirstAid::ALL.iter().map(|&step| (step, done(step))).collect()
}

/// Those of one service, as the chair shows them.
pub(super) async fn of_service<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Vec<IncidentBrief>> {
    let sql = format!("{ROW} WHERE i.visit_service_id = $1 ORDER BY i.at, i.id LIMIT 20");
    let rows: Vec<Row> = sql::all(db, &sql, vals![item]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT s.incident_id, s.step, s.at, s.by_zh, s.by_en FROM incident_step s \
               JOIN incident i ON i.id = s.incident_id WHERE i.visit_service_id = $1 LIMIT 200";
    let done: Vec<StepRow> = sql::all(db, sql, vals![item]).await?;
    let brief = |row: &Row| {
        Ok(IncidentBrief {
            id: IncidentId(row.id),
            at: local_ms(catalog.tz(), row.at),
            severity: row.severity(),
            what: row.what.clone(),
            told: row.told.clone(),
            state: row.state()?,
            by: Text::new(&*row.by_zh, &*row.by_en),
            steps: steps(catalog, &done, row.id),
        })
    };
    rows.iter().map(brief).collect()
}

/// The incidents of a branch, the newest first: those still open or handled, or `closed` ones. Each customer named is a
/// look at what is known of them (PRIV-2).
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn incidents(
    cx: &OpContext,
    branch: BranchId,
    closed: bool,
    after: Option<&str>,
) -> Result<Page<IncidentRow>> {
    cx.allow(Action::HandleIncidents, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let states = if closed { "i.state = 'closed'" } else { "i.state IN ('open', 'handled')" };
    let mut values: Vec<sea_orm::Value> = vals![branch.0];
    let mut page = "";
    if let Some((at, id)) = after.and_then(cursor) {
        values.extend(vals![at, id]);
        page = " AND (i.at < $2 OR (i.at = $2 AND i.id < $3))";
    }
    let sql = format!(
        "{ROW} WHERE i.branch_id = $1 AND {states}{page} ORDER BY i.at DESC, i.id DESC LIMIT {}",
        PAGE + 1
    );
    let rows: Vec<Row> = sql::all(cx.db(), &sql, values).await?;
    let page = Page::cut(rows, PAGE, |row: &Row| format!("{}.{}", row.at, row.id.as_simple()));
    let mut customers: Vec<Uuid> = page.items.iter().map(|row| row.customer_id).collect();
    customers.sort_unstable();
    customers.dedup();
    crate::consult::looked(cx, branch, &customers, "incidents").await?;
    let items = page.items.iter().map(|row| row.view(&catalog)).collect::<Result<_>>()?;
    Ok(Page { items, next: page.next })
}

#[derive(FromQueryResult)]
struct EventRow {
    step: String,
    text: Option<String>,
    at: i64,
    by_zh: String,
    by_en: String,
}

/// One incident with its course.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn incident(cx: &OpContext, id: IncidentId) -> Result<IncidentPage> {
    let db = cx.db();
    let row = load(db, id).await?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::HandleIncidents, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    crate::consult::looked(cx, branch, &[row.customer_id], "incident").await?;
    let sql = "SELECT incident_id, step, at, by_zh, by_en FROM incident_step WHERE incident_id = $1 LIMIT 20";
    let done: Vec<StepRow> = sql::all(db, sql, vals![id.0]).await?;
    let sql = "SELECT step, text, at, by_zh, by_en FROM incident_event WHERE incident_id = $1 ORDER BY at, id LIMIT 200";
    let events: Vec<EventRow> = sql::all(db, sql, vals![id.0]).await?;
    let event = |row: EventRow| {
        Some(IncidentEvent {
            at: local_ms(catalog.tz(), row.at),
            by: Text::new(row.by_zh, row.by_en),
            step: IncidentMove::from_code(&row.step)?,
            text: row.text,
        })
    };
    Ok(IncidentPage {
        row: row.view(&catalog)?,
        item: VisitServiceId(row.visit_service_id),
        told: row.told.clone(),
        outcome: row.outcome.clone(),
        steps: steps(&catalog, &done, id.0),
        events: events.into_iter().filter_map(event).collect(),
        version: row.version,
    })
}

/// Notes, handles or closes an incident; closing keeps how it turned out.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `WrongState`.
pub async fn act(cx: &OpContext, cmd: IncidentAct) -> Result<IncidentPage> {
    again!(act_once(cx, &cmd))?;
    incident(cx, cmd.incident).await
}

async fn act_once(cx: &OpContext, cmd: &IncidentAct) -> Result<()> {
    let tx = cx.begin().await?;
    let row = load(&tx, cmd.incident).await?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::HandleIncidents, &Scope::branch(branch))?;
    let next = row.state()?.after(cmd.step)?;
    let sql = "UPDATE incident SET state = $1, outcome = CASE WHEN $1 = 'closed' THEN COALESCE(outcome, $2) ELSE outcome END, \
               version = version + 1 WHERE id = $3 AND version = $4";
    if tx.run(sql, vals![next.code(), cmd.text.as_str(), row.id, cmd.version]).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    let by = super::author(&tx, cx).await?;
    let sql = "INSERT INTO incident_event (id, incident_id, step, text, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let user = cx.actor.user().map(|id| id.0);
    let values =
        vals![Uuid::now_v7(), row.id, cmd.step.code(), cmd.text.as_str(), tx.now_ms(), user, by.zh, by.en];
    tx.run(sql, values).await?;
    let detail = Some(format!("step={}", cmd.step.code()));
    let entry =
        Entry { action: "incident.act", entity: "incident", id: Some(row.id), branch: Some(branch), detail };
    tx.audit(cx, entry);
    tx.changed(branch, Topic::Board);
    tx.commit().await
}
