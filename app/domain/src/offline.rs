//! What a tablet does while there is no network (TREAT-7): acts wait on the device in their order, are shown at once,
//! and arrive once. What the server refuses is kept and shown; nothing is dropped or overwritten in silence.

use crate::{
    booking::check_key,
    customer::Errors,
    error::{FieldCode, FieldError, Refusal},
    ids::{StepId, VisitServiceId},
    photo::Angle,
    treat::{NoteForm, StepForm, StepState, StepTick},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Seconds back that a device's word is listened to: a day.
const AGO_MAX: u32 = 24 * 3600;

/// Something done at the chair that can wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Tick {
        step: StepId,
        state: StepState,
        reason: String,
        /// How the step stood on the device before; `None` overrides whatever it is now.
        seen: Option<StepState>,
    },
    Note {
        text: String,
    },
    Photo {
        angle: Angle,
        label: String,
        /// A small drawing of it as a `data:` address, to be shown until it has arrived.
        thumb: String,
    },
}

/// Why an act that arrived was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Somebody else has changed the step meanwhile.
    Changed,
    Refused(Refusal),
    Field(FieldCode),
    /// Not, or not any more, this person's to write.
    Forbidden,
}

/// An act on the device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Later acts have larger numbers. Set by the device's store.
    #[serde(default)]
    pub seq: u32,
    /// The same at every attempt: it arrives once.
    pub key: String,
    pub item: VisitServiceId,
    /// When it was done: milliseconds since 1970 by the device's clock.
    pub at: i64,
    pub act: Act,
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

impl Waiting {
    /// The step it is about.
    #[must_use]
    pub fn step(&self) -> Option<StepId> {
        match self.act {
            Act::Tick { step, .. } => Some(step),
            _ => None,
        }
    }

    /// Whole seconds since it was done; none for a clock that was set back meanwhile.
    #[must_use]
    pub fn ago(&self, now: i64) -> u32 {
        u32::try_from((now - self.at) / 1000).unwrap_or(0).min(AGO_MAX)
    }

    /// The person insists: whatever the step has become, it shall be as they did it.
    pub fn insist(&mut self) {
        self.trouble = None;
        if let Act::Tick { seen, .. } = &mut self.act {
            *seen = None;
        }
    }
}

/// The act to be sent next: the oldest that is not in trouble and does not come after one of the same step that is.
#[must_use]
pub fn next(queue: &[Waiting]) -> Option<&Waiting> {
    queue.iter().find(|act| act.trouble.is_none() && !is_held(queue, act))
}

/// Comes after a tick of the same step that is in trouble.
#[must_use]
pub fn is_held(queue: &[Waiting], act: &Waiting) -> bool {
    act.step().is_some()
        && queue
            .iter()
            .any(|other| other.seq < act.seq && other.trouble.is_some() && other.step() == act.step())
}

/// A step as the device shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    pub state: StepState,
    /// Not yet with the server.
    pub waits: bool,
    /// A tick of it was refused: what is shown is the server's.
    pub trouble: bool,
}

/// What to show of a step when the server and the device differ: what was done here last, until the server has refused
/// it.
#[must_use]
pub fn shown(server: StepState, queue: &[Waiting], step: StepId) -> Shown {
    let mut all = queue.iter().filter(|act| act.step() == Some(step)).peekable();
    let trouble = queue.iter().any(|act| act.step() == Some(step) && act.trouble.is_some());
    if trouble || all.peek().is_none() {
        return Shown { state: server, waits: all.peek().is_some(), trouble };
    }
    let last = all.last().and_then(|act| match act.act {
        Act::Tick { state, .. } => Some(state),
        _ => None,
    });
    Shown { state: last.unwrap_or(server), waits: true, trouble: false }
}

/// What a late tick does to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    Apply,
    /// Somebody has done the same meanwhile: theirs stays.
    Already,
    /// Somebody has done something else meanwhile.
    Changed,
}

/// Whether a tick that was made on `seen` still fits.
#[must_use]
pub fn merge(now: StepState, seen: Option<StepState>, wanted: StepState) -> Merge {
    match seen {
        None => Merge::Apply,
        Some(seen) if seen == now => Merge::Apply,
        Some(_) if now == wanted => Merge::Already,
        Some(_) => Merge::Changed,
    }
}

/// When it was done: what the device says, but not before `from` and not in the future. The server's clock rules; the
/// device only says how long ago.
#[must_use]
pub fn done_at(now: DateTime<Utc>, from: Option<DateTime<Utc>>, ago: u32) -> DateTime<Utc> {
    let claimed = now - TimeDelta::seconds(i64::from(ago.min(AGO_MAX)));
    from.map_or(claimed, |from| claimed.max(from)).min(now)
}

/// Seconds since something was done; empty is now.
///
/// # Errors
/// `Range`.
pub fn check_ago(raw: &str) -> Result<u32, FieldCode> {
    match raw.trim() {
        "" => Ok(0),
        typed => typed.parse::<u32>().map(|ago| ago.min(AGO_MAX)).map_err(|_| FieldCode::Range),
    }
}

/// A tick that may come late: [`StepForm`], and what makes it arrive once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateTickForm {
    pub step: String,
    pub state: String,
    #[serde(default)]
    pub reason: String,
    pub key: String,
    /// `open`, `done`, `skipped`; empty overrides.
    #[serde(default)]
    pub seen: String,
    #[serde(default)]
    pub ago: String,
}

/// A checked [`LateTickForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateTick {
    pub tick: StepTick,
    pub key: String,
    pub seen: Option<StepState>,
    pub ago: u32,
}

impl LateTickForm {
    /// # Errors
    /// `step`, `state`, `reason`, `key`, `seen`, `ago`.
    pub fn check(self) -> Result<LateTick, Vec<FieldError>> {
        let mut errors = Errors::default();
        let key = errors.take("key", check_key(&self.key));
        let seen = match self.seen.as_str() {
            "" => Ok(None),
            code => StepState::from_code(code).map(Some).ok_or(FieldCode::Choice),
        };
        let seen = errors.take("seen", seen);
        let ago = errors.take("ago", check_ago(&self.ago));
        let step = StepForm { step: self.step, state: self.state, reason: self.reason };
        match (step.check(), key, seen, ago) {
            (Ok(tick), Some(key), Some(seen), Some(ago)) => Ok(LateTick { tick, key, seen, ago }),
            (tick, ..) => {
                errors.0.extend(tick.err().unwrap_or_default());
                Err(errors.0)
            }
        }
    }
}

/// A note that may come late.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateNoteForm {
    pub item: String,
    #[serde(default)]
    pub text: String,
    pub key: String,
    #[serde(default)]
    pub ago: String,
}

/// A checked [`LateNoteForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateNote {
    pub item: VisitServiceId,
    pub text: String,
    pub key: String,
    pub ago: u32,
}

impl LateNoteForm {
    /// # Errors
    /// `item`, `text`, `key`, `ago`.
    pub fn check(self) -> Result<LateNote, Vec<FieldError>> {
        let ago = check_ago(&self.ago).map_err(|code| vec![FieldError::new("ago", code)])?;
        let (item, text, key) = NoteForm { item: self.item, text: self.text, key: self.key }.check()?;
        Ok(LateNote { item, text, key, ago })
    }
}

#[cfg(test)]
#[path = "offline_tests.rs"]
mod tests;
