//! Reading a catalogue: a fixed number of statements, whatever the branch's size.

use super::*;
use crate::{
    entity::{
        aftercare, branch, category, credential, opening, resource, rota, service, service_branch,
        service_device, sop_step, special_day, staff, staff_skill,
    },
    time::{at, ms},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

/// Rotas are read this many days ahead at least: bookings made under a longer horizon are still to be kept.
const HORIZON_LEAST: u32 = 180;
/// What has no end ends for the catalogue after so long: beyond anything that is booked.
const FOR_GOOD: Duration = Duration::days(400);

/// All branches in their order, or the one named.
pub(super) async fn branches<C: ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
    only: Option<BranchId>,
) -> Result<Vec<Branch>> {
    let rows = branch::Entity::find()
        .apply_if(only, |q, id| q.filter(branch::Column::Id.eq(id.0)))
        .order_by_asc(branch::Column::Position)
        .all(db)
        .await?;
    let openings = opening::Entity::find()
        .apply_if(only, |q, id| q.filter(opening::Column::BranchId.eq(id.0)))
        .order_by_asc(opening::Column::OpenMin)
        .all(db)
        .await?;
    let since = day_number(now.date_naive()) - 7;
    let specials = special_day::Entity::find()
        .apply_if(only, |q, id| q.filter(special_day::Column::BranchId.eq(id.0)))
        .filter(special_day::Column::Day.gte(since))
        .all(db)
        .await?;
    rows.into_iter().map(|row| to_branch(row, &openings, &specials)).collect()
}

fn to_branch(
    row: branch::Model,
    openings: &[opening::Model],
    specials: &[special_day::Model],
) -> Result<Branch> {
    let mut opening: [Vec<(i32, i32)>; 7] = Default::default();
    for o in openings.iter().filter(|o| o.branch_id == row.id) {
        if let Some(hours) = usize::try_from(o.weekday).ok().and_then(|day| opening.get_mut(day)) {
            hours.push((o.open_min, o.close_min));
        }
    }
    let special = specials
        .iter()
        .filter(|s| s.branch_id == row.id)
        .map(|s| (s.day, if s.closed { None } else { s.open_min.zip(s.close_min) }));
    let special = special.collect();
    Ok(Branch {
        id: BranchId(row.id),
        slug: row.slug,
        kind: from_json_code(&row.kind)?,
        brand: Text::new(row.brand_zh, row.brand_en),
        name: Text::new(row.name_zh, row.name_en),
        address: Text::new(row.address_zh, row.address_en),
        phone: row.phone,
        tz: row.tz.parse().map_err(|_| Error::internal(format!("unknown time zone {}", row.tz)))?,
        policy: serde_json::from_str(&row.policy)?,
        opening,
        special,
    })
}

/// An enum of the domain by its code, as serde writes it.
fn from_json_code<T: serde::de::DeserializeOwned>(code: &str) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(code.to_owned()))?)
}

/// `None` when there is no such branch.
pub(super) async fn catalog<C: ConnectionTrait>(
    db: &C,
    loaded_at: DateTime<Utc>,
    id: BranchId,
) -> Result<Option<Catalog>> {
    let Some(branch) = branches(db, loaded_at, Some(id)).await?.pop() else { return Ok(None) };
    let resources = resource::Entity::find().filter(resource::Column::BranchId.eq(id.0)).all(db).await?;
    let people = people(db, &branch, &resources, loaded_at).await?;
    let down = downtimes(db, id, loaded_at).await?;
    let (rooms, devices) = (things(&resources, &down, "room"), things(&resources, &down, "device"));
    let categories = category::Entity::find().order_by_asc(category::Column::Position).all(db).await?;
    let services = services(db, id).await?;
    Ok(Some(Catalog {
        people_by_id: people.iter().enumerate().map(|(i, p)| (p.id, i)).collect(),
        rooms_by_id: rooms.iter().enumerate().map(|(i, r)| (r.id, i)).collect(),
        services_by_id: services.iter().enumerate().map(|(i, s)| (s.id, i)).collect(),
        categories: categories
            .into_iter()
            .map(|c| CategoryRow { code: c.code, name: Text::new(c.name_zh, c.name_en) })
            .collect(),
        branch,
        people,
        rooms,
        devices,
        services,
        loaded_at,
    }))
}

