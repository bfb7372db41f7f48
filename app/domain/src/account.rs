//! Signing in: staff by password and second factor, customers by phone and one-time code.

use crate::{
    actor::Role,
    customer::Errors,
    digits::plain,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    phone::Phone,
};
use serde::{Deserialize, Serialize};

/// Digits of a one-time code.
pub const CODE_DIGITS: usize = 6;
/// Minutes a one-time code lives.
pub const CODE_MINUTES: i64 = 5;
/// Wrong tries after which a code is dead.
pub const CODE_TRIES: u8 = 5;
/// Shortest password without a second factor (C-38).
pub const PASSWORD_MIN: usize = 15;
/// Shortest password with a second factor.
pub const PASSWORD_MIN_WITH_FACTOR: usize = 8;
/// Longest password taken.
pub const PASSWORD_MAX: usize = 256;

/// Staff sign-in as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct SignInForm {
    pub username: String,
    pub password: String,
    /// Six digits of the second factor, when the account has one.
    #[serde(default)]
    pub factor: String,
    /// "on": stay signed in for 7 days on this device.
    #[serde(default)]
    pub remember: Option<String>,
}

/// Staff sign-in that can be tried.
pub struct SignIn {
    pub username: String,
    pub password: String,
    pub factor: Option<String>,
    pub remember: bool,
}

impl SignInForm {
    /// # Errors
    /// The fields that are missing or cannot be right.
    pub fn check(self) -> Result<SignIn, Vec<FieldError>> {
        let mut errors = Errors::default();
        let username = self.username.trim().to_lowercase();
        if username.is_empty() {
            errors.add("username", FieldCode::Required);
        } else if username.chars().count() > 64 {
            errors.add("username", FieldCode::TooLong);
        }
        if self.password.is_empty() {
            errors.add("password", FieldCode::Required);
        } else if self.password.len() > PASSWORD_MAX * 4 {
            errors.add("password", FieldCode::TooLong);
        }
        let factor = match self.factor.trim() {
            "" => None,
            typed => errors.take("factor", check_code(typed)),
        };
        if errors.0.is_empty() {
            Ok(SignIn { username, password: self.password, factor, remember: self.remember.is_some() })
        } else {
            Err(errors.0)
        }
    }
}

/// Six digits, as typed or pasted: spaces and full-width digits are fine.
///
/// # Errors
/// `Required` or `Code`.
pub fn check_code(raw: &str) -> Result<String, FieldCode> {
    let mut code = String::with_capacity(CODE_DIGITS);
    for c in raw.chars() {
        match plain(c) {
            c @ '0'..='9' => code.push(c),
            c if c.is_whitespace() || c == '-' => {}
            _ => return Err(FieldCode::Code),
        }
    }
    match code.len() {
        0 => Err(FieldCode::Required),
        CODE_DIGITS => Ok(code),
        _ => Err(FieldCode::Code),
    }
}

/// Whether a password may be set (C-38): long enough and not a common one. No composition rules.
///
/// # Errors
/// `TooShort`, `TooLong` or `Common`.
pub fn check_password(password: &str, has_factor: bool) -> Result<(), FieldCode> {
    let length = password.chars().count();
    let least = if has_factor { PASSWORD_MIN_WITH_FACTOR } else { PASSWORD_MIN };
    if length < least {
        return Err(FieldCode::TooShort);
    }
    if length > PASSWORD_MAX {
        return Err(FieldCode::TooLong);
    }
    let lower = password.to_lowercase();
    let mut chars: Vec<char> = lower.chars().collect();
    chars.dedup();
    let trivial = chars.len() <= 3
        || ["password", "12345678", "qwerty", "iloveyou", "meiyue", "11111111", "abc12345", "admin"]
            .iter()
            .any(|common| lower.replace(common, "").chars().count() + 4 <= length / 2);
    if trivial { Err(FieldCode::Common) } else { Ok(()) }
}

/// A customer asks for a code to sign in with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PhoneForm {
    pub phone: String,
}

impl PhoneForm {
    /// # Errors
    /// The phone field's error.
    pub fn check(self) -> Result<Phone, Vec<FieldError>> {
        Phone::parse(&self.phone).map_err(|code| vec![FieldError::new("phone", code)])
    }
}

/// A customer signs in with the code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeForm {
    pub phone: String,
    pub code: String,
}

impl CodeForm {
    /// # Errors
    /// The fields that are missing or cannot be right.
    pub fn check(self) -> Result<(Phone, String), Vec<FieldError>> {
        let mut errors = Errors::default();
        let phone = errors.take("phone", Phone::parse(&self.phone));
        let code = errors.take("code", check_code(&self.code));
        match (phone, code) {
            (Some(phone), Some(code)) => Ok((phone, code)),
            _ => Err(errors.0),
        }
    }
}

/// What a page knows of who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Me {
    Stranger,
    Customer { id: CustomerId, name: String, phone_masked: String },
    Staff(StaffMe),
}

/// A signed-in member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffMe {
    pub user: UserId,
    pub username: String,
    pub name: Text,
    pub role: Role,
    pub staff: Option<StaffId>,
    /// The branch worked in; the owner's is the one looked at.
    pub branch: BranchId,
    pub branch_slug: String,
    pub branch_name: Text,
    pub branch_kind: crate::branch::BranchKind,
    pub second_factor: bool,
    /// The outbox can be read in the app (demo mode).
    pub demo: bool,
    /// Bookings that cannot be kept as things stand, for those who put that right.
    pub stranded: u32,
}

/// Setting up the second factor: shown once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactorSetup {
    /// Base32, to type by hand.
    pub secret: String,
    /// `otpauth://` address.
    pub uri: String,
    /// SVG path data of the QR code and its size in modules.
    pub qr: crate::booking::Qr,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("123456", Ok("123456"))]
    #[case(" 123 456 ", Ok("123456"))]
    #[case("１２３４５６", Ok("123456"))]
    #[case("", Err(FieldCode::Required))]
    #[case("12345", Err(FieldCode::Code))]
    #[case("12345a", Err(FieldCode::Code))]
    fn codes(#[case] raw: &str, #[case] want: Result<&str, FieldCode>) {
        assert_eq!(check_code(raw).as_deref().map_err(|e| *e), want);
    }

    #[rstest]
    #[case("short", false, Err(FieldCode::TooShort))]
    #[case("fourteen chars", false, Err(FieldCode::TooShort))]
    #[case("a quiet lake in may", false, Ok(()))]
    #[case("eight ch", true, Ok(()))]
    #[case("passwordpassword", false, Err(FieldCode::Common))]
    #[case("aaaaaaaaaaaaaaaaaaaa", false, Err(FieldCode::Common))]
    #[case("春眠不觉晓处处闻啼鸟夜来风雨声", false, Ok(()))]
    fn passwords(#[case] password: &str, #[case] factor: bool, #[case] want: Result<(), FieldCode>) {
        assert_eq!(check_password(password, factor), want);
    }

    #[test]
    fn sixty_four_characters_are_taken() {
        assert_eq!(check_password(&"correct horse battery ".repeat(3), false), Ok(()));
    }
}
