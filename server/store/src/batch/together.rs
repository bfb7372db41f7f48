//! PostgreSQL: transactions that are nothing but new rows, said to their end at the same time, are written by one
//! statement. All of them are lasting, or none is; then each is tried alone and has an answer of its own.
//!
//! Nobody waits for others to come: what has come while the writers were busy goes together.

use super::rows::Rows;
use crate::{Error, Result};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, sqlx};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::oneshot;

/// Statements under way at a time.
const WRITERS: usize = 3;
/// Most transactions in one statement: a power of two.
const MOST: usize = 8;

type Answer = std::result::Result<(), DbErr>;

/// Those who wait, and who writes.
pub(crate) struct Together {
    pool: DatabaseConnection,
    /// How long somebody waits for a writer.
    patience: Duration,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Entry>,
    writers: usize,
    last: u64,
}

struct Entry {
    id: u64,
    rows: Rows,
    tell: oneshot::Sender<Answer>,
}

impl Together {
    pub fn new(pool: DatabaseConnection, patience: Duration) -> Self {
        Self { pool, patience, queue: Mutex::default() }
    }

    /// Lasting when this answers. To be run to its end: in a task of its own.
    ///
    /// # Errors
    /// The database's; `Unavailable` when no writer was free in time.
    pub(super) async fn write(self: &Arc<Self>, rows: Rows) -> Result<()> {
        let (tell, mut told) = oneshot::channel();
        let id = self.enter(rows, tell);
        let answer = match tokio::time::timeout(self.patience, &mut told).await {
            Ok(answer) => answer,
            Err(_) if self.leave(id) => {
                return Err(Error::Unavailable("nobody was free to write in time".into()));
            }
            Err(_) => told.await,
        };
        match answer {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Error::Unavailable("the transaction was given up".into())),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Whole whenever its lock is free, also after a panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(self: &Arc<Self>, rows: Rows, tell: oneshot::Sender<Answer>) -> u64 {
        let mut queue = self.queue();
        queue.last += 1;
        let id = queue.last;
        queue.waiting.push_back(Entry { id, rows, tell });
        if queue.writers < WRITERS {
            queue.writers += 1;
            tokio::spawn(Writer { together: self.clone(), busy: true }.run());
        }
        id
    }

    /// Whether it was still waiting.
    fn leave(&self, id: u64) -> bool {
        let mut queue = self.queue();
        let before = queue.waiting.len();
        queue.waiting.retain(|entry| entry.id != id);
        queue.waiting.len() < before
    }

    async fn write_all(&self, group: Vec<Entry>) {
        match self.run(group.iter().map(|entry| &entry.rows)).await {
            Err(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)))
                if group.len() > 1 && matches!(&*error, sqlx::Error::Database(_)) =>
            {
                join_all(group.into_iter().map(async |entry| {
                    let answer = self.run([&entry.rows]).await;
                    let _ = entry.tell.send(answer);
                }))
                .await;
            }
            answer => {
                for entry in group {
                    let _ = entry.tell.send(answer.clone());
                }
            }
        }
    }

    async fn run(&self, rows: impl IntoIterator<Item = &Rows>) -> Answer {
        match Rows::statement(rows) {
            Some(statement) => self.pool.execute_raw(statement).await.map(|_| ()),
            None => Ok(()),
        }
    }
}

impl Queue {
    /// Those to be written next, from whoever waits the longest. A power of two: of each form there are few statements,
    /// which stay prepared.
    fn next(&mut self) -> Option<Vec<Entry>> {
        let first = &self.waiting.front()?.rows;
        let like: Vec<bool> = self.waiting.iter().map(|entry| entry.rows.is_like(first)).collect();
        let found = like.iter().filter(|like| **like).count().min(MOST);
        let mut wanted = 1 << found.ilog2();
        let (mut group, mut others) = (Vec::with_capacity(wanted), VecDeque::new());
        for (entry, like) in self.waiting.drain(..).zip(like) {
            if like && wanted > 0 {
                wanted -= 1;
                group.push(entry);
            } else {
                others.push_back(entry);
            }
        }
        self.waiting = others;
        Some(group)
    }
}

