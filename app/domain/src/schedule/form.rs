//! What is asked of the schedule, and what the staff type when they move, hand over or cancel a booking.

use super::ChangeReason;
use crate::{
    booking::{CancelReason, check_id, check_key},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Latest minute of a day in which something may begin: bathhouses are open until noon of the next day.
const MINUTE_MAX: u32 = 36 * 60;

/// What the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    #[default]
    Day,
    Week,
    Month,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// Whose lanes the day has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    #[default]
    People,
    Rooms,
    Devices,
}

impl LaneKind {
    pub const ALL: [Self; 3] = [Self::People, Self::Rooms, Self::Devices];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Rooms => "rooms",
            Self::Devices => "devices",
        }
    }
}

/// The page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleQuery {
    /// `day`, `week`, `month`; anything else: the day.
    #[serde(default)]
    pub view: String,
    /// `2026-06-12`; anything else: today.
    #[serde(default)]
    pub day: String,
    /// `people`, `rooms`, `devices`.
    #[serde(default)]
    pub kind: String,
    /// Only this person.
    #[serde(default)]
    pub who: String,
}

/// A checked [`ScheduleQuery`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScheduleSearch {
    pub span: Span,
    pub day: Option<NaiveDate>,
    pub kind: LaneKind,
    pub who: Option<StaffId>,
}

impl ScheduleQuery {
    /// An old or mistyped address still leads somewhere.
    #[must_use]
    pub fn check(self) -> ScheduleSearch {
        ScheduleSearch {
            span: Span::ALL.into_iter().find(|span| span.code() == self.view).unwrap_or_default(),
            day: check_day(&self.day).ok(),
            kind: LaneKind::ALL.into_iter().find(|kind| kind.code() == self.kind).unwrap_or_default(),
            who: self.who.parse().ok(),
        }
    }
}

/// # Errors
/// `Required` or `Range`.
pub fn check_day(raw: &str) -> Result<NaiveDate, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        typed => typed
            .parse::<NaiveDate>()
            .ok()
            .filter(|day| (2000..2200).contains(&chrono::Datelike::year(day)))
            .ok_or(FieldCode::Range),
    }
}

/// Minutes after midnight of the day; after the next midnight they go on: `25:30`.
///
/// # Errors
/// `Required` or `Range`.
pub fn check_minute(raw: &str) -> Result<u32, FieldCode> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(FieldCode::Required);
    }
    let minute = match raw.split_once(':') {
        Some((hours, minutes)) => match (hours.parse::<u32>(), minutes.parse::<u32>()) {
            (Ok(hours), Ok(minutes)) if hours < 100 && minutes < 60 => Some(hours * 60 + minutes),
            _ => None,
        },
        None => None,
    };
    minute.filter(|minute| *minute < MINUTE_MAX).ok_or(FieldCode::Range)
}

/// `14:30`, `25:30`: as [`check_minute`] reads it.
#[must_use]
pub fn minute_text(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Moving a booking to another time or person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMoveForm {
    pub booking: String,
    #[serde(default)]
    /// A number; as text, since a flattened form carries nothing else.
    pub version: String,
    /// Who shall do it.
    #[serde(default)]
    pub who: String,
    /// Whose services are given to `who`; empty: of whoever does the first one.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub day: String,
    /// `14:30`.
    #[serde(default)]
    pub time: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub note: String,
    /// "on": the customer asks for this person.
    #[serde(default)]
    pub wished: Option<String>,
    #[serde(default)]
    pub key: String,
}

/// A booking to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMove {
    pub booking: BookingId,
    pub version: i32,
    pub who: StaffId,
    pub from: Option<StaffId>,
    pub day: NaiveDate,
    /// Minutes after midnight of `day` by the branch's clock.
    pub minute: u32,
    pub reason: Option<ChangeReason>,
    pub note: Option<String>,
    pub wished: bool,
    pub key: String,
}

impl StaffMoveForm {
    /// # Errors
    /// `booking`, `version`, `who`, `from`, `day`, `time`, `reason`, `note`, `key`.
    pub fn check(self) -> Result<StaffMove, Vec<FieldError>> {
        let mut errors = Errors::default();
        let booking = errors.take("booking", check_id(&self.booking));
        let who = errors.take("who", check_id(&self.who));
        let from = match self.from.trim() {
            "" => Some(None),
            raw => errors.take("from", check_id(raw).map(Some)),
        };
        let day = errors.take("day", check_day(&self.day));
        let minute = errors.take("time", check_minute(&self.time));
        let reason = errors.take("reason", check_change(&self.reason));
        let note = errors.take("note", check_note(&self.note));
        let version = errors.take("version", check_version(&self.version));
        let key = errors.take("key", check_key(&self.key));
        match (booking, version, who, from, day, minute, reason, note, key) {
            (
                Some(booking),
                Some(version),
                Some(who),
                Some(from),
                Some(day),
                Some(minute),
                Some(reason),
                Some(note),
                Some(key),
            ) => Ok(StaffMove {
                booking,
                version,
                who,
                from,
                day,
                minute,
                reason,
                note,
                wished: self.wished.is_some(),
                key,
            }),
            _ => Err(errors.0),
        }
    }
}

/// A version of a booking; none is older than any.
fn check_version(raw: &str) -> Result<i32, FieldCode> {
    match raw.trim() {
        "" => Ok(0),
        typed => typed.parse().map_err(|_| FieldCode::Range),
    }
}

fn check_change(raw: &str) -> Result<Option<ChangeReason>, FieldCode> {
    match raw.trim() {
        "" => Ok(None),
        code => ChangeReason::from_code(code).map(Some).ok_or(FieldCode::Choice),
    }
}

