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
}
