//! The page of readings: a fixed number of statements, however many areas.

use super::{kind_of, limits};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    entity::resource,
    sql::{self, vals},
    time::{day_bounds, local, local_ms, ms},
};
use domain::{
    BathJobId, BranchId, ResourceId, Text,
    ops::bath::{
        AffectedBooking, BathArea, BathJob, BathLimits, BathPage, KindView, Limit, Reading, ReadingKind,
    },
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Readings of a day, and bookings concerned, shown at most.
const READINGS: u32 = 600;
const AFFECTED: u32 = 60;

#[derive(FromQueryResult)]
struct ReadingRow {
    resource_id: Uuid,
    kind: String,
    value: i32,
    low: i32,
    high: i32,
    at: i64,
    by_zh: String,
    by_en: String,
}

#[derive(FromQueryResult)]
struct JobRow {
    id: Uuid,
    resource_id: Uuid,
    kind: String,
    value: i32,
    low: i32,
    high: i32,
    opened_at: i64,
    work_done_at: Option<i64>,
    version: i32,
    owner_zh: Option<String>,
    owner_en: Option<String>,
}

#[derive(FromQueryResult)]
struct BookingRow {
    room_id: Uuid,
    number: String,
    name: Option<String>,
    name_zh: String,
    name_en: String,
    from_ms: i64,
}

/// All baths of a branch with today's readings (TREAT-8); none for houses without baths.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn page(cx: &OpContext, branch: BranchId) -> Result<BathPage> {
    cx.allow(Action::ReadBaths, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let limits = limits(cx.db(), branch).await?;
    let rooms = resource::Entity::find()
        .filter(resource::Column::BranchId.eq(branch.0))
        .filter(resource::Column::Kind.eq("room"))
        .filter(resource::Column::State.ne("retired"))
        .order_by_asc(resource::Column::NameZh)
        .all(cx.db())
        .await?;
    let rooms: Vec<_> =
        rooms.into_iter().filter(|room| !ReadingKind::of_room(&room.type_code).is_empty()).collect();
    let readings = readings(cx, &catalog).await?;
    let jobs = jobs(cx, branch).await?;
    let affected = affected(cx, branch).await?;
    let mut areas = Vec::with_capacity(rooms.len());
    for room in &rooms {
        areas.push(area(cx, &catalog, &limits, room, &readings, &jobs, &affected)?);
    }
    Ok(BathPage { branch, now: local(catalog.tz(), cx.now()), limits, areas })
}

/// Of today, the oldest first, and before them the last one of each kind that is older.
async fn readings(cx: &OpContext, catalog: &Catalog) -> Result<Vec<ReadingRow>> {
    let (from, _) = day_bounds(catalog.tz(), catalog.branch.today(cx.now()));
    let columns = "r.resource_id, r.kind, r.value, r.low, r.high, r.at, r.by_zh, r.by_en";
    let sql = format!(
        "SELECT {columns} FROM bath_reading r WHERE r.branch_id = $1 AND r.at < $2 AND r.at >= $2 - 604800000 \
         AND NOT EXISTS (SELECT 1 FROM bath_reading n WHERE n.resource_id = r.resource_id AND n.kind = r.kind \
         AND n.at > r.at AND n.at < $2) ORDER BY r.at, r.id LIMIT {READINGS}"
    );
    let mut rows: Vec<ReadingRow> = sql::all(cx.db(), &sql, vals![catalog.branch.id.0, ms(from)]).await?;
    let sql = format!(
        "SELECT {columns} FROM bath_reading r WHERE r.branch_id = $1 AND r.at >= $2 ORDER BY r.at, r.id LIMIT {READINGS}"
    );
    let today: Vec<ReadingRow> = sql::all(cx.db(), &sql, vals![catalog.branch.id.0, ms(from)]).await?;
    rows.extend(today);
    Ok(rows)
}

async fn jobs(cx: &OpContext, branch: BranchId) -> Result<Vec<JobRow>> {
    let sql = "SELECT j.id, j.resource_id, j.kind, j.value, j.low, j.high, j.opened_at, j.work_done_at, j.version, \
               u.name_zh AS owner_zh, u.name_en AS owner_en FROM bath_job j LEFT JOIN user_account u ON u.id = j.owner \
               WHERE j.branch_id = $1 AND j.closed_at IS NULL";
    sql::all(cx.db(), sql, vals![branch.0]).await
}

/// Bookings to come of closed areas.
async fn affected(cx: &OpContext, branch: BranchId) -> Result<Vec<BookingRow>> {
    let sql = format!(
        "SELECT i.room_id, b.number, c.name, i.name_zh, i.name_en, i.from_ms FROM bath_job j \
         JOIN booking_item i ON i.room_id = j.resource_id AND i.to_ms > $2 JOIN booking b ON b.id = i.booking_id \
         LEFT JOIN customer c ON c.id = b.customer_id \
         WHERE j.branch_id = $1 AND j.closed_at IS NULL AND b.state IN ('held', 'booked', 'confirmed', 'arrived') \
         ORDER BY i.from_ms, i.id LIMIT {AFFECTED}"
    );
    sql::all(cx.db(), &sql, vals![branch.0, ms(cx.now())]).await
}

fn area(
    cx: &OpContext,
    catalog: &Catalog,
    limits: &BathLimits,
    room: &resource::Model,
    readings: &[ReadingRow],
    jobs: &[JobRow],
    affected: &[BookingRow],
) -> Result<BathArea> {
    let tz = catalog.tz();
    let (today, _) = day_bounds(tz, catalog.branch.today(cx.now()));
    let shown = |row: &ReadingRow| Reading {
        at: local_ms(tz, row.at),
        value: row.value,
        judged: Limit { low: row.low, high: row.high }.judge(row.value),
        by: Text::new(&*row.by_zh, &*row.by_en),
    };
    let own: Vec<&ReadingRow> = readings.iter().filter(|row| row.resource_id == room.id).collect();
    let kinds = ReadingKind::of_room(&room.type_code).iter().map(|kind| {
        let of_kind = || own.iter().filter(|row| row.kind == kind.code());
        KindView {
            kind: *kind,
            limit: limits.of(*kind),
            last: of_kind().max_by_key(|row| row.at).map(|row| shown(row)),
            day: of_kind().filter(|row| row.at >= ms(today)).map(|row| shown(row)).collect(),
        }
    });
    let kinds: Vec<KindView> = kinds.collect();
    let due = due(cx, catalog, limits, &kinds);
    let overdue = due.map_or(0, |due| (ms(cx.now()) - due).max(0) / 60_000);
    let job = jobs.iter().find(|job| job.resource_id == room.id);
    Ok(BathArea {
        id: ResourceId(room.id),
        name: Text::new(&*room.name_zh, &*room.name_en),
        closed: room.state != "active",
        kinds,
        due: due.map(|due| local_ms(tz, due)),
        overdue: u32::try_from(overdue).unwrap_or(0),
        job: match job {
            Some(job) => Some(BathJob {
                id: BathJobId(job.id),
                opened: local_ms(tz, job.opened_at),
                kind: kind_of(&job.kind)?,
                value: job.value,
                judged: Limit { low: job.low, high: job.high }.judge(job.value),
                owner: job.owner_zh.clone().map(|zh| Text::new(zh, job.owner_en.clone().unwrap_or_default())),
                work_done: job.work_done_at.map(|at| local_ms(tz, at)),
                version: job.version,
            }),
            None => None,
        },
        affected: affected
            .iter()
            .filter(|row| row.room_id == room.id)
            .map(|row| AffectedBooking {
                number: row.number.clone(),
                name: row.name.clone().unwrap_or_default(),
                service: Text::new(&*row.name_zh, &*row.name_en),
                at: local_ms(tz, row.from_ms),
            })
            .collect(),
    })
}

/// The time plan: every so many hours after the last complete reading, counted from the opening, while the house is open.
fn due(cx: &OpContext, catalog: &Catalog, limits: &BathLimits, kinds: &[KindView]) -> Option<i64> {
    let now = cx.now();
    let today = catalog.branch.today(now);
    let open = [today, today - chrono::Duration::days(1)].into_iter().find_map(|day| {
        catalog.branch.open_on(day).intervals().iter().copied().find(|i| i.from <= now && now < i.to)
    })?;
    let last = kinds.iter().map(|kind| kind.last.as_ref().map_or(0, |last| last.at.millis())).min()?;
    let every = i64::from(limits.every_hours) * 3_600_000;
    Some(if last < ms(open.from) { ms(open.from) } else { last + every })
}
