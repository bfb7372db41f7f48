//! Forms that carry a picture, and pictures as they are shown.

use app::error::AppError;
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    response::{IntoResponse, Response},
};
use domain::{FieldCode, FieldError, photo::PHOTO_BYTES_MAX};
use http::{HeaderValue, header};
use std::collections::BTreeMap;

/// Bytes of a form with a picture in it, at most: the picture, and room for the fields beside it.
pub const FORM_MAX: usize = PHOTO_BYTES_MAX + 64 * 1024;

/// Whether an address takes pictures; [`super::shield`] lets larger forms through to it, unread.
#[must_use]
pub fn takes_pictures(path: &str) -> bool {
    path.ends_with("/photos") || path == super::pictures::UPLOAD
}

/// The fields, and the picture of the field `file`, in any order.
///
/// # Errors
/// `Heavy` at `file` for more bytes than are taken; `Invalid` without a field for what is no such form.
pub async fn read(request: Request, file: &str) -> Result<(BTreeMap<String, String>, Bytes), AppError> {
    let unreadable = |_| AppError::Invalid(Vec::new());
    let mut all = Multipart::from_request(request, &()).await.map_err(|_| AppError::Invalid(Vec::new()))?;
    let mut fields = BTreeMap::new();
    let mut picture = Bytes::new();
    while let Some(part) = all.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == file {
            let too_much = |_| AppError::from(FieldError::new(file, FieldCode::Heavy));
            picture = part.bytes().await.map_err(too_much)?;
        } else {
            fields.insert(name, part.text().await.map_err(unreadable)?);
        }
    }
    Ok((fields, picture))
}

/// A picture, and how long browsers may keep it.
#[must_use]
pub fn jpeg(bytes: Vec<u8>, kept: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
