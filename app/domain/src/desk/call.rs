//! The phone log (DESK-6) and what PHONE makes of it.

use super::question::check_optional_id;
use crate::{
    booking::{check_id, check_key},
    branch::BranchInfo,
    customer::{Errors, check_name, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    page::Page,
    phone::Phone,
    promise::Figure,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// PHONE: answered at the latest on this ring.
pub const RINGS_LIMIT: u32 = 3;
/// Minutes until a callback is due when nothing else was said.
pub const CALLBACK_MINUTES: u32 = 30;

/// What a call was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Booking,
    Change,
    Price,
    Way,
    Aftercare,
    Complaint,
    Other,
}

impl Matter {
    pub const ALL: [Self; 7] =
        [Self::Booking, Self::Change, Self::Price, Self::Way, Self::Aftercare, Self::Complaint, Self::Other];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Change => "change",
            Self::Price => "price",
            Self::Way => "way",
            Self::Aftercare => "aftercare",
            Self::Complaint => "complaint",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.code() == code)
    }
}

/// PHONE of one call: kept when it was answered within three rings and a callback, where one was due, was made in
/// time. `None`: not decided yet, the callback is still in time. All in milliseconds.
#[must_use]
pub fn call_kept(now: i64, answered: bool, rings: u32, due: Option<i64>, done: Option<i64>) -> Option<bool> {
    let quick = answered && rings <= RINGS_LIMIT;
    match (due, done) {
        (None, _) => Some(quick),
        (Some(due), Some(done)) => Some(quick && done <= due),
        (Some(due), None) if now > due => Some(false),
        (Some(_), None) => None,
    }
}

/// A caller's number: a mobile, or a landline with its area code.
///
/// # Errors
/// `Required`, `Phone`.
pub fn check_caller(raw: &str) -> Result<String, FieldCode> {
    match Phone::parse(raw) {
        Ok(phone) => Ok(phone.reveal().to_owned()),
        Err(FieldCode::Required) => Err(FieldCode::Required),
        Err(_) => {
            let rest: String = raw.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
            let fits = rest.bytes().all(|b| b.is_ascii_digit()) && (5..=13).contains(&rest.len());
            fits.then_some(rest).ok_or(FieldCode::Phone)
        }
    }
}

