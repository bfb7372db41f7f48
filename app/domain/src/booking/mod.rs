//! Bookings: their states, the forms that make and change them, and what pages show of them.

pub mod remind;
pub mod rules;
pub mod slots;
mod state;
pub mod stranded;
mod view;

pub use state::{BookingState, Move};
pub use view::*;

pub mod series;
pub mod waitlist;

mod enter;
mod form;
pub use enter::*;
pub use form::*;
