//! Calls of the days after (CARE-2): a work list with outcomes.

use crate::{
    booking::{check_id, check_key},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError, Refusal},
    ids::*,
    lang::Text,
    page::Page,
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::recheck::RecheckView;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    Open,
    Done,
    /// Tried as often as is set, never reached.
    GivenUp,
    /// The customer does not wish to be called.
    Declined,
}

impl CallState {
    pub const ALL: [Self; 4] = [Self::Open, Self::Done, Self::GivenUp, Self::Declined];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::GivenUp => "given_up",
            Self::Declined => "declined",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    Fine,
    /// Something worries the customer; a concern is opened.
    Concern,
    /// Tried again tomorrow.
    NotReached,
}

impl CallOutcome {
    pub const ALL: [Self; 3] = [Self::Fine, Self::Concern, Self::NotReached];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Concern => "concern",
            Self::NotReached => "not_reached",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What a call becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    pub state: CallState,
    pub tries: u32,
    /// Is tried again on the next day.
    pub tomorrow: bool,
}

/// The call after it was tried once more; `tries` before, at most `most`.
///
/// # Errors
/// `WrongState` when it is over.
pub fn called(state: CallState, outcome: CallOutcome, tries: u32, most: u32) -> Result<Called, Refusal> {
    if state != CallState::Open {
        return Err(Refusal::WrongState { state: state.code().to_owned() });
    }
    let tries = tries.saturating_add(1);
    Ok(match outcome {
        CallOutcome::Fine | CallOutcome::Concern => Called { state: CallState::Done, tries, tomorrow: false },
        CallOutcome::NotReached if tries >= most => {
            Called { state: CallState::GivenUp, tries, tomorrow: false }
        }
        CallOutcome::NotReached => Called { state: CallState::Open, tries, tomorrow: true },
    })
}

/// Part of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallList {
    /// Due today and overdue.
    #[default]
    Due,
    /// Of the days to come.
    Ahead,
    /// Over, the last ones first.
    Over,
}

impl CallList {
    pub const ALL: [Self; 3] = [Self::Due, Self::Ahead, Self::Over];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Ahead => "ahead",
            Self::Over => "over",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }
}

/// One call of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallView {
    pub id: FollowupId,
    pub name: String,
    /// In full for those who may see it, else masked.
    pub phone: String,
    /// Can be dialled.
    pub dial: Option<String>,
    pub service: Text,
    pub service_id: ServiceId,
    pub staff: Option<Text>,
    pub served: LocalTime,
    /// The first, third, seventh … day after.
    pub day: u32,
    pub due: NaiveDate,
    /// Days since it was due; 0 = today or later.
    pub overdue: u32,
    pub tries: u32,
    pub most: u32,
    pub state: CallState,
    pub outcome: Option<CallOutcome>,
    pub note: Option<String>,
    pub at: Option<LocalTime>,
    pub by: Option<Text>,
    /// What to say: the salon's own words; the house's when empty.
    pub script: Text,
    pub version: i32,
}

/// A worry that a call brought to light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConcernView {
    pub id: ConcernId,
    pub name: String,
    pub phone: String,
    pub dial: Option<String>,
    pub service: Text,
    pub opened: LocalTime,
    pub text: String,
    /// Who was asked first and keeps it.
    pub owner: Option<Text>,
    pub version: i32,
}

/// The page of calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallsPage {
    pub branch: BranchId,
    pub today: NaiveDate,
    pub now: LocalTime,
    pub list: CallList,
    /// How many are due today, and how many were before.
    pub due: u32,
    pub overdue: u32,
    /// Whose services can be looked at; empty for those who see only their own.
    pub people: Vec<(StaffId, Text)>,
    pub who: Option<StaffId>,
    pub page: Page<CallView>,
    pub concerns: Vec<ConcernView>,
}

/// How a call went, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallForm {
    pub call: String,
    #[serde(default)]
    pub outcome: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub version: String,
    pub key: String,
}

/// A checked [`CallForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCall {
    pub call: FollowupId,
    pub outcome: CallOutcome,
    pub note: Option<String>,
    pub version: i32,
    pub key: String,
}

