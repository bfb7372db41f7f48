//! Addresses of the schedule: what is shown stands in them, so that every view can be opened again and printed.

use chrono::{Datelike, Days, Months, NaiveDate};
use domain::{
    BookingId, StaffId,
    schedule::{LaneKind, Schedule, ScheduleQuery, Span},
};
use leptos_router::params::ParamsMap;

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub span: Span,
    pub day: NaiveDate,
    pub kind: LaneKind,
    pub who: Option<StaffId>,
}

impl Place {
    /// Of what has been read.
    pub fn of(schedule: &Schedule) -> Self {
        let day = schedule.day();
        match schedule {
            Schedule::Sheet(sheet) => {
                let week = sheet.lanes.iter().any(|lane| lane.day != day);
                let span = if week { Span::Week } else { Span::Day };
                Self { span, day, kind: sheet.kind, who: sheet.who }
            }
            Schedule::Week(_) => Self { span: Span::Week, day, kind: LaneKind::People, who: None },
            Schedule::Month(_) => Self { span: Span::Month, day, kind: LaneKind::People, who: None },
        }
    }

    pub fn href(&self) -> String {
        let mut out = format!("/schedule?view={}&day={}", self.span.code(), iso(self.day));
        if self.kind != LaneKind::People && self.span == Span::Day {
            out.push_str("&kind=");
            out.push_str(self.kind.code());
        }
        if let Some(who) = self.who {
            out.push_str("&who=");
            out.push_str(&who.to_string());
        }
        out
    }

    pub fn open(&self, booking: BookingId) -> String {
        format!("{}&open={booking}", self.href())
    }

    pub fn on(self, day: NaiveDate) -> Self {
        Self { day, ..self }
    }

    pub fn by(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// One span earlier or later.
    pub fn step(self, later: bool) -> Self {
        let day = match self.span {
            Span::Day => shift(self.day, 1, later),
            Span::Week => shift(self.day, 7, later),
            Span::Month => {
                let first = self.day.with_day(1).unwrap_or(self.day);
                let month = Months::new(1);
                let moved =
                    if later { first.checked_add_months(month) } else { first.checked_sub_months(month) };
                moved.unwrap_or(first)
            }
        };
        self.on(day)
    }
}

pub fn shift(day: NaiveDate, days: u64, later: bool) -> NaiveDate {
    let days = Days::new(days);
    let moved = if later { day.checked_add_days(days) } else { day.checked_sub_days(days) };
    moved.unwrap_or(day)
}

/// `2026-06-12`, without what writing dates in general would weigh.
pub fn iso(day: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

pub fn read(query: &ParamsMap) -> ScheduleQuery {
    let one = |name: &str| query.get(name).unwrap_or_default();
    ScheduleQuery { view: one("view"), day: one("day"), kind: one("kind"), who: one("who") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, d).unwrap()
    }

    #[test]
    fn steps_by_what_is_shown() {
        let place = Place { span: Span::Day, day: day(31), kind: LaneKind::People, who: None };
        assert_eq!(place.step(true).day, NaiveDate::from_ymd_opt(2026, 2, 1).unwrap());
        assert_eq!(place.by(Span::Week).step(false).day, day(24));
        assert_eq!(place.by(Span::Month).step(true).href(), "/schedule?view=month&day=2026-02-01");
    }

    #[test]
    fn an_address_keeps_the_lanes_of_a_day() {
        let place = Place { span: Span::Day, day: day(2), kind: LaneKind::Rooms, who: None };
        assert_eq!(place.href(), "/schedule?view=day&day=2026-01-02&kind=rooms");
        assert_eq!(place.by(Span::Week).href(), "/schedule?view=week&day=2026-01-02");
    }
}
