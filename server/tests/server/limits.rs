//! C-36: limits per address hold exactly, over real connections.

use crate::support::{Harness, serve, settings};
use reqwest::Client;
use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::net::TcpListener;

async fn listen(harness: &Harness, args: &[&str]) -> SocketAddr {
    let (router, _) = serve(harness.store.clone(), &settings(args));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    addr
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exact_under_32_connections_and_forged_addresses() {
    let harness = Harness::sqlite().await;
    // What passes is the burst and one more for each second that the test takes.
    let addr = listen(&harness, &["--rate", "1", "--rate-burst", "50"]).await;
    let (passed, refused) = (AtomicU32::new(0), AtomicU32::new(0));
    let started = std::time::Instant::now();
    let tasks = (0..32u32).map(|connection| {
        let (passed, refused) = (&passed, &refused);
        async move {
            let client = client();
            for n in 0..8u32 {
                let forged = format!("10.{connection}.{n}.1");
                let reply = client
                    .get(format!("http://{addr}/live/q/none"))
                    .header("X-Forwarded-For", &forged)
                    .header("X-Real-IP", &forged)
                    .header("Forwarded", format!("for={forged}"))
                    .send()
                    .await
                    .unwrap();
                match reply.status().as_u16() {
                    429 => {
                        assert!(reply.headers().contains_key("retry-after"));
                        refused.fetch_add(1, Ordering::SeqCst)
                    }
                    404 => passed.fetch_add(1, Ordering::SeqCst),
                    other => panic!("{other}"),
                };
            }
        }
    });
    futures::future::join_all(tasks).await;
    let gained = started.elapsed().as_secs() as u32 + 1;
    let passed = passed.into_inner();
    assert_eq!(passed + refused.into_inner(), 256);
    assert!((50..=50 + gained).contains(&passed), "{passed} passed in {gained} s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_proxy_is_believed() {
    let harness = Harness::sqlite().await;
    let addr = listen(&harness, &["--rate", "1", "--rate-burst", "2", "--trusted-proxy", "127.0.0.1"]).await;
    let client = client();
    let ask = |from: &'static str| {
        let request = client.get(format!("http://{addr}/live/q/none")).header("X-Forwarded-For", from);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let started = std::time::Instant::now();
    let answers = futures::future::join_all((0..40).map(|_| ask("1.1.1.1"))).await;
    let passed = answers.iter().filter(|&&status| status == 404).count();
    let gained = started.elapsed().as_secs() as usize + 1;
    assert!((2..=2 + gained).contains(&passed), "{passed} passed in {gained} s: {answers:?}");
    assert_eq!(ask("2.2.2.2").await, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_and_health_are_not_limited() {
    let harness = Harness::sqlite().await;
    let addr = listen(&harness, &["--rate", "1", "--rate-burst", "1"]).await;
    let client = client();
    for _ in 0..5 {
        let reply = client.get(format!("http://{addr}/health/live")).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 200);
    }
}
