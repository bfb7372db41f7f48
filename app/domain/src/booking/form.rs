//! What people type and choose when they book, and the commands it becomes.

use crate::{
    customer::{Errors, check_name, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    phone::Phone,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Longest idempotency key taken.
const KEY_MAX: usize = 64;

/// BOOK-7: a key that a page makes once and sends with every try of the same act.
///
/// # Errors
/// `Required` or `Characters`.
pub fn check_key(raw: &str) -> Result<String, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        key if key.len() > KEY_MAX || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
            Err(FieldCode::Characters)
        }
        key => Ok(key.to_owned()),
    }
}

/// An instant as forms carry it: milliseconds since 1970.
///
/// # Errors
/// `Required` or `Range`.
pub fn check_instant(raw: &str) -> Result<DateTime<Utc>, FieldCode> {
    let millis: i64 = match raw.trim() {
        "" => return Err(FieldCode::Required),
        typed => typed.parse().map_err(|_| FieldCode::Range)?,
    };
    DateTime::from_timestamp_millis(millis)
        .filter(|at| (2000..2200).contains(&chrono::Datelike::year(at)))
        .ok_or(FieldCode::Range)
}

/// An id as forms carry it.
///
/// # Errors
/// `Required` or `Choice`.
pub fn check_id<T: std::str::FromStr>(raw: &str) -> Result<T, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        typed => typed.parse().map_err(|_| FieldCode::Choice),
    }
}

/// Ids in one field, separated by commas: an empty list survives form encoding.
///
/// # Errors
/// `Required` when there is none, `Choice` when one is malformed, `Range` when there are more than `max`.
pub fn check_ids<T: std::str::FromStr + PartialEq>(raw: &str, max: usize) -> Result<Vec<T>, FieldCode> {
    let mut ids = Vec::new();
    for part in raw.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let id = part.parse().map_err(|_| FieldCode::Choice)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(FieldCode::Required),
        n if n > max => Err(FieldCode::Range),
        _ => Ok(ids),
    }
}

/// What the booking page asks for: taken from the address, so that it can be shared and works without scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotQuery {
    pub branch: String,
    /// Service ids, comma-separated, in sequence (BOOK-3).
    #[serde(default)]
    pub services: String,
    /// Wished-for person; empty: anyone.
    #[serde(default)]
    pub who: String,
    /// `2026-06-12`; empty: the first day with a free time.
    #[serde(default)]
    pub day: String,
    /// Moving this booking: its own time counts as free. The link's token.
    #[serde(default)]
    pub moving: Option<String>,
}

/// Most services taken in one request; the branch's policy may say less.
pub const SERVICES_MAX: usize = 6;

/// A checked [`SlotQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotSearch {
    pub branch: String,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub day: Option<NaiveDate>,
    pub moving: Option<String>,
}

impl SlotQuery {
    /// An empty service list is fine here: the page then shows the menu only.
    ///
    /// # Errors
    /// Malformed ids or dates.
    pub fn check(self) -> Result<SlotSearch, Vec<FieldError>> {
        let mut errors = Errors::default();
        let services = match self.services.trim() {
            "" => Some(Vec::new()),
            raw => errors.take("services", check_ids(raw, SERVICES_MAX)),
        };
        let who = optional(&mut errors, "who", &self.who);
        let day = match self.day.trim() {
            "" => Some(None),
            raw => errors.take("day", raw.parse().map(Some).map_err(|_| FieldCode::Range)),
        };
        match (services, who, day) {
            (Some(services), Some(who), Some(day)) => {
                Ok(SlotSearch { branch: self.branch, services, who, day, moving: self.moving })
            }
            _ => Err(errors.0),
        }
    }
}

/// Most days of one question for free times: a month.
pub const TIMES_DAYS: u32 = 31;

/// What is asked for free times alone, by whoever shows them in a way of its own: a day or up to a month of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimesQuery {
    pub branch: String,
    /// Service ids, comma-separated, in sequence (BOOK-3).
    pub services: String,
    /// Wished-for person; empty: anyone.
    #[serde(default)]
    pub who: String,
    /// The first day, `2026-06-12`.
    pub day: String,
    /// How many days, 1 to [`TIMES_DAYS`]; empty: one.
    #[serde(default)]
    pub days: String,
}

