//! The front desk: the live board, check-in, walk-ins, the queue (DESK-1 … DESK-4).

use crate::{
    booking::{BookingState, Qr, check_id, check_ids, check_key},
    branch::{BranchInfo, Category},
    customer::{CustomerTag, Errors, check_name, check_note},
    error::{FieldCode, FieldError, Refusal},
    ids::*,
    lang::Text,
    phone::Phone,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

pub mod arrive;
pub mod band;
pub mod call;
pub mod estimate;
mod filter;
pub mod handover;
pub mod question;
pub mod script;
pub mod turns;

pub use filter::{Alerts, Area, BoardFilter, Called};

/// Minutes of waiting from which a visit is amber (DESK-4).
pub const WAIT_AMBER: u32 = 10;
/// Minutes of waiting that are promised at most: red from here on (DESK-4, WAIT).
pub const WAIT_LIMIT: u32 = 15;

/// A visit's way through the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    /// Ready to be served, nobody assigned or the person is not there yet.
    Waiting,
    /// Someone has been asked to receive the customer.
    Assigned,
    InService,
    /// All services finished.
    Done,
    /// Went without being served.
    Left,
}

/// What can happen to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitMove {
    Assign,
    /// A service begins.
    Start,
    /// The last service ends.
    Finish,
    /// Back to waiting between two services.
    Pause,
    Leave,
}

impl VisitState {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Assigned, Self::InService, Self::Done, Self::Left];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Assigned => "assigned",
            Self::InService => "in_service",
            Self::Done => "done",
            Self::Left => "left",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after `step`.
    ///
    /// # Errors
    /// `Refusal::WrongState` naming the present state.
    pub fn after(self, step: VisitMove) -> Result<Self, Refusal> {
        use VisitMove as M;
        use VisitState as S;
        match (self, step) {
            (S::Waiting | S::Assigned, M::Assign) => Ok(S::Assigned),
            (S::Waiting | S::Assigned, M::Start) => Ok(S::InService),
            (S::InService, M::Pause) => Ok(S::Waiting),
            (S::InService, M::Finish) => Ok(S::Done),
            (S::Waiting | S::Assigned, M::Leave) => Ok(S::Left),
            _ => Err(Refusal::WrongState { state: self.code().to_owned() }),
        }
    }
}

/// How loud a waiting clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitTone {
    Calm,
    Amber,
    Red,
}

impl WaitTone {
    /// From whole minutes waited. Exactly 15 minutes still keeps the promise (WAIT: ≤ 15 min).
    #[must_use]
    pub fn of(minutes: u32) -> Self {
        match minutes {
            m if m > WAIT_LIMIT => Self::Red,
            m if m >= WAIT_AMBER => Self::Amber,
            _ => Self::Calm,
        }
    }
}

/// Whose turn it is, and why (DESK-3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub staff: StaffId,
    pub name: Text,
    /// Free now, for so many minutes.
    pub free_for: Option<u32>,
    /// Busy until.
    pub free_at: Option<LocalTime>,
    /// First of those free: the next customer goes here.
    pub first: bool,
    /// Services finished or under way today, so that turns can be seen to be fair.
    pub served: u32,
}

/// A booking that is still to come today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExpectedCard {
    pub booking: BookingId,
    pub state: BookingState,
    pub at: LocalTime,
    pub customer: CustomerId,
    pub name: String,
    pub tags: Vec<CustomerTag>,
    pub services: Vec<Text>,
    pub staff: Text,
    /// Whom it is booked with, and the kinds of rooms it needs: for the filters.
    pub staff_id: Option<StaffId>,
    pub areas: Vec<String>,
    /// Minutes past the booked time; 0 when not late.
    pub late: u32,
    /// Number to call, for those who may see it; else masked.
    pub phone: String,
    pub no_shows: u32,
}

/// How the person is chosen (DESK-3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wish {
    /// 轮钟: whoever's turn it is.
    Rotation,
    /// 点钟: this person.
    Request { staff: StaffId, name: Text },
}

/// Somebody who may do what comes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capable {
    pub staff: StaffId,
    /// Something else begins then, or has begun, and leaves no time for it.
    pub busy_from: Option<LocalTime>,
}

/// A visit that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingCard {
    pub visit: VisitId,
    pub version: i32,
    pub ticket: String,
    pub name: String,
    pub tags: Vec<CustomerTag>,
    pub services: Vec<Text>,
    /// Kinds of rooms it needs.
    pub areas: Vec<String>,
    pub minutes: u32,
    pub since: LocalTime,
    /// Whole minutes waited when the server answered.
    pub waited: u32,
    pub tone: WaitTone,
    pub wish: Wish,
    /// Booked time, for those who booked.
    pub booked_at: Option<LocalTime>,
    /// Who is asked to receive the customer.
    pub assigned: Option<(StaffId, Text)>,
    /// Who could: suggested by turn or wish.
    pub suggestion: Option<(StaffId, Text)>,
    /// Who may do what comes next: learnt, with a certificate that is valid today.
    pub capable: Vec<Capable>,
    /// When the wait is expected to end.
    pub expected: Option<LocalTime>,
    /// Who is free for it then.
    pub expected_by: Option<Text>,
    /// Last time the customer was told about the wait (DESK-4).
    pub told: Option<LocalTime>,
    /// Over the limit and nobody has said why yet (DESK-4).
    pub reason_due: bool,
    pub reason: Option<BreachReason>,
    /// Called to the desk, by the button or by name.
    pub called: Option<LocalTime>,
}

