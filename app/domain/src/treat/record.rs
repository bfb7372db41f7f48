//! The record afterwards: everything of a service in its order, what was left out (TREAT-3), the visits before.

use super::chair::{Climate, FeelView, PrepItem};
use crate::{
    booking::check_id,
    consult::{Severity, codes},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something of the record, with when and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    pub at: LocalTime,
    pub by: Text,
    pub what: What,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Arrived,
    Greeted,
    Started,
    Finished,
    Prepared {
        what: PrepItem,
        climate: Option<Climate>,
        outside: bool,
    },
    Allowed {
        rule: Text,
        reason: String,
    },
    Step {
        text: Text,
    },
    Skipped {
        text: Text,
        mandatory: bool,
        reason: Option<String>,
    },
    Note {
        text: String,
    },
    /// A note written after the service was over.
    Addendum {
        text: String,
    },
    Feel(FeelView),
    Incident {
        severity: Severity,
        what: String,
    },
    Product {
        name: Text,
        batch: String,
        amount: String,
        unit: Text,
    },
    Device {
        name: Text,
        settings: Text,
    },
    Told {
        text: Text,
    },
    Advice {
        text: String,
    },
}

/// An earlier service of the same customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    pub item: VisitServiceId,
    pub day: NaiveDate,
    pub service: Text,
    pub staff: Text,
    /// Whether this one may be opened.
    pub open: bool,
    pub notes: u32,
    pub incident: bool,
}

/// The whole record of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordPage {
    pub item: VisitServiceId,
    pub customer_name: String,
    pub service: Text,
    pub staff: Text,
    pub room: Option<Text>,
    pub ticket: String,
    pub branch: Text,
    pub day: NaiveDate,
    pub done: bool,
    pub moments: Vec<Moment>,
    pub before: Vec<Before>,
}

codes! {
    /// How a service departed from its procedure.
    DeviationKind {
        /// A mandatory step was left out.
        Step = "step",
        /// Begun before everything was made ready.
        Prep = "prep",
        /// Begun although a rule says stop.
        Stop = "stop",
    }
}

/// A departure from the procedure, for the technical lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviationView {
    pub id: DeviationId,
    pub kind: DeviationKind,
    pub at: LocalTime,
    pub service: Text,
    pub staff: Option<StaffId>,
    pub staff_name: Text,
    pub text: Text,
    pub reason: Option<String>,
    pub item: VisitServiceId,
    pub acknowledged: Option<(LocalTime, Text, Option<String>)>,
}

/// The list, with what it can be narrowed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviationPage {
    pub items: Vec<DeviationView>,
    pub next: Option<String>,
    pub people: Vec<(StaffId, Text)>,
    pub services: Vec<(ServiceId, Text)>,
    /// Not acknowledged yet, in all.
    pub open: u32,
}

/// What of the list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviationSearch {
    #[serde(default)]
    pub service: String,
    #[serde(default)]
    pub staff: String,
    /// Days back: 7, 30, 90; empty: all.
    #[serde(default)]
    pub days: String,
    /// `all`, or only what is open.
    #[serde(default)]
    pub show: String,
    #[serde(default)]
    pub after: String,
}

/// A checked [`DeviationSearch`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviationFilter {
    pub service: Option<ServiceId>,
    pub staff: Option<StaffId>,
    pub days: Option<u32>,
    pub open_only: bool,
    pub after: Option<String>,
}

impl DeviationSearch {
    /// What cannot be read is left out, so that an old address still leads somewhere.
    #[must_use]
    pub fn read(&self) -> DeviationFilter {
        DeviationFilter {
            service: self.service.parse().ok(),
            staff: self.staff.parse().ok(),
            days: self.days.parse().ok().filter(|days| (1..=3660).contains(days)),
            open_only: self.show != "all",
            after: Some(self.after.clone()).filter(|after| !after.is_empty()),
        }
    }
}

/// A deviation looked at by the technical lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcknowledgeForm {
    pub deviation: String,
    #[serde(default)]
    pub comment: String,
}

impl AcknowledgeForm {
    /// # Errors
    /// `deviation`, `comment`.
    pub fn check(self) -> Result<(DeviationId, Option<String>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = errors.take("deviation", check_id(&self.deviation));
        let comment = errors.take("comment", check_note(&self.comment));
        id.zip(comment).ok_or(errors.0)
    }
}

/// The next visit, so many weeks ahead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextForm {
    pub item: String,
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub key: String,
}

impl NextForm {
    /// # Errors
    /// `item`, `at`, `key`.
    pub fn check(self) -> Result<(VisitServiceId, chrono::DateTime<chrono::Utc>, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let at = errors.take("at", crate::booking::check_instant(&self.at));
        let key = errors.take("key", crate::booking::check_key(&self.key));
        match (item, at, key) {
            (Some(item), Some(at), Some(key)) => Ok((item, at, key)),
            _ => Err(errors.0),
        }
    }
}

/// Weeks ahead that can be asked for.
pub const NEXT_WEEKS: std::ops::RangeInclusive<u32> = 1..=12;

/// # Errors
/// `Range`.
pub fn check_weeks(weeks: u32) -> Result<u32, FieldCode> {
    if NEXT_WEEKS.contains(&weeks) { Ok(weeks) } else { Err(FieldCode::Range) }
}
