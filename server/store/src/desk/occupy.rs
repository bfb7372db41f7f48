//! Taking people, rooms and devices for a visit that is not, or not any more, as it was booked.

use super::rows::blocks;
use crate::{
    Error, Result, Tx,
    catalog::{Catalog, Thing},
    entity::{allocation, visit_service},
    sql::vals,
    taken::{self, Taken},
    time::{DAY_MS, local_ms, ms},
};
use chrono::{DateTime, Utc};
use domain::{AllocationId, Refusal, ServiceId, StaffId, booking::slots::Span};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What a service occupies now.
pub(crate) async fn taken_by<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<Vec<allocation::Model>> {
    let find = allocation::Entity::find().filter(allocation::Column::VisitServiceId.eq(item));
    Ok(find.filter(allocation::Column::Active.eq(true)).all(db).await?)
}

/// Gives back everything the service occupies.
pub(crate) async fn release(tx: &Tx, item: Uuid) -> Result<()> {
    let sql = "UPDATE allocation SET active = FALSE WHERE visit_service_id = $1 AND active";
    taken::change(tx, sql, vals![item]).await
}

/// Gives back what is left of a service that has just ended: the person at once, room and devices after the clean-up.
pub(crate) async fn release_rest(tx: &Tx, item: &visit_service::Model) -> Result<()> {
    let now = tx.now_ms();
    let cleaned = now + i64::from(item.cleanup_min) * 60_000;
    let sql = "UPDATE allocation SET active = FALSE WHERE visit_service_id = $1 AND active AND from_ms >= $2";
    taken::change(tx, sql, vals![item.id, now]).await?;
    let sql = "UPDATE allocation SET to_ms = CASE WHEN resource_id = $1 THEN $2 ELSE $3 END \
               WHERE visit_service_id = $4 AND active AND to_ms > CASE WHEN resource_id = $1 THEN $2 ELSE $3 END";
    taken::change(tx, sql, vals![item.staff_id.unwrap_or_default(), now, cleaned, item.id]).await
}

/// Everything that could be taken for the service: the person, rooms of its kind, devices.
struct Candidates {
    rooms: Vec<Uuid>,
    devices: Vec<Vec<Uuid>>,
    needs_room: bool,
}

impl Candidates {
    fn of(catalog: &Catalog, item: &visit_service::Model, now: DateTime<Utc>) -> Self {
        let menu = catalog.service(ServiceId(item.service_id));
        let kinds: Vec<&str> =
            menu.map(|s| s.devices.iter().map(String::as_str).collect()).unwrap_or_default();
        Self {
            rooms: of_kind(&catalog.rooms, now, menu.and_then(|s| s.room_type.as_deref())),
            devices: kinds.iter().map(|kind| of_kind(&catalog.devices, now, Some(kind))).collect(),
            needs_room: menu.is_some_and(|s| s.room_type.is_some()),
        }
    }

    fn with(&self, person: StaffId) -> Vec<Uuid> {
        let mut all = vec![person.0];
        all.extend(self.rooms.iter().chain(self.devices.iter().flatten()));
        all
    }
}

/// Waits for everybody who is about to take the person, or a room or device that the service could need. All locks at
/// once and in order, as booking takes them, so that nobody waits for each other.
pub(crate) async fn lock(
    tx: &Tx,
    catalog: &Catalog,
    item: &visit_service::Model,
    person: StaffId,
) -> Result<()> {
    let all = Candidates::of(catalog, item, tx.now()).with(person);
    tx.lock(all.into_iter().map(|id| taken::lock(id, tx.now_ms()))).await
}

/// Another person takes over a booked service: the time stays, the person changes. With the locks of [`lock`].
///
/// # Errors
/// `PersonBusy` when the time is not free with the new person.
pub(crate) async fn hand_over(
    tx: &Tx,
    catalog: &Catalog,
    item: &visit_service::Model,
    taken: &[allocation::Model],
    to: StaffId,
) -> Result<()> {
    let Some(old) = item.staff_id.filter(|old| *old != to.0) else { return Ok(()) };
    let spans: Vec<_> = taken
        .iter()
        .filter(|a| a.resource_id == old)
        .map(|a| Span { from: a.from_ms, to: a.to_ms })
        .collect();
    if let Some(until) = first_clash(&busy(tx, &[to.0], &spans).await?, to.0, &spans) {
        return Err(person_busy(catalog, until));
    }
    let sql =
        "UPDATE allocation SET resource_id = $1 WHERE visit_service_id = $2 AND resource_id = $3 AND active";
    tx.took(spans.iter().map(|span| Taken::new(old, span.from)));
    taken::change(tx, sql, vals![to.0, item.id, old]).await
}

