//! How long somebody will wait (DESK-2): the queue is served in order, each service by the qualified person who can
//! begin first, in a room of its kind that is free for as long.

use crate::{
    ids::StaffId,
    time::{Interval, IntervalSet},
};
use chrono::{DateTime, Duration, Utc};

/// Minutes within which whoever has a ticket is received, once somebody is free: what the ticket says holds for so long.
/// Nobody is told "now" who could no longer begin after finding a seat and hanging up a coat.
pub const RECEIVED_WITHIN: i64 = 5;

/// Minutes by which what goes before may take longer: who is told to wait for its end is not told so for a gap that would
/// then be too short.
pub const OVERRUN: i64 = 8;

/// Somebody in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Until when what was said has to hold: [`RECEIVED_WITHIN`] after the wait began.
    pub until: DateTime<Utc>,
    pub needs: Vec<Need>,
}

/// One service somebody in the queue needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub qualification: String,
    /// `None`: needs no room of its own.
    pub room_type: Option<String>,
    /// Minutes the person and the room are taken.
    pub minutes: u32,
    /// 点钟: nobody else will do.
    pub who: Option<StaffId>,
}

/// Someone who serves, with the time that is not given away yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub staff: StaffId,
    /// Certified today.
    pub qualifications: Vec<String>,
    /// On shift, without breaks, bookings and what is under way.
    pub free: IntervalSet,
}

/// A room with the time that is not given away yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub room_type: String,
    pub free: IntervalSet,
}

/// When the first service of each visit of `queue` is expected to begin, and with whom. `None`: nobody qualified has
/// the time today. `people` stand in the order of their turn. Later services of a visit follow one another and take people
/// and rooms from those behind.
///
/// A start is only said when it can be kept: the time before the next booking is long enough, too, for a beginning at
/// [`Waiting::until`], and after somebody else for one that is late by [`OVERRUN`].
#[must_use]
pub fn estimate(
    now: DateTime<Utc>,
    queue: &[Waiting],
    mut people: Vec<Server>,
    mut rooms: Vec<Place>,
) -> Vec<Option<(DateTime<Utc>, StaffId)>> {
    queue.iter().map(|visit| serve(now, visit, &mut people, &mut rooms)).collect()
}

/// Minutes from `now` to `start`, begun ones count; 0 when it is already past.
#[must_use]
pub fn wait_minutes(now: DateTime<Utc>, start: DateTime<Utc>) -> u32 {
    let seconds = (start - now).num_seconds().max(0);
    u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX)
}

fn serve(
    now: DateTime<Utc>,
    visit: &Waiting,
    people: &mut [Server],
    rooms: &mut [Place],
) -> Option<(DateTime<Utc>, StaffId)> {
    let (mut when, mut first) = (When { from: now, until: visit.until }, None);
    for need in &visit.needs {
        let Some(found) = earliest(when, need, people, rooms) else { break };
        take(&mut people[found.person].free, &found.time);
        if let Some(room) = found.room {
            take(&mut rooms[room].free, &found.time);
        }
        first = first.or(Some((found.time.from, people[found.person].staff)));
        when.from = found.time.to;
        when.until += found.time.to - found.time.from;
    }
    first
}

/// When a service may begin.
#[derive(Clone, Copy)]
struct When {
    /// At the earliest.
    from: DateTime<Utc>,
    /// So late it has to be possible still, when somebody is free earlier.
    until: DateTime<Utc>,
}

struct Found {
    time: Interval,
    person: usize,
    room: Option<usize>,
}

/// The earliest time for one service. Of those who can begin at the same moment the first of `people` goes: they stand
/// in the order of their turn (DESK-3).
fn earliest(when: When, need: &Need, people: &[Server], rooms: &[Place]) -> Option<Found> {
    let able = people.iter().enumerate().filter(|(_, p)| {
        need.who.is_none_or(|who| who == p.staff) && p.qualifications.contains(&need.qualification)
    });
    able.filter_map(|(person, p)| {
        let (time, room) = match &need.room_type {
            None => (first_fit(&p.free, when, need.minutes)?, None),
            Some(kind) => rooms
                .iter()
                .enumerate()
                .filter(|(_, room)| room.room_type == *kind)
                .filter_map(|(i, room)| {
                    let both = p.free.intersection(&room.free);
                    Some((first_fit(&both, when, need.minutes)?, Some(i)))
                })
                .min_by_key(|(time, i)| (time.from, *i))?,
        };
        Some(Found { time, person, room })
    })
    .min_by_key(|found| (found.time.from, found.person))
}

/// The first `minutes` in a row of `free` that can be kept.
fn first_fit(free: &IntervalSet, when: When, minutes: u32) -> Option<Interval> {
    let length = Duration::minutes(i64::from(minutes.max(1)));
    free.intervals().iter().find_map(|part| {
        let start = part.from.max(when.from);
        // Somebody else is there until then.
        let late = if start > when.from { start + Duration::minutes(OVERRUN) } else { start };
        (late.max(when.until) + length <= part.to).then(|| Interval { from: start, to: start + length })
    })
}

