use super::*;
use proptest::prelude::*;

/// Spans in steps of five minutes between 9:30 and 13:30, sorted and disjoint.
fn spans(most: usize) -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec((0i64..48, 1i64..12), 0..=most).prop_map(|list| {
        joined(list.into_iter().map(|(from, len)| span(570 + from * 5, 570 + (from + len) * 5)).collect())
    })
}

fn some_blocks() -> impl Strategy<Value = Blocks> {
    (0u32..3, 1u32..7, prop_oneof![Just(0u32), 1u32..7], 0u32..3, 0u32..5)
        .prop_map(|(a, b, c, d, e)| blocks(a * 5, b * 5, c * 5, d * 5, e * 5))
}

fn kind(list: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(list).prop_map(str::to_owned)
}

fn service() -> impl Strategy<Value = (Blocks, Option<String>, Vec<String>)> {
    let devices = prop_oneof![4 => Just(vec![]), 1 => Just(vec!["x".to_owned()]), 1 => Just(vec!["x".to_owned(), "y".to_owned()])];
    (some_blocks(), prop::option::weighted(0.8, kind(&["a", "b"])), devices)
}

fn person() -> impl Strategy<Value = (u8, u8, Vec<Span>, Vec<Span>)> {
    let rota = prop_oneof![Just(vec![span(570, 810)]), spans(3)];
    (prop_oneof![Just(255u8), any::<u8>()], prop_oneof![Just(255u8), any::<u8>()], rota, spans(3))
}

fn salon() -> impl Strategy<Value = Salon> {
    let opening = prop_oneof![
        Just(vec![span(600, 780)]),
        Just(vec![span(600, 690), span(720, 810)]),
        Just(vec![span(595, 600), span(615, 780)]),
    ];
    (
        opening,
        prop::collection::vec(service(), 1..=3),
        prop::collection::vec(person(), 1..=4),
        prop::collection::vec((kind(&["a", "b"]), spans(2)), 0..=3),
        prop::collection::vec((kind(&["x", "y"]), spans(2)), 0..=3),
        prop::option::weighted(0.3, 0u128..5),
        prop::sample::select(vec![5u32, 15, 30]),
        (500i64..700, 600i64..900),
    )
        .prop_map(|(opening, services, people, rooms, devices, who, step, (earliest, latest))| Salon {
            opening,
            services,
            people,
            rooms,
            devices,
            who: who.map(staff),
            step,
            earliest: m(earliest),
            latest: m(latest),
        })
}

/// Nothing in it overlaps, neither within itself nor with what was taken before, and everyone is allowed and at work.
fn check(salon: &Salon, a: &Arrangement, at: i64) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.served().from, at);
    let all: Vec<(ResourceId, Span)> = a.taken().collect();
    for (i, (resource, span)) in all.iter().enumerate() {
        for (other, theirs) in &all[..i] {
            prop_assert!(resource != other || !span.overlaps(theirs), "{:?}", all);
        }
    }
    for (i, part) in a.parts.iter().enumerate() {
        let n = part.staff.0.as_u128() as usize;
        let (can, may, rota, _) = &salon.people[n];
        prop_assert!(can & may & (1 << i) != 0);
        for (resource, span) in &part.taken {
            if *resource == ResourceId::from(part.staff) {
                prop_assert!(rota.iter().any(|shift| shift.contains(span)));
            }
        }
        prop_assert_eq!(part.room.is_some(), salon.services[i].1.is_some());
        prop_assert_eq!(part.devices.len(), salon.services[i].2.len());
        prop_assert!(salon.opening.iter().any(|open| open.contains(&a.served())));
    }
    let mut after = salon.clone();
    after.take(a);
    for busy in after.all_busy() {
        for pair in busy.windows(2) {
            prop_assert!(!pair[0].overlaps(&pair[1]), "{:?}", busy);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn slots_and_arrangements_equal_the_slow_way(salon in salon()) {
        let slots = salon.slots();
        for slot in &slots {
            let want = oracle::best(&salon, slot.at);
            prop_assert_eq!(slot.free, want.is_some(), "{}", (slot.at - m(0)) / MINUTE);
            let got = salon.with(|search| search.arrange(slot.at));
            prop_assert_eq!(got.as_ref().map(|a| (a.changes, a.idle, a.load)), want);
            if let Some(a) = got {
                check(&salon, &a, slot.at)?;
            }
        }
        let free: Vec<i64> = slots.iter().filter(|s| s.free).map(|s| s.at).collect();
        prop_assert_eq!(salon.with(|s| s.free()), free);
        prop_assert_eq!(salon.with(|s| s.first_free()), slots.iter().find(|s| s.free).map(|s| s.at));
        // Nothing is forgotten: no minute that is not a time of the day would be one.
        for open in &salon.opening {
            let mut at = open.from;
            while at < open.to {
                prop_assert!(oracle::best(&salon, at).is_none() || slots.iter().any(|s| s.at == at));
                at += i64::from(salon.step) * MINUTE;
            }
        }
    }

    #[test]
    fn taking_time_never_adds_a_slot(salon in salon(), who in 0usize..4, more in spans(2)) {
        let before = salon.free();
        let mut after = salon.clone();
        let n = who % after.people.len();
        after.people[n].3 = joined(after.people[n].3.iter().copied().chain(more.clone()).collect());
        if let Some(room) = after.rooms.first_mut() {
            room.1 = joined(room.1.iter().copied().chain(more).collect());
        }
        prop_assert!(after.free().iter().all(|at| before.contains(at)));
        prop_assert_eq!(salon.slots().len(), after.slots().len(), "the times themselves do not depend on who is busy");
    }

    #[test]
    fn a_day_booked_until_nothing_is_free_has_no_overlap(mut salon in salon(), picks in prop::collection::vec(any::<prop::sample::Index>(), 40)) {
        salon.services.truncate(2);
        for pick in picks {
            let free = salon.free();
            if free.is_empty() {
                break;
            }
            let at = free[pick.index(free.len())];
            let a = salon.arrange(at).unwrap();
            check(&salon, &a, m(at))?;
            salon.take(&a);
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(salon in salon()) {
        for at in salon.free() {
            prop_assert_eq!(salon.arrange(at), salon.arrange(at));
        }
    }

    #[test]
    fn span_algebra(a in spans(5), b in spans(5)) {
        let inside = |set: &[Span], at: i64| set.iter().any(|s| s.from <= at && at < s.to);
        let (rest, both) = (without(&a, &b), common(&a, &b));
        for minute in (570..900).step_by(5).map(m) {
            prop_assert_eq!(inside(&rest, minute), inside(&a, minute) && !inside(&b, minute));
            prop_assert_eq!(inside(&both, minute), inside(&a, minute) && inside(&b, minute));
        }
    }
}
