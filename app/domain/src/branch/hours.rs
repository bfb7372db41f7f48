//! Opening hours, special days and the rules of booking, as the manager sets them (BOOK-1, BOOK-4, BOOK-9).

use crate::{
    booking::rules::BookingPolicy,
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Minutes of a day.
pub const DAY: i32 = 1440;
/// Latest end of a span that begins on a day: noon of the next.
pub const LATEST: i32 = 2160;
/// Most spans of one day.
const SPANS_MAX: usize = 6;
/// Longest note of a special day, in characters.
const NOTE_MAX: usize = 60;

/// Spans of a day in minutes after midnight, as people type them: `10:00-13:00, 14:00-21:00`. An end that is not after
/// its beginning belongs to the next day: `18:00-02:00`. Nothing typed is no span. Sorted; touching ones stay apart.
///
/// # Errors
/// `Characters` for what cannot be read, `Range` for what overlaps, is too long or too much.
pub fn parse_spans(raw: &str) -> Result<Vec<(i32, i32)>, FieldCode> {
    let mut spans = Vec::new();
    for part in raw.split([',', '，', '、', ';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty())
    {
        let (from, to) = part.split_once(['-', '–', '—', '~', '～', '至']).ok_or(FieldCode::Characters)?;
        let (from, mut to) = (clock(from)?, clock(to)?);
        if to <= from {
            to += DAY;
        }
        if from >= DAY || to > LATEST {
            return Err(FieldCode::Range);
        }
        spans.push((from, to));
    }
    spans.sort_unstable();
    let overlap = spans.windows(2).any(|two| two[1].0 < two[0].1);
    if overlap || spans.len() > SPANS_MAX {
        return Err(FieldCode::Range);
    }
    Ok(spans)
}

/// `9:30` or `21:00`, up to `36:00`.
pub(crate) fn clock(raw: &str) -> Result<i32, FieldCode> {
    let (hour, minute) = raw.trim().split_once([':', '：']).ok_or(FieldCode::Characters)?;
    let number = |raw: &str| match raw.trim() {
        typed if typed.len() <= 2 && typed.bytes().all(|b| b.is_ascii_digit()) => {
            typed.parse::<i32>().map_err(|_| FieldCode::Characters)
        }
        _ => Err(FieldCode::Characters),
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    if hour > 36 || minute > 59 { Err(FieldCode::Range) } else { Ok(hour * 60 + minute) }
}

/// Spans as [`parse_spans`] reads them, times past midnight as the clock shows them.
#[must_use]
pub fn show_spans(spans: &[(i32, i32)]) -> String {
    let clock = |n: i32| format!("{:02}:{:02}", n % DAY / 60, n % 60);
    spans.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect::<Vec<_>>().join(", ")
}

/// A whole number within bounds, as typed.
///
/// # Errors
/// `Required`, `Range`.
pub fn check_number(raw: &str, min: u32, max: u32) -> Result<u32, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        typed => typed.parse().ok().filter(|n| (min..=max).contains(n)).ok_or(FieldCode::Range),
    }
}

/// A day as forms carry it: `2026-06-12`.
///
/// # Errors
/// `Required`, `Range`.
pub fn check_day(raw: &str) -> Result<NaiveDate, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        typed => typed
            .parse()
            .ok()
            .filter(|day: &NaiveDate| (2000..2200).contains(&chrono::Datelike::year(day)))
            .ok_or(FieldCode::Range),
    }
}

/// A version as forms carry it; 0 for what was never saved.
pub(crate) fn check_version(raw: &str) -> Result<i32, FieldCode> {
    match raw.trim() {
        "" => Ok(0),
        typed => typed.parse().map_err(|_| FieldCode::Range),
    }
}

/// Opening hours of the week, Monday first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoursForm {
    pub d0: String,
    pub d1: String,
    pub d2: String,
    pub d3: String,
    pub d4: String,
    pub d5: String,
    pub d6: String,
    pub version: String,
    /// "yes": also when bookings are stranded by it.
    pub confirm: String,
}

/// Opening hours to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetHours {
    pub days: [Vec<(i32, i32)>; 7],
    pub version: i32,
    pub confirm: bool,
}

