//! Bookings and visits of some days, as the lanes need them.

use crate::{Result, sql, sql::vals, time::day_number};
use chrono::NaiveDate;
use domain::BranchId;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// One service of a booking, with the visit that it became.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct ItemRow {
    pub id: Uuid,
    /// `None`: a walk-in.
    pub booking_id: Option<Uuid>,
    pub version: i32,
    pub state: String,
    /// When the whole booking begins.
    pub begin_ms: i64,
    pub name_zh: String,
    pub name_en: String,
    pub staff_id: Uuid,
    pub room_id: Option<Uuid>,
    pub wished: bool,
    pub from_ms: i64,
    pub to_ms: i64,
    pub active_min: i32,
    pub processing_min: i32,
    pub cleanup_min: i32,
    pub customer: Option<String>,
    /// Of the visit's service.
    pub service_state: Option<String>,
    pub served_by: Option<Uuid>,
    pub served_in: Option<Uuid>,
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
}

impl ItemRow {
    /// Who does it in the end.
    pub fn staff(&self) -> Uuid {
        self.served_by.unwrap_or(self.staff_id)
    }

    pub fn room(&self) -> Option<Uuid> {
        self.served_in.or(self.room_id)
    }

    /// When the customer is served: as it really was, else as booked.
    pub fn span(&self, now: i64) -> (i64, i64) {
        match (self.started_at, self.finished_at) {
            (Some(from), Some(to)) => (from, to.max(from + 1)),
            (Some(from), None) => (from, (from + self.to_ms - self.from_ms).max(now)),
            _ => (self.from_ms, self.to_ms),
        }
    }

    /// Minutes in which the person is busy with it.
    pub fn busy_min(&self, now: i64) -> u32 {
        let (from, to) = self.span(now);
        u32::try_from((to - from) / 60_000 - i64::from(self.processing_min)).unwrap_or(0)
    }
}

/// Everything of the days that takes a person's time or did: bookings that are not cancelled, walk-ins that were begun.
/// Holds while they last.
pub(super) async fn items<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    (first, last): (NaiveDate, NaiveDate),
    now: i64,
) -> Result<Vec<ItemRow>> {
    let booked = "SELECT i.id, b.id AS booking_id, b.version, b.state, b.from_ms AS begin_ms, i.name_zh, i.name_en, \
                  i.staff_id, i.room_id, i.wished, i.from_ms, i.to_ms, i.active_min, i.processing_min, i.cleanup_min, \
                  c.name AS customer, s.state AS service_state, s.staff_id AS served_by, s.room_id AS served_in, \
                  s.started_at, s.finished_at \
                  FROM booking b JOIN booking_item i ON i.booking_id = b.id \
                  LEFT JOIN customer c ON c.id = b.customer_id LEFT JOIN visit v ON v.booking_id = b.id \
                  LEFT JOIN visit_service s ON s.visit_id = v.id AND s.position = i.position \
                  WHERE b.branch_id = $1 AND b.day BETWEEN $2 AND $3 AND (b.state IN ('booked', 'confirmed', \
                  'arrived', 'in_service', 'completed', 'no_show') OR (b.state = 'held' AND b.held_until > $4))";
    let walk_ins = "SELECT s.id, NULL AS booking_id, v.version, v.state, s.started_at AS begin_ms, s.name_zh, s.name_en, \
                    s.staff_id, s.room_id, s.wished_staff_id IS NOT NULL AS wished, s.started_at AS from_ms, \
                    s.started_at + 60000 * (s.active_min + s.processing_min + s.finish_min) AS to_ms, s.active_min, \
                    s.processing_min, s.cleanup_min, c.name AS customer, s.state AS service_state, \
                    s.staff_id AS served_by, s.room_id AS served_in, s.started_at, s.finished_at \
                    FROM visit v JOIN visit_service s ON s.visit_id = v.id JOIN customer c ON c.id = v.customer_id \
                    WHERE v.branch_id = $1 AND v.day BETWEEN $2 AND $3 AND v.booking_id IS NULL \
                    AND s.started_at IS NOT NULL AND s.staff_id IS NOT NULL";
    let (first, last) = (day_number(first), day_number(last));
    let mut rows: Vec<ItemRow> = sql::all(db, booked, vals![branch.0, first, last, now]).await?;
    rows.extend(sql::all::<ItemRow, C>(db, walk_ins, vals![branch.0, first, last]).await?);
    rows.sort_by_key(|row| (row.span(now), row.id));
    Ok(rows)
}

#[derive(FromQueryResult)]
struct Taken {
    resource_id: Uuid,
    item_id: Option<Uuid>,
    service_id: Option<Uuid>,
}

/// Which devices are taken for which items, as `(device, item)`. A booking's item keeps its row when the visit begins.
pub(super) async fn devices<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    (from, to): (i64, i64),
) -> Result<Vec<(Uuid, Uuid)>> {
    let sql = "SELECT a.resource_id, a.booking_item_id AS item_id, a.visit_service_id AS service_id \
               FROM resource r JOIN allocation a ON a.resource_id = r.id \
               WHERE r.branch_id = $1 AND r.kind = 'device' AND a.from_ms > $2 AND a.from_ms < $3 AND a.active";
    let rows: Vec<Taken> = sql::all(db, sql, vals![branch.0, from, to]).await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.resource_id, row.item_id.or(row.service_id)?))).collect())
}
