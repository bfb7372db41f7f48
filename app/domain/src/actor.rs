//! Who is acting.

use crate::ids::{BranchId, CustomerId, StaffId, UserId};
use serde::{Deserialize, Serialize};

/// The roles of the house (spec §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Receptionist,
    Consultant,
    Beautician,
    Technician,
    ServiceLead,
    TechnicalLead,
    FinanceLead,
    Manager,
    Supervisor,
    Owner,
}

impl Role {
    pub const ALL: [Self; 10] = [
        Self::Receptionist,
        Self::Consultant,
        Self::Beautician,
        Self::Technician,
        Self::ServiceLead,
        Self::TechnicalLead,
        Self::FinanceLead,
        Self::Manager,
        Self::Supervisor,
        Self::Owner,
    ];

    /// As stored and as given on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Receptionist => "receptionist",
            Self::Consultant => "consultant",
            Self::Beautician => "beautician",
            Self::Technician => "technician",
            Self::ServiceLead => "service_lead",
            Self::TechnicalLead => "technical_lead",
            Self::FinanceLead => "finance_lead",
            Self::Manager => "manager",
            Self::Supervisor => "supervisor",
            Self::Owner => "owner",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Works at the chair: has a day list and treats customers.
    #[must_use]
    pub fn treats(self) -> bool {
        matches!(self, Self::Consultant | Self::Beautician | Self::Technician | Self::TechnicalLead)
    }
}

/// Who asks for something to be done. Every verb of the store begins with one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// Not signed in.
    Stranger,
    Customer {
        id: CustomerId,
    },
    Staff {
        user: UserId,
        /// The person, when the login belongs to one who can be booked.
        staff: Option<StaffId>,
        role: Role,
        /// `None`: the whole chain (owner).
        branch: Option<BranchId>,
    },
    /// Jobs and commands of the house itself.
    System,
}

impl Actor {
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Staff { role, .. } => Some(*role),
            _ => None,
        }
    }

    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Customer { id } => Some(*id),
            _ => None,
        }
    }

    #[must_use]
    pub fn staff(&self) -> Option<StaffId> {
        match self {
            Self::Staff { staff, .. } => *staff,
            _ => None,
        }
    }

    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Staff { user, .. } => Some(*user),
            _ => None,
        }
    }
}
