//! Statements in plain SQL, for what both databases understand the same way: `$1` placeholders, `RETURNING`,
//! `ON CONFLICT`.

use crate::Result;
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult, Statement, Value};
use std::fmt::Write;

/// The values of a statement: `vals![id, now]`.
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use vals;

/// `$3,$4,…` for more values, which are put behind those that are there; what matches nothing when there are none.
pub(crate) fn list(values: &mut Vec<Value>, more: impl IntoIterator<Item: Into<Value>>) -> String {
    let mut list = String::new();
    for value in more {
        values.push(value.into());
        let comma = if list.is_empty() { "" } else { "," };
        let _ = write!(list, "{comma}${}", values.len());
    }
    if list.is_empty() { "NULL".to_owned() } else { list }
}

/// Padded to a power of two, with the last one again and again: lists of few lengths are few statements, which stay
/// prepared.
pub(crate) fn padded<T: Clone>(mut list: Vec<T>) -> Vec<T> {
    if let Some(last) = list.last().cloned() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

fn statement<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Runs a statement; gives the number of rows it changed.
pub(crate) async fn run<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<u64> {
    Ok(db.execute_raw(statement(db, sql, values)).await?.rows_affected())
}

/// The first row, untyped: `row.try_get_by_index(0)?`.
pub(crate) async fn row<C: ConnectionTrait>(
    db: &C,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>> {
    Ok(db.query_one_raw(statement(db, sql, values)).await?)
}

/// The first row as a struct that derives `FromQueryResult`.
pub(crate) async fn one<T, C>(db: &C, sql: &str, values: Vec<Value>) -> Result<Option<T>>
where
    T: FromQueryResult,
    C: ConnectionTrait,
{
    Ok(row(db, sql, values).await?.map(|row| T::from_query_result(&row, "")).transpose()?)
}

/// All rows as structs that derive `FromQueryResult`. Bound the statement: no list is read whole.
pub(crate) async fn all<T, C>(db: &C, sql: &str, values: Vec<Value>) -> Result<Vec<T>>
where
    T: FromQueryResult,
    C: ConnectionTrait,
{
    let rows = db.query_all_raw(statement(db, sql, values)).await?;
    Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
}
