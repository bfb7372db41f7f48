//! Live updates: who hears what, when it ends, and across processes (DESK-1).

use crate::support::{Harness, Site, Visitor, fixture, serve, settings};
use axum::body::{Body, BodyDataStream};
use domain::{Actor, Role};
use futures::StreamExt;
use http::Method;
use std::time::Duration;
use store::{both_databases, testing::Harness as H};
use tokio::time::timeout;

/// A stream as a browser reads it.
struct Events {
    body: BodyDataStream,
    read: String,
}

impl Events {
    async fn open(visitor: &Visitor, path: &str) -> Self {
        let request = visitor
            .request(Method::GET, path)
            .header("accept", "text/event-stream")
            .body(Body::empty())
            .unwrap();
        let response = visitor.open(request).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), read: String::new() }
    }

    /// The next event; `None` at the end of the stream. It should be there within a second (DESK-1), on a machine that
    /// does nothing else.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.read.find("\n\n") {
                let event = self.read[..at].to_owned();
                self.read.drain(..at + 2);
                return Some(event);
            }
            match timeout(Duration::from_secs(30), self.body.next()).await.expect("an event") {
                Some(Ok(bytes)) => self.read.push_str(std::str::from_utf8(&bytes).unwrap()),
                _ => return None,
            }
        }
    }

    async fn silent(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.body.next()).await.is_err()
    }
}

fn board() -> String {
    format!("/live/branch/{}", fixture::JINGAN)
}

/// Somebody walks in.
async fn walk_in(visitor: &Visitor, n: u32) -> serde_json::Value {
    let (phone, key, service) = (format!("1390002{n:04}"), format!("k{n}"), fixture::HYDRATE.to_string());
    let fields = [("name", "孙悦"), ("phone", &phone), ("services[0]", &service), ("key", &key)];
    let reply = visitor.api("desk/walk_in", &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()
}

both_databases! {
    async fn a_change_is_heard_at_once(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let mut events = Events::open(&desk, &board()).await;
        let first = events.next().await.unwrap();
        assert!(first.contains("event: open") && first.contains("retry: 2000") && first.contains("id: "), "{first}");
        walk_in(&desk, 1).await;
        let answered = std::time::Instant::now();
        let change = events.next().await.unwrap();
        eprintln!("heard {:?} after the answer", answered.elapsed());
        assert!(change.contains("event: change") && change.contains("\"topic\""), "{change}");
    }

    async fn the_queue_page_hears_that_something_changed_but_not_what(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let ticket = walk_in(&desk, 1).await;
        let link = ticket["link"].as_str().unwrap().to_owned();
        let phone = site.visitor();
        let mut events = Events::open(&phone, &format!("/live{link}")).await;
        events.next().await.unwrap();
        walk_in(&desk, 2).await;
        let change = events.next().await.unwrap();
        assert!(change.contains("data: {}"), "{change}");
    }

    async fn other_branches_and_topics_stay_unheard(h: Harness) {
        let site = Site::new(h);
        let (desk, elsewhere) = (site.staff("desk").await, site.staff("elsewhere").await);
        let mut away = Events::open(&elsewhere, &format!("/live/branch/{}", fixture::XUHUI)).await;
        let mut catalog = Events::open(&desk, &format!("{}?topic=catalog", board())).await;
        away.next().await.unwrap();
        catalog.next().await.unwrap();
        walk_in(&desk, 1).await;
        assert!(away.silent().await && catalog.silent().await);
    }

    async fn only_staff_of_the_branch_may_listen(h: Harness) {
        let site = Site::new(h);
        let wang = site.customer(fixture::WANG_PHONE).await;
        assert_eq!(site.visitor().get(&board()).await.status, 401);
        assert_eq!(wang.get(&board()).await.status, 403);
        assert_eq!(site.staff("elsewhere").await.get(&board()).await.status, 403);
        assert_eq!(site.visitor().get("/live/q/no-such-token").await.status, 404);
    }

    async fn streams_end_when_the_server_stops(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let mut events = Events::open(&desk, &board()).await;
        events.next().await.unwrap();
        site.stop.cancel();
        assert_eq!(events.next().await, None);
        assert_eq!(desk.get("/health/ready").await.status, 503);
    }

    async fn who_comes_back_is_told_to_look_at_everything(h: Harness) {
        let site = Site::new(h);
        let desk = site.staff("desk").await;
        let request = desk.request(Method::GET, &board()).header("last-event-id", "7").body(Body::empty()).unwrap();
        let mut events = Events { body: desk.open(request).await.into_body().into_data_stream(), read: String::new() };
        assert!(events.next().await.unwrap().contains("event: resync"));
    }
}

/// Two server processes on one PostgreSQL database: what is done through the first is heard on the second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database() {
    let Some(h) = H::postgres().await else { return };
    let second_store = h.second().await;
    let site = Site::new(h);
    let (second, _stop) = serve(second_store, &settings(&[]));
    let desk = site.staff("desk").await;
    let other = Visitor::new(second);
    other.set_cookie("meiyue", &desk.cookie("meiyue").unwrap());
    let mut events = Events::open(&other, &board()).await;
    events.next().await.unwrap();
    let started = std::time::Instant::now();
    walk_in(&desk, 1).await;
    let change = events.next().await.unwrap();
    assert!(change.contains("event: change"), "{change}");
    eprintln!("heard on the other server {:?} after it was asked for", started.elapsed());
    assert_eq!(other.api("desk/board", &[]).await.status, 200);
}

/// The stream of a session that ended ends with it, at the next check.
#[tokio::test]
async fn a_stream_needs_a_living_session() {
    let site = Site::new(Harness::sqlite().await);
    let desk = site.staff("desk").await;
    let actor = store::account::actor_of(&site.harness.store, &desk.cookie("meiyue").unwrap()).await.unwrap();
    assert!(matches!(actor, Some((Actor::Staff { role: Role::Receptionist, .. }, _))));
    desk.form("/desk", "/staff/sign-out", &[]).await;
    assert_eq!(desk.get(&board()).await.status, 401);
}
