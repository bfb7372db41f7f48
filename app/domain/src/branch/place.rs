//! Rooms and devices as the manager keeps them (BOOK-1, OPS-2).

use super::{
    hours::{check_day, check_version, clock, short},
    menu::{check_text, check_type},
};
use crate::{
    customer::Errors,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What can be occupied besides people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Room,
    Device,
}

impl PlaceKind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Device => "device",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Room, Self::Device].into_iter().find(|kind| kind.code() == code)
    }
}

/// A room or a device as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    /// Empty: a new one.
    pub id: String,
    pub kind: String,
    pub type_code: String,
    pub name_zh: String,
    pub name_en: String,
    pub version: String,
    pub confirm: String,
}

/// A room or a device to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPlace {
    pub id: Option<ResourceId>,
    pub kind: PlaceKind,
    pub type_code: String,
    pub name: Text,
    pub version: i32,
    pub confirm: bool,
}

impl PlaceForm {
    /// # Errors
    /// `kind`, `type_code`, `name_zh`, `name_en`.
    pub fn check(self) -> Result<SetPlace, Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = match self.id.trim() {
            "" => Some(None),
            raw => errors.take("id", raw.parse().map(Some).map_err(|_| FieldCode::Choice)),
        };
        let kind = errors.take("kind", PlaceKind::from_code(&self.kind).ok_or(FieldCode::Choice));
        let type_code = errors.take("type_code", check_type(&self.type_code));
        let name = check_text(&mut errors, "name", &self.name_zh, &self.name_en);
        let version = errors.take("version", check_version(&self.version));
        match (id, kind, type_code, name, version) {
            (Some(id), Some(kind), Some(type_code), Some(name), Some(version)) => {
                Ok(SetPlace { id, kind, type_code, name, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }
}

/// Taking a room or a device out of service, or back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DownForm {
    pub id: String,
    /// `down`, `up` (ends what is or would be), `retire`, `return`.
    pub act: String,
    pub from_day: String,
    /// `10:00`; empty: from opening.
    pub from_time: String,
    /// Empty: until further notice.
    pub to_day: String,
    /// Empty: to the end of that day.
    pub to_time: String,
    pub note: String,
    pub version: String,
    pub confirm: String,
}

/// What is to be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceAct {
    /// Day and minutes after midnight; no end: until further notice.
    Down {
        from: (NaiveDate, i32),
        to: Option<(NaiveDate, i32)>,
        note: Option<String>,
    },
    Up,
    Retire,
    Return,
}

/// A room or a device and what is to be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetDown {
    pub id: ResourceId,
    pub act: PlaceAct,
    pub version: i32,
    pub confirm: bool,
}

impl DownForm {
    /// # Errors
    /// `id`, `act`, `from_day`, `from_time`, `to_day`, `to_time`, `note`.
    pub fn check(self) -> Result<SetDown, Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = errors.take("id", crate::booking::check_id(&self.id));
        let version = errors.take("version", check_version(&self.version));
        let act = match self.act.as_str() {
            "up" => Some(PlaceAct::Up),
            "retire" => Some(PlaceAct::Retire),
            "return" => Some(PlaceAct::Return),
            "down" => self.down(&mut errors),
            _ => {
                errors.add("act", FieldCode::Choice);
                None
            }
        };
        match (id, act, version) {
            (Some(id), Some(act), Some(version)) => {
                Ok(SetDown { id, act, version, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }

    fn down(&self, errors: &mut Errors) -> Option<PlaceAct> {
        let from = errors.take("from_day", check_day(&self.from_day));
        let from_time = errors.take("from_time", time(&self.from_time, 0));
        let to = match self.to_day.trim() {
            "" => Some(None),
            raw => errors.take("to_day", check_day(raw).map(Some)),
        };
        let to_time = errors.take("to_time", time(&self.to_time, super::hours::DAY));
        let note = errors.take("note", short(&self.note, 120));
        let from = (from?, from_time?);
        let to = to?.zip(to_time);
        if to.is_some_and(|to| to <= from) {
            errors.add("to_day", FieldCode::Range);
            return None;
        }
        Some(PlaceAct::Down { from, to, note: note? })
    }
}

/// `10:00` as minutes, or what stands for nothing typed.
fn time(raw: &str, empty: i32) -> Result<i32, FieldCode> {
    match raw.trim() {
        "" => Ok(empty),
        typed => clock(typed),
    }
}

/// A room or a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceLine {
    pub id: ResourceId,
    pub kind: PlaceKind,
    pub type_code: String,
    pub name: Text,
    pub retired: bool,
    /// Out of service at present.
    pub down_now: bool,
    /// Out of service now or later.
    pub down: Vec<DownLine>,
    pub version: i32,
}

/// A time out of service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DownLine {
    pub from: LocalTime,
    /// `None`: until further notice.
    pub to: Option<LocalTime>,
    pub note: Option<String>,
}

/// The page of rooms and devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacesPage {
    pub places: Vec<PlaceLine>,
    pub room_types: Vec<String>,
    pub device_types: Vec<String>,
    pub now: LocalTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn down(from: &str, from_time: &str, to: &str, to_time: &str) -> Result<PlaceAct, String> {
        let form = DownForm {
            id: ResourceId::new().to_string(),
            act: "down".into(),
            from_day: from.into(),
            from_time: from_time.into(),
            to_day: to.into(),
            to_time: to_time.into(),
            ..DownForm::default()
        };
        form.check().map(|cmd| cmd.act).map_err(|errors| errors[0].field.clone())
    }

    #[rstest]
    #[case("2026-06-12", "", "2026-06-12", "", Ok((0, Some(1440))))]
    #[case("2026-06-12", "10:30", "", "", Ok((630, None)))]
    #[case("2026-06-12", "10:30", "2026-06-12", "10:00", Err("to_day"))]
    #[case("2026-06-12", "half past", "", "", Err("from_time"))]
    #[case("", "", "", "", Err("from_day"))]
    fn out_of_service(
        #[case] from: &str,
        #[case] from_time: &str,
        #[case] to: &str,
        #[case] to_time: &str,
        #[case] want: Result<(i32, Option<i32>), &str>,
    ) {
        let got = down(from, from_time, to, to_time).map(|act| match act {
            PlaceAct::Down { from, to, .. } => (from.1, to.map(|to| to.1)),
            _ => (-1, None),
        });
        assert_eq!(got, want.map_err(str::to_owned));
    }

    #[test]
    fn a_place_has_a_name_and_a_type() {
        let fields =
            |form: PlaceForm| form.check().unwrap_err().into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields(PlaceForm::default()), ["kind", "type_code", "name_zh"]);
    }
}
