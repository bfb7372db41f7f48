//! Keeping the house in order (OPS): readings of the baths.

pub mod api;
mod baths;
mod chart;

pub use baths::BathsPage;