/// Cancelling by the staff, for the customer or for the salon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffCancelForm {
    pub booking: String,
    #[serde(default)]
    /// A number; as text, since a flattened form carries nothing else.
    pub version: String,
    /// Codes of [`CancelReason`].
    #[serde(default)]
    pub reason: String,
    /// An error of the salon, when it was one.
    #[serde(default)]
    pub error: String,
    #[serde(default)]
    pub note: String,
}

/// A booking to cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCancel {
    pub booking: BookingId,
    pub version: i32,
    pub reason: CancelReason,
    pub error: Option<ChangeReason>,
    pub note: Option<String>,
}

impl StaffCancelForm {
    /// # Errors
    /// `booking`, `version`, `reason`, `error`, `note`.
    pub fn check(self) -> Result<StaffCancel, Vec<FieldError>> {
        let mut errors = Errors::default();
        let booking = errors.take("booking", check_id(&self.booking));
        let reason = match self.reason.trim() {
            "" => Err(FieldCode::Required),
            code => CancelReason::from_code(code).ok_or(FieldCode::Choice),
        };
        let reason = errors.take("reason", reason);
        let error = match self.error.trim() {
            "" => Some(None),
            code => errors.take("error", check_error(code).map(Some)),
        };
        let note = errors.take("note", check_note(&self.note));
        let version = errors.take("version", check_version(&self.version));
        match (booking, version, reason, error, note) {
            (Some(booking), Some(version), Some(reason), Some(error), Some(note)) => {
                Ok(StaffCancel { booking, version, reason, error, note })
            }
            _ => Err(errors.0),
        }
    }
}

fn check_error(code: &str) -> Result<ChangeReason, FieldCode> {
    match code {
        "" => Err(FieldCode::Required),
        code => ChangeReason::from_code(code)
            .filter(|reason| reason.salon_error().is_some())
            .ok_or(FieldCode::Choice),
    }
}

/// Saying that a booking was wrong because of the salon (ACCURACY).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalonErrorForm {
    pub booking: String,
    #[serde(default)]
    /// A number; as text, since a flattened form carries nothing else.
    pub version: String,
    #[serde(default)]
    pub error: String,
    #[serde(default)]
    pub note: String,
}

/// A booking that the salon got wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalonError {
    pub booking: BookingId,
    pub version: i32,
    pub error: ChangeReason,
    pub note: Option<String>,
}

impl SalonErrorForm {
    /// # Errors
    /// `booking`, `version`, `error`, `note`.
    pub fn check(self) -> Result<SalonError, Vec<FieldError>> {
        let mut errors = Errors::default();
        let booking = errors.take("booking", check_id(&self.booking));
        let error = errors.take("error", check_error(self.error.trim()));
        let note = errors.take("note", check_note(&self.note));
        let version = errors.take("version", check_version(&self.version));
        match (booking, version, error, note) {
            (Some(booking), Some(version), Some(error), Some(note)) => {
                Ok(SalonError { booking, version, error, note })
            }
            _ => Err(errors.0),
        }
    }
}

/// What is chosen so far when the staff book for a customer; the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewQuery {
    /// Searched for: end of the number, name, initials.
    #[serde(default)]
    pub q: String,
    /// The customer's id.
    #[serde(default)]
    pub customer: String,
    /// Service ids, comma-separated.
    #[serde(default)]
    pub services: String,
    #[serde(default)]
    pub who: String,
    #[serde(default)]
    pub day: String,
}

/// A checked [`NewQuery`]; what cannot be read is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSearch {
    pub q: String,
    pub customer: Option<CustomerId>,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub day: Option<NaiveDate>,
}

impl NewQuery {
    #[must_use]
    pub fn check(self) -> NewSearch {
        NewSearch {
            q: self.q.trim().to_owned(),
            customer: self.customer.parse().ok(),
            services: crate::booking::check_ids(&self.services, crate::booking::SERVICES_MAX)
                .unwrap_or_default(),
            who: self.who.parse().ok(),
            day: check_day(&self.day).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("14:30", Ok(870))]
    #[case("25:30", Ok(1530))]
    #[case("9:05", Ok(545))]
    #[case("36:00", Err(FieldCode::Range))]
    #[case("14:60", Err(FieldCode::Range))]
    #[case("half past two", Err(FieldCode::Range))]
    #[case("", Err(FieldCode::Required))]
    fn minutes(#[case] raw: &str, #[case] want: Result<u32, FieldCode>) {
        assert_eq!(check_minute(raw), want);
    }

    #[test]
    fn an_old_address_leads_to_the_day() {
        let odd =
            ScheduleQuery { view: "year".into(), day: "soon".into(), kind: "x".into(), who: "y".into() };
        assert_eq!(odd.check(), ScheduleSearch::default());
    }

    #[test]
    fn only_an_error_of_ours_is_marked_as_one() {
        let form = |error: &str| SalonErrorForm {
            booking: BookingId::new().to_string(),
            error: error.into(),
            ..SalonErrorForm::default()
        };
        assert!(form("wrong_time").check().is_ok());
        for error in ["", "customer_asked", "x"] {
            assert_eq!(form(error).check().unwrap_err()[0].field, "error");
        }
    }

    #[test]
    fn every_missing_field_is_named() {
        let errors = StaffMoveForm::default().check().unwrap_err();
        let fields: Vec<_> = errors.into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["booking", "who", "day", "time", "key"]);
    }

    proptest! {
        #[test]
        fn minutes_are_read_back(minute in 0..MINUTE_MAX) {
            prop_assert_eq!(check_minute(&minute_text(minute)), Ok(minute));
        }
    }
}
