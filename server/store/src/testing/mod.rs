//! For tests: a database of its own for each, on SQLite and on PostgreSQL, with a small salon in it ([`fixture`]) and a
//! clock that is set by hand. Only with the feature `testing`.
//!
//! ```text
//! both_databases! {
//!     async fn a_wall_has_figures(h: Harness) { store::promise::wall(&h.stranger(), "jingan").await.unwrap(); }
//! }
//! ```
// Tests may fail loudly, and say on the terminal why one of them did not run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

pub mod fixture;

use crate::{OpContext, Options, Store, TestClock};
use chrono::{DateTime, Duration, Utc};
use domain::{Actor, BranchId, CustomerId, Lang, Role, StaffId, UserId};
use sea_orm::sqlx::{self, Connection, Executor};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// Where PostgreSQL is for tests: an address of a database in which databases may be created.
pub const PG_URL: &str = "MEIYUE_TEST_PG_URL";

/// Writes a test once and runs it on both databases, as `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($h:ident: Harness) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn body($h: $crate::testing::Harness) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::testing::Harness::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(h) = $crate::testing::Harness::postgres().await {
                    body(h).await;
                }
            }
        }
    )*};
}

/// A store with [`fixture`] in it and a clock that stands at [`fixture::now`].
pub struct Harness {
    pub store: Arc<Store>,
    pub clock: Arc<TestClock>,
    /// The database's address, for a second store on it.
    pub url: String,
    cleanup: Cleanup,
}

enum Cleanup {
    Folder(#[allow(dead_code)] tempfile::TempDir),
    Database { admin: String, name: String },
}

impl Harness {
    /// In a file of its own.
    pub async fn sqlite() -> Self {
        let template = sqlite_template().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        std::fs::copy(template, &path).unwrap();
        let url = format!("sqlite://{}?mode=rw", path.display());
        Self::open(url, Cleanup::Folder(folder)).await
    }

    /// In a database of its own; `None` when no PostgreSQL is named by [`PG_URL`] (`make test` always does).
    pub async fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var(PG_URL) else {
            eprintln!("SKIPPED on PostgreSQL: {PG_URL} is not set");
            return None;
        };
        let template = postgres_template(&admin).await;
        let name = format!("test_{}", Uuid::now_v7().as_simple());
        let mut db = sqlx::PgConnection::connect(&admin).await.unwrap();
        execute(&mut db, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        db.close().await.unwrap();
        let url = with_database(&admin, &name);
        Some(Self::open(url, Cleanup::Database { admin, name }).await)
    }

    async fn open(url: String, cleanup: Cleanup) -> Self {
        let clock = Arc::new(TestClock::new(fixture::now()));
        let store = open(&url, clock.clone()).await;
        Self { store, clock, url, cleanup }
    }

