//! Figures about the server itself, for Prometheus. Routes are templates (`/b/{token}`), never paths: no personal data.

use super::{peer::connection, web::Web};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::{
    LazyLock,
    atomic::{AtomicI64, Ordering},
};

const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// One recorder per process.
static RECORDER: LazyLock<Option<PrometheusHandle>> = LazyLock::new(|| {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS);
    let recorder = builder.ok()?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    Some(handle)
});

/// What is counted up and down.
#[derive(Default)]
pub struct Gauges {
    pub running: AtomicI64,
    pub streams: AtomicI64,
}

impl Gauges {
    #[must_use]
    pub fn new() -> Self {
        LazyLock::force(&RECORDER);
        Self::default()
    }
}

/// Counts one while it lives.
pub struct Counted<F: Fn(i64)>(F);

impl<F: Fn(i64)> Counted<F> {
    pub fn new(add: F) -> Self {
        add(1);
        Self(add)
    }
}

impl<F: Fn(i64)> Drop for Counted<F> {
    fn drop(&mut self) {
        self.0(-1);
    }
}

/// Drops what histograms no longer need; to be called now and then.
pub fn upkeep() {
    if let Some(handle) = RECORDER.as_ref() {
        handle.run_upkeep();
    }
}

/// `GET /metrics`: for this machine, unless the settings say otherwise.
pub async fn show(State(web): State<Web>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    // Behind a proxy every connection is local; then the header tells that it was somebody else's.
    let own = connection(&parts).is_loopback() && !parts.headers.contains_key("x-forwarded-for");
    if !web.metrics_public && !own {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(handle) = RECORDER.as_ref() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    metrics::gauge!("meiyue_requests_running").set(web.gauges.running.load(Ordering::Relaxed) as f64);
    metrics::gauge!("meiyue_live_streams").set(web.gauges.streams.load(Ordering::Relaxed) as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}
