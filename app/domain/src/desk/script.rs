//! 话术: what to say, one tap away (DESK-10).

use super::question::{check_optional_id, check_text};
use crate::{
    customer::{Errors, check_name},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
};
use serde::{Deserialize, Serialize};

/// When something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    Telephone,
    Greeting,
    Waiting,
    Farewell,
}

impl Moment {
    pub const ALL: [Self; 4] = [Self::Telephone, Self::Greeting, Self::Waiting, Self::Farewell];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Telephone => "telephone",
            Self::Greeting => "greeting",
            Self::Waiting => "waiting",
            Self::Farewell => "farewell",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|moment| moment.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptView {
    pub id: ScriptId,
    pub version: i32,
    pub moment: Moment,
    pub title: Text,
    pub text: Text,
}

/// Writing a script anew, or changing one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptForm {
    #[serde(default)]
    pub script: String,
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub moment: String,
    #[serde(default)]
    pub title_zh: String,
    #[serde(default)]
    pub title_en: String,
    #[serde(default)]
    pub text_zh: String,
    #[serde(default)]
    pub text_en: String,
    /// Taken out of the library.
    #[serde(default)]
    pub retire: bool,
}

/// A checked [`ScriptForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub id: Option<ScriptId>,
    pub version: i32,
    pub moment: Moment,
    pub title: Text,
    pub text: Text,
    pub retire: bool,
}

impl ScriptForm {
    /// # Errors
    /// `script`, `moment`, `title_zh`, `title_en`, `text_zh`, `text_en`.
    pub fn check(self) -> Result<Script, Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = errors.take("script", check_optional_id(&self.script));
        let moment = errors.take("moment", Moment::from_code(self.moment.trim()).ok_or(FieldCode::Required));
        let title_zh = errors.take("title_zh", check_name(&self.title_zh));
        let title_en = errors.take("title_en", check_name(&self.title_en));
        let text_zh = errors.take("text_zh", check_text(&self.text_zh));
        let text_en = errors.take("text_en", check_text(&self.text_en));
        match (id, moment, title_zh, title_en, text_zh, text_en) {
            (Some(id), Some(moment), Some(title_zh), Some(title_en), Some(text_zh), Some(text_en)) => {
                Ok(Script {
                    id,
                    version: self.version,
                    moment,
                    title: Text::new(title_zh, title_en),
                    text: Text::new(text_zh, text_en),
                    retire: self.retire,
                })
            }
            _ => Err(errors.0),
        }
    }
}
