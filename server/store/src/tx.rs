//! Write transactions.
//!
//! A write verb reads top to bottom: begin → load → authorise on the loaded row → domain transition → save with a
//! version check → outbox and audit rows → commit. Nothing is sent to anyone inside a transaction.

use crate::{
    Error, OpContext, Result, Store,
    batch::{Together, Waiting},
    db::Writer,
    group::Member,
    sql,
    taken::{self, Mark, Taken},
};
use chrono::{DateTime, Utc};
use domain::{
    BranchId,
    live::{Change, Topic},
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    QueryTrait, Statement, TransactionTrait, Value,
};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, LockResult, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A write transaction: give it to queries as the connection. Dropped without [`Tx::commit`], it is rolled back.
///
/// On SQLite it is the only one that writes at that moment; on PostgreSQL it reads committed rows and relies on
/// constraints, version checks and [`Tx::lock`]. Whoever answers *success* out of what a transaction has read commits it
/// first: what it saw may not be lasting before that (see [`crate::group`]).
pub struct Tx {
    /// `None` only while it is being dropped.
    inner: Option<Inner>,
    backend: DbBackend,
    store: Arc<Store>,
    now: DateTime<Utc>,
    changes: Mutex<Vec<Change>>,
    taken: Mutex<taken::Changes>,
    /// Statements whose answer nobody needs.
    waiting: Mutex<Waiting>,
}

enum Inner {
    Own(Own),
    Member(Member),
}

/// PostgreSQL's. It begins with its first statement: one that is all said at the end is a transaction by itself, which
/// spares two ways to the database and back.
struct Own {
    pool: DatabaseConnection,
    together: Arc<Together>,
    tx: OnceCell<DatabaseTransaction>,
}

impl Own {
    async fn tx(&self) -> std::result::Result<&DatabaseTransaction, DbErr> {
        self.tx.get_or_try_init(|| self.pool.begin()).await
    }

    /// With what waits to be run. To be run to its end.
    async fn commit(mut self, mut waiting: Waiting) -> Result<()> {
        if !self.tx.initialized() {
            if waiting.is_empty() {
                return Ok(());
            }
            if let Some(answer) = waiting.write(&self.together).await {
                return answer;
            }
        }
        let backend = self.pool.get_database_backend();
        let first = waiting.take(backend);
        if !self.tx.initialized() && waiting.is_empty() {
            if let Some(only) = first {
                self.pool.execute_raw(only).await?;
            }
            return Ok(());
        }
        let tx = self.tx().await?;
        for statement in first.into_iter().chain(std::iter::from_fn(|| waiting.take(backend))) {
            tx.execute_raw(statement).await?;
        }
        if let Some(tx) = self.tx.take() {
            tx.commit().await?;
        }
        Ok(())
    }
}

impl OpContext {
    /// Begins a write transaction.
    ///
    /// # Errors
    /// `Unavailable` when no connection was free in time; on PostgreSQL the first statement says so.
    pub async fn begin(&self) -> Result<Tx> {
        self.store.begin().await
    }
}

impl Store {
    /// Begins a write transaction outside of a verb: jobs.
    ///
    /// # Errors
    /// As [`OpContext::begin`].
    pub async fn begin(self: &Arc<Self>) -> Result<Tx> {
        let inner = match &self.dbs.writer {
            Writer::Pool { pool, together } => {
                Inner::Own(Own { pool: pool.clone(), together: together.clone(), tx: OnceCell::new() })
            }
            Writer::Group(group) => Inner::Member(group.begin().await?),
        };
        Ok(Tx {
            inner: Some(inner),
            backend: self.backend(),
            store: self.clone(),
            now: self.now(),
            changes: Mutex::default(),
            taken: Mutex::default(),
            waiting: Mutex::default(),
        })
    }
}

