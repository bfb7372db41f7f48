//! SQLite's one writer, with group commit.
//!
//! Making a transaction last means waiting for the disk; doing that for each booking alone would be the limit of all
//! writing. So the transactions that queue up while one runs are savepoints of one outer transaction, which is committed
//! once for all of them. Nobody is told of success before that. What one of them reads of another that is not yet lasting
//! must not be passed on as a success either: a verb that answers out of a transaction commits it first.
//!
//! Turns are taken in the order of asking. When anything about the outer transaction fails, all who wait for it are
//! refused and the connection is replaced, whatever state it was in (a full disk may end a transaction by itself).

use crate::{Error, Result, db::sqlite_writer};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// A group is committed at the latest when it has so many members, or is so old.
const MOST: usize = 64;
const OLDEST: Duration = Duration::from_millis(12);

type Answer = std::result::Result<(), DbErr>;

/// The writer.
#[derive(Clone)]
pub(crate) struct Group {
    url: Arc<str>,
    /// How long somebody waits for the turn.
    patience: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    db: Option<DatabaseConnection>,
    outer: Option<Outer>,
    /// A task queues for its turn to commit the outer transaction.
    flush_queued: bool,
    closed: bool,
}

struct Outer {
    tx: DatabaseTransaction,
    began: Instant,
    waiting: Vec<oneshot::Sender<Answer>>,
}

/// One transaction: the turn, and a savepoint that is opened together with its first statement and released together
/// with its last.
pub(crate) struct Member {
    turn: OwnedMutexGuard<State>,
    opened: AtomicBool,
}

const OPEN: &str = "SAVEPOINT member";
const RELEASE: &str = "RELEASE member";
const UNDO: &str = "ROLLBACK TO member; RELEASE member";

impl Group {
    pub(crate) async fn connect(url: &str, patience: Duration) -> Result<Self> {
        let db = sqlite_writer(url, patience).await?;
        let state = State { db: Some(db), ..State::default() };
        Ok(Self { url: url.into(), patience, state: Arc::new(Mutex::new(state)) })
    }

    /// Waits for the turn and begins.
    pub(crate) async fn begin(&self) -> Result<Member> {
        let mut turn = self.turn().await?;
        if turn.outer.is_none() {
            let tx = begin_outer(&self.connection_of(&mut turn).await?).await?;
            turn.outer = Some(Outer { tx, began: Instant::now(), waiting: Vec::new() });
        }
        Ok(Member { turn, opened: AtomicBool::new(false) })
    }

    /// The connection itself, with no transaction open on it at this moment: migrations.
    pub(crate) async fn direct(&self) -> Result<DatabaseConnection> {
        let mut turn = self.turn().await?;
        turn.flush().await;
        self.connection_of(&mut turn).await
    }

    /// Commits what is under way and ends the connection.
    pub(crate) async fn close(&self) {
        let mut turn = self.state.clone().lock_owned().await;
        turn.flush().await;
        turn.closed = true;
        if let Some(db) = turn.db.take() {
            let _ = db.close().await;
        }
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<State>> {
        let turn = tokio::time::timeout(self.patience, self.state.clone().lock_owned()).await;
        turn.map_err(|_| Error::Unavailable("no turn to write in time".into()))
    }

    async fn connection_of(&self, turn: &mut State) -> Result<DatabaseConnection> {
        if turn.closed {
            return Err(Error::Unavailable("the store is closed".into()));
        }
        match &turn.db {
            Some(db) => Ok(db.clone()),
            None => Ok(turn.db.insert(sqlite_writer(&self.url, self.patience).await?).clone()),
        }
    }
}

async fn begin_outer(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(db.begin_with_options(options).await?)
}

impl Member {
    /// Where its statements run, each made ready by [`Member::ready`].
    pub(crate) fn tx(&self) -> Option<&DatabaseTransaction> {
        self.turn.outer.as_ref().map(|outer| &outer.tx)
    }

