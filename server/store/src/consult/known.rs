//! Facts, answers and rules as rows, and what they come to for one service.

use crate::{
    OpContext, Result,
    catalog::Catalog,
    entity::visit_service,
    sql,
    sql::vals,
    time::{date, day_of, local_ms},
};
use chrono::NaiveDate;
use domain::{
    FactId, IncidentId, ServiceId, Text,
    consult::{
        Alerts, Allowed, Answer, Asked, Effect, Fact, FactKind, FactSource, FactView, HitView, PastIncident,
        Rule, Severity, Target, contraindications,
    },
    permission::Action,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// A fact as the table keeps it.
#[derive(Clone, FromQueryResult)]
pub(crate) struct FactRow {
    id: Uuid,
    pub customer_id: Uuid,
    kind: String,
    code: Option<String>,
    subject_zh: String,
    subject_en: String,
    reaction: Option<String>,
    severity: Option<String>,
    source: String,
    since_day: Option<i32>,
    at: i64,
    by_zh: String,
    by_en: String,
    ended_at: Option<i64>,
    ended_zh: Option<String>,
    ended_en: Option<String>,
}

const FACT: &str = "SELECT id, customer_id, kind, code, subject_zh, subject_en, reaction, severity, source, since_day, at, \
    by_zh, by_en, ended_at, ended_zh, ended_en FROM customer_fact";

impl FactRow {
    fn fact(&self) -> Option<Fact> {
        Some(Fact {
            id: FactId(self.id),
            kind: FactKind::from_code(&self.kind)?,
            code: self.code.clone(),
            severity: self.severity.as_deref().and_then(Severity::from_code),
            since: self.since_day.map(date),
        })
    }

    pub fn view(&self, catalog: &Catalog) -> Option<FactView> {
        let tz = catalog.tz();
        Some(FactView {
            id: FactId(self.id),
            kind: FactKind::from_code(&self.kind)?,
            subject: self.subject(),
            reaction: self.reaction.clone(),
            severity: self.severity.as_deref().and_then(Severity::from_code),
            source: FactSource::from_code(&self.source).unwrap_or(FactSource::Customer),
            since: self.since_day.map(date),
            at: local_ms(tz, self.at),
            by: Text::new(&*self.by_zh, &*self.by_en),
            ended: self.ended_at.map(|at| {
                let by = Text::new(
                    self.ended_zh.clone().unwrap_or_default(),
                    self.ended_en.clone().unwrap_or_default(),
                );
                (local_ms(tz, at), by)
            }),
        })
    }

    pub fn subject(&self) -> Text {
        Text::new(&*self.subject_zh, &*self.subject_en)
    }

    fn holds(&self) -> bool {
        self.ended_at.is_none()
    }
}

#[derive(FromQueryResult)]
struct RuleRow {
    code: String,
    kind: String,
    fact_code: Option<String>,
    service_id: Option<Uuid>,
    category_code: Option<String>,
    qualification: Option<String>,
    device_type: Option<String>,
    effect: String,
    min_severity: Option<String>,
    within_days: Option<i32>,
    text_zh: String,
    text_en: String,
}

impl RuleRow {
    fn rule(self) -> Option<Rule> {
        Some(Rule {
            kind: FactKind::from_code(&self.kind)?,
            effect: Effect::from_code(&self.effect)?,
            code: self.code,
            fact: self.fact_code,
            service: self.service_id.map(ServiceId),
            category: self.category_code,
            qualification: self.qualification,
            device: self.device_type,
            severity: self.min_severity.as_deref().and_then(Severity::from_code),
            days: self.within_days.and_then(|days| u32::try_from(days).ok()),
            text: Text::new(self.text_zh, self.text_en),
        })
    }
}

/// What is known of several customers: the facts that hold, and the house's rules. Two statements.
#[derive(Default)]
pub(crate) struct Known {
    facts: HashMap<Uuid, Vec<FactRow>>,
    rules: Vec<Rule>,
}

impl Known {
    pub async fn of<C: ConnectionTrait>(db: &C, customers: &[Uuid]) -> Result<Self> {
        let mut known = Self::default();
        if customers.is_empty() {
            return Ok(known);
        }
        let mut values = Vec::new();
        let list = sql::list(&mut values, customers.iter().copied());
        let sql =
            format!("{FACT} WHERE customer_id IN ({list}) AND ended_at IS NULL ORDER BY at, id LIMIT 2000");
        for row in sql::all::<FactRow, _>(db, &sql, values).await? {
            known.facts.entry(row.customer_id).or_default().push(row);
        }
        if !known.facts.is_empty() {
            known.rules = rules(db).await?;
        }
        Ok(known)
    }

    /// The facts of one customer that hold.
    pub fn facts(&self, customer: Uuid) -> &[FactRow] {
        self.facts.get(&customer).map_or(&[], Vec::as_slice)
    }

    /// Codes of what the customer is allergic to, with the words.
    pub fn allergens(&self, customer: Uuid) -> Vec<(String, Text)> {
        let allergy = |row: &&FactRow| row.kind == FactKind::Allergy.code();
        let named = |row: &FactRow| Some((row.code.clone()?, row.subject()));
        self.facts(customer).iter().filter(allergy).filter_map(named).collect()
    }

    /// Rules that fire for a service, with their facts; *stop* first.
    pub fn hits(
        &self,
        catalog: &Catalog,
        customer: Uuid,
        service: ServiceId,
        today: NaiveDate,
    ) -> Vec<(&Rule, &FactRow)> {
        let rows = self.facts(customer);
        let facts: Vec<Fact> = rows.iter().filter_map(FactRow::fact).collect();
        let menu = catalog.service(service);
        let target = Target {
            service,
            category: menu.map_or("", |s| &s.category),
            qualification: menu.map_or("", |s| &s.qualification),
            devices: menu.map_or(&[], |s| &s.devices),
        };
        contraindications(&self.rules, &facts, &target, today)
            .into_iter()
            .filter_map(|hit| rows.iter().find(|row| row.id == hit.fact.0).map(|row| (hit.rule, row)))
            .collect()
    }
}

async fn rules<C: ConnectionTrait>(db: &C) -> Result<Vec<Rule>> {
    let sql = "SELECT code, kind, fact_code, service_id, category_code, qualification, device_type, effect, \
               min_severity, within_days, text_zh, text_en FROM contraindication WHERE retired_at IS NULL \
               ORDER BY code LIMIT 2000";
    let rows: Vec<RuleRow> = sql::all(db, sql, vals![]).await?;
    Ok(rows.into_iter().filter_map(RuleRow::rule).collect())
}

/// All facts of a customer, those that ended too; the newest first.
pub(super) async fn history<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    customer: Uuid,
) -> Result<Vec<FactView>> {
    let sql = format!("{FACT} WHERE customer_id = $1 ORDER BY at DESC, id DESC LIMIT 200");
    let rows: Vec<FactRow> = sql::all(db, &sql, vals![customer]).await?;
    Ok(rows.iter().filter_map(|row| row.view(catalog)).collect())
}

