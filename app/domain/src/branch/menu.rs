//! The menu as the manager keeps it (BOOK-2): services, their time blocks and needs, and the headings.

use super::{NeedsFirst, hours::check_number, hours::check_version, hours::short};
use crate::{
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    money::Fen,
    page::Page,
};
use serde::{Deserialize, Serialize};

/// Longest names, in characters.
const NAME_MAX: usize = 40;
/// Longest summary, in characters.
const SUMMARY_MAX: usize = 120;
/// Longest precautions, in characters.
const PRECAUTIONS_MAX: usize = 300;
/// Longest code of a qualification, a type of rooms or devices.
const CODE_MAX: usize = 24;
/// The drawings that stand for services.
pub const SWATCHES: [&str; 5] = ["cream", "gel", "light", "water", "clay"];

/// Yuan as typed, with up to two decimals: `458`, `1,280.50`.
///
/// # Errors
/// `Required`, `Range`, `Characters`.
pub fn check_yuan(raw: &str) -> Result<Fen, FieldCode> {
    let typed: String = raw.trim().trim_start_matches(['¥', '￥']).chars().filter(|c| *c != ',').collect();
    if typed.is_empty() {
        return Err(FieldCode::Required);
    }
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(FieldCode::Characters);
    }
    let whole: i64 = whole.parse().ok().filter(|n| *n <= 1_000_000).ok_or(FieldCode::Range)?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| FieldCode::Range)?;
    Ok(Fen(whole * 100 + part))
}

/// An amount as [`check_yuan`] reads it.
#[must_use]
pub fn show_yuan(amount: Fen) -> String {
    match amount.0 % 100 {
        0 => (amount.0 / 100).to_string(),
        part => format!("{}.{part:02}", amount.0 / 100),
    }
}

/// A name that the salon gives, in one language.
///
/// # Errors
/// `Required`, `TooLong`, `Characters`.
pub fn check_title(raw: &str) -> Result<String, FieldCode> {
    short(raw, NAME_MAX)?.ok_or(FieldCode::Required)
}

/// A name in both languages; English may be missing, the Chinese one is shown then.
pub(crate) fn check_text(errors: &mut Errors, field: &str, zh: &str, en: &str) -> Option<Text> {
    let zh = errors.take(&format!("{field}_zh"), check_title(zh));
    let en = errors.take(&format!("{field}_en"), short(en, NAME_MAX * 2));
    Some(Text { zh: zh?, en: en?.unwrap_or_default() })
}

/// A code or a word that ties services to people, rooms and devices.
///
/// # Errors
/// `Required`, `TooLong`, `Characters`.
pub fn check_type(raw: &str) -> Result<String, FieldCode> {
    let code = raw.trim().to_lowercase();
    match code.chars().count() {
        0 => Err(FieldCode::Required),
        n if n > CODE_MAX => Err(FieldCode::TooLong),
        _ if !code.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ')) => {
            Err(FieldCode::Characters)
        }
        _ => Ok(code),
    }
}

/// A service as typed. Blocks in minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    /// Empty: a new one.
    pub id: String,
    pub version: String,
    pub category: String,
    pub name_zh: String,
    pub name_en: String,
    pub summary_zh: String,
    pub summary_en: String,
    pub swatch: String,
    /// Yuan.
    pub price: String,
    pub prepare: String,
    pub active: String,
    pub processing: String,
    pub finish: String,
    pub cleanup: String,
    pub qualification: String,
    /// Empty: none.
    pub room_type: String,
    /// Device types, comma-separated.
    pub devices: String,
    pub arrive_early: String,
    pub precautions_zh: String,
    pub precautions_en: String,
    /// "true" or empty.
    pub online: String,
    pub needs_first: String,
    /// Branch ids, comma-separated.
    pub branches: String,
    pub position: String,
    pub confirm: String,
}

/// A service to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetService {
    pub id: Option<ServiceId>,
    pub version: i32,
    pub service: ServiceFacts,
    pub branches: Vec<BranchId>,
    pub confirm: bool,
}

/// What a service is (BOOK-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFacts {
    pub category: String,
    pub name: Text,
    pub summary: Text,
    pub swatch: String,
    pub price: Fen,
    pub prepare: u32,
    pub active: u32,
    pub processing: u32,
    pub finish: u32,
    pub cleanup: u32,
    pub qualification: String,
    pub room_type: Option<String>,
    pub devices: Vec<String>,
    pub arrive_early: u32,
    pub precautions: Text,
    pub online: bool,
    pub needs_first: Option<NeedsFirst>,
    pub position: u32,
}

