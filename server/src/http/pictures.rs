//! Pictures of checklists' steps: taken from those who may edit them, shown to the staff, kept
//! outside of what is served (C-43).

use super::{
    answer::Asked,
    upload::{self, jpeg},
    web::Web,
};
use crate::photo;
use app::error::AppError;
use axum::{
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Actor, FieldError, Refusal, permission::Action, photo::photo_code};
use store::OpContext;

/// Where the editor's form sends a picture.
pub const UPLOAD: &str = "/sop/picture";

/// `POST /sop/picture`: a picture for a step of a draft, then back to the editor. A fault is said in its address.
pub async fn upload(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    let mut service = String::new();
    let fault = match keep(&web, &cx, request, &mut service).await {
        Ok(()) => "",
        Err(AppError::Refused(Refusal::Stale)) => "stale",
        Err(error) => match error.field("file") {
            Some(code) => photo_code(code),
            None => return asked.answer(&web, &error),
        },
    };
    let address = match fault {
        "" => format!("/sop/{service}"),
        fault => format!("/sop/{service}?picture={fault}"),
    };
    Redirect::to(&address).into_response()
}

async fn keep(web: &Web, cx: &OpContext, request: Request, service: &mut String) -> Result<(), AppError> {
    // Who may not edit does not get as far as sending work.
    let branch = store::account::working_branch(cx).await?;
    cx.allow(Action::EditSop, &domain::permission::Scope::branch(branch))?;
    let (mut fields, picture) = upload::read(request, "file").await?;
    let mut id = |name: &str| fields.remove(name).unwrap_or_default();
    let (of, step, version) = (id("service"), id("step"), id("version"));
    let of: domain::ServiceId = of.parse().map_err(|_| AppError::NotFound)?;
    let step = step.parse().map_err(|_| AppError::NotFound)?;
    let version = version.parse().map_err(|_| AppError::NotFound)?;
    *service = of.to_string();
    let picture =
        photo::clean(picture).await.map_err(|code| AppError::from(FieldError::new("file", code)))?;
    let name = web.step_pictures.put(picture).await.map_err(|error| app::ssr::internal(&error))?;
    let set = store::sop::set_picture(cx, branch, of, version, step, name.clone()).await;
    if set.is_err()
        && let Err(error) = web.step_pictures.remove(&name).await
    {
        tracing::warn!(%error, "a picture that belongs to nothing could not be removed");
    }
    Ok(set?)
}

/// `GET /sop/picture/{name}`: for the staff only.
pub async fn show(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    match read(&web, &cx, &name).await {
        // A picture is never changed under its name.
        Ok(bytes) => jpeg(bytes, "private, max-age=86400"),
        Err(error) => Asked::of(&request).answer(&web, &error),
    }
}

async fn read(web: &Web, cx: &OpContext, name: &str) -> Result<Vec<u8>, AppError> {
    if !matches!(cx.actor, Actor::Staff { .. }) {
        return Err(AppError::NotFound);
    }
    web.step_pictures.get(name).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => AppError::NotFound,
        _ => app::ssr::internal(&error),
    })
}