#[derive(FromQueryResult)]
struct CheckRow {
    kind: String,
    answer: String,
    at: i64,
    by_zh: String,
    by_en: String,
}

/// The five questions, each with its last answer.
pub(super) async fn asked<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    customer: Uuid,
) -> Result<Vec<Asked>> {
    let sql = "SELECT c.kind, c.answer, c.at, c.by_zh, c.by_en FROM fact_check c WHERE c.customer_id = $1 \
               AND c.at = (SELECT MAX(n.at) FROM fact_check n WHERE n.customer_id = $1 AND n.kind = c.kind) \
               ORDER BY c.id LIMIT 50";
    let rows: Vec<CheckRow> = sql::all(db, sql, vals![customer]).await?;
    let last = |kind: FactKind| {
        let row = rows.iter().rev().find(|row| row.kind == kind.code())?;
        let by = Text::new(&*row.by_zh, &*row.by_en);
        Some((Answer::from_code(&row.answer)?, local_ms(catalog.tz(), row.at), by))
    };
    Ok(FactKind::ALL.iter().map(|&kind| Asked { kind, last: last(kind) }).collect())
}

#[derive(FromQueryResult)]
pub(super) struct AllowedRow {
    pub fact_id: Uuid,
    pub rule_code: String,
    pub reason: String,
    pub at: i64,
    pub by_zh: String,
    pub by_en: String,
}

