//! Booking as a customer does it: choose, hold, prove the phone, and what can be done with a booking afterwards.

pub mod address;
pub mod api;
mod cancel;
mod choose;
mod confirmed;
mod gone;
mod hold;
pub mod menu;
mod reschedule;
mod slots;
mod wanted;
pub mod words;

/// Picking a person, a day and a time, for other pages that do.
pub mod pick {
    pub use super::{
        choose::{on_choice, only_time_missing, update_button},
        slots::{days, into_view, nearest, people, pick_first, picked_words, slots},
    };
}

pub use cancel::CancelBooking;
pub use choose::ChooseTime;
pub use confirmed::BookingPage;
pub use gone::gone;
pub use hold::{HoldPage, count_down};
pub use reschedule::MoveBooking;
