//! C-30: how many statements a page takes does not grow with the rows it shows.

use crate::support::{Site, Visitor, fixture};
use domain::{booking::Enter, desk::WalkInCustomer};
use std::collections::BTreeMap;
use store::both_databases;

/// Pages and the data behind them, by who asks.
const ASKED: [(Who, &str); 12] = [
    (Who::Stranger, "/"),
    (Who::Stranger, "/s/jingan"),
    (Who::Stranger, "/s/jingan/book"),
    (Who::Customer, "/me"),
    (Who::Desk, "/desk"),
    (Who::Desk, "api:desk/board"),
    (Who::Lin, "/chair"),
    (Who::Lin, "api:treat/my_day"),
    (Who::Manager, "/wall"),
    (Who::Manager, "/outbox"),
    (Who::Manager, "api:wall/outbox"),
    (Who::Manager, "/desk"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Stranger,
    Customer,
    Desk,
    Lin,
    Manager,
}

async fn enter(site: &Site, wall: &str) {
    let cmd = Enter {
        customer: WalkInCustomer::Known(fixture::WANG),
        services: vec![fixture::BUBBLE],
        who: None,
        at: fixture::at(wall),
        told: false,
        note: None,
        key: domain::BookingId::new().to_string(),
    };
    store::booking::enter(&site.harness.desk(), fixture::JINGAN, cmd).await.unwrap();
}

async fn walk_in(desk: &Visitor, n: u32) {
    let (phone, key, service) = (format!("1390003{n:04}"), format!("q{n}"), fixture::BUBBLE.to_string());
    let fields = [("name", "孙悦"), ("phone", &*phone), ("services[0]", &service), ("key", &key)];
    assert_eq!(desk.api("desk/walk_in", &fields).await.status, 200);
}

async fn counts(site: &Site, visitors: &BTreeMap<Who, Visitor>) -> Vec<(Who, &'static str, u64)> {
    let mut out = Vec::new();
    for (who, what) in ASKED {
        // What is kept in memory is filled the first time, and on a busy machine may be over the next: the least counts.
        let mut least = u64::MAX;
        for _ in 0..4 {
            let before = site.harness.statements();
            let reply = match what.strip_prefix("api:") {
                Some(name) => visitors[&who].api(name, &[]).await,
                None => visitors[&who].get(what).await,
            };
            assert_eq!(reply.status, 200, "{who:?} {what}: {}", reply.text());
            least = least.min(site.harness.statements() - before);
        }
        out.push((who, what, least));
    }
    out
}

both_databases! {
    async fn statements_do_not_grow_with_the_rows(h: Harness) {
        let site = Site::new(h);
        let mut visitors = BTreeMap::from([(Who::Stranger, site.visitor())]);
        visitors.insert(Who::Customer, site.customer(fixture::WANG_PHONE).await);
        for (who, name) in [(Who::Desk, "desk"), (Who::Lin, "lin"), (Who::Manager, "manager")] {
            visitors.insert(who, site.staff(name).await);
        }
        enter(&site, "2026-06-12 15:00").await;
        walk_in(&visitors[&Who::Desk], 0).await;
        let few = counts(&site, &visitors).await;
        for hour in 12..20 {
            for person in 0..2 {
                enter(&site, &format!("2026-06-1{} {hour}:00", 3 + person)).await;
            }
        }
        for hour in [12, 13, 14, 16, 17, 18] {
            enter(&site, &format!("2026-06-12 {hour}:00")).await;
        }
        for n in 1..12 {
            walk_in(&visitors[&Who::Desk], n).await;
        }
        let many = counts(&site, &visitors).await;
        for ((who, what, few), (.., many)) in few.iter().zip(&many) {
            assert!(many <= few, "{what} for {who:?}: {few} statements with few rows, {many} with many");
            assert!(*many <= 24, "{what} for {who:?}: {many} statements");
        }
        let figures: Vec<String> = many.iter().map(|(_, what, n)| format!("{what} {n}")).collect();
        eprintln!("C-30: statements per page: {}", figures.join(", "));
    }
}
