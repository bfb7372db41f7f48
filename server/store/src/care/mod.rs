//! After the service (CARE): the free re-check, the calls of the days after, what the customer's phone shows of both.

mod calls;
mod concern;
mod home;
mod message;
mod opening;
mod policy;
mod recheck;

pub use calls::{CallsQuery, calls, record_call};
pub use concern::{close_concern, take_concern};
pub use home::{of_booking, of_customer, set_calls};
pub(crate) use opening::opened;
pub use policy::{policy, save_policy, save_script, scripts};
pub(crate) use recheck::{arrived, at_chair, booked, is_recheck, looked_again, outcome_missing, unbooked};
pub use recheck::{book, decline, due, page, record_outcome};

use crate::{Error, Result, entity::recheck as row};
use domain::care::RecheckState;

/// # Errors
/// `Internal` for a code that no version of the program has written.
fn state_of(row: &row::Model) -> Result<RecheckState> {
    RecheckState::from_code(&row.state).ok_or_else(|| Error::internal("unknown state of a re-check"))
}