impl TimesQuery {
    /// Gives what is looked for, from its day on, and how many days.
    ///
    /// # Errors
    /// `services`, `who`, `day`, `days`.
    pub fn check(self) -> Result<(SlotSearch, u32), Vec<FieldError>> {
        let days = match self.days.trim() {
            "" => Some(1),
            raw => raw.parse().ok().filter(|days| (1..=TIMES_DAYS).contains(days)),
        };
        let query = SlotQuery {
            branch: self.branch,
            services: self.services,
            who: self.who,
            day: self.day,
            moving: None,
        };
        let mut errors = Vec::new();
        let search = query.check().map_err(|wrong| errors.extend(wrong)).ok();
        if let Some(search) = &search {
            if search.services.is_empty() {
                errors.push(FieldError::new("services", FieldCode::Required));
            }
            if search.day.is_none() {
                errors.push(FieldError::new("day", FieldCode::Required));
            }
        }
        if days.is_none() {
            errors.push(FieldError::new("days", FieldCode::Range));
        }
        match (search, days) {
            (Some(search), Some(days)) if errors.is_empty() => Ok((search, days)),
            _ => Err(errors),
        }
    }
}

fn optional<T: std::str::FromStr>(errors: &mut Errors, field: &str, raw: &str) -> Option<Option<T>> {
    match raw.trim() {
        "" => Some(None),
        raw => errors.take(field, check_id(raw).map(Some)),
    }
}

/// Picking a slot (BOOK-5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldForm {
    pub branch: String,
    #[serde(default)]
    pub services: String,
    #[serde(default)]
    pub who: String,
    /// Start of the first service, milliseconds since 1970.
    #[serde(default)]
    pub at: String,
    pub key: String,
}

/// A slot to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub branch: String,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub at: DateTime<Utc>,
    pub key: String,
}

impl HoldForm {
    /// # Errors
    /// `services`, `who`, `at`, `key`.
    pub fn check(self) -> Result<Hold, Vec<FieldError>> {
        let mut errors = Errors::default();
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let who = optional(&mut errors, "who", &self.who);
        let at = errors.take("at", check_instant(&self.at));
        let key = errors.take("key", check_key(&self.key));
        match (services, who, at, key) {
            (Some(services), Some(who), Some(at), Some(key)) => {
                Ok(Hold { branch: self.branch, services, who, at, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// Name and phone for a held slot; a code is sent to the phone (BOOK-14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactForm {
    /// The hold's token.
    pub hold: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
}

/// Who the held slot is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub hold: String,
    pub name: String,
    pub phone: Phone,
}

impl ContactForm {
    /// # Errors
    /// `name`, `phone`.
    pub fn check(self) -> Result<Contact, Vec<FieldError>> {
        let mut errors = Errors::default();
        let name = errors.take("name", check_name(&self.name));
        let phone = errors.take("phone", Phone::parse(&self.phone));
        match (name, phone) {
            (Some(name), Some(phone)) => Ok(Contact { hold: self.hold, name, phone }),
            _ => Err(errors.0),
        }
    }
}

/// The one-time code that turns a hold into a booking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookForm {
    pub hold: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub code: String,
    pub key: String,
}

/// A hold to book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    pub contact: Contact,
    pub code: String,
    pub key: String,
}

impl BookForm {
    /// # Errors
    /// `name`, `phone`, `code`, `key`.
    pub fn check(self) -> Result<Book, Vec<FieldError>> {
        let mut errors = Errors::default();
        let code = errors.take("code", crate::account::check_code(&self.code));
        let key = errors.take("key", check_key(&self.key));
        let contact = ContactForm { hold: self.hold, name: self.name, phone: self.phone }.check();
        match (contact, code, key) {
            (Ok(contact), Some(code), Some(key)) => Ok(Book { contact, code, key }),
            (Err(mut fields), ..) => {
                fields.extend(errors.0);
                Err(fields)
            }
            _ => Err(errors.0),
        }
    }
}

/// Why a booking is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    PlansChanged,
    Unwell,
    BookedTwice,
    FoundElsewhere,
    /// By staff: the salon cannot keep it.
    SalonCannot,
    Other,
}

impl CancelReason {
    /// What customers may choose from.
    pub const CUSTOMER: [Self; 5] =
        [Self::PlansChanged, Self::Unwell, Self::BookedTwice, Self::FoundElsewhere, Self::Other];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PlansChanged => "plans_changed",
            Self::Unwell => "unwell",
            Self::BookedTwice => "booked_twice",
            Self::FoundElsewhere => "found_elsewhere",
            Self::SalonCannot => "salon_cannot",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SalonCannot].into_iter().chain(Self::CUSTOMER).find(|r| r.code() == code)
    }
}