    /// A second store on the same database and clock: another process of the chain.
    pub async fn second(&self) -> Arc<Store> {
        open(&self.url, self.clock.clone()).await
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Sets the branch's clock to this day and time, e.g. `"2026-06-12 14:30"`.
    pub fn set_local(&self, wall: &str) {
        self.clock.set(fixture::at(wall));
    }

    pub fn context(&self, actor: Actor) -> OpContext {
        OpContext {
            store: self.store.clone(),
            actor,
            lang: Lang::Zh,
            addr: "203.0.113.7".into(),
            session: None,
        }
    }

    pub fn stranger(&self) -> OpContext {
        self.context(Actor::Stranger)
    }

    pub fn system(&self) -> OpContext {
        self.context(Actor::System)
    }

    pub fn customer(&self, id: CustomerId) -> OpContext {
        self.context(Actor::Customer { id })
    }

    pub fn manager(&self) -> OpContext {
        self.context(staff(fixture::MANAGER, None, Role::Manager, Some(fixture::JINGAN)))
    }

    pub fn desk(&self) -> OpContext {
        self.context(staff(fixture::DESK, None, Role::Receptionist, Some(fixture::JINGAN)))
    }

    /// 林晓雯 at the chair.
    pub fn lin(&self) -> OpContext {
        self.context(staff(fixture::LIN_USER, Some(fixture::LIN), Role::Beautician, Some(fixture::JINGAN)))
    }

    /// 周琪 at the chair.
    pub fn zhou(&self) -> OpContext {
        self.context(staff(fixture::ZHOU_USER, Some(fixture::ZHOU), Role::Beautician, Some(fixture::JINGAN)))
    }

    pub fn owner(&self) -> OpContext {
        self.context(staff(fixture::OWNER, None, Role::Owner, None))
    }

    /// The manager of the other branch, who may see nothing of the first.
    pub fn manager_elsewhere(&self) -> OpContext {
        self.context(staff(fixture::MANAGER_ELSEWHERE, None, Role::Manager, Some(fixture::XUHUI)))
    }

    /// Runs SQL around the verbs, to arrange what a test needs; the catalogues are read anew.
    pub async fn sql(&self, sql: &str) {
        self.try_sql(sql).await.expect(sql);
        self.store.forget_kept();
    }

    /// As [`Harness::sql`], for what the database should refuse.
    ///
    /// # Errors
    /// The database's.
    pub async fn try_sql(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        let db = self.store.dbs.direct().await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&db, sql).await.map(|_| ())
    }

    /// An id as the database writes it in plain SQL.
    pub fn uuid_literal(&self, id: Uuid) -> String {
        match self.store.backend() {
            sea_orm::DbBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.as_simple()),
        }
    }

    /// How many statements were sent so far: all of them on PostgreSQL, those that read on SQLite (C-30).
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.store.dbs.statements.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// How the database would answer a query (C-31).
    pub async fn plan(&self, sql: &str, values: Vec<sea_orm::Value>) -> String {
        let explain = match self.store.backend() {
            sea_orm::DbBackend::Postgres => format!("EXPLAIN {sql}"),
            _ => format!("EXPLAIN QUERY PLAN {sql}"),
        };
        let statement = sea_orm::Statement::from_sql_and_values(self.store.backend(), explain, values);
        let rows = sea_orm::ConnectionTrait::query_all_raw(self.store.db(), statement).await.expect(sql);
        // SQLite tells it in its fourth column, PostgreSQL in its only one.
        let line = |row: &sea_orm::QueryResult| {
            row.try_get_by_index::<String>(3).or_else(|_| row.try_get_by_index::<String>(0)).unwrap()
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// SQLite's setting on the connection that writes.
    pub async fn pragma_of_writer(&self, name: &str) -> String {
        let db = self.store.dbs.direct().await.unwrap();
        let row = crate::sql::row(&db, &format!("PRAGMA {name}"), vec![]).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))
            .unwrap()
    }

    /// A single number out of the database: `SELECT COUNT(*) FROM booking`.
    pub async fn number(&self, sql: &str) -> i64 {
        let row = crate::sql::row(self.store.db(), sql, vec![]).await.expect(sql).expect(sql);
        row.try_get_by_index::<i64>(0).expect(sql)
    }

    /// A single text out of the database: `SELECT state FROM booking`.
    pub async fn text(&self, sql: &str) -> String {
        let row = crate::sql::row(self.store.db(), sql, vec![]).await.expect(sql).expect(sql);
        row.try_get_by_index::<String>(0).expect(sql)
    }

    /// A single id out of the database: `SELECT id FROM booking`.
    pub async fn id(&self, sql: &str) -> Uuid {
        let row = crate::sql::row(self.store.db(), sql, vec![]).await.expect(sql).expect(sql);
        row.try_get_by_index::<Uuid>(0).expect(sql)
    }

    /// Pairs of active allocations of one resource that overlap: must always be none (BOOK-6).
    pub async fn overlaps(&self) -> i64 {
        self.number(
            "SELECT COUNT(*) FROM allocation a JOIN allocation b ON a.resource_id = b.resource_id AND a.id < b.id \
             AND a.from_ms < b.to_ms AND b.from_ms < a.to_ms WHERE a.active AND b.active",
        )
        .await
    }

