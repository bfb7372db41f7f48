//! New rows of several tables, written by one statement: those of one transaction, or of several that are said to their
//! end at the same time.
//!
//! A statement costs PostgreSQL more than its rows do: every table and index is opened for it, every rule is read.

use crate::tx::Lock;
use sea_orm::{DbBackend, Statement, Value};
use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

/// Most statements whose form is remembered: the program has fewer, each for a few numbers of rows.
const REMEMBERED: usize = 1024;

/// `INSERT … VALUES (…) …`: what stands around the values, which are numbered in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Insert {
    /// Up to the rows.
    head: String,
    /// Before, between and after the values of a row.
    row: Vec<String>,
    tail: String,
}

#[derive(Clone, Debug)]
struct Row {
    /// The lowest is written first: who locks as it writes locks in this order.
    order: Option<Lock>,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Table {
    insert: Arc<Insert>,
    rows: Vec<Row>,
}

/// The rows, table by table.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows(Vec<Table>);

impl Rows {
    /// Takes an `INSERT` in; gives it back when it is another kind of statement, or more would be too many values.
    /// `order`: of its rows; those left out come first.
    pub fn add(
        &mut self,
        sql: &str,
        values: Vec<Value>,
        order: &[Lock],
        most_values: usize,
    ) -> Result<(), Vec<Value>> {
        let Some((insert, rows)) = Insert::of(sql) else { return Err(values) };
        let width = insert.row.len() - 1;
        if rows * width != values.len() || (!self.0.is_empty() && self.values() + values.len() > most_values)
        {
            return Err(values);
        }
        let mut values = values.into_iter();
        let rows = (0..rows).map(|i| {
            let order = order.get(i).copied();
            Row { order, values: values.by_ref().take(width).collect() }
        });
        match self.0.iter_mut().find(|table| table.insert == insert) {
            Some(table) => table.rows.extend(rows),
            None => {
                let rows = rows.collect();
                self.0.push(Table { insert, rows });
            }
        }
        Ok(())
    }

    fn values(&self) -> usize {
        self.0.iter().map(|table| table.rows.len() * (table.insert.row.len() - 1)).sum()
    }

    /// Whether a statement of the same form writes them.
    pub fn is_like(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| a.rows.len() == b.rows.len() && a.insert == b.insert)
    }

    /// The statement that writes all of these, each [`Rows::is_like`] the first: all or none.
    pub fn statement<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Statement> {
        let all: Vec<&Self> = all.into_iter().collect();
        let tables = &all.first()?.0;
        let (mut sql, mut values) = (String::with_capacity(4096), Vec::new());
        for (i, table) in tables.iter().enumerate() {
            let mut rows: Vec<&Row> =
                all.iter().filter_map(|one| one.0.get(i)).flat_map(|t| &t.rows).collect();
            rows.sort_by_key(|row| row.order);
            // The last one is the statement, those before it are parts of its WITH.
            let (before, after) = match i {
                _ if i + 1 == tables.len() => (String::from(if i == 0 { "" } else { " " }), ""),
                0 => (String::from("WITH w0 AS ("), ")"),
                _ => (format!(", w{i} AS ("), ")"),
            };
            sql.push_str(&before);
            table.insert.write(&mut sql, values.len(), rows.len());
            sql.push_str(after);
            values.extend(rows.into_iter().flat_map(|row| row.values.iter().cloned()));
        }
        Some(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
    }
}

impl Insert {
    /// As [`Insert::read`], which is done once for each statement: the same ones are said again and again.
    fn of(sql: &str) -> Option<(Arc<Self>, usize)> {
        type Known = RwLock<HashMap<String, Option<(Arc<Insert>, usize)>>>;
        static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);
        if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(sql) {
            return known.clone();
        }
        let read = Self::read(sql).map(|(insert, rows)| (Arc::new(insert), rows));
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.insert(sql.to_owned(), read.clone());
        }
        read
    }

    /// The statement and how many rows it has. `None`: something else than rows whose values are numbered from 1 on.
    fn read(sql: &str) -> Option<(Self, usize)> {
        const VALUES: &str = " VALUES ";
        let start = sql.starts_with("INSERT").then(|| sql.find(VALUES))?? + VALUES.len();
        let (head, mut rest) = sql.split_at(start);
        let (mut row, mut rows, mut last) = (Vec::new(), 0, 0);
        loop {
            let (pieces, after) = read_row(rest, &mut last)?;
            if rows > 0 && pieces != row {
                return None;
            }
            (row, rows) = (pieces, rows + 1);
            match after.strip_prefix(", ") {
                Some(next) => rest = next,
                None if head.contains('$') || after.contains('$') => return None,
                None => return Some((Self { head: head.to_owned(), row, tail: after.to_owned() }, rows)),
            }
        }
    }

    /// With so many rows, whose values follow on `before` others.
    fn write(&self, sql: &mut String, before: usize, rows: usize) {
        sql.push_str(&self.head);
        let mut n = before;
        for i in 0..rows {
            if i > 0 {
                sql.push_str(", ");
            }
            for (j, piece) in self.row.iter().enumerate() {
                if j > 0 {
                    n += 1;
                    let _ = write!(sql, "${n}");
                }
                sql.push_str(piece);
            }
        }
        sql.push_str(&self.tail);
    }
}

