//! Jobs, run by hand: each message goes once, whoever else runs.

use crate::support::{Harness, Site, fixture, settings};
use server::{jobs, notify::Providers};
use std::sync::Arc;
use store::both_databases;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header_exists, method},
};

const SECRET: &str = "sixteen-or-more!";

fn providers(args: &[&str]) -> Providers {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Providers::new(&settings(args)).unwrap()
}

async fn ask_for_code(site: &Site, phone: &str) {
    assert_eq!(site.visitor().api("customer/send_code", &[("phone", phone)]).await.status, 200);
}

both_databases! {
    /// C-24: two workers at once, and a message goes once, signed and with its key.
    async fn two_workers_send_each_message_once(h: Harness) {
        let site = Site::new(h);
        let provider = MockServer::start().await;
        Mock::given(method("POST"))
            .and(header_exists("X-Meiyue-Signature"))
            .respond_with(ResponseTemplate::new(200))
            .mount(&provider)
            .await;
        let phones: Vec<String> = (0..20).map(|n| format!("1380001{n:04}")).collect();
        for phone in &phones {
            ask_for_code(&site, phone).await;
        }
        let providers = Arc::new(providers(&["--webhook-url", &provider.uri(), "--webhook-secret", SECRET]));
        let second = site.harness.second().await;
        let (one, two) = tokio::join!(
            jobs::deliver(&site.harness.store, &providers),
            jobs::deliver(&second, &providers),
        );
        assert_eq!(one.unwrap() + two.unwrap(), 20);
        let received = provider.received_requests().await.unwrap();
        let mut keys: Vec<_> = received.iter().map(|r| r.headers["idempotency-key"].to_str().unwrap().to_owned()).collect();
        keys.sort();
        keys.dedup();
        assert_eq!((received.len(), keys.len()), (20, 20));
        let body: serde_json::Value = serde_json::from_slice(&received[0].body).unwrap();
        assert_eq!((&body["channel"], &body["template"]), (&"sms".into(), &"code".into()));
        assert!(body["text"].as_str().unwrap().chars().filter(char::is_ascii_digit).count() >= 6, "{body}");
        assert_eq!(jobs::deliver(&second, &providers).await.unwrap(), 0);
    }

    /// A provider that fails is asked again later, with the same key.
    async fn a_failed_message_is_tried_again(h: Harness) {
        let site = Site::new(h);
        let provider = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).up_to_n_times(1).mount(&provider).await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&provider).await;
        ask_for_code(&site, fixture::WANG_PHONE).await;
        let providers = providers(&["--webhook-url", &provider.uri(), "--webhook-secret", SECRET]);
        assert_eq!(jobs::deliver(&site.harness.store, &providers).await.unwrap(), 0);
        assert_eq!(jobs::deliver(&site.harness.store, &providers).await.unwrap(), 0, "not at once");
        site.harness.advance(chrono::Duration::minutes(1));
        assert_eq!(jobs::deliver(&site.harness.store, &providers).await.unwrap(), 1);
        let received = provider.received_requests().await.unwrap();
        assert_eq!(received[0].headers["idempotency-key"], received[1].headers["idempotency-key"]);
    }

    async fn jobs_do_nothing_twice(h: Harness) {
        let site = Site::new(h);
        site.staff("desk").await;
        site.harness.advance(chrono::Duration::days(60));
        let store = &site.harness.store;
        assert!(jobs::delete_expired(store).await.unwrap() >= 1);
        assert_eq!(jobs::delete_expired(store).await.unwrap(), 0);
        assert_eq!(jobs::expire_holds(store).await.unwrap(), 0);
        assert_eq!(jobs::mark_no_shows(store).await.unwrap(), 0);
        assert_eq!(site.harness.number("SELECT COUNT(*) FROM session").await, 0);
    }
}

#[tokio::test]
async fn without_a_provider_messages_go_into_a_file() {
    let site = Site::new(Harness::sqlite().await);
    ask_for_code(&site, fixture::WANG_PHONE).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outbox.jsonl");
    let providers = providers(&["--outbox-file", file.to_str().unwrap()]);
    assert_eq!(jobs::deliver(&site.harness.store, &providers).await.unwrap(), 1);
    let text = std::fs::read_to_string(&file).unwrap();
    let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!(line["to"], fixture::WANG_PHONE);
    assert!(line["text"].as_str().unwrap().contains(&site.harness.latest_code(fixture::WANG_PHONE).await));
}