impl HoursForm {
    /// # Errors
    /// `d0` … `d6`, `version`.
    pub fn check(self) -> Result<SetHours, Vec<FieldError>> {
        let mut errors = Errors::default();
        let typed = [self.d0, self.d1, self.d2, self.d3, self.d4, self.d5, self.d6];
        let mut days: [Vec<(i32, i32)>; 7] = Default::default();
        for (n, raw) in typed.iter().enumerate() {
            if let Some(spans) = errors.take(&format!("d{n}"), parse_spans(raw)) {
                days[n] = spans;
            }
        }
        // A day that runs on past midnight must not run into the next.
        for n in 0..7 {
            let end = days[n].last().map_or(0, |span| span.1) - DAY;
            if days[(n + 1) % 7].first().is_some_and(|next| next.0 < end) {
                errors.add(&format!("d{n}"), FieldCode::Range);
            }
        }
        let version = errors.take("version", check_version(&self.version));
        match version {
            Some(version) if errors.0.is_empty() => {
                Ok(SetHours { days, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// A day that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpecialForm {
    pub day: String,
    /// Empty: closed.
    pub hours: String,
    pub note: String,
    /// "yes": as in the weekly hours again.
    pub ordinary: String,
    pub version: String,
    pub confirm: String,
}

/// A special day to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSpecial {
    pub day: NaiveDate,
    pub hours: Special,
    pub note: Option<String>,
    pub version: i32,
    pub confirm: bool,
}

/// What is special about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    Closed,
    Own(i32, i32),
    /// Nothing any more.
    Ordinary,
}

impl SpecialForm {
    /// # Errors
    /// `day`, `hours`, `note`.
    pub fn check(self) -> Result<SetSpecial, Vec<FieldError>> {
        let mut errors = Errors::default();
        let day = errors.take("day", check_day(&self.day));
        let hours = match parse_spans(&self.hours) {
            _ if self.ordinary == "yes" => Ok(Special::Ordinary),
            Ok(spans) => match spans[..] {
                [] => Ok(Special::Closed),
                [(from, to)] => Ok(Special::Own(from, to)),
                _ => Err(FieldCode::Range),
            },
            Err(code) => Err(code),
        };
        let hours = errors.take("hours", hours);
        let note = errors.take("note", short(&self.note, NOTE_MAX));
        let version = errors.take("version", check_version(&self.version));
        match (day, hours, note, version) {
            (Some(day), Some(hours), Some(note), Some(version)) => {
                Ok(SetSpecial { day, hours, note, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// A short text of one line that may be empty.
pub(crate) fn short(raw: &str, max: usize) -> Result<Option<String>, FieldCode> {
    match check_note(raw)? {
        Some(text) if text.chars().count() > max => Err(FieldCode::TooLong),
        Some(text) if text.contains('\n') => Err(FieldCode::Characters),
        text => Ok(text),
    }
}

/// The rules of booking as typed; times in the unit that the field names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyForm {
    /// Minutes.
    pub notice: String,
    pub horizon_days: String,
    pub step: String,
    pub hold: String,
    pub cut_off: String,
    pub max_changes: String,
    pub no_show_after: String,
    pub max_services: String,
    pub remind_first: String,
    pub remind_last: String,
    pub offer: String,
    /// `22:00`
    pub quiet_from: String,
    pub quiet_to: String,
    pub version: String,
}

/// Rules to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPolicy {
    pub policy: BookingPolicy,
    pub version: i32,
}

impl PolicyForm {
    /// # Errors
    /// The fields that are missing or out of bounds.
    pub fn check(self) -> Result<SetPolicy, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut number = |field: &str, raw: &str, min: u32, max: u32| {
            errors.take(field, check_number(raw, min, max)).unwrap_or_default()
        };
        let policy = BookingPolicy {
            notice: number("notice", &self.notice, 0, 14 * 1440),
            horizon_days: number("horizon_days", &self.horizon_days, 1, 180),
            step: number("step", &self.step, 5, 120),
            hold: number("hold", &self.hold, 1, 30),
            cut_off: number("cut_off", &self.cut_off, 0, 7 * 1440),
            max_changes: number("max_changes", &self.max_changes, 0, 20) as u8,
            no_show_after: number("no_show_after", &self.no_show_after, 5, 240),
            max_services: number("max_services", &self.max_services, 1, crate::booking::SERVICES_MAX as u32)
                as u8,
            remind_first: number("remind_first", &self.remind_first, 0, 7 * 1440),
            remind_last: number("remind_last", &self.remind_last, 0, 1440),
            offer: number("offer", &self.offer, 5, 120),
            quiet_from: time_of_day(&mut errors, "quiet_from", &self.quiet_from),
            quiet_to: time_of_day(&mut errors, "quiet_to", &self.quiet_to),
        };
        if !policy.step.is_multiple_of(5) {
            errors.add("step", FieldCode::Range);
        }
        let version = errors.take("version", check_version(&self.version));
        match version {
            Some(version) if errors.0.is_empty() => Ok(SetPolicy { policy, version }),
            _ => Err(errors.0),
        }
    }

    /// The form as it is shown for rules that are in force.
    #[must_use]
    pub fn of(policy: &BookingPolicy, version: i32) -> Self {
        Self {
            notice: policy.notice.to_string(),
            horizon_days: policy.horizon_days.to_string(),
            step: policy.step.to_string(),
            hold: policy.hold.to_string(),
            cut_off: policy.cut_off.to_string(),
            max_changes: policy.max_changes.to_string(),
            no_show_after: policy.no_show_after.to_string(),
            max_services: policy.max_services.to_string(),
            remind_first: policy.remind_first.to_string(),
            remind_last: policy.remind_last.to_string(),
            offer: policy.offer.to_string(),
            quiet_from: show_clock(policy.quiet_from),
            quiet_to: show_clock(policy.quiet_to),
            version: version.to_string(),
        }
    }
}

/// Minutes after midnight, of one day.
fn time_of_day(errors: &mut Errors, field: &str, raw: &str) -> u32 {
    let within = |minutes: i32| u32::try_from(minutes).ok().filter(|m| *m < 1440).ok_or(FieldCode::Range);
    errors.take(field, clock(raw.trim()).and_then(within)).unwrap_or_default()
}

fn show_clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The page of hours and rules of a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoursPage {
    /// Monday first.
    pub week: Vec<Vec<(i32, i32)>>,
    /// Today's and those to come.
    pub special: Vec<SpecialDay>,
    pub policy: BookingPolicy,
    pub version: i32,
    pub now: LocalTime,
}

/// A day that differs from the week's hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpecialDay {
    #[serde(with = "crate::time::day_number")]
    pub day: NaiveDate,
    /// `None`: closed.
    pub hours: Option<(i32, i32)>,
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", Ok(vec![]))]
    #[case("10:00-21:00", Ok(vec![(600, 1260)]))]
    #[case(" 14:00–21:00，10:00 - 13:00 ", Ok(vec![(600, 780), (840, 1260)]))]
    #[case("18:00至02:00", Ok(vec![(1080, 1560)]))]
    #[case("10:00-26:00", Ok(vec![(600, 1560)]))]
    #[case("10:00-13:00,13:00-15:00", Ok(vec![(600, 780), (780, 900)]))]
    #[case("10:00-14:00,13:00-15:00", Err(FieldCode::Range))]
    #[case("20:00-14:00", Err(FieldCode::Range))]
    #[case("10:00", Err(FieldCode::Characters))]
    #[case("ten-eleven", Err(FieldCode::Characters))]
    #[case("10:75-12:00", Err(FieldCode::Range))]
    #[case("99:00-12:00", Err(FieldCode::Range))]
    fn spans_as_typed(#[case] raw: &str, #[case] want: Result<Vec<(i32, i32)>, FieldCode>) {
        assert_eq!(parse_spans(raw), want);
    }

    #[test]
    fn a_night_must_not_run_into_the_next_day() {
        let form = HoursForm { d6: "18:00-04:00".into(), d0: "03:00-10:00".into(), ..HoursForm::default() };
        assert_eq!(form.check().unwrap_err(), [FieldError::new("d6", FieldCode::Range)]);
        let form = HoursForm { d6: "18:00-03:00".into(), d0: "03:00-10:00".into(), ..HoursForm::default() };
        assert!(form.check().is_ok());
    }

    #[rstest]
    #[case("2026-10-01", "", "", Ok(Special::Closed))]
    #[case("2026-10-01", "12:00-18:00", "", Ok(Special::Own(720, 1080)))]
    #[case("2026-10-01", "12:00-18:00", "yes", Ok(Special::Ordinary))]
    #[case("2026-10-01", "10:00-12:00,13:00-14:00", "", Err("hours"))]
    #[case("1/10", "", "", Err("day"))]
    fn special_days(
        #[case] day: &str,
        #[case] hours: &str,
        #[case] ordinary: &str,
        #[case] want: Result<Special, &str>,
    ) {
        let form = SpecialForm {
            day: day.into(),
            hours: hours.into(),
            ordinary: ordinary.into(),
            ..SpecialForm::default()
        };
        let got = form.check().map(|cmd| cmd.hours).map_err(|errors| errors[0].field.clone());
        assert_eq!(got, want.map_err(str::to_owned));
    }

    #[test]
    fn rules_survive_the_form() {
        let policy = BookingPolicy::default();
        assert_eq!(PolicyForm::of(&policy, 3).check(), Ok(SetPolicy { policy, version: 3 }));
        let wrong = PolicyForm {
            step: "7".into(),
            hold: "soon".into(),
            quiet_from: "25:00".into(),
            quiet_to: String::new(),
            ..PolicyForm::of(&BookingPolicy::default(), 1)
        };
        let fields: Vec<_> = wrong.check().unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["hold", "quiet_from", "quiet_to", "step"]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(from in 0i32..DAY, len in 1i32..720) {
            let span = (from, (from + len).min(LATEST));
            prop_assert_eq!(parse_spans(&show_spans(&[span])), Ok(vec![span]));
        }

        #[test]
        fn anything_typed_is_survived(raw in "\\PC*") {
            let _ = parse_spans(&raw);
        }
    }
}
