//! How people are rated, for the booking page: changes slowly and is asked for often, so it is kept for a while.

use crate::{OpContext, Result, sql::vals, time::ms};
use chrono::{DateTime, Duration, Utc};
use domain::{BranchId, StaffId};
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};
use uuid::Uuid;

/// Fewer answers are not shown: they would say more about the customers than about the person (SURVEY-6).
const LEAST: i64 = 5;
/// Answers of so long ago count.
const SPAN: Duration = Duration::days(365);
const KEPT: Duration = Duration::minutes(10);

type Ratings = HashMap<StaffId, (f32, u32)>;
type ReadAt = (DateTime<Utc>, Arc<Ratings>);

/// What was read, by branch, with when.
#[derive(Default)]
pub(super) struct Cache(RwLock<HashMap<BranchId, ReadAt>>);

/// Mean of the overall scores and how many there are, by person; of the last year.
pub(super) async fn of(cx: &OpContext, branch: BranchId) -> Result<Arc<Ratings>> {
    let (cache, now) = (&cx.store.booking.ratings, cx.now());
    let known = cache.0.read().ok().and_then(|all| all.get(&branch).cloned());
    if let Some((read_at, ratings)) = known
        && (Duration::zero()..KEPT).contains(&(now - read_at))
    {
        return Ok(ratings);
    }
    let ratings = Arc::new(read(cx, branch).await?);
    if let Ok(mut all) = cache.0.write() {
        all.insert(branch, (now, ratings.clone()));
    }
    Ok(ratings)
}

async fn read(cx: &OpContext, branch: BranchId) -> Result<Ratings> {
    let sql = "SELECT s.staff_id, SUM(r.overall), COUNT(*) FROM response r \
               JOIN visit_service s ON s.visit_id = r.visit_id \
               WHERE r.branch_id = $1 AND r.at > $2 AND s.staff_id IS NOT NULL \
               GROUP BY s.staff_id HAVING COUNT(*) >= $3";
    let values = vals![branch.0, ms(cx.now() - SPAN), LEAST];
    let db = cx.db();
    let backend = sea_orm::ConnectionTrait::get_database_backend(db);
    let statement = sea_orm::Statement::from_sql_and_values(backend, sql, values);
    let rows = sea_orm::ConnectionTrait::query_all_raw(db, statement).await?;
    let mut out = Ratings::with_capacity(rows.len());
    for row in rows {
        let (sum, n) = (row.try_get_by_index::<i64>(1)?, row.try_get_by_index::<i64>(2)?);
        let mean = (sum as f64 / n as f64) as f32;
        out.insert(StaffId(row.try_get_by_index::<Uuid>(0)?), (mean, u32::try_from(n).unwrap_or(u32::MAX)));
    }
    Ok(out)
}
