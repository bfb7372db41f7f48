//! What a completed service opens, in the transaction that completes it: one re-check, the calls of the days after.

use super::{message::say, policy};
use crate::{
    OpContext, Result, Tx,
    catalog::Catalog,
    desk::rows::name,
    entity::{recheck, visit, visit_service},
    sql::{self, vals},
    time::{date, day_bounds, day_of, instant, ms},
    token,
};
use chrono::Duration;
use domain::{
    BranchId, FollowupId, RecheckId, ServiceId,
    care::{CallState, CarePolicy, RecheckState},
    notify::Template,
};

/// Minutes after midnight at which reminders go out.
const REMIND_AT: i32 = 10 * 60;

/// Called with the visit held, right after the service was ended. A re-check opens nothing itself.
pub(crate) async fn opened(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
) -> Result<()> {
    if super::is_recheck(tx, item.id).await? {
        return Ok(());
    }
    let branch = BranchId(visit.branch_id);
    let catalog = cx.store.catalog(branch).await?;
    let policy = policy::read(tx, branch, Some(ServiceId(item.service_id))).await?;
    if let Some(row) = recheck_row(tx, &catalog, &policy, visit, item)
        && insert(tx, &row).await?
    {
        say(tx, &catalog, &row, name(item), Template::RecheckOpen, "open").await?;
    }
    calls(tx, &catalog, &policy, visit, item).await
}

fn recheck_row(
    tx: &Tx,
    catalog: &Catalog,
    policy: &CarePolicy,
    visit: &visit::Model,
    item: &visit_service::Model,
) -> Option<recheck::Model> {
    let (tz, now) = (catalog.tz(), tx.now());
    let today = date(day_of(tz, now));
    let on = |day: u32| today + Duration::days(i64::from(day));
    let reminders = policy.reminders();
    let remind = |day: &u32| ms(instant(tz, on(*day), REMIND_AT));
    let token = token::link();
    (policy.recheck_days > 0).then(|| recheck::Model {
        id: RecheckId::new().0,
        branch_id: visit.branch_id,
        customer_id: visit.customer_id,
        visit_service_id: item.id,
        service_id: item.service_id,
        staff_id: item.staff_id,
        started_at: item.started_at.unwrap_or(tx.now_ms()),
        finished_at: tx.now_ms(),
        minutes: i32::try_from(policy.recheck_minutes).unwrap_or(20),
        token_hash: token::hash(&token),
        token,
        state: RecheckState::Open.code().into(),
        opened_at: tx.now_ms(),
        // The whole of the last day belongs to it.
        until_at: ms(day_bounds(tz, on(policy.recheck_days)).1),
        remind_at: reminders.first().map(remind),
        remind_last: reminders.last().map(remind),
        booking_id: None,
        outcome: None,
        note: None,
        done_at: None,
        done_by: None,
        version: 1,
    })
}

/// `false`: the service has one already.
async fn insert(tx: &Tx, row: &recheck::Model) -> Result<bool> {
    let sql = "INSERT INTO recheck (id, branch_id, customer_id, visit_service_id, service_id, staff_id, started_at, \
               finished_at, minutes, token_hash, token, state, opened_at, until_at, remind_at, remind_last, version) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1) \
               ON CONFLICT (visit_service_id) DO NOTHING";
    let values = vals![
        row.id,
        row.branch_id,
        row.customer_id,
        row.visit_service_id,
        row.service_id,
        row.staff_id,
        row.started_at,
        row.finished_at,
        row.minutes,
        row.token_hash.clone(),
        row.token.clone(),
        row.state.clone(),
        row.opened_at,
        row.until_at,
        row.remind_at,
        row.remind_last,
    ];
    Ok(tx.run(sql, values).await? == 1)
}

async fn calls(
    tx: &Tx,
    catalog: &Catalog,
    policy: &CarePolicy,
    visit: &visit::Model,
    item: &visit_service::Model,
) -> Result<()> {
    let declined = "SELECT 1 FROM no_calls WHERE customer_id = $1";
    if policy.call_days.is_empty() || sql::row(tx, declined, vals![visit.customer_id]).await?.is_some() {
        return Ok(());
    }
    let today = day_of(catalog.tz(), tx.now());
    for day in &policy.call_days {
        let day = i32::try_from(*day).unwrap_or(0);
        let sql = "INSERT INTO followup (id, branch_id, customer_id, visit_id, visit_service_id, service_id, staff_id, \
                   day_no, due_day, most, state, tries, version) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 1) ON CONFLICT (visit_id, day_no) DO NOTHING";
        let values = vals![
            FollowupId::new().0,
            visit.branch_id,
            visit.customer_id,
            visit.id,
            item.id,
            item.service_id,
            item.staff_id,
            day,
            today + day,
            i32::try_from(policy.tries).unwrap_or(1),
            CallState::Open.code(),
        ];
        tx.run(sql, values).await?;
    }
    Ok(())
}
