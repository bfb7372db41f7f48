//! Readings of the baths (TREAT-8): out of range closes the area for booking and opens a job; the work reported as done
//! and good readings open it again.

mod enter;
mod page;

pub use enter::{enter, work_done};
pub use page::page;

use crate::{
    Error, OpContext, Result,
    audit::Entry,
    sql::{self, vals},
    tx::again,
};
use domain::{
    BranchId,
    live::Topic,
    ops::bath::{BathLimits, ReadingKind},
    permission::{Action, Scope},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

const KEY: &str = "bath.limits";

#[derive(FromQueryResult)]
struct Value {
    value: String,
}

/// The limits that count in a branch: its own, else the chain's, else the defaults.
async fn limits<C: ConnectionTrait>(db: &C, branch: BranchId) -> Result<BathLimits> {
    let sql = "SELECT value FROM setting WHERE key = $1 AND (branch_id = $2 OR branch_id IS NULL) \
               ORDER BY CASE WHEN branch_id IS NULL THEN 1 ELSE 0 END LIMIT 1";
    let row: Option<Value> = sql::one(db, sql, vals![KEY, branch.0]).await?;
    Ok(match row {
        Some(row) => serde_json::from_str(&row.value)?,
        None => BathLimits::default(),
    })
}

fn kind_of(code: &str) -> Result<ReadingKind> {
    ReadingKind::from_code(code).ok_or_else(|| Error::internal("unknown kind of a reading"))
}

/// Changes limits and time plan for readings from now on.
///
/// # Errors
/// `Forbidden`.
pub async fn set_limits(cx: &OpContext, branch: BranchId, limits: &BathLimits) -> Result<()> {
    cx.allow(Action::SetBathLimits, &Scope::branch(branch))?;
    again!(set_once(cx, branch, limits))
}

async fn set_once(cx: &OpContext, branch: BranchId, limits: &BathLimits) -> Result<()> {
    let tx = cx.begin().await?;
    let value = serde_json::to_string(limits)?;
    let sql = "INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, $3) \
               ON CONFLICT (key, branch_id) WHERE branch_id IS NOT NULL DO UPDATE SET value = excluded.value";
    tx.run(sql, vals![KEY, branch.0, value.clone()]).await?;
    let entry = Entry {
        action: "bath.limits",
        entity: "setting",
        id: None,
        branch: Some(branch),
        detail: Some(value),
    };
    tx.audit(cx, entry);
    tx.changed(branch, Topic::Board);
    tx.commit().await
}