/// Times out of service that are not over, by room or device.
async fn downtimes<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Vec<Interval>>> {
    #[derive(FromQueryResult)]
    struct Row {
        resource_id: Uuid,
        from_ms: i64,
        to_ms: Option<i64>,
    }
    let sql = "SELECT d.resource_id, d.from_ms, d.to_ms FROM resource r JOIN downtime d ON d.resource_id = r.id \
               WHERE r.branch_id = $1 AND (d.to_ms IS NULL OR d.to_ms > $2) ORDER BY d.from_ms";
    let rows: Vec<Row> = crate::sql::all(db, sql, crate::sql::vals![branch.0, ms(now)]).await?;
    let mut down: HashMap<Uuid, Vec<Interval>> = HashMap::new();
    for row in rows {
        let until = row.to_ms.map_or(now + FOR_GOOD, at);
        down.entry(row.resource_id).or_default().extend(Interval::new(at(row.from_ms), until));
    }
    Ok(down)
}

fn things(resources: &[resource::Model], down: &HashMap<Uuid, Vec<Interval>>, kind: &str) -> Vec<Thing> {
    let mut things: Vec<_> = resources
        .iter()
        .filter(|r| r.kind == kind)
        .map(|r| Thing {
            id: ResourceId(r.id),
            type_code: r.type_code.clone(),
            name: Text::new(&*r.name_zh, &*r.name_en),
            active: r.state == "active",
            retired: r.state == "retired",
            down: down.get(&r.id).cloned().unwrap_or_default(),
        })
        .collect();
    things.sort_by(|a, b| a.name.zh.cmp(&b.name.zh));
    things
}

async fn people<C: ConnectionTrait>(
    db: &C,
    branch: &Branch,
    resources: &[resource::Model],
    now: DateTime<Utc>,
) -> Result<Vec<Person>> {
    let here = || staff::Entity::find().filter(staff::Column::BranchId.eq(branch.id.0));
    let ids = || here().select_only().column(staff::Column::Id).into_query();
    let rows = here().order_by_asc(staff::Column::Position).order_by_asc(staff::Column::Id).all(db).await?;
    let skills =
        staff_skill::Entity::find().filter(staff_skill::Column::StaffId.in_subquery(ids())).all(db).await?;
    let credentials =
        credential::Entity::find().filter(credential::Column::StaffId.in_subquery(ids())).all(db).await?;
    let from = now - ROTA_BACK;
    let to = now + Duration::days(i64::from(branch.policy.horizon_days.max(HORIZON_LEAST)) + 2);
    let rotas = rota::Entity::find()
        .filter(rota::Column::BranchId.eq(branch.id.0))
        .filter(rota::Column::FromMs.gt(ms(from - ROTA_LONGEST)))
        .filter(rota::Column::ToMs.gt(ms(from)))
        .filter(rota::Column::FromMs.lt(ms(to)))
        .order_by_asc(rota::Column::FromMs)
        .all(db)
        .await?;
    let skills = by(skills, |s| s.staff_id);
    let mut credentials = by(credentials, |c| c.staff_id);
    let rotas = by(rotas, |r| r.staff_id);
    Ok(rows
        .into_iter()
        .map(|row| {
            let rota = rotas.get(&row.id).map_or(&[][..], Vec::as_slice);
            let shifts = rota_parts(rota, |kind| kind == "shift");
            let off = rota_parts(rota, |kind| kind != "shift");
            let mut work =
                IntervalSet::from_intervals(shifts.clone()).minus(&IntervalSet::from_intervals(off));
            if let Some(gone) =
                row.left_at.and_then(|left| Interval::new(at(left), to.max(at(left)) + FOR_GOOD))
            {
                work = work.minus(&IntervalSet::from_intervals(vec![gone]));
            }
            Person {
                id: StaffId(row.id),
                name: Text::new(row.name_zh, row.name_en),
                title: Text::new(row.title_zh, row.title_en),
                initials: row.initials,
                bookable: row.bookable,
                left: row.left_at.is_some_and(|left| left <= ms(now)),
                down: resources.iter().any(|r| r.id == row.id && r.state != "active"),
                position: row.position,
                skills: skills
                    .get(&row.id)
                    .map_or_else(Vec::new, |all| all.iter().map(|s| s.qualification.clone()).collect()),
                credentials: credentials
                    .remove(&row.id)
                    .unwrap_or_default()
                    .into_iter()
                    .map(to_credential)
                    .collect(),
                work,
                shifts,
            }
        })
        .collect())
}

