//! The staff's schedule (BOOK-9, BOOK-13): day, week and month; moving bookings by mouse, touch, keyboard and plain
//! forms; booking for a customer; each one's private calendar.

mod address;
pub mod api;
mod ask;
mod bar;
mod block;
mod drag;
mod drawer;
mod feed;
mod forms;
mod grid;
mod month;
mod new_page;
mod page;
mod week;
mod words;

pub use feed::FeedSection;
pub use new_page::NewBookingPage;
pub use page::SchedulePage;
