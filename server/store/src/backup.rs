//! Copies of an SQLite database. PostgreSQL has its own programs for that.

use crate::{Error, Result};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TryGetable,
};
use std::path::Path;

/// Writes a compact copy of the database in `file` to `to`, as it is at one moment; others may go on writing.
///
/// # Errors
/// `Invalid` never; `Internal` or `Unavailable` with the database's message, also when `to` exists.
pub async fn sqlite_into(file: &Path, to: &Path) -> Result<()> {
    let db = connect(file, "rw").await?;
    let sql = "VACUUM INTO $1";
    let target = to.to_str().ok_or_else(|| Error::internal("the copy's path is not readable as text"))?;
    let done = db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [target.into()])).await;
    let _ = db.close().await;
    done?;
    Ok(())
}

/// What is wrong with the database in `file`: damaged pages and references to what is not there. Empty: it is whole.
///
/// # Errors
/// It cannot be read as a database at all.
pub async fn sqlite_faults(file: &Path) -> Result<Vec<String>> {
    let db = connect(file, "rw").await?;
    let faults = faults(&db).await;
    let _ = db.close().await;
    faults
}

async fn faults(db: &DatabaseConnection) -> Result<Vec<String>> {
    let ask = |sql: &'static str| db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
    let mut faults: Vec<String> = Vec::new();
    for row in ask("PRAGMA integrity_check").await? {
        let line = String::try_get_by(&row, 0).map_err(sea_orm::DbErr::from)?;
        if line != "ok" {
            faults.push(line);
        }
    }
    for row in ask("PRAGMA foreign_key_check").await? {
        let table = String::try_get_by(&row, 0).map_err(sea_orm::DbErr::from)?;
        faults.push(format!("a row of {table} refers to what is not there"));
    }
    let tables = ask("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'branch'").await?;
    if tables.is_empty() {
        faults.push("it is not one of Meiyue's".to_owned());
    }
    faults.truncate(5);
    Ok(faults)
}

async fn connect(file: &Path, mode: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode={mode}", file.display()));
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}
