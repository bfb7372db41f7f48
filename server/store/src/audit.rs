//! The audit log: who did what to which record. Append-only, which the database itself enforces (C-46).

use crate::{OpContext, Tx, sql::vals};
use domain::{Actor, BranchId};
use uuid::Uuid;

/// One line of the log.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// What was done: `booking.cancel`, `user.sign_in`.
    pub action: &'a str,
    /// The table it was done to.
    pub entity: &'a str,
    pub id: Option<Uuid>,
    pub branch: Option<BranchId>,
    /// Codes and numbers only; never names, phone numbers, tokens or health text.
    pub detail: Option<String>,
}

impl Tx {
    /// Writes a line of the audit log.
    pub(crate) fn audit(&self, cx: &OpContext, entry: Entry<'_>) {
        let (kind, id) = actor(&cx.actor);
        self.audit_as(kind, id, entry);
    }

    /// As [`Tx::audit`] for an actor that only now becomes one: signing in.
    pub(crate) fn audit_as(&self, kind: &str, actor: Option<Uuid>, entry: Entry<'_>) {
        let sql = "INSERT INTO audit (id, at, actor_kind, actor_id, action, entity, entity_id, branch_id, detail) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let branch = entry.branch.map(|b| b.0);
        let values = vals![
            Uuid::now_v7(),
            self.now_ms(),
            kind,
            actor,
            entry.action,
            entry.entity,
            entry.id,
            branch,
            entry.detail
        ];
        self.later(sql, values);
    }
}

/// The actor as tables keep it: kind and id. Also for `booking_event.by_kind` and `by_id`.
#[must_use]
pub fn actor(actor: &Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Stranger => ("stranger", None),
        Actor::Customer { id } => ("customer", Some(id.0)),
        Actor::Staff { user, .. } => ("staff", Some(user.0)),
        Actor::System => ("system", None),
    }
}
