//! The figures: six statements at once, over covering indexes.

use super::Period;
use crate::{Result, Store, catalog::Catalog, sql, sql::vals};
use domain::promise::{Figure, Promise};
use sea_orm::FromQueryResult;

/// RECHECK: within seven days.
pub(super) const OFFER_MS: i64 = 7 * crate::time::DAY_MS;
/// When the last service ended that was done before there were re-checks.
pub(super) const SINCE: &str = "COALESCE((SELECT CAST(value AS BIGINT) FROM setting \
                                WHERE key = 'care.since' AND branch_id IS NULL), 0)";

#[derive(FromQueryResult)]
struct Visits {
    wait_n: i64,
    wait_met: i64,
    wait_max: i64,
    time_n: i64,
    time_met: i64,
}

#[derive(FromQueryResult)]
struct Counts {
    n: i64,
    met: i64,
}

#[derive(FromQueryResult)]
struct Services {
    n: i64,
    certified: i64,
    recheck_n: i64,
}

#[derive(FromQueryResult)]
struct Rechecks {
    met: i64,
    used: i64,
}

#[derive(FromQueryResult)]
struct Answers {
    n: i64,
    sat: i64,
    hygiene_n: i64,
    hygiene: i64,
    privacy_n: i64,
    privacy: i64,
}

#[derive(FromQueryResult)]
struct Setting {
    key: String,
    value: String,
}

/// All figures of a branch, in the order of [`Promise::ALL`].
pub(super) async fn compute(store: &Store, catalog: &Catalog, period: &Period) -> Result<Vec<Figure>> {
    let (visits, bookings, answers, services, rechecks, calls, targets) = tokio::try_join!(
        visits(store, catalog, period),
        bookings(store, catalog, period),
        answers(store, catalog, period),
        services(store, catalog, period),
        rechecks(store, catalog, period),
        calls(store, catalog, period),
        targets(store, catalog),
    )?;
    let figure = |promise: Promise, met: i64, n: i64, max: Option<u32>| {
        let target = targets.iter().find(|(p, _)| *p == promise).map_or(promise.target(), |(_, t)| *t);
        Figure::new(promise, count(met), count(n), target, max)
    };
    let longest = (visits.wait_n > 0).then(|| count(visits.wait_max / 60_000));
    Ok(vec![
        figure(Promise::Wait, visits.wait_met, visits.wait_n, longest),
        figure(Promise::OnTime, visits.time_met, visits.time_n, None),
        figure(Promise::Accuracy, bookings.met, bookings.n, None),
        figure(Promise::Sat, answers.sat, answers.n, None),
        figure(Promise::Hygiene, answers.hygiene, answers.hygiene_n, None),
        figure(Promise::Privacy, answers.privacy, answers.privacy_n, None),
        figure(Promise::Cert, services.certified, services.n, None),
        Figure {
            used: Some(count(rechecks.used)),
            ..figure(Promise::Recheck, rechecks.met, services.recheck_n, None)
        },
        figure(Promise::Phone, calls.met, calls.n, None),
    ])
}

fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

fn range(catalog: &Catalog, period: &Period) -> Vec<sea_orm::Value> {
    vals![catalog.branch.id.0, period.from_ms, period.to_ms]
}

async fn visits(store: &Store, catalog: &Catalog, period: &Period) -> Result<Visits> {
    let sql = "SELECT \
        COUNT(first_contact_at) AS wait_n, \
        COUNT(CASE WHEN first_contact_at - ready_at <= 900000 THEN 1 END) AS wait_met, \
        COALESCE(MAX(first_contact_at - ready_at), 0) AS wait_max, \
        COUNT(CASE WHEN arrived_at <= planned_ms AND started_at IS NOT NULL THEN 1 END) AS time_n, \
        COUNT(CASE WHEN arrived_at <= planned_ms AND started_at - planned_ms <= 300000 THEN 1 END) AS time_met \
        FROM visit WHERE branch_id = $1 AND arrived_at >= $2 AND arrived_at <= $3";
    let row = sql::one(store.db(), sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Visits { wait_n: 0, wait_met: 0, wait_max: 0, time_n: 0, time_met: 0 }))
}

