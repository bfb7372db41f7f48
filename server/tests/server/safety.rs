//! C-41, C-42: what every answer says, and what is refused whoever asks.

use crate::support::{Harness, Site, encode};
use axum::body::Body;
use http::{Method, header};
use rstest::rstest;

async fn site(args: &[&str]) -> Site {
    Site::with(Harness::sqlite().await, args)
}

/// C-42
#[tokio::test]
async fn every_answer_carries_the_safety_headers() {
    let site = site(&["--base-url", "https://salon.example"]).await;
    let visitor = site.visitor();
    for path in
        ["/", "/s/jingan", "/nowhere", "/api/nothing", "/health/live", "/staff/sign-in", "/b/no-such-token"]
    {
        let reply = visitor.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "same-origin", "{path}");
        assert!(reply.header("strict-transport-security").contains("max-age=31536000"), "{path}");
        assert!(reply.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(!reply.header("x-request-id").is_empty(), "{path}");
        assert!(!reply.header("cache-control").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn plain_http_promises_no_tls() {
    let reply = site(&[]).await.visitor().get("/").await;
    assert_eq!(reply.header("strict-transport-security"), "");
}

/// Each inline script of a page carries the nonce of its policy, and the next page has another.
#[tokio::test]
async fn scripts_run_by_nonce_only() {
    let site = site(&[]).await;
    let nonce_of = |policy: &str| {
        let at = policy.find("'nonce-").expect("a nonce") + 7;
        policy[at..].split('\'').next().unwrap().to_owned()
    };
    let first = site.visitor().get("/").await;
    let nonce = nonce_of(first.header("content-security-policy"));
    let text = first.text();
    for script in text.match_indices("<script").map(|(at, _)| &text[at..]) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src="), "{tag}");
    }
    assert!(!text.contains(" style=\""), "style attributes are refused by the policy");
    let second = site.visitor().get("/").await;
    assert_ne!(nonce, nonce_of(second.header("content-security-policy")));
}

#[tokio::test]
async fn personal_pages_are_never_kept() {
    let site = site(&[]).await;
    let desk = site.staff("desk").await;
    for path in ["/desk", "/account", "/b/none", "/q/none", "/r/none"] {
        assert_eq!(desk.get(path).await.header("cache-control"), "no-store", "{path}");
    }
}

/// C-41
#[rstest]
#[case::another_site(&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")])]
#[case::another_site_in_an_old_browser(&[("origin", "https://evil.example")])]
#[case::a_frame_without_origin(&[("origin", "null")])]
#[case::a_sister_site(&[("sec-fetch-site", "same-site"), ("origin", "http://evil.127.0.0.1:3000")])]
#[case::nothing_said(&[])]
#[tokio::test]
async fn changes_from_elsewhere_are_refused(#[case] headers: &[(&'static str, &str)]) {
    let site = site(&[]).await;
    let desk = site.staff("desk").await;
    for path in ["/api/account/sign_out", "/staff/sign-out", "/prefs"] {
        let mut request = desk
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = desk.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    assert_eq!(desk.api("desk/board", &[]).await.status, 200, "still signed in");
}

/// No address changes anything by being looked at.
#[tokio::test]
async fn looking_changes_nothing() {
    let site = site(&[]).await;
    let desk = site.staff("desk").await;
    for path in ["/api/account/sign_out", "/staff/sign-out", "/me/sign-out", "/prefs"] {
        assert!([404, 405].contains(&desk.get(path).await.status), "{path}");
    }
    assert_eq!(desk.api("desk/board", &[]).await.status, 200);
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let site = site(&[]).await;
    let visitor = site.visitor();
    let long = "好".repeat(40_000);
    let reply = visitor.api("booking/hold", &[("branch", &long)]).await;
    assert_eq!(reply.status, 413);
    // Without saying how long it is.
    let body = encode(&[("branch", &long)]);
    let stream = futures::stream::iter(
        body.into_bytes().chunks(1000).map(|c| Ok::<_, std::io::Error>(c.to_vec())).collect::<Vec<_>>(),
    );
    let request = visitor
        .request(Method::POST, "/api/booking/hold")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from_stream(stream))
        .unwrap();
    assert_eq!(visitor.send(request).await.status, 413);
}

#[tokio::test]
async fn made_up_requests_get_a_plain_no() {
    let site = site(&[]).await;
    let visitor = site.visitor();
    for (method, path) in [
        (Method::PUT, "/"),
        (Method::DELETE, "/api/desk/board"),
        (Method::from_bytes(b"BREW").unwrap(), "/s/jingan"),
        (Method::GET, "/..%2f..%2fetc%2fpasswd"),
        (Method::GET, "/pkg/../Cargo.toml"),
        (Method::GET, "/%00"),
        (Method::GET, "/b/%ff%fe"),
        (Method::POST, "/api/no/such"),
        (Method::GET, "/live/branch/none"),
        (Method::GET, "/live/q/none"),
    ] {
        let request = visitor
            .request(method.clone(), path)
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .unwrap();
        let status = visitor.send(request).await.status;
        assert!((400..500).contains(&status), "{method} {path}: {status}");
    }
}

#[tokio::test]
async fn errors_of_server_functions_are_codes() {
    let site = site(&[]).await;
    let visitor = site.visitor();
    let unknown = visitor.api("no/such", &[]).await;
    assert_eq!((unknown.status, unknown.header("content-type")), (404, "application/json"));
    let reply = visitor.api("booking/hold", &[("branch", "jingan"), ("key", "k")]).await;
    assert_eq!(reply.status, 422, "{}", reply.text());
    assert!(reply.text().contains("required"), "{}", reply.text());
    let garbage = visitor.api("booking/view", &[("nothing", "of it")]).await;
    assert!((400..500).contains(&garbage.status), "{} {}", garbage.status, garbage.text());
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_hold_no_secrets() {
    let site = site(&[]).await;
    let outside = site.visitor();
    outside.get("/b/a-very-secret-token").await;
    assert_eq!(outside.get("/metrics").await.status, 404);
    let own = site.visitor().at_address([127, 0, 0, 1].into());
    let reply = own.get("/metrics").await;
    assert_eq!(reply.status, 200);
    assert!(reply.text().contains("meiyue_requests_total"), "{}", reply.text());
    assert!(reply.text().contains("route=\"/b/{token}\""), "{}", reply.text());
    assert!(!reply.text().contains("secret"));
    let forwarded = own
        .request(Method::GET, "/metrics")
        .header("x-forwarded-for", "1.2.3.4")
        .body(Body::empty())
        .unwrap();
    assert_eq!(own.send(forwarded).await.status, 404);
}
