//! Counters in the database: limits hold exactly, whatever the number of connections or processes (C-36).

use crate::{OpContext, Result, Tx, sql, sql::vals};
use chrono::Duration;
use domain::Refusal;

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
}

/// Counts one more under each key, all of them or, when one is over its limit, still all of them: who goes on trying
/// does not get in by it. Has its own transaction, so that a refusal afterwards does not undo the count.
///
/// # Errors
/// `TooMany` with the seconds until the next window.
pub(crate) async fn count(cx: &OpContext, keys: &[(&str, &str, Limit)]) -> Result<()> {
    let tx = cx.begin().await?;
    let mut wait = None;
    // In the order of the keys' names, so that two transactions never wait for each other.
    let mut keys: Vec<_> = keys.iter().map(|(kind, value, limit)| (key_of(kind, value), limit)).collect();
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, limit) in keys {
        if let Some(seconds) = count_one(&tx, &key, *limit).await? {
            wait = wait.max(Some(seconds));
        }
    }
    tx.commit().await?;
    match wait {
        None => Ok(()),
        Some(seconds) => Err(Refusal::TooMany { seconds }.into()),
    }
}

/// Seconds to wait when over the limit.
async fn count_one(tx: &Tx, key: &str, limit: Limit) -> Result<Option<u32>> {
    let length = limit.window.num_milliseconds().max(1);
    let window = tx.now_ms().div_euclid(length) * length;
    let sql = "INSERT INTO rate (key, window_ms, count) VALUES ($1, $2, 1) \
               ON CONFLICT (key, window_ms) DO UPDATE SET count = rate.count + 1 RETURNING count";
    let Some(row) = sql::row(tx, sql, vals![key, window]).await? else { return Ok(None) };
    if row.try_get_by_index::<i32>(0)? <= limit.most {
        return Ok(None);
    }
    let left = window + length - tx.now_ms();
    Ok(Some(u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX)))
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
