//! BOOK-7: the same request sent twice has one effect and one answer.
//!
//! ```text
//! if let Some(answer) = idempotency::seen(&tx, "walk_in", &key, &request).await? {
//!     tx.commit().await?; // what was seen is lasting only now
//!     return Ok(answer);
//! }
//! … do it …
//! idempotency::answered(&tx, "walk_in", &key, &answer)?;
//! tx.commit().await?;
//! ```
//! A refusal rolls the mark back with everything else, so that the same key may be tried again.

use crate::{Error, Result, Tx, sql, sql::vals, token};
use chrono::Duration;
use domain::Refusal;
use serde::{Serialize, de::DeserializeOwned};

/// How long answers are kept.
const KEEP: Duration = Duration::days(2);

/// Marks the key as taken; gives the answer when it was given before. Of several at once one goes on, the others wait
/// for its answer.
///
/// # Errors
/// `KeyReused` when the key came with another request before.
pub(crate) async fn seen<T: DeserializeOwned>(
    tx: &Tx,
    scope: &str,
    key: &str,
    request: &impl Serialize,
) -> Result<Option<T>> {
    let request = token::hash(&serde_json::to_string(request)?);
    let key = full(scope, key);
    let sql = "INSERT INTO idempotency (key, scope, request_hash, response, created_at) VALUES ($1, $2, $3, NULL, $4) \
               ON CONFLICT (key) DO NOTHING";
    if tx.run(sql, vals![key.as_str(), scope, request.as_str(), tx.now_ms()]).await? == 1 {
        return Ok(None);
    }
    let sql = "SELECT request_hash, response FROM idempotency WHERE key = $1";
    let Some(row) = sql::row(tx, sql, vals![key]).await? else {
        return Err(Error::internal("an idempotency key vanished"));
    };
    if row.try_get_by_index::<String>(0)? != request {
        return Err(Refusal::KeyReused.into());
    }
    match row.try_get_by_index::<Option<String>>(1)? {
        Some(answer) => Ok(Some(serde_json::from_str(&answer)?)),
        None => Err(Error::internal("a request was committed without its answer")),
    }
}

/// Keeps the answer for those who ask again.
pub(crate) fn answered<T: Serialize>(tx: &Tx, scope: &str, key: &str, answer: &T) -> Result<()> {
    let sql = "UPDATE idempotency SET response = $1 WHERE key = $2";
    tx.later(sql, vals![serde_json::to_string(answer)?, full(scope, key)]);
    Ok(())
}

/// Forgets answers that nobody will ask for any more.
pub(crate) async fn delete_old(tx: &Tx) -> Result<u64> {
    let until = crate::time::ms(tx.now() - KEEP);
    tx.run("DELETE FROM idempotency WHERE created_at < $1", vals![until]).await
}

fn full(scope: &str, key: &str) -> String {
    format!("{scope}:{key}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_databases;
    use domain::BranchId;

    /// Adds a row for each effect; gives the same answer for the same key.
    async fn act(store: &std::sync::Arc<crate::Store>, key: &str, request: u32) -> Result<u32> {
        let tx = store.begin().await?;
        if let Some(answer) = seen(&tx, "test", key, &request).await? {
            tx.commit().await?;
            return Ok(answer);
        }
        let sql = "INSERT INTO setting (key, branch_id, value) VALUES ($1, $2, 'effect')";
        tx.run(sql, vals![format!("effect.{}", uuid::Uuid::now_v7()), crate::testing::fixture::JINGAN.0])
            .await?;
        let answer = request + uuid::Uuid::now_v7().as_u128() as u32 % 1000;
        answered(&tx, "test", key, &answer)?;
        tx.changed(BranchId::new(), domain::live::Topic::Board);
        tx.commit().await?;
        Ok(answer)
    }

    both_databases! {
        /// C-9: a hundred at once, one effect, one answer.
        async fn one_effect_for_one_key(h: Harness) {
            let all = (0..100).map(|_| {
                let store = h.store.clone();
                tokio::spawn(async move { act(&store, "k1", 7).await.unwrap() })
            });
            let answers: std::collections::HashSet<_> =
                futures::future::join_all(all).await.into_iter().map(std::result::Result::unwrap).collect();
            assert_eq!(answers.len(), 1);
            assert_eq!(h.number("SELECT COUNT(*) FROM setting WHERE value = 'effect'").await, 1);
            let again = h.second().await;
            assert!(answers.contains(&act(&again, "k1", 7).await.unwrap()), "also after a restart");
            assert!(matches!(act(&h.store, "k1", 8).await, Err(Error::Refused(Refusal::KeyReused))));
            act(&h.store, "k2", 8).await.unwrap();
        }

        async fn a_refused_try_leaves_the_key_free(h: Harness) {
            let tx = h.store.begin().await.unwrap();
            assert_eq!(seen::<u32>(&tx, "test", "k", &1).await.unwrap(), None);
            drop(tx);
            act(&h.store, "k", 1).await.unwrap();
        }
    }
}