impl ServiceForm {
    /// # Errors
    /// The fields that are missing or cannot be right.
    pub fn check(self) -> Result<SetService, Vec<FieldError>> {
        let mut errors = Errors::default();
        let id = match self.id.trim() {
            "" => Some(None),
            raw => errors.take("id", raw.parse().map(Some).map_err(|_| FieldCode::Choice)),
        };
        let version = errors.take("version", check_version(&self.version));
        let branches = match self.branches.trim() {
            "" => Some(Vec::new()),
            raw => errors.take("branches", crate::booking::check_ids(raw, 200)),
        };
        let service = self.facts(&mut errors);
        match (id, version, branches, service) {
            (Some(id), Some(version), Some(branches), Some(service)) if errors.0.is_empty() => {
                Ok(SetService { id, version, service, branches, confirm: self.confirm == "yes" })
            }
            _ => Err(errors.0),
        }
    }

    fn facts(&self, errors: &mut Errors) -> Option<ServiceFacts> {
        let category = errors.take("category", check_type(&self.category));
        let name = check_text(errors, "name", &self.name_zh, &self.name_en);
        let mut long = |field: &str, raw: &str, max: usize| {
            let text = check_note(raw).and_then(|text| match text {
                Some(text) if text.chars().count() > max => Err(FieldCode::TooLong),
                text => Ok(text.unwrap_or_default()),
            });
            errors.take(field, text).unwrap_or_default()
        };
        let summary = Text {
            zh: long("summary_zh", &self.summary_zh, SUMMARY_MAX),
            en: long("summary_en", &self.summary_en, SUMMARY_MAX * 2),
        };
        let precautions = Text {
            zh: long("precautions_zh", &self.precautions_zh, PRECAUTIONS_MAX),
            en: long("precautions_en", &self.precautions_en, PRECAUTIONS_MAX * 2),
        };
        let price = errors.take("price", check_yuan(&self.price));
        let qualification = errors.take("qualification", check_type(&self.qualification));
        let room_type = match self.room_type.trim() {
            "" => None,
            raw => errors.take("room_type", check_type(raw)),
        };
        let mut devices = Vec::new();
        for raw in self.devices.split([',', '，', '、']).map(str::trim).filter(|raw| !raw.is_empty()) {
            devices.extend(errors.take("devices", check_type(raw)).filter(|code| !devices.contains(code)));
        }
        let needs_first = match self.needs_first.as_str() {
            "" => None,
            "consultation" => Some(NeedsFirst::Consultation),
            "patch_test" => Some(NeedsFirst::PatchTest),
            _ => {
                errors.add("needs_first", FieldCode::Choice);
                None
            }
        };
        let mut minutes = |field: &str, raw: &str, min: u32, max: u32| {
            let raw = if raw.trim().is_empty() && min == 0 { "0" } else { raw };
            errors.take(field, check_number(raw, min, max)).unwrap_or_default()
        };
        let (prepare, active) =
            (minutes("prepare", &self.prepare, 0, 120), minutes("active", &self.active, 5, 480));
        let (processing, finish) =
            (minutes("processing", &self.processing, 0, 240), minutes("finish", &self.finish, 0, 240));
        let cleanup = minutes("cleanup", &self.cleanup, 0, 120);
        let arrive_early = minutes("arrive_early", &self.arrive_early, 0, 120);
        let position = minutes("position", &self.position, 0, 9999);
        let swatch = match self.swatch.as_str() {
            "" => SWATCHES[0].to_owned(),
            known if SWATCHES.contains(&known) => known.to_owned(),
            _ => {
                errors.add("swatch", FieldCode::Choice);
                String::new()
            }
        };
        Some(ServiceFacts {
            category: category?,
            name: name?,
            summary,
            swatch,
            price: price?,
            prepare,
            active,
            processing,
            finish,
            cleanup,
            qualification: qualification?,
            room_type,
            devices,
            arrive_early,
            precautions,
            online: self.online == "true",
            needs_first,
            position,
        })
    }

    /// The form as it is shown for a service there is.
    #[must_use]
    pub fn of(id: ServiceId, version: i32, s: &ServiceFacts, branches: &[BranchId]) -> Self {
        let needs_first = match s.needs_first {
            None => "",
            Some(NeedsFirst::Consultation) => "consultation",
            Some(NeedsFirst::PatchTest) => "patch_test",
        };
        Self {
            id: id.to_string(),
            version: version.to_string(),
            category: s.category.clone(),
            name_zh: s.name.zh.clone(),
            name_en: s.name.en.clone(),
            summary_zh: s.summary.zh.clone(),
            summary_en: s.summary.en.clone(),
            swatch: s.swatch.clone(),
            price: show_yuan(s.price),
            prepare: s.prepare.to_string(),
            active: s.active.to_string(),
            processing: s.processing.to_string(),
            finish: s.finish.to_string(),
            cleanup: s.cleanup.to_string(),
            qualification: s.qualification.clone(),
            room_type: s.room_type.clone().unwrap_or_default(),
            devices: s.devices.join(", "),
            arrive_early: s.arrive_early.to_string(),
            precautions_zh: s.precautions.zh.clone(),
            precautions_en: s.precautions.en.clone(),
            online: if s.online { "true" } else { "" }.to_owned(),
            needs_first: needs_first.to_owned(),
            branches: branches.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            position: s.position.to_string(),
            confirm: String::new(),
        }
    }
}

