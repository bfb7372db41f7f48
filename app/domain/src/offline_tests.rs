use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const STATES: [StepState; 3] = [StepState::Open, StepState::Done, StepState::Skipped];

fn id(n: u8) -> StepId {
    StepId(uuid::Uuid::from_u128(n.into()))
}

fn tick(seq: u32, step: u8, seen: Option<StepState>, state: StepState) -> Waiting {
    let act = Act::Tick { step: id(step), state, reason: String::new(), seen };
    Waiting { seq, key: format!("k{seq}"), item: VisitServiceId::new(), at: 0, act, trouble: None }
}

fn note(seq: u32) -> Waiting {
    Waiting { act: Act::Note { text: "n".into() }, ..tick(seq, 0, None, StepState::Open) }
}

#[test]
fn the_device_shows_what_was_done_on_it() {
    let queue = [tick(1, 1, Some(StepState::Open), StepState::Done), note(2)];
    let here = shown(StepState::Open, &queue, id(1));
    assert_eq!(here, Shown { state: StepState::Done, waits: true, trouble: false });
    assert_eq!(
        shown(StepState::Open, &queue, id(2)),
        Shown { state: StepState::Open, waits: false, trouble: false }
    );
}

#[test]
fn what_was_refused_shows_the_servers_state() {
    let mut queue = vec![tick(1, 1, Some(StepState::Open), StepState::Done)];
    queue[0].trouble = Some(Trouble::Changed);
    let here = shown(StepState::Skipped, &queue, id(1));
    assert_eq!(here, Shown { state: StepState::Skipped, waits: true, trouble: true });
    assert_eq!(next(&queue), None, "it waits for a word");
    queue[0].insist();
    assert_eq!(shown(StepState::Skipped, &queue, id(1)).state, StepState::Done);
    assert!(matches!(next(&queue).unwrap().act, Act::Tick { seen: None, .. }));
}

#[test]
fn trouble_holds_its_own_step_only() {
    let mut queue = vec![
        tick(1, 1, None, StepState::Done),
        tick(2, 1, None, StepState::Open),
        tick(3, 2, None, StepState::Done),
    ];
    queue[0].trouble = Some(Trouble::Changed);
    assert_eq!(next(&queue).unwrap().seq, 3);
}

#[test]
fn merging_by_table() {
    use StepState::{Done, Open, Skipped};
    let table = [
        (Open, Some(Open), Done, Merge::Apply),
        (Done, Some(Open), Done, Merge::Already),
        (Skipped, Some(Open), Done, Merge::Changed),
        (Done, Some(Open), Skipped, Merge::Changed),
        (Open, Some(Done), Open, Merge::Already),
        (Skipped, None, Done, Merge::Apply),
    ];
    for (now, seen, wanted, want) in table {
        assert_eq!(merge(now, seen, wanted), want, "{now:?} {seen:?} {wanted:?}");
    }
}

#[test]
fn the_servers_clock_rules() {
    let at = |s: i64| DateTime::from_timestamp(s, 0).unwrap();
    let now = at(1_000_000);
    assert_eq!(done_at(now, Some(at(999_000)), 120), at(999_880));
    assert_eq!(done_at(now, Some(at(999_990)), 120), at(999_990), "not before it began");
    assert_eq!(done_at(now, None, 0), now);
    assert_eq!(done_at(now, Some(at(1_000_500)), 3), now, "never in the future");
    assert_eq!(done_at(now, None, u32::MAX), now - TimeDelta::days(1));
    let mut act = note(1);
    act.at = 10_000;
    assert_eq!((act.ago(75_500), act.ago(5)), (65, 0), "a clock that was set back says now");
}

#[test]
fn a_late_tick_needs_its_key() {
    let form = LateTickForm {
        step: id(1).to_string(),
        state: "done".into(),
        seen: "later".into(),
        ..LateTickForm::default()
    };
    let fields: Vec<_> = form.check().unwrap_err().into_iter().map(|error| error.field).collect();
    assert_eq!(fields, ["key", "seen"]);
}

/// What happens around a tablet that is cut off.
#[derive(Clone, Debug)]
enum Happens {
    /// The person at the tablet.
    Here(u8, StepState),
    NoteHere,
    /// Somebody else, directly on the server.
    There(u8, StepState),
    /// An attempt to send; the reply may be lost on the way.
    Send {
        lost: bool,
    },
    Keep,
    Discard,
}

