//! The front desk: the live board, check-in, walk-ins, the queue (DESK-1 … DESK-4).

pub(crate) mod assign;
mod board;
mod check_in;
mod line;
pub(crate) mod occupy;
mod queue;
pub(crate) mod rows;
pub(crate) mod tell;
mod ticket;
pub(crate) mod today;
mod wait;
mod walk_in;

pub use assign::assign;
pub use board::board;
pub use check_in::check_in;
pub use queue::queue;
pub(crate) use ticket::number as ticket_number;
pub use wait::{left, reason, told};
pub use walk_in::{walk_in, walk_in_page};

use crate::{Error, OpContext, Result};
use domain::{
    BranchId,
    customer::CustomerHit,
    desk::check_search,
    permission::{Action, Scope},
};

/// Customers of the chain by the end of the phone number, the beginning of the name, or pinyin (DESK-2); at most ten.
///
/// # Errors
/// `Invalid` on `q`.
pub async fn find(cx: &OpContext, branch: BranchId, q: &str) -> Result<Vec<CustomerHit>> {
    cx.allow(Action::FindCustomer, &Scope::branch(branch))?;
    let q = check_search(q).map_err(|code| Error::field("q", code))?;
    let catalog = cx.store.catalog(branch).await?;
    crate::customer::find(cx.db(), &catalog, &q, cx.now()).await
}
