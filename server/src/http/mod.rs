//! The router and its layers.

pub mod answer;
mod assets;
mod calendar;
mod csrf;
mod forms;
mod guard;
mod headers;
mod health;
mod kept;
pub mod limit;
mod live;
mod local;
pub mod metrics;
mod observe;
mod pages;
mod peer;
mod photos;
mod pictures;
mod session;
mod shield;
mod upload;
mod web;

pub use web::Web;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use tower::ServiceBuilder;
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Everything that is served.
pub fn router(web: Web) -> Router {
    // What knows who is asking.
    let personal = pages::add(Router::new(), &web)
        .route("/offline", get(answer::offline))
        .route("/prefs", post(forms::prefs))
        .route("/staff/sign-out", post(forms::staff_sign_out))
        .route("/me/sign-out", post(forms::customer_sign_out))
        .route("/b/{token}/calendar.ics", get(calendar::download))
        .route("/calendar/{file}", get(calendar::feed))
        .route("/chair/{item}/photos", post(photos::add).layer(DefaultBodyLimit::max(upload::FORM_MAX)))
        .route("/chair/{item}/photos/{photo}", get(photos::show))
        .route(pictures::UPLOAD, post(pictures::upload).layer(DefaultBodyLimit::max(upload::FORM_MAX)))
        .route("/sop/picture/{name}", get(pictures::show))
        .route("/live/branch/{id}", get(live::branch))
        .route("/live/q/{token}", get(live::queue))
        .route("/live/screen/{token}", get(live::screen))
        .fallback(pages::other)
        .layer(
            // The outermost first.
            ServiceBuilder::new()
                .layer(middleware::from_fn_with_state(web.clone(), limit::check))
                .layer(middleware::from_fn_with_state(web.clone(), csrf::check))
                .layer(middleware::from_fn_with_state(web.clone(), shield::guard))
                .layer(middleware::from_fn_with_state(web.clone(), session::identify))
                .layer(middleware::from_fn_with_state(web.clone(), guard::watch))
                .layer(middleware::from_fn_with_state(web.clone(), kept::serve)),
        );
    personal
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::show))
        .layer(
            ServiceBuilder::new()
                .layer(middleware::from_fn_with_state(web.clone(), observe::watch))
                .layer(middleware::from_fn_with_state(web.clone(), headers::add))
                .layer(CompressionLayer::new().gzip(true).br(true).quality(CompressionLevel::Precise(4)))
                .layer(middleware::from_fn_with_state(web.clone(), files)),
        )
        .with_state(web)
}

/// Files of the browser's part need nothing of what the pages need: they are served before any of it.
async fn files(State(web): State<Web>, request: Request, next: Next) -> Response {
    match web.assets.get(request.method(), request.uri().path(), request.headers()) {
        Some(file) => file,
        None => next.run(request).await,
    }
}