/// A heading of the menu as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoryForm {
    /// Empty: a new one.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub position: String,
    pub version: String,
}

/// A heading to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCategory {
    pub code: Option<String>,
    pub name: Text,
    pub position: u32,
    pub version: i32,
}

impl CategoryForm {
    /// # Errors
    /// `name_zh`, `name_en`, `position`.
    pub fn check(self) -> Result<SetCategory, Vec<FieldError>> {
        let mut errors = Errors::default();
        let name = check_text(&mut errors, "name", &self.name_zh, &self.name_en);
        let position = errors.take("position", check_number(&self.position, 0, 999));
        let version = errors.take("version", check_version(&self.version));
        let code = match self.code.trim() {
            "" => Some(None),
            raw => errors.take("code", check_type(raw).map(Some)),
        };
        match (code, name, position, version) {
            (Some(code), Some(name), Some(position), Some(version)) => {
                Ok(SetCategory { code, name, position, version })
            }
            _ => Err(errors.0),
        }
    }
}

/// What the list of services asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceQuery {
    pub q: String,
    pub category: String,
    /// Those that are not offered any more.
    pub retired: bool,
    pub after: Option<String>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceLine {
    pub id: ServiceId,
    pub name: Text,
    pub category: Text,
    pub minutes: u32,
    pub room_minutes: u32,
    pub price: Fen,
    pub online: bool,
    /// Offered in the branch looked at.
    pub here: bool,
    pub retired: bool,
    pub position: u32,
}

/// The list of services.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicesPage {
    pub list: Page<ServiceLine>,
    pub categories: Vec<CategoryLine>,
    /// May change headings and services of several branches.
    pub all: bool,
    /// Of the headings, which are saved one by one.
    pub version: i32,
}

/// A heading of the menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryLine {
    pub code: String,
    pub name: Text,
    pub position: u32,
}

/// The page of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServicePage {
    pub form: ServiceForm,
    pub retired: bool,
    /// Several branches share it: only the owner changes what it is.
    pub shared: bool,
    pub may_edit: bool,
    pub categories: Vec<CategoryLine>,
    /// Branches that the person may tick.
    pub branches: Vec<(BranchId, Text)>,
    /// Known codes, to choose from.
    pub qualifications: Vec<String>,
    pub room_types: Vec<String>,
    pub device_types: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("458", Ok(45_800))]
    #[case("￥1,280.5", Ok(128_050))]
    #[case("0", Ok(0))]
    #[case("", Err(FieldCode::Required))]
    #[case("-5", Err(FieldCode::Characters))]
    #[case("1.234", Err(FieldCode::Characters))]
    #[case("99999999", Err(FieldCode::Range))]
    fn yuan(#[case] raw: &str, #[case] want: Result<i64, FieldCode>) {
        assert_eq!(check_yuan(raw).map(|fen| fen.0), want);
    }

    fn form() -> ServiceForm {
        ServiceForm {
            category: "face".into(),
            name_zh: "深层补水".into(),
            price: "458".into(),
            active: "50".into(),
            qualification: "facial".into(),
            devices: "ipl, led，ipl".into(),
            online: "true".into(),
            ..ServiceForm::default()
        }
    }

    #[test]
    fn a_service_needs_little() {
        let cmd = form().check().unwrap();
        assert_eq!(cmd.service.devices, ["ipl", "led"]);
        assert_eq!((cmd.service.prepare, cmd.service.active, cmd.service.online), (0, 50, true));
        assert_eq!(
            ServiceForm::default().check().unwrap_err().len(),
            5,
            "category, name, price, qualification, active"
        );
    }

    #[test]
    fn what_is_shown_is_read_back() {
        let cmd = form().check().unwrap();
        let branches = [BranchId::new(), BranchId::new()];
        let again = ServiceForm::of(ServiceId::new(), 7, &cmd.service, &branches).check().unwrap();
        assert_eq!((again.service, again.version), (cmd.service, 7));
        assert_eq!(again.branches, branches);
    }

    #[rstest]
    #[case("active", "4")]
    #[case("prepare", "121")]
    #[case("swatch", "pink")]
    #[case("needs_first", "luck")]
    #[case("devices", "a!b")]
    fn what_cannot_be_right_is_named(#[case] field: &str, #[case] raw: &str) {
        let mut form = form();
        match field {
            "active" => form.active = raw.into(),
            "prepare" => form.prepare = raw.into(),
            "swatch" => form.swatch = raw.into(),
            "needs_first" => form.needs_first = raw.into(),
            _ => form.devices = raw.into(),
        }
        assert_eq!(form.check().unwrap_err()[0].field, field);
    }
}
