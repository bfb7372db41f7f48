//! Newtype ids over UUID v7: one cannot be passed where another is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later sort later.
            #[must_use]
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_simple().fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    BranchId,
    /// What can be occupied: a person, a room or a device.
    ResourceId,
    /// A member of staff; equal to the id of the resource that the person is.
    StaffId,
    /// A login of a member of staff.
    UserId,
    CustomerId,
    ServiceId,
    BookingId,
    BookingItemId,
    AllocationId,
    VisitId,
    /// One service of a visit.
    VisitServiceId,
    StepId,
    AftercareId,
    NoteId,
    PhotoId,
    SurveyId,
    ResponseId,
    MessageId,
    CredentialId,
    EventId,
    RecheckId,
    /// A call on a day after the visit.
    FollowupId,
    ConcernId,
    /// A version of a service's checklist.
    SopId,
    /// A step of a checklist, the same through all its versions.
    SopStepId,
    ReadingId,
    BathJobId,
    /// A row of a rota: a shift, a break or a leave.
    RotaId,
    /// A time in which a room or a device is out of service.
    DowntimeId,
    /// Something known of a customer's health.
    FactId,
    /// An adverse reaction.
    IncidentId,
    ProductId,
    /// A product or a device as it was used.
    UsedId,
    DeviationId,
    /// A question or request at the desk (DESK-5).
    QuestionId,
    /// A telephone call (DESK-6).
    CallId,
    /// A shift's handover (DESK-9).
    HandoverId,
    /// A wristband that is out (DESK-8).
    BandOutId,
    /// A script 话术 (DESK-10).
    ScriptId,
    /// Somebody waiting for a time to become free.
    WaitId,
    /// Several sessions booked as one.
    SeriesId,
}

impl From<StaffId> for ResourceId {
    fn from(id: StaffId) -> Self {
        Self(id.0)
    }
}

impl From<ResourceId> for StaffId {
    fn from(id: ResourceId) -> Self {
        Self(id.0)
    }
}
