//! Wristbands and lockers of a bathhouse (DESK-8).

use super::{call::check_number, question::check_optional_id};
use crate::{
    booking::{check_id, check_key},
    branch::BranchInfo,
    customer::Errors,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    money::Fen,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Hours after which a band that is not back raises an alarm, also before closing.
pub const BAND_HOURS: i64 = 8;
/// Numbers registered at once.
pub const REGISTER_MAX: u32 = 500;

/// What carries a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    Band,
    Locker,
}

impl BandKind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Band => "band",
            Self::Locker => "locker",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Band, Self::Locker].into_iter().find(|kind| kind.code() == code)
    }
}

/// A number as it stands on a band: letters and digits, at most eight.
///
/// # Errors
/// `Required`, `TooLong`, `Characters`.
pub fn check_label(raw: &str) -> Result<String, FieldCode> {
    let label = raw.trim().to_uppercase();
    if label.is_empty() {
        return Err(FieldCode::Required);
    }
    if label.chars().count() > 8 {
        return Err(FieldCode::TooLong);
    }
    let fits = label.chars().all(|c| c.is_alphanumeric() || c == '-');
    fits.then_some(label).ok_or(FieldCode::Characters)
}

/// A band is handed out to a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandForm {
    #[serde(default)]
    pub band: String,
    #[serde(default)]
    pub locker: String,
    #[serde(default)]
    pub visit: String,
    #[serde(default)]
    pub room: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`BandForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandOut {
    pub band: String,
    pub locker: Option<String>,
    pub visit: VisitId,
    pub room: Option<ResourceId>,
    pub key: String,
}

impl BandForm {
    /// # Errors
    /// `band`, `locker`, `visit`, `room`, `key`.
    pub fn check(self) -> Result<BandOut, Vec<FieldError>> {
        let mut errors = Errors::default();
        let visit = errors.take("visit", check_id(&self.visit));
        let band = errors.take("band", check_label(&self.band));
        let locker = match self.locker.trim() {
            "" => Some(None),
            raw => errors.take("locker", check_label(raw).map(Some)),
        };
        let room = errors.take("room", check_optional_id(&self.room));
        let key = errors.take("key", check_key(&self.key));
        match (band, locker, visit, room, key) {
            (Some(band), Some(locker), Some(visit), Some(room), Some(key)) => {
                Ok(BandOut { band, locker, visit, room, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// A band comes back, or is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandBackForm {
    pub out: String,
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub lost: bool,
}

impl BandBackForm {
    /// # Errors
    /// `out`.
    pub fn check(self) -> Result<(BandOutId, i32, bool), Vec<FieldError>> {
        let out = check_id(&self.out).map_err(|code| vec![FieldError::new("out", code)])?;
        Ok((out, self.version, self.lost))
    }
}

/// Numbers that the house has: `prefix` and a range.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterForm {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub prefix: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
}

impl RegisterForm {
    /// The labels, `A001` … with as many digits as the last one has, at least three.
    ///
    /// # Errors
    /// `kind`, `prefix`, `from`, `to`.
    pub fn check(self) -> Result<(BandKind, Vec<String>), Vec<FieldError>> {
        let mut errors = Errors::default();
        let kind = errors.take("kind", BandKind::from_code(self.kind.trim()).ok_or(FieldCode::Choice));
        let prefix = match self.prefix.trim() {
            "" => Some(String::new()),
            raw => errors.take(
                "prefix",
                check_label(raw)
                    .and_then(|p| if p.chars().count() > 3 { Err(FieldCode::TooLong) } else { Ok(p) }),
            ),
        };
        let from = errors.take("from", check_number(&self.from, 1, 9999));
        let to = errors.take("to", check_number(&self.to, 1, 9999));
        let (Some(kind), Some(prefix), Some(from), Some(to)) = (kind, prefix, from, to) else {
            return Err(errors.0);
        };
        if to < from || to - from >= REGISTER_MAX {
            return Err(vec![FieldError::new("to", FieldCode::Range)]);
        }
        let digits = to.to_string().len().max(3);
        Ok((kind, (from..=to).map(|n| format!("{prefix}{n:0digits$}")).collect()))
    }
}

/// A band that is out, with the visit's tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandLine {
    pub id: BandOutId,
    pub version: i32,
    pub band: String,
    pub locker: Option<String>,
    pub room: Option<Text>,
    pub visit: VisitId,
    pub ticket: String,
    pub name: String,
    /// The tab: what was ordered so far.
    pub services: Vec<Text>,
    pub total: Fen,
    pub since: LocalTime,
    pub due: LocalTime,
    /// Should be back by now.
    pub over: bool,
    /// The visit is over and the band is not back.
    pub left: bool,
}

/// The wristbands' page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BandsPage {
    pub branch: BranchInfo,
    /// Those out, the most urgent first.
    pub out: Vec<BandLine>,
    /// Visits that have none yet: id, ticket and name.
    pub visits: Vec<(VisitId, String, String)>,
    /// The next free numbers.
    pub bands: Vec<String>,
    pub lockers: Vec<String>,
    pub rooms: Vec<(ResourceId, Text)>,
    /// All the house has, without the lost ones.
    pub bands_all: u32,
    pub lockers_all: u32,
    pub lost: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_made_from_a_range() {
        let form = |prefix: &str, from: &str, to: &str| RegisterForm {
            kind: "band".into(),
            prefix: prefix.into(),
            from: from.into(),
            to: to.into(),
        };
        let (kind, labels) = form("a", "8", "10").check().unwrap();
        assert_eq!((kind, labels), (BandKind::Band, vec!["A008".into(), "A009".into(), "A010".into()]));
        assert_eq!(form("", "1", "501").check().unwrap_err()[0].field, "to");
        assert_eq!(form("", "9", "8").check().unwrap_err()[0].field, "to");
    }

    #[test]
    fn a_label_is_short_and_plain() {
        assert_eq!(check_label(" a012 "), Ok("A012".into()));
        assert_eq!(check_label("女-12"), Ok("女-12".into()));
        assert_eq!(check_label("<b>"), Err(FieldCode::Characters));
    }
}
