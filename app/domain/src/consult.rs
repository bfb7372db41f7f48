//! What must be known of a customer before hands are laid on (CONSULT-2, CONSULT-3): facts, the five questions, and the
//! rules that tie facts to services.

mod rules;

pub use rules::{Effect, Hit, Rule, Target, Verdict, contraindications, verdict};

use crate::{
    booking::{check_id, check_key},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Longest words for a substance or a reaction, in characters.
pub const FACT_MAX: usize = 120;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As stored and as forms carry it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// The five questions asked before the first service.
    FactKind {
        Allergy = "allergy",
        Pregnancy = "pregnancy",
        /// Taken or applied at present.
        Medicine = "medicine",
        /// A condition of body or skin.
        Condition = "condition",
        /// A treatment elsewhere not long ago.
        Recent = "recent",
    }
}

codes! {
    /// How bad it is or was.
    Severity {
        Mild = "mild",
        Moderate = "moderate",
        Severe = "severe",
    }
}

codes! {
    /// Where a fact comes from.
    FactSource {
        Customer = "customer",
        Guardian = "guardian",
        /// A paper of a doctor.
        Paper = "paper",
        /// Seen by the staff.
        Seen = "seen",
    }
}

codes! {
    /// The answer to one of the questions.
    Answer {
        Nothing = "none",
        Something = "some",
    }
}

/// A fact as rules see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub id: FactId,
    pub kind: FactKind,
    /// Of the house's list; `None`: in free words only.
    pub code: Option<String>,
    pub severity: Option<Severity>,
    /// When it was, for recent treatments.
    pub since: Option<NaiveDate>,
}

/// A fact as it is shown to those who may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactView {
    pub id: FactId,
    pub kind: FactKind,
    pub subject: Text,
    pub reaction: Option<String>,
    pub severity: Option<Severity>,
    pub source: FactSource,
    pub since: Option<NaiveDate>,
    pub at: LocalTime,
    pub by: Text,
    /// No longer so, and who said it.
    pub ended: Option<(LocalTime, Text)>,
}

/// Whether a question was ever asked, and what came of it last. "None confirmed" is not "not asked".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub kind: FactKind,
    /// `None`: not asked.
    pub last: Option<(Answer, LocalTime, Text)>,
}

/// Someone took the responsibility to go on, with a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Allowed {
    pub at: LocalTime,
    pub by: Text,
    pub reason: String,
}

/// A rule that fires for a service, with the fact that makes it fire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HitView {
    pub rule: String,
    pub effect: Effect,
    /// What follows: `酸类、去角质一律不用`.
    pub text: Text,
    pub fact: FactView,
    pub allowed: Option<Allowed>,
}

/// An adverse reaction of an earlier visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastIncident {
    pub id: IncidentId,
    pub day: NaiveDate,
    pub service: Text,
    pub severity: Severity,
    pub what: String,
    pub closed: bool,
}

/// Everything that has to be seen before anything else (TREAT-1). Empty for those who may not see medical facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alerts {
    pub asked: Vec<Asked>,
    /// Facts that hold now.
    pub facts: Vec<FactView>,
    /// Rules that fire, *stop* first.
    pub hits: Vec<HitView>,
    pub incidents: Vec<PastIncident>,
    /// Whether whoever looks may go on despite a *stop*.
    pub may_override: bool,
}

impl Alerts {
    /// The strongest rule that nobody has taken responsibility for.
    #[must_use]
    pub fn open(&self) -> Verdict {
        let open = self.hits.iter().filter(|hit| hit.allowed.is_none());
        open.map(|hit| hit.effect.verdict()).max().unwrap_or(Verdict::Clear)
    }

    /// The questions never asked.
    #[must_use]
    pub fn not_asked(&self) -> usize {
        self.asked.iter().filter(|asked| asked.last.is_none()).count()
    }
}

/// A choice of the house's list, such as a substance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactChoice {
    pub kind: FactKind,
    pub code: String,
    pub name: Text,
}

/// The page of the five questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactsPage {
    pub item: VisitServiceId,
    pub customer_name: String,
    pub service: Text,
    pub today: NaiveDate,
    pub asked: Vec<Asked>,
    /// All there are, those that ended too.
    pub facts: Vec<FactView>,
    pub choices: Vec<FactChoice>,
}

/// What is answered to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerForm {
    pub kind: String,
    /// `none`, `some`; empty: not asked this time.
    #[serde(default)]
    pub answer: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub what: String,
    #[serde(default)]
    pub reaction: String,
    #[serde(default)]
    pub severity: String,
    #[serde(default)]
    pub source: String,
    /// `2026-05-20`.
    #[serde(default)]
    pub since: String,
}

/// The five questions, answered at the chair or by the consultant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsForm {
    pub item: String,
    #[serde(default)]
    pub answers: Vec<AnswerForm>,
    /// Facts that no longer hold.
    #[serde(default)]
    pub ended: Vec<String>,
    #[serde(default)]
    pub key: String,
}

/// A new fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFact {
    pub code: Option<String>,
    pub what: Option<String>,
    pub reaction: Option<String>,
    pub severity: Option<Severity>,
    pub source: FactSource,
    pub since: Option<NaiveDate>,
}

/// A checked [`FactsForm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub item: VisitServiceId,
    /// With something: a new fact, or none when what is known is only confirmed again.
    pub answers: Vec<(FactKind, Answer, Option<NewFact>)>,
    pub ended: Vec<FactId>,
    pub key: String,
}

