//! Keeping the house in order (OPS).

pub mod bath;
