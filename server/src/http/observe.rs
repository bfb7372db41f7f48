//! One line and two figures per request. Only the matched route is written, never the path: it may hold a secret.

use super::{metrics::Counted, web::Web};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, Method};
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Slower than this is worth a line.
const SLOW: Duration = Duration::from_secs(1);

/// Gives the request an id, under which everything is logged that happens in it.
pub async fn watch(State(web): State<Web>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let _running = Counted::new(|by| {
        web.gauges.running.fetch_add(by, Ordering::Relaxed);
    });
    let id = Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("-", MatchedPath::as_str);
    let span = tracing::info_span!("request", %id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = started.elapsed();
    span.in_scope(|| log(response.status().as_u16(), took));
    count(&method, route, response.status().as_u16(), took);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn log(status: u16, took: Duration) {
    let ms = took.as_millis() as u64;
    if status >= 500 {
        tracing::error!(status, ms, "answered");
    } else if took >= SLOW || matches!(status, 403 | 429) {
        tracing::warn!(status, ms, "answered");
    } else {
        tracing::debug!(status, ms, "answered");
    }
}

fn count(method: &Method, route: &str, status: u16, took: Duration) {
    // Made-up methods would make a figure each.
    let method = if method == Method::GET || method == Method::POST { method.as_str() } else { "other" };
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    metrics::counter!("meiyue_requests_total", &labels).increment(1);
    metrics::histogram!("meiyue_request_seconds", "route" => route.to_owned()).record(took.as_secs_f64());
}
