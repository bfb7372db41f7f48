//! Checklists of services (SOP) and their versions: a draft is edited, then published; treatments already begun keep the
//! version they began with (TREAT-3).

use crate::{
    booking::check_id,
    care::CarePolicy,
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
    treat::Phase,
};
use serde::{Deserialize, Serialize};

/// Most steps of a checklist.
pub const STEPS_MAX: usize = 60;
/// Longest text of a step, in characters.
pub const STEP_MAX: usize = 200;

/// One step. Its id stays the same through all versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopStep {
    pub id: SopStepId,
    pub phase: Phase,
    pub text: Text,
    pub mandatory: bool,
    /// Minutes it takes, when that matters.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// Name of its picture.
    #[serde(default)]
    pub picture: Option<String>,
}

/// What is done to a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SopEdit {
    Add(SopStep),
    /// Everything but the picture.
    Save(SopStep),
    Up(SopStepId),
    Down(SopStepId),
    Remove(SopStepId),
    Picture(SopStepId, Option<String>),
}

/// The steps after an edit. They stand in the order of their phases; moving stays within one.
///
/// # Errors
/// `Choice` for a step that is not there, `Range` when there are too many.
pub fn edited(mut steps: Vec<SopStep>, edit: SopEdit) -> Result<Vec<SopStep>, FieldCode> {
    let at = |steps: &[SopStep], id: SopStepId| {
        steps.iter().position(|step| step.id == id).ok_or(FieldCode::Choice)
    };
    match edit {
        SopEdit::Add(_) if steps.len() >= STEPS_MAX => return Err(FieldCode::Range),
        SopEdit::Add(step) => steps.push(step),
        SopEdit::Save(step) => {
            let i = at(&steps, step.id)?;
            steps[i] = SopStep { picture: steps[i].picture.take(), ..step };
        }
        SopEdit::Up(id) => {
            let i = at(&steps, id)?;
            if i > 0 && steps[i - 1].phase == steps[i].phase {
                steps.swap(i - 1, i);
            }
        }
        SopEdit::Down(id) => {
            let i = at(&steps, id)?;
            if steps.get(i + 1).is_some_and(|next| next.phase == steps[i].phase) {
                steps.swap(i, i + 1);
            }
        }
        SopEdit::Remove(id) => {
            let i = at(&steps, id)?;
            steps.remove(i);
        }
        SopEdit::Picture(id, picture) => {
            let i = at(&steps, id)?;
            steps[i].picture = picture;
        }
    }
    // Stable: within a phase the order stays.
    steps.sort_by_key(|step| step.phase);
    Ok(steps)
}

/// What became of a step from one version to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Same,
    Added,
    Removed,
    Changed,
    Moved,
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepChange {
    pub change: Change,
    pub before: Option<SopStep>,
    pub after: Option<SopStep>,
}

/// The new steps in their order, each with what changed, then those that are gone. A step counts as moved when it stands
/// elsewhere among those that both have.
#[must_use]
pub fn compare(old: &[SopStep], new: &[SopStep]) -> Vec<StepChange> {
    let common: Vec<usize> =
        new.iter().filter_map(|step| old.iter().position(|before| before.id == step.id)).collect();
    let stays = longest_rise(&common);
    let mut out = Vec::with_capacity(new.len());
    for step in new {
        let before = old.iter().position(|before| before.id == step.id);
        let change = match before {
            None => Change::Added,
            Some(i) if old[i] != *step => Change::Changed,
            Some(i) if !stays.contains(&i) => Change::Moved,
            Some(_) => Change::Same,
        };
        out.push(StepChange { change, before: before.map(|i| old[i].clone()), after: Some(step.clone()) });
    }
    let gone = old.iter().filter(|before| !new.iter().any(|step| step.id == before.id));
    out.extend(gone.map(|before| StepChange {
        change: Change::Removed,
        before: Some(before.clone()),
        after: None,
    }));
    out
}

/// The longest part of a list that rises: what kept its order.
fn longest_rise(list: &[usize]) -> Vec<usize> {
    let mut best: Vec<Vec<usize>> = Vec::with_capacity(list.len());
    for (i, value) in list.iter().enumerate() {
        let before = (0..i).filter(|j| list[*j] < *value).max_by_key(|j| best[*j].len());
        let mut run = before.map(|j| best[j].clone()).unwrap_or_default();
        run.push(*value);
        best.push(run);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

/// An edit of a draft as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SopForm {
    pub service: String,
    /// Version of the draft's row; 0 while there is none.
    #[serde(default)]
    pub version: String,
    /// `add`, `save`, `up`, `down`, `remove` or `unpicture`.
    #[serde(default)]
    pub act: String,
    #[serde(default)]
    pub step: String,
    #[serde(default)]
    pub phase: String,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
    /// `true` or nothing.
    #[serde(default)]
    pub mandatory: String,
    #[serde(default)]
    pub minutes: String,
}

/// A checked [`SopForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditSop {
    pub service: ServiceId,
    pub version: i32,
    pub edit: SopEdit,
}

