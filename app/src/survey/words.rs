//! What is asked, in words.

use crate::tr;
use domain::{Lang, survey::Dimension};

/// What is rated.
#[must_use]
pub fn dimension(lang: Lang, dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Reliability => tr!(lang, survey.dim.reliability),
        Dimension::Responsiveness => tr!(lang, survey.dim.responsiveness),
        Dimension::Assurance => tr!(lang, survey.dim.assurance),
        Dimension::Empathy => tr!(lang, survey.dim.empathy),
        Dimension::Tangibles => tr!(lang, survey.dim.tangibles),
        Dimension::Hygiene => tr!(lang, survey.dim.hygiene),
        Dimension::Privacy => tr!(lang, survey.dim.privacy),
        Dimension::Waiting => tr!(lang, survey.dim.waiting),
    }
}

/// What is meant by it.
#[must_use]
pub fn explained(lang: Lang, dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Reliability => tr!(lang, survey.dim.reliability_sub),
        Dimension::Responsiveness => tr!(lang, survey.dim.responsiveness_sub),
        Dimension::Assurance => tr!(lang, survey.dim.assurance_sub),
        Dimension::Empathy => tr!(lang, survey.dim.empathy_sub),
        Dimension::Tangibles => tr!(lang, survey.dim.tangibles_sub),
        Dimension::Hygiene => tr!(lang, survey.dim.hygiene_sub),
        Dimension::Privacy => tr!(lang, survey.dim.privacy_sub),
        Dimension::Waiting => tr!(lang, survey.dim.waiting_sub),
    }
}
