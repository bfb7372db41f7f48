use super::*;
use crate::booking::{DayRoom, SERVICES_MAX};
use chrono::{Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Europe::Berlin;
use rstest::rstest;

/// Prepare 5, 60 with the customer, clean up 10.
fn facial() -> Blocks {
    blocks(5, 60, 0, 0, 10)
}

#[test]
fn the_time_of_a_slot_is_when_the_customer_begins() {
    let salon = Salon::simple(&[facial()], 1, 1);
    // Open 10:00–14:00; the person is there from 9:30, so preparation may come before the opening.
    assert_eq!(salon.free().first(), Some(&600));
    // The customer is out when the house closes; cleaning up may take until the end of the shift.
    assert_eq!(salon.free().last(), Some(&780));
    assert_eq!(salon.slots().len(), 13);
    let part = &salon.arrange(600).unwrap().parts[0];
    assert_eq!(part.served, span(600, 660));
    assert_eq!(part.taken, [(staff(0).into(), span(595, 670)), (thing(0), span(595, 670))]);
}

#[test]
fn a_late_shift_hides_the_early_times() {
    let mut salon = Salon::simple(&[facial()], 1, 1);
    salon.people[0].2 = vec![span(660, 840)];
    assert_eq!(salon.free(), [675, 690, 705, 720, 735, 750, 765]);
    assert_eq!(salon.slots().len(), 13, "the others are shown as taken");
}

#[test]
fn a_break_is_kept_free() {
    let mut salon = Salon::simple(&[blocks(0, 60, 0, 0, 0)], 1, 1);
    salon.people[0].2 = vec![span(570, 690), span(720, 870)];
    assert_eq!(salon.free(), [600, 615, 630, 720, 735, 750, 765, 780]);
}

#[test]
fn processing_frees_the_person_but_not_the_room() {
    // 20 active, 40 processing, 10 finish.
    let colour = blocks(0, 20, 40, 10, 0);
    let mut salon = Salon::simple(&[colour], 1, 1);
    let first = salon.arrange(600).unwrap();
    assert_eq!(first.parts[0].taken.len(), 3);
    salon.take(&first);
    let quick = (blocks(0, 30, 0, 0, 0), Some("room".into()), vec![]);
    salon.services = vec![quick.clone()];
    assert_eq!(salon.free().first(), Some(&675), "the only room is taken until 11:10");
    salon.rooms.push(("room".into(), vec![]));
    // 10:20–11:00 is free for the person: 10:30–11:00 fits, 10:45 would run into the finish.
    assert_eq!(salon.free()[..2], [630, 675]);
}

#[test]
fn the_notice_and_the_horizon_bound_what_is_offered() {
    let mut salon = Salon::simple(&[facial()], 1, 1);
    salon.earliest = m(721);
    salon.latest = m(765);
    assert_eq!(salon.free(), [735, 750, 765]);
    assert_eq!(salon.slots().len(), 3);
    assert!(salon.arrange(720).is_none());
}

#[test]
fn nobody_without_a_valid_certificate_is_offered() {
    let mut salon = Salon::simple(&[facial()], 2, 1);
    salon.people[0].1 = 0;
    assert_eq!(salon.arrange(600).unwrap().parts[0].staff, staff(1));
    salon.who = Some(staff(0));
    assert!(salon.free().is_empty(), "a wish is not quietly given to another");
    assert_eq!(salon.with(|s| s.room()), DayRoom::Closed);
}

#[test]
fn a_wish_holds_for_what_the_person_has_learnt() {
    let mut salon = Salon::simple(&[facial(), blocks(0, 30, 0, 0, 0)], 2, 2);
    salon.people[0].0 = 0b01;
    salon.people[0].1 = 0b01;
    salon.who = Some(staff(0));
    let parts = salon.arrange(600).unwrap().parts;
    assert_eq!((parts[0].staff, parts[1].staff), (staff(0), staff(1)));
    salon.who = Some(staff(77));
    assert!(salon.free().is_empty());
}

#[test]
fn one_person_beats_less_waiting() {
    // Alone there is a wait of 15 min for cleaning and preparing; with a second person and room there is none.
    let salon = Salon::simple(&[facial(), facial()], 2, 2);
    let a = salon.arrange(600).unwrap();
    assert_eq!((a.changes, a.idle, a.parts[1].served.from), (0, 15, m(675)));
}

#[test]
fn long_clean_up_and_preparation_of_one_person_are_waited_for() {
    let salon = Salon::simple(&[blocks(0, 60, 0, 0, 12), blocks(10, 30, 0, 0, 0)], 1, 1);
    assert_eq!(salon.arrange(600).unwrap().idle, 25);
}

#[test]
fn the_least_loaded_is_asked_first() {
    let mut salon = Salon::simple(&[facial()], 3, 3);
    salon.people[0].3 = vec![span(780, 840)];
    salon.people[1].3 = vec![span(780, 810)];
    salon.people[2].3 = vec![span(780, 850)];
    assert_eq!(salon.arrange(600).unwrap().parts[0].staff, staff(1));
}

#[test]
fn everybody_has_a_room_of_their_own_until_it_is_taken() {
    let mut salon = Salon::simple(&[facial()], 4, 4);
    let mut rooms = Vec::new();
    for n in 0..4 {
        salon.who = Some(staff(n));
        let room = salon.arrange(600).unwrap().parts[0].room;
        assert_eq!(salon.arrange(720).unwrap().parts[0].room, room, "all day");
        assert!(!rooms.contains(&room), "two reach for {room:?}");
        rooms.push(room);
    }
    for (_, busy) in &mut salon.rooms[1..] {
        busy.push(span(570, 870));
    }
    assert_eq!(salon.arrange(600).unwrap().parts[0].room, Some(thing(0)));
}

#[test]
fn person_room_and_device_are_all_needed() {
    let mut salon = Salon::simple(&[facial()], 2, 2);
    salon.services[0].2 = vec!["laser".into()];
    assert!(salon.free().is_empty());
    salon.devices = vec![("laser".into(), vec![span(600, 700)]), ("steam".into(), vec![])];
    assert_eq!(salon.free().first(), Some(&705));
    assert_eq!(salon.arrange(705).unwrap().parts[0].devices, [thing(500)]);
}

#[test]
fn how_full_the_day_is() {
    let mut salon = Salon::simple(&[facial()], 1, 1);
    let room = |salon: &Salon| salon.with(|s| s.room());
    assert_eq!(room(&salon), DayRoom::Plenty);
    salon.people[0].3 = vec![span(600, 690)];
    assert_eq!(room(&salon), DayRoom::Plenty);
    salon.people[0].3 = vec![span(600, 750)];
    assert_eq!(room(&salon), DayRoom::Tight);
    salon.people[0].3 = vec![span(600, 840)];
    assert_eq!(room(&salon), DayRoom::Full);
    salon.people[0].2 = vec![];
    assert_eq!(room(&salon), DayRoom::Closed);
    salon.opening = vec![];
    assert_eq!(room(&salon), DayRoom::Closed);
}

#[test]
fn the_nearest_free_times_in_order() {
    let slots: Vec<Slot> = (0..10).map(|i| Slot { at: i * 15, free: i % 3 != 0 }).collect();
    assert_eq!(nearest(&slots, 45, 3), [15, 30, 60]);
    assert_eq!(nearest(&slots, 1000, 1), [120]);
}

#[test]
fn a_request_for_nothing_has_no_times() {
    let mut salon = Salon::simple(&[], 2, 2);
    assert!(salon.slots().is_empty());
    salon.services = vec![(blocks(0, 0, 0, 0, 0), None, vec![])];
    assert!(salon.free().is_empty());
    salon.services = vec![(facial(), None, vec![]); SERVICES_MAX + 1];
    assert!(salon.slots().is_empty());
}

/// A bathhouse that is open over the night in which the clocks change: the times offered follow each other at the
/// step in real time, and the last customer is out when it closes.
#[rstest]
#[case("2026-03-28", 7)]
#[case("2026-10-24", 9)]
#[case("2026-06-12", 8)]
fn nights_with_and_without_a_change_of_clocks(#[case] date: NaiveDate, #[case] hours: i64) {
    let wall = |hour: i64| {
        let time = date.and_time(NaiveTime::MIN) + Duration::hours(hour);
        Berlin.from_local_datetime(&time).single().unwrap().timestamp_millis()
    };
    let open = Span { from: wall(22), to: wall(30) };
    assert_eq!(open.length(), hours * 60 * MINUTE);
    let mut salon = Salon::simple(&[blocks(0, 60, 0, 0, 0)], 1, 1);
    salon.opening = vec![open];
    salon.people[0].2 = vec![open];
    salon.earliest = open.from;
    let slots = salon.slots();
    assert!(slots.iter().all(|s| s.free));
    assert_eq!(slots.len() as i64, (hours - 1) * 4 + 1);
    assert!(slots.windows(2).all(|pair| pair[1].at - pair[0].at == 15 * MINUTE));
    assert_eq!(slots.last().unwrap().at + 60 * MINUTE, open.to);
}
