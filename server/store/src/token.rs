//! Unguessable links, sessions, booking numbers.

use rand::Rng;
use sha2::{Digest, Sha256};

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Crockford's letters: no I, L, O, U, so that a number can be said on the telephone.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bytes as base64url without padding.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(BASE64URL[(word >> (18 - 6 * i) & 63) as usize]));
        }
    }
    out
}

/// A token for a link: 144 random bits, 24 characters.
#[must_use]
pub fn link() -> String {
    base64url(&rand::rng().random::<[u8; 18]>())
}

/// A session's token: 256 random bits (C-40).
#[must_use]
pub fn session() -> String {
    base64url(&rand::rng().random::<[u8; 32]>())
}

/// What is kept of a token, and what it is found by: its SHA-256.
#[must_use]
pub fn hash(token: &str) -> String {
    base64url(&Sha256::digest(token.as_bytes()))
}

/// `n` random letters that can be said on the telephone.
#[must_use]
pub fn letters(n: usize) -> String {
    let mut rng = rand::rng();
    (0..n).map(|_| char::from(CROCKFORD[rng.random_range(0..CROCKFORD.len())])).collect()
}

/// `n` random digits.
#[must_use]
pub fn digits(n: usize) -> String {
    let mut rng = rand::rng();
    (0..n).map(|_| char::from(b'0' + rng.random_range(0..10u8))).collect()
}

/// A booking's number of the day `month`/`day`: `Y-0612-27AB`.
#[must_use]
pub fn booking_number(date: chrono::NaiveDate) -> String {
    format!("Y-{}-{}", date.format("%m%d"), letters(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_of_known_values() {
        for (bytes, want) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("\u{7f}?>~", "fz8-fg"),
        ] {
            assert_eq!(base64url(bytes.as_bytes()), want);
        }
    }

    #[test]
    fn tokens_have_enough_bits_and_differ() {
        assert_eq!(link().len(), 24);
        assert_eq!(session().len(), 43);
        assert_ne!(link(), link());
        assert_eq!(digits(6).len(), 6);
    }
}
