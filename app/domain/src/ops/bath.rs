//! Readings of the baths against limits (TREAT-8): out of range closes the area and opens a job.

use crate::{
    booking::{check_id, check_key},
    customer::{Errors, check_note},
    digits::plain,
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// What is read. Values are kept in hundredths of the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingKind {
    /// Temperature of the water, °C.
    Water,
    /// Temperature of the air in a sauna, °C.
    Sauna,
    Ph,
    /// Free chlorine, mg/L.
    Chlorine,
    /// Of the air, %.
    Humidity,
}

impl ReadingKind {
    pub const ALL: [Self; 5] = [Self::Water, Self::Sauna, Self::Ph, Self::Chlorine, Self::Humidity];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Sauna => "sauna",
            Self::Ph => "ph",
            Self::Chlorine => "chlorine",
            Self::Humidity => "humidity",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Water | Self::Sauna => "°C",
            Self::Ph => "",
            Self::Chlorine => "mg/L",
            Self::Humidity => "%",
        }
    }

    /// Digits after the point that are shown.
    #[must_use]
    pub fn digits(self) -> u8 {
        match self {
            Self::Water | Self::Sauna => 1,
            Self::Ph | Self::Chlorine => 2,
            Self::Humidity => 0,
        }
    }

    /// Beyond this, in hundredths, something was mistyped.
    #[must_use]
    pub fn plausible(self) -> (i32, i32) {
        match self {
            Self::Water => (0, 6_000),
            Self::Sauna => (0, 13_000),
            Self::Ph => (0, 1_400),
            Self::Chlorine => (0, 2_000),
            Self::Humidity => (0, 10_000),
        }
    }

    /// What is read in a room of this type; nothing for rooms that are no baths.
    #[must_use]
    pub fn of_room(type_code: &str) -> &'static [Self] {
        match type_code {
            "bath" | "pool" => &[Self::Water, Self::Ph, Self::Chlorine],
            "sauna" | "steam" => &[Self::Sauna, Self::Humidity],
            _ => &[],
        }
    }

    /// `40.5`, `7.25`: a value in its unit.
    #[must_use]
    pub fn shown(self, hundredths: i32) -> String {
        let (whole, part) = (hundredths / 100, (hundredths % 100).abs());
        match self.digits() {
            0 => whole.to_string(),
            1 => format!("{whole}.{}", part / 10),
            _ => format!("{whole}.{part:02}"),
        }
    }
}

/// A value as typed, in hundredths: `40.5`, `７.2`, `40,5`.
///
/// # Errors
/// `Required`, `Characters`, or `Range` when it is not plausible.
pub fn check_value(kind: ReadingKind, raw: &str) -> Result<i32, FieldCode> {
    let typed: String = raw
        .trim()
        .chars()
        .map(|c| match plain(c) {
            '．' | ',' | '，' | '。' => '.',
            c => c,
        })
        .collect();
    if typed.is_empty() {
        return Err(FieldCode::Required);
    }
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(FieldCode::Characters);
    }
    let whole: i32 = whole.parse().map_err(|_| FieldCode::Characters)?;
    let part: i32 = format!("{part:0<2}").parse().map_err(|_| FieldCode::Characters)?;
    let (least, most) = kind.plausible();
    Some(whole * 100 + part).filter(|value| (least..=most).contains(value)).ok_or(FieldCode::Range)
}

/// Both ends belong to it; in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub low: i32,
    pub high: i32,
}

/// A value against its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    Low,
    In,
    High,
}

impl Limit {
    #[must_use]
    pub fn judge(self, value: i32) -> Judged {
        if value < self.low {
            Judged::Low
        } else if value > self.high {
            Judged::High
        } else {
            Judged::In
        }
    }
}

/// Settings of a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BathLimits {
    pub water: Limit,
    pub sauna: Limit,
    pub ph: Limit,
    pub chlorine: Limit,
    pub humidity: Limit,
    /// Hours between two readings while the house is open.
    pub every_hours: u32,
}

impl Default for BathLimits {
    fn default() -> Self {
        let limit = |low, high| Limit { low, high };
        Self {
            water: limit(3_800, 4_200),
            sauna: limit(6_000, 8_500),
            ph: limit(700, 780),
            chlorine: limit(30, 100),
            humidity: limit(1_000, 6_000),
            every_hours: 2,
        }
    }
}

