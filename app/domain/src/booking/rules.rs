//! The rules of changing and cancelling (BOOK-4, BOOK-9), with the defaults that settings may change.

use super::BookingState;
use crate::error::Refusal;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Settings of a branch that govern bookings. All times in minutes unless named otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BookingPolicy {
    /// BOOK-4: shortest time between now and a slot.
    pub notice: u32,
    /// BOOK-4: how far ahead, in days.
    pub horizon_days: u32,
    /// BOOK-4: distance of the times offered.
    pub step: u32,
    /// BOOK-5: how long a picked slot is kept.
    pub hold: u32,
    /// BOOK-9: until when before the start the customer may change or cancel.
    pub cut_off: u32,
    /// BOOK-9: how often the customer may reschedule.
    pub max_changes: u8,
    /// DESK-1: how late a customer may be before the booking counts as missed.
    pub no_show_after: u32,
    /// Most services in one visit.
    pub max_services: u8,
    /// BOOK-12: how long before the start the customer is reminded first; 0: not at all.
    pub remind_first: u32,
    /// BOOK-12: and once more.
    pub remind_last: u32,
}

impl Default for BookingPolicy {
    fn default() -> Self {
        Self {
            notice: 120,
            horizon_days: 90,
            step: 15,
            hold: 5,
            cut_off: 120,
            max_changes: 3,
            no_show_after: 30,
            max_services: 4,
            remind_first: 1440,
            remind_last: 120,
        }
    }
}

impl BookingPolicy {
    /// The earliest start that may be offered at `now`.
    #[must_use]
    pub fn earliest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::minutes(i64::from(self.notice))
    }

    /// The latest start that may be offered at `now`.
    #[must_use]
    pub fn latest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::days(i64::from(self.horizon_days))
    }

    /// Until when the customer may change or cancel a booking that starts at `start`.
    #[must_use]
    pub fn change_until(&self, start: DateTime<Utc>) -> DateTime<Utc> {
        start - Duration::minutes(i64::from(self.cut_off))
    }

    /// Whether the customer may change or cancel now (BOOK-9).
    ///
    /// # Errors
    /// `WrongState`, or `AfterCutOff` with the branch's phone.
    pub fn may_change(
        &self,
        state: BookingState,
        start: DateTime<Utc>,
        now: DateTime<Utc>,
        phone: &str,
    ) -> Result<(), Refusal> {
        if !state.is_open() {
            return Err(Refusal::WrongState { state: state.code().to_owned() });
        }
        if now > self.change_until(start) {
            return Err(Refusal::AfterCutOff { phone: phone.to_owned() });
        }
        Ok(())
    }

    /// Whether the customer may reschedule once more (BOOK-9).
    ///
    /// # Errors
    /// As [`Self::may_change`], and `TooManyChanges`.
    pub fn may_reschedule(
        &self,
        state: BookingState,
        start: DateTime<Utc>,
        changes: u8,
        now: DateTime<Utc>,
        phone: &str,
    ) -> Result<(), Refusal> {
        self.may_change(state, start, now, phone)?;
        if changes >= self.max_changes {
            return Err(Refusal::TooManyChanges { limit: self.max_changes });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + minute * 60, 0).unwrap()
    }

    #[test]
    fn the_cut_off_is_the_last_moment_that_counts() {
        let policy = BookingPolicy::default();
        let start = at(600);
        assert_eq!(policy.may_change(BookingState::Confirmed, start, at(480), "1"), Ok(()));
        let late = policy.may_change(BookingState::Confirmed, start, at(481), "1");
        assert_eq!(late, Err(Refusal::AfterCutOff { phone: "1".into() }));
    }

    #[test]
    fn rescheduling_has_a_limit() {
        let policy = BookingPolicy::default();
        assert_eq!(policy.may_reschedule(BookingState::Booked, at(600), 2, at(0), ""), Ok(()));
        assert_eq!(
            policy.may_reschedule(BookingState::Booked, at(600), 3, at(0), ""),
            Err(Refusal::TooManyChanges { limit: 3 })
        );
        assert!(policy.may_reschedule(BookingState::Arrived, at(600), 0, at(0), "").is_err());
    }
}
