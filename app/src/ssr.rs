//! Server side only: what a server function needs from the request.

use crate::error::AppError;
use chrono::{DateTime, Utc};
use http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The operation context of this request, put there by the server: database, clock and who is acting.
///
/// # Errors
/// `Internal` when the server did not provide it, which is a fault of the wiring.
pub fn op_context() -> Result<store::OpContext, AppError> {
    use_context::<store::OpContext>()
        .ok_or_else(|| store::Error::internal("no operation context in this request").into())
}

/// Sets the status of the response, unless a page is being rendered or a plain form was posted: a page decides its own
/// status, and a form post is answered with a redirect back to the form.
pub fn set_status(status: u16) {
    if wants_page() {
        return;
    }
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Sets the status of the page being rendered; for error pages.
pub fn set_page_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// Logs what went wrong under a fresh code, and gives the answer that carries only the code.
#[must_use]
pub fn internal(cause: &dyn std::error::Error) -> AppError {
    let incident = incident();
    tracing::error!(%incident, error = %chain(cause), "internal error");
    AppError::Internal { incident }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        let error = match error {
            store::Error::SignedOut => Self::SignedOut,
            store::Error::Forbidden => Self::Forbidden,
            store::Error::NotFound => Self::NotFound,
            store::Error::Invalid(fields) => Self::Invalid(fields),
            store::Error::Refused(refusal) => Self::Refused(refusal),
            store::Error::Unavailable(cause) => {
                let incident = incident();
                tracing::error!(%incident, error = %chain(&*cause), "unavailable");
                Self::Unavailable { incident }
            }
            store::Error::Internal(cause) => internal(&*cause),
        };
        set_status(error.status());
        error
    }
}

/// How this server names its session cookie; provided per request.
#[derive(Clone, Debug)]
pub struct CookieSettings {
    /// `__Host-…` over TLS.
    pub name: String,
    pub secure: bool,
}

/// Sends the browser its session: for all of the site, out of reach of scripts, not with requests from elsewhere. Said as
/// a time left, so that a phone with a wrong clock keeps it as long as any other.
pub fn set_session(token: &str, expires_at: DateTime<Utc>) {
    let now = use_context::<store::OpContext>().map_or(expires_at, |cx| cx.now());
    send_session(token, (expires_at - now).num_seconds().max(0));
}

/// Makes the browser forget its session, and what it may still hold of personal pages.
pub fn end_session() {
    send_session("", 0);
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(
            header::HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cache\""),
        );
    }
}

fn send_session(token: &str, seconds: i64) {
    let (Some(cookie), Some(response)) = (use_context::<CookieSettings>(), use_context::<ResponseOptions>())
    else {
        tracing::error!("no cookie settings in this request");
        return;
    };
    let secure = if cookie.secure { "; Secure" } else { "" };
    let line = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", cookie.name);
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.append_header(header::SET_COOKIE, value);
    }
}

/// Whether the browser asked for a page: it then shows HTML, not JSON.
pub(crate) fn wants_page() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        parts
            .headers
            .get_all(header::ACCEPT)
            .iter()
            .any(|value| value.to_str().is_ok_and(|value| value.contains("text/html")))
    })
}

/// Short enough to read out on the telephone: `E-7F21A9`.
fn incident() -> String {
    let id = uuid::Uuid::now_v7();
    let [.., a, b, c] = id.into_bytes();
    format!("E-{a:02X}{b:02X}{c:02X}")
}

/// An error with its causes, outermost first.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The address of `path` as a customer's phone needs it.
#[must_use]
pub fn absolute(cx: &store::OpContext, path: &str) -> String {
    format!("{}{path}", cx.store.base_url())
}

/// `text` as a QR code; an empty drawing when it is too long for one.
#[must_use]
pub fn qr(text: &str) -> domain::booking::Qr {
    crate::ui::qr::QrArt::draw(text).map(Into::into).unwrap_or_default()
}

/// The page at `path` as a QR code.
#[must_use]
pub fn qr_of_path(cx: &store::OpContext, path: &str) -> domain::booking::Qr {
    qr(&absolute(cx, path))
}
