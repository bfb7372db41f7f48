//! People as the manager keeps them: what they have learnt, certificates, rotas, leave (BOOK-1, CERT, STAFF-1, STAFF-5).

mod rota;

pub use rota::*;

use crate::{
    branch::{
        hours::{check_day, check_number, check_version, short},
        menu::{check_text, check_type},
    },
    customer::{Errors, check_name},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Longest title and number of a certificate, in characters.
const SHORT_MAX: usize = 30;
/// Most skills of one person.
const SKILLS_MAX: usize = 24;

/// A person as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    /// Empty: a new one.
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub title_zh: String,
    pub title_en: String,
    /// "true" or empty.
    pub bookable: String,
    /// Place in the rotation.
    pub position: String,
    /// Qualifications, comma-separated.
    pub skills: String,
    /// The first day not here any more; empty: stays.
    pub left: String,
    pub version: String,
    pub confirm: String,
}

/// A person to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPerson {
    pub id: Option<StaffId>,
    pub name: Text,
    pub title: Text,
    pub bookable: bool,
    pub position: u32,
    pub skills: Vec<String>,
    pub left: Option<NaiveDate>,
    pub version: i32,
    pub confirm: bool,
}

impl PersonForm {
    /// # Errors
    /// `name_zh`, `name_en`, `title_zh`, `title_en`, `position`, `skills`, `left`.
    pub fn check(self) -> Result<SetPerson, Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = match self.id.trim() {
            "" => Some(None),
            raw => errors.take("id", raw.parse().map(Some).map_err(|_| FieldCode::Choice)),
        };
        let name = errors.take("name_zh", check_name(&self.name_zh));
        let name_en = match self.name_en.trim() {
            "" => Some(String::new()),
            raw => errors.take("name_en", check_name(raw)),
        };
        let title = check_text(&mut errors, "title", &self.title_zh, &self.title_en);
        let position = errors.take("position", check_number(&self.position, 0, 999));
        let mut skills = Vec::new();
        for raw in self.skills.split([',', '，', '、']).map(str::trim).filter(|raw| !raw.is_empty()) {
            skills.extend(errors.take("skills", check_type(raw)).filter(|code| !skills.contains(code)));
        }
        if skills.len() > SKILLS_MAX {
            errors.add("skills", FieldCode::Range);
        }
        let left = match self.left.trim() {
            "" => Some(None),
            raw => errors.take("left", check_day(raw).map(Some)),
        };
        let version = errors.take("version", check_version(&self.version));
        match (id, name, name_en, title, position, left, version) {
            (Some(id), Some(zh), Some(en), Some(title), Some(position), Some(left), Some(version))
                if errors.0.is_empty() =>
            {
                let (bookable, confirm) = (self.bookable == "true", self.confirm == "yes");
                let name = Text { zh, en };
                Ok(SetPerson { id, name, title, bookable, position, skills, left, version, confirm })
            }
            _ => Err(errors.0),
        }
    }
}

/// A certificate as typed (CERT).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CredentialForm {
    pub staff: String,
    /// Empty: a new one.
    pub id: String,
    pub qualification: String,
    pub number: String,
    pub from: String,
    pub to: String,
    pub version: String,
    pub confirm: String,
}

/// A certificate to be saved. Both days belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCredential {
    pub staff: StaffId,
    pub id: Option<CredentialId>,
    pub qualification: String,
    pub number: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub version: i32,
    pub confirm: bool,
}

impl CredentialForm {
    /// # Errors
    /// `staff`, `qualification`, `number`, `from`, `to`.
    pub fn check(self) -> Result<SetCredential, Vec<FieldError>> {
        let mut errors = Errors::default();
        let staff = errors.take("staff", crate::booking::check_id(&self.staff));
        let id = match self.id.trim() {
            "" => Some(None),
            raw => errors.take("id", raw.parse().map(Some).map_err(|_| FieldCode::Choice)),
        };
        let qualification = errors.take("qualification", check_type(&self.qualification));
        let number = short(&self.number, SHORT_MAX).and_then(|n| n.ok_or(FieldCode::Required));
        let number = errors.take("number", number);
        let from = errors.take("from", check_day(&self.from));
        let to = errors.take("to", check_day(&self.to));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            errors.add("to", FieldCode::Range);
        }
        let version = errors.take("version", check_version(&self.version));
        match (staff, id, qualification, number, from, to, version) {
            (
                Some(staff),
                Some(id),
                Some(qualification),
                Some(number),
                Some(from),
                Some(to),
                Some(version),
            ) if errors.0.is_empty() => {
                let confirm = self.confirm == "yes";
                Ok(SetCredential { staff, id, qualification, number, from, to, version, confirm })
            }
            _ => Err(errors.0),
        }
    }
}

/// A person in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonLine {
    pub id: StaffId,
    pub name: Text,
    pub title: Text,
    pub skills: Vec<String>,
    pub bookable: bool,
    pub left: bool,
    pub position: i32,
    /// The certificate of a skill that ends first; `None`: a skill has none.
    #[serde(with = "days")]
    pub certified_until: Option<NaiveDate>,
    /// In so many days, negative when it has.
    pub ends_in: Option<i64>,
}

/// The page of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonPage {
    pub form: PersonForm,
    pub skills: Vec<String>,
    pub credentials: Vec<CredentialLine>,
    /// Known qualifications, to choose from.
    pub known: Vec<String>,
    #[serde(with = "crate::time::day_number")]
    pub today: NaiveDate,
}

/// A certificate of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CredentialLine {
    pub id: CredentialId,
    pub qualification: String,
    pub number: String,
    #[serde(with = "crate::time::day_number")]
    pub from: NaiveDate,
    #[serde(with = "crate::time::day_number")]
    pub to: NaiveDate,
    /// In so many days, negative when it has.
    pub ends_in: i64,
}

/// A day that may be missing, as a number: see [`crate::time::day_number`].
mod days {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i32(day.map_or(0, |day| day.num_days_from_ce()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        let number = i32::deserialize(from)?;
        Ok(if number == 0 { None } else { NaiveDate::from_num_days_from_ce_opt(number) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_titled_and_placed() {
        let fields =
            |form: PersonForm| form.check().unwrap_err().into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields(PersonForm::default()), ["name_zh", "title_zh", "position"]);
        let form = PersonForm {
            name_zh: "林静怡".into(),
            title_zh: "美容师".into(),
            position: "3".into(),
            skills: "facial，lash, facial".into(),
            left: "2026-07-01".into(),
            ..PersonForm::default()
        };
        let cmd = form.clone().check().unwrap();
        assert_eq!((cmd.skills.len(), cmd.bookable, cmd.left.is_some()), (2, false, true));
        assert_eq!(fields(PersonForm { left: "soon".into(), ..form }), ["left"]);
    }

    #[test]
    fn a_certificate_does_not_end_before_it_begins() {
        let form = CredentialForm {
            staff: StaffId::new().to_string(),
            qualification: "facial".into(),
            number: "SH-1".into(),
            from: "2026-01-01".into(),
            to: "2025-12-31".into(),
            ..CredentialForm::default()
        };
        assert_eq!(form.clone().check().unwrap_err(), [FieldError::new("to", FieldCode::Range)]);
        assert!(CredentialForm { to: "2026-01-01".into(), ..form }.check().is_ok());
    }
}