/// A service under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServingCard {
    pub visit: VisitId,
    pub item: VisitServiceId,
    pub name: String,
    pub service: Text,
    pub staff: Text,
    pub staff_id: Option<StaffId>,
    pub area: Option<String>,
    pub room: Option<Text>,
    pub started: LocalTime,
    pub ends: LocalTime,
    /// Minutes left; negative when over.
    pub left: i32,
    /// Share done, 0 … 100.
    pub percent: u8,
}

/// A visit that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoneCard {
    pub visit: VisitId,
    pub name: String,
    pub services: Vec<Text>,
    pub finished: LocalTime,
    pub rated: bool,
    /// Went without being served.
    pub left: bool,
}

/// Today's sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    pub booked: u32,
    pub done: u32,
    pub on_time: u32,
    /// Started bookings that count for `on_time`.
    pub on_time_of: u32,
    pub no_show: u32,
    pub cancelled: u32,
    pub waiting: u32,
    pub longest_wait: u32,
    pub over_limit: u32,
}

/// The live board of a branch's day (DESK-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub branch: BranchInfo,
    pub now: LocalTime,
    /// In the next two hours or late, first first.
    pub expected: Vec<ExpectedCard>,
    /// How many more are expected later today.
    pub later: u32,
    pub waiting: Vec<WaitingCard>,
    pub serving: Vec<ServingCard>,
    pub done: Vec<DoneCard>,
    pub missed: Vec<ExpectedCard>,
    pub turns: Vec<Turn>,
    pub rooms_free: Vec<Text>,
    pub count: DayCount,
    /// Open questions, the oldest first (DESK-5).
    pub questions: Vec<question::QuestionCard>,
    /// To whom a question can be handed.
    pub colleagues: Vec<question::Colleague>,
    pub alerts: Alerts,
    /// The most urgent callbacks (DESK-6).
    pub callbacks: Vec<call::CallLine>,
    /// Kinds of rooms, for the filter.
    pub areas: Vec<Area>,
}

/// Check-in of a booking (DESK-2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckInForm {
    pub booking: String,
}

impl CheckInForm {
    /// # Errors
    /// `booking`.
    pub fn check(self) -> Result<BookingId, Vec<FieldError>> {
        check_id(&self.booking).map_err(|code| vec![FieldError::new("booking", code)])
    }
}

/// Searching a customer: phone tail, name or pinyin initials.
///
/// # Errors
/// `TooShort` under two characters (one Chinese character is enough), `TooLong` over 40.
pub fn check_search(raw: &str) -> Result<String, FieldCode> {
    let q = raw.trim().to_lowercase();
    let n = q.chars().count();
    if n > 40 {
        return Err(FieldCode::TooLong);
    }
    if n < 2 && q.is_ascii() {
        return Err(FieldCode::TooShort);
    }
    Ok(q)
}

/// A customer without a booking (DESK-2): found by `customer`, or new with `name` and `phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkInForm {
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub services: String,
    /// Wished-for person; empty: in rotation.
    #[serde(default)]
    pub who: String,
    pub key: String,
}

/// Who walked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkInCustomer {
    Known(CustomerId),
    New { name: String, phone: Phone },
}

/// A checked [`WalkInForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkIn {
    pub customer: WalkInCustomer,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub key: String,
}

