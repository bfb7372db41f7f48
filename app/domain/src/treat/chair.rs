//! Around the checklist: preparation (TREAT-2), comfort (TREAT-4), products and devices (TREAT-5), what goes home with the
//! customer (TREAT-6).

use super::incident::IncidentBrief;
use crate::{
    booking::{check_id, check_key},
    consult::{check_words, codes},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::*,
    lang::Text,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

codes! {
    /// What is made ready before hands are laid on, in its order.
    PrepItem {
        Supplies = "supplies",
        /// The device is there, fits, and works.
        Device = "device",
        Room = "room",
        /// Temperature and humidity of the room, as numbers.
        Climate = "climate",
        /// Services and precautions gone through with the customer once more.
        Confirmed = "confirmed",
        Gown = "gown",
        Belongings = "belongings",
    }
}

/// What a room may be: tenths of a degree Celsius and per cent of relative humidity, both ends allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClimateLimits {
    pub temperature: (i32, i32),
    pub humidity: (i32, i32),
}

impl Default for ClimateLimits {
    fn default() -> Self {
        Self { temperature: (220, 280), humidity: (40, 65) }
    }
}

/// A room as measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climate {
    /// Tenths of a degree Celsius.
    pub temperature: i32,
    /// Per cent.
    pub humidity: i32,
}

impl ClimateLimits {
    #[must_use]
    pub fn hold(&self, climate: Climate) -> bool {
        let within = |value, (from, to)| from <= value && value <= to;
        within(climate.temperature, self.temperature) && within(climate.humidity, self.humidity)
    }
}

/// Tenths of a degree as they are read: `24.5`.
#[must_use]
pub fn degrees(tenths: i32) -> String {
    format!("{}.{}", tenths / 10, tenths.abs() % 10)
}

/// A line of the preparation; who and when once it is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrepView {
    pub what: PrepItem,
    pub done: Option<(LocalTime, Text)>,
    pub climate: Option<Climate>,
    /// Measured, and outside the limits.
    pub outside: bool,
}

/// Something made ready, or found not to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepForm {
    pub item: String,
    pub what: String,
    /// `done` or `open`.
    #[serde(default)]
    pub state: String,
    /// Degrees Celsius: `24.5`.
    #[serde(default)]
    pub temperature: String,
    #[serde(default)]
    pub humidity: String,
}

/// A checked [`PrepForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prep {
    pub item: VisitServiceId,
    pub what: PrepItem,
    pub done: bool,
    pub climate: Option<Climate>,
}

/// A number with at most one digit after the point, as tenths.
fn check_tenths(raw: &str, range: std::ops::RangeInclusive<i32>) -> Result<i32, FieldCode> {
    let raw = raw.trim().replace(['，', ',', '。'], ".");
    if raw.is_empty() {
        return Err(FieldCode::Required);
    }
    let number: f64 = raw.parse().map_err(|_| FieldCode::Range)?;
    // What is not a number or endless is in no range.
    let tenths = (number * 10.0).round();
    if !(f64::from(*range.start())..=f64::from(*range.end())).contains(&tenths) {
        return Err(FieldCode::Range);
    }
    Ok(tenths as i32)
}

impl PrepForm {
    /// # Errors
    /// `item`, `what`, `temperature`, `humidity`.
    pub fn check(self) -> Result<Prep, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let what = errors.take("what", PrepItem::from_code(&self.what).ok_or(FieldCode::Choice));
        let done = self.state != "open";
        let mut climate = None;
        if what == Some(PrepItem::Climate) && done {
            let temperature = errors.take("temperature", check_tenths(&self.temperature, -100..=600));
            let humidity = errors.take("humidity", check_tenths(&self.humidity, 0..=1000));
            climate = temperature
                .zip(humidity)
                .map(|(temperature, humidity)| Climate { temperature, humidity: humidity / 10 });
        }
        match (item, what) {
            (Some(item), Some(what)) if errors.0.is_empty() => Ok(Prep { item, what, done, climate }),
            _ => Err(errors.0),
        }
    }
}

