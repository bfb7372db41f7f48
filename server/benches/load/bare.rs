//! The limit: axum and one SQLite statement, no session, no permission, no page.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use tokio::sync::Mutex;

#[derive(Clone)]
struct Bare {
    db: DatabaseConnection,
    /// SQLite writes one at a time; waiting here is fairer than in its busy loop.
    writing: Arc<Mutex<()>>,
}

/// `given`: address and file, with a comma between.
pub async fn serve(given: &str) -> Result<()> {
    let (addr, file) = given.split_once(',').context("--bare wants <address>,<file>")?;
    let addr: SocketAddr = addr.parse()?;
    let mut options = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
    options.max_connections(8).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|o| o.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    let db = Database::connect(options).await?;
    for sql in [
        "create table taken (id integer primary key, resource integer, from_ms integer, to_ms integer)",
        "create index taken_by_time on taken (resource, from_ms)",
        "insert into taken (resource, from_ms, to_ms) with recursive n(i) as (select 0 union all select i + 1 from n where i < 9999)
         select i % 50, i * 1800000, i * 1800000 + 1700000 from n",
    ] {
        db.execute_unprepared(sql).await?;
    }
    let router = Router::new()
        .route("/read", get(read).post(write))
        .with_state(Bare { db, writing: Arc::new(Mutex::new(())) });
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).await?;
    Ok(())
}

/// What taken times of one person on one day cost at least.
async fn read(State(bare): State<Bare>) -> Result<String, StatusCode> {
    let sql = "select from_ms, to_ms from taken where resource = ? and from_ms >= ? and from_ms < ?";
    let values = [7_i64.into(), 3_600_000_000_i64.into(), 3_686_400_000_i64.into()];
    let statement = Statement::from_sql_and_values(bare.db.get_database_backend(), sql, values);
    let rows = bare.db.query_all_raw(statement).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(rows.len().to_string())
}

/// What one durable row costs at least.
async fn write(State(bare): State<Bare>) -> Result<(), StatusCode> {
    let _turn = bare.writing.lock().await;
    bare.db
        .execute_unprepared("insert into taken (resource, from_ms, to_ms) values (7, 1, 2)")
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(())
}
