//! Connecting to either database.
//!
//! SQLite: one connection writes, several read. Writers queue for that one connection in the order they came, so that
//! nobody ever meets "database is locked" (see [`crate::group`]); the readers cannot write at all, which shows a write
//! outside of a transaction at once. PostgreSQL: one pool for both.

use crate::{Error, Result, batch::Together, connection::Source, group::Group};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{sync::Arc, time::Duration};

const SQLITE_READERS: u32 = 6;
const POSTGRES_POOL: u32 = 24;
/// Statements are few and fixed; all of them stay prepared.
const STATEMENTS: usize = 512;

/// The connections of a store.
#[derive(Clone)]
pub struct Databases {
    pub(crate) read: DatabaseConnection,
    /// The same, for those who ask again and again.
    pub(crate) source: Source,
    pub(crate) writer: Writer,
    /// Statements sent over `read` so far (C-30).
    #[cfg(feature = "testing")]
    pub(crate) statements: Arc<std::sync::atomic::AtomicU64>,
}

/// Where transactions begin.
#[derive(Clone)]
pub(crate) enum Writer {
    /// PostgreSQL: any connection of the pool.
    Pool { pool: DatabaseConnection, together: Arc<Together> },
    /// SQLite: the one.
    Group(Group),
}

impl Databases {
    /// By address: `sqlite://path?mode=rwc` or `postgres://…`.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be opened, `Internal` for any other kind of address.
    pub async fn connect(url: &str, patience: Duration) -> Result<Self> {
        if url.starts_with("sqlite:") {
            return Self::sqlite(url, patience).await;
        }
        if url.starts_with("postgres://") {
            return Self::postgres(url, patience).await;
        }
        Err(Error::internal("the database's address must begin with sqlite:// or postgres://"))
    }

    async fn sqlite(url: &str, patience: Duration) -> Result<Self> {
        let writer = Writer::Group(Group::connect(url, patience).await?);
        let read =
            Database::connect(sqlite_options(url, patience, SQLITE_READERS, true)).await.map_err(away)?;
        Ok(Self::new(read, |_| writer))
    }

    fn new(read: DatabaseConnection, writer: impl FnOnce(&Source) -> Writer) -> Self {
        #[cfg(feature = "testing")]
        {
            let (mut read, statements) = (read, Arc::<std::sync::atomic::AtomicU64>::default());
            let count = statements.clone();
            read.set_metric_callback(move |_| {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            });
            let source = Source::new(read.clone(), statements.clone());
            Self { writer: writer(&source), source, read, statements }
        }
        #[cfg(not(feature = "testing"))]
        {
            let source = Source::new(read.clone());
            Self { writer: writer(&source), source, read }
        }
    }

    async fn postgres(url: &str, patience: Duration) -> Result<Self> {
        let mut options = options(url, patience);
        options
            .max_connections(POSTGRES_POOL)
            .set_application_name("meiyue")
            .test_before_acquire_if_idle_for(Duration::from_secs(20))
            .statement_timeout(Duration::from_secs(30))
            .map_sqlx_postgres_opts(|o| {
                // Planning a statement anew for its values takes longer than most of them; none needs another plan for
                // other values, as on SQLite.
                let once = [("plan_cache_mode", "force_generic_plan")];
                o.statement_cache_capacity(STATEMENTS).options(once)
            });
        let pool = Database::connect(options).await.map_err(away)?;
        Ok(Self::new(pool, |source| {
            let together = Arc::new(Together::new(source.clone(), patience));
            Writer::Pool { pool: source.pool().clone(), together }
        }))
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// A connection that writes, outside of any transaction: migrations.
    pub(crate) async fn direct(&self) -> Result<DatabaseConnection> {
        match &self.writer {
            Writer::Pool { pool, .. } => Ok(pool.clone()),
            Writer::Group(group) => group.direct().await,
        }
    }

    /// Finishes what runs and closes the connections.
    pub(crate) async fn close(&self) {
        if let Writer::Group(group) = &self.writer {
            group.close().await;
        }
        let _ = self.read.clone().close().await;
    }
}

/// The connection of a [`Group`].
pub(crate) async fn sqlite_writer(url: &str, patience: Duration) -> Result<DatabaseConnection> {
    Database::connect(sqlite_options(url, patience, 1, false)).await.map_err(away)
}

fn away(error: sea_orm::DbErr) -> Error {
    Error::Unavailable(error.into())
}

fn options(url: &str, patience: Duration) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .acquire_timeout(patience)
        .connect_timeout(patience)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

fn sqlite_options(url: &str, patience: Duration, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = options(url, patience);
    options.max_connections(connections).min_connections(1).idle_timeout(None).max_lifetime(None);
    options.map_sqlx_sqlite_opts(move |o| {
        // C-14: every commit reaches the disk, every reference is checked.
        o.journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(STATEMENTS)
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "MEMORY")
            // Pages that change again and again are carried over once for all of it; 16 MB of them.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("journal_size_limit", "67108864")
            .pragma("query_only", if read_only { "ON" } else { "OFF" })
    });
    options
}
