//! The library of aftercare, by service (TREAT-6).

use super::{allowed, changed, log};
use crate::{
    Error, OpContext, Result, Tx,
    sql::{self, vals},
    tx::again,
};
use domain::{AftercareId, BranchId, ServiceId, Text, sop::EditAdvice};
use sea_orm::FromQueryResult;

/// Adds, changes or retires a piece of advice. What was told before keeps the words in which it was told.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn edit_advice(
    cx: &OpContext,
    branch: BranchId,
    service: ServiceId,
    edit: &EditAdvice,
) -> Result<()> {
    allowed(cx, branch, service).await?;
    again!(once(cx, branch, service, edit))
}

#[derive(FromQueryResult)]
struct Position {
    position: i32,
}

async fn once(cx: &OpContext, branch: BranchId, service: ServiceId, edit: &EditAdvice) -> Result<()> {
    let tx = cx.begin().await?;
    match edit {
        EditAdvice::Add(words) => {
            let sql = "SELECT CAST(COALESCE(MAX(position), 0) AS INTEGER) AS position FROM aftercare WHERE service_id = $1";
            let last: Option<Position> = sql::one(&tx, sql, vals![service.0]).await?;
            insert(&tx, service, last.map_or(1, |last| last.position + 1), words).await?;
        }
        EditAdvice::Change(id, words) => {
            let position = retire(&tx, service, *id).await?;
            insert(&tx, service, position, words).await?;
        }
        EditAdvice::Retire(id) => {
            retire(&tx, service, *id).await?;
        }
    }
    log(&tx, cx, branch, service, "sop.advice", None);
    changed(&tx, service).await?;
    tx.commit().await
}

/// Gives where it stood.
async fn retire(tx: &Tx, service: ServiceId, id: AftercareId) -> Result<i32> {
    let sql = "UPDATE aftercare SET retired_at = $1 WHERE id = $2 AND service_id = $3 AND retired_at IS NULL \
               RETURNING position";
    let row: Option<Position> = sql::one(tx, sql, vals![tx.now_ms(), id.0, service.0]).await?;
    Ok(row.ok_or(Error::NotFound)?.position)
}

async fn insert(tx: &Tx, service: ServiceId, position: i32, words: &Text) -> Result<()> {
    let sql =
        "INSERT INTO aftercare (id, service_id, position, text_zh, text_en) VALUES ($1, $2, $3, $4, $5)";
    let id = AftercareId::new().0;
    tx.run(sql, vals![id, service.0, position, words.zh.clone(), words.en.clone()]).await?;
    Ok(())
}
