//! The free re-check (CARE-1): opens with the completed service, is booked at price zero, has an outcome.

use crate::{
    booking::{BookPage, check_id, check_instant, check_key},
    branch::BranchInfo,
    customer::{Errors, check_note},
    error::{FieldCode, FieldError, Refusal},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a re-check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecheckState {
    /// Can be booked until its last day.
    Open,
    Booked,
    /// Looked at; has an outcome.
    Done,
    /// Ended by itself, unused.
    Lapsed,
    /// The customer does not need it; can be taken up again while there is time.
    Declined,
}

/// What happens to a re-check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecheckMove {
    Book,
    /// Its booking was cancelled or nobody came.
    Unbook,
    /// The customer came after all, to a booking that counted as missed.
    Arrive,
    Decline,
    Lapse,
    /// The outcome is known.
    Finish,
}

impl RecheckState {
    pub const ALL: [Self; 5] = [Self::Open, Self::Booked, Self::Done, Self::Lapsed, Self::Declined];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Booked => "booked",
            Self::Done => "done",
            Self::Lapsed => "lapsed",
            Self::Declined => "declined",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The state after a move. `until` is the first moment at which it is over.
    ///
    /// # Errors
    /// `LinkExpired` when it would have to be open still, `WrongState` for all else that cannot be.
    pub fn after(self, step: RecheckMove, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Self, Refusal> {
        use RecheckMove as M;
        let in_time = now < until;
        let wrong = || Refusal::WrongState { state: self.code().to_owned() };
        match (self, step) {
            (Self::Open | Self::Declined, M::Book) if in_time => Ok(Self::Booked),
            (Self::Open | Self::Declined | Self::Lapsed, M::Book) => Err(Refusal::LinkExpired),
            (Self::Booked, M::Unbook) => Ok(if in_time { Self::Open } else { Self::Lapsed }),
            (Self::Open | Self::Lapsed | Self::Booked, M::Arrive) => Ok(Self::Booked),
            (Self::Open, M::Decline) => Ok(Self::Declined),
            (Self::Open, M::Lapse) if !in_time => Ok(Self::Lapsed),
            (Self::Booked, M::Finish) => Ok(Self::Done),
            _ => Err(wrong()),
        }
    }
}

/// What was found at the chair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecheckOutcome {
    Fine,
    /// Something was put right there and then.
    Adjusted,
    /// Somebody higher has to look at it.
    Escalated,
}

impl RecheckOutcome {
    pub const ALL: [Self; 3] = [Self::Fine, Self::Adjusted, Self::Escalated];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Adjusted => "adjusted",
            Self::Escalated => "escalated",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// A re-check as its customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecheckView {
    /// The link's token.
    pub token: String,
    pub state: RecheckState,
    pub branch: BranchInfo,
    /// The service that is looked at again.
    pub service: Text,
    pub staff: Text,
    pub served: LocalTime,
    /// The first moment at which it is over.
    pub until: LocalTime,
    /// Its last day.
    pub last_day: chrono::NaiveDate,
    /// Whole days left, today not counted.
    pub days_left: u32,
    pub minutes: u32,
    /// Link and time of its booking.
    pub booking: Option<(String, LocalTime)>,
    pub outcome: Option<RecheckOutcome>,
}

/// The page behind the link: with the free times while it can be booked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecheckPage {
    pub recheck: RecheckView,
    pub page: Option<BookPage>,
}

/// What the chair knows of the re-check that a service is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecheckAtChair {
    pub id: RecheckId,
    /// When the service was done that is looked at, and by whom.
    pub served: LocalTime,
    pub staff: Text,
    pub original: VisitServiceId,
    pub outcome: Option<RecheckOutcome>,
    pub note: Option<String>,
    pub version: i32,
}

/// What was found when a service was looked at again (CARE-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LookedAgain {
    pub at: LocalTime,
    pub outcome: RecheckOutcome,
    pub note: Option<String>,
}

/// Booking a re-check by its link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecheckForm {
    pub token: String,
    #[serde(default)]
    pub who: String,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub at: String,
    pub key: String,
}

/// A checked [`RecheckForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookRecheck {
    pub token: String,
    pub who: Option<StaffId>,
    pub at: DateTime<Utc>,
    pub key: String,
}

