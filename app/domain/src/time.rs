//! Half-open intervals, sets of them, and times as a branch's clock shows them.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// Where "now" comes from. Handed in, so that every rule can be tested at any moment.
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}

/// An instant together with what the branch's wall clock shows then. The browser formats `wall` and does no zone
/// maths; rules use `utc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LocalTime {
    // As numbers: what reads dates from text would weigh more in the browser than the salon's page itself.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub utc: DateTime<Utc>,
    #[serde(with = "chrono::naive::serde::ts_milliseconds")]
    pub wall: NaiveDateTime,
}

impl LocalTime {
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.wall.date()
    }

    /// `14:30`.
    #[must_use]
    pub fn hhmm(&self) -> String {
        format!("{:02}:{:02}", self.wall.hour(), self.wall.minute())
    }

    /// ISO 8601 in UTC, for `<time datetime>`.
    #[must_use]
    pub fn iso(&self) -> String {
        // by hand: what reads patterns would weigh more in the browser than a page
        let (day, time) = (self.utc.date_naive(), self.utc.time());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            day.year(),
            day.month(),
            day.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    /// Milliseconds since 1970, as forms carry an instant.
    #[must_use]
    pub fn millis(&self) -> i64 {
        self.utc.timestamp_millis()
    }
}

/// Index of a weekday, Monday 0 … Sunday 6.
#[must_use]
pub fn weekday(day: NaiveDate) -> u8 {
    day.weekday().num_days_from_monday() as u8
}

/// The part of a day in which a time is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    Morning,
    Afternoon,
    Evening,
}

impl DayPart {
    /// Morning until 12:00, afternoon until 18:00; after midnight counts as evening until 5:00.
    #[must_use]
    pub fn of(time: NaiveTime) -> Self {
        match time.hour() {
            5..12 => Self::Morning,
            12..18 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// `[from, to)`: the end does not belong to it, so neighbours do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Interval {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Interval {
    /// `None` when it would be empty or reversed.
    #[must_use]
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// `minutes` long, from `from`; `None` for zero minutes.
    #[must_use]
    pub fn minutes(from: DateTime<Utc>, minutes: u32) -> Option<Self> {
        Self::new(from, from + Duration::minutes(i64::from(minutes)))
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    #[must_use]
    pub fn length(&self) -> Duration {
        self.to - self.from
    }
}

/// A set of instants as sorted, disjoint, non-touching intervals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntervalSet(Vec<Interval>);

impl IntervalSet {
    #[must_use]
    pub fn from_intervals(mut parts: Vec<Interval>) -> Self {
        parts.sort_unstable();
        let mut out: Vec<Interval> = Vec::with_capacity(parts.len());
        for part in parts {
            match out.last_mut() {
                Some(last) if part.from <= last.to => last.to = last.to.max(part.to),
                _ => out.push(part),
            }
        }
        Self(out)
    }

    #[must_use]
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the whole of `part` lies in the set. `O(log n)`.
    #[must_use]
    pub fn covers(&self, part: &Interval) -> bool {
        let i = self.0.partition_point(|known| known.to <= part.from);
        self.0.get(i).is_some_and(|known| known.contains(part))
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_intervals(self.0.iter().chain(&other.0).copied().collect())
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut i, mut j, mut out) = (0, 0, Vec::new());
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            out.extend(a.intersection(b));
            if a.to <= b.to { i += 1 } else { j += 1 }
        }
        Self(out)
    }

    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut out = Vec::with_capacity(self.0.len() + other.0.len());
        let mut j = 0;
        for part in &self.0 {
            let mut from = part.from;
            while other.0.get(j).is_some_and(|hole| hole.to <= from) {
                j += 1;
            }
            let mut k = j;
            while let Some(hole) = other.0.get(k).filter(|hole| hole.from < part.to) {
                out.extend(Interval::new(from, hole.from));
                from = from.max(hole.to);
                k += 1;
            }
            out.extend(Interval::new(from, part.to));
        }
        Self(out)
    }
}

/// A day as a number when it travels, for `#[serde(with)]`: see [`LocalTime`].
pub mod day_number {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(day: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(day.num_days_from_ce())
    }

    /// # Errors
    /// A number outside the calendar.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let number = i32::deserialize(from)?;
        NaiveDate::from_num_days_from_ce_opt(number).ok_or_else(|| D::Error::custom("no such day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    fn set(parts: &[(i64, i64)]) -> IntervalSet {
        IntervalSet::from_intervals(parts.iter().filter_map(|(a, b)| Interval::new(at(*a), at(*b))).collect())
    }

    fn has(set: &IntervalSet, minute: i64) -> bool {
        set.intervals().iter().any(|i| i.from <= at(minute) && at(minute) < i.to)
    }

    #[test]
    fn touching_intervals_do_not_overlap_but_join() {
        let (a, b) = (Interval::new(at(0), at(5)).unwrap(), Interval::new(at(5), at(9)).unwrap());
        assert!(!a.overlaps(&b));
        assert_eq!(IntervalSet::from_intervals(vec![b, a]), set(&[(0, 9)]));
    }

    proptest! {
        #[test]
        fn set_algebra_equals_minute_by_minute(
            a in prop::collection::vec((0i64..60, 0i64..60), 0..8),
            b in prop::collection::vec((0i64..60, 0i64..60), 0..8),
        ) {
            let (a, b) = (set(&a), set(&b));
            let (and, or, not) = (a.intersection(&b), a.union(&b), a.minus(&b));
            for m in 0..60 {
                prop_assert_eq!(has(&and, m), has(&a, m) && has(&b, m));
                prop_assert_eq!(has(&or, m), has(&a, m) || has(&b, m));
                prop_assert_eq!(has(&not, m), has(&a, m) && !has(&b, m));
            }
        }

        #[test]
        fn covers_equals_every_minute(a in prop::collection::vec((0i64..60, 0i64..60), 0..8), from in 0i64..50, len in 1i64..10) {
            let a = set(&a);
            let part = Interval::new(at(from), at(from + len)).unwrap();
            prop_assert_eq!(a.covers(&part), (from..from + len).all(|m| has(&a, m)));
        }
    }
}