fn to_credential(row: credential::Model) -> Credential {
    Credential {
        id: CredentialId(row.id),
        qualification: row.qualification,
        from: date(row.valid_from_day),
        to: date(row.valid_to_day),
    }
}

fn rota_parts(rota: &[rota::Model], kind: impl Fn(&str) -> bool) -> Vec<Interval> {
    rota.iter().filter(|r| kind(&r.kind)).filter_map(|r| Interval::new(at(r.from_ms), at(r.to_ms))).collect()
}

async fn services<C: ConnectionTrait>(db: &C, branch: BranchId) -> Result<Vec<Service>> {
    let ids = || {
        service_branch::Entity::find()
            .filter(service_branch::Column::BranchId.eq(branch.0))
            .select_only()
            .column(service_branch::Column::ServiceId)
            .into_query()
    };
    let rows = service::Entity::find()
        .filter(service::Column::Id.in_subquery(ids()))
        .order_by_asc(service::Column::Position)
        .order_by_asc(service::Column::Id)
        .all(db)
        .await?;
    let devices = service_device::Entity::find()
        .filter(service_device::Column::ServiceId.in_subquery(ids()))
        .all(db)
        .await?;
    let steps = sop_step::Entity::find()
        .filter(sop_step::Column::ServiceId.in_subquery(ids()))
        .order_by_asc(sop_step::Column::Position)
        .all(db)
        .await?;
    let advice = aftercare::Entity::find()
        .filter(aftercare::Column::ServiceId.in_subquery(ids()))
        .filter(sea_orm::sea_query::Expr::cust("retired_at IS NULL"))
        .order_by_asc(aftercare::Column::Position)
        .all(db)
        .await?;
    let mut devices = by(devices, |d| d.service_id);
    let mut steps = by(steps, |s| s.service_id);
    let mut advice = by(advice, |a| a.service_id);
    rows.into_iter()
        .map(|row| {
            let id = row.id;
            to_service(
                row,
                devices.remove(&id).unwrap_or_default(),
                steps.remove(&id).unwrap_or_default(),
                advice.remove(&id).unwrap_or_default(),
            )
        })
        .collect()
}

fn to_service(
    row: service::Model,
    devices: Vec<service_device::Model>,
    steps: Vec<sop_step::Model>,
    advice: Vec<aftercare::Model>,
) -> Result<Service> {
    let minutes = |n: i32| u32::try_from(n).unwrap_or(0);
    Ok(Service {
        id: ServiceId(row.id),
        category: row.category_code,
        name: Text::new(row.name_zh, row.name_en),
        summary: Text::new(row.summary_zh, row.summary_en),
        swatch: row.swatch,
        price: Fen(row.price_fen),
        prepare: minutes(row.prepare_min),
        active: minutes(row.active_min),
        processing: minutes(row.processing_min),
        finish: minutes(row.finish_min),
        cleanup: minutes(row.cleanup_min),
        qualification: row.qualification,
        room_type: row.room_type,
        devices: devices.into_iter().map(|d| d.device_type).collect(),
        arrive_early: minutes(row.arrive_early_min),
        precautions: Text::new(row.precautions_zh, row.precautions_en),
        online: row.online,
        needs_first: row.needs_first.as_deref().map(from_json_code).transpose()?,
        retired: row.retired_at.is_some(),
        version: row.version,
        steps: steps.into_iter().map(to_step).collect::<Result<_>>()?,
        aftercare: advice
            .into_iter()
            .map(|a| Aftercare { id: AftercareId(a.id), text: Text::new(a.text_zh, a.text_en) })
            .collect(),
    })
}

fn to_step(row: sop_step::Model) -> Result<SopStep> {
    Ok(SopStep {
        id: StepId(row.id),
        phase: Phase::from_code(&row.phase).ok_or_else(|| Error::internal("unknown phase of a step"))?,
        text: Text::new(row.text_zh, row.text_en),
        mandatory: row.mandatory,
        minutes: row.minutes.and_then(|n| u32::try_from(n).ok()),
    })
}

/// Rows by the id they belong to, their order kept.
fn by<T>(rows: Vec<T>, id: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut out: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        out.entry(id(&row)).or_default().push(row);
    }
    out
}
