//! Adverse reactions (TREAT-4): opened at the chair with the steps to take at once, handled and closed by those who lead.

use crate::{
    booking::{check_id, check_key},
    consult::{Severity, codes},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError, Refusal},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

codes! {
    /// What is done at once, in its order.
    FirstAid {
        StopProduct = "stop_product",
        Rinse = "rinse",
        Cool = "cool",
        Doctor = "doctor",
        TellManager = "tell_manager",
    }
}

codes! {
    IncidentState {
        Open = "open",
        /// Seen to; how it turns out is awaited.
        Handled = "handled",
        Closed = "closed",
    }
}

codes! {
    /// What is done to an incident later.
    IncidentMove {
        Note = "note",
        Handle = "handle",
        Close = "close",
    }
}

impl IncidentState {
    /// open → handled → closed; notes at any time.
    ///
    /// # Errors
    /// `WrongState`.
    pub fn after(self, step: IncidentMove) -> Result<Self, Refusal> {
        match (self, step) {
            (state, IncidentMove::Note) => Ok(state),
            (Self::Open, IncidentMove::Handle) => Ok(Self::Handled),
            (Self::Open | Self::Handled, IncidentMove::Close) => Ok(Self::Closed),
            (state, _) => Err(Refusal::WrongState { state: state.code().to_owned() }),
        }
    }
}

/// An incident as the chair shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentBrief {
    pub id: IncidentId,
    pub at: LocalTime,
    pub severity: Severity,
    pub what: String,
    pub told: Option<String>,
    pub state: IncidentState,
    pub by: Text,
    /// Each step with when it was done, and by whom.
    pub steps: Vec<(FirstAid, Option<(LocalTime, Text)>)>,
}

/// A line of the list of those who lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentRow {
    pub id: IncidentId,
    pub at: LocalTime,
    pub customer_name: String,
    pub service: Text,
    pub staff: Text,
    pub severity: Severity,
    pub what: String,
    pub state: IncidentState,
    /// Steps of first aid done.
    pub steps_done: u32,
}

/// Something that happened with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentEvent {
    pub at: LocalTime,
    pub by: Text,
    pub step: IncidentMove,
    pub text: Option<String>,
}

/// One incident with its whole course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentPage {
    pub row: IncidentRow,
    pub item: VisitServiceId,
    pub told: Option<String>,
    pub outcome: Option<String>,
    pub steps: Vec<(FirstAid, Option<(LocalTime, Text)>)>,
    pub events: Vec<IncidentEvent>,
    pub version: i32,
}

/// An adverse reaction, as it is written down beside the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentForm {
    pub item: String,
    #[serde(default)]
    pub severity: String,
    #[serde(default)]
    pub what: String,
    /// Done already.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Who was told, in words.
    #[serde(default)]
    pub told: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`IncidentForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    pub item: VisitServiceId,
    pub severity: Severity,
    pub what: String,
    pub steps: Vec<FirstAid>,
    pub told: Option<String>,
    pub key: String,
}

fn check_steps(raw: &[String]) -> Result<Vec<FirstAid>, FieldCode> {
    let mut steps: Vec<FirstAid> = raw
        .iter()
        .map(|code| FirstAid::from_code(code).ok_or(FieldCode::Choice))
        .collect::<Result<_, _>>()?;
    steps.sort_unstable();
    steps.dedup();
    Ok(steps)
}

impl IncidentForm {
    /// # Errors
    /// `item`, `severity`, `what`, `steps`, `told`, `key`.
    pub fn check(self) -> Result<NewIncident, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let severity = match self.severity.trim() {
            "" => Err(FieldCode::Required),
            code => Severity::from_code(code).ok_or(FieldCode::Choice),
        };
        let severity = errors.take("severity", severity);
        let what =
            errors.take("what", check_note(&self.what).and_then(|text| text.ok_or(FieldCode::Required)));
        let steps = errors.take("steps", check_steps(&self.steps));
        let told = errors.take("told", check_note(&self.told));
        let key = errors.take("key", check_key(&self.key));
        match (item, severity, what, steps, told, key) {
            (Some(item), Some(severity), Some(what), Some(steps), Some(told), Some(key)) => {
                Ok(NewIncident { item, severity, what, steps, told, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// Further steps of first aid, ticked at the chair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstAidForm {
    pub incident: String,
    #[serde(default)]
    pub steps: Vec<String>,
}

impl FirstAidForm {
    /// # Errors
    /// `incident`, `steps`.
    pub fn check(self) -> Result<(IncidentId, Vec<FirstAid>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let incident = errors.take("incident", check_id(&self.incident));
        let steps = check_steps(&self.steps);
        let steps = match steps {
            Ok(steps) if steps.is_empty() => Err(FieldCode::Required),
            steps => steps,
        };
        let steps = errors.take("steps", steps);
        incident.zip(steps).ok_or(errors.0)
    }
}

/// What those who lead do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentMoveForm {
    pub incident: String,
    pub step: String,
    /// A note, what was done, or the outcome.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub version: String,
}

/// A checked [`IncidentMoveForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentAct {
    pub incident: IncidentId,
    pub step: IncidentMove,
    pub text: String,
    pub version: i32,
}

impl IncidentMoveForm {
    /// # Errors
    /// `incident`, `step`, `text`, `version`.
    pub fn check(self) -> Result<IncidentAct, Vec<FieldError>> {
        let mut errors = Errors::default();
        let incident = errors.take("incident", check_id(&self.incident));
        let step = errors.take("step", IncidentMove::from_code(&self.step).ok_or(FieldCode::Choice));
        let text =
            errors.take("text", check_note(&self.text).and_then(|text| text.ok_or(FieldCode::Required)));
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Range));
        match (incident, step, text, version) {
            (Some(incident), Some(step), Some(text), Some(version)) => {
                Ok(IncidentAct { incident, step, text, version })
            }
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(IncidentState::Open, IncidentMove::Handle, Some(IncidentState::Handled))]
    #[case(IncidentState::Open, IncidentMove::Close, Some(IncidentState::Closed))]
    #[case(IncidentState::Handled, IncidentMove::Close, Some(IncidentState::Closed))]
    #[case(IncidentState::Handled, IncidentMove::Handle, None)]
    #[case(IncidentState::Closed, IncidentMove::Handle, None)]
    #[case(IncidentState::Closed, IncidentMove::Close, None)]
    #[case(IncidentState::Closed, IncidentMove::Note, Some(IncidentState::Closed))]
    fn moves(#[case] state: IncidentState, #[case] step: IncidentMove, #[case] want: Option<IncidentState>) {
        assert_eq!(state.after(step).ok(), want);
    }

    #[test]
    fn what_happened_and_how_bad_must_be_said() {
        let form =
            IncidentForm { item: VisitServiceId::new().to_string(), key: "k".into(), ..Default::default() };
        let fields: Vec<_> = form.check().unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["severity", "what"]);
    }
}