/// A few words on one line; empty becomes `None`.
///
/// # Errors
/// `TooLong` or `Characters`.
pub fn check_words(raw: &str) -> Result<Option<String>, FieldCode> {
    match check_note(raw)? {
        Some(text) if text.chars().count() > FACT_MAX => Err(FieldCode::TooLong),
        Some(text) if text.contains('\n') => Err(FieldCode::Characters),
        text => Ok(text),
    }
}

/// A choice that may be left open.
fn check_choice<T>(raw: &str, of: impl Fn(&str) -> Option<T>) -> Result<Option<T>, FieldCode> {
    match raw.trim() {
        "" => Ok(None),
        code => of(code).map(Some).ok_or(FieldCode::Choice),
    }
}

/// The name of a question's field in [`FactsForm`].
#[must_use]
pub fn answer_field(index: usize, name: &str) -> String {
    format!("answers[{index}][{name}]")
}

impl AnswerForm {
    fn check(&self, i: usize, errors: &mut Errors) -> Option<(FactKind, Answer, Option<NewFact>)> {
        let kind = errors
            .take(&answer_field(i, "kind"), FactKind::from_code(&self.kind).ok_or(FieldCode::Choice))?;
        let answer =
            errors.take(&answer_field(i, "answer"), check_choice(&self.answer, Answer::from_code))?;
        let code = errors.take(&answer_field(i, "code"), check_words(&self.code))?;
        let what = errors.take(&answer_field(i, "what"), check_words(&self.what))?;
        let reaction = errors.take(&answer_field(i, "reaction"), check_words(&self.reaction))?;
        let severity =
            errors.take(&answer_field(i, "severity"), check_choice(&self.severity, Severity::from_code))?;
        let source =
            errors.take(&answer_field(i, "source"), check_choice(&self.source, FactSource::from_code))?;
        let since = check_choice(&self.since, |day| day.parse::<NaiveDate>().ok());
        let since = errors.take(&answer_field(i, "since"), since.map_err(|_| FieldCode::Range))?;
        let told = code.is_some() || what.is_some();
        // Whoever names something has answered, even when the answer itself was not picked.
        let answer = match (answer, told) {
            (Some(Answer::Nothing), true) => {
                errors.add(&answer_field(i, "answer"), FieldCode::Choice);
                return None;
            }
            (answer, true) => answer.or(Some(Answer::Something)),
            (answer, false) => answer,
        }?;
        let source = source.unwrap_or(FactSource::Customer);
        let fact = told.then_some(NewFact { code, what, reaction, severity, source, since });
        Some((kind, answer, fact))
    }
}

impl FactsForm {
    /// # Errors
    /// `item`, `key`, `answers` (nothing was answered), and the fields of the answers.
    pub fn check(self) -> Result<Facts, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let key = errors.take("key", check_key(&self.key));
        let mut answers = Vec::new();
        for (i, form) in self.answers.iter().enumerate().take(FactKind::ALL.len()) {
            answers.extend(form.check(i, &mut errors));
        }
        let ended: Result<Vec<FactId>, _> = self.ended.iter().take(50).map(|id| check_id(id)).collect();
        let ended = errors.take("ended", ended);
        if answers.is_empty() && ended.as_ref().is_some_and(Vec::is_empty) && errors.0.is_empty() {
            errors.add("answers", FieldCode::Required);
        }
        match (item, key, ended) {
            (Some(item), Some(key), Some(ended)) if errors.0.is_empty() => {
                Ok(Facts { item, answers, ended, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// Going on despite the rules that fire, with a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowForm {
    pub item: String,
    #[serde(default)]
    pub reason: String,
}

impl AllowForm {
    /// # Errors
    /// `item`, `reason`.
    pub fn check(self) -> Result<(VisitServiceId, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let reason =
            errors.take("reason", check_note(&self.reason).and_then(|text| text.ok_or(FieldCode::Required)));
        match (item, reason) {
            (Some(item), Some(reason)) => Ok((item, reason)),
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(answers: Vec<AnswerForm>) -> FactsForm {
        FactsForm { item: VisitServiceId::new().to_string(), answers, ended: vec![], key: "k".into() }
    }

    fn answer(answer: &str, what: &str) -> AnswerForm {
        let (kind, answer, what) = ("allergy".into(), answer.into(), what.into());
        AnswerForm { kind, answer, what, ..AnswerForm::default() }
    }

    #[test]
    fn nothing_something_and_not_asked_are_three_answers() {
        let facts = form(vec![answer("none", "")]).check().unwrap();
        assert_eq!(facts.answers, vec![(FactKind::Allergy, Answer::Nothing, None)]);
        let facts = form(vec![answer("", "水杨酸")]).check().unwrap();
        assert_eq!((facts.answers[0].1, facts.answers[0].2.is_some()), (Answer::Something, true));
        let facts = form(vec![answer("some", "")]).check().unwrap();
        assert_eq!(facts.answers, vec![(FactKind::Allergy, Answer::Something, None)]);
        let none = form(vec![answer("", "")]).check().unwrap_err();
        assert_eq!(none, vec![FieldError::new("answers", FieldCode::Required)]);
    }

    #[test]
    fn nothing_and_something_at_once_is_refused_at_its_field() {
        let errors = form(vec![answer("none", "水杨酸")]).check().unwrap_err();
        assert_eq!(errors, vec![FieldError::new("answers[0][answer]", FieldCode::Choice)]);
    }

    #[test]
    fn going_on_needs_a_reason() {
        let form = AllowForm { item: VisitServiceId::new().to_string(), reason: " ".into() };
        assert_eq!(form.check().unwrap_err(), vec![FieldError::new("reason", FieldCode::Required)]);
    }
}
