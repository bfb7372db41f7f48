//! Handing a shift over (DESK-9): what is open is gathered, noted, given and taken.

use crate::{
    booking::{check_id, check_key},
    branch::BranchInfo,
    customer::{Errors, check_note},
    error::FieldError,
    ids::*,
    lang::Text,
    page::Page,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// What kind of open matter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterKind {
    Callback,
    Question,
    LongWait,
    Band,
}

/// Something the next shift has to know. `what` names it, `note` says more; both as people wrote them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenMatter {
    pub kind: MatterKind,
    pub what: String,
    pub note: String,
    /// Since when, or when it is due.
    pub at: LocalTime,
    pub overdue: bool,
}

/// Most matters that a handover lists.
pub const MATTERS_MAX: usize = 100;

/// A handover as it was given, and taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverView {
    pub id: HandoverId,
    pub version: i32,
    pub branch: BranchInfo,
    pub given_at: LocalTime,
    pub given_by: UserId,
    pub given_name: Text,
    pub matters: Vec<OpenMatter>,
    pub cash_note: Option<String>,
    pub note: Option<String>,
    pub taken_at: Option<LocalTime>,
    pub taken_name: Option<Text>,
    pub take_note: Option<String>,
}

/// One of the past ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverLine {
    pub id: HandoverId,
    pub given_at: LocalTime,
    pub given_name: Text,
    pub taken_at: Option<LocalTime>,
    pub taken_name: Option<Text>,
    pub matters: u32,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandoverPage {
    pub branch: BranchInfo,
    /// Open at this moment.
    pub matters: Vec<OpenMatter>,
    /// Given and not taken yet.
    pub waiting: Option<HandoverView>,
    pub past: Page<HandoverLine>,
}

/// Giving a shift over. The matters are gathered by the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveForm {
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub cash_note: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`GiveForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Give {
    pub note: Option<String>,
    pub cash_note: Option<String>,
    pub key: String,
}

impl GiveForm {
    /// # Errors
    /// `note`, `cash_note`, `key`.
    pub fn check(self) -> Result<Give, Vec<FieldError>> {
        let mut errors = Errors::default();
        let note = errors.take("note", check_note(&self.note));
        let cash_note = errors.take("cash_note", check_note(&self.cash_note));
        let key = errors.take("key", check_key(&self.key));
        match (note, cash_note, key) {
            (Some(note), Some(cash_note), Some(key)) => Ok(Give { note, cash_note, key }),
            _ => Err(errors.0),
        }
    }
}

/// Taking a shift over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeForm {
    pub handover: String,
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub note: String,
}

impl TakeForm {
    /// # Errors
    /// `handover`, `note`.
    pub fn check(self) -> Result<(HandoverId, i32, Option<String>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let handover = errors.take("handover", check_id(&self.handover));
        let note = errors.take("note", check_note(&self.note));
        match (handover, note) {
            (Some(handover), Some(note)) => Ok((handover, self.version, note)),
            _ => Err(errors.0),
        }
    }
}
