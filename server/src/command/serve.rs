//! `meiyue serve`

use super::{Fault, files, open, say, seed};
use crate::{
    config::Settings,
    http::{Web, router},
    jobs,
    notify::Providers,
};
use axum::serve::ListenerExt;
use std::{
    future::{Future, IntoFuture},
    io::ErrorKind,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};
use store::Store;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinSet,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Serves until told to stop (SIGTERM, SIGINT).
///
/// # Errors
/// What kept it from starting.
pub async fn run(settings: Settings) -> Result<(), Fault> {
    let stop = CancellationToken::new();
    // Before anything else, so that a signal during a long start ends it in order too.
    listen_for_signals(&stop)?;
    until_stopped(settings, stop).await
}

/// As [`run`], told to stop by `stop`.
///
/// # Errors
/// What kept it from starting.
pub async fn until_stopped(settings: Settings, stop: CancellationToken) -> Result<(), Fault> {
    check_site(&settings)?;
    let providers = Arc::new(Providers::new(&settings).map_err(Fault::setting)?);
    // The port first: a second server should not get as far as the database.
    let listener = bind(settings.addr).await?;
    let (_in_use, store) = prepare(&settings).await?;
    let web = Web::new(store.clone(), &settings, stop.clone())
        .map_err(|error| Fault::file("cannot read the site", &settings.site_root, &error))?;
    let app = router(web).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let jobs = jobs::start(&store, providers, &stop);
    greet(&settings);
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let served = serve(server.into_future(), &stop, Duration::from_secs(settings.grace)).await;
    stop.cancel();
    finish(jobs, Duration::from_secs(settings.grace)).await;
    store.close().await;
    tracing::info!("stopped");
    served
}

async fn bind(addr: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Fault::setting(format!("{addr} is taken; choose another with --addr")),
        _ => Fault::setting(format!("cannot serve on {addr}: {error}")),
    })
}

async fn prepare(settings: &Settings) -> Result<(files::InUse, Arc<Store>), Fault> {
    let fault = |error| Fault::database(settings, &error);
    files::make_place(settings)?;
    let in_use = files::claim(settings)?;
    let store = open(settings).await?;
    store.migrate().await.map_err(fault)?;
    if settings.demo && seed::fill(&store).await.map_err(fault)?.is_some() {
        tracing::info!("filled the empty database with demo data");
    }
    Ok((in_use, store))
}

fn check_site(settings: &Settings) -> Result<(), Fault> {
    if settings.site_root.join("pkg").is_dir() {
        return Ok(());
    }
    Err(Fault::setting(format!(
        "the browser's part is not in {}: build it with `cargo run --release -p bundle`, or name its folder with --site-root",
        settings.site_root.display()
    )))
}

/// Once, for people.
fn greet(settings: &Settings) {
    say(&format!("Meiyue 美约  {}", settings.base()));
    if settings.base_url.is_some() {
        say(&format!("  served on   http://{}", settings.addr));
    }
    if settings.demo {
        say(&format!("  staff       {}/staff/sign-in", settings.base()));
        for line in seed::logins() {
            say(&line);
        }
    }
}

/// Runs the server; once told to stop, what runs has `grace` to finish.
async fn serve(
    server: impl Future<Output = std::io::Result<()>> + Send + 'static,
    stop: &CancellationToken,
    grace: Duration,
) -> Result<(), Fault> {
    let mut server = tokio::spawn(server);
    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        () = stop.cancelled() => timeout(grace, &mut server).await.ok(),
    };
    match ended {
        Some(Ok(Ok(()))) => Ok(()),
        Some(Ok(Err(error))) => Err(Fault::new(format!("the server ended: {error}"))),
        Some(Err(error)) => Err(Fault::new(format!("the server ended: {error}"))),
        None => {
            tracing::warn!(seconds = grace.as_secs(), "some requests did not finish in time");
            server.abort();
            Ok(())
        }
    }
}

async fn finish(mut jobs: JoinSet<()>, grace: Duration) {
    let all = async { while jobs.join_next().await.is_some() {} };
    if timeout(grace, all).await.is_err() {
        tracing::warn!("a job did not finish in time");
    }
}

/// The first signal stops in order, the second at once.
fn listen_for_signals(stop: &CancellationToken) -> Result<(), Fault> {
    let fault = |error| Fault::new(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
    let stop = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.is_cancelled() {
                std::process::exit(1);
            }
            tracing::info!("stopping");
            stop.cancel();
        }
    });
    Ok(())
}
