//! What is known of a customer's health and what it speaks against (CONSULT-2, CONSULT-3). Only those who treat see it, and
//! every look is logged (PRIV-1, PRIV-2).

mod allow;
mod answer;
mod known;
mod look;

pub use allow::allow;
pub(crate) use allow::{against, open_hits, refuse};
pub use answer::{answer, facts};
pub(crate) use known::{Known, alerts};
pub(crate) use look::looked;