codes! {
    /// What the skin does.
    Reaction {
        Redness = "redness",
        Stinging = "stinging",
        Heat = "heat",
        Itching = "itching",
        Swelling = "swelling",
        Cold = "cold",
    }
}

/// How the customer feels, with the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeelView {
    pub at: LocalTime,
    /// 1 very uncomfortable … 5 comfortable.
    pub comfort: u8,
    pub reactions: Vec<Reaction>,
    pub note: Option<String>,
    pub by: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeelForm {
    pub item: String,
    /// 1 … 5; left empty it follows from the reactions.
    #[serde(default)]
    pub comfort: String,
    #[serde(default)]
    pub reactions: Vec<String>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`FeelForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feel {
    pub item: VisitServiceId,
    pub comfort: u8,
    pub reactions: Vec<Reaction>,
    pub note: Option<String>,
    pub key: String,
}

impl FeelForm {
    /// # Errors
    /// `item`, `comfort` (also when nothing at all was said), `reactions`, `note`, `key`.
    pub fn check(self) -> Result<Feel, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let reactions: Result<Vec<_>, _> =
            self.reactions.iter().map(|code| Reaction::from_code(code).ok_or(FieldCode::Choice)).collect();
        let reactions = errors.take("reactions", reactions).map(|mut list| {
            list.sort_unstable();
            list.dedup();
            list
        });
        let comfort = match self.comfort.trim() {
            // Something is felt, and nobody called it comfortable.
            "" if reactions.as_ref().is_some_and(|list| !list.is_empty()) => Ok(3),
            "" => Err(FieldCode::Required),
            raw => raw.parse().ok().filter(|n| (1..=5).contains(n)).ok_or(FieldCode::Range),
        };
        let comfort = errors.take("comfort", comfort);
        let note = errors.take("note", check_note(&self.note));
        let key = errors.take("key", check_key(&self.key));
        match (item, comfort, reactions, note, key) {
            (Some(item), Some(comfort), Some(reactions), Some(note), Some(key)) => {
                Ok(Feel { item, comfort, reactions, note, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// A product of the house that can be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductChoice {
    pub id: ProductId,
    pub name: Text,
    pub unit: Text,
    /// The batch used last in this branch.
    pub batch: Option<String>,
    /// What the customer is allergic to and it contains: the words of the facts.
    pub against: Vec<Text>,
}

/// A product as it was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsedProduct {
    pub id: UsedId,
    pub product: ProductId,
    pub name: Text,
    pub unit: Text,
    pub batch: String,
    /// Thousandths of the unit.
    pub amount: i64,
    /// Why it was used although the customer is allergic to something in it.
    pub despite: Option<String>,
    pub at: LocalTime,
    pub by: Text,
}

/// Thousandths as they are read: `2.5`.
#[must_use]
pub fn amount(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A setting that a type of device has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingField {
    pub code: String,
    pub name: Text,
    /// `J/cm²`; empty for words.
    pub unit: String,
    pub number: bool,
}

/// A device that can be used for the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceChoice {
    pub id: ResourceId,
    pub name: Text,
    pub settings: Vec<SettingField>,
}

/// One setting as it was: what it is called, its value, its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingValue {
    pub code: String,
    #[serde(default)]
    pub name: Text,
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub unit: String,
}

/// A device as it was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsedDevice {
    pub id: UsedId,
    pub device: ResourceId,
    pub name: Text,
    pub settings: Vec<SettingValue>,
    pub at: LocalTime,
    pub by: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductForm {
    pub item: String,
    #[serde(default)]
    pub product: String,
    #[serde(default)]
    pub batch: String,
    /// In units: `2.5`.
    #[serde(default)]
    pub amount: String,
    /// Needed when the customer is allergic to something in it.
    #[serde(default)]
    pub despite: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`ProductForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseProduct {
    pub item: VisitServiceId,
    pub product: ProductId,
    pub batch: String,
    /// Thousandths.
    pub amount: i64,
    pub despite: Option<String>,
    pub key: String,
}

/// Longest batch number, in characters.
const BATCH_MAX: usize = 40;

impl ProductForm {
    /// # Errors
    /// `item`, `product`, `batch`, `amount`, `despite`, `key`.
    pub fn check(self) -> Result<UseProduct, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let product = errors.take("product", check_id(&self.product));
        let batch = match check_words(&self.batch) {
            Ok(Some(batch)) if batch.chars().count() > BATCH_MAX => Err(FieldCode::TooLong),
            Ok(batch) => batch.ok_or(FieldCode::Required),
            Err(code) => Err(code),
        };
        let batch = errors.take("batch", batch);
        let number = self.amount.trim().replace([',', '，', '。'], ".");
        let amount = match number.parse::<f64>() {
            _ if number.is_empty() => Err(FieldCode::Required),
            Ok(n) if (0.001..=10_000.0).contains(&n) => Ok((n * 1000.0).round() as i64),
            _ => Err(FieldCode::Range),
        };
        let amount = errors.take("amount", amount);
        let despite = errors.take("despite", check_note(&self.despite));
        let key = errors.take("key", check_key(&self.key));
        match (item, product, batch, amount, despite, key) {
            (Some(item), Some(product), Some(batch), Some(amount), Some(despite), Some(key)) => {
                Ok(UseProduct { item, product, batch, amount, despite, key })
            }
            _ => Err(errors.0),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceForm {
    pub item: String,
    #[serde(default)]
    pub device: String,
    #[serde(default)]
    pub settings: Vec<SettingValue>,
    #[serde(default)]
    pub key: String,
}

/// A checked [`DeviceForm`]: code and value of each setting that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseDevice {
    pub item: VisitServiceId,
    pub device: ResourceId,
    pub settings: Vec<(String, String)>,
    pub key: String,
}

impl DeviceForm {
    /// # Errors
    /// `item`, `device`, `settings` (nothing filled in, or too long), `key`.
    pub fn check(self) -> Result<UseDevice, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let device = errors.take("device", check_id(&self.device));
        let mut settings = Vec::new();
        for one in self.settings.into_iter().take(20) {
            match check_words(&one.value) {
                Ok(Some(value)) => settings.push((one.code, value)),
                Ok(None) => {}
                Err(code) => errors.add("settings", code),
            }
        }
        if settings.is_empty() && errors.0.is_empty() {
            errors.add("settings", FieldCode::Required);
        }
        let key = errors.take("key", check_key(&self.key));
        match (item, device, key) {
            (Some(item), Some(device), Some(key)) if errors.0.is_empty() => {
                Ok(UseDevice { item, device, settings, key })
            }
            _ => Err(errors.0),
        }
    }
}

/// Something of one service, by its own id: what was noted by mistake, or all that was used last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnuseForm {
    pub item: String,
    pub used: String,
}

