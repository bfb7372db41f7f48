//! Free times, holds, bookings and their changes (BOOK).
//!
//! What is free is computed by [`domain::booking::slots`] from the catalogue in memory and one statement about what is
//! taken (`busy`, `plan`). What is written goes through `reserve`, so that nobody is ever booked twice.

// A bare method of `Search` is not general enough in its lifetimes to be asked as a question.
#![allow(clippy::redundant_closure_for_method_calls)]

mod book;
mod busy;
mod change;
mod codes;
mod hold;
mod messages;
mod mine;
mod missed;
mod next;
mod page;
pub(crate) mod places;
mod plan;
mod ratings;
mod recheck;
mod remind;
mod reserve;
pub mod series;
mod sheet;
mod staff;
mod staff_move;
pub mod stranded;
mod view;
pub mod waitlist;
mod write;
#[cfg(test)]
mod zones;

pub(crate) use book::enter_for;
pub use book::{book, enter, enter_day};
pub use change::{cancel, confirm, reschedule};
pub use hold::{expire_holds, held, hold, release, send_code};
pub use mine::{mine, view};
pub use missed::mark_no_shows;
pub(crate) use next::{Wish, best_time};
pub use page::{day_slots, desk_menu, free_times, page};
pub use places::{new_page, places};
pub(crate) use recheck::{Taken, recheck_page, take_recheck};
pub use remind::remind_due;
pub use sheet::sheet;
pub use staff::{cancel_by_staff, mark_salon_error};
pub use staff_move::move_by_staff;

/// What a process keeps for bookings beside the database.
#[derive(Default)]
pub(crate) struct Local {
    codes: codes::Codes,
    ratings: ratings::Cache,
    line: reserve::Line,
    pub(crate) stranded: stranded::Counts,
}
