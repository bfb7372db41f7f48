//! One table of who may do what (PRIV-1). Pages hide with it, the store enforces with it.

use crate::{
    actor::{Actor, Role},
    ids::{BranchId, CustomerId, StaffId},
};
use serde::{Deserialize, Serialize};

/// Everything that is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Salon pages, menu, free times, the public promise wall.
    SeePublic,
    /// Hold and book for oneself.
    BookForSelf,
    SeeOwnBookings,
    ChangeOwnBooking,
    SeeBoard,
    CheckIn,
    AddWalkIn,
    FindCustomer,
    /// A customer's full telephone number.
    SeePhone,
    AssignVisit,
    /// The desk's books: questions, phone log, wristbands, handover (DESK-5 … DESK-9).
    KeepDesk,
    /// Scripts, wristbands' numbers, the screen's and the door's links (DESK-7, DESK-8, DESK-10).
    SetUpDesk,
    /// Reschedule or cancel for a customer, also after the cut-off (BOOK-9).
    OverrideBooking,
    /// Own day, or anyone's in the branch for those who lead.
    SeeDayList,
    /// Start, tick, note, tell aftercare, finish.
    Treat,
    /// Allergies, pregnancy, conditions, medicines, and adverse reactions (PRIV-1). Every look is logged (PRIV-2).
    SeeFacts,
    /// Ask the five questions and write the answers down (CONSULT-2).
    RecordFacts,
    /// Go on although a rule says stop (CONSULT-3).
    OverrideStop,
    /// Departures from procedures, and having seen them (TREAT-3).
    ReviewDeviations,
    /// The list of adverse reactions, and what becomes of them (TREAT-4).
    HandleIncidents,
    SeeWall,
    /// The records behind a figure.
    SeeRecords,
    /// Names behind answers to a survey (SURVEY, told on the form).
    SeeWhoAnswered,
    SeeOutbox,
    ManageOwnAccount,
    ManageUsers,
    /// CARE-2: the list of calls; own services, or the branch's.
    FollowUp,
    /// Checklists, aftercare and scripts of services, and their settings.
    EditSop,
    /// TREAT-8: see and enter readings of the baths.
    ReadBaths,
    /// TREAT-8: limits and time plan of the readings.
    SetBathLimits,
    /// Hours, rules, people, rotas, rooms and devices of a branch; what its own services are.
    ManageBranch,
    /// What all branches share: headings of the menu, services of several branches.
    ManageMenu,
}

impl Action {
    pub const ALL: &[Self] = &[
        Self::SeePublic,
        Self::BookForSelf,
        Self::SeeOwnBookings,
        Self::ChangeOwnBooking,
        Self::SeeBoard,
        Self::CheckIn,
        Self::AddWalkIn,
        Self::FindCustomer,
        Self::SeePhone,
        Self::AssignVisit,
        Self::KeepDesk,
        Self::SetUpDesk,
        Self::OverrideBooking,
        Self::SeeDayList,
        Self::Treat,
        Self::SeeFacts,
        Self::RecordFacts,
        Self::OverrideStop,
        Self::ReviewDeviations,
        Self::HandleIncidents,
        Self::SeeWall,
        Self::SeeRecords,
        Self::SeeWhoAnswered,
        Self::SeeOutbox,
        Self::ManageOwnAccount,
        Self::ManageUsers,
        Self::FollowUp,
        Self::EditSop,
        Self::ReadBaths,
        Self::SetBathLimits,
        Self::ManageBranch,
        Self::ManageMenu,
    ];
}

/// What the action is done to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// `None`: nothing of a branch.
    pub branch: Option<BranchId>,
    /// The customer whom it belongs to.
    pub customer: Option<CustomerId>,
    /// The member of staff whom it belongs to (day list, treatment).
    pub staff: Option<StaffId>,
}

impl Scope {
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn branch(id: BranchId) -> Self {
        Self { branch: Some(id), ..Self::default() }
    }

    #[must_use]
    pub fn customer(id: CustomerId) -> Self {
        Self { customer: Some(id), ..Self::default() }
    }

    #[must_use]
    pub fn staff(branch: BranchId, id: StaffId) -> Self {
        Self { branch: Some(branch), staff: Some(id), ..Self::default() }
    }
}

/// How far a role's permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    No,
    /// Only what is the actor's own.
    Own,
    /// The actor's branch.
    Branch,
    /// Everything.
    All,
}