impl SopForm {
    /// # Errors
    /// `service`, `version`, `act`, `step`, `phase`, `zh`, `en`, `minutes`.
    pub fn check(self) -> Result<EditSop, Vec<FieldError>> {
        let mut errors = Errors::default();
        let service = errors.take("service", check_id(&self.service));
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        let act = self.act.clone();
        let edit = match &*act {
            "add" => self.step_of(&mut errors, SopStepId::new()).map(SopEdit::Add),
            "save" => {
                let id = errors.take("step", check_id(&self.step));
                id.and_then(|id| self.step_of(&mut errors, id)).map(SopEdit::Save)
            }
            "up" | "down" | "remove" | "unpicture" => {
                errors.take("step", check_id(&self.step)).map(|id| match &*act {
                    "up" => SopEdit::Up(id),
                    "down" => SopEdit::Down(id),
                    "remove" => SopEdit::Remove(id),
                    _ => SopEdit::Picture(id, None),
                })
            }
            _ => errors.take("act", Err(FieldCode::Choice)),
        };
        match (service, version, edit) {
            (Some(service), Some(version), Some(edit)) if errors.0.is_empty() => {
                Ok(EditSop { service, version, edit })
            }
            _ => Err(errors.0),
        }
    }

    fn step_of(self, errors: &mut Errors, id: SopStepId) -> Option<SopStep> {
        let phase = errors.take("phase", Phase::from_code(&self.phase).ok_or(FieldCode::Choice));
        let zh = errors.take("zh", check_words(&self.zh));
        let en = errors.take("en", check_words(&self.en));
        let minutes = match self.minutes.trim() {
            "" => Some(None),
            raw => errors.take("minutes", crate::care::check_number(raw, 1, 240).map(Some)),
        };
        Some(SopStep {
            id,
            phase: phase?,
            text: Text { zh: zh?, en: en? },
            mandatory: self.mandatory == "true",
            minutes: minutes?,
            picture: None,
        })
    }
}

/// The words of a step or a piece of advice; both languages are needed.
///
/// # Errors
/// `Required`, `TooLong` or `Characters`.
pub fn check_words(raw: &str) -> Result<String, FieldCode> {
    let text = check_note(raw)?.ok_or(FieldCode::Required)?;
    if text.chars().count() > STEP_MAX { Err(FieldCode::TooLong) } else { Ok(text) }
}

/// Publishing a draft, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishForm {
    pub service: String,
    #[serde(default)]
    pub version: String,
    /// What changed and why.
    #[serde(default)]
    pub note: String,
}

impl PublishForm {
    /// # Errors
    /// `service`, `version`, `note`.
    pub fn check(self) -> Result<(ServiceId, i32, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let service = errors.take("service", check_id(&self.service));
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        let note = errors.take("note", check_words(&self.note));
        match (service, version, note) {
            (Some(service), Some(version), Some(note)) => Ok((service, version, note)),
            _ => Err(errors.0),
        }
    }
}

/// A piece of aftercare advice, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceForm {
    pub service: String,
    /// Empty: a new one.
    #[serde(default)]
    pub advice: String,
    /// `save` or `retire`.
    #[serde(default)]
    pub act: String,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

/// A checked [`AdviceForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditAdvice {
    Add(Text),
    /// What was told before keeps its words.
    Change(AftercareId, Text),
    Retire(AftercareId),
}

impl AdviceForm {
    /// # Errors
    /// `service`, `advice`, `zh`, `en`.
    pub fn check(self) -> Result<(ServiceId, EditAdvice), Vec<FieldError>> {
        let mut errors = Errors::default();
        let service = errors.take("service", check_id(&self.service));
        let id = match self.advice.trim() {
            "" => Some(None),
            raw => errors.take("advice", check_id(raw).map(Some)),
        };
        if self.act == "retire" {
            let id = errors.take("advice", id.flatten().ok_or(FieldCode::Required));
            return match (service, id) {
                (Some(service), Some(id)) => Ok((service, EditAdvice::Retire(id))),
                _ => Err(errors.0),
            };
        }
        let zh = errors.take("zh", check_words(&self.zh));
        let en = errors.take("en", check_words(&self.en));
        match (service, id, zh, en) {
            (Some(service), Some(id), Some(zh), Some(en)) => {
                let words = Text { zh, en };
                Ok((service, id.map_or(EditAdvice::Add(words.clone()), |id| EditAdvice::Change(id, words))))
            }
            _ => Err(errors.0),
        }
    }
}

