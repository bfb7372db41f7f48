//! Rotas of a week: shifts with breaks, leave, copying (STAFF-5).

use crate::{
    branch::hours::{LATEST, check_day, check_number, check_version, parse_spans, short},
    customer::Errors,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use chrono::{Datelike, Duration, NaiveDate};
use serde::{Deserialize, Serialize};

/// Most weeks copied at once.
pub const WEEKS_MAX: u32 = 8;
/// Longest leave, in days; the table holds it.
pub const LEAVE_DAYS_MAX: i64 = 90;

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}

/// Minutes after midnight, from and to.
pub type Minutes = Vec<(i32, i32)>;

/// The day of a person as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShiftForm {
    pub staff: String,
    pub day: String,
    /// As [`parse_spans`] reads it; empty: off.
    pub shifts: String,
    pub breaks: String,
    pub version: String,
    pub confirm: String,
}

/// The day of a person to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetShift {
    pub staff: StaffId,
    pub day: NaiveDate,
    pub shifts: Minutes,
    pub breaks: Minutes,
    pub version: i32,
    pub confirm: bool,
}

impl ShiftForm {
    /// # Errors
    /// `staff`, `day`, `shifts`, `breaks`: a break lies within a shift.
    pub fn check(self) -> Result<SetShift, Vec<FieldError>> {
        let mut errors = Errors::default();
        let staff = errors.take("staff", crate::booking::check_id(&self.staff));
        let day = errors.take("day", check_day(&self.day));
        let shifts = errors.take("shifts", parse_spans(&self.shifts));
        let breaks = errors.take("breaks", parse_spans(&self.breaks));
        let breaks = shifts.as_ref().zip(breaks).and_then(|(shifts, breaks)| {
            errors.take("breaks", within(shifts, &breaks).ok_or(FieldCode::Range))
        });
        let version = errors.take("version", check_version(&self.version));
        match (staff, day, shifts, breaks, version) {
            (Some(staff), Some(day), Some(shifts), Some(breaks), Some(version)) => {
                Ok(SetShift { staff, day, shifts, breaks, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// The breaks, each within a shift; one typed as `01:00` belongs to the night when the shift runs past midnight.
fn within(shifts: &[(i32, i32)], breaks: &[(i32, i32)]) -> Option<Minutes> {
    let holds = |rest: (i32, i32)| shifts.iter().any(|s| s.0 <= rest.0 && rest.1 <= s.1);
    breaks
        .iter()
        .map(|rest| {
            let later = (rest.0 + 1440, rest.1 + 1440);
            if holds(*rest) { Some(*rest) } else { (later.1 <= LATEST && holds(later)).then_some(later) }
        })
        .collect()
}

/// Copying a week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyForm {
    /// Any day of the week that is copied.
    pub week: String,
    /// Whose; empty: everybody's.
    pub who: String,
    /// Into the same week of somebody else; empty: into the weeks that follow.
    pub to: String,
    /// How many of them.
    pub weeks: String,
    /// Of everybody's rota as it was shown.
    pub stamp: String,
    pub confirm: String,
}

/// What is copied where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// A Monday.
    pub week: NaiveDate,
    pub who: Option<StaffId>,
    pub to: CopyTo,
    pub stamp: i64,
    pub confirm: bool,
}

/// Where a week is copied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyTo {
    /// So many weeks that follow.
    Weeks(u32),
    Person(StaffId),
}

impl CopyForm {
    /// # Errors
    /// `week`, `who`, `to`, `weeks`.
    pub fn check(self) -> Result<Copy, Vec<FieldError>> {
        let mut errors = Errors::default();
        let week = errors.take("week", check_day(&self.week)).map(monday);
        let who: Option<Option<StaffId>> = match self.who.trim() {
            "" => Some(None),
            raw => errors.take("who", crate::booking::check_id(raw).map(Some)),
        };
        let to = match self.to.trim() {
            "" => errors.take("weeks", check_number(&self.weeks, 1, WEEKS_MAX)).map(CopyTo::Weeks),
            raw => errors.take("to", crate::booking::check_id(raw)).map(CopyTo::Person),
        };
        match (who, to) {
            (Some(None), Some(CopyTo::Person(_))) => errors.add("who", FieldCode::Required),
            (Some(Some(who)), Some(CopyTo::Person(to))) if who == to => errors.add("to", FieldCode::Choice),
            _ => {}
        }
        let stamp = errors.take("stamp", self.stamp.trim().parse().map_err(|_| FieldCode::Range));
        match (week, who, to, stamp) {
            (Some(week), Some(who), Some(to), Some(stamp)) if errors.0.is_empty() => {
                Ok(Copy { week, who, to, stamp, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// Why somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    Holiday,
    Sick,
    Training,
    Personal,
    Other,
}

impl LeaveKind {
    pub const ALL: [Self; 5] = [Self::Holiday, Self::Sick, Self::Training, Self::Personal, Self::Other];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Holiday => "holiday",
            Self::Sick => "sick",
            Self::Training => "training",
            Self::Personal => "personal",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Leave as typed. Both days belong to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeaveForm {
    /// An id, or an id with the version of that person's rota: `0190…:3`.
    pub staff: String,
    pub from: String,
    pub to: String,
    pub kind: String,
    pub note: String,
    pub version: String,
    pub confirm: String,
}

/// Leave to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLeave {
    pub staff: StaffId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub kind: LeaveKind,
    pub note: Option<String>,
    pub version: i32,
    pub confirm: bool,
}

impl LeaveForm {
    /// # Errors
    /// `staff`, `from`, `to`, `kind`, `note`.
    pub fn check(self) -> Result<SetLeave, Vec<FieldError>> {
        let mut errors = Errors::default();
        // Whoever is chosen brings the version along that the page showed.
        let (staff, version) = self.staff.split_once(':').unwrap_or((&self.staff, &self.version));
        let staff = errors.take("staff", crate::booking::check_id(staff));
        let from = errors.take("from", check_day(&self.from));
        let to = match self.to.trim() {
            "" => from,
            raw => errors.take("to", check_day(raw)),
        };
        if from.zip(to).is_some_and(|(from, to)| !(0..LEAVE_DAYS_MAX).contains(&(to - from).num_days())) {
            errors.add("to", FieldCode::Range);
        }
        let kind = errors.take("kind", LeaveKind::from_code(&self.kind).ok_or(FieldCode::Choice));
        let note = errors.take("note", short(&self.note, 120));
        let version = errors.take("version", check_version(version));
        match (staff, from, to, kind, note, version) {
            (Some(staff), Some(from), Some(to), Some(kind), Some(note), Some(version))
                if errors.0.is_empty() =>
            {
                Ok(SetLeave { staff, from, to, kind, note, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// The rota of a week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RotaPage {
    /// Monday.
    #[serde(with = "crate::time::day_number")]
    pub week: NaiveDate,
    #[serde(with = "crate::time::day_number")]
    pub today: NaiveDate,
    pub people: Vec<RotaRow>,
    /// Monday first.
    pub cover: Vec<Cover>,
    /// Leave now and to come.
    pub leave: Vec<LeaveLine>,
    pub stamp: i64,
}

/// A person's week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RotaRow {
    pub staff: StaffId,
    pub name: Text,
    pub title: Text,
    /// Monday first.
    pub days: Vec<RotaCell>,
    pub version: i32,
}

/// A person's day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotaCell {
    pub shifts: Minutes,
    pub breaks: Minutes,
    pub leave: Option<LeaveKind>,
    /// Minutes taken by bookings.
    pub booked: u32,
}

/// On duty against booked, in minutes of all people of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    pub duty: u32,
    pub booked: u32,
    /// People on duty.
    pub people: u32,
}

/// Somebody's leave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeaveLine {
    pub id: RotaId,
    pub staff: StaffId,
    pub name: Text,
    pub from: LocalTime,
    /// The end; the first moment back.
    pub to: LocalTime,
    pub kind: LeaveKind,
    pub note: Option<String>,
    pub version: i32,
}

/// The page of one person's day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShiftPage {
    pub staff: StaffId,
    pub name: Text,
    #[serde(with = "crate::time::day_number")]
    pub day: NaiveDate,
    pub cell: RotaCell,
    pub version: i32,
    /// The day is over: only to be read.
    pub past: bool,
}

impl RotaCell {
    /// Minutes at work.
    #[must_use]
    pub fn duty(&self) -> u32 {
        if self.leave.is_some() {
            return 0;
        }
        let sum = |spans: &Minutes| spans.iter().map(|(from, to)| to - from).sum::<i32>();
        u32::try_from(sum(&self.shifts) - sum(&self.breaks)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn shift(shifts: &str, breaks: &str) -> Result<(Minutes, Minutes), String> {
        let form = ShiftForm {
            staff: StaffId::new().to_string(),
            day: "2026-06-12".into(),
            shifts: shifts.into(),
            breaks: breaks.into(),
            ..ShiftForm::default()
        };
        form.check().map(|cmd| (cmd.shifts, cmd.breaks)).map_err(|errors| errors[0].field.clone())
    }

    #[rstest]
    #[case("", "", Ok((vec![], vec![])))]
    #[case("10:00-19:00", "13:00-14:00", Ok((vec![(600, 1140)], vec![(780, 840)])))]
    // a bathhouse's night: the break after midnight
    #[case("18:00-02:00", "00:00-00:30", Ok((vec![(1080, 1560)], vec![(1440, 1470)])))]
    #[case("10:00-19:00", "19:00-19:30", Err("breaks"))]
    #[case("", "13:00-14:00", Err("breaks"))]
    #[case("10:00-15:00,14:00-19:00", "", Err("shifts"))]
    fn days_as_typed(
        #[case] shifts: &str,
        #[case] breaks: &str,
        #[case] want: Result<(Minutes, Minutes), &str>,
    ) {
        assert_eq!(shift(shifts, breaks), want.map_err(str::to_owned));
    }

    #[test]
    fn a_week_is_copied_onwards_or_to_somebody() {
        let (a, b) = (StaffId::new().to_string(), StaffId::new().to_string());
        let form = |who: &str, to: &str, weeks: &str| CopyForm {
            week: "2026-06-12".into(),
            who: who.into(),
            to: to.into(),
            weeks: weeks.into(),
            stamp: "4".into(),
            ..CopyForm::default()
        };
        let cmd = form("", "", "2").check().unwrap();
        assert_eq!((cmd.week.to_string().as_str(), cmd.to), ("2026-06-08", CopyTo::Weeks(2)));
        assert!(form(&a, &b, "").check().is_ok());
        let field = |form: CopyForm| form.check().unwrap_err()[0].field.clone();
        assert_eq!(field(form("", &b, "")), "who");
        assert_eq!(field(form(&a, &a, "")), "to");
        assert_eq!(field(form("", "", "9")), "weeks");
    }

    #[rstest]
    #[case("2026-06-12", "", None)]
    #[case("2026-06-12", "2026-06-11", Some("to"))]
    #[case("2026-06-12", "2026-09-30", Some("to"))]
    #[case("", "", Some("from"))]
    fn leave(#[case] from: &str, #[case] to: &str, #[case] wrong: Option<&str>) {
        let form = LeaveForm {
            staff: StaffId::new().to_string(),
            from: from.into(),
            to: to.into(),
            kind: "sick".into(),
            ..LeaveForm::default()
        };
        assert_eq!(form.check().err().map(|errors| errors[0].field.clone()).as_deref(), wrong);
    }

    #[test]
    fn leave_is_no_duty() {
        let mut cell =
            RotaCell { shifts: vec![(600, 1140)], breaks: vec![(780, 840)], ..RotaCell::default() };
        assert_eq!(cell.duty(), 480);
        cell.leave = Some(LeaveKind::Sick);
        assert_eq!(cell.duty(), 0);
    }
}