/// For what of a service somebody took the responsibility.
pub(super) async fn allowed<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<Vec<AllowedRow>> {
    let sql = "SELECT fact_id, rule_code, reason, at, by_zh, by_en FROM alert_allowed WHERE visit_service_id = $1 \
               ORDER BY at, id LIMIT 200";
    sql::all(db, sql, vals![item]).await
}

#[derive(FromQueryResult)]
struct PastRow {
    id: Uuid,
    day: i32,
    name_zh: String,
    name_en: String,
    severity: String,
    what: String,
    state: String,
}

/// Adverse reactions of earlier visits: they are an alert for ever.
async fn incidents<C: ConnectionTrait>(db: &C, customer: Uuid, item: Uuid) -> Result<Vec<PastIncident>> {
    let sql = "SELECT i.id, i.day, s.name_zh, s.name_en, i.severity, i.what, i.state FROM incident i \
               JOIN visit_service s ON s.id = i.visit_service_id \
               WHERE i.customer_id = $1 AND i.visit_service_id <> $2 ORDER BY i.at DESC, i.id DESC LIMIT 5";
    let rows: Vec<PastRow> = sql::all(db, sql, vals![customer, item]).await?;
    let past = |row: PastRow| PastIncident {
        id: IncidentId(row.id),
        day: date(row.day),
        service: Text::new(row.name_zh, row.name_en),
        severity: Severity::from_code(&row.severity).unwrap_or(Severity::Severe),
        what: row.what,
        closed: row.state == "closed",
    };
    Ok(rows.into_iter().map(past).collect())
}

/// Everything that has to be seen before a service, and the look written down. Empty for those who may not see it.
pub(crate) async fn alerts(
    cx: &OpContext,
    catalog: &Catalog,
    item: &visit_service::Model,
    customer: Uuid,
) -> Result<Alerts> {
    let scope = crate::treat::scope(item);
    if !cx.may(Action::SeeFacts, &scope) {
        return Ok(Alerts::default());
    }
    let db = cx.db();
    let known = Known::of(db, &[customer]).await?;
    let today = date(day_of(catalog.tz(), cx.now()));
    let allowed = allowed(db, item.id).await?;
    let given = |rule: &Rule, fact: FactId| {
        let row = allowed.iter().find(|row| row.fact_id == fact.0 && row.rule_code == rule.code)?;
        let by = Text::new(&*row.by_zh, &*row.by_en);
        Some(Allowed { at: local_ms(catalog.tz(), row.at), by, reason: row.reason.clone() })
    };
    let hits = known.hits(catalog, customer, ServiceId(item.service_id), today);
    let hits = hits.into_iter().filter_map(|(rule, row)| {
        let fact = row.view(catalog)?;
        let allowed = given(rule, fact.id);
        Some(HitView { rule: rule.code.clone(), effect: rule.effect, text: rule.text.clone(), fact, allowed })
    });
    let alerts = Alerts {
        hits: hits.collect(),
        asked: asked(db, catalog, customer).await?,
        facts: known
            .facts(customer)
            .iter()
            .filter(|row| row.holds())
            .filter_map(|r| r.view(catalog))
            .collect(),
        incidents: incidents(db, customer, item.id).await?,
        may_override: cx.may(Action::OverrideStop, &scope),
    };
    super::looked(cx, catalog.branch.id, &[customer], "treatment").await?;
    Ok(alerts)
}