/// What a service that is prepared from now on takes: room and devices for the whole time, the person without the
/// processing.
pub(super) fn from_now(item: &visit_service::Model, now: DateTime<Utc>) -> (Span, Vec<Span>) {
    let blocks = blocks(item);
    let begin = ms(now) + i64::from(blocks.prepare) * 60_000;
    (blocks.room(begin), blocks.person(begin).into_iter().flatten().collect())
}

/// Takes the person, a room and the devices for a service that is prepared from now on. Gives the room. With the
/// locks of [`lock`].
///
/// # Errors
/// `PersonBusy` or `NoRoomFree`.
pub(crate) async fn occupy(
    tx: &Tx,
    catalog: &Catalog,
    item: &visit_service::Model,
    person: StaffId,
) -> Result<Option<Uuid>> {
    let candidates = Candidates::of(catalog, item, tx.now());
    let (whole, person_spans) = from_now(item, tx.now());
    let busy = busy(tx, &candidates.with(person), &[whole]).await?;
    if let Some(until) = first_clash(&busy, person.0, &person_spans) {
        return Err(person_busy(catalog, until));
    }
    let free = |id: &&Uuid| first_clash(&busy, **id, &[whole]).is_none();
    let mut takes: Vec<(Uuid, Span)> = person_spans.iter().map(|span| (person.0, *span)).collect();
    let mut room = None;
    if candidates.needs_room {
        let found = *candidates.rooms.iter().find(free).ok_or(Refusal::NoRoomFree)?;
        room = Some(found);
        takes.push((found, whole));
    }
    for things in &candidates.devices {
        takes.push((*things.iter().find(free).ok_or(Refusal::NoRoomFree)?, whole));
    }
    let rows = takes.into_iter().map(|(resource, span)| allocation::Model {
        id: AllocationId::new().0,
        resource_id: resource,
        from_ms: span.from,
        to_ms: span.to,
        active: true,
        booking_item_id: None,
        visit_service_id: Some(item.id),
    });
    taken::take(tx, None, rows);
    Ok(room)
}

/// Rooms or devices of a type that work at present.
fn of_kind(things: &[Thing], now: DateTime<Utc>, kind: Option<&str>) -> Vec<Uuid> {
    things.iter().filter(|t| t.works_at(now) && Some(t.type_code.as_str()) == kind).map(|t| t.id.0).collect()
}

/// What is taken of these resources around these times; one statement.
async fn busy(tx: &Tx, ids: &[Uuid], spans: &[Span]) -> Result<Vec<allocation::Model>> {
    let (Some(from), Some(to)) = (spans.iter().map(|s| s.from).min(), spans.iter().map(|s| s.to).max())
    else {
        return Ok(Vec::new());
    };
    let find = allocation::Entity::find()
        .filter(allocation::Column::ResourceId.is_in(ids.iter().copied()))
        .filter(allocation::Column::Active.eq(true))
        .filter(allocation::Column::FromMs.gt(from - DAY_MS))
        .filter(allocation::Column::FromMs.lt(to))
        .filter(allocation::Column::ToMs.gt(from));
    Ok(find.all(tx).await?)
}

/// Until when the resource is taken by what clashes with one of the spans.
fn first_clash(busy: &[allocation::Model], resource: Uuid, spans: &[Span]) -> Option<i64> {
    let clashes = busy.iter().filter(|a| a.resource_id == resource);
    clashes.filter(|a| spans.iter().any(|s| a.from_ms < s.to && s.from < a.to_ms)).map(|a| a.to_ms).min()
}

pub(crate) fn person_busy(catalog: &Catalog, until: i64) -> Error {
    Refusal::PersonBusy { until: Some(local_ms(catalog.tz(), until)) }.into()
}

/// Shown to be busy until an instant.
pub(crate) fn busy_until(catalog: &Catalog, until: DateTime<Utc>) -> Error {
    person_busy(catalog, ms(until))
}