fn take(free: &mut IntervalSet, time: &Interval) {
    *free = free.minus(&IntervalSet::from_intervals(vec![*time]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + minute * 60, 0).unwrap()
    }

    fn free(parts: &[(i64, i64)]) -> IntervalSet {
        IntervalSet::from_intervals(parts.iter().filter_map(|(a, b)| Interval::new(at(*a), at(*b))).collect())
    }

    fn person(n: u128, skills: &[&str], parts: &[(i64, i64)]) -> Server {
        Server {
            staff: StaffId(uuid::Uuid::from_u128(n)),
            qualifications: skills.iter().map(|s| (*s).to_owned()).collect(),
            free: free(parts),
        }
    }

    fn need(skill: &str, minutes: u32) -> Need {
        Need { qualification: skill.into(), room_type: None, minutes, who: None }
    }

    /// As if they had waited for a while.
    fn waiting(queue: &[Vec<Need>]) -> Vec<Waiting> {
        queue.iter().map(|needs| Waiting { until: at(-1), needs: needs.clone() }).collect()
    }

    fn waits(queue: &[Vec<Need>], people: Vec<Server>, rooms: Vec<Place>) -> Vec<Option<u32>> {
        estimate(at(0), &waiting(queue), people, rooms)
            .into_iter()
            .map(|e| e.map(|(t, _)| wait_minutes(at(0), t)))
            .collect()
    }

    #[rstest]
    #[case::free_now(&[(0, 480)], Some(0))]
    #[case::busy_for_twenty(&[(20, 480)], Some(20))]
    #[case::the_gap_before_the_next_booking_is_too_short(&[(0, 45), (90, 480)], Some(90))]
    #[case::the_gap_fits_exactly(&[(0, 60), (90, 480)], Some(0))]
    #[case::after_somebody_else_it_has_to_allow_for_more(&[(5, 72), (90, 480)], Some(90))]
    #[case::and_does(&[(5, 73), (90, 480)], Some(5))]
    #[case::the_shift_ends_too_soon(&[(0, 59)], None)]
    fn one_person(#[case] parts: &[(i64, i64)], #[case] want: Option<u32>) {
        assert_eq!(waits(&[vec![need("face", 60)]], vec![person(1, &["face"], parts)], vec![]), [want]);
    }

    #[rstest]
    #[case::the_gap_allows_for_a_late_beginning(&[(0, 65), (90, 480)], 0)]
    #[case::a_minute_less_and_it_is_not_promised(&[(0, 64), (90, 480)], 90)]
    #[case::nor_what_begins_within_the_five_minutes(&[(4, 64), (90, 480)], 90)]
    #[case::what_begins_later_is_not_late(&[(6, 74), (90, 480)], 6)]
    fn somebody_who_has_just_come(#[case] parts: &[(i64, i64)], #[case] want: i64) {
        let one = Waiting { until: at(RECEIVED_WITHIN), needs: vec![need("face", 60)] };
        let people = vec![person(1, &["face"], parts)];
        assert_eq!(estimate(at(0), &[one], people, vec![])[0].unwrap().0, at(want));
    }

    #[test]
    fn the_queue_spreads_over_all_who_can() {
        let queue = vec![vec![need("face", 60)]; 4];
        let people = vec![person(1, &["face"], &[(0, 480)]), person(2, &["face"], &[(30, 480)])];
        assert_eq!(waits(&queue, people, vec![]), [Some(0), Some(30), Some(60), Some(90)]);
    }

    #[test]
    fn only_the_qualified_count_and_the_turn_decides_between_them() {
        let queue = vec![vec![need("face", 60)], vec![need("laser", 30)], vec![need("bath", 30)]];
        let (both, face) = (person(1, &["face", "laser"], &[(0, 480)]), person(2, &["face"], &[(0, 480)]));
        assert_eq!(waits(&queue, vec![face.clone(), both.clone()], vec![]), [Some(0), Some(0), None]);
        assert_eq!(waits(&queue, vec![both, face], vec![]), [Some(0), Some(60), None]);
    }

    #[test]
    fn a_wished_for_person_is_waited_for() {
        let wished = Need { who: Some(StaffId(uuid::Uuid::from_u128(2))), ..need("face", 60) };
        let people = vec![person(1, &["face"], &[(0, 480)]), person(2, &["face"], &[(40, 480)])];
        assert_eq!(waits(&[vec![wished]], people, vec![]), [Some(40)]);
    }

    #[test]
    fn rooms_limit_too() {
        let bed = Need { room_type: Some("bed".into()), ..need("face", 60) };
        let queue = vec![vec![bed.clone()], vec![bed]];
        let people = vec![person(1, &["face"], &[(0, 480)]), person(2, &["face"], &[(0, 480)])];
        let one = vec![Place { room_type: "bed".into(), free: free(&[(10, 480)]) }];
        assert_eq!(waits(&queue, people, one), [Some(10), Some(70)]);
    }

    #[test]
    fn later_services_of_a_visit_hold_up_those_behind() {
        let queue =
            vec![vec![need("face", 60), need("hand", 30)], vec![need("hand", 30)], vec![need("hand", 60)]];
        let people = vec![person(1, &["face"], &[(0, 480)]), person(2, &["hand"], &[(0, 480)])];
        assert_eq!(waits(&queue, people, vec![]), [Some(0), Some(0), Some(90)]);
    }

    #[test]
    fn begun_minutes_count() {
        assert_eq!(wait_minutes(at(0), at(0) + Duration::seconds(1)), 1);
        assert_eq!(wait_minutes(at(5), at(0)), 0);
    }

    proptest! {
        /// With one skill, no rooms and people who stay, the answer is that of a simulation: whoever is free first
        /// takes the next in line.
        #[test]
        fn equals_a_simulation(
            free_at in prop::collection::vec(0i64..120, 1..6),
            lengths in prop::collection::vec(1u32..90, 1..12),
        ) {
            let people: Vec<_> =
                free_at.iter().enumerate().map(|(i, at)| person(i as u128, &["a"], &[(*at, 100_000)])).collect();
            let queue: Vec<_> = lengths.iter().map(|n| vec![need("a", *n)]).collect();
            let mut ready = free_at;
            let want: Vec<_> = lengths.iter().map(|n| {
                ready.sort_unstable();
                let start = ready[0];
                ready[0] += i64::from(*n);
                Some(start as u32)
            }).collect();
            prop_assert_eq!(waits(&queue, people, vec![]), want);
        }

        /// Whoever is told "now" on arrival is told so until the time to be received is over, while nobody does anything.
        /// Whoever is in front is told so, too: those who wait for later may come to fit before somebody else.
        #[test]
        fn now_stays_now(
            busy in prop::collection::vec((0usize..4, -10i64..150, 1i64..60), 0..12),
            queue in prop::collection::vec(prop::collection::vec((0usize..2, 1u32..60, any::<bool>()), 1..4), 1..5),
        ) {
            let set = |who| {
                let taken: Vec<_> = busy.iter().filter(|b| b.0 == who).map(|(_, a, n)| (*a, a + n)).collect();
                free(&[(-10, 200)]).minus(&free(&taken))
            };
            let skills: [&[&str]; 2] = [&["a"], &["a", "b"]];
            let people: Vec<_> = (0..2)
                .map(|i| Server { free: set(i), ..person(i as u128, skills[i], &[]) })
                .collect();
            let rooms: Vec<_> = (2..4).map(|i| Place { room_type: "bed".into(), free: set(i) }).collect();
            let need = |&(skill, minutes, bed): &(usize, u32, bool)| Need {
                room_type: bed.then(|| "bed".into()),
                ..need(["a", "b"][skill], minutes)
            };
            let queue: Vec<_> = queue
                .iter()
                .map(|needs| Waiting { until: at(RECEIVED_WITHIN), needs: needs.iter().map(need).collect() })
                .collect();
            let told = estimate(at(0), &queue, people.clone(), rooms.clone());
            for later in 1..=RECEIVED_WITHIN {
                let then = estimate(at(later), &queue, people.clone(), rooms.clone());
                let now = told.iter().zip(then).take_while(|(told, _)| told.is_some_and(|(start, _)| start == at(0)));
                for (_, then) in now {
                    prop_assert_eq!(then.map(|(start, _)| start), Some(at(later)));
                }
            }
        }

        /// One more person never makes the first in line wait longer, and nobody is promised time that is taken.
        #[test]
        fn help_never_hurts_the_first(
            busy in prop::collection::vec((0i64..200, 1i64..60), 0..5),
            minutes in 1u32..90,
        ) {
            let taken = free(&busy.iter().map(|(a, n)| (*a, a + n)).collect::<Vec<_>>());
            let set = free(&[(0, 600)]).minus(&taken);
            let one = Server { free: set.clone(), ..person(1, &["a"], &[]) };
            let queue = waiting(&[vec![need("a", minutes)]]);
            let alone = estimate(at(0), &queue, vec![one.clone()], vec![])[0];
            let helped = estimate(at(0), &queue, vec![one, person(2, &["a"], &[(50, 600)])], vec![])[0];
            if let Some((start, _)) = alone {
                prop_assert!(set.covers(&Interval::minutes(start, minutes).unwrap()));
                prop_assert!(helped.is_some_and(|(sooner, _)| sooner <= start));
            }
        }
    }
}
