//! The small forms that the server itself takes: preferences and signing out.

use super::{answer::Asked, local::local, web::Web};
use app::{
    error::AppError,
    prefs::{LANG, SIZE, THEME, Theme},
};
use axum::{
    Form,
    extract::{Extension, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::Lang;
use http::{HeaderValue, header};
use serde::Deserialize;
use store::OpContext;

const YEAR: u32 = 365 * 24 * 3600;

#[derive(Deserialize)]
pub struct Prefs {
    lang: Option<String>,
    theme: Option<String>,
    size: Option<String>,
    #[serde(default)]
    back: String,
}

/// `POST /prefs`: remembers language, colours or size of type on this device and goes back.
pub async fn prefs(State(web): State<Web>, Form(form): Form<Prefs>) -> Response {
    let mut response = Redirect::to(local(&form.back)).into_response();
    let mut keep = |name: &str, value: &str, seconds: u32| {
        if let Ok(cookie) = HeaderValue::try_from(cookie(name, value, seconds, web.secure)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    };
    // Only values that mean something are kept; anything else goes back to the default.
    if let Some(raw) = form.lang {
        keep(LANG, Lang::from_tag(&raw).tag(), YEAR);
    }
    if let Some(raw) = form.theme {
        match Theme::parse(&raw) {
            Some(theme) => keep(THEME, theme.as_str(), YEAR),
            None => keep(THEME, "", 0),
        }
    }
    if let Some(raw) = form.size {
        if raw == "large" { keep(SIZE, "large", YEAR) } else { keep(SIZE, "", 0) }
    }
    response
}

/// `POST /staff/sign-out`
pub async fn staff_sign_out(state: State<Web>, cx: Extension<OpContext>, request: Request) -> Response {
    sign_out(state, cx, request, "/staff/sign-in").await
}

/// `POST /me/sign-out`
pub async fn customer_sign_out(state: State<Web>, cx: Extension<OpContext>, request: Request) -> Response {
    sign_out(state, cx, request, "/").await
}

async fn sign_out(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    request: Request,
    to: &str,
) -> Response {
    // Somebody whose session is over already wants the same page.
    match store::account::sign_out(&cx).await {
        Ok(()) | Err(store::Error::SignedOut) => {}
        Err(error) => return Asked::of(&request).answer(&web, &AppError::from(error)),
    }
    let mut response = Redirect::to(to).into_response();
    if let Ok(gone) = HeaderValue::try_from(cookie(web.cookie, "", 0, web.secure)) {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    // What the browser may still hold of personal pages goes too.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}

fn cookie(name: &str, value: &str, seconds: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}