impl UnuseForm {
    /// # Errors
    /// `item`, `used`.
    pub fn check(self) -> Result<(VisitServiceId, UsedId), Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let used = errors.take("used", check_id(&self.used));
        item.zip(used).ok_or(errors.0)
    }
}

codes! {
    /// What advice is about.
    AdviceKind {
        Diet = "diet",
        Product = "product",
    }
}

/// Advice in the words of whoever treats; it goes to the customer's phone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdviceView {
    pub kind: AdviceKind,
    pub text: String,
    pub at: LocalTime,
    pub by: Text,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceForm {
    pub item: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub words: String,
    #[serde(default)]
    pub key: String,
}

/// A checked [`AdviceForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub item: VisitServiceId,
    pub kind: AdviceKind,
    pub text: String,
    pub key: String,
}

impl AdviceForm {
    /// # Errors
    /// `item`, `kind`, `words`, `key`.
    pub fn check(self) -> Result<Advice, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let kind = errors.take("kind", AdviceKind::from_code(&self.kind).ok_or(FieldCode::Choice));
        let text =
            errors.take("words", check_note(&self.words).and_then(|text| text.ok_or(FieldCode::Required)));
        let key = errors.take("key", check_key(&self.key));
        match (item, kind, text, key) {
            (Some(item), Some(kind), Some(text), Some(key)) => Ok(Advice { item, kind, text, key }),
            _ => Err(errors.0),
        }
    }
}

