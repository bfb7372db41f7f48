//! Booking as a customer does it: choose, hold, prove the phone, and what can be done with a booking afterwards.

pub mod address;
pub mod api;
mod cancel;
mod choose;
mod confirmed;
mod gone;
mod hold;
pub mod menu;
pub mod pick;
mod reschedule;
mod slots;
mod wanted;
pub mod words;

pub use cancel::CancelBooking;
pub use choose::ChooseTime;
pub use confirmed::BookingPage;
pub use gone::shown_or_gone;
pub use hold::{HoldPage, count_down};
pub use reschedule::MoveBooking;