/// A call is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallForm {
    #[serde(default)]
    pub rings: String,
    /// `yes` or `no`.
    #[serde(default)]
    pub answered: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub caller: String,
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub matter: String,
    #[serde(default)]
    pub note: String,
    /// Minutes until the callback is due; empty: none, or the default when the call was missed.
    #[serde(default)]
    pub callback: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`CallForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub rings: u32,
    pub answered: bool,
    pub phone: Option<String>,
    pub caller: Option<String>,
    pub customer: Option<CustomerId>,
    pub matter: Matter,
    pub note: Option<String>,
    /// Minutes.
    pub callback: Option<u32>,
    pub key: String,
}

impl CallForm {
    /// # Errors
    /// `rings`, `answered`, `phone` (needed when a callback is due), `caller`, `customer`, `matter`, `note`,
    /// `callback`, `key`.
    pub fn check(self) -> Result<Call, Vec<FieldError>> {
        let mut errors = Errors::default();
        let rings = errors.take("rings", check_number(&self.rings, 0, 99));
        let answered = errors.take(
            "answered",
            match self.answered.trim() {
                "yes" => Ok(true),
                "no" => Ok(false),
                _ => Err(FieldCode::Required),
            },
        );
        let matter = errors.take("matter", Matter::from_code(self.matter.trim()).ok_or(FieldCode::Required));
        let callback = errors.take(
            "callback",
            match self.callback.trim() {
                "" if answered == Some(false) => Ok(Some(CALLBACK_MINUTES)),
                "" => Ok(None),
                raw => check_number(raw, 5, 24 * 60).map(Some),
            },
        );
        let phone = match check_caller(&self.phone) {
            Err(FieldCode::Required) if callback == Some(None) => Some(None),
            phone => errors.take("phone", phone.map(Some)),
        };
        let caller = match self.caller.trim() {
            "" => Some(None),
            raw => errors.take("caller", check_name(raw).map(Some)),
        };
        let customer = errors.take("customer", check_optional_id(&self.customer));
        let note = errors.take("note", check_note(&self.note));
        let key = errors.take("key", check_key(&self.key));
        match (rings, answered, phone, caller, customer, matter, note, callback, key) {
            (
                Some(rings),
                Some(answered),
                Some(phone),
                Some(caller),
                Some(customer),
                Some(matter),
                Some(note),
                Some(callback),
                Some(key),
            ) => Ok(Call { rings, answered, phone, caller, customer, matter, note, callback, key }),
            _ => Err(errors.0),
        }
    }
}

/// A whole number between two bounds, both included.
///
/// # Errors
/// `Required`, `Range`.
pub fn check_number(raw: &str, least: u32, most: u32) -> Result<u32, FieldCode> {
    if raw.trim().is_empty() {
        return Err(FieldCode::Required);
    }
    let n: u32 = raw.trim().parse().map_err(|_| FieldCode::Range)?;
    (least..=most).contains(&n).then_some(n).ok_or(FieldCode::Range)
}

/// The callback was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledBackForm {
    pub call: String,
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub outcome: String,
}

impl CalledBackForm {
    /// # Errors
    /// `call`, `outcome`.
    pub fn check(self) -> Result<(CallId, i32, Option<String>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let call = errors.take("call", check_id(&self.call));
        let outcome = errors.take("outcome", check_note(&self.outcome));
        match (call, outcome) {
            (Some(call), Some(outcome)) => Ok((call, self.version, outcome)),
            _ => Err(errors.0),
        }
    }
}

/// A call of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallLine {
    pub id: CallId,
    pub version: i32,
    pub at: LocalTime,
    pub rings: u32,
    pub answered: bool,
    /// Number to call, for those who may see it; else masked. Empty: withheld.
    pub phone: String,
    pub caller: Option<String>,
    pub customer: Option<CustomerId>,
    pub matter: Matter,
    pub note: Option<String>,
    pub by: Option<Text>,
    pub due: Option<LocalTime>,
    pub done: Option<LocalTime>,
    pub done_by: Option<Text>,
    pub outcome: Option<String>,
    /// Minutes over the callback's time; 0 while in time.
    pub over: u32,
    /// PHONE; `None` while open.
    pub kept: Option<bool>,
}

/// The phone log's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhonePage {
    pub branch: BranchInfo,
    /// Callbacks to be made, the most urgent first.
    pub due: Vec<CallLine>,
    pub log: Page<CallLine>,
    /// PHONE as on the wall.
    pub figure: Option<Figure>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::third_ring(true, 3, None, None, Some(true))]
    #[case::fourth_ring(true, 4, None, None, Some(false))]
    #[case::called_back_in_time(true, 2, Some(100), Some(100), Some(true))]
    #[case::called_back_late(true, 2, Some(100), Some(101), Some(false))]
    #[case::still_in_time(true, 2, Some(200), None, None)]
    #[case::overdue(true, 2, Some(149), None, Some(false))]
    #[case::missed_even_if_called_back(false, 6, Some(100), Some(90), Some(false))]
    fn kept(
        #[case] answered: bool,
        #[case] rings: u32,
        #[case] due: Option<i64>,
        #[case] done: Option<i64>,
        #[case] want: Option<bool>,
    ) {
        assert_eq!(call_kept(150, answered, rings, due, done), want);
    }

    #[test]
    fn a_missed_call_is_called_back_and_needs_a_number() {
        let missed = CallForm {
            rings: "6".into(),
            answered: "no".into(),
            phone: "021-5555 0118".into(),
            matter: "other".into(),
            key: "k".into(),
            ..CallForm::default()
        };
        let call = missed.clone().check().unwrap();
        assert_eq!((call.callback, call.phone.as_deref()), (Some(CALLBACK_MINUTES), Some("02155550118")));
        let errors = CallForm { phone: String::new(), ..missed.clone() }.check().unwrap_err();
        assert_eq!(errors[0].field, "phone");
        let answered = CallForm { answered: "yes".into(), phone: String::new(), ..missed };
        assert_eq!(answered.check().unwrap().callback, None);
    }
}
