//! Telephone numbers as customers type them.

use crate::{digits::plain, error::FieldCode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A mainland-China mobile number (11 digits) or `+` and 7–15 digits for any other country.
/// `Debug` and `Display` show it masked, so that it never reaches a log by accident.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Accepts spaces, dashes, brackets, full-width digits and a `+86`/`0086` prefix.
    ///
    /// # Errors
    /// `Required` when nothing is left, `Phone` when it can be no telephone number.
    pub fn parse(raw: &str) -> Result<Self, FieldCode> {
        let mut digits = String::with_capacity(16);
        for c in raw.trim().chars() {
            match plain(c) {
                c @ '0'..='9' => digits.push(c),
                '+' | '＋' if digits.is_empty() => digits.push('+'),
                ' ' | '-' | '(' | ')' | '\u{a0}' | '\u{3000}' | '－' | '（' | '）' => {}
                _ => return Err(FieldCode::Phone),
            }
        }
        if digits.is_empty() {
            return Err(FieldCode::Required);
        }
        let local = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
        if local.len() == 11 && local.starts_with('1') && !local.starts_with("10") {
            return Ok(Self(local.to_owned()));
        }
        match digits.strip_prefix('+') {
            Some(rest) if !rest.starts_with("86") && (7..=15).contains(&rest.len()) => Ok(Self(digits)),
            _ => Err(FieldCode::Phone),
        }
    }

    /// The number itself, for storing and dialling only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `138 **** 2716`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// The last four digits, by which the front desk finds a customer.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }
}

/// Masks any stored number: the first three and the last four digits stay.
#[must_use]
pub fn mask(number: &str) -> String {
    let n = number.len();
    if n < 8 || !number.is_ascii() {
        return "****".to_owned();
    }
    format!("{} **** {}", &number[..3], &number[n - 4..])
}

/// A stored number in full, in groups, for those who may see it: `138 0000 2716`.
#[must_use]
pub fn spaced(number: &str) -> String {
    match (number.get(..3), number.get(3..7), number.get(7..)) {
        (Some(a), Some(b), Some(c)) if number.len() == 11 => format!("{a} {b} {c}"),
        _ => number.to_owned(),
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("138 0000 2716", Ok("13800002716"))]
    #[case("+86 138-0000-2716", Ok("13800002716"))]
    #[case("００86１３８00002716", Ok("13800002716"))]
    #[case("+49 (30) 1234567", Ok("+49301234567"))]
    #[case("", Err(FieldCode::Required))]
    #[case("1380000271", Err(FieldCode::Phone))]
    #[case("10800002716", Err(FieldCode::Phone))]
    #[case("138<script>", Err(FieldCode::Phone))]
    #[case("１３８😀", Err(FieldCode::Phone))]
    fn reads_what_people_type(#[case] raw: &str, #[case] want: Result<&str, FieldCode>) {
        assert_eq!(Phone::parse(raw).as_ref().map(Phone::reveal).map_err(|e| *e), want);
    }

    #[test]
    fn is_masked_wherever_it_is_shown() {
        let phone = Phone::parse("13800002716").unwrap();
        assert_eq!(format!("{phone} {phone:?}"), "138 **** 2716 138 **** 2716");
        assert_eq!(phone.tail(), "2716");
    }

    proptest! {
        #[test]
        fn never_panics(raw in "\\PC*") {
            if let Ok(phone) = Phone::parse(&raw) {
                prop_assert_eq!(phone.tail().len(), 4);
                prop_assert_eq!(Phone::parse(phone.reveal()), Ok(phone));
            }
        }
    }
}
