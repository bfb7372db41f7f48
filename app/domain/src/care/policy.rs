//! How long a re-check stays open and on which days customers are called: settings of a branch, and of a service where
//! it differs.

use crate::{
    booking::check_id,
    customer::Errors,
    error::{FieldCode, FieldError},
    ids::ServiceId,
};
use serde::{Deserialize, Serialize};

/// Longest time a re-check may stay open, in days.
pub const RECHECK_DAYS_MAX: u32 = 60;

/// Settings of CARE-1 and CARE-2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CarePolicy {
    /// Days for which the free re-check stays open after the day of the service; 0 = none.
    pub recheck_days: u32,
    /// Minutes that a re-check takes at the chair.
    pub recheck_minutes: u32,
    /// Day on which an unused re-check is first brought to mind; 0 = only on its last day.
    pub remind_day: u32,
    /// Days after the service on which the customer is called; empty = no calls.
    pub call_days: Vec<u32>,
    /// How often a customer who cannot be reached is tried, on one day each.
    pub tries: u32,
}

impl Default for CarePolicy {
    fn default() -> Self {
        Self { recheck_days: 7, recheck_minutes: 20, remind_day: 5, call_days: vec![1, 3, 7], tries: 3 }
    }
}

impl CarePolicy {
    /// Days after the service on which an unused re-check is brought to mind: the day set, and its last one.
    #[must_use]
    pub fn reminders(&self) -> Vec<u32> {
        let last = self.recheck_days;
        let first = Some(self.remind_day).filter(|day| *day > 0 && *day < last);
        first.into_iter().chain((last > 0).then_some(last)).collect()
    }
}

/// The settings as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyForm {
    /// Empty: of the whole branch.
    #[serde(default)]
    pub service: String,
    #[serde(default)]
    pub recheck_days: String,
    #[serde(default)]
    pub recheck_minutes: String,
    #[serde(default)]
    pub remind_day: String,
    /// `1, 3, 7`
    #[serde(default)]
    pub call_days: String,
    #[serde(default)]
    pub tries: String,
}

impl PolicyForm {
    /// # Errors
    /// Each field with its own name.
    pub fn check(self) -> Result<(Option<ServiceId>, CarePolicy), Vec<FieldError>> {
        let mut errors = Errors::default();
        let service = match self.service.trim() {
            "" => Some(None),
            id => errors.take("service", check_id(id).map(Some)),
        };
        let recheck_days = errors.take("recheck_days", check_number(&self.recheck_days, 0, RECHECK_DAYS_MAX));
        let recheck_minutes = errors.take("recheck_minutes", check_number(&self.recheck_minutes, 5, 120));
        let remind_day = errors.take("remind_day", check_number(&self.remind_day, 0, RECHECK_DAYS_MAX));
        let call_days = errors.take("call_days", check_days(&self.call_days));
        let tries = errors.take("tries", check_number(&self.tries, 1, 10));
        match (service, recheck_days, recheck_minutes, remind_day, call_days, tries) {
            (
                Some(service),
                Some(recheck_days),
                Some(recheck_minutes),
                Some(remind_day),
                Some(call_days),
                Some(tries),
            ) => Ok((service, CarePolicy { recheck_days, recheck_minutes, remind_day, call_days, tries })),
            _ => Err(errors.0),
        }
    }
}

/// A whole number between two others, both allowed.
///
/// # Errors
/// `Required` or `Range`.
pub fn check_number(raw: &str, least: u32, most: u32) -> Result<u32, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        typed => typed.parse().ok().filter(|n| (least..=most).contains(n)).ok_or(FieldCode::Range),
    }
}

/// Days as typed, `1, 3, 7`; sorted, each once, at most five.
fn check_days(raw: &str) -> Result<Vec<u32>, FieldCode> {
    let mut days = Vec::new();
    let parts = raw.split([',', '，', '、', ' ']).map(str::trim).filter(|part| !part.is_empty());
    for part in parts {
        days.push(check_number(part, 1, RECHECK_DAYS_MAX)?);
    }
    days.sort_unstable();
    days.dedup();
    if days.len() > 5 { Err(FieldCode::Range) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(7, 5, &[5, 7])]
    #[case(7, 0, &[7])]
    #[case(7, 9, &[7])]
    #[case(3, 3, &[3])]
    #[case(0, 5, &[])]
    fn reminders(#[case] recheck_days: u32, #[case] remind_day: u32, #[case] want: &[u32]) {
        let policy = CarePolicy { recheck_days, remind_day, ..CarePolicy::default() };
        assert_eq!(policy.reminders(), want);
    }

    #[rstest]
    #[case("7，3、1 3", Ok(vec![1, 3, 7]))]
    #[case("", Ok(vec![]))]
    #[case("0", Err(FieldCode::Range))]
    #[case("1,2,3,4,5,6", Err(FieldCode::Range))]
    #[case("x", Err(FieldCode::Range))]
    fn days(#[case] raw: &str, #[case] want: Result<Vec<u32>, FieldCode>) {
        assert_eq!(check_days(raw), want);
    }
}