/// The table itself: how far `role` may do `action`.
#[must_use]
pub fn reach(role: Role, action: Action) -> Reach {
    use Action as A;
    use Role as R;
    if role == R::Owner {
        return match action {
            A::BookForSelf | A::SeeOwnBookings | A::ChangeOwnBooking => Reach::No,
            A::ManageOwnAccount => Reach::Own,
            _ => Reach::All,
        };
    }
    let manager = role == R::Manager;
    match action {
        A::SeePublic => Reach::All,
        A::BookForSelf | A::SeeOwnBookings | A::ChangeOwnBooking => Reach::No,
        A::ManageOwnAccount => Reach::Own,
        A::SeeBoard => Reach::Branch,
        A::CheckIn | A::AddWalkIn | A::AssignVisit | A::KeepDesk if manager || role == R::Receptionist => {
            Reach::Branch
        }
        A::SetUpDesk if manager => Reach::Branch,
        A::CheckIn | A::AddWalkIn | A::AssignVisit | A::KeepDesk
            if matches!(role, R::ServiceLead | R::Consultant) =>
        {
            Reach::Branch
        }
        A::FindCustomer | A::OverrideBooking
            if manager || matches!(role, R::Receptionist | R::ServiceLead) =>
        {
            Reach::Branch
        }
        A::FindCustomer if role == R::Consultant => Reach::Branch,
        A::SeePhone if manager || matches!(role, R::Receptionist | R::ServiceLead) => Reach::Branch,
        A::SeeDayList if manager || matches!(role, R::TechnicalLead | R::Receptionist | R::ServiceLead) => {
            Reach::Branch
        }
        A::SeeDayList if role.treats() => Reach::Own,
        A::Treat if manager || role == R::TechnicalLead => Reach::Branch,
        A::Treat if role.treats() => Reach::Own,
        A::SeeFacts | A::RecordFacts if manager || matches!(role, R::TechnicalLead | R::Consultant) => {
            Reach::Branch
        }
        A::SeeFacts | A::RecordFacts if role.treats() => Reach::Own,
        A::OverrideStop | A::ReviewDeviations | A::HandleIncidents if manager || role == R::TechnicalLead => {
            Reach::Branch
        }
        A::SeeWall => Reach::Branch,
        A::SeeRecords
            if manager
                || matches!(role, R::ServiceLead | R::TechnicalLead | R::FinanceLead | R::Supervisor) =>
        {
            Reach::Branch
        }
        A::FollowUp
            if manager
                || matches!(role, R::Receptionist | R::Consultant | R::ServiceLead | R::TechnicalLead) =>
        {
            Reach::Branch
        }
        A::FollowUp if role.treats() => Reach::Own,
        A::EditSop if manager || role == R::TechnicalLead => Reach::Branch,
        A::ReadBaths if manager || role.treats() || role == R::Receptionist => Reach::Branch,
        A::SetBathLimits if manager => Reach::Branch,
        A::SeeWhoAnswered | A::ManageUsers | A::SeeOutbox | A::ManageBranch if manager => Reach::Branch,
        _ => Reach::No,
    }
}

/// Whether `actor` may do `action` to `scope`.
#[must_use]
pub fn allows(actor: &Actor, action: Action, scope: &Scope) -> bool {
    match actor {
        Actor::System => true,
        Actor::Stranger => matches!(action, Action::SeePublic | Action::BookForSelf),
        Actor::Customer { id } => match action {
            Action::SeePublic | Action::BookForSelf => true,
            Action::SeeOwnBookings | Action::ChangeOwnBooking | Action::ManageOwnAccount => {
                scope.customer == Some(*id)
            }
            _ => false,
        },
        Actor::Staff { staff, role, branch, .. } => {
            let same_branch = branch.is_none() || scope.branch.is_none() || *branch == scope.branch;
            match reach(*role, action) {
                Reach::All => true,
                Reach::Branch => same_branch,
                Reach::Own if action == Action::ManageOwnAccount => true,
                Reach::Own => same_branch && staff.is_some() && *staff == scope.staff,
                Reach::No => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use std::fmt::Write;

    /// The whole table as a snapshot: any change to it is seen in review.
    #[test]
    fn table() {
        let mut out = String::new();
        for &action in Action::ALL {
            let _ = write!(out, "{action:?}:");
            for role in Role::ALL {
                match reach(role, action) {
                    Reach::No => {}
                    reach => {
                        let _ = write!(out, " {}={reach:?}", role.code());
                    }
                }
            }
            out.push('\n');
        }
        insta::assert_snapshot!(out);
    }

    #[test]
    fn another_branch_is_out_of_reach_for_all_but_the_owner() {
        let (home, away) = (BranchId::new(), BranchId::new());
        for role in Role::ALL {
            let actor = Actor::Staff { user: UserId::new(), staff: None, role, branch: Some(home) };
            for action in
                [Action::SeeBoard, Action::CheckIn, Action::SeeRecords, Action::Treat, Action::SeePhone]
            {
                let allowed = allows(&actor, action, &Scope::branch(away));
                assert_eq!(allowed, role == Role::Owner, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_beautician_treats_only_the_own_customers() {
        let (branch, me, other) = (BranchId::new(), StaffId::new(), StaffId::new());
        let actor = Actor::Staff {
            user: UserId::new(),
            staff: Some(me),
            role: Role::Beautician,
            branch: Some(branch),
        };
        assert!(allows(&actor, Action::Treat, &Scope::staff(branch, me)));
        assert!(!allows(&actor, Action::Treat, &Scope::staff(branch, other)));
        assert!(!allows(&actor, Action::Treat, &Scope::branch(branch)));
    }

    #[test]
    fn a_customer_sees_only_the_own_bookings() {
        let (me, other) = (CustomerId::new(), CustomerId::new());
        let actor = Actor::Customer { id: me };
        assert!(allows(&actor, Action::SeeOwnBookings, &Scope::customer(me)));
        assert!(!allows(&actor, Action::SeeOwnBookings, &Scope::customer(other)));
        assert!(!allows(&actor, Action::SeeOwnBookings, &Scope::none()));
        assert!(!allows(&Actor::Stranger, Action::SeeOwnBookings, &Scope::customer(other)));
    }
}
