//! Several sessions booked as one (BOOK-11): what the desk wishes for, the preview, and what pages show.

use super::{BookingState, SERVICES_MAX, check_id, check_ids, check_instant, check_key, waitlist::check_day};
use crate::{
    customer::{Errors, check_name},
    desk::WalkInCustomer,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    money::Fen,
    phone::Phone,
    time::LocalTime,
};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Most sessions of one series.
pub const SESSIONS_MAX: u32 = 24;
/// The longest interval between two, in days.
pub const INTERVAL_MAX: u32 = 90;

/// What the desk asks for; stands in the address, so it names no customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesQuery {
    #[serde(default)]
    pub services: String,
    #[serde(default)]
    pub who: String,
    /// `2026-06-12`
    #[serde(default)]
    pub first: String,
    /// `14:30`, by the branch's clock.
    #[serde(default)]
    pub time: String,
    /// Days from one session to the next.
    #[serde(default)]
    pub every: String,
    #[serde(default)]
    pub sessions: String,
}

/// A checked [`SeriesQuery`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesWish {
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub first: NaiveDate,
    /// Minutes after midnight, by the branch's clock.
    pub minute: i32,
    /// Days.
    pub every: u32,
    pub sessions: u32,
}

impl SeriesWish {
    /// The days of all sessions.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        (0..self.sessions).map(|n| self.first + Duration::days(i64::from(n * self.every)))
    }
}

impl SeriesQuery {
    /// # Errors
    /// `services`, `who`, `first`, `time`, `every`, `sessions`.
    pub fn check(self) -> Result<SeriesWish, Vec<FieldError>> {
        let mut errors = Errors::default();
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let who = check_who(&mut errors, &self.who);
        let first = errors.take("first", check_day(&self.first));
        let minute = errors.take("time", check_time(&self.time));
        let every = errors.take("every", check_number(&self.every, 1, INTERVAL_MAX));
        let sessions = errors.take("sessions", check_number(&self.sessions, 2, SESSIONS_MAX));
        match (services, who, first, minute, every, sessions) {
            (Some(services), Some(who), Some(first), Some(minute), Some(every), Some(sessions)) => {
                Ok(SeriesWish { services, who, first, minute, every, sessions })
            }
            _ => Err(errors.0),
        }
    }
}

fn check_who(errors: &mut Errors, raw: &str) -> Option<Option<StaffId>> {
    match raw.trim() {
        "" => Some(None),
        raw => errors.take("who", check_id(raw).map(Some)),
    }
}

fn check_number(raw: &str, least: u32, most: u32) -> Result<u32, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        raw => match raw.parse() {
            Ok(n) if (least..=most).contains(&n) => Ok(n),
            _ => Err(FieldCode::Range),
        },
    }
}

/// A time of the day as time fields give it; gives minutes after midnight.
///
/// # Errors
/// `Required` or `Range`.
pub fn check_time(raw: &str) -> Result<i32, FieldCode> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(FieldCode::Required);
    }
    let time = NaiveTime::parse_from_str(raw, "%H:%M").map_err(|_| FieldCode::Range)?;
    Ok((time.hour() * 60 + time.minute()) as i32)
}

/// All sessions with the times that were settled on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesForm {
    #[serde(default)]
    pub services: String,
    #[serde(default)]
    pub who: String,
    /// Starts in milliseconds since 1970, comma-separated.
    #[serde(default)]
    pub times: String,
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub key: String,
}

/// A series to book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesBook {
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    /// In order of time, no two the same.
    pub times: Vec<DateTime<Utc>>,
    pub customer: WalkInCustomer,
    pub key: String,
}

impl SeriesForm {
    /// # Errors
    /// `services`, `who`, `times`, `customer`, `name`, `phone`, `key`.
    pub fn check(self) -> Result<SeriesBook, Vec<FieldError>> {
        let mut errors = Errors::default();
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let who = check_who(&mut errors, &self.who);
        let times = errors.take("times", check_times(&self.times));
        let customer = if self.customer.trim().is_empty() {
            let name = errors.take("name", check_name(&self.name));
            let phone = errors.take("phone", Phone::parse(&self.phone));
            name.zip(phone).map(|(name, phone)| WalkInCustomer::New { name, phone })
        } else {
            errors.take("customer", check_id(&self.customer)).map(WalkInCustomer::Known)
        };
        let key = errors.take("key", check_key(&self.key));
        match (services, who, times, customer, key) {
            (Some(services), Some(who), Some(times), Some(customer), Some(key)) => {
                Ok(SeriesBook { services, who, times, customer, key })
            }
            _ => Err(errors.0),
        }
    }
}

