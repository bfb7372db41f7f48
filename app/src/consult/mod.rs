//! What must be known of a customer before hands are laid on (CONSULT-2, CONSULT-3).

pub mod api;
mod questions;

pub use questions::QuestionsPage;
