//! Photos of the record (C-43): taken in as a form of several parts, drawn anew, kept outside of what is served; shown
//! to those who treat and to nobody else.

use super::{
    answer::Asked,
    upload::{self, jpeg},
    web::Web,
};
use crate::photo;
use app::error::AppError;
use axum::{
    Json,
    body::Bytes,
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    FieldError, PhotoId, VisitServiceId,
    photo::{PhotoForm, PhotoNote, photo_code},
};
use store::{OpContext, treat};

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

async fn parts(item: VisitServiceId, request: Request) -> Result<(PhotoForm, Bytes), AppError> {
    let (mut fields, picture) = upload::read(request, "photo").await?;
    let mut field = |name: &str| fields.remove(name).unwrap_or_default();
    let form = PhotoForm {
        item: item.to_string(),
        angle: field("angle"),
        label: field("label"),
        key: field("key"),
        ago: field("ago"),
    };
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
        Ok(bytes) => jpeg(bytes, "no-store"),
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