fn check_times(raw: &str) -> Result<Vec<DateTime<Utc>>, FieldCode> {
    let times = raw.split(',').map(str::trim).filter(|part| !part.is_empty()).map(check_instant);
    let mut times = times.collect::<Result<Vec<_>, _>>()?;
    times.sort_unstable();
    times.dedup();
    match times.len() {
        0 => Err(FieldCode::Required),
        n if n > SESSIONS_MAX as usize => Err(FieldCode::Range),
        _ => Ok(times),
    }
}

/// A session of the series and all later ones, moved by the same shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesShiftForm {
    /// The first booking that is moved: its token.
    pub token: String,
    #[serde(default)]
    pub day: String,
    #[serde(default)]
    pub time: String,
    /// `one`, or `rest`: this and all later ones.
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`SeriesShiftForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesShift {
    pub token: String,
    pub day: NaiveDate,
    /// Minutes after midnight, by the branch's clock.
    pub minute: i32,
    /// This one only.
    pub alone: bool,
    pub key: String,
}

impl SeriesShiftForm {
    /// # Errors
    /// `day`, `time`, `key`.
    pub fn check(self) -> Result<SeriesShift, Vec<FieldError>> {
        let mut errors = Errors::default();
        let day = errors.take("day", check_day(&self.day));
        let minute = errors.take("time", check_time(&self.time));
        let key = errors.take("key", check_key(&self.key));
        match (day, minute, key) {
            (Some(day), Some(minute), Some(key)) => {
                Ok(SeriesShift { token: self.token, day, minute, alone: self.scope == "one", key })
            }
            _ => Err(errors.0),
        }
    }
}

/// One session before anything is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionPreview {
    pub wished: LocalTime,
    pub free: bool,
    /// The nearest free times besides.
    pub nearest: Vec<LocalTime>,
}

/// All sessions before anything is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesPreview {
    pub sessions: Vec<SessionPreview>,
    pub names: Vec<Text>,
    /// Of one session.
    pub minutes: u32,
    pub price: Fen,
}

/// Which session of a series a booking is: 3 of 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesPlace {
    pub id: SeriesId,
    pub position: u32,
    pub of: u32,
}

/// One session of a booked series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesSession {
    pub position: u32,
    /// The booking's token.
    pub token: String,
    pub number: String,
    pub state: BookingState,
    pub from: LocalTime,
    pub staff: Text,
}

/// A booked series as the desk sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesView {
    pub id: SeriesId,
    pub name: String,
    pub phone_masked: String,
    pub services: Vec<Text>,
    pub sessions: Vec<SeriesSession>,
    pub price: Fen,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query() -> SeriesQuery {
        SeriesQuery {
            services: ServiceId::new().to_string(),
            first: "2026-06-12".into(),
            time: "14:30".into(),
            every: "7".into(),
            sessions: "3".into(),
            ..SeriesQuery::default()
        }
    }

    #[test]
    fn days_are_an_interval_apart() {
        let wish = query().check().unwrap();
        assert_eq!(wish.minute, 870);
        let days: Vec<String> = wish.days().map(|day| day.to_string()).collect();
        assert_eq!(days, ["2026-06-12", "2026-06-19", "2026-06-26"]);
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let fields = |query: SeriesQuery| -> Vec<String> {
            query.check().err().unwrap_or_default().into_iter().map(|e| e.field).collect()
        };
        assert_eq!(fields(SeriesQuery { sessions: "25".into(), ..query() }), ["sessions"]);
        assert_eq!(
            fields(SeriesQuery { every: "0".into(), time: "25:00".into(), ..query() }),
            ["time", "every"]
        );
    }

    #[test]
    fn times_come_in_order_and_once() {
        let at = |n: i64| (1_780_000_000_000 + n).to_string();
        let times = check_times(&[at(2), at(1), at(2)].join(",")).unwrap();
        assert_eq!(times.iter().map(|t| t.timestamp_millis() % 10).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(check_times(""), Err(FieldCode::Required));
    }
}
