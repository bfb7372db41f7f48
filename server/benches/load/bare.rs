//! The limit: axum and one statement on the same kind of database, no session, no permission, no page.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tokio::sync::Mutex;

#[derive(Clone)]
struct Bare {
    db: DatabaseConnection,
    /// SQLite writes one at a time; waiting here is fairer than in its busy loop.
    writing: Option<Arc<Mutex<()>>>,
}

/// `given`: address of its own and of the database, with a comma between.
pub async fn serve(given: &str) -> Result<()> {
    let (addr, url) = given.split_once(',').context("--bare wants <address>,<database>")?;
    let addr: SocketAddr = addr.parse()?;
    let mut options = ConnectOptions::new(url);
    options.max_connections(8).sqlx_logging(false).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|o| o.pragma("journal_mode", "WAL").pragma("synchronous", "FULL"));
    let db = Database::connect(options).await?;
    for sql in [
        "drop table if exists bare",
        "create table bare (resource bigint, from_ms bigint, to_ms bigint)",
        "create index bare_by_time on bare (resource, from_ms)",
        "insert into bare (resource, from_ms, to_ms)
         with recursive n(i) as (select cast(0 as bigint) union all select i + 1 from n where i < 9999)
         select i % 50, i * 1800000, i * 1800000 + 1700000 from n",
    ] {
        db.execute_unprepared(sql).await?;
    }
    let router = Router::new().route("/read", get(read).post(write)).with_state(Bare {
        writing: (db.get_database_backend() == DbBackend::Sqlite).then(Arc::default),
        db,
    });
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).await?;
    Ok(())
}

/// What taken times of one person on one day cost at least.
async fn read(State(bare): State<Bare>) -> Result<String, StatusCode> {
    let sql = "select from_ms, to_ms from bare where resource = $1 and from_ms >= $2 and from_ms < $3";
    let values = [7_i64.into(), 3_600_000_000_i64.into(), 3_686_400_000_i64.into()];
    let statement = Statement::from_sql_and_values(bare.db.get_database_backend(), sql, values);
    let rows = bare.db.query_all_raw(statement).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(rows.len().to_string())
}

/// What one durable row costs at least.
async fn write(State(bare): State<Bare>) -> Result<(), StatusCode> {
    let _turn = match &bare.writing {
        Some(writing) => Some(writing.lock().await),
        None => None,
    };
    let sql = "insert into bare (resource, from_ms, to_ms) values ($1, $2, $3)";
    let values = [7_i64.into(), 1_i64.into(), 2_i64.into()];
    let statement = Statement::from_sql_and_values(bare.db.get_database_backend(), sql, values);
    bare.db.execute_raw(statement).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(())
}
