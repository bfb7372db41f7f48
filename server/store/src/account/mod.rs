//! Signing in: staff by password and second factor, customers by phone and one-time code.

mod password;

pub use password::hash_password;
