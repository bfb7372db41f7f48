//! At the chair: the day list, the checklist, the record (TREAT-1 … TREAT-6).

mod chair;
mod incident;
mod record;

pub use chair::*;
pub use incident::*;
pub use record::*;

use crate::{
    booking::{Qr, check_id, check_ids, check_key},
    care::{LookedAgain, RecheckAtChair},
    consult::Alerts,
    customer::{CustomerTag, Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    photo::PhotoView,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// When in a service a step belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Before,
    During,
    After,
}

impl Phase {
    pub const ALL: [Self; 3] = [Self::Before, Self::During, Self::After];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::During => "during",
            Self::After => "after",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }
}

/// Where one service of a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceState {
    /// Booked, the customer has not arrived.
    Expected,
    Waiting,
    /// The person has received the customer.
    Greeted,
    InService,
    Done,
    /// Left out.
    Dropped,
}

impl ServiceState {
    pub const ALL: [Self; 6] =
        [Self::Expected, Self::Waiting, Self::Greeted, Self::InService, Self::Done, Self::Dropped];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Waiting => "waiting",
            Self::Greeted => "greeted",
            Self::InService => "in_service",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// One service of the day list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayItem {
    /// `None` while the customer has not arrived.
    pub item: Option<VisitServiceId>,
    pub state: ServiceState,
    pub at: LocalTime,
    pub ends: LocalTime,
    pub name: String,
    pub tags: Vec<CustomerTag>,
    pub service: Text,
    pub room: Option<Text>,
    /// Minutes waited, for those who wait.
    pub waited: Option<u32>,
    pub ticket: Option<String>,
    /// What must be known before (TREAT-1); empty for those who see no medical facts.
    #[serde(default)]
    pub alerts: DayAlerts,
}

/// Alerts of the day list: the words for whoever is in the chair or next, for the rest only that there are some.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DayAlerts {
    pub verdict: crate::consult::Verdict,
    /// `水杨酸过敏`: what is known, and what follows.
    pub stops: Vec<(Text, Text)>,
    pub warns: Vec<(Text, Text)>,
}

/// The tablet's first page: the next customer first (TREAT-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyDay {
    pub staff: StaffId,
    pub name: Text,
    pub title: Text,
    pub branch_name: Text,
    pub branch: BranchId,
    pub now: LocalTime,
    /// Under way.
    pub current: Option<DayItem>,
    pub next: Option<DayItem>,
    pub later: Vec<DayItem>,
    pub done: Vec<DayItem>,
    pub shift: Option<(LocalTime, LocalTime)>,
}

/// Where a step of the checklist stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Open,
    Done,
    Skipped,
}

impl StepState {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Done, Self::Skipped].into_iter().find(|s| s.code() == code)
    }
}

/// A step of the service's SOP as the record keeps it (TREAT-3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    pub id: StepId,
    pub phase: Phase,
    pub text: Text,
    pub mandatory: bool,
    /// Minutes it takes, when that matters.
    pub minutes: Option<u32>,
    pub state: StepState,
    /// Set by the server.
    pub done_at: Option<LocalTime>,
    pub done_by: Option<Text>,
    pub reason: Option<String>,
    /// Name of its picture.
    pub picture: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteView {
    pub id: NoteId,
    pub at: LocalTime,
    pub by: Text,
    pub text: String,
}

/// A piece of aftercare advice from the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AftercareView {
    pub id: AftercareId,
    pub text: Text,
    pub told_at: Option<LocalTime>,
}

/// One service at the chair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Treatment {
    pub item: VisitServiceId,
    pub visit: VisitId,
    pub state: ServiceState,
    pub now: LocalTime,
    pub customer_name: String,
    pub tags: Vec<CustomerTag>,
    pub visits_before: u32,
    pub service: Text,
    pub staff: Text,
    pub room: Option<Text>,
    pub ticket: String,
    pub booked_at: Option<LocalTime>,
    pub arrived: LocalTime,
    pub greeted: Option<LocalTime>,
    pub started: Option<LocalTime>,
    pub finished: Option<LocalTime>,
    /// Planned length in minutes.
    pub minutes: u32,
    pub steps: Vec<StepView>,
    pub notes: Vec<NoteView>,
    #[serde(default)]
    pub photos: Vec<PhotoView>,
    pub aftercare: Vec<AftercareView>,
    pub precautions: Text,
    /// The rating link as a QR code, once the visit is done.
    pub survey: Option<(String, Qr)>,
    /// Further services of this visit that are still to be done.
    pub more: u32,
    /// The service is a free re-check of an earlier one (CARE-1).
    pub recheck: Option<RecheckAtChair>,
    /// What its free re-check found, once that is known.
    #[serde(default)]
    pub looked_again: Option<LookedAgain>,
    /// Before anything else (TREAT-1).
    #[serde(default)]
    pub alerts: Alerts,
    #[serde(default)]
    pub chair: ChairRecord,
    /// The version of the checklist it is done by; once begun.
    pub sop_version: Option<u32>,
}