    /// The first statement opens the savepoint.
    pub(crate) fn ready(&self, mut statement: Statement) -> Statement {
        if !self.opened.swap(true, Ordering::Relaxed) {
            statement.sql = format!("{OPEN}; {}", statement.sql);
        }
        statement
    }

    /// Opens the savepoint, before a statement whose changes are counted.
    pub(crate) async fn open(&self) -> Answer {
        match self.tx() {
            Some(tx) if !self.opened.swap(true, Ordering::Relaxed) => {
                tx.execute_unprepared(OPEN).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// Runs the last statement and releases the savepoint.
    async fn release(&self, last: Option<Statement>) -> Answer {
        let Some(tx) = self.tx() else { return Ok(()) };
        match last.map(|statement| self.ready(statement)) {
            Some(mut statement) => {
                statement.sql.push_str("; ");
                statement.sql.push_str(RELEASE);
                tx.execute_raw(statement).await?;
            }
            None if self.opened.load(Ordering::Relaxed) => {
                tx.execute_unprepared(RELEASE).await?;
            }
            None => {}
        }
        Ok(())
    }

    /// As if it had never begun. When even that fails, so does everybody of the outer transaction.
    async fn undo(&mut self) {
        if !self.opened.load(Ordering::Relaxed) {
            return;
        }
        let undone = match self.tx() {
            Some(tx) => tx.execute_unprepared(UNDO).await.map(|_| ()),
            None => Ok(()),
        };
        if let Err(error) = undone {
            self.turn.fail(&error);
        }
    }

    /// Lasting, with its `last` statement, when this answers. To be run to its end: in a task of its own.
    pub(crate) async fn commit(mut self, last: Option<Statement>) -> Result<()> {
        if let Err(error) = self.release(last).await {
            self.undo().await;
            give_on(self.turn).await;
            return Err(error.into());
        }
        let Self { mut turn, .. } = self;
        let (tell, told) = oneshot::channel();
        if let Some(outer) = &mut turn.outer {
            outer.waiting.push(tell);
        }
        give_on(turn).await;
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Error::Unavailable(error.into())),
            Err(_) => Err(Error::Unavailable("the transaction was given up".into())),
        }
    }

    /// Undone when this answers. To be run to its end: in a task of its own.
    pub(crate) async fn rollback(mut self) {
        self.undo().await;
        give_on(self.turn).await;
    }
}

/// Gives the turn on. The outer transaction is committed now when it is time, else behind all who wait already.
async fn give_on(mut turn: OwnedMutexGuard<State>) {
    if turn.is_due() {
        turn.flush().await;
    }
    if turn.outer.is_none() || turn.flush_queued {
        return;
    }
    turn.flush_queued = true;
    let state = OwnedMutexGuard::mutex(&turn).clone();
    tokio::spawn(async move {
        let mut turn = state.lock_owned().await;
        turn.flush_queued = false;
        turn.flush().await;
    });
}

impl State {
    fn is_due(&self) -> bool {
        self.outer
            .as_ref()
            .is_some_and(|outer| outer.waiting.len() >= MOST || outer.began.elapsed() >= OLDEST)
    }

    /// Commits the outer transaction and tells its members.
    async fn flush(&mut self) {
        let Some(Outer { tx, waiting, .. }) = self.outer.take() else { return };
        let answer = tx.commit().await;
        if let Err(error) = &answer {
            self.replace(error);
        }
        for member in waiting {
            let _ = member.send(answer.clone());
        }
    }

    /// Gives the outer transaction up and tells its members.
    fn fail(&mut self, error: &DbErr) {
        let outer = self.outer.take();
        for member in outer.into_iter().flat_map(|outer| outer.waiting) {
            let _ = member.send(Err(error.clone()));
        }
        self.replace(error);
    }

    /// The connection may be in any state: the next transaction gets a new one.
    fn replace(&mut self, error: &DbErr) {
        tracing::error!(%error, "the writing connection is replaced");
        if let Some(db) = self.db.take() {
            tokio::spawn(async move { db.close().await });
        }
    }
}