    /// The one-time code in the latest message to this phone.
    pub async fn latest_code(&self, phone: &str) -> String {
        let sql =
            "SELECT params FROM outbox WHERE recipient = $1 AND template = 'code' ORDER BY id DESC LIMIT 1";
        let row = crate::sql::row(self.store.db(), sql, vec![phone.into()])
            .await
            .unwrap()
            .expect("no code was sent");
        let params: serde_json::Value =
            serde_json::from_str(&row.try_get_by_index::<String>(0).unwrap()).unwrap();
        params["code"].as_str().unwrap().to_owned()
    }
}

/// How often a password was checked in this process, right or wrong, known name or not (C-39).
pub fn password_checks() -> u64 {
    crate::account::CHECKS.load(std::sync::atomic::Ordering::SeqCst)
}

fn staff(user: UserId, staff: Option<StaffId>, role: Role, branch: Option<BranchId>) -> Actor {
    Actor::Staff { user, staff, role, branch }
}

impl Drop for Harness {
    fn drop(&mut self) {
        let Cleanup::Database { admin, name } = &self.cleanup else { return };
        let (admin, sql) = (admin.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A thread of its own, since a test's runtime is ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                if let Ok(mut db) = sqlx::PgConnection::connect(&admin).await {
                    let _ = db.execute(sqlx::AssertSqlSafe(sql)).await;
                }
            });
        });
        let _ = dropping.join();
    }
}

async fn open(url: &str, clock: Arc<TestClock>) -> Arc<Store> {
    let base_url = "https://meiyue.example".to_owned();
    // Many tests share two cores: what takes long is no fault.
    let patience = std::time::Duration::from_secs(60);
    let store =
        Store::open(Options { url: url.to_owned(), clock, demo: true, base_url, patience }).await.unwrap();
    // Whoever begins to listen reads everything anew; that shall not fall into the middle of a test.
    store.live().listening().await;
    store
}

/// Migrates and fills an empty database, then lets go of it.
async fn build(url: &str) {
    let store = open(url, Arc::new(TestClock::new(fixture::now()))).await;
    store.migrate().await.unwrap();
    fixture::fill(&store).await.unwrap();
    store.close().await;
}

/// Changes whenever the tables or the fixture do, so that an old template is never used.
fn fingerprint() -> String {
    let sources = crate::migration::sources() + include_str!("fixture.rs") + include_str!("fixture_menu.rs");
    crate::token::hash(&sources)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(12)
        .collect::<String>()
        .to_lowercase()
}

async fn sqlite_template() -> PathBuf {
    let path = std::env::temp_dir().join(format!("meiyue-test-{}.db", fingerprint()));
    if !path.exists() {
        // Built aside and moved there, since other tests may be doing the same.
        let draft = path.with_extension(format!("{}.draft", Uuid::now_v7().as_simple()));
        build(&format!("sqlite://{}?mode=rwc", draft.display())).await;
        std::fs::rename(&draft, &path).unwrap();
    }
    path
}

async fn postgres_template(admin: &str) -> String {
    let name = format!("meiyue_template_{}", fingerprint());
    let mut db = sqlx::PgConnection::connect(admin).await.unwrap();
    // One test builds it, the others wait.
    execute(&mut db, "SELECT pg_advisory_lock(7271)").await;
    let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}' AND datistemplate");
    if db.fetch_optional(sqlx::AssertSqlSafe(known)).await.unwrap().is_none() {
        execute(&mut db, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&mut db, &format!("CREATE DATABASE {name}")).await;
        build(&with_database(admin, &name)).await;
        execute(&mut db, &format!("ALTER DATABASE {name} IS_TEMPLATE true")).await;
    }
    db.close().await.unwrap();
    name
}

async fn execute(db: &mut sqlx::PgConnection, sql: &str) {
    db.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect(sql);
}

fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("an address with a database's name");
    format!("{server}/{name}")
}