fn happens() -> impl Strategy<Value = Happens> {
    let state = prop::sample::select(STATES.to_vec());
    prop_oneof![
        4 => (0..3u8, state.clone()).prop_map(|(step, state)| Happens::Here(step, state)),
        1 => Just(Happens::NoteHere),
        2 => (0..3u8, state).prop_map(|(step, state)| Happens::There(step, state)),
        4 => any::<bool>().prop_map(|lost| Happens::Send { lost }),
        1 => Just(Happens::Keep),
        1 => Just(Happens::Discard),
    ]
}

/// A server as the store behaves: keys once, ticks merged.
#[derive(Default)]
struct Server {
    steps: BTreeMap<u8, StepState>,
    keys: BTreeSet<String>,
    /// Sequence numbers in the order in which they took effect.
    taken: Vec<u32>,
}

impl Server {
    fn step(&self, step: u8) -> StepState {
        self.steps.get(&step).copied().unwrap_or(StepState::Open)
    }

    fn take(&mut self, act: &Waiting) -> Result<(), Trouble> {
        if self.keys.contains(&act.key) {
            return Ok(());
        }
        if let Act::Tick { step, state, seen, .. } = &act.act {
            let n = step.0.as_u128() as u8;
            match merge(self.step(n), *seen, *state) {
                Merge::Apply => {
                    self.steps.insert(n, *state);
                }
                Merge::Already => {}
                Merge::Changed => return Err(Trouble::Changed),
            }
        }
        self.keys.insert(act.key.clone());
        self.taken.push(act.seq);
        Ok(())
    }
}

proptest! {
    /// Whatever happens: nothing done here is lost or counted twice, acts on one step take effect in their order, and
    /// the tablet shows what was done on it last unless that is in trouble.
    #[test]
    fn nothing_lost_nothing_doubled(story in prop::collection::vec(happens(), 0..60)) {
        let (mut server, mut queue, mut made, mut thrown) = (Server::default(), Vec::<Waiting>::new(), 0u32, BTreeSet::new());
        for event in story {
            match event {
                Happens::Here(step, state) => {
                    made += 1;
                    let before = shown(server.step(step), &queue, id(step)).state;
                    queue.push(tick(made, step, Some(before), state));
                }
                Happens::NoteHere => {
                    made += 1;
                    queue.push(note(made));
                }
                Happens::There(step, state) => {
                    server.steps.insert(step, state);
                }
                Happens::Send { lost } => {
                    if let Some(act) = next(&queue).cloned() {
                        let answer = server.take(&act);
                        if !lost {
                            match answer {
                                Ok(()) => queue.retain(|other| other.seq != act.seq),
                                Err(trouble) => queue.iter_mut().filter(|o| o.seq == act.seq).for_each(|o| o.trouble = Some(trouble.clone())),
                            }
                        }
                    }
                }
                Happens::Keep => if let Some(act) = queue.iter_mut().find(|act| act.trouble.is_some()) { act.insist() },
                Happens::Discard => if let Some(at) = queue.iter().position(|act| act.trouble.is_some()) {
                    thrown.insert(queue.remove(at).seq);
                },
            }
        }
        // the network is back, and every trouble is answered with "mine"
        for _ in 0..200 {
            if let Some(act) = next(&queue).cloned() {
                match server.take(&act) {
                    Ok(()) => queue.retain(|other| other.seq != act.seq),
                    Err(trouble) => queue.iter_mut().filter(|o| o.seq == act.seq).for_each(|o| o.trouble = Some(trouble.clone())),
                }
            } else if let Some(act) = queue.iter_mut().find(|act| act.trouble.is_some()) {
                act.insist();
            }
        }
        prop_assert!(queue.is_empty(), "{queue:?}");
        let all: BTreeSet<u32> = server.taken.iter().copied().collect();
        prop_assert_eq!(all.len(), server.taken.len(), "each once");
        let want: BTreeSet<u32> = (1..=made).filter(|seq| !thrown.contains(seq)).collect();
        prop_assert!(all.is_superset(&want), "all of them: {:?} of {:?}", all, want);
    }

    /// Acts of one step never overtake each other.
    #[test]
    fn in_order(troubled in prop::collection::vec(any::<bool>(), 1..12), steps in prop::collection::vec(0..3u8, 12)) {
        let queue: Vec<Waiting> = troubled.iter().zip(1u32..).map(|(bad, seq)| Waiting {
            trouble: bad.then_some(Trouble::Changed),
            ..tick(seq, steps[seq as usize - 1], None, StepState::Done)
        }).collect();
        if let Some(act) = next(&queue) {
            prop_assert!(queue.iter().all(|other| other.seq >= act.seq || other.step() != act.step()));
        } else {
            prop_assert!(queue.iter().all(|act| act.trouble.is_some() || is_held(&queue, act)));
        }
    }
}
