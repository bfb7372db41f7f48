//! The app's pages and server functions, each with what it needs of the request.

use super::{answer::Asked, headers::page_policy, web::Web};
use app::{App, error::AppError, shell};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use store::OpContext;

/// Adds every page and server function of the app.
pub fn add(router: Router<Web>, web: &Web) -> Router<Web> {
    let options = web.options.clone();
    router.leptos_routes_with_context(web, generate_route_list(App), context(web), move || {
        shell(options.clone())
    })
}

/// Any other address: a file of the browser's part, or the app's page for what does not exist.
pub async fn other(State(web): State<Web>, request: Request) -> Response {
    let path = request.uri().path();
    if ["/api/", "/live/", "/health/", "/pkg/"].iter().any(|start| path.starts_with(start)) {
        return Asked::of(&request).answer(&web, &AppError::NotFound);
    }
    if request.method() != http::Method::GET && request.method() != http::Method::HEAD {
        return Asked::of(&request).answer_as(&web, StatusCode::METHOD_NOT_ALLOWED, &AppError::NotFound);
    }
    let options = web.options.clone();
    let render = leptos_axum::render_app_async_with_context(context(&web), move || shell(options.clone()));
    let mut response = render(request.map(Body::new)).await;
    // Where the app has no such route it shows its page for that; the status is the server's to say.
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response.into_response()
}

/// Puts the operation context and the cookie's settings where the app finds them, and sets the page's policy.
fn context(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let cookies = web.cookie_settings();
    move || {
        provide_context(cookies.clone());
        if let Some(cx) =
            use_context::<Parts>().and_then(|parts| parts.extensions.get::<OpContext>().cloned())
        {
            provide_context(cx);
        }
        let policy = use_nonce().and_then(|nonce| page_policy(&nonce));
        if let (Some(policy), Some(response)) = (policy, use_context::<ResponseOptions>()) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
