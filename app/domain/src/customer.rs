//! Customers as other areas see them.

use crate::{
    error::{FieldCode, FieldError},
    ids::*,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Longest name kept, in characters.
pub const NAME_MAX: usize = 40;
/// Longest free text kept, in characters.
pub const NOTE_MAX: usize = 1000;

/// A name as it may be stored: trimmed, inner white space single, no control characters.
///
/// # Errors
/// `Required`, `TooLong` or `Characters`.
pub fn check_name(raw: &str) -> Result<String, FieldCode> {
    let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(FieldCode::Required);
    }
    if name.chars().count() > NAME_MAX {
        return Err(FieldCode::TooLong);
    }
    if name.chars().any(unprintable) || !name.chars().any(char::is_alphabetic) {
        return Err(FieldCode::Characters);
    }
    Ok(name)
}

/// A free text as it may be stored; empty becomes `None`. Line breaks stay.
///
/// # Errors
/// `TooLong` or `Characters`.
pub fn check_note(raw: &str) -> Result<Option<String>, FieldCode> {
    let text = raw.trim().replace("\r\n", "\n");
    if text.chars().count() > NOTE_MAX {
        return Err(FieldCode::TooLong);
    }
    if text.chars().any(|c| unprintable(c) && c != '\n' && c != '\t') {
        return Err(FieldCode::Characters);
    }
    Ok((!text.is_empty()).then_some(text))
}

/// Control characters and the marks that turn the reading direction.
fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Collects field errors while a form is checked.
#[derive(Debug, Default)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    /// Takes the value, or notes the error under the field's name.
    pub fn take<T>(&mut self, field: &str, value: Result<T, FieldCode>) -> Option<T> {
        value.map_err(|code| self.0.push(FieldError::new(field, code))).ok()
    }

    pub fn add(&mut self, field: &str, code: FieldCode) {
        self.0.push(FieldError::new(field, code));
    }
}

/// Someone found by phone tail, name or pinyin initials (DESK-2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CustomerHit {
    pub id: CustomerId,
    pub name: String,
    pub phone_masked: String,
    pub tags: Vec<CustomerTag>,
    pub last_visit: Option<LocalTime>,
    pub visits: u32,
    pub no_shows: u32,
    /// A booking of today that could be checked in at once.
    pub booking_today: Option<(BookingId, LocalTime)>,
}

/// What the staff should see at a glance. Facts that do not change with state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerTag {
    FirstVisit,
    WalkIn,
    Silver,
    Gold,
    /// DESK-10: needs special care.
    Elderly,
    Child,
    Pregnant,
    Disabled,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("  王 雅琴 ", Ok("王 雅琴"))]
    #[case("O'Neil-Smith", Ok("O'Neil-Smith"))]
    #[case("<script>alert(1)</script>", Ok("<script>alert(1)</script>"))]
    #[case("", Err(FieldCode::Required))]
    #[case("   ", Err(FieldCode::Required))]
    #[case("😀", Err(FieldCode::Characters))]
    #[case("a\u{202e}b", Err(FieldCode::Characters))]
    #[case("王\u{0}", Err(FieldCode::Characters))]
    fn names(#[case] raw: &str, #[case] want: Result<&str, FieldCode>) {
        assert_eq!(check_name(raw).as_deref().map_err(|e| *e), want);
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(check_name(&"王".repeat(NAME_MAX)).is_ok());
        assert_eq!(check_name(&"王".repeat(NAME_MAX + 1)), Err(FieldCode::TooLong));
        assert_eq!(check_note(&"好".repeat(NOTE_MAX + 1)), Err(FieldCode::TooLong));
        assert_eq!(check_note(" \n "), Ok(None));
    }
}