impl BathLimits {
    #[must_use]
    pub fn of(&self, kind: ReadingKind) -> Limit {
        match kind {
            ReadingKind::Water => self.water,
            ReadingKind::Sauna => self.sauna,
            ReadingKind::Ph => self.ph,
            ReadingKind::Chlorine => self.chlorine,
            ReadingKind::Humidity => self.humidity,
        }
    }
}

/// Readings of one area as typed; what is left empty was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingForm {
    pub area: String,
    #[serde(default)]
    pub water: String,
    #[serde(default)]
    pub sauna: String,
    #[serde(default)]
    pub ph: String,
    #[serde(default)]
    pub chlorine: String,
    #[serde(default)]
    pub humidity: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`ReadingForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnterReadings {
    pub area: ResourceId,
    pub values: Vec<(ReadingKind, i32)>,
    pub key: String,
}

impl ReadingForm {
    /// # Errors
    /// `area`, `key`, and each kind by its code; `values` when there is none.
    pub fn check(self) -> Result<EnterReadings, Vec<FieldError>> {
        let mut errors = Errors::default();
        let area = errors.take("area", check_id(&self.area));
        let key = errors.take("key", check_key(&self.key));
        let mut values = Vec::new();
        for (kind, raw) in ReadingKind::ALL.into_iter().zip([
            &self.water,
            &self.sauna,
            &self.ph,
            &self.chlorine,
            &self.humidity,
        ]) {
            if !raw.trim().is_empty()
                && let Some(value) = errors.take(kind.code(), check_value(kind, raw))
            {
                values.push((kind, value));
            }
        }
        if values.is_empty() && errors.0.is_empty() {
            errors.add("values", FieldCode::Required);
        }
        match (area, key) {
            (Some(area), Some(key)) if errors.0.is_empty() => Ok(EnterReadings { area, values, key }),
            _ => Err(errors.0),
        }
    }
}

/// Limits as typed: `low` and `high` of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsForm {
    #[serde(default)]
    pub water_low: String,
    #[serde(default)]
    pub water_high: String,
    #[serde(default)]
    pub sauna_low: String,
    #[serde(default)]
    pub sauna_high: String,
    #[serde(default)]
    pub ph_low: String,
    #[serde(default)]
    pub ph_high: String,
    #[serde(default)]
    pub chlorine_low: String,
    #[serde(default)]
    pub chlorine_high: String,
    #[serde(default)]
    pub humidity_low: String,
    #[serde(default)]
    pub humidity_high: String,
    #[serde(default)]
    pub every_hours: String,
}

impl LimitsForm {
    /// # Errors
    /// Each field by its name; the upper one is `Range` when it lies below the lower.
    pub fn check(self) -> Result<BathLimits, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut limit = |kind: ReadingKind, low: &str, high: &str| {
            let (low_name, high_name) = (format!("{}_low", kind.code()), format!("{}_high", kind.code()));
            let low = errors.take(&low_name, check_value(kind, low));
            let high = errors.take(&high_name, check_value(kind, high));
            let limit = Limit { low: low?, high: high? };
            if limit.high < limit.low {
                errors.add(&high_name, FieldCode::Range);
                return None;
            }
            Some(limit)
        };
        let water = limit(ReadingKind::Water, &self.water_low, &self.water_high);
        let sauna = limit(ReadingKind::Sauna, &self.sauna_low, &self.sauna_high);
        let ph = limit(ReadingKind::Ph, &self.ph_low, &self.ph_high);
        let chlorine = limit(ReadingKind::Chlorine, &self.chlorine_low, &self.chlorine_high);
        let humidity = limit(ReadingKind::Humidity, &self.humidity_low, &self.humidity_high);
        let every = errors.take("every_hours", crate::care::check_number(&self.every_hours, 1, 24));
        match (water, sauna, ph, chlorine, humidity, every) {
            (Some(water), Some(sauna), Some(ph), Some(chlorine), Some(humidity), Some(every_hours)) => {
                Ok(BathLimits { water, sauna, ph, chlorine, humidity, every_hours })
            }
            _ => Err(errors.0),
        }
    }
}

/// The work on a closed area is done, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BathJobForm {
    pub job: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub version: String,
}

impl BathJobForm {
    /// # Errors
    /// `job`, `note`, `version`.
    pub fn check(self) -> Result<(BathJobId, String, i32), Vec<FieldError>> {
        let mut errors = Errors::default();
        let job = errors.take("job", check_id(&self.job));
        let note =
            errors.take("note", check_note(&self.note).and_then(|note| note.ok_or(FieldCode::Required)));
        let version = errors.take("version", self.version.trim().parse().map_err(|_| FieldCode::Choice));
        match (job, note, version) {
            (Some(job), Some(note), Some(version)) => Ok((job, note, version)),
            _ => Err(errors.0),
        }
    }
}

/// A reading as shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub at: LocalTime,
    pub value: i32,
    pub judged: Judged,
    pub by: Text,
}

/// One kind of reading in an area, with those of the day, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindView {
    pub kind: ReadingKind,
    pub limit: Limit,
    pub last: Option<Reading>,
    pub day: Vec<Reading>,
}

/// What has to be done before an area opens again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BathJob {
    pub id: BathJobId,
    pub opened: LocalTime,
    pub kind: ReadingKind,
    pub value: i32,
    pub judged: Judged,
    pub owner: Option<Text>,
    /// When the work was reported as done; a good reading is still missing then.
    pub work_done: Option<LocalTime>,
    pub version: i32,
}

/// A booking of a closed area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AffectedBooking {
    pub number: String,
    pub name: String,
    pub service: Text,
    pub at: LocalTime,
}

/// A bath, pool or sauna.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BathArea {
    pub id: ResourceId,
    pub name: Text,
    /// Cannot be booked.
    pub closed: bool,
    pub kinds: Vec<KindView>,
    /// When the next reading is due; `None` while the house is closed.
    pub due: Option<LocalTime>,
    /// Minutes since then.
    pub overdue: u32,
    pub job: Option<BathJob>,
    pub affected: Vec<AffectedBooking>,
}

/// The page of readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BathPage {
    pub branch: BranchId,
    pub now: LocalTime,
    pub limits: BathLimits,
    pub areas: Vec<BathArea>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(ReadingKind::Water, "40.5", Ok(4_050))]
    #[case(ReadingKind::Water, "４０．５", Ok(4_050))]
    #[case(ReadingKind::Ph, "7,2", Ok(720))]
    #[case(ReadingKind::Chlorine, "0.35", Ok(35))]
    #[case(ReadingKind::Water, "405", Err(FieldCode::Range))]
    #[case(ReadingKind::Ph, "7.255", Err(FieldCode::Characters))]
    #[case(ReadingKind::Ph, "-7", Err(FieldCode::Characters))]
    #[case(ReadingKind::Ph, "", Err(FieldCode::Required))]
    #[case(ReadingKind::Ph, "x", Err(FieldCode::Characters))]
    fn values(#[case] kind: ReadingKind, #[case] raw: &str, #[case] want: Result<i32, FieldCode>) {
        assert_eq!(check_value(kind, raw), want);
    }

    #[test]
    fn the_limits_belong_to_the_range() {
        let limit = BathLimits::default().water;
        assert_eq!(limit.judge(3_800), Judged::In);
        assert_eq!(limit.judge(4_200), Judged::In);
        assert_eq!(limit.judge(3_799), Judged::Low);
        assert_eq!(limit.judge(4_201), Judged::High);
    }

    #[test]
    fn something_has_to_be_read() {
        let form =
            ReadingForm { area: ResourceId::new().to_string(), key: "k".into(), ..ReadingForm::default() };
        assert_eq!(form.clone().check().unwrap_err(), [FieldError::new("values", FieldCode::Required)]);
        let wrong = ReadingForm { ph: "99".into(), ..form.clone() }.check().unwrap_err();
        assert_eq!(wrong, [FieldError::new("ph", FieldCode::Range)]);
        let fine = ReadingForm { ph: "7.2".into(), water: "40".into(), ..form }.check().unwrap();
        assert_eq!(fine.values, [(ReadingKind::Water, 4_000), (ReadingKind::Ph, 720)]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(kind in 0usize..5, tenths in 0i32..1000) {
            let kind = ReadingKind::ALL[kind];
            let unit = 10_i32.pow(2 - u32::from(kind.digits()));
            let value = (tenths * unit).min(kind.plausible().1) / unit * unit;
            prop_assert_eq!(check_value(kind, &kind.shown(value)), Ok(value));
        }
    }
}
