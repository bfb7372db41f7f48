//! Words of outcomes and states.

use crate::tr;
use domain::{
    Lang,
    care::{CallOutcome, CallState, RecheckOutcome},
};

/// `一切正常`.
#[must_use]
pub fn outcome_name(lang: Lang, outcome: RecheckOutcome) -> &'static str {
    match outcome {
        RecheckOutcome::Fine => tr!(lang, care.outcome.fine),
        RecheckOutcome::Adjusted => tr!(lang, care.outcome.adjusted),
        RecheckOutcome::Escalated => tr!(lang, care.outcome.escalated),
    }
}

/// What became of an offered re-check, by its stored code; `None` for codes of other things.
#[must_use]
pub fn use_name(lang: Lang, code: &str) -> Option<&'static str> {
    if let Some(outcome) = RecheckOutcome::from_code(code) {
        return Some(outcome_name(lang, outcome));
    }
    Some(match code {
        "open" => tr!(lang, care.state.open),
        "booked" => tr!(lang, care.state.booked),
        "lapsed" => tr!(lang, care.state.lapsed),
        "declined" => tr!(lang, care.state.declined),
        _ => return None,
    })
}

/// `打通了，一切都好`.
#[must_use]
pub fn call_outcome(lang: Lang, outcome: CallOutcome) -> &'static str {
    match outcome {
        CallOutcome::Fine => tr!(lang, care.call.fine),
        CallOutcome::Concern => tr!(lang, care.call.concern),
        CallOutcome::NotReached => tr!(lang, care.call.not_reached),
    }
}

/// Where a call stands, said to the customer.
#[must_use]
pub fn call_state(lang: Lang, state: CallState) -> &'static str {
    match state {
        CallState::Open => tr!(lang, care.mine.call_open),
        CallState::Done => tr!(lang, care.mine.call_done),
        CallState::GivenUp => tr!(lang, care.mine.call_missed),
        CallState::Declined => tr!(lang, care.mine.call_declined),
    }
}