/// What stands around the values of the row that `sql` begins with, and what follows it. `last`: the number of the last
/// value so far.
fn read_row<'a>(sql: &'a str, last: &mut usize) -> Option<(Vec<String>, &'a str)> {
    let (mut pieces, mut depth, mut quoted, mut from) = (Vec::new(), 0_u32, false, 0);
    let mut rest = sql.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        quoted ^= c == '\'';
        match c {
            _ if quoted => {}
            '$' => {
                pieces.push(sql[from..at].to_owned());
                let mut n = 0;
                from = at + 1;
                while let Some((_, digit)) = rest.next_if(|(_, c)| c.is_ascii_digit()) {
                    n = n * 10 + digit.to_digit(10)? as usize;
                    from += 1;
                }
                *last += 1;
                if n != *last {
                    return None;
                }
            }
            '(' => depth += 1,
            ')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    pieces.push(sql[from..=at].to_owned());
                    return Some((pieces, &sql[at + 1..]));
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(said: &[(&str, &[i64], &[u128])]) -> Rows {
        let mut rows = Rows::default();
        for (sql, values, order) in said {
            let values = values.iter().map(|n| Value::from(*n)).collect();
            let order: Vec<Lock> = order.iter().map(|id| Lock::new(uuid::Uuid::from_u128(*id), 0)).collect();
            assert!(rows.add(sql, values, &order, 100).is_ok(), "{sql}");
        }
        rows
    }

    fn sent(all: &[Rows]) -> (String, Vec<i64>) {
        let Statement { sql, values, .. } = Rows::statement(all).unwrap();
        let number = |value| match value {
            Value::BigInt(Some(n)) => n,
            other => panic!("{other:?}"),
        };
        (sql, values.unwrap().0.into_iter().map(number).collect())
    }

    const A: &str = r#"INSERT INTO "a" ("b", "c") VALUES ($1, 'at $5', lower($2)), ($3, 'at $5', lower($4)) ON CONFLICT (b) DO NOTHING"#;
    const B: &str = "INSERT INTO b (c) VALUES ($1)";

    #[test]
    fn rows_of_one_table_are_one_insert() {
        let (sql, values) = sent(&[rows(&[(B, &[1], &[]), (A, &[2, 3, 4, 5], &[]), (B, &[6], &[])])]);
        let wanted = r#"WITH w0 AS (INSERT INTO b (c) VALUES ($1), ($2)) INSERT INTO "a" ("b", "c") VALUES ($3, 'at $5', lower($4)), ($5, 'at $5', lower($6)) ON CONFLICT (b) DO NOTHING"#;
        assert_eq!((sql.as_str(), &*values), (wanted, &[1, 6, 2, 3, 4, 5][..]));
    }

    #[test]
    fn several_are_written_at_once_in_their_order() {
        let all = [rows(&[(B, &[1], &[9]), (B, &[2], &[3])]), rows(&[(B, &[3], &[5]), (B, &[4], &[3])])];
        assert!(all[0].is_like(&all[1]));
        let (sql, values) = sent(&all);
        assert_eq!(sql, "INSERT INTO b (c) VALUES ($1), ($2), ($3), ($4)");
        assert_eq!(values, [2, 4, 3, 1]);
        assert_eq!(sent(&all[1..]).1, [4, 3], "each alone too");
    }

    #[test]
    fn another_number_of_rows_or_another_table_is_another_statement() {
        let one = rows(&[(B, &[1], &[])]);
        for other in [rows(&[(B, &[1], &[]), (B, &[2], &[])]), rows(&[(A, &[1, 2, 3, 4], &[])])] {
            assert!(!one.is_like(&other));
        }
    }

    #[test]
    fn what_is_not_only_rows_is_left_alone() {
        for sql in [
            "UPDATE a SET b = $1",
            "INSERT INTO a SELECT $1",
            "INSERT INTO a VALUES ($2)",
            "INSERT INTO a VALUES ($1), ('x', $2)",
            "INSERT INTO a VALUES ($1) ON CONFLICT (b) DO UPDATE SET b = $1",
            "INSERT INTO a VALUES ($1",
        ] {
            let values = vec![Value::from(1)];
            assert!(Rows::default().add(sql, values, &[], 100).is_err(), "{sql}");
        }
        let mut full = rows(&[(B, &[1], &[])]);
        assert!(full.add(B, vec![Value::from(2)], &[], 1).is_err(), "too many values");
    }
}
