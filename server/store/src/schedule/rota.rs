//! Shifts, breaks and leave of some days. Not from the catalogue in memory, which forgets what is past.

use crate::{
    Result,
    catalog::Catalog,
    sql,
    sql::vals,
    time::{DAY_MS, at, day_bounds, ms},
};
use chrono::NaiveDate;
use domain::{BranchId, Interval, StaffId, time::IntervalSet};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// A leave lasts so many days at most; a CHECK of the table.
const LEAVE_MAX: i64 = 92;

#[derive(FromQueryResult)]
struct Row {
    staff_id: Uuid,
    kind: String,
    from_ms: i64,
    to_ms: i64,
}

/// What one person's rota says, within the days asked for.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub shifts: IntervalSet,
    pub breaks: IntervalSet,
    /// Leave, training and whatever else takes somebody out of the shift.
    pub away: IntervalSet,
}

impl Own {
    /// Minutes at work within `span`.
    pub fn working_min(&self, span: Interval) -> u32 {
        let span = IntervalSet::from_intervals(vec![span]);
        let work = self.shifts.intersection(&span).minus(&self.breaks).minus(&self.away);
        let minutes: i64 = work.intervals().iter().map(|part| part.length().num_minutes()).sum();
        u32::try_from(minutes).unwrap_or(0)
    }
}

/// Of one branch, by person; at most a month and a half.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<HashMap<StaffId, Own>> {
    let (from, to) =
        (ms(day_bounds(catalog.tz(), first).0), ms(day_bounds(catalog.tz(), last).1) + DAY_MS / 2);
    let mut own = HashMap::new();
    for (id, parts) in kinds(db, catalog.branch.id, from, to).await? {
        let [shifts, breaks, away] = parts.map(IntervalSet::from_intervals);
        own.insert(id, Own { shifts, breaks, away });
    }
    Ok(own)
}

async fn kinds<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    from: i64,
    to: i64,
) -> Result<HashMap<StaffId, [Vec<Interval>; 3]>> {
    let sql = "SELECT staff_id, kind, from_ms, to_ms FROM rota WHERE branch_id = $1 AND from_ms > $2 AND from_ms < $3 \
               AND to_ms > $4 AND (from_ms > $5 OR kind NOT IN ('shift', 'break'))";
    let values = vals![branch.0, from - LEAVE_MAX * DAY_MS, to, from, from - 2 * DAY_MS];
    let rows: Vec<Row> = sql::all(db, sql, values).await?;
    let mut out: HashMap<StaffId, [Vec<Interval>; 3]> = HashMap::new();
    for row in rows {
        let Some(part) = Interval::new(at(row.from_ms), at(row.to_ms)) else { continue };
        let own = out.entry(StaffId(row.staff_id)).or_default();
        match &*row.kind {
            "shift" => own[0].push(part),
            "break" => own[1].push(part),
            _ => own[2].push(part),
        }
    }
    Ok(out)
}
