//! Live updates: what changed, so that pages can ask again. Never carries personal data.

use crate::ids::{BranchId, StaffId, VisitId};
use serde::{Deserialize, Serialize};

/// Something of a branch changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    pub branch: BranchId,
    pub topic: Topic,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "topic", rename_all = "snake_case")]
pub enum Topic {
    /// Bookings, arrivals, assignments: the board and the queue.
    Board,
    /// One visit (the customer's queue page, the tablet).
    Visit { id: VisitId },
    /// A person's day.
    Staff { id: StaffId },
    /// Menu, rotas, rooms: cached catalogues are stale.
    Catalog,
    /// A message was put into the outbox.
    Outbox,
}
