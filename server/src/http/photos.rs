//! Photos of the record (C-43): taken in as a form of several parts, drawn anew, kept outside of what is served; shown
//! to those who treat and to nobody else.

use super::{answer::Asked, web::Web};
use crate::photo;
use app::error::AppError;
use axum::{
    Json,
    body::Bytes,
    extract::{Extension, FromRequest, Multipart, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    FieldCode, FieldError, PhotoId, VisitServiceId,
    photo::{PHOTO_BYTES_MAX, PhotoForm, PhotoNote, photo_code},
};
use http::{HeaderValue, header};
use store::{OpContext, treat};

/// Bytes of a form with a picture in it, at most: the picture, and room for the fields beside it.
pub const FORM_MAX: usize = PHOTO_BYTES_MAX + 64 * 1024;

/// Addresses that take pictures end so; [`super::shield`] lets larger forms through to them, unread.
#[must_use]
pub fn takes_pictures(path: &str) -> bool {
    path.ends_with("/photos")
}

/// `POST /chair/{item}/photos`: answers with the record's page to a form, with nothing but the status to the app.
pub async fn add(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(item): Path<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let page = format!("/chair/{item}");
    match take(&web, &cx, item, request).await {
        Ok(()) if asked.is_page() => Redirect::to(&page).into_response(),
        Ok(()) => Json(()).into_response(),
        // A form finds what was wrong with the picture beside its field.
        Err(error) => match error.field("photo").filter(|_| asked.is_page()) {
            Some(code) => Redirect::to(&format!("{page}?photo={}", photo_code(code))).into_response(),
            None => asked.answer(&web, &error),
        },
    }
}

async fn take(web: &Web, cx: &OpContext, item: String, request: Request) -> Result<(), AppError> {
    let item: VisitServiceId = item.parse().map_err(|_| AppError::NotFound)?;
    // Who may not is told before the picture is read.
    treat::may_photo(cx, item).await?;
    let (form, picture) = parts(item, request).await?;
    let note = form.check()?;
    if treat::photo_known(cx, item, &note.key).await? {
        return Ok(());
    }
    let picture =
        photo::clean(picture).await.map_err(|code| AppError::from(FieldError::new("photo", code)))?;
    keep(web, cx, note, picture).await
}

async fn keep(web: &Web, cx: &OpContext, note: PhotoNote, picture: photo::Photo) -> Result<(), AppError> {
    let (width, height, bytes) = (picture.width, picture.height, picture.jpeg.len());
    let file = web.photos.put(picture).await.map_err(|error| app::ssr::internal(&error))?;
    let added = treat::add_photo(cx, note, treat::Kept { file: file.clone(), width, height, bytes }).await;
    if !matches!(added, Ok(true))
        && let Err(error) = web.photos.remove(&file).await
    {
        tracing::warn!(%error, "a picture that belongs to nothing could not be removed");
    }
    Ok(added.map(drop)?)
}

/// The fields and the picture, in any order.
async fn parts(item: VisitServiceId, request: Request) -> Result<(PhotoForm, Bytes), AppError> {
    let unreadable = |_| AppError::Invalid(Vec::new());
    let mut all = Multipart::from_request(request, &()).await.map_err(|_| AppError::Invalid(Vec::new()))?;
    let mut form = PhotoForm { item: item.to_string(), ..PhotoForm::default() };
    let mut picture = Bytes::new();
    while let Some(part) = all.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "photo" {
            let too_much = |_| AppError::from(FieldError::new("photo", FieldCode::Heavy));
            picture = part.bytes().await.map_err(too_much)?;
            continue;
        }
        let text = part.text().await.map_err(unreadable)?;
        match name.as_str() {
            "angle" => form.angle = text,
            "label" => form.label = text,
            "key" => form.key = text,
            "ago" => form.ago = text,
            _ => {}
        }
    }
    Ok((form, picture))
}

/// `GET /chair/{item}/photos/{photo}`
pub async fn show(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path((item, photo)): Path<(String, String)>,
    request: Request,
) -> Response {
    match read(&web, &cx, &item, &photo).await {
        Ok(jpeg) => {
            let mut response = jpeg.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => Asked::of(&request).answer(&web, &error),
    }
}

async fn read(web: &Web, cx: &OpContext, item: &str, photo: &str) -> Result<Vec<u8>, AppError> {
    let item: VisitServiceId = item.parse().map_err(|_| AppError::NotFound)?;
    let photo: PhotoId = photo.parse().map_err(|_| AppError::NotFound)?;
    let file = treat::photo_file(cx, item, photo).await?;
    web.photos.get(&file).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => AppError::NotFound,
        _ => app::ssr::internal(&error),
    })
}
