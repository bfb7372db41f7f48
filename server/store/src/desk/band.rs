//! Wristbands and lockers of a bathhouse (DESK-8).

use super::people::{me, noted};
use crate::{
    Error, OpContext, Result, Tx,
    entity::{band_out, visit_service, wristband},
    idempotency, sql,
    sql::vals,
    time::{date, day_of, local_ms, ms},
};
use chrono::Duration;
use domain::{
    BandOutId, BranchId, Fen, FieldCode, Refusal, ResourceId, Text, VisitId,
    desk::{
        VisitState,
        band::{BAND_HOURS, BandKind, BandLine, BandOut, BandsPage},
    },
    permission::{Action, Scope},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Bands out that are listed.
const LISTED: i64 = 300;
/// Free numbers offered.
const OFFERED: i64 = 12;

/// Registers numbers that the house has; those known already stay. Gives how many are new.
///
/// # Errors
/// The database's.
pub async fn register_bands(
    cx: &OpContext,
    branch: BranchId,
    kind: BandKind,
    labels: Vec<String>,
) -> Result<u64> {
    cx.allow(Action::SetUpDesk, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let known: Vec<wristband::Model> = wristband::Entity::find()
        .filter(wristband::Column::BranchId.eq(branch.0))
        .filter(wristband::Column::Kind.eq(kind.code()))
        .filter(wristband::Column::Label.is_in(labels.iter().cloned()))
        .all(&tx)
        .await?;
    let new: Vec<wristband::ActiveModel> = labels
        .into_iter()
        .filter(|label| !known.iter().any(|k| k.label == *label))
        .map(|label| {
            let (id, kind) = (Uuid::now_v7(), kind.code().to_owned());
            wristband::Model { id, branch_id: branch.0, kind, label, lost_at: None }.into()
        })
        .collect();
    let count = new.len() as u64;
    if count > 0 {
        wristband::Entity::insert_many(new).exec_without_returning(&tx).await?;
    }
    noted(&tx, cx, branch, ("band.register", "wristband"), branch.0);
    tx.commit().await?;
    Ok(count)
}

async fn thing(tx: &Tx, branch: Uuid, kind: BandKind, label: &str) -> Result<Uuid> {
    let sql =
        "SELECT id FROM wristband WHERE branch_id = $1 AND kind = $2 AND label = $3 AND lost_at IS NULL";
    let row = sql::row(tx, sql, vals![branch, kind.code(), label]).await?;
    Ok(row.ok_or_else(|| Error::field(kind.code(), FieldCode::Choice))?.try_get_by_index(0)?)
}

/// Hands a band out to a visit, with a locker and a room. The same key again gives the same band.
///
/// # Errors
/// `Invalid` on `band` or `locker` when there is none of that number (`Choice`) or it is out (`Taken`), on `room`;
/// `WrongState` when the visit is over, `KeyReused`, `NotFound`.
pub async fn give_band(cx: &OpContext, give: BandOut) -> Result<BandOutId> {
    let answer = give_once(cx, &give).await;
    match answer.as_ref().err().and_then(Error::constraint).as_deref() {
        Some("uq_band_out_band_id") => Err(Error::field("band", FieldCode::Taken)),
        Some("uq_band_out_locker_id") => Err(Error::field("locker", FieldCode::Taken)),
        _ => answer,
    }
}

async fn give_once(cx: &OpContext, give: &BandOut) -> Result<BandOutId> {
    let tx = cx.begin().await?;
    let visit = super::rows::lock_visit(&tx, give.visit).await?;
    let branch = BranchId(visit.branch_id);
    cx.allow(Action::KeepDesk, &Scope::branch(branch)).map_err(|_| Error::NotFound)?;
    let request = (give.visit, &give.band, &give.locker, give.room);
    if let Some(id) = idempotency::seen(&tx, "band", &give.key, &request).await? {
        tx.commit().await?;
        return Ok(id);
    }
    if matches!(super::rows::visit_state(&visit)?, VisitState::Done | VisitState::Left) {
        return Err(super::rows::wrong_state(&visit.state));
    }
    let catalog = cx.store.catalog(branch).await?;
    if give.room.is_some_and(|room| catalog.room(room).is_none_or(|room| !room.works_at(tx.now()))) {
        return Err(Error::field("room", FieldCode::Choice));
    }
    let band = thing(&tx, branch.0, BandKind::Band, &give.band).await?;
    let locker = match &give.locker {
        Some(label) => Some(thing(&tx, branch.0, BandKind::Locker, label).await?),
        None => None,
    };
    // Back at closing, or after so many hours where that is earlier.
    let latest = tx.now() + Duration::hours(BAND_HOURS);
    let open = catalog.branch.open_on(date(day_of(catalog.tz(), tx.now())));
    let closing = open.intervals().last().map(|part| part.to).filter(|to| *to > tx.now());
    let due = closing.map_or(latest, |closing| closing.min(latest));
    let id = BandOutId::new();
    let sql = "INSERT INTO band_out (id, branch_id, band_id, locker_id, room_id, visit_id, out_at, due_at, out_by, \
               lost, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, 1)";
    let room = give.room.map(|room| room.0);
    let values = vals![id.0, branch.0, band, locker, room, visit.id, tx.now_ms(), ms(due), me(cx)?.0];
    tx.run(sql, values).await?;
    noted(&tx, cx, branch, ("band.out", "band_out"), id.0);
    idempotency::answered(&tx, "band", &give.key, &id)?;
    tx.commit().await?;
    Ok(id)
}

/// A band comes back, or is lost: then it is not given out any more until it is found.
///
/// # Errors
/// `WrongState` when it is back, `Stale`, `NotFound`.
pub async fn band_back(cx: &OpContext, out: BandOutId, version: i32, lost: bool) -> Result<()> {
    let tx = cx.begin().await?;
    let row = band_out::Entity::find_by_id(out.0).lock_exclusive().one(&tx).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    cx.allow(Action::KeepDesk, &Scope::branch(branch)).map_err(|_| Error::NotFound)?;
    if row.back_at.is_some() {
        return Err(super::rows::wrong_state("returned"));
    }
    if row.version != version {
        return Err(Refusal::Stale.into());
    }
    let sql =
        "UPDATE band_out SET back_at = $1, back_by = $2, lost = $3, version = version + 1 WHERE id = $4";
    tx.run(sql, vals![tx.now_ms(), me(cx)?.0, lost, row.id]).await?;
    if lost {
        tx.run("UPDATE wristband SET lost_at = $1 WHERE id = $2", vals![tx.now_ms(), row.band_id]).await?;
    }
    let action = if lost { "band.lost" } else { "band.back" };
    noted(&tx, cx, branch, (action, "band_out"), row.id);
    tx.commit().await
}

/// A lost band was found: it can be given out again.
///
/// # Errors
/// `Invalid` on `band` when no band of that number is lost.
pub async fn band_found(cx: &OpContext, branch: BranchId, label: &str) -> Result<()> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let sql = "UPDATE wristband SET lost_at = NULL WHERE branch_id = $1 AND kind = 'band' AND label = $2 \
               AND lost_at IS NOT NULL";
    if tx.run(sql, vals![branch.0, label]).await? == 0 {
        return Err(Error::field("band", FieldCode::Choice));
    }
    noted(&tx, cx, branch, ("band.found", "wristband"), branch.0);
    tx.commit().await
}

#[derive(FromQueryResult)]
struct OutRow {
    id: Uuid,
    version: i32,
    band: String,
    locker: Option<String>,
    room_id: Option<Uuid>,
    visit_id: Uuid,
    ticket: String,
    state: String,
    name: String,
    out_at: i64,
    due_at: i64,
}

/// Bands that are out, those due first at the head. Also for the handover.
pub(super) async fn out_now<C: ConnectionTrait>(
    db: &C,
    catalog: &crate::catalog::Catalog,
    now: i64,
) -> Result<Vec<BandLine>> {
    let sql = "SELECT o.id, o.version, b.label AS band, l.label AS locker, o.room_id, o.visit_id, v.ticket, v.state, \
               c.name, o.out_at, o.due_at FROM band_out o JOIN wristband b ON b.id = o.band_id \
               LEFT JOIN wristband l ON l.id = o.locker_id JOIN visit v ON v.id = o.visit_id \
               JOIN customer c ON c.id = v.customer_id \
               WHERE o.branch_id = $1 AND o.back_at IS NULL ORDER BY o.due_at, b.label LIMIT $2";
    let rows: Vec<OutRow> = sql::all(db, sql, vals![catalog.branch.id.0, LISTED]).await?;
    let mut tabs = tabs(db, rows.iter().map(|row| row.visit_id).collect()).await?;
    let line = |row: OutRow| {
        let (services, total) = tabs.remove(&row.visit_id).unwrap_or_default();
        let left = matches!(VisitState::from_code(&row.state), Some(VisitState::Done | VisitState::Left));
        BandLine {
            id: BandOutId(row.id),
            version: row.version,
            band: row.band,
            locker: row.locker,
            room: row.room_id.and_then(|id| catalog.room(ResourceId(id))).map(|room| room.name.clone()),
            visit: VisitId(row.visit_id),
            ticket: row.ticket,
            name: row.name,
            services,
            total,
            since: local_ms(catalog.tz(), row.out_at),
            due: local_ms(catalog.tz(), row.due_at),
            over: now >= row.due_at,
            left,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// What each of these visits ordered so far.
async fn tabs<C: ConnectionTrait>(db: &C, visits: Vec<Uuid>) -> Result<HashMap<Uuid, (Vec<Text>, Fen)>> {
    let mut out: HashMap<Uuid, (Vec<Text>, Fen)> = HashMap::new();
    if visits.is_empty() {
        return Ok(out);
    }
    let find = visit_service::Entity::find()
        .filter(visit_service::Column::VisitId.is_in(visits))
        .filter(visit_service::Column::State.ne("dropped"))
        .order_by_asc(visit_service::Column::Position);
    for item in find.all(db).await? {
        let tab = out.entry(item.visit_id).or_default();
        tab.0.push(super::rows::name(&item));
        tab.1 = Fen(tab.1.0 + item.price_fen);
    }
    Ok(out)
}

#[derive(FromQueryResult)]
struct Counted {
    kind: String,
    n: i64,
}

#[derive(FromQueryResult)]
struct Label {
    kind: String,
    label: String,
}

/// Everything about the branch's wristbands.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn bands_page(cx: &OpContext, branch: BranchId) -> Result<BandsPage> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let db = cx.db();
    let out = out_now(db, &catalog, ms(cx.now())).await?;
    let day = day_of(catalog.tz(), cx.now());
    let visits = visits(db, branch, day).await?;
    let sql =
        "SELECT kind, COUNT(*) AS n FROM wristband WHERE branch_id = $1 AND lost_at IS NULL GROUP BY kind";
    let counted: Vec<Counted> = sql::all(db, sql, vals![branch.0]).await?;
    let count = |kind: BandKind| {
        counted.iter().find(|c| c.kind == kind.code()).map_or(0, |c| u32::try_from(c.n).unwrap_or(0))
    };
    let lost = wristband::Entity::find()
        .filter(wristband::Column::BranchId.eq(branch.0))
        .filter(wristband::Column::LostAt.is_not_null())
        .order_by_asc(wristband::Column::Label)
        .limit(50)
        .all(db)
        .await?;
    Ok(BandsPage {
        branch: catalog.branch.info(cx.now()),
        out,
        visits,
        bands: free(db, branch, BandKind::Band).await?,
        lockers: free(db, branch, BandKind::Locker).await?,
        rooms: catalog
            .rooms
            .iter()
            .filter(|r| r.works_at(cx.now()))
            .map(|r| (r.id, r.name.clone()))
            .collect(),
        bands_all: count(BandKind::Band),
        lockers_all: count(BandKind::Locker),
        lost: lost.into_iter().map(|band| band.label).collect(),
    })
}

/// The first free numbers.
async fn free<C: ConnectionTrait>(db: &C, branch: BranchId, kind: BandKind) -> Result<Vec<String>> {
    let column = if kind == BandKind::Band { "band_id" } else { "locker_id" };
    let sql = format!(
        "SELECT w.kind, w.label FROM wristband w WHERE w.branch_id = $1 AND w.kind = $2 AND w.lost_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM band_out o WHERE o.{column} = w.id AND o.back_at IS NULL) \
         ORDER BY w.label LIMIT $3"
    );
    let rows: Vec<Label> = sql::all(db, &sql, vals![branch.0, kind.code(), OFFERED]).await?;
    Ok(rows.into_iter().filter(|row| row.kind == kind.code()).map(|row| row.label).collect())
}

#[derive(FromQueryResult)]
struct VisitName {
    id: Uuid,
    ticket: String,
    name: String,
}

/// Visits under way that have no band.
async fn visits<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    day: i32,
) -> Result<Vec<(VisitId, String, String)>> {
    let sql = "SELECT v.id, v.ticket, c.name FROM visit v JOIN customer c ON c.id = v.customer_id \
               WHERE v.branch_id = $1 AND v.day IN ($2, $3) AND v.state IN ('waiting', 'assigned', 'in_service') \
               AND NOT EXISTS (SELECT 1 FROM band_out o WHERE o.visit_id = v.id AND o.back_at IS NULL) \
               ORDER BY v.arrived_at DESC LIMIT 100";
    let rows: Vec<VisitName> = sql::all(db, sql, vals![branch.0, day, day - 1]).await?;
    Ok(rows.into_iter().map(|row| (VisitId(row.id), row.ticket, row.name)).collect())
}

/// How many bands are out, and how many of them should be back.
pub(super) async fn counts<C: ConnectionTrait>(db: &C, branch: Uuid, now: i64) -> Result<(u32, u32)> {
    let sql = "SELECT COUNT(*) AS n_out, COUNT(CASE WHEN due_at <= $2 THEN 1 END) AS n_over FROM band_out \
               WHERE branch_id = $1 AND back_at IS NULL";
    let row = sql::row(db, sql, vals![branch, now]).await?;
    let Some(row) = row else { return Ok((0, 0)) };
    let n = |i| row.try_get_by_index::<i64>(i).map(|n| u32::try_from(n).unwrap_or(0));
    Ok((n(0)?, n(1)?))
}
