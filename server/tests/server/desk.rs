//! The desk's pages as browsers without scripts and televisions get them (DESK-1, DESK-6, DESK-7, DESK-9).

use crate::support::{Site, Visitor, fixture};
use store::both_databases;

/// The path of a link in force.
async fn link(site: &Site, kind: &str) -> String {
    let manager = site.staff("manager").await;
    let reply = manager.api("desk/renew_link", &[("kind", kind), ("anew", "true")]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let path = manager.api("desk/links", &[]).await.json()[kind]["path"].as_str().unwrap().to_owned();
    let (_, path) = path.split_once("://").unwrap();
    format!("/{}", path.split_once('/').unwrap().1)
}

fn hydrate() -> String {
    fixture::HYDRATE.to_string()
}

async fn walk_in(desk: &Visitor) -> String {
    let service = hydrate();
    let fields = [("name", "孙悦"), ("phone", "13900020001"), ("services[0]", &*service), ("key", "k1")];
    let reply = desk.api("desk/walk_in", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["ticket"].as_str().unwrap().to_owned()
}

both_databases! {
    async fn the_code_at_the_door_gives_a_ticket(h: Harness) {
        let site = Site::new(h);
        let path = link(&site, "arrive").await;
        let code = path.split_once("c=").unwrap().1.to_owned();
        let phone = site.visitor();
        let page = phone.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains("name=\"tail\"") && page.text().contains("name=\"services[]\""));
        assert_eq!(phone.get("/s/jingan/arrive").await.status, 404, "without the code");

        let service = hydrate();
        let fields = |number: &'static str| [
            ("slug", "jingan"), ("link", &*code), ("name", "孙悦"), ("phone", number), ("services[]", &*service), ("key", "k1"),
        ];
        let wrong = phone.form(&path, "/api/customer/take_ticket", &fields("123")).await;
        assert!(wrong.header("location").contains("/s/jingan/arrive"), "back to the form: {}", wrong.header("location"));
        let done = phone.form(&path, "/api/customer/take_ticket", &fields("13900020001")).await;
        let queue = done.header("location").to_owned();
        assert!(queue.contains("/q/"), "{queue}");
        assert!(phone.get(&queue).await.text().contains("A01"));
    }

    async fn a_wrong_code_is_refused_without_saying_which_half_was_wrong(h: Harness) {
        let site = Site::new(h);
        let path = link(&site, "arrive").await;
        let code = path.split_once("c=").unwrap().1.to_owned();
        let phone = site.visitor();
        let ask = async |tail: &str| {
            let fields = [("slug", "jingan"), ("link", &*code), ("tail", tail), ("number", "0000")];
            let reply = phone.api("customer/arrive", &fields).await;
            (reply.status, reply.text())
        };
        assert_eq!(ask("2716").await, ask("9999").await, "a known and an unknown number");
    }

    async fn the_screen_needs_no_login_and_shows_no_names(h: Harness) {
        let site = Site::new(h);
        let path = link(&site, "screen").await;
        let desk = site.staff("desk").await;
        let ticket = walk_in(&desk).await;
        desk.api("desk/call_next", &[]).await;
        let page = site.visitor().get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(&ticket) && !page.text().contains("孙悦"));
        assert_eq!(site.visitor().get("/screen/nonsense").await.status, 404);
        assert_eq!(site.visitor().get("/live/screen/nonsense").await.status, 404);
        let stream = site.visitor().open(
            site.visitor().request(http::Method::GET, &format!("/live{path}")).body(axum::body::Body::empty()).unwrap(),
        ).await;
        assert_eq!((stream.status().as_u16(), &stream.headers()["content-type"]), (200, &http::HeaderValue::from_static("text/event-stream")));
        let manager = site.staff("manager").await;
        manager.api("desk/renew_link", &[("kind", "screen")]).await;
        assert_eq!(site.visitor().get(&path).await.status, 404, "revoked");
    }

    async fn calls_and_the_shift_work_without_scripts(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        walk_in(&desk).await;
        for path in ["/desk", "/desk?show=waiting", "/desk/phone", "/desk/bands", "/desk/handover", "/desk/scripts"] {
            let page = desk.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        for path in ["/desk/screen", "/desk/poster"] {
            assert_eq!(desk.get(path).await.status, 403, "{path}");
            assert_eq!(site.staff("manager").await.get(path).await.status, 200, "{path}");
        }
        let bad = [("rings", "2"), ("answered", "no"), ("matter", ""), ("key", "k")];
        let reply = desk.form("/desk/phone", "/api/desk/log_call", &bad).await;
        assert!(reply.header("location").starts_with("/desk/phone?") || reply.header("location").contains("/desk/phone?"));
        let back = desk.get(reply.header("location").trim_start_matches("http://127.0.0.1:3000")).await;
        assert!(back.text().contains("phone-error") && back.text().contains("matter-error"), "beside the fields");
        let good = [("rings", "7"), ("answered", "no"), ("phone", "021-5555 0118"), ("matter", "price"), ("key", "k")];
        desk.form("/desk/phone", "/api/desk/log_call", &good).await;
        assert!(desk.get("/desk/phone").await.text().contains("02155550118"));
        let due = desk.api("desk/phone_page", &[]).await.json()["due"][0].clone();
        let (call, version) = (due["id"].as_str().unwrap().to_owned(), due["version"].to_string());
        let fields = [("call", &*call), ("version", &*version), ("outcome", "说清楚了")];
        assert_eq!(desk.api("desk/called_back", &fields).await.status, 200, "numbers are read from a form");
        desk.api("desk/ask", &[("text", "要发票"), ("key", "k")]).await;
        let question = desk.api("desk/board", &[]).await.json()["questions"][0].clone();
        let (id, version) = (question["id"].as_str().unwrap().to_owned(), question["version"].to_string());
        let fields = [("question", &*id), ("version", &*version), ("outcome", "开好了")];
        assert_eq!(desk.api("desk/close", &fields).await.status, 200);
        desk.form("/desk/handover", "/api/desk/give_shift", &[("note", "空调师傅两点来"), ("key", "k")]).await;
        let manager = site.staff("manager").await;
        let usual = manager.api("desk/usual_scripts", &[]).await;
        assert_eq!(usual.status, 200, "{}", usual.text());
        let script = manager.api("desk/scripts", &[]).await.json()[0].clone();
        let id = script["id"].as_str().unwrap().to_owned();
        let fields = [
            ("script", &*id), ("version", "1"), ("moment", "telephone"), ("title_zh", "接"), ("title_en", "Pick up"),
            ("text_zh", "您好"), ("text_en", "Hello"), ("retire", "true"),
        ];
        assert_eq!(manager.api("desk/save_script", &fields).await.status, 200);
        let page = manager.get("/desk/handover").await.text();
        assert!(page.contains("空调师傅两点来") && page.contains("take_shift"));
        assert!(!desk.get("/desk/handover").await.text().contains("take_shift"), "nobody takes what they gave");
    }
}