async fn bookings(store: &Store, catalog: &Catalog, period: &Period) -> Result<Counts> {
    let sql = "SELECT COUNT(*) AS n, COUNT(CASE WHEN salon_error IS NULL THEN 1 END) AS met FROM booking \
        WHERE branch_id = $1 AND from_ms >= $2 AND from_ms <= $3 AND state NOT IN ('held', 'expired')";
    let row = sql::one(store.db(), sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Counts { n: 0, met: 0 }))
}

async fn answers(store: &Store, catalog: &Catalog, period: &Period) -> Result<Answers> {
    let sql = "SELECT COUNT(*) AS n, COUNT(CASE WHEN overall >= 4 THEN 1 END) AS sat, \
        COUNT(hygiene) AS hygiene_n, COUNT(CASE WHEN hygiene >= 4 THEN 1 END) AS hygiene, \
        COUNT(privacy) AS privacy_n, COUNT(CASE WHEN privacy >= 4 THEN 1 END) AS privacy \
        FROM response WHERE branch_id = $1 AND at >= $2 AND at <= $3";
    let row = sql::one(store.db(), sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Answers { n: 0, sat: 0, hygiene_n: 0, hygiene: 0, privacy_n: 0, privacy: 0 }))
}

/// Services done: CERT counts all of them, RECHECK those that open a re-check, which is every one but re-checks.
async fn services(store: &Store, catalog: &Catalog, period: &Period) -> Result<Services> {
    let sql = format!(
        "SELECT COUNT(*) AS n, COUNT(credential_id) AS certified, \
         COUNT(CASE WHEN recheck_of IS NULL AND finished_at > {SINCE} THEN 1 END) AS recheck_n FROM visit_service \
         WHERE branch_id = $1 AND started_at >= $2 AND started_at <= $3 AND state = 'done'"
    );
    let row = sql::one(store.db(), &sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Services { n: 0, certified: 0, recheck_n: 0 }))
}

/// Re-checks offered in time, and those made use of. There is at most one for each service.
async fn rechecks(store: &Store, catalog: &Catalog, period: &Period) -> Result<Rechecks> {
    let sql = format!(
        "SELECT COUNT(CASE WHEN opened_at - finished_at <= {OFFER_MS} THEN 1 END) AS met, \
         COUNT(CASE WHEN state = 'done' THEN 1 END) AS used FROM recheck \
         WHERE branch_id = $1 AND started_at >= $2 AND started_at <= $3"
    );
    let row = sql::one(store.db(), &sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Rechecks { met: 0, used: 0 }))
}

/// A call whose callback is still in time does not count yet.
async fn calls(store: &Store, catalog: &Catalog, period: &Period) -> Result<Counts> {
    let sql = "SELECT COUNT(*) AS n, COUNT(CASE WHEN answered AND rings <= 3 \
        AND (callback_due IS NULL OR called_back_at <= callback_due) THEN 1 END) AS met FROM phone_call \
        WHERE branch_id = $1 AND at >= $2 AND at <= $3 \
        AND (callback_due IS NULL OR called_back_at IS NOT NULL OR callback_due < $3)";
    let row = sql::one(store.db(), sql, range(catalog, period)).await?;
    Ok(row.unwrap_or(Counts { n: 0, met: 0 }))
}

/// Targets are settings: `promise.WAIT` and so on in basis points, of the branch or of the chain.
async fn targets(store: &Store, catalog: &Catalog) -> Result<Vec<(Promise, u32)>> {
    let sql = "SELECT key, value FROM setting WHERE key >= 'promise.' AND key < 'promise/' \
        AND (branch_id = $1 OR branch_id IS NULL) ORDER BY CASE WHEN branch_id IS NULL THEN 1 ELSE 0 END";
    let rows: Vec<Setting> = sql::all(store.db(), sql, vals![catalog.branch.id.0]).await?;
    let read = |row: &Setting| {
        let promise = Promise::from_code(row.key.strip_prefix("promise.")?)?;
        Some((promise, row.value.parse().ok().filter(|target| *target <= 10_000)?))
    };
    Ok(rows.iter().filter_map(read).collect())
}
