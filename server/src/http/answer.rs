//! Answers that the server gives before or instead of the app: as JSON to a server function's caller, else as a page.

use super::{guard::is_staff_page, upload::takes_pictures, web::Web};
use app::{
    error::AppError,
    lang::Lang,
    prefs::{Prefs, Theme},
    tr,
    ui::{ErrorKind, ErrorPage},
};
use axum::{
    extract::{Request, State},
    response::{Html, IntoResponse, Response},
};
use domain::Refusal;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use leptos::prelude::*;

/// What the asker understands.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    json: bool,
    prefs: Prefs,
    /// Where the way on leads.
    home: &'static str,
}

impl Asked {
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let headers = request.headers();
        let path = request.uri().path();
        let machine = ["/api/", "/live/", "/health/", "/metrics"].iter().any(|start| path.starts_with(start))
            || takes_pictures(path);
        Self {
            json: machine && !all(headers, header::ACCEPT, ",").contains("text/html"),
            prefs: prefs(headers),
            home: if is_staff_page(path) { "/staff" } else { "/" },
        }
    }

    /// Whether it is a page that is waited for.
    #[must_use]
    pub fn is_page(self) -> bool {
        !self.json
    }

    /// The error's own status.
    #[must_use]
    pub fn answer(self, web: &Web, error: &AppError) -> Response {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.answer_as(web, status, error)
    }

    #[must_use]
    pub fn answer_as(self, web: &Web, status: StatusCode, error: &AppError) -> Response {
        let mut response = if self.json {
            axum::Json(error).into_response()
        } else {
            Html(document(self.prefs, web.assets.stylesheet(), error.clone(), self.home)).into_response()
        };
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let AppError::Refused(Refusal::TooMany { seconds }) = error {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }
}

/// `GET /offline`: what the browser keeps to show when it cannot reach us.
pub async fn offline(State(web): State<Web>, request: Request) -> Response {
    let error = AppError::Transport(String::new());
    Html(document(prefs(request.headers()), web.assets.stylesheet(), error, "/")).into_response()
}

/// The reader's language, colours and size of type.
#[must_use]
pub fn prefs(headers: &HeaderMap) -> Prefs {
    Prefs::from_headers(&all(headers, header::COOKIE, ";"), &all(headers, header::ACCEPT_LANGUAGE, ","))
}

fn all(headers: &HeaderMap, name: header::HeaderName, between: &str) -> String {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(between)
}

/// A page that needs no script and nothing of the app but its words and looks.
fn document(prefs: Prefs, stylesheet: Option<&str>, error: AppError, home: &str) -> String {
    // A root: `Owner::new` would become a child of whatever page this thread is rendering, and set the status of that.
    let page = Owner::new_root(None).with(|| {
        provide_context::<Lang>(prefs.lang);
        view! { <ErrorPage kind=ErrorKind::from(error) home/> }.to_html()
    });
    let theme =
        prefs.theme.map(Theme::as_str).map(|theme| format!(" data-theme=\"{theme}\"")).unwrap_or_default();
    let size = if prefs.large { " data-size=\"large\"" } else { "" };
    let style =
        stylesheet.map(|path| format!("<link rel=\"stylesheet\" href=\"{path}\">")).unwrap_or_default();
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-shell=\"phone\"{theme}{size}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title>{style}</head>\
         <body class=\"phone\"><header class=\"top-bar\"><h1 class=\"top-title\">{title}</h1></header>\
         <main class=\"page\" id=\"main\">{page}</main></body></html>",
        lang = prefs.lang.tag(),
        title = tr!(prefs.lang, common.brand),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos_axum::ResponseOptions;

    #[test]
    fn an_error_leaves_the_page_that_is_rendered_beside_it_alone() {
        let beside = ResponseOptions::default();
        let text = Owner::new_root(None).with(|| {
            provide_context(beside.clone());
            document(prefs(&HeaderMap::new()), None, AppError::Transport(String::new()), "/")
        });
        assert!(text.contains("<main"), "{text}");
        assert_eq!(beside.0.read().unwrap().status, None);
    }
}
