//! The rules of changing and cancelling (BOOK-4, BOOK-9), with the defaults that settings may change.

use super::BookingState;
use crate::error::Refusal;
use chrono::{DateTime, Duration, NaiveDateTime, NaiveTime, Timelike, Utc};
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
    /// BOOK-10: how long a freed time is kept for the one it is offered to.
    pub offer: u32,
    /// BOOK-10: from when on, in minutes after midnight, nobody is woken by an offer …
    pub quiet_from: u32,
    /// … and until when. The same as `quiet_from`: there are no quiet hours.
    pub quiet_to: u32,
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
            offer: 15,
            quiet_from: 22 * 60,
            quiet_to: 8 * 60,
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

    /// When the quiet hours end that `wall`, the branch's clock, is in; `None` outside of them (BOOK-10).
    #[must_use]
    pub fn quiet_until(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let (from, to, minute) = (self.quiet_from, self.quiet_to, wall.hour() * 60 + wall.minute());
        let tonight = from > to && minute >= from;
        let quiet = tonight || (minute < to && (from > to || minute >= from));
        let midnight = wall.date().and_time(NaiveTime::MIN) + Duration::days(i64::from(tonight));
        quiet.then(|| midnight + Duration::minutes(i64::from(to)))
    }

    /// Whether a time that begins at `start` may be offered now, both by the branch's clock. In the quiet hours only what
    /// could not be offered any more after them (BOOK-10).
    #[must_use]
    pub fn may_offer(&self, now: NaiveDateTime, start: NaiveDateTime) -> bool {
        self.quiet_until(now).is_none_or(|end| start < end + Duration::minutes(i64::from(self.notice)))
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

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_is_woken_for_what_can_wait_until_morning() {
        let policy = BookingPolicy::default();
        assert_eq!(policy.quiet_until(wall("2026-06-12T21:59:00")), None);
        assert_eq!(policy.quiet_until(wall("2026-06-12T22:00:00")), Some(wall("2026-06-13T08:00:00")));
        assert_eq!(policy.quiet_until(wall("2026-06-13T07:59:00")), Some(wall("2026-06-13T08:00:00")));
        assert_eq!(policy.quiet_until(wall("2026-06-13T08:00:00")), None);
        let night = wall("2026-06-12T23:00:00");
        assert!(policy.may_offer(night, wall("2026-06-13T09:59:00")), "gone by then");
        assert!(!policy.may_offer(night, wall("2026-06-13T10:00:00")), "it can wait");
        let loud = BookingPolicy { quiet_from: 0, quiet_to: 0, ..BookingPolicy::default() };
        assert_eq!(loud.quiet_until(night), None);
        let noon = BookingPolicy { quiet_from: 720, quiet_to: 780, ..BookingPolicy::default() };
        assert_eq!(noon.quiet_until(wall("2026-06-12T12:30:00")), Some(wall("2026-06-12T13:00:00")));
        assert_eq!(noon.quiet_until(night), None);
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