impl CallForm {
    /// # Errors
    /// `call`, `outcome`, `note` (needed for a concern), `version`, `key`.
    pub fn check(self) -> Result<RecordCall, Vec<FieldError>> {
        let mut errors = Errors::default();
        let call = errors.take("call", check_id(&self.call));
        let outcome = match self.outcome.trim() {
            "" => Err(FieldCode::Required),
            code => CallOutcome::from_code(code).ok_or(FieldCode::Choice),
        };
        let outcome = errors.take("outcome", outcome);
        let note = check_note(&self.note).and_then(|note| match (outcome, &note) {
            (Some(CallOutcome::Concern), None) => Err(FieldCode::Required),
            _ => Ok(note),
        });
        let note = errors.take("note", note);
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        let key = errors.take("key", check_key(&self.key));
        match (call, outcome, note, version, key) {
            (Some(call), Some(outcome), Some(note), Some(version), Some(key)) => {
                Ok(RecordCall { call, outcome, note, version, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// What became of a concern, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernForm {
    pub concern: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub version: String,
}

impl ConcernForm {
    /// # Errors
    /// `concern`, `note`, `version`.
    pub fn check(self) -> Result<(ConcernId, String, i32), Vec<FieldError>> {
        let mut errors = Errors::default();
        let concern = errors.take("concern", check_id(&self.concern));
        let note = check_note(&self.note).and_then(|note| note.ok_or(FieldCode::Required));
        let note = errors.take("note", note);
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        match (concern, note, version) {
            (Some(concern), Some(note), Some(version)) => Ok((concern, note, version)),
            _ => Err(errors.0),
        }
    }
}

/// A script for a service's call of one day, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptForm {
    pub service: String,
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

impl ScriptForm {
    /// Empty texts mean the house's own words again.
    ///
    /// # Errors
    /// `service`, `day`, `zh`, `en`.
    pub fn check(self) -> Result<(ServiceId, u32, Text), Vec<FieldError>> {
        let mut errors = Errors::default();
        let service = errors.take("service", check_id(&self.service));
        let day = errors.take("day", super::check_number(&self.day, 1, super::RECHECK_DAYS_MAX));
        let zh = errors.take("zh", check_note(&self.zh)).map(Option::unwrap_or_default);
        let en = errors.take("en", check_note(&self.en)).map(Option::unwrap_or_default);
        match (service, day, zh, en) {
            (Some(service), Some(day), Some(zh), Some(en)) => Ok((service, day, Text { zh, en })),
            _ => Err(errors.0),
        }
    }
}

/// The time after one service, as the customer's phone shows it (CARE-1, CARE-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AfterService {
    pub service: Text,
    pub staff: Text,
    pub served: LocalTime,
    pub today: NaiveDate,
    /// Aftercare that was told.
    pub advice: Vec<Text>,
    pub recheck: Option<RecheckView>,
    pub calls: Vec<CallLine>,
}

/// A call as the customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallLine {
    pub on: NaiveDate,
    pub state: CallState,
}

/// What the own page shows of the days after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CareHome {
    pub services: Vec<AfterService>,
    /// May be called.
    pub calls: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_worry_is_written_down() {
        let form = |outcome: &str, note: &str| CallForm {
            call: FollowupId::new().to_string(),
            outcome: outcome.into(),
            note: note.into(),
            version: "1".into(),
            key: "k".into(),
        };
        assert!(form("fine", "").check().is_ok());
        assert!(form("not_reached", "").check().is_ok());
        assert_eq!(form("concern", "").check().unwrap_err(), [FieldError::new("note", FieldCode::Required)]);
        assert_eq!(form("maybe", "").check().unwrap_err()[0].code, FieldCode::Choice);
    }

    proptest! {
        #[test]
        fn nobody_is_tried_more_often_than_set(
            outcomes in prop::collection::vec(0usize..3, 1..20),
            most in 1u32..6,
        ) {
            let (mut state, mut tries) = (CallState::Open, 0);
            for outcome in outcomes {
                match called(state, CallOutcome::ALL[outcome], tries, most) {
                    Ok(next) => {
                        prop_assert_eq!(state, CallState::Open);
                        prop_assert_eq!(next.tries, tries + 1);
                        prop_assert!(next.tries <= most);
                        prop_assert_eq!(next.tomorrow, next.state == CallState::Open);
                        (state, tries) = (next.state, next.tries);
                    }
                    Err(refusal) => {
                        prop_assert_ne!(state, CallState::Open);
                        prop_assert_eq!(refusal, Refusal::WrongState { state: state.code().to_owned() });
                    }
                }
            }
        }
    }
}
