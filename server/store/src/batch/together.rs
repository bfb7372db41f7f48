//! PostgreSQL: transactions that are nothing but new rows, said to their end at the same time, are written by one
//! statement. All of them are lasting, or none is; then each is tried alone and has an answer of its own.

use super::rows::Rows;
use crate::{
    Result,
    connection::{Connection, Source},
    crew::{Asked, Crew, Told, Work},
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, sqlx};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// Most transactions in one statement: a power of two.
const MOST: usize = 16;

/// Those who wait, and who writes.
pub(crate) struct Together(Arc<Crew<Writing>>);

impl Together {
    /// `patience`: how long somebody waits for a writer.
    pub fn new(source: Source, patience: Duration) -> Self {
        let pool = source.pool().clone();
        Self(Crew::new(source, patience, Writing { pool }))
    }

    /// Lasting when this answers. To be run to its end: in a task of its own.
    ///
    /// # Errors
    /// The database's; `Unavailable` when no writer was free in time.
    pub(super) async fn write(&self, rows: Rows) -> Result<()> {
        self.0.have(rows).await
    }
}

struct Writing {
    /// For those that are tried alone, beside each other.
    pool: DatabaseConnection,
}

impl Work for Writing {
    type Job = Rows;
    type Answer = ();

    /// Keep the disk and the processors busy.
    const FEW: usize = 2;
    const MANY: usize = 6;
    const TOO_LONG: Duration = Duration::from_millis(100);

    /// A power of two, all of one form: of each form there are few statements, which stay prepared.
    fn next(waiting: &mut VecDeque<Asked<Self>>) -> Vec<Asked<Self>> {
        let Some(first) = waiting.front() else { return Vec::new() };
        let like: Vec<bool> = waiting.iter().map(|asked| asked.job.is_like(&first.job)).collect();
        let found = like.iter().filter(|like| **like).count().min(MOST);
        let mut wanted = 1 << found.ilog2();
        let (mut group, mut others) = (Vec::with_capacity(wanted), VecDeque::new());
        for (asked, like) in waiting.drain(..).zip(like) {
            if like && wanted > 0 {
                wanted -= 1;
                group.push(asked);
            } else {
                others.push_back(asked);
            }
        }
        *waiting = others;
        group
    }

    async fn work(&self, db: &Connection, group: Vec<Asked<Self>>) {
        match run(db, group.iter().map(|asked| &asked.job)).await {
            Err(DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)))
                if group.len() > 1 && matches!(&*error, sqlx::Error::Database(_)) =>
            {
                join_all(group.into_iter().map(async |asked| {
                    let answer = run(&self.pool, [&asked.job]).await;
                    asked.tell(answer);
                }))
                .await;
            }
            answer => group.into_iter().for_each(|asked| asked.tell(answer.clone())),
        }
    }
}

async fn run<'a>(db: &impl ConnectionTrait, rows: impl IntoIterator<Item = &'a Rows>) -> Told<()> {
    match Rows::statement(rows) {
        Some(statement) => db.execute_raw(statement).await.map(|_| ()),
        None => Ok(()),
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

    both_databases! {
        async fn what_is_refused_is_refused_alone(h: Harness) {
            let db::Writer::Pool { .. } = &h.store.dbs.writer else { return };
            let together = Together::new(h.store.dbs.source.clone(), Duration::from_secs(10));
            // While the first are written alone, the others wait and go together.
            let keys = ["x", "y", "a", "b", "a", "c"];
            let answers = join_all(keys.map(|key| together.write(rows(key)))).await;
            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 5, "{answers:?}");
            assert!(answers[2].is_ok() != answers[4].is_ok(), "one of two with the same key");
            assert_eq!(h.number("SELECT COUNT(*) FROM setting WHERE value = 'together'").await, 5);
        }

        /// All of one form, the longest waiting first, in a number that is a power of two.
        async fn those_of_another_form_wait_for_the_next_statement(h: Harness) {
            let db::Writer::Pool { .. } = &h.store.dbs.writer else { return };
            let mut two = rows("x");
            two.add("INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, 'together')", vals!["y", 1], &[], 100).unwrap();
            let mut waiting: VecDeque<_> = [rows("a"), two, rows("b"), rows("c")].map(Asked::unheard).into();
            let sizes: Vec<usize> = std::iter::from_fn(|| (!waiting.is_empty()).then(|| Writing::next(&mut waiting).len())).collect();
            assert_eq!(sizes, [2, 1, 1]);
        }
    }
}
