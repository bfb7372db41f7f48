//! At the chair: the day list, the checklist, the record (TREAT-1, TREAT-3, TREAT-6).

mod begin;
mod complete;
mod day;
mod end;
mod record;
mod view;

pub use begin::{greet, start};
pub(crate) use complete::complete;
pub use day::my_day;
pub use end::finish;
pub use record::{aftercare, note, tick};

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
fn scope(item: &visit_service::Model) -> Scope {
    let branch = BranchId(item.branch_id);
    match item.staff_id {
        Some(staff) => Scope::staff(branch, StaffId(staff)),
        None => Scope::branch(branch),
    }
}

/// Begins, takes the visit's lock, authorises on the loaded row.
async fn open(cx: &OpContext, id: VisitServiceId) -> Result<(crate::Tx, visit::Model, visit_service::Model)> {
    let tx = cx.begin().await?;
    let (visit, item) = crate::desk::rows::lock_service(&tx, id).await?;
    cx.allow(Action::Treat, &scope(&item))?;
    Ok((tx, visit, item))
}