/// Something done to one service: received the customer, started, finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemForm {
    pub item: String,
}

impl ItemForm {
    /// # Errors
    /// `item`.
    pub fn check(self) -> Result<VisitServiceId, Vec<FieldError>> {
        check_id(&self.item).map_err(|code| vec![FieldError::new("item", code)])
    }
}

/// Ticking a step, opening it again, or leaving it out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepForm {
    pub step: String,
    /// `done`, `open` or `skipped`.
    pub state: String,
    /// Needed to leave out a mandatory step (TREAT-3).
    #[serde(default)]
    pub reason: String,
}

/// A checked [`StepForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTick {
    pub step: StepId,
    pub state: StepState,
    pub reason: Option<String>,
}

impl StepForm {
    /// # Errors
    /// `step`, `state`, `reason`.
    pub fn check(self) -> Result<StepTick, Vec<FieldError>> {
        let mut errors = Errors::default();
        let step = errors.take("step", check_id(&self.step));
        let state = errors.take("state", StepState::from_code(&self.state).ok_or(FieldCode::Choice));
        let reason = errors.take("reason", check_note(&self.reason));
        match (step, state, reason) {
            (Some(step), Some(state), Some(reason)) => Ok(StepTick { step, state, reason }),
            _ => Err(errors.0),
        }
    }
}

/// Whether a step may take this state: a mandatory step is left out only with a reason (TREAT-3).
///
/// # Errors
/// `Required` on the reason.
pub fn check_skip(mandatory: bool, state: StepState, reason: Option<&str>) -> Result<(), FieldCode> {
    if mandatory && state == StepState::Skipped && reason.is_none() {
        return Err(FieldCode::Required);
    }
    Ok(())
}

/// A note to the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteForm {
    pub item: String,
    #[serde(default)]
    pub text: String,
    pub key: String,
}

impl NoteForm {
    /// # Errors
    /// `item`, `text`, `key`.
    pub fn check(self) -> Result<(VisitServiceId, String, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let text =
            errors.take("text", check_note(&self.text).and_then(|text| text.ok_or(FieldCode::Required)));
        let key = errors.take("key", check_key(&self.key));
        match (item, text, key) {
            (Some(item), Some(text), Some(key)) => Ok((item, text, key)),
            _ => Err(errors.0),
        }
    }
}

/// Aftercare told to the customer; sent to the phone as well (TREAT-6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AftercareForm {
    pub item: String,
    /// Ids, comma-separated.
    #[serde(default)]
    pub told: String,
}

impl AftercareForm {
    /// # Errors
    /// `item`, `told`.
    pub fn check(self) -> Result<(VisitServiceId, Vec<AftercareId>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let told = errors.take("told", check_ids(&self.told, 40));
        match (item, told) {
            (Some(item), Some(told)) => Ok((item, told)),
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mandatory_step_needs_a_reason_to_be_left_out() {
        assert_eq!(check_skip(true, StepState::Skipped, None), Err(FieldCode::Required));
        assert_eq!(check_skip(true, StepState::Skipped, Some("allergy")), Ok(()));
        assert_eq!(check_skip(false, StepState::Skipped, None), Ok(()));
        assert_eq!(check_skip(true, StepState::Done, None), Ok(()));
    }

    #[test]
    fn an_empty_note_is_refused() {
        let form = NoteForm { item: VisitServiceId::new().to_string(), text: "  ".into(), key: "k".into() };
        assert_eq!(form.check().unwrap_err(), vec![FieldError::new("text", FieldCode::Required)]);
    }
}
