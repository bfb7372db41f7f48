//! Rooms and devices of a branch: names, types, times out of service (BOOK-1, OPS-2).

use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    booking::stranded::settle,
    catalog, edition,
    entity::resource,
    sql,
    sql::vals,
    time::{instant, local, local_ms, ms},
};
use domain::{
    BranchId, DowntimeId, FieldCode, ResourceId, Text,
    branch::place::{DownLine, PlaceAct, PlaceKind, PlaceLine, PlacesPage, SetDown, SetPlace},
    permission::{Action, Scope},
};
use sea_orm::{EntityTrait, FromQueryResult};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Down {
    resource_id: Uuid,
    from_ms: i64,
    to_ms: Option<i64>,
    note: Option<String>,
}

/// All rooms and devices, retired ones too.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn page(cx: &OpContext, branch: BranchId) -> Result<PlacesPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let versions = edition::of_branch(cx.db(), "resource", branch.0).await?;
    let known = catalog::read(cx.db(), cx.now(), branch).await?;
    let sql = "SELECT d.resource_id, d.from_ms, d.to_ms, d.note FROM resource r JOIN downtime d ON d.resource_id = r.id \
               WHERE r.branch_id = $1 AND (d.to_ms IS NULL OR d.to_ms > $2) ORDER BY d.from_ms";
    let down: Vec<Down> = sql::all(cx.db(), sql, vals![branch.0, ms(cx.now())]).await?;
    let tz = known.tz();
    let line = |kind: PlaceKind| {
        let (down, versions) = (&down, &versions);
        move |thing: &catalog::Thing| PlaceLine {
            id: thing.id,
            kind,
            type_code: thing.type_code.clone(),
            name: thing.name.clone(),
            retired: thing.retired,
            down_now: !thing.retired && !thing.works_at(cx.now()),
            down: down
                .iter()
                .filter(|d| d.resource_id == thing.id.0)
                .map(|d| DownLine {
                    from: local_ms(tz, d.from_ms),
                    to: d.to_ms.map(|to| local_ms(tz, to)),
                    note: d.note.clone(),
                })
                .collect(),
            version: versions.get(&thing.id.0).copied().unwrap_or(0),
        }
    };
    let mut places: Vec<PlaceLine> = known.rooms.iter().map(line(PlaceKind::Room)).collect();
    places.extend(known.devices.iter().map(line(PlaceKind::Device)));
    places.sort_by_key(|place| place.retired);
    let types = |named: Vec<&String>, things: &[catalog::Thing]| {
        let mut all: Vec<String> = named.into_iter().cloned().collect();
        all.extend(things.iter().map(|thing| thing.type_code.clone()));
        all.sort();
        all.dedup();
        all
    };
    Ok(PlacesPage {
        room_types: types(known.services.iter().filter_map(|s| s.room_type.as_ref()).collect(), &known.rooms),
        device_types: types(known.services.iter().flat_map(|s| &s.devices).collect(), &known.devices),
        places,
        now: local(tz, cx.now()),
    })
}

/// The row of a room or a device of this branch.
async fn load(tx: &Tx, branch: BranchId, id: ResourceId) -> Result<resource::Model> {
    let row = resource::Entity::find_by_id(id.0).one(tx).await?;
    row.filter(|row| row.branch_id == branch.0 && PlaceKind::from_code(&row.kind).is_some())
        .ok_or(Error::NotFound)
}

fn entry(action: &str, branch: BranchId, id: ResourceId, detail: String) -> Entry<'_> {
    Entry { action, entity: "resource", id: Some(id.0), branch: Some(branch), detail: Some(detail) }
}

/// Adds a room or a device, or gives it another name or type.
///
/// # Errors
/// `NotFound`, `Stale`; `WouldStrand` unless confirmed.
pub async fn save(cx: &OpContext, branch: BranchId, cmd: SetPlace) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let id = match cmd.id {
        Some(id) => {
            let row = load(&tx, branch, id).await?;
            edition::next(&tx, id.0, cmd.version).await?;
            let sql = "UPDATE resource SET name_zh = $1, name_en = $2, type_code = $3 WHERE id = $4";
            tx.run(sql, vals![cmd.name.zh, cmd.name.en, cmd.type_code.as_str(), row.id]).await?;
            id
        }
        None => add(&tx, branch, cmd.kind.code(), &cmd.type_code, &cmd.name).await?,
    };
    settle(cx, tx, &[branch], cmd.confirm, entry("place.save", branch, id, cmd.type_code)).await
}

/// A new row of what can be occupied; also a person's.
pub(crate) async fn add(
    tx: &Tx,
    branch: BranchId,
    kind: &str,
    type_code: &str,
    name: &Text,
) -> Result<ResourceId> {
    let id = ResourceId::new();
    let sql = "INSERT INTO resource (id, branch_id, kind, type_code, name_zh, name_en, state) \
               VALUES ($1, $2, $3, $4, $5, $6, 'active')";
    tx.run(sql, vals![id.0, branch.0, kind, type_code, name.zh.as_str(), name.en.as_str()]).await?;
    Ok(id)
}

/// Takes a room or a device out of service, brings it back, retires it or takes it into use again.
///
/// # Errors
/// `NotFound`, `Stale`, the field `to_day` for what is over; `WouldStrand` unless confirmed.
pub async fn set_down(cx: &OpContext, branch: BranchId, cmd: SetDown) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    let tx = cx.begin().await?;
    let row = load(&tx, branch, cmd.id).await?;
    edition::next(&tx, row.id, cmd.version).await?;
    let detail = match &cmd.act {
        PlaceAct::Down { from, to, note } => {
            let from = ms(instant(tz, from.0, from.1));
            let to = to.map(|to| ms(instant(tz, to.0, to.1)));
            if to.is_some_and(|to| to <= tx.now_ms()) {
                return Err(Error::field("to_day", FieldCode::Past));
            }
            let sql =
                "INSERT INTO downtime (id, resource_id, from_ms, to_ms, note) VALUES ($1, $2, $3, $4, $5)";
            tx.run(sql, vals![DowntimeId::new().0, row.id, from, to, note.clone()]).await?;
            format!("down from={from} to={to:?}")
        }
        PlaceAct::Up => {
            // What has begun ends now; what has not never happens.
            let sql = "UPDATE downtime SET to_ms = $1 WHERE resource_id = $2 AND from_ms < $1 AND (to_ms IS NULL OR to_ms > $1)";
            tx.run(sql, vals![tx.now_ms(), row.id]).await?;
            let sql = "DELETE FROM downtime WHERE resource_id = $1 AND from_ms >= $2";
            tx.run(sql, vals![row.id, tx.now_ms()]).await?;
            state(&tx, row.id, "active").await?;
            "up".to_owned()
        }
        PlaceAct::Retire => {
            state(&tx, row.id, "retired").await?;
            "retire".to_owned()
        }
        PlaceAct::Return => {
            state(&tx, row.id, "active").await?;
            "return".to_owned()
        }
    };
    settle(cx, tx, &[branch], cmd.confirm, entry("place.state", branch, cmd.id, detail)).await
}

async fn state(tx: &Tx, id: Uuid, state: &str) -> Result<()> {
    tx.run("UPDATE resource SET state = $1 WHERE id = $2", vals![state, id]).await?;
    Ok(())
}
