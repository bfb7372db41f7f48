//! What every change of a visit does besides: a line of the audit log, and word to those who look at it.

use crate::{OpContext, Tx, audit::Entry, entity::visit};
use domain::{BranchId, StaffId, VisitId, live::Topic};
use uuid::Uuid;

/// Writes down and tells that `action` was done to the visit; `people` are those whose day it changes.
pub(crate) fn tell(
    tx: &Tx,
    cx: &OpContext,
    visit: &visit::Model,
    action: &str,
    people: &[Option<Uuid>],
    detail: Option<String>,
) {
    let branch = BranchId(visit.branch_id);
    tx.audit(cx, Entry { action, entity: "visit", id: Some(visit.id), branch: Some(branch), detail });
    tx.changed(branch, Topic::Board);
    tx.changed(branch, Topic::Visit { id: VisitId(visit.id) });
    for person in people.iter().flatten() {
        tx.changed(branch, Topic::Staff { id: StaffId(*person) });
    }
}
