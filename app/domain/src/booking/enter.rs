//! A booking that the desk enters for a customer, by telephone or at the counter.

use super::{SERVICES_MAX, check_id, check_ids, check_instant, check_key};
use crate::{
    customer::{Errors, check_name, check_note},
    desk::WalkInCustomer,
    error::FieldError,
    ids::*,
    phone::Phone,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is typed: someone known by `customer`, or new with `name` and `phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterForm {
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    /// Service ids, comma-separated, in sequence.
    #[serde(default)]
    pub services: String,
    /// Wished-for person; empty: anyone.
    #[serde(default)]
    pub who: String,
    /// Start of the first service, milliseconds since 1970.
    #[serde(default)]
    pub at: String,
    /// "on": when to come and what to mind has been said (BOOK-12).
    #[serde(default)]
    pub told: Option<String>,
    /// What else was said or asked for.
    #[serde(default)]
    pub note: String,
    pub key: String,
}

/// A booking to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enter {
    pub customer: WalkInCustomer,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub at: DateTime<Utc>,
    /// The customer has been told when to come and what to mind (BOOK-12).
    pub told: bool,
    pub note: Option<String>,
    pub key: String,
}

impl EnterForm {
    /// # Errors
    /// `customer`, `name`, `phone`, `services`, `who`, `at`, `key`.
    pub fn check(self) -> Result<Enter, Vec<FieldError>> {
        let mut errors = Errors::default();
        let customer = if self.customer.trim().is_empty() {
            let name = errors.take("name", check_name(&self.name));
            let phone = errors.take("phone", Phone::parse(&self.phone));
            name.zip(phone).map(|(name, phone)| WalkInCustomer::New { name, phone })
        } else {
            errors.take("customer", check_id(&self.customer)).map(WalkInCustomer::Known)
        };
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let who = match self.who.trim() {
            "" => Some(None),
            raw => errors.take("who", check_id(raw).map(Some)),
        };
        let at = errors.take("at", check_instant(&self.at));
        let note = errors.take("note", check_note(&self.note));
        let key = errors.take("key", check_key(&self.key));
        let told = self.told.is_some();
        match (customer, services, who, at, note, key) {
            (Some(customer), Some(services), Some(who), Some(at), Some(note), Some(key)) => {
                Ok(Enter { customer, services, who, at, told, note, key })
            }
            _ => Err(errors.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_field_is_named() {
        let fields: Vec<_> = EnterForm::default().check().unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["name", "phone", "services", "at", "key"]);
    }
}