impl Tx {
    /// The moment at which all of this happens.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// [`Tx::now`] as a column keeps it.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        crate::time::ms(self.now)
    }

    /// Remembers to tell everybody about a change once it is committed.
    pub fn changed(&self, branch: BranchId, topic: Topic) {
        let change = Change { branch, topic };
        let mut changes = whole(self.changes.lock());
        if !changes.contains(&change) {
            changes.push(change);
        }
    }

    /// Remembers of whom and what something else is taken once it is committed: for [`crate::taken`], which all changes of
    /// it go through.
    pub(crate) fn took(&self, other: impl IntoIterator<Item = Taken>) {
        let mut taken = whole(self.taken.lock());
        for one in other {
            if !taken.gone.contains(&one) {
                taken.gone.push(one);
            }
        }
    }

    /// As [`Tx::took`], for what is known to be taken besides, or for longer.
    pub(crate) fn takes(&self, more: impl IntoIterator<Item = (Uuid, Mark)>) {
        whole(self.taken.lock()).more.extend(more);
    }

    /// Waits until nobody else holds any of these locks, and holds them until the end. Taken in ascending order, so
    /// that two transactions never wait for each other. SQLite has one writer anyway: nothing to do there.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock(&self, all: impl IntoIterator<Item = Lock>) -> Result<()> {
        if self.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        let mut all: Vec<Lock> = all.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let ids = all.iter().map(|lock| lock.id.to_string()).collect::<Vec<_>>().join(",");
        let days = all.iter().map(|lock| lock.day.to_string()).collect::<Vec<_>>().join(",");
        // One statement for all: the sub-select is evaluated in its order. Ids and numbers only, nothing to quote. The
        // key is that of the trigger `allocation_lock`.
        let sql = format!(
            "SELECT pg_advisory_xact_lock(uuid_hash_extended(id, day)) FROM (SELECT id, day FROM \
             unnest('{{{ids}}}'::uuid[], '{{{days}}}'::bigint[]) AS k (id, day) ORDER BY id, day) AS s"
        );
        self.execute_unprepared(&sql).await?;
        Ok(())
    }

    /// Makes it last, then tells the listeners. Goes on to its end even when whoever waits for it goes away.
    ///
    /// # Errors
    /// The database's; then nothing of it has happened.
    pub async fn commit(mut self) -> Result<()> {
        let last = match self.inner {
            Some(Inner::Member(_)) => self.flush_all_but_the_last().await?,
            _ => None,
        };
        let Some(inner) = self.inner.take() else { return Ok(()) };
        let waiting = std::mem::take(&mut *whole(self.waiting.lock()));
        let changes = std::mem::take(&mut *whole(self.changes.lock()));
        let taken = std::mem::take(&mut *whole(self.taken.lock()));
        let store = self.store.clone();
        let commit = tokio::spawn(async move {
            match inner {
                Inner::Own(own) => own.commit(waiting).await?,
                Inner::Member(member) => member.commit(last).await?,
            }
            store.publish_taken(taken);
            for change in changes {
                store.publish(change);
            }
            Ok(())
        });
        commit.await.map_err(Error::internal)?
    }

    /// Commits a transaction that is this one statement and tells the listeners what its rows say is taken otherwise. Gives
    /// how many rows there were. Goes on to its end even when whoever waits for it goes away. PostgreSQL's, which sees the
    /// same in a statement as in a transaction.
    ///
    /// # Errors
    /// The database's; then nothing of it has happened.
    pub(crate) async fn commit_with(
        mut self,
        sql: &str,
        values: Vec<Value>,
        taken: impl Fn(&QueryResult) -> std::result::Result<Option<Taken>, DbErr> + Send + 'static,
    ) -> Result<usize> {
        let Some(Inner::Own(own)) = self.inner.take() else {
            return Err(Error::internal("one statement is a transaction on PostgreSQL only"));
        };
        let statement = Statement::from_sql_and_values(self.backend, sql, values);
        let store = self.store.clone();
        let commit = tokio::spawn(async move {
            let rows = own.pool.query_all_raw(statement).await?;
            let gone = rows
                .iter()
                .filter_map(|row| taken(row).transpose())
                .collect::<std::result::Result<_, _>>()?;
            store.publish_taken(taken::Changes { gone, more: Vec::new() });
            Ok(rows.len())
        });
        commit.await.map_err(Error::internal)?
    }

    /// Has PostgreSQL plan this transaction's statements for what the tables hold now, and for their values: worth it for
    /// those that run seldom and meet many rows. A plan that is kept may be from when a table was empty.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn plan_anew(&self) -> Result<()> {
        if self.backend == DbBackend::Postgres {
            self.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan").await?;
        }
        Ok(())
    }

    /// Undoes it at once; dropping does the same a little later.
    ///
    /// # Errors
    /// The database's.
    pub async fn rollback(mut self) -> Result<()> {
        match self.inner.take() {
            Some(Inner::Own(mut own)) => {
                if let Some(tx) = own.tx.take() {
                    tx.rollback().await?;
                }
            }
            Some(Inner::Member(member)) => tokio::spawn(member.rollback()).await.map_err(Error::internal)?,
            None => {}
        }
        Ok(())
    }

    /// Runs a statement whose answer nobody needs: several of them travel to the database together, before anything else
    /// of this transaction or at its end. What the database refuses of it is refused there.
    pub(crate) fn later(&self, sql: &str, values: Vec<Value>) {
        whole(self.waiting.lock()).add(self.backend, sql, values);
    }

    /// [`Tx::later`] for rows of an entity.
    pub(crate) fn insert(&self, insert: &impl QueryTrait) {
        self.insert_in_order(insert, &[]);
    }

    /// [`Tx::insert`] for rows that lock something as they are written: always the lowest `order` first.
    pub(crate) fn insert_in_order(&self, insert: &impl QueryTrait, order: &[Lock]) {
        let Statement { sql, values, .. } = insert.build(self.backend);
        let values = values.map_or_else(Vec::new, |values| values.0);
        whole(self.waiting.lock()).add_in_order(self.backend, &sql, values, order);
    }

    /// What waits and is to be run next.
    fn next_waiting(&self) -> Option<Statement> {
        whole(self.waiting.lock()).take(self.backend)
    }

    /// Runs what waits.
    async fn flush(&self) -> std::result::Result<(), DbErr> {
        while let Some(statement) = self.next_waiting() {
            let statement = self.ready(statement);
            self.run_on(|tx| tx.execute_raw(statement)).await?;
        }
        Ok(())
    }

    /// Runs what waits but for the last piece, which ends the transaction with it.
    async fn flush_all_but_the_last(&self) -> std::result::Result<Option<Statement>, DbErr> {
        let mut last = self.next_waiting();
        while let Some(after) = self.next_waiting() {
            if let Some(statement) = last.replace(after) {
                let statement = self.ready(statement);
                self.run_on(|tx| tx.execute_raw(statement)).await?;
            }
        }
        Ok(last)
    }

    fn ready(&self, statement: Statement) -> Statement {
        match &self.inner {
            Some(Inner::Member(member)) => member.ready(statement),
            _ => statement,
        }
    }

    /// Runs a statement; gives the number of rows it changed.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        sql::run(self, sql, values).await
    }
}

