//! What keeps one request from hurting the others: a limit on its body, on its time, and a net under its panics.

use super::{answer::Asked, upload::takes_pictures, web::Web};
use app::error::AppError;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use http::{HeaderValue, StatusCode, header};
use std::{any::Any, panic::AssertUnwindSafe};

/// Seconds after which one may try again when the house is out of order.
const RETRY_SECONDS: u32 = 5;

/// Reads the body within its limit and runs the request within its time.
pub async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let work = AssertUnwindSafe(run(&web, asked, request, next)).catch_unwind();
    let mut response = match tokio::time::timeout(web.timeout, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => asked.answer(&web, &fault(panic.as_ref())),
        Err(_) => {
            tracing::warn!(seconds = web.timeout.as_secs(), "gave up a request that took too long");
            asked.answer(&web, &AppError::Transport("timeout".to_owned()))
        }
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from(RETRY_SECONDS));
    }
    response
}

async fn run(web: &Web, asked: Asked, request: Request, next: Next) -> Response {
    // Read by the handler, once it is known who sends it.
    if takes_pictures(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let announced =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let too_large = || asked.answer_as(web, StatusCode::PAYLOAD_TOO_LARGE, &AppError::Invalid(Vec::new()));
    if announced.is_some_and(|length: u64| length > web.body_limit as u64) {
        return too_large();
    }
    match axum::body::to_bytes(body, web.body_limit).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(_) => too_large(),
    }
}

fn fault(panic: &(dyn Any + Send)) -> AppError {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    metrics::counter!("meiyue_panics_total").increment(1);
    app::ssr::internal(&std::io::Error::other(format!("panic: {}", text.unwrap_or("without a text"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use axum::{Router, middleware, routing::get};
    use std::time::Duration;
    use store::testing::Harness;
    use tower::ServiceExt;

    async fn boom() -> &'static str {
        panic!("something about 王雅琴")
    }

    async fn slow() -> &'static str {
        tokio::time::sleep(Duration::from_secs(60)).await;
        "late"
    }

    async fn ask(path: &str) -> (StatusCode, http::HeaderMap, String) {
        let harness = Harness::sqlite().await;
        let args = ["meiyue", "serve", "--site-root", "/nonexistent", "--timeout", "1"];
        let settings = config::parse(args).unwrap().settings;
        let web =
            Web::new(harness.store.clone(), &settings, tokio_util::sync::CancellationToken::new()).unwrap();
        let router: Router = Router::new()
            .route("/boom", get(boom))
            .route("/api/boom", get(boom))
            .route("/slow", get(slow))
            .layer(middleware::from_fn_with_state(web.clone(), guard))
            .with_state(web);
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_becomes_a_page_with_a_code_and_nothing_else() {
        let (status, headers, text) = ask("/boom").await;
        assert_eq!(status, 500);
        assert!(text.contains("E-") && text.contains("<main") && !text.contains("王雅琴"), "{text}");
        assert_eq!(headers["cache-control"], "no-store");
        let (status, _, text) = ask("/api/boom").await;
        assert_eq!(status, 500);
        assert!(text.contains("incident") && !text.contains("王雅琴"), "{text}");
    }

    #[tokio::test]
    async fn what_takes_too_long_is_given_up() {
        let (status, headers, _) = ask("/slow").await;
        assert_eq!(
            (status, headers["retry-after"].to_str().unwrap()),
            (StatusCode::SERVICE_UNAVAILABLE, "5")
        );
    }
}
