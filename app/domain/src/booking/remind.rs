//! When the customer of a booking is reminded (BOOK-12). Kept with the booking, so that it moves and ends with it.

use super::rules::BookingPolicy;
use crate::notify::Template;

const MINUTE_MS: i64 = 60_000;

/// What is still to be said, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reminders {
    /// The next one.
    pub next: Option<i64>,
    /// The last one, shortly before; the next one may be it.
    pub last: Option<i64>,
}

impl Reminders {
    /// Those of a booking that begins at `from_ms`, as far as they are still to come.
    #[must_use]
    pub fn of(policy: &BookingPolicy, from_ms: i64, now_ms: i64) -> Self {
        let at = |minutes: u32| {
            let at = from_ms - i64::from(minutes) * MINUTE_MS;
            (minutes > 0 && at > now_ms).then_some(at)
        };
        match (at(policy.remind_first), at(policy.remind_last)) {
            (first, None) => Self { next: first, last: None },
            (None, last) => Self { next: last, last },
            (Some(a), Some(b)) => Self { next: Some(a.min(b)), last: Some(a.max(b)) },
        }
    }

    /// Each with what it says, in order.
    pub fn all(self) -> impl Iterator<Item = (i64, Template)> {
        let day = self.next.filter(|_| self.next != self.last).map(|at| (at, Template::ReminderDay));
        day.into_iter().chain(self.last.map(|at| (at, Template::ReminderHours)))
    }

    /// What is said now, and what remains. Where the clock has jumped over both, one of them is enough (C-21); nobody is
    /// reminded of what has begun.
    #[must_use]
    pub fn said(self, from_ms: i64, now_ms: i64) -> (Option<Template>, Self) {
        let last = self.all().filter(|(at, _)| *at <= now_ms).last();
        let next = self.all().map(|(at, _)| at).find(|at| *at > now_ms);
        let template = last.map(|(_, template)| template).filter(|_| from_ms > now_ms);
        (template, Self { next, last: self.last.filter(|at| *at > now_ms) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Template::{ReminderDay, ReminderHours};

    const FROM: i64 = 10_000 * MINUTE_MS;

    fn of(first: u32, last: u32, now_min: i64) -> Vec<(i64, Template)> {
        let policy = BookingPolicy { remind_first: first, remind_last: last, ..BookingPolicy::default() };
        let all = Reminders::of(&policy, FROM, now_min * MINUTE_MS).all();
        all.map(|(at, template)| ((FROM - at) / MINUTE_MS, template)).collect()
    }

    #[test]
    fn by_the_branchs_policy_as_far_as_still_to_come() {
        for (first, last, now, wanted) in [
            (1440, 120, 0, &[(1440, ReminderDay), (120, ReminderHours)][..]),
            (1440, 120, 8560, &[(120, ReminderHours)]),
            (1440, 120, 9880, &[]),
            (1440, 0, 0, &[(1440, ReminderDay)]),
            (0, 120, 0, &[(120, ReminderHours)]),
            (0, 0, 0, &[]),
            (60, 120, 0, &[(120, ReminderDay), (60, ReminderHours)]),
            (120, 120, 0, &[(120, ReminderHours)]),
        ] {
            assert_eq!(of(first, last, now), wanted, "{first} {last} at {now}");
        }
    }

    #[test]
    fn each_is_said_once() {
        let both = Reminders { next: Some(100), last: Some(200) };
        let last = Reminders { next: Some(200), last: Some(200) };
        let none = Reminders::default();
        for (what, now, wanted) in [
            (both, 99, (None, both)),
            (both, 100, (Some(ReminderDay), last)),
            (both, 199, (Some(ReminderDay), last)),
            (both, 200, (Some(ReminderHours), none)),
            (both, 300, (None, none)),
            (last, 199, (None, last)),
            (last, 200, (Some(ReminderHours), none)),
            (Reminders { next: Some(100), last: None }, 100, (Some(ReminderDay), none)),
            (none, 200, (None, none)),
        ] {
            assert_eq!(what.said(300, now), wanted, "{what:?} at {now}");
        }
    }
}
