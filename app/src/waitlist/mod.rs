//! Waiting for a time to become free (BOOK-10): getting onto the list, answering an offer, and the desk's view of it.

pub mod api;
mod desk;
mod entry;
mod join;
pub mod words;

pub use desk::{DeskWaitForm, DeskWaitlist};
pub use entry::WaitEntry;
pub use join::JoinWaitlist;
