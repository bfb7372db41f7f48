//! The menu as the manager keeps it (BOOK-2). What a booking was made with stays with it (BOOK-8): its items carry
//! their own names, prices and minutes.

use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    booking::stranded::settle,
    edition,
    entity::{category, service, service_branch, service_device},
    sql,
    sql::vals,
};
use domain::{
    BranchId, Fen, FieldCode, Page, Refusal, ServiceId, Text,
    branch::{
        NeedsFirst,
        menu::{
            CategoryLine, ServiceFacts, ServiceForm, ServiceLine, ServicePage, ServiceQuery, ServicesPage,
            SetCategory, SetService,
        },
    },
    permission::{Action, Scope},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

const PAGE: usize = 30;
/// Under which the versions of all headings are counted.
const HEADINGS: Uuid = Uuid::from_u128(0x6d65_6e75);

/// What people can have learnt.
pub(crate) const QUALIFICATIONS: &str =
    "SELECT DISTINCT qualification AS code FROM service ORDER BY 1 LIMIT 200";
const ROOM_TYPES: &str =
    "SELECT DISTINCT type_code AS code FROM resource WHERE kind = 'room' ORDER BY 1 LIMIT 200";
const DEVICE_TYPES: &str =
    "SELECT DISTINCT type_code AS code FROM resource WHERE kind = 'device' ORDER BY 1 LIMIT 200";

#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
    name_zh: String,
    name_en: String,
    category_zh: String,
    category_en: String,
    category_position: i32,
    room_minutes: i32,
    minutes: i32,
    price_fen: i64,
    online: bool,
    here: bool,
    retired_at: Option<i64>,
    position: i32,
}

/// Services by heading and order, with what was searched for.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for a cursor that is none.
pub async fn list(cx: &OpContext, branch: BranchId, query: ServiceQuery) -> Result<ServicesPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let version = edition::of(cx.db(), HEADINGS).await?;
    let (at, position, id) = match query.after.as_deref() {
        None => (-1, -1, Uuid::nil()),
        Some(cursor) => read_cursor(cursor).ok_or(Error::NotFound)?,
    };
    let retired = if query.retired { "IS NOT NULL" } else { "IS NULL" };
    let sql = format!(
        "SELECT s.id, s.name_zh, s.name_en, c.name_zh AS category_zh, c.name_en AS category_en, \
         c.position AS category_position, s.active_min + s.processing_min + s.finish_min AS minutes, \
         s.prepare_min + s.active_min + s.processing_min + s.finish_min + s.cleanup_min AS room_minutes, \
         s.price_fen, s.online, s.retired_at, s.position, b.branch_id IS NOT NULL AS here \
         FROM service s JOIN category c ON c.code = s.category_code \
         LEFT JOIN service_branch b ON b.service_id = s.id AND b.branch_id = $1 \
         WHERE s.retired_at {retired} AND ($2 = '' OR s.category_code = $2) \
         AND ($3 = '' OR LOWER(s.name_zh) LIKE $3 ESCAPE '!' OR LOWER(s.name_en) LIKE $3 ESCAPE '!') \
         AND (c.position, s.position, s.id) > ($4, $5, $6) ORDER BY c.position, s.position, s.id LIMIT $7"
    );
    let values = vals![branch.0, query.category, pattern(&query.q), at, position, id, (PAGE + 1) as i64];
    let rows: Vec<Line> = sql::all(cx.db(), &sql, values).await?;
    let page = Page::cut(rows, PAGE, |row| {
        format!("{}.{}.{}", row.category_position, row.position, row.id.as_simple())
    });
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    let items = page.items.into_iter().map(|row| ServiceLine {
        id: ServiceId(row.id),
        name: Text::new(row.name_zh, row.name_en),
        category: Text::new(row.category_zh, row.category_en),
        minutes: number(row.minutes),
        room_minutes: number(row.room_minutes),
        price: Fen(row.price_fen),
        online: row.online,
        here: row.here,
        retired: row.retired_at.is_some(),
        position: number(row.position),
    });
    Ok(ServicesPage {
        list: Page { items: items.collect(), next: page.next },
        categories: headings(cx.db()).await?,
        all: cx.may(Action::ManageMenu, &Scope::none()),
        version,
    })
}

