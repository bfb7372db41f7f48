//! Photos of the record: from which side, of what, and the form they come with (CONSULT-6, C-43).

use crate::{
    booking::{check_id, check_key},
    customer::{Errors, check_note},
    error::{FieldCode, FieldError},
    ids::{PhotoId, VisitServiceId},
    lang::Text,
    offline::check_ago,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Bytes of a picture as it is sent, at most.
pub const PHOTO_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The longer side of a picture as it is kept, in pixels; the browser makes larger ones smaller before it sends them.
pub const PHOTO_SIDE_MAX: u32 = 2048;
/// Characters of a photo's label.
const LABEL_MAX: usize = 40;

/// From which side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Angle {
    #[default]
    Front,
    Left,
    Right,
    /// One place from near by.
    Close,
}

impl Angle {
    pub const ALL: [Self; 4] = [Self::Front, Self::Left, Self::Right, Self::Close];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Left => "left",
            Self::Right => "right",
            Self::Close => "close",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|angle| angle.code() == code)
    }
}

/// A photo of the record; the picture itself is asked for by its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhotoView {
    pub id: PhotoId,
    pub at: LocalTime,
    pub by: Text,
    pub angle: Angle,
    /// What it shows: `左颊`.
    pub label: Option<String>,
    pub width: u32,
    pub height: u32,
}

/// What comes with a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoForm {
    pub item: String,
    pub angle: String,
    #[serde(default)]
    pub label: String,
    pub key: String,
    /// Seconds since it was taken, by the device's clock.
    #[serde(default)]
    pub ago: String,
}

/// A checked [`PhotoForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoNote {
    pub item: VisitServiceId,
    pub angle: Angle,
    pub label: Option<String>,
    pub key: String,
    pub ago: u32,
}

impl PhotoForm {
    /// # Errors
    /// `item`, `angle`, `label`, `key`, `ago`.
    pub fn check(self) -> Result<PhotoNote, Vec<FieldError>> {
        let mut errors = Errors::default();
        let item = errors.take("item", check_id(&self.item));
        let angle = errors.take("angle", Angle::from_code(&self.angle).ok_or(FieldCode::Choice));
        let label = errors.take("label", check_note(&self.label).and_then(short));
        let key = errors.take("key", check_key(&self.key));
        let ago = errors.take("ago", check_ago(&self.ago));
        match (item, angle, label, key, ago) {
            (Some(item), Some(angle), Some(label), Some(key), Some(ago)) => {
                Ok(PhotoNote { item, angle, label, key, ago })
            }
            _ => Err(errors.0),
        }
    }
}

/// What is wrong with a picture, as it stands in the address of the page that says so.
#[must_use]
pub fn photo_code(code: FieldCode) -> &'static str {
    match code {
        FieldCode::Heic => "heic",
        FieldCode::Heavy => "heavy",
        FieldCode::Required => "required",
        _ => "picture",
    }
}

/// [`photo_code`] read back.
#[must_use]
pub fn photo_fault(code: &str) -> Option<FieldCode> {
    [FieldCode::Heic, FieldCode::Heavy, FieldCode::Required, FieldCode::Picture]
        .into_iter()
        .find(|fault| photo_code(*fault) == code)
}

fn short(label: Option<String>) -> Result<Option<String>, FieldCode> {
    if label.as_ref().is_some_and(|label| label.chars().count() > LABEL_MAX) {
        return Err(FieldCode::TooLong);
    }
    Ok(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_says_from_which_side_it_is() {
        let form = |angle: &str, label: &str| PhotoForm {
            item: VisitServiceId::new().to_string(),
            angle: angle.into(),
            label: label.into(),
            key: "k".into(),
            ago: String::new(),
        };
        let photo = form("left", " 左颊 ").check().unwrap();
        assert_eq!((photo.angle, photo.label.as_deref(), photo.ago), (Angle::Left, Some("左颊"), 0));
        let errors = form("above", &"长".repeat(41)).check().unwrap_err();
        assert_eq!(
            errors,
            [FieldError::new("angle", FieldCode::Choice), FieldError::new("label", FieldCode::TooLong)]
        );
    }
}