/// Writes as long as there is something to write.
struct Writer {
    together: Arc<Together>,
    /// Counted among the writers.
    busy: bool,
}

impl Writer {
    async fn run(mut self) {
        while let Some(group) = self.next() {
            self.together.write_all(group).await;
        }
    }

    /// Who comes after `None` finds a writer less.
    fn next(&mut self) -> Option<Vec<Entry>> {
        let mut queue = self.together.queue();
        let group = queue.next();
        if group.is_none() {
            queue.writers -= 1;
            self.busy = false;
        }
        group
    }
}

impl Drop for Writer {
    /// Also when it was ended in the middle.
    fn drop(&mut self) {
        if self.busy {
            self.together.queue().writers -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_databases, db, sql::vals};

    fn rows(key: &str) -> Rows {
        let mut rows = Rows::default();
        let sql = "INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, 'together')";
        rows.add(sql, vals![key, crate::testing::fixture::JINGAN.0], &[], 100).unwrap();
        rows
    }

    /// Written by nobody: only in the queue.
    fn queued(together: &Together, rows: Rows) -> oneshot::Receiver<Answer> {
        let (tell, told) = oneshot::channel();
        let mut queue = together.queue();
        queue.last += 1;
        let id = queue.last;
        queue.waiting.push_back(Entry { id, rows, tell });
        told
    }

    both_databases! {
        async fn what_is_refused_is_refused_alone(h: Harness) {
            let db::Writer::Pool { pool, .. } = &h.store.dbs.writer else { return };
            let together = Arc::new(Together::new(pool.clone(), Duration::from_secs(10)));
            let told: Vec<_> = ["a", "b", "a", "c"].map(|key| queued(&together, rows(key))).into();
            together.queue().writers = 1;
            let mut writer = Writer { together: together.clone(), busy: true };
            let group = writer.next().unwrap();
            assert_eq!(group.len(), 4, "all of one form");
            together.write_all(group).await;
            let mut answers = Vec::new();
            for told in told {
                answers.push(told.await.unwrap().is_ok());
            }
            assert_eq!(answers.iter().filter(|ok| **ok).count(), 3, "{answers:?}");
            assert!(answers[1] && answers[3]);
            assert_eq!(h.number("SELECT COUNT(*) FROM setting WHERE value = 'together'").await, 3);
            assert!(writer.next().is_none());
            assert_eq!(together.queue().writers, 0, "the next one starts another");
        }

        /// C-6: told so in time, and not written later.
        async fn who_finds_nobody_free_to_write_goes_away(h: Harness) {
            let db::Writer::Pool { pool, .. } = &h.store.dbs.writer else { return };
            let together = Arc::new(Together::new(pool.clone(), Duration::from_millis(20)));
            together.queue().writers = WRITERS;
            assert!(matches!(together.write(rows("a")).await, Err(Error::Unavailable(_))));
            assert!(together.queue().waiting.is_empty());
            together.queue().writers = 0;
            together.write(rows("b")).await.unwrap();
            assert_eq!(h.text("SELECT key FROM setting WHERE value = 'together'").await, "b");
        }

        /// All of one form, the longest waiting first, in a number that is a power of two.
        async fn those_of_another_form_wait_for_the_next_statement(h: Harness) {
            let db::Writer::Pool { pool, .. } = &h.store.dbs.writer else { return };
            let together = Together::new(pool.clone(), Duration::from_secs(10));
            let mut two = rows("x");
            two.add("INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, 'together')", vals!["y", 1], &[], 100).unwrap();
            for entry in [rows("a"), two, rows("b"), rows("c")] {
                drop(queued(&together, entry));
            }
            let sizes: Vec<usize> = std::iter::from_fn(|| together.queue().next()).map(|group| group.len()).collect();
            assert_eq!(sizes, [2, 1, 1]);
        }
    }
}
