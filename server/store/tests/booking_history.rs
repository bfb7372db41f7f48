//! C-12: what many see who book, move and cancel at the same time could have been seen had they come one after the other.
//! Each answer is kept with the moments at which it was asked for and given; then an order is searched that agrees with
//! them and with a model of a few lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod booking_help;

use booking_help::*;
use chrono::Duration;
use domain::{
    Refusal,
    booking::{BookingView, Hold, HoldView},
};
use fixture::{HYDRATE, LIN};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Error, OpContext, booking, both_databases};

/// Times of one person that do not touch each other.
const TIMES: [&str; 3] = ["2026-06-20 10:15", "2026-06-20 11:45", "2026-06-20 15:00"];
const CLIENTS: usize = 4;
const EACH: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    /// Of a time, by the number of this operation.
    Hold(usize),
    Enter(usize),
    /// Of what an operation has made.
    Release(usize),
    Cancel(usize),
    Move(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Done,
    Taken,
    /// It is over already.
    Over,
    /// Somebody else changed it at the same moment.
    Stale,
}

#[derive(Clone, Debug)]
struct Event {
    op: Op,
    answer: Answer,
    from: u64,
    to: u64,
}

/// What is: the time that each operation's booking has, `None` once it is over.
type State = BTreeMap<usize, Option<usize>>;

/// The model: what an operation, numbered `n`, does and answers when nobody else acts.
fn step(state: &State, n: usize, event: &Event) -> Option<State> {
    let free =
        |time: usize, own: Option<usize>| state.iter().all(|(id, at)| *at != Some(time) || Some(*id) == own);
    let lives = |id: usize| state.get(&id).copied().flatten();
    let mut next = state.clone();
    let want = match event.op {
        Op::Hold(time) | Op::Enter(time) if free(time, None) => {
            next.insert(n, Some(time));
            Answer::Done
        }
        Op::Hold(_) | Op::Enter(_) => Answer::Taken,
        Op::Release(id) | Op::Cancel(id) => {
            // Giving back twice is giving back once.
            next.insert(id, None);
            Answer::Done
        }
        Op::Move(id, _) if lives(id).is_none() => Answer::Over,
        Op::Move(id, time) if free(time, Some(id)) => {
            next.insert(id, Some(time));
            Answer::Done
        }
        Op::Move(..) => Answer::Taken,
    };
    if event.answer == Answer::Stale {
        return Some(state.clone());
    }
    (want == event.answer).then_some(next)
}

fn subject(op: Op) -> Option<usize> {
    match op {
        Op::Hold(_) | Op::Enter(_) => None,
        Op::Release(id) | Op::Cancel(id) | Op::Move(id, _) => Some(id),
    }
}

/// Searches an order: of those not yet in it, any that was not asked for after another one was answered.
fn linearizable(events: &[Event]) -> bool {
    fn go(done: u64, state: &State, events: &[Event], dead: &mut HashSet<(u64, State)>) -> bool {
        if done.count_ones() as usize == events.len() {
            return true;
        }
        if dead.contains(&(done, state.clone())) {
            return false;
        }
        let open = || (0..events.len()).filter(|n| done >> n & 1 == 0);
        let first_answer = open().map(|n| events[n].to).min().unwrap();
        for n in open().filter(|n| events[*n].from <= first_answer) {
            if let Some(next) = step(state, n, &events[n])
                && go(done | 1 << n, &next, events, dead)
            {
                return true;
            }
        }
        dead.insert((done, state.clone()));
        false
    }
    go(0, &State::new(), events, &mut HashSet::new())
}

/// Being told "somebody else changed it" is only true when somebody else was at it at that time.
fn stale_for_a_reason(events: &[Event]) -> bool {
    events.iter().enumerate().filter(|(_, e)| e.answer == Answer::Stale).all(|(n, e)| {
        events.iter().enumerate().any(|(m, other)| {
            m != n && subject(other.op) == subject(e.op) && other.from < e.to && e.from < other.to
        })
    })
}

enum Made {
    Held(Box<HoldView>),
    Booked(Box<BookingView>),
}

struct Round {
    clock: AtomicU64,
    events: Mutex<Vec<Option<Event>>>,
    made: Mutex<Vec<(usize, Arc<Made>)>>,
}

impl Round {
    fn pick(&self, dice: u64) -> Option<(usize, Arc<Made>)> {
        let made = self.made.lock().unwrap();
        (!made.is_empty()).then(|| made[dice as usize % made.len()].clone())
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }
}

fn judged<T>(answer: Result<T, Error>) -> (Answer, Option<T>) {
    match answer {
        Ok(made) => (Answer::Done, Some(made)),
        Err(Error::Refused(Refusal::SlotTaken { .. })) => (Answer::Taken, None),
        Err(Error::Refused(Refusal::WrongState { .. })) => (Answer::Over, None),
        Err(Error::Refused(Refusal::Stale)) => (Answer::Stale, None),
        Err(other) => panic!("{other:?}"),
    }
}

