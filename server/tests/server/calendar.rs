//! A booking for the customer's calendar (BOOK-13).

use crate::support::{Site, Visitor, fixture};
use store::both_databases;

/// Books HYDRATE with anyone for today 15:00, as a customer does it. Gives the link's token.
pub async fn book(site: &Site, visitor: &Visitor, wall: &str) -> String {
    let at = fixture::at(wall).timestamp_millis().to_string();
    let service = fixture::HYDRATE.to_string();
    let fields = [("branch", "jingan"), ("services", &service), ("at", &at), ("key", "k-hold")];
    let held = visitor.api("booking/hold", &fields).await;
    let token = held.header("location").rsplit('/').next().unwrap().to_owned();
    assert!(!token.is_empty(), "{} {:?} {}", held.status, held.headers, held.text());
    let contact = [("hold", token.as_str()), ("name", "王雅琴"), ("phone", fixture::WANG_PHONE)];
    let sent = visitor.api("booking/send_code", &contact).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let code = site.harness.latest_code(fixture::WANG_PHONE).await;
    let booked =
        visitor.api("booking/book", &[&contact[..], &[("code", &code), ("key", "k-book")]].concat()).await;
    let link = booked.header("location").to_owned();
    assert!(link.starts_with("/b/"), "{} {} {}", booked.status, link, booked.text());
    link.trim_start_matches("/b/").to_owned()
}

both_databases! {
    async fn an_entry_for_the_calendar(h: Harness) {
        let site = Site::with(h, &["--base-url", "https://salon.example"]);
        let visitor = site.visitor();
        let token = book(&site, &visitor, "2026-06-12 15:00").await;
        let reply = visitor.get(&format!("/b/{token}/calendar.ics")).await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").starts_with("text/calendar"));
        assert!(reply.header("content-disposition").contains(".ics"));
        assert_eq!(reply.header("cache-control"), "no-store");
        let text = reply.text().replace("\r\n ", "");
        for part in [
            "BEGIN:VEVENT",
            "DTSTART:20260612T070000Z",
            "BEGIN:VALARM",
            "TRIGGER;RELATED=START:-PT7200S",
            "STATUS:CONFIRMED",
            "静安店",
            "15:00",
            "https://salon.example/b/",
        ] {
            assert!(text.contains(part), "{part} not in {text}");
        }
        assert_eq!(visitor.get("/b/no-such-token/calendar.ics").await.status, 404);
    }

    async fn a_private_calendar_of_the_staff(h: Harness) {
        let site = Site::with(h, &["--base-url", "https://salon.example"]);
        let lin = site.staff("lin").await;
        assert_eq!(lin.get("/account").await.status, 200);
        let renewed = lin.api("schedule/feed_renew", &[]).await;
        let address = renewed.json()["address"].as_str().unwrap().to_owned();
        let path = address.trim_start_matches("https://meiyue.example").trim_start_matches("https://salon.example").to_owned();
        assert!(path.starts_with("/calendar/") && path.ends_with(".ics"), "{address}");
        let (who, hydrate) = (fixture::LIN.to_string(), fixture::HYDRATE.to_string());
        let at = fixture::at("2026-06-13 14:30").timestamp_millis().to_string();
        let desk = site.staff("desk").await;
        let customer = fixture::LI.to_string();
        let fields = [("customer", &*customer), ("services", &*hydrate), ("who", &*who), ("at", &*at), ("key", "k-enter")];
        let entered = desk.api("schedule/enter", &fields).await;
        assert_eq!(entered.status, 200, "{}", entered.text());

        // A calendar has no cookies.
        let calendar = site.visitor();
        let reply = calendar.get(&path).await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("content-type").starts_with("text/calendar"));
        let text = reply.text().replace("\r\n ", "");
        for part in ["DTSTART:20260613T063000Z", "SEQUENCE:", "UID:", "李 · ", "STATUS:TENTATIVE"] {
            assert!(text.contains(part), "{part} not in {text}");
        }
        for secret in ["李娜", "13900001234", "1234"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        let tag = reply.header("etag").to_owned();
        let again = calendar
            .request(http::Method::GET, &path)
            .header(http::header::IF_NONE_MATCH, &tag)
            .body(axum::body::Body::empty())
            .unwrap();
        let again = calendar.send(again).await;
        assert_eq!((again.status, again.text().len()), (304, 0));

        let other = lin.api("schedule/feed_renew", &[]).await;
        assert_ne!(other.json()["address"], address.as_str());
        for gone in [path.as_str(), "/calendar/no-such-token.ics", "/calendar/x"] {
            assert_eq!(calendar.get(gone).await.status, 404, "{gone}");
        }
        assert_eq!(site.visitor().get("/schedule").await.status, 303, "staff only");
        for page in ["/schedule", "/schedule?view=week", "/schedule?view=month", "/schedule?kind=rooms", "/schedule/new"] {
            assert_eq!(desk.get(page).await.status, 200, "{page}");
        }
        assert_eq!(lin.get("/schedule/new").await.status, 403);
    }
}
