//! Versions of what the manager sets: branches, people, rooms and devices (C-11). A row says how often something was
//! saved; who saves over a version that is not the last one is told so.
//!
//! Whoever shows something reads its version *before* what is shown: what changes in between makes the version old.

use crate::{Result, Tx, sql, sql::vals};
use domain::Refusal;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    subject: Uuid,
    version: i32,
}

/// The version of one thing; 0 as long as it was never saved.
pub(crate) async fn of<C: ConnectionTrait>(db: &C, subject: Uuid) -> Result<i32> {
    let row = sql::row(db, "SELECT version FROM edition WHERE subject = $1", vals![subject]).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

/// The versions of everybody of a branch (`staff`) or of all its rooms and devices (`resource`).
pub(crate) async fn of_branch<C: ConnectionTrait>(
    db: &C,
    table: &'static str,
    branch: Uuid,
) -> Result<HashMap<Uuid, i32>> {
    let sql = format!(
        "SELECT e.subject, e.version FROM {table} t JOIN edition e ON e.subject = t.id WHERE t.branch_id = $1"
    );
    let rows: Vec<Row> = sql::all(db, &sql, vals![branch]).await?;
    Ok(rows.into_iter().map(|row| (row.subject, row.version)).collect())
}

/// Counts one further; waits for whoever is doing the same.
///
/// # Errors
/// `Stale` when `seen` is not the last version.
pub(crate) async fn next(tx: &Tx, subject: Uuid, seen: i32) -> Result<()> {
    let sql = "INSERT INTO edition (subject, version) VALUES ($1, 1) ON CONFLICT (subject) \
               DO UPDATE SET version = edition.version + 1 WHERE edition.version = $2";
    if tx.run(sql, vals![subject, seen]).await? == 1 { Ok(()) } else { Err(Refusal::Stale.into()) }
}

/// Counts everybody of a branch one further.
///
/// # Errors
/// `Stale` when the versions seen, added up, are not `stamp`.
pub(crate) async fn next_of_all(tx: &Tx, branch: Uuid, stamp: i64) -> Result<()> {
    let sql = "INSERT INTO edition (subject, version) SELECT id, 1 FROM staff WHERE branch_id = $1 ORDER BY id \
               ON CONFLICT (subject) DO UPDATE SET version = edition.version + 1";
    let people = tx.run(sql, vals![branch]).await?;
    let sum: i64 = of_branch(tx, "staff", branch).await?.values().map(|v| i64::from(*v)).sum();
    if sum - i64::try_from(people).unwrap_or(0) == stamp { Ok(()) } else { Err(Refusal::Stale.into()) }
}