impl RecheckForm {
    /// # Errors
    /// `who`, `at`, `key`.
    pub fn check(self) -> Result<BookRecheck, Vec<FieldError>> {
        let mut errors = Errors::default();
        let who = match self.who.trim() {
            "" => Some(None),
            raw => errors.take("who", check_id(raw).map(Some)),
        };
        let at = errors.take("at", check_instant(&self.at));
        let key = errors.take("key", check_key(&self.key));
        match (who, at, key) {
            (Some(who), Some(at), Some(key)) => Ok(BookRecheck { token: self.token, who, at, key }),
            _ => Err(errors.0),
        }
    }
}

/// The outcome, recorded at the chair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeForm {
    pub item: String,
    #[serde(default)]
    pub outcome: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub version: String,
}

/// A checked [`OutcomeForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOutcome {
    pub item: VisitServiceId,
    pub outcome: RecheckOutcome,
    pub note: Option<String>,
    pub version: i32,
}

impl OutcomeForm {
    /// # Errors
    /// `item`, `outcome`, `note` (needed unless all is fine), `version`.
    pub fn check(self) -> Result<RecordOutcome, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let outcome = match self.outcome.trim() {
            "" => Err(FieldCode::Required),
            code => RecheckOutcome::from_code(code).ok_or(FieldCode::Choice),
        };
        let outcome = errors.take("outcome", outcome);
        let note = check_note(&self.note).and_then(|note| match (outcome, &note) {
            (Some(RecheckOutcome::Adjusted | RecheckOutcome::Escalated), None) => Err(FieldCode::Required),
            _ => Ok(note),
        });
        let note = errors.take("note", note);
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        match (item, outcome, note, version) {
            (Some(item), Some(outcome), Some(note), Some(version)) => {
                Ok(RecordOutcome { item, outcome, note, version })
            }
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecheckMove as M;
    use RecheckState as S;
    use proptest::prelude::*;
    use rstest::rstest;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + hour * 3600, 0).unwrap()
    }

    #[rstest]
    #[case(S::Open, M::Book, 0, Ok(S::Booked))]
    #[case(S::Open, M::Book, 168, Err(Refusal::LinkExpired))]
    #[case(S::Declined, M::Book, 167, Ok(S::Booked))]
    #[case(S::Booked, M::Unbook, 167, Ok(S::Open))]
    #[case(S::Booked, M::Unbook, 168, Ok(S::Lapsed))]
    #[case(S::Lapsed, M::Arrive, 168, Ok(S::Booked))]
    #[case(S::Open, M::Lapse, 168, Ok(S::Lapsed))]
    #[case(S::Open, M::Lapse, 167, Err(Refusal::WrongState { state: "open".into() }))]
    #[case(S::Booked, M::Lapse, 200, Err(Refusal::WrongState { state: "booked".into() }))]
    #[case(S::Booked, M::Finish, 200, Ok(S::Done))]
    #[case(S::Done, M::Finish, 0, Err(Refusal::WrongState { state: "done".into() }))]
    fn moves(#[case] from: S, #[case] step: M, #[case] hour: i64, #[case] want: Result<S, Refusal>) {
        assert_eq!(from.after(step, at(hour), at(168)), want);
    }

    #[test]
    fn what_was_not_fine_says_what_it_was() {
        let form = |outcome: &str, note: &str| OutcomeForm {
            item: VisitServiceId::new().to_string(),
            outcome: outcome.into(),
            note: note.into(),
            version: "1".into(),
        };
        assert!(form("fine", "").check().is_ok());
        for outcome in ["adjusted", "escalated"] {
            let wrong = form(outcome, " ").check().unwrap_err();
            assert_eq!(wrong, vec![FieldError::new("note", FieldCode::Required)]);
            assert!(form(outcome, "两颊泛红").check().is_ok());
        }
        assert_eq!(form("", "").check().unwrap_err()[0].field, "outcome");
    }

    fn any_move() -> impl Strategy<Value = M> {
        prop_oneof![
            Just(M::Book),
            Just(M::Unbook),
            Just(M::Arrive),
            Just(M::Decline),
            Just(M::Lapse),
            Just(M::Finish)
        ]
    }

    proptest! {
        /// Whatever happens: done is the end, nothing is booked anew once the time is over.
        #[test]
        fn done_is_the_end(steps in prop::collection::vec((any_move(), 0i64..300), 0..20)) {
            let (mut state, mut hour) = (S::Open, 0);
            for (step, later) in steps {
                hour = hour.max(later);
                let was = state;
                if let Ok(next) = state.after(step, at(hour), at(168)) {
                    prop_assert_ne!(was, S::Done);
                    if step == M::Book {
                        prop_assert!(hour < 168);
                    }
                    state = next;
                }
            }
        }
    }
}