/// These lists are whole whenever their lock is free, also after a panic: nothing that was said is left out.
fn whole<T>(lock: LockResult<MutexGuard<'_, T>>) -> MutexGuard<'_, T> {
    lock.unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Tx {
    /// Gives the turn on only after what was done is undone. A transaction of a pool undoes itself.
    fn drop(&mut self) {
        if let Some(Inner::Member(member)) = self.inner.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(member.rollback());
        }
    }
}

/// An advisory lock on one thing and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lock {
    id: Uuid,
    day: i64,
}

impl Lock {
    #[must_use]
    pub fn new(id: Uuid, day: impl Into<i64>) -> Self {
        Self { id, day: day.into() }
    }
}

/// Evaluates a verb's inner function again, up to three times, when the database had to give up its transaction in
/// favour of another one: `again!(hold_once(cx, &cmd))`.
macro_rules! again {
    ($call:expr) => {{
        let mut tries = 0;
        loop {
            match $call.await {
                Err(error) if error.is_conflict() && tries < 2 => tries += 1,
                answer => break answer,
            }
        }
    }};
}
pub(crate) use again;

type Answer<'a, T> = Pin<Box<dyn Future<Output = std::result::Result<T, DbErr>> + Send + 'a>>;

impl Tx {
    async fn run_on<'t, T: Send + 't>(
        &'t self,
        ask: impl FnOnce(&'t DatabaseTransaction) -> Answer<'t, T> + Send,
    ) -> std::result::Result<T, DbErr> {
        let tx = match &self.inner {
            Some(Inner::Own(own)) => Some(own.tx().await?),
            Some(Inner::Member(member)) => member.tx(),
            None => None,
        };
        match tx {
            Some(tx) => ask(tx).await,
            None => Err(DbErr::Custom("the transaction is over".to_owned())),
        }
    }

    /// Runs alone, once everything before it has been run: SQLite would count what others have changed.
    fn counted<'t, T: Send + 't>(
        &'t self,
        ask: impl FnOnce(&'t DatabaseTransaction) -> Answer<'t, T> + Send + 't,
    ) -> Answer<'t, T> {
        Box::pin(async move {
            self.flush().await?;
            if let Some(Inner::Member(member)) = &self.inner {
                member.open().await?;
            }
            self.run_on(ask).await
        })
    }

    /// Asks once everything before it has been run.
    fn after<'t, T: Send + 't>(
        &'t self,
        statement: Statement,
        ask: impl FnOnce(&'t DatabaseTransaction, Statement) -> Answer<'t, T> + Send + 't,
    ) -> Answer<'t, T> {
        Box::pin(async move {
            self.flush().await?;
            let statement = self.ready(statement);
            self.run_on(|tx| ask(tx, statement)).await
        })
    }
}

/// Queries take a `&Tx` as they take a connection.
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    fn execute_raw<'a: 't, 't>(&'a self, stmt: Statement) -> Answer<'t, ExecResult> {
        #[cfg(feature = "testing")]
        assert!(!stmt.sql.starts_with("UPDATE allocation"), "goes around `taken`: {}", stmt.sql);
        self.counted(move |tx| tx.execute_raw(stmt))
    }

    fn execute_unprepared<'a: 't, 'b: 't, 't>(&'a self, sql: &'b str) -> Answer<'t, ExecResult> {
        self.counted(move |tx| tx.execute_unprepared(sql))
    }

    fn query_one_raw<'a: 't, 't>(&'a self, stmt: Statement) -> Answer<'t, Option<QueryResult>> {
        self.after(stmt, |tx, stmt| tx.query_one_raw(stmt))
    }

    fn query_all_raw<'a: 't, 't>(&'a self, stmt: Statement) -> Answer<'t, Vec<QueryResult>> {
        self.after(stmt, |tx, stmt| tx.query_all_raw(stmt))
    }
}
