//! Checklists of services: draft, versions, and the library of aftercare (issue 4, item 6).

mod advice;
mod edit;
mod page;

pub use advice::edit_advice;
pub use edit::{discard, edit, publish, set_picture};
pub use page::{list, page};

use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    sql::{self, vals},
};
use domain::{
    BranchId, ServiceId, SopStepId, Text,
    live::Topic,
    permission::{Action, Scope},
    sop::SopStep,
    treat::Phase,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// The actor may edit the service's checklist: it is on the menu of the branch.
async fn allowed(cx: &OpContext, branch: BranchId, service: ServiceId) -> Result<()> {
    cx.allow(Action::EditSop, &Scope::branch(branch))?;
    cx.store.catalog(branch).await?.service(service).map(|_| ()).ok_or(Error::NotFound)
}

#[derive(FromQueryResult)]
struct StepRow {
    id: Uuid,
    phase: String,
    text_zh: String,
    text_en: String,
    mandatory: bool,
    minutes: Option<i32>,
    picture: Option<String>,
}

/// The steps that count, straight from the table.
pub(crate) async fn current<C: ConnectionTrait>(db: &C, service: ServiceId) -> Result<Vec<SopStep>> {
    let sql = "SELECT id, phase, text_zh, text_en, mandatory, minutes, picture FROM sop_step \
               WHERE service_id = $1 ORDER BY position";
    let rows: Vec<StepRow> = sql::all(db, sql, vals![service.0]).await?;
    let step = |row: StepRow| {
        Ok(SopStep {
            id: SopStepId(row.id),
            phase: Phase::from_code(&row.phase).ok_or_else(|| Error::internal("unknown phase of a step"))?,
            text: Text::new(row.text_zh, row.text_en),
            mandatory: row.mandatory,
            minutes: row.minutes.and_then(|n| u32::try_from(n).ok()),
            picture: row.picture,
        })
    };
    rows.into_iter().map(step).collect()
}

/// The number of the version that counts; the first one before anything was published.
pub(crate) async fn number<C: ConnectionTrait>(db: &C, service: ServiceId) -> Result<i32> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 1) AS BIGINT) FROM sop_version WHERE service_id = $1";
    let n: i64 = sql::row(db, sql, vals![service.0]).await?.map_or(Ok(1), |row| row.try_get_by_index(0))?;
    Ok(i32::try_from(n).unwrap_or(1))
}

fn log(tx: &Tx, cx: &OpContext, branch: BranchId, service: ServiceId, action: &str, detail: Option<String>) {
    let entry = Entry { action, entity: "service", id: Some(service.0), branch: Some(branch), detail };
    tx.audit(cx, entry);
}

/// Every branch that has the service reads its menu anew.
async fn changed(tx: &Tx, service: ServiceId) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Of {
        branch_id: Uuid,
    }
    let sql = "SELECT branch_id FROM service_branch WHERE service_id = $1";
    let rows: Vec<Of> = sql::all(tx, sql, vals![service.0]).await?;
    for row in rows {
        tx.changed(BranchId(row.branch_id), Topic::Catalog);
    }
    Ok(())
}
