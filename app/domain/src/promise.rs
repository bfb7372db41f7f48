//! The promises on the wall: published formulas over records (spec §2). "No data" is never 100 %.

use crate::{branch::BranchInfo, ids::*, lang::Text, page::Page, time::LocalTime};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Fewer answers than this are not shown (SURVEY-6).
pub const SMALL_N: u32 = 5;

/// A promise of the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Promise {
    #[serde(rename = "WAIT")]
    Wait,
    #[serde(rename = "ONTIME")]
    OnTime,
    #[serde(rename = "ACCURACY")]
    Accuracy,
    #[serde(rename = "SAT")]
    Sat,
    #[serde(rename = "HYGIENE")]
    Hygiene,
    #[serde(rename = "PRIVACY")]
    Privacy,
    #[serde(rename = "CERT")]
    Cert,
    #[serde(rename = "RECHECK")]
    Recheck,
    #[serde(rename = "PHONE")]
    Phone,
}

impl Promise {
    pub const ALL: [Self; 9] = [
        Self::Wait,
        Self::OnTime,
        Self::Accuracy,
        Self::Sat,
        Self::Hygiene,
        Self::Privacy,
        Self::Cert,
        Self::Recheck,
        Self::Phone,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Wait => "WAIT",
            Self::OnTime => "ONTIME",
            Self::Accuracy => "ACCURACY",
            Self::Sat => "SAT",
            Self::Hygiene => "HYGIENE",
            Self::Privacy => "PRIVACY",
            Self::Cert => "CERT",
            Self::Recheck => "RECHECK",
            Self::Phone => "PHONE",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code().eq_ignore_ascii_case(code))
    }

    /// Default target in basis points (10,000 = 100 %).
    #[must_use]
    pub fn target(self) -> u32 {
        match self {
            Self::Wait | Self::Cert | Self::Recheck | Self::Phone => 10_000,
            Self::OnTime | Self::Accuracy => 9_800,
            Self::Sat => 9_000,
            Self::Hygiene => 9_500,
            Self::Privacy => 9_700,
        }
    }

    /// Comes from what customers answered; small numbers are hidden.
    #[must_use]
    pub fn is_survey(self) -> bool {
        matches!(self, Self::Sat | Self::Hygiene | Self::Privacy)
    }
}

/// Whether a promise was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    Kept,
    Missed,
    /// Not enough records: its own state, never 100 %.
    NoData,
}

/// One promise with target, actual, n and period (promises are always shown together with these).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub promise: Promise,
    /// Records that met the promise.
    pub met: u32,
    /// All records that count.
    pub n: u32,
    /// Basis points; higher is better for all of these.
    pub target: u32,
    pub status: Kept,
    /// WAIT: the longest wait in whole minutes.
    pub max_minutes: Option<u32>,
    /// RECHECK: how many of those offered were made use of.
    #[serde(default)]
    pub used: Option<u32>,
}

impl Figure {
    /// The figure from its counts.
    #[must_use]
    pub fn new(promise: Promise, met: u32, n: u32, target: u32, max_minutes: Option<u32>) -> Self {
        let enough = if promise.is_survey() { n >= SMALL_N } else { n > 0 };
        let status = match enough {
            false => Kept::NoData,
            // Whole numbers: 97.996 % does not reach 98 %.
            true if u64::from(met) * 10_000 >= u64::from(n) * u64::from(target) => Kept::Kept,
            true => Kept::Missed,
        };
        Self { promise, met, n, target, status, max_minutes, used: None }
    }

    /// Actual in basis points, rounded down so that a miss never reads as kept. `None` without data.
    #[must_use]
    pub fn actual(&self) -> Option<u32> {
        (self.status != Kept::NoData)
            .then(|| (u64::from(self.met) * 10_000 / u64::from(self.n.max(1))) as u32)
    }
}

/// The wall of a branch (or of the whole chain).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wall {
    pub branch: BranchInfo,
    pub branches: Vec<(String, Text)>,
    /// First and last day of the period, inclusive.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub figures: Vec<Figure>,
    pub now: LocalTime,
}

/// One record behind a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Ticket or booking number; empty for answers, which stay anonymous but to the manager.
    pub reference: String,
    pub at: LocalTime,
    pub met: bool,
    pub service: Text,
    pub staff: Option<Text>,
    /// Customer's name, only for those who may see it.
    pub name: Option<String>,
    /// Minutes waited or late, or the score 1 … 5.
    pub value: Option<i32>,
    /// Why it was missed: the reason code of a long wait, the kind of a booking error. RECHECK: what became of it.
    pub reason: Option<String>,
    pub visit: Option<VisitId>,
}

/// The records behind one figure: numerator and denominator can be opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidencePage {
    pub branch: BranchInfo,
    pub figure: Figure,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Only those that missed the promise.
    pub missed_only: bool,
    pub page: Page<Evidence>,
}

/// WAIT: from ready-to-be-served to first contact, at most 15 minutes.
#[must_use]
pub fn wait_met(ready_ms: i64, contact_ms: i64) -> bool {
    contact_ms - ready_ms <= 15 * 60_000
}

/// ONTIME: `None` when it does not count (no booking, or the customer was late).
#[must_use]
pub fn on_time(booked_ms: i64, arrived_ms: i64, started_ms: i64) -> Option<bool> {
    (arrived_ms <= booked_ms).then_some(started_ms - booked_ms <= 5 * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(Promise::Wait, 0, 0, Kept::NoData)]
    #[case(Promise::Wait, 1, 1, Kept::Kept)]
    #[case(Promise::Wait, 999, 1000, Kept::Missed)]
    #[case(Promise::OnTime, 98, 100, Kept::Kept)]
    #[case(Promise::OnTime, 9_799, 10_000, Kept::Missed)]
    #[case(Promise::Sat, 4, 4, Kept::NoData)]
    #[case(Promise::Sat, 5, 5, Kept::Kept)]
    #[case(Promise::Sat, 8, 10, Kept::Missed)]
    fn statuses(#[case] promise: Promise, #[case] met: u32, #[case] n: u32, #[case] want: Kept) {
        assert_eq!(Figure::new(promise, met, n, promise.target(), None).status, want);
    }

    #[test]
    fn the_limits_themselves_still_count_as_kept() {
        assert!(wait_met(0, 15 * 60_000));
        assert!(!wait_met(0, 15 * 60_000 + 1));
        assert_eq!(on_time(0, 0, 5 * 60_000), Some(true));
        assert_eq!(on_time(0, 0, 5 * 60_000 + 1), Some(false));
        assert_eq!(on_time(0, 1, 0), None);
    }

    proptest! {
        #[test]
        fn a_miss_never_reads_as_the_target(met in 0u32..5000, extra in 0u32..5000) {
            for promise in Promise::ALL {
                let figure = Figure::new(promise, met, met + extra, promise.target(), None);
                match (figure.status, figure.actual()) {
                    (Kept::NoData, actual) => prop_assert_eq!(actual, None),
                    (Kept::Kept, Some(actual)) => prop_assert!(actual >= figure.target),
                    (Kept::Missed, Some(actual)) => prop_assert!(actual < figure.target),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}