fn read_cursor(cursor: &str) -> Option<(i32, i32, Uuid)> {
    let mut parts = cursor.splitn(3, '.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What is typed, anywhere in a name; nothing typed is everything.
fn pattern(q: &str) -> String {
    let typed: String = q.trim().to_lowercase().chars().take(40).collect();
    if typed.is_empty() {
        return typed;
    }
    let escaped = typed.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

async fn headings<C: ConnectionTrait>(db: &C) -> Result<Vec<CategoryLine>> {
    let rows = category::Entity::find()
        .order_by_asc(category::Column::Position)
        .order_by_asc(category::Column::Code)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|c| CategoryLine {
            code: c.code,
            name: Text::new(c.name_zh, c.name_en),
            position: u32::try_from(c.position).unwrap_or(0),
        })
        .collect())
}

/// A service as it is saved, with the branches that offer it.
struct Known {
    row: service::Model,
    devices: Vec<String>,
    branches: Vec<BranchId>,
}

async fn known<C: ConnectionTrait>(db: &C, id: ServiceId) -> Result<Known> {
    let row = service::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    let devices = service_device::Entity::find()
        .filter(service_device::Column::ServiceId.eq(id.0))
        .order_by_asc(service_device::Column::DeviceType)
        .all(db)
        .await?;
    let branches =
        service_branch::Entity::find().filter(service_branch::Column::ServiceId.eq(id.0)).all(db).await?;
    Ok(Known {
        row,
        devices: devices.into_iter().map(|d| d.device_type).collect(),
        branches: branches.into_iter().map(|b| BranchId(b.branch_id)).collect(),
    })
}

impl Known {
    /// Other branches offer it as well.
    fn shared(&self, branch: BranchId) -> bool {
        self.branches.iter().any(|other| *other != branch)
    }

    fn facts(&self) -> ServiceFacts {
        let (s, minutes) = (&self.row, |n: i32| u32::try_from(n).unwrap_or(0));
        ServiceFacts {
            category: s.category_code.clone(),
            name: Text::new(&*s.name_zh, &*s.name_en),
            summary: Text::new(&*s.summary_zh, &*s.summary_en),
            swatch: s.swatch.clone(),
            price: Fen(s.price_fen),
            prepare: minutes(s.prepare_min),
            active: minutes(s.active_min),
            processing: minutes(s.processing_min),
            finish: minutes(s.finish_min),
            cleanup: minutes(s.cleanup_min),
            qualification: s.qualification.clone(),
            room_type: s.room_type.clone(),
            devices: self.devices.clone(),
            arrive_early: minutes(s.arrive_early_min),
            precautions: Text::new(&*s.precautions_zh, &*s.precautions_en),
            online: s.online,
            needs_first: match s.needs_first.as_deref() {
                Some("consultation") => Some(NeedsFirst::Consultation),
                Some("patch_test") => Some(NeedsFirst::PatchTest),
                _ => None,
            },
            position: minutes(s.position),
        }
    }
}

/// One service, or an empty form for a new one.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn page(cx: &OpContext, branch: BranchId, id: Option<ServiceId>) -> Result<ServicePage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let all = cx.may(Action::ManageMenu, &Scope::none());
    let (form, retired, shared) = match id {
        Some(id) => {
            let known = known(cx.db(), id).await?;
            let form = ServiceForm::of(id, known.row.version, &known.facts(), &known.branches);
            (form, known.row.retired_at.is_some(), known.shared(branch))
        }
        None => (fresh(branch), false, false),
    };
    let branches = cx.store.cache.branches(&cx.store).await?;
    let branches = branches.iter().filter(|b| all || b.id == branch).map(|b| (b.id, b.name.clone()));
    Ok(ServicePage {
        form,
        retired,
        shared,
        may_edit: all || !shared,
        categories: headings(cx.db()).await?,
        branches: branches.collect(),
        qualifications: codes(cx, QUALIFICATIONS).await?,
        room_types: codes(cx, ROOM_TYPES).await?,
        device_types: codes(cx, DEVICE_TYPES).await?,
    })
}

