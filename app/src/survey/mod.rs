//! Rating a visit: a minute, once, without signing in (SURVEY-1).

pub mod api;
mod draft;
mod page;
pub mod words;

pub use page::RateVisit;
