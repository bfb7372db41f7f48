//! 轮钟: whose turn it is, and why (DESK-3). Among those on shift and free, whoever has been idle longest goes first;
//! then come the busy ones in the order in which they become free.

use crate::ids::StaffId;
use chrono::{DateTime, Utc};

/// What is known of somebody on shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnShift {
    pub staff: StaffId,
    /// Idle since: the start of the shift, the end of the last service or of a break, whatever came last.
    /// `None`: busy.
    pub idle_since: Option<DateTime<Utc>>,
    /// Busy (or on a break) until; only read for those who are.
    pub busy_until: Option<DateTime<Utc>>,
    /// Services finished or under way today.
    pub served: u32,
    /// The house's order, for ties.
    pub position: i32,
}

/// Orders by turn. Of those idle for equally long the one who has served fewer goes first.
pub fn by_turn(people: &mut [OnShift]) {
    people.sort_by_key(|p| {
        let busy = p.idle_since.is_none();
        let time = if busy { p.busy_until } else { p.idle_since };
        // A busy person with no known end comes last.
        (busy, time.is_none(), time, p.served, p.position, p.staff)
    });
}

/// Whole minutes somebody has been idle; `None` when busy.
#[must_use]
pub fn idle_minutes(person: &OnShift, now: DateTime<Utc>) -> Option<u32> {
    person.idle_since.map(|since| u32::try_from((now - since).num_minutes().max(0)).unwrap_or(u32::MAX))
}

/// Place in the queue, 1 = next: those whose time to be served came first go first, then by ticket.
#[must_use]
pub fn place(queue: &[(DateTime<Utc>, &str)], mine: (DateTime<Utc>, &str)) -> u32 {
    1 + queue.iter().filter(|other| **other < mine).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + minute * 60, 0).unwrap()
    }

    fn person(n: u128, idle: Option<i64>, busy: Option<i64>, served: u32) -> OnShift {
        OnShift {
            staff: StaffId(uuid::Uuid::from_u128(n)),
            idle_since: idle.map(at),
            busy_until: busy.map(at),
            served,
            position: n as i32,
        }
    }

    fn order(mut people: Vec<OnShift>) -> Vec<u128> {
        by_turn(&mut people);
        people.iter().map(|p| p.staff.0.as_u128()).collect()
    }

    #[test]
    fn the_longest_idle_first_then_who_is_free_soonest() {
        let people = vec![
            person(1, None, Some(90), 2),
            person(2, Some(30), None, 1),
            person(3, Some(10), None, 5),
            person(4, None, Some(40), 0),
            person(5, None, None, 0),
        ];
        assert_eq!(order(people), [3, 2, 4, 1, 5]);
    }

    #[test]
    fn at_the_start_of_the_shift_who_served_less_goes_first() {
        let people =
            vec![person(1, Some(0), None, 1), person(2, Some(0), None, 0), person(3, Some(0), None, 0)];
        assert_eq!(order(people), [2, 3, 1]);
    }

    #[test]
    fn idle_minutes_are_whole_and_never_negative() {
        let idle = person(1, Some(10), None, 0);
        assert_eq!(idle_minutes(&idle, at(24) + Duration::seconds(59)), Some(14));
        assert_eq!(idle_minutes(&idle, at(5)), Some(0));
        assert_eq!(idle_minutes(&person(1, None, Some(5), 0), at(5)), None);
    }

    #[test]
    fn places_follow_time_then_ticket() {
        let queue = [(at(0), "A01"), (at(5), "A03"), (at(5), "A02"), (at(9), "A04")];
        let places: Vec<_> = queue.iter().map(|mine| place(&queue, *mine)).collect();
        assert_eq!(places, [1, 3, 2, 4]);
    }

    proptest! {
        /// Whoever has just served goes behind everyone who is idle: nobody is passed over twice in a row.
        #[test]
        fn everybody_gets_a_turn(n in 2usize..8, rounds in 1usize..30) {
            let mut people: Vec<_> = (0..n).map(|i| person(i as u128, Some(0), None, 0)).collect();
            for round in 0..rounds {
                by_turn(&mut people);
                people[0].served += 1;
                people[0].idle_since = Some(at(round as i64 + 1));
                let (least, most) = people.iter().fold((u32::MAX, 0), |(a, b), p| (a.min(p.served), b.max(p.served)));
                prop_assert!(most - least <= 1);
            }
        }
    }
}
