//! For whoever watches over the server.

use super::web::Web;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub async fn live() -> &'static str {
    "ok\n"
}

/// Requests can be served: the database answers (it was brought up to date before the first request), and the server
/// is not stopping.
pub async fn ready(State(web): State<Web>) -> Response {
    if web.stop.is_cancelled() {
        return not_ready("stopping\n");
    }
    match tokio::time::timeout(PATIENCE, web.store.ping()).await {
        Ok(Ok(())) => "ok\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            not_ready("the database does not answer\n")
        }
        Err(_) => not_ready("the database does not answer in time\n"),
    }
}

fn not_ready(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}
