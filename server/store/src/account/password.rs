//! Passwords: Argon2id with 19 MiB, two passes, one lane, off the threads that answer requests.

use crate::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
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
        let hash = argon2()?.hash_password(password.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password belongs to the hash. Without a hash (unknown name) the same work is done for nothing (C-39).
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
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

/// Makes the hash for unknown names ahead of the first sign-in, which would be slower otherwise.
pub(super) async fn prepare() -> Result<()> {
    off_thread(|| nobody().map(|_| ())).await
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
