//! Pictures of checklists' steps: taken from those who may edit them, shown to the staff, kept outside the public folder.

use super::{answer::Asked, web::Web};
use crate::picture::{self, Fault};
use app::error::AppError;
use axum::{
    body::Body,
    extract::{Extension, Multipart, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Actor, permission::Action};
use http::{HeaderValue, header};
use store::OpContext;

/// Room for the fields and borders of the form around the picture.
pub const FORM_MAX: usize = picture::BYTES_MAX + 16 * 1024;

/// Whether a request sends a picture: its body may be larger than that of others.
pub fn is_upload(path: &str) -> bool {
    path == "/sop/picture"
}

#[derive(Default)]
struct Sent {
    service: String,
    step: String,
    version: String,
    file: Vec<u8>,
}

/// `POST /sop/picture`: a picture for a step of a draft, then back to the editor. A fault is said in its address.
pub async fn upload(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    mut form: Multipart,
) -> Response {
    let Some(sent) = read(&mut form).await else { return back("", "kind") };
    match keep(&web, &cx, &sent).await {
        Ok(()) => back(&sent.service, ""),
        Err(Refused::Fault(fault)) => back(&sent.service, fault.code()),
        Err(Refused::Store(store::Error::Refused(domain::Refusal::Stale))) => back(&sent.service, "stale"),
        Err(Refused::Store(error)) => {
            let error = AppError::from(error);
            let status = error.status();
            (http::StatusCode::from_u16(status).unwrap_or_default(), status.to_string()).into_response()
        }
        Err(Refused::Disk(error)) => {
            tracing::error!(%error, "a picture could not be kept");
            back(&sent.service, "failed")
        }
    }
}

async fn read(form: &mut Multipart) -> Option<Sent> {
    let mut sent = Sent::default();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8(bytes.to_vec()).ok();
        match &*name {
            "service" => sent.service = text()?,
            "step" => sent.step = text()?,
            "version" => sent.version = text()?,
            "file" => sent.file = bytes.to_vec(),
            _ => {}
        }
    }
    Some(sent)
}

enum Refused {
    Fault(Fault),
    Store(store::Error),
    Disk(std::io::Error),
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

async fn keep(web: &Web, cx: &OpContext, sent: &Sent) -> Result<(), Refused> {
    // Who may not edit does not get as far as sending work.
    let branch = store::account::working_branch(cx).await?;
    cx.allow(Action::EditSop, &domain::permission::Scope::branch(branch))?;
    let service = sent.service.parse().map_err(|_| store::Error::NotFound)?;
    let step = sent.step.parse().map_err(|_| store::Error::NotFound)?;
    let version = sent.version.parse().map_err(|_| store::Error::NotFound)?;
    let file = sent.file.clone();
    let drawn = tokio::task::spawn_blocking(move || picture::redrawn(&file))
        .await
        .map_err(|error| std::io::Error::other(error.to_string()))?
        .map_err(Refused::Fault)?;
    // Random, so that it tells nothing and cannot be guessed.
    let name = format!("{}.jpg", store::token::link());
    tokio::fs::create_dir_all(&web.pictures).await?;
    let (part, path) = (web.pictures.join(format!("{name}.part")), web.pictures.join(&name));
    tokio::fs::write(&part, drawn).await?;
    tokio::fs::rename(&part, &path).await?;
    if let Err(error) = store::sop::set_picture(cx, branch, service, version, step, name).await {
        let _ = tokio::fs::remove_file(&path).await;
        return Err(error.into());
    }
    Ok(())
}

fn back(service: &str, fault: &str) -> Response {
    // Only what can be an id comes back into the address.
    let service: String = service.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let address = match (service.is_empty(), fault) {
        (true, _) => "/sop".to_owned(),
        (false, "") => format!("/sop/{service}"),
        (false, fault) => format!("/sop/{service}?picture={fault}"),
    };
    Redirect::to(&address).into_response()
}

/// `GET /sop/picture/{name}`: for the staff only.
pub async fn show(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let asked = Asked::of(&request);
    if !matches!(cx.actor, Actor::Staff { .. }) {
        return asked.answer(&web, &AppError::NotFound);
    }
    let fine = name.strip_suffix(".jpg").is_some_and(|id| {
        id.len() == 24 && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    });
    let file = match fine {
        true => tokio::fs::read(web.pictures.join(&name)).await.ok(),
        false => None,
    };
    let Some(bytes) = file else { return asked.answer(&web, &AppError::NotFound) };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400"));
    response
}
