//! The chain's front page and a branch's own page.

pub mod api;
mod chain;
mod parts;
mod salon;

pub use chain::Chain;
pub use salon::Salon;