fn fresh(branch: BranchId) -> ServiceForm {
    ServiceForm {
        active: "60".into(),
        cleanup: "10".into(),
        arrive_early: "10".into(),
        online: "true".into(),
        position: "0".into(),
        branches: branch.to_string(),
        ..ServiceForm::default()
    }
}

/// What services, rooms or devices are called for each other; the statement names the column `code`.
pub(crate) async fn codes(cx: &OpContext, sql: &str) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Code {
        code: String,
    }
    let rows: Vec<Code> = sql::all(cx.db(), sql, vals![]).await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

/// Adds a service or changes one. Of a service that several branches share, a manager decides only whether the own
/// branch offers it. Gives its id.
///
/// # Errors
/// `NotFound`, `Stale`, the field `category`; `WouldStrand` unless confirmed.
pub async fn save(cx: &OpContext, branch: BranchId, cmd: SetService) -> Result<ServiceId> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let all = cx.may(Action::ManageMenu, &Scope::none());
    let chain: Vec<BranchId> = cx.store.cache.branches(&cx.store).await?.iter().map(|b| b.id).collect();
    let tx = cx.begin().await?;
    let before = match cmd.id {
        Some(id) => Some(known(&tx, id).await?),
        None => None,
    };
    let old = before.as_ref().map_or_else(Vec::new, |known| known.branches.clone());
    let wanted = |id: &BranchId| {
        let mine = all || *id == branch;
        if mine { cmd.branches.contains(id) } else { old.contains(id) }
    };
    let new: Vec<BranchId> = chain.iter().copied().filter(wanted).collect();
    let shared = before.as_ref().is_some_and(|known| known.shared(branch));
    let id = cmd.id.unwrap_or_else(ServiceId::new);
    let version = before.as_ref().map_or(0, |known| known.row.version);
    if version != cmd.version {
        return Err(Refusal::Stale.into());
    }
    if category::Entity::find_by_id(cmd.service.category.clone()).one(&tx).await?.is_none() {
        return Err(Error::field("category", FieldCode::Choice));
    }
    if all || !shared {
        write(&tx, id, &cmd.service, before.map(|known| known.row)).await?;
    } else {
        bump(&tx, id, version).await?;
    }
    let touched = offer(&tx, id, old, &new, branch).await?;
    let detail = format!("price={} branches={}", cmd.service.price.0, new.len());
    let entry = Entry {
        action: if cmd.id.is_some() { "service.save" } else { "service.add" },
        entity: "service",
        id: Some(id.0),
        branch: Some(branch),
        detail: Some(detail),
    };
    settle(cx, tx, &touched, cmd.confirm, entry).await?;
    Ok(id)
}

async fn bump(tx: &Tx, id: ServiceId, version: i32) -> Result<()> {
    let sql = "UPDATE service SET version = version + 1 WHERE id = $1 AND version = $2";
    if tx.run(sql, vals![id.0, version]).await? == 1 { Ok(()) } else { Err(Refusal::Stale.into()) }
}

