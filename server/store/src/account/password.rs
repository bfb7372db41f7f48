//! Passwords: Argon2id with 19 MiB, two passes, one lane, off the threads that answer requests.

use super::{factor, own_user};
use crate::{Error, OpContext, Result, sql::vals};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{Refusal, account::check_password};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// As many as there are cores: more at once would only take memory (19 MiB each) and make all of them slower.
static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)));

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to keep of a password.
///
/// # Errors
/// `Internal`.
pub async fn hash_password(password: String) -> Result<String> {
    off_thread(move || {
        let hash =
            argon2()?.hash_password(password.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Sets a new password; all other sessions end.
///
/// # Errors
/// `Invalid` on `new` (C-38), `SignInFailed` when the old one is wrong, `TooMany`.
pub async fn change_password(cx: &OpContext, old: String, new: String) -> Result<()> {
    let id = own_user(cx)?;
    let user = factor::load(cx, id).await?;
    check_password(&new, user.factor_secret.is_some()).map_err(|code| Error::field("new", code))?;
    factor::count_try(cx, id).await?;
    if !verify(old, Some(user.password_hash)).await? {
        return Err(Refusal::SignInFailed.into());
    }
    let hash = hash_password(new).await?;
    let tx = cx.begin().await?;
    let sql =
        "UPDATE user_account SET password_hash = $1, version = version + 1 WHERE id = $2 AND version = $3";
    if tx.run(sql, vals![hash, id.0, user.version]).await? != 1 {
        return Err(Refusal::Stale.into());
    }
    factor::changed(&tx, cx, id, "user.password").await?;
    tx.commit().await
}

/// Whether the password belongs to the hash. Without a hash (unknown name) the same work is done for nothing (C-39).
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    #[cfg(feature = "testing")]
    CHECKS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    off_thread(move || {
        let known = hash.is_some();
        let text = match hash {
            Some(hash) => hash,
            None => nobody()?.to_owned(),
        };
        let hash = PasswordHash::new(&text).map_err(|e| Error::internal(e.to_string()))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
    })
    .await
}

/// The hash of a password that nobody has, made once.
fn nobody() -> Result<&'static str> {
    static NOBODY: LazyLock<std::result::Result<String, String>> = LazyLock::new(|| {
        let secret = crate::token::session();
        let argon2 = argon2().map_err(|e| e.to_string())?;
        argon2.hash_password(secret.as_bytes()).map(|hash| hash.to_string()).map_err(|e| e.to_string())
    });
    NOBODY.as_deref().map_err(|e| Error::internal(e.clone()))
}

/// How often a password was checked, so that a test can see that unknown names cost the same.
#[cfg(feature = "testing")]
pub(crate) static CHECKS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