/// A service of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SopLine {
    pub service: ServiceId,
    pub name: Text,
    pub steps: u32,
    pub mandatory: u32,
    /// The version that counts.
    pub number: u32,
    pub draft: bool,
}

/// The services with a checklist, by category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SopList {
    pub categories: Vec<(Text, Vec<SopLine>)>,
    pub policy: CarePolicy,
}

/// A version of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SopVersion {
    pub number: u32,
    pub at: Option<LocalTime>,
    pub by: Option<Text>,
    pub note: Option<String>,
    pub steps: u32,
}

/// A piece of advice in the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdviceLine {
    pub id: AftercareId,
    pub text: Text,
}

/// The editor of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SopPage {
    pub service: ServiceId,
    pub name: Text,
    /// The version that counts.
    pub number: u32,
    /// The draft's steps, else those that count.
    pub steps: Vec<SopStep>,
    /// Version of the draft's row; 0 while there is none.
    pub draft: i32,
    pub history: Vec<SopVersion>,
    /// Compared: from and to (`None`: the draft), and what changed.
    pub compared: Option<(u32, Option<u32>, Vec<StepChange>)>,
    pub advice: Vec<AdviceLine>,
    pub policy: CarePolicy,
    /// The salon's own words for calls, by day.
    pub scripts: Vec<(u32, Text)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step(phase: Phase, zh: &str) -> SopStep {
        let text = Text::new(zh, "x");
        SopStep { id: SopStepId::new(), phase, text, mandatory: false, minutes: None, picture: None }
    }

    #[test]
    fn moving_stays_within_the_phase() {
        let steps = vec![step(Phase::Before, "a"), step(Phase::Before, "b"), step(Phase::During, "c")];
        let ids: Vec<_> = steps.iter().map(|s| s.id).collect();
        let order = |steps: &[SopStep]| steps.iter().map(|s| s.text.zh.clone()).collect::<String>();
        assert_eq!(order(&edited(steps.clone(), SopEdit::Up(ids[1])).unwrap()), "bac");
        assert_eq!(order(&edited(steps.clone(), SopEdit::Down(ids[1])).unwrap()), "abc");
        assert_eq!(order(&edited(steps.clone(), SopEdit::Up(ids[2])).unwrap()), "abc");
        let later = SopStep { phase: Phase::After, ..steps[0].clone() };
        assert_eq!(order(&edited(steps.clone(), SopEdit::Save(later)).unwrap()), "bca");
        assert_eq!(edited(steps, SopEdit::Remove(SopStepId::new())), Err(FieldCode::Choice));
    }

    #[test]
    fn what_changed_is_named() {
        let old = vec![step(Phase::During, "a"), step(Phase::During, "b"), step(Phase::During, "c")];
        let mut new = vec![old[2].clone(), old[0].clone(), step(Phase::During, "d")];
        new[1].mandatory = true;
        let changes: Vec<_> = compare(&old, &new).into_iter().map(|c| c.change).collect();
        assert_eq!(changes, [Change::Moved, Change::Changed, Change::Added, Change::Removed]);
    }

    proptest! {
        /// Nothing gets lost or doubled, whatever is edited, and phases stay in order.
        #[test]
        fn edits_keep_order(acts in prop::collection::vec((0u8..5, 0usize..8, 0usize..3), 0..40)) {
            let mut steps = Vec::new();
            for (act, at, phase) in acts {
                let id = steps.get(at).map_or_else(SopStepId::new, |s: &SopStep| s.id);
                let edit = match act {
                    0 | 1 => SopEdit::Add(step(Phase::ALL[phase], "s")),
                    2 => SopEdit::Up(id),
                    3 => SopEdit::Down(id),
                    _ => SopEdit::Remove(id),
                };
                let n = steps.len() as i32 + match act { 0 | 1 => 1, 4 => -1, _ => 0 };
                if let Ok(next) = edited(steps.clone(), edit) {
                    prop_assert_eq!(next.len() as i32, n);
                    prop_assert!(next.windows(2).all(|w| w[0].phase <= w[1].phase));
                    let ids: std::collections::HashSet<_> = next.iter().map(|s| s.id).collect();
                    prop_assert_eq!(ids.len(), next.len());
                    steps = next;
                }
            }
            prop_assert!(compare(&steps, &steps).iter().all(|c| c.change == Change::Same));
        }
    }
}