/// The row with its devices.
async fn write(tx: &Tx, id: ServiceId, s: &ServiceFacts, before: Option<service::Model>) -> Result<()> {
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let row = service::Model {
        id: id.0,
        category_code: s.category.clone(),
        name_zh: s.name.zh.clone(),
        name_en: s.name.en.clone(),
        summary_zh: s.summary.zh.clone(),
        summary_en: s.summary.en.clone(),
        swatch: s.swatch.clone(),
        price_fen: s.price.0,
        prepare_min: number(s.prepare),
        active_min: number(s.active),
        processing_min: number(s.processing),
        finish_min: number(s.finish),
        cleanup_min: number(s.cleanup),
        qualification: s.qualification.clone(),
        room_type: s.room_type.clone(),
        arrive_early_min: number(s.arrive_early),
        precautions_zh: s.precautions.zh.clone(),
        precautions_en: s.precautions.en.clone(),
        online: s.online,
        needs_first: s.needs_first.map(|first| match first {
            NeedsFirst::Consultation => "consultation".to_owned(),
            NeedsFirst::PatchTest => "patch_test".to_owned(),
        }),
        position: number(s.position),
        retired_at: before.as_ref().and_then(|row| row.retired_at),
        version: before.as_ref().map_or(1, |row| row.version + 1),
    };
    match before {
        None => {
            row.into_active_model().insert(tx).await?;
        }
        Some(old) => {
            // Whoever comes first takes the version; the row is then nobody else's until the end.
            bump(tx, id, old.version).await?;
            row.into_active_model().reset_all().update(tx).await?;
            tx.run("DELETE FROM service_device WHERE service_id = $1", vals![id.0]).await?;
        }
    }
    let devices = s.devices.iter().map(|device_type| {
        service_device::Model { service_id: id.0, device_type: device_type.clone() }.into_active_model()
    });
    let devices: Vec<_> = devices.collect();
    if !devices.is_empty() {
        service_device::Entity::insert_many(devices).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Which branches offer it from now on; gives all that are touched by the change.
async fn offer(
    tx: &Tx,
    id: ServiceId,
    old: Vec<BranchId>,
    new: &[BranchId],
    here: BranchId,
) -> Result<Vec<BranchId>> {
    if old.iter().any(|branch| !new.contains(branch)) {
        let gone = old.iter().filter(|branch| !new.contains(branch)).map(|branch| branch.0);
        service_branch::Entity::delete_many()
            .filter(service_branch::Column::ServiceId.eq(id.0))
            .filter(service_branch::Column::BranchId.is_in(gone))
            .exec(tx)
            .await?;
    }
    let added: Vec<_> = (new.iter().filter(|branch| !old.contains(branch)))
        .map(|branch| service_branch::Model { service_id: id.0, branch_id: branch.0 }.into_active_model())
        .collect();
    if !added.is_empty() {
        service_branch::Entity::insert_many(added).exec_without_returning(tx).await?;
    }
    let mut touched = old;
    touched.extend(new.iter().copied());
    touched.push(here);
    touched.sort_unstable();
    touched.dedup();
    Ok(touched)
}

/// Takes a service off the menu, or brings it back. Bookings of it stay.
///
/// # Errors
/// `NotFound`, `Stale`, `Forbidden` for one that other branches offer too.
pub async fn retire(cx: &OpContext, branch: BranchId, id: ServiceId, version: i32, back: bool) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    let known = known(&tx, id).await?;
    if known.shared(branch) {
        cx.allow(Action::ManageMenu, &Scope::none())?;
    }
    bump(&tx, id, version).await?;
    let at = (!back).then(|| tx.now_ms());
    tx.run("UPDATE service SET retired_at = $1 WHERE id = $2", vals![at, id.0]).await?;
    let mut touched = known.branches;
    touched.push(branch);
    touched.sort_unstable();
    touched.dedup();
    let action = if back { "service.return" } else { "service.retire" };
    let entry = Entry { action, entity: "service", id: Some(id.0), branch: Some(branch), detail: None };
    settle(cx, tx, &touched, true, entry).await
}

/// Adds a heading, or gives it another name or place. They are the whole chain's.
///
/// # Errors
/// `Forbidden` for all but the owner, `NotFound`, `Stale`.
pub async fn save_category(cx: &OpContext, branch: BranchId, cmd: SetCategory) -> Result<()> {
    cx.allow(Action::ManageMenu, &Scope::branch(branch))?;
    let chain: Vec<BranchId> = cx.store.cache.branches(&cx.store).await?.iter().map(|b| b.id).collect();
    let tx = cx.begin().await?;
    edition::next(&tx, HEADINGS, cmd.version).await?;
    let position = i32::try_from(cmd.position).unwrap_or(i32::MAX);
    let code = match cmd.code {
        Some(code) => {
            let sql = "UPDATE category SET name_zh = $1, name_en = $2, position = $3 WHERE code = $4";
            let values = vals![cmd.name.zh, cmd.name.en, position, code.as_str()];
            if tx.run(sql, values).await? == 0 {
                return Err(Error::NotFound);
            }
            code
        }
        None => {
            let code = Uuid::now_v7().as_simple().to_string();
            let row =
                category::Model { code: code.clone(), name_zh: cmd.name.zh, name_en: cmd.name.en, position };
            row.into_active_model().insert(&tx).await?;
            code
        }
    };
    let entry = Entry {
        action: "category.save",
        entity: "category",
        id: None,
        branch: Some(branch),
        detail: Some(code),
    };
    settle(cx, tx, &chain, true, entry).await
}