/// The next visit: agreed, or as it could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextVisit {
    pub at: LocalTime,
    pub staff: Text,
    pub service: Text,
}

/// Everything beside the checklist that the tablet shows of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChairRecord {
    pub prep: Vec<PrepView>,
    pub limits: ClimateLimits,
    pub feels: Vec<FeelView>,
    pub incidents: Vec<IncidentBrief>,
    pub choices: Vec<ProductChoice>,
    pub products: Vec<UsedProduct>,
    pub device_choices: Vec<DeviceChoice>,
    pub devices: Vec<UsedDevice>,
    /// What was used for this customer and service last time, in words.
    pub last: Vec<Text>,
    pub advice: Vec<AdviceView>,
    /// The next visit that was agreed here.
    pub next: Option<NextVisit>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("24.5", "50", Some(true))]
    #[case("28", "65", Some(true))]
    #[case("28.1", "50", Some(false))]
    #[case("21,9", "50", Some(false))]
    #[case("24", "39", Some(false))]
    #[case("", "50", None)]
    #[case("NaN", "50", None)]
    #[case("inf", "50", None)]
    #[case("24", "140", None)]
    fn a_room_has_limits(#[case] temperature: &str, #[case] humidity: &str, #[case] want: Option<bool>) {
        let form = PrepForm {
            item: VisitServiceId::new().to_string(),
            what: "climate".into(),
            state: "done".into(),
            temperature: temperature.into(),
            humidity: humidity.into(),
        };
        let holds = form.check().ok().and_then(|prep| prep.climate).map(|c| ClimateLimits::default().hold(c));
        assert_eq!(holds, want);
    }

    #[rstest]
    #[case("", &[], None)]
    #[case("", &["redness"], Some(3))]
    #[case("5", &[], Some(5))]
    #[case("0", &[], None)]
    #[case("6", &[], None)]
    #[case("5", &["nonsense"], None)]
    fn comfort_is_one_to_five(#[case] comfort: &str, #[case] reactions: &[&str], #[case] want: Option<u8>) {
        let form = FeelForm {
            item: VisitServiceId::new().to_string(),
            comfort: comfort.into(),
            reactions: reactions.iter().map(|&code| code.to_owned()).collect(),
            note: String::new(),
            key: "k".into(),
        };
        assert_eq!(form.check().ok().map(|feel| feel.comfort), want);
    }

    #[rstest]
    #[case("2.5", Some("2.5"))]
    #[case("3", Some("3"))]
    #[case("0.125", Some("0.125"))]
    #[case("0", None)]
    #[case("-1", None)]
    #[case("many", None)]
    fn amounts_are_read_and_shown(#[case] typed: &str, #[case] want: Option<&str>) {
        let form = ProductForm {
            item: VisitServiceId::new().to_string(),
            product: ProductId::new().to_string(),
            batch: "B260412".into(),
            amount: typed.into(),
            key: "k".into(),
            ..ProductForm::default()
        };
        assert_eq!(form.check().ok().map(|used| amount(used.amount)).as_deref(), want);
    }

    #[test]
    fn a_product_without_its_batch_is_refused() {
        let form = ProductForm {
            item: VisitServiceId::new().to_string(),
            product: ProductId::new().to_string(),
            amount: "1".into(),
            key: "k".into(),
            ..ProductForm::default()
        };
        assert_eq!(form.check().unwrap_err(), vec![FieldError::new("batch", FieldCode::Required)]);
    }
}
