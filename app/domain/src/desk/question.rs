//! 首问负责: whoever is asked first owns the question until it is handed over or closed (DESK-5).

use crate::{
    booking::{check_id, check_key},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Somebody with a login who keeps the desk: can own a question or take a shift over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    pub user: UserId,
    pub name: Text,
}

/// An open question on the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionCard {
    pub id: QuestionId,
    pub version: i32,
    pub text: String,
    /// Who asked, when known.
    pub customer: Option<String>,
    pub owner: UserId,
    pub owner_name: Text,
    pub since: LocalTime,
    /// Whole minutes open.
    pub minutes: u32,
    /// Handed over, and the new owner has not said yes yet.
    pub handed: bool,
}

/// A question is written down. Without `owner` it is the writer's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskForm {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`AskForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub text: String,
    pub customer: Option<CustomerId>,
    pub key: String,
}

/// A text that has to be there.
///
/// # Errors
/// `Required`, `TooLong`, `Characters`.
pub fn check_text(raw: &str) -> Result<String, FieldCode> {
    check_note(raw)?.ok_or(FieldCode::Required)
}

/// An id that may be left out.
///
/// # Errors
/// `Choice`.
pub fn check_optional_id<T: std::str::FromStr>(raw: &str) -> Result<Option<T>, FieldCode> {
    if raw.trim().is_empty() { Ok(None) } else { check_id(raw).map(Some) }
}

impl AskForm {
    /// # Errors
    /// `text`, `customer`, `key`.
    pub fn check(self) -> Result<Ask, Vec<FieldError>> {
        let mut errors = Errors::default();
        let text = errors.take("text", check_text(&self.text));
        let customer = errors.take("customer", check_optional_id(&self.customer));
        let key = errors.take("key", check_key(&self.key));
        match (text, customer, key) {
            (Some(text), Some(customer), Some(key)) => Ok(Ask { text, customer, key }),
            _ => Err(errors.0),
        }
    }
}

/// What is done to an open question: handed to `to`, taken on, or closed with `outcome`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionForm {
    pub question: String,
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub outcome: String,
}

/// The checked subject of a [`QuestionForm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneQuestion {
    pub id: QuestionId,
    pub version: i32,
}

impl QuestionForm {
    fn one(&self) -> Result<OneQuestion, FieldCode> {
        check_id(&self.question).map(|id| OneQuestion { id, version: self.version })
    }

    /// # Errors
    /// `question`.
    pub fn check(self) -> Result<OneQuestion, Vec<FieldError>> {
        self.one().map_err(|code| vec![FieldError::new("question", code)])
    }

    /// # Errors
    /// `question`, `to`.
    pub fn check_hand(self) -> Result<(OneQuestion, UserId), Vec<FieldError>> {
        let mut errors = Errors::default();
        let one = errors.take("question", self.one());
        let to = errors.take("to", check_id(&self.to));
        one.zip(to).ok_or(errors.0)
    }

    /// # Errors
    /// `question`, `outcome`.
    pub fn check_close(self) -> Result<(OneQuestion, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let one = errors.take("question", self.one());
        let outcome = errors.take("outcome", check_text(&self.outcome));
        one.zip(outcome).ok_or(errors.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_needs_words_and_closing_needs_an_outcome() {
        let fields = |errors: Vec<FieldError>| errors.into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields(AskForm::default().check().unwrap_err()), ["text", "key"]);
        let one = QuestionForm { question: QuestionId::new().to_string(), ..QuestionForm::default() };
        assert_eq!(fields(one.clone().check_close().unwrap_err()), ["outcome"]);
        assert_eq!(fields(one.clone().check_hand().unwrap_err()), ["to"]);
        assert!(one.check().is_ok());
    }
}
