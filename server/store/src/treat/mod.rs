//! At the chair: the day list, the checklist, the record (TREAT-1 … TREAT-6).

mod begin;
mod chair;
mod complete;
mod day;
pub(crate) mod deviation;
mod end;
mod feel;
mod history;
mod incident;
mod next;
mod photo;
mod prep;
mod record;
mod used;
mod view;

pub use begin::{greet, start};
pub(crate) use complete::complete;
pub use day::my_day;
pub use deviation::{acknowledge, deviations};
pub use end::finish;
pub use feel::{advise, feel};
pub use history::record;
pub use incident::{act, first_aid, incident, incidents, report};
pub use next::{book_next, offer};
pub use photo::{Kept, add_photo, may_photo, photo_file, photo_known};
pub use prep::prepare;
pub(crate) use record::author;
pub use record::{aftercare, late_note, late_tick, note, tick};
pub use used::{same_again, unuse, use_device, use_product};

use crate::{
    OpContext, Result,
    desk::rows::service,
    entity::{visit, visit_service},
};
use domain::{
    BranchId, StaffId, VisitServiceId,
    permission::{Action, Scope},
    treat::Treatment,
};

/// One service at the chair, with its checklist, notes and aftercare.
///
/// # Errors
/// `NotFound`; `Forbidden` for somebody else's customer.
pub async fn treatment(cx: &OpContext, item: VisitServiceId) -> Result<Treatment> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::Treat, &scope(&row))?;
    view::treatment(cx, &row).await
}

/// Whose a service is: of the branch, and of the person who does it.
pub(crate) fn scope(item: &visit_service::Model) -> Scope {
    let branch = BranchId(item.branch_id);
    match item.staff_id {
        Some(staff) => Scope::staff(branch, StaffId(staff)),
        None => Scope::branch(branch),
    }
}

/// Begins, takes the visit's lock, authorises on the loaded row.
pub(crate) async fn open(
    cx: &OpContext,
    id: VisitServiceId,
) -> Result<(crate::Tx, visit::Model, visit_service::Model)> {
    let tx = cx.begin().await?;
    let (visit, item) = crate::desk::rows::lock_service(&tx, id).await?;
    cx.allow(Action::Treat, &scope(&item))?;
    Ok((tx, visit, item))
}
