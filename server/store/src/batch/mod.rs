//! Statements that travel to the database together. Going there and back costs more than most statements themselves, and
//! on SQLite everybody else waits for it.

mod rows;
mod together;

pub(crate) use together::Together;

use crate::{Result, tx::Lock};
use rows::Rows;
use sea_orm::{DbBackend, Statement, Value};
use std::{collections::VecDeque, fmt::Write, sync::Arc};

/// Most statements sent together, and most values: what databases allow is far more.
const MOST: usize = 16;
const MOST_VALUES: usize = 400;

/// What waits, in the order in which it was said.
#[derive(Default)]
pub(crate) struct Waiting(VecDeque<Step>);

enum Step {
    /// Run one after the other; on PostgreSQL there is only one.
    Joined(Joined),
    /// PostgreSQL: it shows none of them what the others have changed, so that only new rows can be written together.
    Rows(Rows),
}

#[derive(Default)]
struct Joined {
    statements: Vec<String>,
    values: Vec<Value>,
}

impl Waiting {
    /// One statement more.
    pub fn add(&mut self, backend: DbBackend, sql: &str, values: Vec<Value>) {
        self.add_in_order(backend, sql, values, &[]);
    }

    /// New rows with the order in which all that are written together are written, the lowest first.
    pub fn add_in_order(&mut self, backend: DbBackend, sql: &str, values: Vec<Value>, order: &[Lock]) {
        match backend {
            DbBackend::Postgres => self.add_rows(sql, values, order),
            _ => self.join(sql, values),
        }
    }

    fn add_rows(&mut self, sql: &str, mut values: Vec<Value>, order: &[Lock]) {
        if let Some(Step::Rows(last)) = self.0.back_mut() {
            match last.add(sql, values, order, MOST_VALUES) {
                Ok(()) => return,
                Err(back) => values = back,
            }
        }
        let mut rows = Rows::default();
        self.0.push_back(match rows.add(sql, values, order, MOST_VALUES) {
            Ok(()) => Step::Rows(rows),
            Err(values) => Step::Joined(Joined::new(sql, values)),
        });
    }

    fn join(&mut self, sql: &str, values: Vec<Value>) {
        match self.0.back_mut() {
            Some(Step::Joined(last))
                if last.statements.len() < MOST && last.values.len() + values.len() <= MOST_VALUES =>
            {
                last.add(sql, values);
            }
            _ => self.0.push_back(Step::Joined(Joined::new(sql, values))),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next statement to run.
    pub fn take(&mut self, backend: DbBackend) -> Option<Statement> {
        match self.0.pop_front()? {
            Step::Rows(rows) => Rows::statement([&rows]),
            Step::Joined(Joined { statements, values }) => {
                Some(Statement::from_sql_and_values(backend, statements.join("; "), values))
            }
        }
    }

    /// Writes all that waits in one statement, together with what others say at this moment; `None` when it cannot be
    /// said so. To be run to its end.
    pub async fn write(&mut self, together: &Arc<Together>) -> Option<Result<()>> {
        match (self.0.len(), self.0.pop_front()?) {
            (1, Step::Rows(rows)) => Some(together.write(rows).await),
            (_, other) => {
                self.0.push_front(other);
                None
            }
        }
    }
}

impl Joined {
    fn new(sql: &str, values: Vec<Value>) -> Self {
        let mut first = Self::default();
        first.add(sql, values);
        first
    }

    fn add(&mut self, sql: &str, values: Vec<Value>) {
        self.statements.push(renumbered(sql, self.values.len()));
        self.values.extend(values);
    }
}

/// `$1` or `?` of a statement of its own, as it is called when `before` values stand before its first.
fn renumbered(sql: &str, before: usize) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let (mut quoted, mut anonymous) = (false, 0);
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        quoted ^= c == '\'';
        match c {
            '?' if !quoted => {
                anonymous += 1;
                let _ = write!(out, "${}", before + anonymous);
            }
            '$' if !quoted => {
                let mut n = 0;
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    n = n * 10 + digit as usize;
                    rest.next();
                }
                let _ = write!(out, "${}", before + n);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(backend: DbBackend, said: &[(&str, &[i64])]) -> Vec<(String, usize)> {
        let mut waiting = Waiting::default();
        for (sql, values) in said {
            waiting.add(backend, sql, values.iter().map(|n| Value::from(*n)).collect());
        }
        std::iter::from_fn(|| waiting.take(backend))
            .map(|s| (s.sql, s.values.map_or(0, |values| values.0.len())))
            .collect()
    }

    const SAID: [(&str, &[i64]); 3] = [
        ("INSERT INTO a VALUES ($1, '$1', $2)", &[1, 2]),
        ("INSERT INTO b VALUES (?, '?', ?)", &[3, 4]),
        ("UPDATE c SET d = $1 WHERE e = $1", &[5]),
    ];

    #[test]
    fn sqlite_runs_all_of_them_one_after_the_other() {
        let sql = "INSERT INTO a VALUES ($1, '$1', $2); INSERT INTO b VALUES ($3, '?', $4); \
                   UPDATE c SET d = $5 WHERE e = $5";
        assert_eq!(sent(DbBackend::Sqlite, &SAID), [(sql.to_owned(), 5)]);
    }

    #[test]
    fn postgres_writes_new_rows_together_and_the_rest_alone() {
        let rows = "WITH w0 AS (INSERT INTO a VALUES ($1, '$1', $2)) INSERT INTO b VALUES ($3, '$1', $4)";
        let update = "UPDATE c SET d = $1 WHERE e = $1";
        let said = [SAID[0], ("INSERT INTO b VALUES ($1, '$1', $2)", &[3, 4]), SAID[2]];
        assert_eq!(sent(DbBackend::Postgres, &said), [(rows.to_owned(), 4), (update.to_owned(), 1)]);
    }

    #[test]
    fn a_batch_has_its_limit() {
        let many = vec![SAID[0]; MOST * 2 + 1];
        let sizes: Vec<usize> = sent(DbBackend::Sqlite, &many).into_iter().map(|(_, n)| n).collect();
        assert_eq!(sizes, [2 * MOST, 2 * MOST, 2]);
        let wide: [i64; MOST_VALUES] = [0; MOST_VALUES];
        assert_eq!(sent(DbBackend::Sqlite, &[("INSERT", &wide), ("INSERT", &wide)]).len(), 2);
    }
}
