//! The rating after a visit (SURVEY-1): once only, no login, under a minute.

use crate::{
    booking::check_key,
    branch::BranchInfo,
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    lang::Text,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Days an answer can be given after the visit.
pub const SURVEY_DAYS: i64 = 14;
/// The questionnaire asked today; answers belong to the version that was asked (SURVEY-5).
pub const QUESTIONNAIRE: i32 = 1;
/// An overall score up to this, or a wish to be called, is for the manager at once (SURVEY-2).
pub const LOW_SCORE: u8 = 2;

/// What is rated 1 … 5 besides the whole: the five SERVQUAL dimensions and the themes tied to promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 可靠性
    Reliability,
    /// 响应性
    Responsiveness,
    /// 保证性
    Assurance,
    /// 移情性
    Empathy,
    /// 有形性
    Tangibles,
    Hygiene,
    Privacy,
    Waiting,
}

impl Dimension {
    pub const ALL: [Self; 8] = [
        Self::Reliability,
        Self::Responsiveness,
        Self::Assurance,
        Self::Empathy,
        Self::Tangibles,
        Self::Hygiene,
        Self::Privacy,
        Self::Waiting,
    ];

    /// Also the form field's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Reliability => "reliability",
            Self::Responsiveness => "responsiveness",
            Self::Assurance => "assurance",
            Self::Empathy => "empathy",
            Self::Tangibles => "tangibles",
            Self::Hygiene => "hygiene",
            Self::Privacy => "privacy",
            Self::Waiting => "waiting",
        }
    }
}

/// The form as filled in. Radio buttons that were left alone are simply missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyForm {
    /// The link's token.
    pub token: String,
    #[serde(default)]
    pub overall: String,
    #[serde(default)]
    pub reliability: String,
    #[serde(default)]
    pub responsiveness: String,
    #[serde(default)]
    pub assurance: String,
    #[serde(default)]
    pub empathy: String,
    #[serde(default)]
    pub tangibles: String,
    #[serde(default)]
    pub hygiene: String,
    #[serde(default)]
    pub privacy: String,
    #[serde(default)]
    pub waiting: String,
    /// 0 … 10
    #[serde(default)]
    pub nps: String,
    #[serde(default)]
    pub comment: String,
    /// "on": wishes to be called.
    #[serde(default)]
    pub call: Option<String>,
    pub key: String,
}

/// A checked answer. Satisfied means 4 or 5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub overall: u8,
    /// In the order of [`Dimension::ALL`]; `None`: not answered.
    pub dimensions: [Option<u8>; 8],
    pub nps: Option<u8>,
    pub comment: Option<String>,
    pub call: bool,
}

impl Answer {
    /// For the manager at once (SURVEY-2).
    #[must_use]
    pub fn is_alarming(&self) -> bool {
        self.overall <= LOW_SCORE || self.call
    }

    #[must_use]
    pub fn dimension(&self, dimension: Dimension) -> Option<u8> {
        self.dimensions[dimension as usize]
    }
}

fn score(raw: &str, most: u8) -> Result<Option<u8>, FieldCode> {
    match raw.trim() {
        "" => Ok(None),
        typed => match typed.parse() {
            Ok(n) if n <= most => Ok(Some(n)),
            _ => Err(FieldCode::Range),
        },
    }
}

fn stars(raw: &str) -> Result<Option<u8>, FieldCode> {
    match score(raw, 5)? {
        Some(0) => Err(FieldCode::Range),
        given => Ok(given),
    }
}

impl SurveyForm {
    /// Overall is needed; everything else may be left out.
    ///
    /// # Errors
    /// The fields that are missing or out of range.
    pub fn check(self) -> Result<(String, Answer, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let overall = errors.take("overall", stars(&self.overall).and_then(|s| s.ok_or(FieldCode::Required)));
        let raw = [
            &self.reliability,
            &self.responsiveness,
            &self.assurance,
            &self.empathy,
            &self.tangibles,
            &self.hygiene,
            &self.privacy,
            &self.waiting,
        ];
        let mut dimensions = [None; 8];
        for (i, dimension) in Dimension::ALL.into_iter().enumerate() {
            dimensions[i] = errors.take(dimension.code(), stars(raw[i])).flatten();
        }
        let nps = errors.take("nps", score(&self.nps, 10)).flatten();
        let comment = errors.take("comment", check_note(&self.comment)).flatten();
        let key = errors.take("key", check_key(&self.key));
        match (overall, key) {
            (Some(overall), Some(key)) if errors.0.is_empty() => {
                Ok((self.token, Answer { overall, dimensions, nps, comment, call: self.call.is_some() }, key))
            }
            _ => Err(errors.0),
        }
    }
}

/// The rating page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyPage {
    pub token: String,
    pub branch: BranchInfo,
    pub services: Vec<Text>,
    pub staff: Vec<Text>,
    pub at: LocalTime,
    pub answered: bool,
    pub expired: bool,
    pub phone_masked: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> SurveyForm {
        SurveyForm { token: "t".into(), overall: "4".into(), key: "k".into(), ..SurveyForm::default() }
    }

    #[test]
    fn overall_is_enough() {
        let (_, answer, _) = form().check().unwrap();
        assert_eq!(answer.overall, 4);
        assert_eq!(answer.dimensions, [None; 8]);
        assert!(!answer.is_alarming());
    }

    #[test]
    fn scores_stay_in_range() {
        for (field, value) in
            [("overall", "0"), ("overall", "6"), ("hygiene", "0"), ("nps", "11"), ("nps", "-1")]
        {
            let mut form = form();
            match field {
                "overall" => form.overall = value.into(),
                "hygiene" => form.hygiene = value.into(),
                _ => form.nps = value.into(),
            }
            assert_eq!(form.check().unwrap_err(), vec![FieldError::new(field, FieldCode::Range)]);
        }
    }

    #[test]
    fn low_scores_and_wishes_to_be_called_alarm() {
        let low = SurveyForm { overall: "2".into(), ..form() }.check().unwrap().1;
        let call = SurveyForm { call: Some("on".into()), ..form() }.check().unwrap().1;
        assert!(low.is_alarming() && call.is_alarming());
    }

    #[test]
    fn a_long_comment_names_its_field() {
        let form = SurveyForm { comment: "好".repeat(1001), ..form() };
        assert_eq!(form.check().unwrap_err(), vec![FieldError::new("comment", FieldCode::TooLong)]);
    }
}
