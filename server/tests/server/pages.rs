//! Pages as a browser without scripts gets them.

use crate::support::{Harness, Site};
use rstest::rstest;
use store::both_databases;

both_databases! {
    async fn public_pages_are_readable_without_scripts(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        for (path, words) in [("/", "静安店"), ("/s/jingan", "静安店"), ("/promises/jingan", "静安店")] {
            let reply = visitor.get(path).await;
            assert_eq!(reply.status, 200, "{path}");
            assert!(reply.text().contains(words), "{path}: {}", reply.text());
        }
    }

    async fn what_does_not_exist_is_404(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        for path in ["/nowhere", "/s/nowhere", "/b/nowhere", "/q/nowhere", "/r/nowhere", "/hold/nowhere", "/promises/nowhere"] {
            let reply = visitor.get(path).await;
            assert_eq!(reply.status, 404, "{path}: {}", reply.text());
            assert!(reply.text().contains("<html"), "{path}");
        }
    }

    async fn waiting_for_nothing_leads_to_the_menu(h: Harness) {
        let reply = Site::new(h).visitor().get("/s/jingan/wait").await;
        assert_eq!((reply.status, reply.header("location")), (302, "/s/jingan/book"));
    }

    /// A kept link, after the menu or the people have changed.
    async fn what_cannot_be_booked_any_more_leads_to_the_menu(h: Harness) {
        let site = Site::new(h);
        let (visitor, gone) = (site.visitor(), uuid::Uuid::nil());
        // What is gone is not chosen any more.
        let reply = visitor.get(&format!("/s/jingan/book?services={gone}&who={gone}")).await;
        assert_eq!(reply.status, 200);
        for path in ["/s/jingan/book?services=nonsense", &format!("/s/jingan/wait?services={gone}")] {
            let reply = visitor.get(path).await;
            assert_eq!(reply.status, 404, "{path}");
            assert!(reply.text().contains("重新选") && reply.text().contains("href=\"/s/jingan/book\""), "{path}");
        }
    }

    async fn health(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        assert_eq!(visitor.get("/health/live").await.status, 200);
        assert_eq!(visitor.get("/health/ready").await.status, 200);
        site.harness.store.close().await;
        assert_eq!(visitor.get("/health/live").await.status, 200);
        assert_eq!(visitor.get("/health/ready").await.status, 503);
    }

    /// The database is away: 503, and when to come again.
    async fn without_its_database_the_house_says_so(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        site.harness.store.close().await;
        for path in ["/desk", "/s/jingan"] {
            let reply = desk.get(path).await;
            assert_eq!((reply.status, reply.header("retry-after")), (503, "5"), "{path}");
            assert!(reply.text().contains("<main"), "{path}: {}", reply.text());
        }
        let reply = desk.api("desk/board", &[]).await;
        assert_eq!(reply.status, 503);
        assert_eq!(reply.header("retry-after"), "5");
        assert!(!reply.text().to_lowercase().contains("pool"), "{}", reply.text());
    }
}

#[tokio::test]
async fn preferences_are_remembered_and_lead_back() {
    let site = Site::new(Harness::sqlite().await);
    let visitor = site.visitor();
    assert!(visitor.get("/s/jingan").await.text().contains("lang=\"zh-CN\""));
    let reply = visitor.form("/s/jingan", "/prefs", &[("lang", "en"), ("back", "/s/jingan")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/s/jingan"));
    visitor.form("/s/jingan", "/prefs", &[("theme", "dark"), ("back", "/s/jingan")]).await;
    visitor.form("/s/jingan", "/prefs", &[("size", "large"), ("back", "/s/jingan")]).await;
    let page = visitor.get("/s/jingan").await.text();
    for part in ["lang=\"en\"", "data-theme=\"dark\"", "data-size=\"large\""] {
        assert!(page.contains(part), "{part}");
    }
    visitor.form("/s/jingan", "/prefs", &[("theme", "auto"), ("back", "/s/jingan")]).await;
    assert_eq!(visitor.cookie("theme"), None);
}

#[rstest]
#[case("https://evil.example/")]
#[case("//evil.example")]
#[case("/\\evil.example")]
#[case("")]
#[tokio::test]
async fn nobody_is_led_elsewhere(#[case] back: &str) {
    let site = Site::new(Harness::sqlite().await);
    let reply = site.visitor().form("/", "/prefs", &[("lang", "en"), ("back", back)]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/"));
}

#[tokio::test]
async fn pages_are_compressed_for_who_can_read_it() {
    use axum::body::Body;
    let site = Site::new(Harness::sqlite().await);
    let visitor = site.visitor();
    for (accept, want) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = visitor
            .request(http::Method::GET, "/s/jingan")
            .header("accept-encoding", accept)
            .body(Body::empty())
            .unwrap();
        assert_eq!(visitor.send(request).await.header("content-encoding"), want, "{accept}");
    }
}

both_databases! {
    /// What strangers see is kept for a moment; what changes is seen at once all the same, and who is signed in or reads in
    /// another language has a page of their own.
    async fn a_kept_page_is_never_out_of_date(h: Harness) {
        let site = Site::new(h);
        let visitor = site.visitor();
        let first = visitor.get("/s/jingan").await.text();
        assert!(first.contains("静安店") && visitor.get("/s/jingan").await.text().contains("静安店"));
        site.harness.sql("UPDATE branch SET name_zh = '新名字' WHERE slug = 'jingan'").await;
        assert!(visitor.get("/s/jingan").await.text().contains("新名字"));
        // The salon closes at nine.
        site.harness.set_local("2026-06-12 20:59");
        let open = visitor.get("/s/jingan").await.text();
        site.harness.set_local("2026-06-12 21:01");
        assert_ne!(open.replace("20:59", ""), visitor.get("/s/jingan").await.text().replace("21:01", ""));
        let english = site.visitor();
        english.set_cookie("lang", "en");
        assert!(english.get("/s/jingan").await.text().contains("lang=\"en\""));
        assert!(visitor.get("/s/jingan").await.text().contains("lang=\"zh-CN\""));
        for _ in 0..2 {
            assert_eq!(visitor.get("/s/nowhere").await.status, 404);
            let reply = visitor.get("/s/jingan").await;
            assert_eq!(reply.header("cache-control"), "private, no-cache");
            let (policy, text) = (reply.header("content-security-policy").to_owned(), reply.text());
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
            assert!(text.matches(nonce).count() >= 4 && !first.contains(nonce));
        }
    }
}

/// C-17, in small: every connection is cut; the answers in between say 503, and then all is well again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_is_found_again() {
    let Some(h) = Harness::postgres().await else { return };
    let site = Site::new(h);
    let desk = site.staff("desk").await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    site.harness.sql(cut).await;
    let started = std::time::Instant::now();
    loop {
        let reply = desk.api("desk/board", &[]).await;
        if reply.status == 200 {
            break;
        }
        assert_eq!((reply.status, reply.header("retry-after")), (503, "5"), "{}", reply.text());
        assert!(started.elapsed().as_secs() < 60, "still away");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    eprintln!("well again after {:?}", started.elapsed());
}
