//! Going on although a rule speaks against it: *warn* with a reason, *stop* only by the technical lead or the manager
//! (CONSULT-3).

use super::known::{Known, allowed};
use crate::{
    Error, OpContext, Result, Tx,
    catalog::Catalog,
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    entity::{visit, visit_service},
    sql::vals,
    time::{date, day_of},
    treat::{self, deviation},
    tx::again,
};
use domain::{
    BranchId, ServiceId, Text, VisitServiceId,
    consult::{Effect, FactView},
    permission::Action,
    treat::{DeviationKind, ServiceState, Treatment},
};
use uuid::Uuid;

/// A rule that fires and for which nobody has taken the responsibility.
pub(crate) struct Open {
    pub rule: String,
    pub effect: Effect,
    pub text: Text,
    pub fact: FactView,
}

/// What speaks against the service and is not answered for.
pub(crate) async fn open_hits(
    tx: &Tx,
    catalog: &Catalog,
    visit: &visit::Model,
    item: &visit_service::Model,
) -> Result<Vec<Open>> {
    let known = Known::of(tx, &[visit.customer_id]).await?;
    let today = date(day_of(catalog.tz(), tx.now()));
    let hits = known.hits(catalog, visit.customer_id, ServiceId(item.service_id), today);
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let allowed = allowed(tx, item.id).await?;
    let open = hits.into_iter().filter_map(|(rule, row)| {
        let fact = row.view(catalog)?;
        let given = allowed.iter().any(|one| one.fact_id == fact.id.0 && one.rule_code == rule.code);
        (!given).then(|| Open { rule: rule.code.clone(), effect: rule.effect, text: rule.text.clone(), fact })
    });
    Ok(open.collect())
}

/// Takes the responsibility for all rules that fire for a service at present. What becomes known later asks again.
///
/// # Errors
/// `Forbidden` when one of them says *stop* and the actor is neither technical lead nor manager, `WrongState` once the
/// service is over.
pub async fn allow(cx: &OpContext, item: VisitServiceId, reason: String) -> Result<Treatment> {
    again!(allow_once(cx, item, &reason))?;
    treat::treatment(cx, item).await
}

async fn allow_once(cx: &OpContext, id: VisitServiceId, reason: &str) -> Result<()> {
    let (tx, visit, item) = treat::open(cx, id).await?;
    cx.allow(Action::SeeFacts, &treat::scope(&item))?;
    if matches!(service_state(&item)?, ServiceState::Done | ServiceState::Dropped) {
        return Err(wrong_state(&item.state));
    }
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let open = open_hits(&tx, &catalog, &visit, &item).await?;
    if open.iter().any(|hit| hit.effect == Effect::Stop) {
        cx.allow(Action::OverrideStop, &treat::scope(&item))?;
    }
    let by = treat::author(&tx, cx).await?;
    for hit in &open {
        let sql = "INSERT INTO alert_allowed (id, visit_service_id, fact_id, rule_code, effect, text_zh, text_en, reason, \
                   at, by_user, by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let values = vals![
            Uuid::now_v7(),
            item.id,
            hit.fact.id.0,
            hit.rule.as_str(),
            hit.effect.code(),
            hit.text.zh.as_str(),
            hit.text.en.as_str(),
            reason,
            tx.now_ms(),
            cx.actor.user().map(|id| id.0),
            by.zh.as_str(),
            by.en.as_str(),
        ];
        tx.run(sql, values).await?;
        if hit.effect == Effect::Stop {
            deviation::add(&tx, &item, DeviationKind::Stop, &hit.text, Some(reason)).await?;
        }
    }
    let rules: Vec<&str> = open.iter().map(|hit| hit.rule.as_str()).collect();
    if !rules.is_empty() {
        let detail = format!("service={} rules={}", item.id, rules.join(","));
        tell(&tx, cx, &visit, "service.allow", &[item.staff_id], Some(detail));
    }
    tx.commit().await
}

/// What a product contains that the customer is allergic to.
pub(crate) fn against(known: &Known, customer: Uuid, contains: &str) -> Vec<Text> {
    let inside = |code: &str| contains.split(',').any(|one| one.trim() == code);
    known.allergens(customer).into_iter().filter(|(code, _)| inside(code)).map(|(_, name)| name).collect()
}

/// What stands in the way of beginning.
pub(crate) fn refuse(open: &[Open]) -> Result<()> {
    match open.iter().map(|hit| hit.effect).max() {
        None => Ok(()),
        Some(effect) => {
            Err(Error::Refused(domain::Refusal::Contraindicated { stop: effect == Effect::Stop }))
        }
    }
}