async fn act(cx: &OpContext, phone: &OpContext, round: &Round, n: usize, dice: u64) {
    let time = dice as usize / 8 % TIMES.len();
    let chosen = round.pick(dice / 64);
    let from = round.tick();
    let (op, answer, made) = match (dice % 8, chosen) {
        (0..=2, _) | (_, None) if dice.is_multiple_of(2) => {
            let cmd = Hold {
                branch: "jingan".into(),
                services: vec![HYDRATE],
                who: Some(LIN),
                at: fixture::at(TIMES[time]),
                key: key(),
            };
            let (answer, made) = judged(booking::hold(phone, cmd).await);
            (Op::Hold(time), answer, made.map(|view| Made::Held(Box::new(view))))
        }
        (0..=2, _) | (_, None) => {
            let cmd = enter_of(&[HYDRATE], Some(LIN), TIMES[time]);
            let (answer, made) = judged(booking::enter(cx, fixture::JINGAN, cmd).await);
            (Op::Enter(time), answer, made.map(|view| Made::Booked(Box::new(view))))
        }
        (kind, Some((id, made))) => match &*made {
            Made::Held(held) => (Op::Release(id), judged(booking::release(phone, &held.token).await).0, None),
            Made::Booked(view) if kind < 5 => {
                (Op::Cancel(id), judged(booking::cancel(cx, cancel_of(view)).await).0, None)
            }
            Made::Booked(view) => {
                let cmd = move_of(view, Some(LIN), TIMES[time]);
                (Op::Move(id, time), judged(booking::reschedule(cx, cmd).await).0, None)
            }
        },
    };
    let to = round.tick();
    round.events.lock().unwrap()[n] = Some(Event { op, answer, from, to });
    if let Some(made) = made {
        round.made.lock().unwrap().push((n, Arc::new(made)));
    }
}

/// One round of a few clients, each doing a few things; gives what was answered.
async fn history(h: &Harness, stores: &[Arc<store::Store>], seed: u64) -> Vec<Event> {
    let round = Arc::new(Round {
        clock: AtomicU64::new(0),
        events: Mutex::new(vec![None; CLIENTS * EACH]),
        made: Mutex::default(),
    });
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let store = stores[client % stores.len()].clone();
        let (cx, phone) =
            (OpContext { store: store.clone(), ..h.desk() }, OpContext { store, ..h.stranger() });
        let round = round.clone();
        tasks.spawn(async move {
            let mut dice = seed * 1_000_003 + client as u64 * 7919;
            for i in 0..EACH {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                act(&cx, &phone, &round, client * EACH + i, dice >> 33).await;
            }
        });
    }
    tasks.join_all().await;
    round.events.lock().unwrap().iter().cloned().map(Option::unwrap).collect()
}

both_databases! {
    /// Over two processes of one database, too.
    async fn a_history_of_many_could_have_been_one_after_the_other(h: Harness) {
        let stores = [h.store.clone(), h.second().await];
        let mut seen = BTreeMap::<String, usize>::new();
        for seed in 0..24 {
            let events = history(&h, &stores[..1 + seed as usize % 2], seed).await;
            assert!(linearizable(&events), "round {seed}: no order explains {events:#?}");
            assert!(stale_for_a_reason(&events), "round {seed}: {events:#?}");
            for event in &events {
                *seen.entry(format!("{:?}", event.answer)).or_default() += 1;
            }
            assert_eq!(h.overlaps().await, 0);
            h.sql("UPDATE allocation SET active = FALSE WHERE active").await;
            h.sql("UPDATE booking SET state = 'expired' WHERE state = 'held'").await;
            h.advance(Duration::minutes(10));
        }
        assert!(seen["Done"] > 100 && seen["Taken"] > 50, "{seen:?}");
    }
}

/// The search finds what cannot be: two have the same time, or a time is refused that nobody has.
#[test]
fn what_cannot_be_is_found() {
    let event = |op, answer, from, to| Event { op, answer, from, to };
    let twice = [event(Op::Enter(0), Answer::Done, 0, 3), event(Op::Enter(0), Answer::Done, 1, 2)];
    assert!(!linearizable(&twice));
    let for_nothing = [event(Op::Hold(0), Answer::Taken, 0, 1), event(Op::Hold(0), Answer::Done, 2, 3)];
    assert!(!linearizable(&for_nothing));
    let at_the_same_time = [event(Op::Hold(0), Answer::Taken, 0, 2), event(Op::Hold(0), Answer::Done, 1, 3)];
    assert!(linearizable(&at_the_same_time));
    let lost = [
        event(Op::Enter(0), Answer::Done, 0, 1),
        event(Op::Cancel(0), Answer::Done, 2, 3),
        event(Op::Enter(0), Answer::Taken, 4, 5),
    ];
    assert!(!linearizable(&lost));
}
