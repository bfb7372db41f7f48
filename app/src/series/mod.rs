//! Several sessions booked as one by the desk (BOOK-11).

pub mod api;
mod booked;
mod plan;

pub use booked::SeriesPage;
pub use plan::PlanSeries;
