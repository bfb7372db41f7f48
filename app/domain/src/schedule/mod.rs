//! The staff's schedule (BOOK-9, BOOK-13): the day, the week, the month, and what the staff do to a booking there.

mod form;
mod rules;
mod view;

pub use form::*;
pub use rules::*;
pub use view::*;
