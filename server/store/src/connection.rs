//! A connection of the pool for those who ask again and again. The pool tests each one that is given back, which is a
//! question more to the database; what is kept from one question to the next is given back, and tested, once.

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, Statement, Values,
    prelude::async_trait,
    sqlx::{
        self, AssertSqlSafe, Postgres,
        pool::PoolConnection,
        postgres::{PgDatabaseError, PgSeverity},
        query::Query,
    },
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

/// Where connections are taken from.
#[derive(Clone, Default)]
pub(crate) struct Source {
    pool: DatabaseConnection,
    /// The pool counts only what is sent over itself (C-30).
    #[cfg(feature = "testing")]
    statements: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl Source {
    pub fn new(
        pool: DatabaseConnection,
        #[cfg(feature = "testing")] statements: std::sync::Arc<std::sync::atomic::AtomicU64>,
    ) -> Self {
        Self {
            pool,
            #[cfg(feature = "testing")]
            statements,
        }
    }

    /// For statements that are to run beside each other.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub fn connection(&self) -> Connection {
        Connection { source: self.clone(), kept: Mutex::new(None) }
    }
}

/// Statements on one connection, taken when the first comes and given back when this is dropped. On SQLite, where nothing
/// is tested, each takes its own.
pub(crate) struct Connection {
    source: Source,
    kept: Mutex<Option<PoolConnection<Postgres>>>,
}

impl Connection {
    fn is_postgres(&self) -> bool {
        self.source.pool.get_database_backend() == DbBackend::Postgres
    }

    /// # Errors
    /// The database's. A connection that fails in any other way than by a refusal is not used again.
    async fn on_kept<T>(
        &self,
        ask: impl AsyncFnOnce(&mut PoolConnection<Postgres>) -> Result<T, sqlx::Error>,
        wrap: fn(RuntimeErr) -> DbErr,
    ) -> Result<T, DbErr> {
        #[cfg(feature = "testing")]
        self.source.statements.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut kept = self.kept.lock().await;
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.source.pool.get_postgres_connection_pool().acquire().await.map_err(not_had)?,
        };
        let answer = ask(&mut connection).await;
        if answer.as_ref().err().is_none_or(only_refused) {
            *kept = Some(connection);
        }
        answer.map_err(|error| wrap(RuntimeErr::SqlxError(error.into())))
    }
}

/// The statement was refused; the connection is as good as before.
fn only_refused(error: &sqlx::Error) -> bool {
    let refusal = error.as_database_error().and_then(|e| e.try_downcast_ref::<PgDatabaseError>());
    refusal.is_some_and(|e| e.severity() == PgSeverity::Error)
}

fn not_had(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
    }
}

fn query(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.source.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        if !self.is_postgres() {
            return self.source.pool.execute_raw(statement).await;
        }
        let ask = async |c: &mut PoolConnection<Postgres>| query(statement).execute(&mut **c).await;
        Ok(self.on_kept(ask, DbErr::Exec).await?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.source.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if !self.is_postgres() {
            return self.source.pool.query_one_raw(statement).await;
        }
        let ask = async |c: &mut PoolConnection<Postgres>| query(statement).fetch_optional(&mut **c).await;
        Ok(self.on_kept(ask, DbErr::Query).await?.map(Into::into))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !self.is_postgres() {
            return self.source.pool.query_all_raw(statement).await;
        }
        let ask = async |c: &mut PoolConnection<Postgres>| query(statement).fetch_all(&mut **c).await;
        Ok(self.on_kept(ask, DbErr::Query).await?.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Error, both_databases, sql, sql::vals};
    use sea_orm::DbBackend;

    both_databases! {
        /// C-18: whoever keeps a connection that is gone meets it once.
        async fn a_connection_that_is_gone_is_not_used_again(h: Harness) {
            if h.store.backend() != DbBackend::Postgres {
                return;
            }
            let connection = h.store.dbs.source.connection();
            let pid = async || -> crate::Result<i32> {
                let row = sql::row(&connection, "SELECT pg_backend_pid()", vec![]).await?.expect("a row");
                Ok(row.try_get_by_index(0)?)
            };
            let first = pid().await.unwrap();
            assert_eq!(pid().await.unwrap(), first, "kept");
            assert!(sql::run(&connection, "SELECT 1 / $1", vals![0]).await.is_err());
            assert_eq!(pid().await.unwrap(), first, "a refusal says nothing against the connection");
            sql::row(&h.store.dbs.read, "SELECT pg_terminate_backend($1)", vals![first]).await.unwrap();
            assert!(matches!(pid().await, Err(Error::Unavailable(_))));
            assert_ne!(pid().await.unwrap(), first);
        }
    }
}
