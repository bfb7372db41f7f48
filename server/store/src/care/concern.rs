//! Worries that calls brought to light: each is kept by whoever heard of it first until it is settled.

use super::calls::numbers;
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    catalog::Catalog,
    entity::followup,
    sql::{self, vals},
    time::local_ms,
    tx::again,
};
use domain::{
    BranchId, ConcernId, Refusal, StaffId, Text,
    care::ConcernView,
    live::Topic,
    permission::{Action, Scope},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Open ones shown at once, the oldest first.
const SHOWN: usize = 20;

/// Opens one for a call, once.
pub(super) async fn raise(tx: &Tx, cx: &OpContext, call: &followup::Model, text: &str) -> Result<()> {
    let sql = "INSERT INTO concern (id, branch_id, customer_id, followup_id, visit_service_id, staff_id, opened_at, \
               text, owner, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (followup_id) DO NOTHING";
    let values = vals![
        ConcernId::new().0,
        call.branch_id,
        call.customer_id,
        call.id,
        call.visit_service_id,
        call.staff_id,
        tx.now_ms(),
        text,
        cx.actor.user().map(|id| id.0),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    opened_at: i64,
    text: String,
    version: i32,
    name: String,
    phone: Option<String>,
    service_zh: String,
    service_en: String,
    owner_zh: Option<String>,
    owner_en: Option<String>,
}

pub(super) async fn open(
    cx: &OpContext,
    catalog: &Catalog,
    who: Option<StaffId>,
) -> Result<Vec<ConcernView>> {
    let mut values = vals![catalog.branch.id.0];
    let of = who.map_or("", |who| {
        values.push(who.0.into());
        "AND k.staff_id = $2"
    });
    let sql = format!(
        "SELECT k.id, k.opened_at, k.text, k.version, c.name, c.phone, s.name_zh AS service_zh, \
         s.name_en AS service_en, u.name_zh AS owner_zh, u.name_en AS owner_en FROM concern k \
         JOIN customer c ON c.id = k.customer_id JOIN visit_service s ON s.id = k.visit_service_id \
         LEFT JOIN user_account u ON u.id = k.owner \
         WHERE k.branch_id = $1 AND k.closed_at IS NULL {of} ORDER BY k.opened_at, k.id LIMIT {SHOWN}"
    );
    let rows: Vec<Row> = sql::all(cx.db(), &sql, values).await?;
    let full = cx.may(Action::SeePhone, &Scope::branch(catalog.branch.id));
    let show = |row: Row| {
        let (phone, dial) = numbers(row.phone, full);
        ConcernView {
            id: ConcernId(row.id),
            name: row.name,
            phone,
            dial,
            service: Text::new(row.service_zh, row.service_en),
            opened: local_ms(catalog.tz(), row.opened_at),
            text: row.text,
            owner: row.owner_zh.map(|zh| Text::new(zh, row.owner_en.unwrap_or_default())),
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(show).collect())
}

#[derive(FromQueryResult)]
struct Known {
    branch_id: Uuid,
    staff_id: Option<Uuid>,
    closed_at: Option<i64>,
    version: i32,
}

/// Loaded, and the actor may change it.
async fn changeable(tx: &Tx, cx: &OpContext, id: ConcernId, version: i32) -> Result<BranchId> {
    let sql = "SELECT branch_id, staff_id, closed_at, version FROM concern WHERE id = $1";
    let row: Known = sql::one(tx, sql, vals![id.0]).await?.ok_or(Error::NotFound)?;
    let branch = BranchId(row.branch_id);
    let scope = row.staff_id.map_or_else(|| Scope::branch(branch), |id| Scope::staff(branch, StaffId(id)));
    cx.allow(Action::FollowUp, &scope)?;
    if row.closed_at.is_some() {
        return Err(Refusal::WrongState { state: "closed".into() }.into());
    }
    if row.version != version {
        return Err(Refusal::Stale.into());
    }
    Ok(branch)
}

async fn change(
    cx: &OpContext,
    id: ConcernId,
    version: i32,
    action: &str,
    set: &str,
    mut values: Vec<sea_orm::Value>,
) -> Result<()> {
    let tx = cx.begin().await?;
    let branch = changeable(&tx, cx, id, version).await?;
    values.insert(0, tx.now_ms().into());
    let n = values.len();
    let sql = format!(
        "UPDATE concern SET {set}, version = version + 1 WHERE id = ${} AND version = ${} AND $1 > 0",
        n + 1,
        n + 2
    );
    values.extend(vals![id.0, version]);
    if tx.run(&sql, values).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    tx.audit(cx, Entry { action, entity: "concern", id: Some(id.0), branch: Some(branch), detail: None });
    tx.changed(branch, Topic::Board);
    tx.commit().await
}

/// Whoever asks keeps it from now on.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `WrongState` when it is settled.
pub async fn take_concern(cx: &OpContext, id: ConcernId, version: i32) -> Result<()> {
    let me = cx.actor.user().map(|id| id.0);
    again!(change(cx, id, version, "concern.take", "owner = $2", vals![me]))
}

/// It is settled, and how.
///
/// # Errors
/// As [`take_concern`].
pub async fn close_concern(cx: &OpContext, id: ConcernId, result: &str, version: i32) -> Result<()> {
    let me = cx.actor.user().map(|id| id.0);
    let set = "closed_at = $1, result = $2, closed_by = $3";
    again!(change(cx, id, version, "concern.close", set, vals![result, me]))
}