impl WalkInForm {
    /// # Errors
    /// `customer`, `name`, `phone`, `services`, `who`, `key`.
    pub fn check(self) -> Result<WalkIn, Vec<FieldError>> {
        let mut errors = Errors::default();
        let customer = if self.customer.trim().is_empty() {
            let name = errors.take("name", check_name(&self.name));
            let phone = errors.take("phone", Phone::parse(&self.phone));
            name.zip(phone).map(|(name, phone)| WalkInCustomer::New { name, phone })
        } else {
            errors.take("customer", check_id(&self.customer)).map(WalkInCustomer::Known)
        };
        let services = errors.take("services", check_ids(&self.services, crate::booking::SERVICES_MAX));
        let who = match self.who.trim() {
            "" => Some(None),
            raw => errors.take("who", check_id(raw).map(Some)),
        };
        let key = errors.take("key", check_key(&self.key));
        match (customer, services, who, key) {
            (Some(customer), Some(services), Some(who), Some(key)) => {
                Ok(WalkIn { customer, services, who, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// What the walk-in page needs: the menu and who is here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalkInPage {
    pub branch: BranchInfo,
    pub categories: Vec<Category>,
    pub turns: Vec<Turn>,
    /// People waiting before this one would.
    pub waiting: u32,
}

/// The ticket handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketView {
    pub visit: VisitId,
    pub ticket: String,
    pub name: String,
    pub place: u32,
    /// Estimated minutes until served; `None`: nobody qualified is here today.
    pub estimate: Option<u32>,
    /// Path of the queue page on the customer's phone.
    pub link: String,
    pub qr: Qr,
}

/// Handing a visit to somebody (DESK-3). `version` guards against two desks doing it at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignForm {
    pub visit: String,
    pub staff: String,
    pub version: i32,
}

impl AssignForm {
    /// # Errors
    /// `visit`, `staff`.
    pub fn check(self) -> Result<(VisitId, StaffId, i32), Vec<FieldError>> {
        let mut errors = Errors::default();
        let visit = errors.take("visit", check_id(&self.visit));
        let staff = errors.take("staff", check_id(&self.staff));
        match (visit, staff) {
            (Some(visit), Some(staff)) => Ok((visit, staff, self.version)),
            _ => Err(errors.0),
        }
    }
}

/// Something about one visit: told about the wait, left without being served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitForm {
    pub visit: String,
}

impl VisitForm {
    /// # Errors
    /// `visit`.
    pub fn check(self) -> Result<VisitId, Vec<FieldError>> {
        check_id(&self.visit).map_err(|code| vec![FieldError::new("visit", code)])
    }
}

/// Why somebody waited longer than promised (DESK-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachReason {
    PreviousOverran,
    TooFewPeople,
    RoomNotReady,
    CustomerEarly,
    SystemOrDesk,
    Other,
}

impl BreachReason {
    pub const ALL: [Self; 6] = [
        Self::PreviousOverran,
        Self::TooFewPeople,
        Self::RoomNotReady,
        Self::CustomerEarly,
        Self::SystemOrDesk,
        Self::Other,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PreviousOverran => "previous_overran",
            Self::TooFewPeople => "too_few_people",
            Self::RoomNotReady => "room_not_ready",
            Self::CustomerEarly => "customer_early",
            Self::SystemOrDesk => "system_or_desk",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// The reason of a long wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonForm {
    pub visit: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub note: String,
}

impl ReasonForm {
    /// # Errors
    /// `visit`, `reason`, `note`.
    pub fn check(self) -> Result<(VisitId, BreachReason, Option<String>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let visit = errors.take("visit", check_id(&self.visit));
        let reason = errors.take(
            "reason",
            match self.reason.trim() {
                "" => Err(FieldCode::Required),
                code => BreachReason::from_code(code).ok_or(FieldCode::Choice),
            },
        );
        let note = errors.take("note", check_note(&self.note));
        match (visit, reason, note) {
            (Some(visit), Some(reason), Some(note)) => Ok((visit, reason, note)),
            _ => Err(errors.0),
        }
    }
}

/// The queue as the customer's phone shows it (DESK-2). Reached by an unguessable link; tells no names but the own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueView {
    pub branch: BranchInfo,
    pub ticket: String,
    pub state: VisitState,
    pub services: Vec<Text>,
    /// Place in the queue, 1 = next; 0 when no longer waiting.
    pub place: u32,
    pub waited: u32,
    /// Estimated minutes still to wait.
    pub estimate: Option<u32>,
    /// Who receives the customer.
    pub staff: Option<Text>,
    pub room: Option<Text>,
    pub told: Option<LocalTime>,
    /// Called to the desk.
    pub called: Option<LocalTime>,
    /// Path of the rating form once the visit is done.
    pub survey: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, WaitTone::Calm)]
    #[case(9, WaitTone::Calm)]
    #[case(10, WaitTone::Amber)]
    #[case(15, WaitTone::Amber)]
    #[case(16, WaitTone::Red)]
    fn tones(#[case] minutes: u32, #[case] tone: WaitTone) {
        assert_eq!(WaitTone::of(minutes), tone);
    }

    #[rstest]
    #[case("王", true)]
    #[case("w", false)]
    #[case("wy", true)]
    #[case("2716", true)]
    #[case("", false)]
    fn searches(#[case] q: &str, #[case] ok: bool) {
        assert_eq!(check_search(q).is_ok(), ok);
    }

    #[test]
    fn a_walk_in_is_known_or_new() {
        let service = ServiceId::new().to_string();
        let new = WalkInForm {
            name: "李娜".into(),
            phone: "138 0000 2716".into(),
            services: service.clone(),
            key: "k".into(),
            ..WalkInForm::default()
        };
        assert!(matches!(new.check().unwrap().customer, WalkInCustomer::New { .. }));
        let known = WalkInForm {
            customer: CustomerId::new().to_string(),
            services: service,
            key: "k".into(),
            ..WalkInForm::default()
        };
        assert!(matches!(known.check().unwrap().customer, WalkInCustomer::Known(_)));
        let fields: Vec<_> =
            WalkInForm::default().check().unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["name", "phone", "services", "key"]);
    }

    #[test]
    fn a_visit_cannot_be_finished_before_it_starts() {
        assert!(VisitState::Waiting.after(VisitMove::Finish).is_err());
        assert!(VisitState::Done.after(VisitMove::Leave).is_err());
        assert_eq!(VisitState::Assigned.after(VisitMove::Start), Ok(VisitState::InService));
    }
}
