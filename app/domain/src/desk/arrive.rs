//! Checking oneself in by the code at the door (DESK-7), and the screen on the wall (DESK-1).

use super::{WalkIn, WalkInCustomer};
use crate::{
    booking::{Qr, SERVICES_MAX, check_ids, check_key},
    branch::{BranchInfo, Category},
    customer::{Errors, check_name},
    digits::plain,
    error::{FieldCode, FieldError},
    lang::Text,
    phone::Phone,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// What a link of the branch leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    Screen,
    Arrive,
}

impl LinkKind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Arrive => "arrive",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Screen, Self::Arrive].into_iter().find(|kind| kind.code() == code)
    }
}

/// A link that is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkView {
    /// Path, to be put behind the house's address.
    pub path: String,
    pub since: LocalTime,
    pub qr: Qr,
}

/// Both links of a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinksPage {
    pub branch: BranchInfo,
    pub screen: Option<LinkView>,
    pub arrive: Option<LinkView>,
}

/// A ticket that is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenCall {
    pub ticket: String,
    /// `None`: to the desk.
    pub room: Option<Text>,
    pub at: LocalTime,
}

/// A ticket that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenTicket {
    pub ticket: String,
    pub place: u32,
    /// Estimated minutes.
    pub estimate: Option<u32>,
}

/// The screen on the wall: tickets only, no names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreenView {
    pub branch: BranchInfo,
    /// Newest first.
    pub calls: Vec<ScreenCall>,
    pub waiting: Vec<ScreenTicket>,
    /// Further tickets that are not listed.
    pub more: u32,
}

/// The page behind the code at the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArriveView {
    pub branch: BranchInfo,
    pub categories: Vec<Category>,
    pub waiting: u32,
}

/// Somebody who booked: the end of the phone number and the booking's code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArriveForm {
    #[serde(default)]
    pub tail: String,
    #[serde(default)]
    pub number: String,
}

/// A checked [`ArriveForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrive {
    pub tail: String,
    pub number: String,
}

impl ArriveForm {
    /// # Errors
    /// `tail`, `number`.
    pub fn check(self) -> Result<Arrive, Vec<FieldError>> {
        let mut errors = Errors::default();
        let tail = errors.take("tail", four_digits(&self.tail));
        let number = errors.take("number", four_digits(&self.number));
        match (tail, number) {
            (Some(tail), Some(number)) => Ok(Arrive { tail, number }),
            _ => Err(errors.0),
        }
    }
}

fn four_digits(raw: &str) -> Result<String, FieldCode> {
    let digits: String = raw.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    match digits.len() {
        0 => Err(FieldCode::Required),
        4 if digits.bytes().all(|b| b.is_ascii_digit()) => Ok(digits),
        _ => Err(FieldCode::Choice),
    }
}

/// Somebody without a booking takes a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketForm {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub services: String,
    #[serde(default)]
    pub key: String,
}

impl TicketForm {
    /// # Errors
    /// `name`, `phone`, `services`, `key`.
    pub fn check(self) -> Result<WalkIn, Vec<FieldError>> {
        let mut errors = Errors::default();
        let name = errors.take("name", check_name(&self.name));
        let phone = errors.take("phone", Phone::parse(&self.phone));
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let key = errors.take("key", check_key(&self.key));
        match (name, phone, services, key) {
            (Some(name), Some(phone), Some(services), Some(key)) => {
                Ok(WalkIn { customer: WalkInCustomer::New { name, phone }, services, who: None, key })
            }
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_however_typed() {
        for (raw, want) in [
            ("2716", Ok("2716")),
            (" ２７ 16", Ok("2716")),
            ("", Err(FieldCode::Required)),
            ("271", Err(FieldCode::Choice)),
            ("27a6", Err(FieldCode::Choice)),
        ] {
            assert_eq!(four_digits(raw).as_deref().map_err(|e| *e), want, "{raw}");
        }
    }
}
