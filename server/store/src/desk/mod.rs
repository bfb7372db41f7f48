//! The front desk: the live board, check-in, walk-ins, the queue, and the desk's books (DESK-1 … DESK-10).

mod arrive;
pub(crate) mod assign;
mod band;
mod board;
mod call;
mod capable;
mod check_in;
mod handover;
mod line;
mod link;
mod next;
pub(crate) mod occupy;
mod people;
mod question;
mod queue;
pub(crate) mod rows;
mod screen;
mod script;
pub(crate) mod tell;
mod ticket;
pub(crate) mod today;
pub(crate) mod usual;
mod wait;
mod walk_in;

pub use arrive::{arrive, arrive_by_link, arrive_page, take_ticket};
pub use assign::assign;
pub use band::{band_back, band_found, bands_page, give_band, register_bands};
pub use board::board;
pub use call::{called_back, log_call, phone_page};
pub use check_in::check_in;
pub use handover::{give_shift, handover, handover_page, take_shift};
pub use link::{links, renew_link};
pub use next::call_next;
pub use question::{accept, ask, close, hand};
pub use queue::queue;
pub use screen::{screen, screen_branch};
pub use script::{save_script, scripts, usual_scripts};
pub(crate) use ticket::number as ticket_number;
pub use wait::{left, reason, told};
pub use walk_in::{walk_in, walk_in_page};

use crate::{Error, OpContext, Result};
use domain::{
    BranchId, FieldCode,
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

/// Where a list goes on: milliseconds and id.
pub(crate) fn cursor(raw: &str) -> Result<(i64, uuid::Uuid)> {
    let parts = || {
        let (at, id) = raw.split_once('.')?;
        Some((at.parse().ok()?, uuid::Uuid::parse_str(id).ok()?))
    };
    parts().ok_or_else(|| Error::field("after", FieldCode::Choice))
}
