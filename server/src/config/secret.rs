//! Settings that must never be shown.

use secrecy::SecretString;
use std::convert::Infallible;

/// Takes any text; what holds it prints as `[REDACTED]`.
#[allow(clippy::unnecessary_wraps, reason = "the shape that clap wants")]
pub fn secret(raw: &str) -> Result<SecretString, Infallible> {
    Ok(SecretString::from(raw))
}