/// Cancelling, from the link or the account (BOOK-9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelForm {
    /// The booking's link token.
    pub token: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub note: String,
}

/// A booking to cancel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    pub token: String,
    pub reason: CancelReason,
    pub note: Option<String>,
}

impl CancelForm {
    /// # Errors
    /// `reason`, `note`.
    pub fn check(self) -> Result<Cancel, Vec<FieldError>> {
        let mut errors = Errors::default();
        let reason = errors.take("reason", check_reason(&self.reason));
        let note = errors.take("note", check_note(&self.note));
        match (reason, note) {
            (Some(reason), Some(note)) => Ok(Cancel { token: self.token, reason, note }),
            _ => Err(errors.0),
        }
    }
}

fn check_reason(raw: &str) -> Result<CancelReason, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        code => CancelReason::from_code(code).ok_or(FieldCode::Choice),
    }
}

/// Moving a booking to another time (BOOK-9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescheduleForm {
    pub token: String,
    #[serde(default)]
    pub who: String,
    #[serde(default)]
    pub at: String,
    pub key: String,
}

/// A booking to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reschedule {
    pub token: String,
    pub who: Option<StaffId>,
    pub at: DateTime<Utc>,
    pub key: String,
}

impl RescheduleForm {
    /// # Errors
    /// `who`, `at`, `key`.
    pub fn check(self) -> Result<Reschedule, Vec<FieldError>> {
        let mut errors = Errors::default();
        let who = optional(&mut errors, "who", &self.who);
        let at = errors.take("at", check_instant(&self.at));
        let key = errors.take("key", check_key(&self.key));
        match (who, at, key) {
            (Some(who), Some(at), Some(key)) => Ok(Reschedule { token: self.token, who, at, key }),
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_missing_field_is_named() {
        let fields = |errors: Vec<FieldError>| errors.into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields(HoldForm::default().check().unwrap_err()), ["services", "at", "key"]);
        assert_eq!(fields(BookForm::default().check().unwrap_err()), ["name", "phone", "code", "key"]);
        assert_eq!(fields(CancelForm::default().check().unwrap_err()), ["reason"]);
    }

    #[test]
    fn instants_outside_the_calendar_are_refused() {
        for raw in ["-1", "99999999999999999", "0", "soon", "1e9"] {
            assert_eq!(check_instant(raw), Err(FieldCode::Range), "{raw}");
        }
        assert!(check_instant("1781245800000").is_ok());
    }

    #[test]
    fn a_service_is_listed_once() {
        let id = ServiceId::new();
        let raw = format!("{id},{id}, ,");
        assert_eq!(check_ids::<ServiceId>(&raw, 6), Ok(vec![id]));
        assert_eq!(check_ids::<ServiceId>("x", 6), Err(FieldCode::Choice));
    }

    proptest! {
        #[test]
        fn forms_never_panic(a in "\\PC*", b in "\\PC*", c in "\\PC*") {
            let _ = HoldForm { branch: a.clone(), services: b.clone(), who: c.clone(), at: a.clone(), key: b.clone() }.check();
            let _ = BookForm { hold: a.clone(), name: b.clone(), phone: c.clone(), code: a.clone(), key: c.clone() }.check();
            let _ = SlotQuery { branch: a, services: b.clone(), who: b, day: c, moving: None }.check();
        }
    }
}
