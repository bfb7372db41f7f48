//! After the service (CARE): the re-check, the calls of the days after, and what the customer's phone shows of both.

mod after;
pub mod api;
mod calls;
mod recheck;
mod words;

pub use after::{after_services, calls_wish};
pub use calls::CallsPage;
pub use recheck::RecheckPage;
pub use words::{outcome_name, use_name};
