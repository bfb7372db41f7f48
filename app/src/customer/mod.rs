//! What a customer does for herself: own bookings, signing in by code, the place in the queue.

pub mod api;
mod arrive;
pub mod frame;
mod me;
#[cfg(feature = "ssr")]
mod pending;
mod queue;
mod sign_in;

pub use arrive::{ArriveAtDoor, HereButton};
pub use me::MyBookings;
pub use queue::QueuePlace;
pub use sign_in::CustomerSignIn;
