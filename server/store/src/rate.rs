//! Counters in the database: limits hold exactly, whatever the number of connections or processes (C-36).

use crate::{OpContext, Result, Tx, sql::vals};
use chrono::Duration;
use domain::Refusal;
use sea_orm::{ConnectionTrait, Statement};

/// So many in so long, counted in fixed windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub most: i32,
    pub window: Duration,
}

impl Limit {
    pub(crate) const fn per_minutes(most: i32, minutes: i64) -> Self {
        Self { most, window: Duration::minutes(minutes) }
    }

    /// Milliseconds.
    fn length(self) -> i64 {
        self.window.num_milliseconds().max(1)
    }
}

/// Counts one more under each key, all of them or, when one is over its limit, still all of them: who goes on trying
/// does not get in by it. Has its own transaction, so that a refusal afterwards does not undo the count.
///
/// # Errors
/// `TooMany` with the seconds until the next window.
pub(crate) async fn count(cx: &OpContext, keys: &[(&str, &str, Limit)]) -> Result<()> {
    let tx = count_in(cx.begin().await?, keys).await?;
    tx.commit().await
}

/// As [`count`], in a transaction in which nothing else has been done yet. Within the limits it goes on; over them it is
/// committed, for the count has to last.
///
/// # Errors
/// As [`count`].
pub(crate) async fn count_in(tx: Tx, keys: &[(&str, &str, Limit)]) -> Result<Tx> {
    // In the order of the keys' names, so that two transactions never wait for each other.
    let mut keys: Vec<_> =
        keys.iter().map(|(kind, value, limit)| Counted::of(&tx, kind, value, *limit)).collect();
    keys.sort_by(|a, b| a.key.cmp(&b.key));
    let rows: Vec<String> = (0..keys.len()).map(|i| format!("(${}, ${}, 1)", 2 * i + 1, 2 * i + 2)).collect();
    let sql = format!(
        "INSERT INTO rate (key, window_ms, count) VALUES {} \
         ON CONFLICT (key, window_ms) DO UPDATE SET count = rate.count + 1 RETURNING key, count",
        rows.join(", ")
    );
    let values = keys.iter().flat_map(|counted| vals![counted.key.as_str(), counted.window]);
    let rows =
        tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    let mut wait = None;
    for row in rows {
        let (key, count): (String, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let over = keys.iter().find(|counted| counted.key == key && count > counted.limit.most);
        wait = wait.max(over.map(|counted| counted.left(tx.now_ms())));
    }
    match wait {
        None => Ok(tx),
        Some(seconds) => {
            tx.commit().await?;
            Err(Refusal::TooMany { seconds }.into())
        }
    }
}

/// A key in its present window.
struct Counted {
    key: String,
    limit: Limit,
    window: i64,
}

impl Counted {
    fn of(tx: &Tx, kind: &str, value: &str, limit: Limit) -> Self {
        let length = limit.length();
        Self { key: key_of(kind, value), limit, window: tx.now_ms().div_euclid(length) * length }
    }

    /// Seconds until the next window.
    fn left(&self, now_ms: i64) -> u32 {
        let left = self.window + self.limit.length() - now_ms;
        u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)
    }
}

/// Names and numbers are kept hashed: a counter need not tell whose it is.
fn key_of(kind: &str, value: &str) -> String {
    format!("{kind}:{}", crate::token::hash(value))
}

/// Forgets a key's counts, after a success.
pub(crate) async fn clear(tx: &Tx, kind: &str, value: &str) -> Result<()> {
    tx.run("DELETE FROM rate WHERE key = $1", vals![key_of(kind, value)]).await?;
    Ok(())
}

/// Forgets windows that are over for certain: no window is longer than a day.
pub(crate) async fn delete_old(tx: &Tx) -> Result<u64> {
    tx.run("DELETE FROM rate WHERE window_ms < $1", vals![tx.now_ms() - 2 * crate::time::DAY_MS]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, both_databases};

    both_databases! {
        async fn a_limit_holds_exactly_and_begins_anew(h: Harness) {
            let limit = Limit::per_minutes(3, 1);
            let all = (0..32).map(|n| {
                let cx = h.stranger();
                // Two keys in either order: transactions must not wait for each other in a circle.
                tokio::spawn(async move {
                    let (a, b) = (("a", "x", limit), ("b", "x", limit));
                    count(&cx, &if n % 2 == 0 { [a, b] } else { [b, a] }).await.is_ok()
                })
            });
            let allowed = futures::future::join_all(all).await.into_iter().filter(|ok| *ok.as_ref().unwrap()).count();
            assert_eq!(allowed, 3);
            let Err(Error::Refused(Refusal::TooMany { seconds })) = count(&h.stranger(), &[("a", "x", limit)]).await else { panic!() };
            assert!((1..=60).contains(&seconds));
            count(&h.stranger(), &[("a", "y", limit)]).await.unwrap();
            h.advance(Duration::minutes(1));
            count(&h.stranger(), &[("a", "x", limit)]).await.unwrap();
        }
    }
}
