//! The demo data (AROUND-5): believable, without contradictions, the same every time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.
#![allow(clippy::print_stdout)] // The slow ones tell how long they took.

use chrono::NaiveDate;
use domain::{
    Lang,
    booking::{DayRoom, SlotSearch},
    desk::WaitTone,
    promise::Kept,
};
use std::{sync::Arc, time::Instant};
use store::testing::fixture;
use store::{OpContext, Options, Store, TestClock, seed};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 10).unwrap();

async fn empty(url: &str) -> Arc<Store> {
    let clock = Arc::new(TestClock::new(fixture::at("2026-06-10 14:36")));
    let base_url = "https://meiyue.example".to_owned();
    let store =
        Store::open(Options { url: url.to_owned(), clock, demo: true, base_url, patience: store::PATIENCE })
            .await
            .unwrap();
    store.migrate().await.unwrap();
    store
}

fn small() -> seed::SeedOptions {
    seed::SeedOptions { days_back: 40, customers: 200, ..seed::SeedOptions::default() }
}

fn manager(store: &Arc<Store>, branch: domain::BranchId) -> OpContext {
    let actor = domain::Actor::Staff {
        user: domain::UserId::new(),
        staff: None,
        role: domain::Role::Manager,
        branch: Some(branch),
    };
    OpContext { store: store.clone(), actor, lang: Lang::Zh, addr: "203.0.113.9".into(), session: None }
}

#[tokio::test]
async fn a_day_in_progress_on_every_board() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(&format!("sqlite://{}?mode=rwc", folder.path().join("seed.db").display())).await;
    let begun = Instant::now();
    let summary = seed::demo(&store, DAY, small()).await.unwrap();
    println!("{summary:?} in {:?}", begun.elapsed());
    let system = OpContext::system(store.clone());
    for branch in store::branch::chain(&system).await.unwrap().branches {
        let board = store::desk::board(&manager(&store, branch.id), branch.id).await.unwrap();
        println!(
            "{}: expected {} later {} waiting {} serving {} done {} missed {} {:?}",
            branch.slug,
            board.expected.len(),
            board.later,
            board.waiting.len(),
            board.serving.len(),
            board.done.len(),
            board.missed.len(),
            board.count
        );
        assert!(!board.expected.is_empty() && !board.serving.is_empty() && !board.done.is_empty());
        assert!(board.waiting.iter().any(|w| w.tone == WaitTone::Red && w.reason_due && w.told.is_some()));
        assert!(board.waiting.iter().any(|w| w.tone == WaitTone::Amber));
        assert!(board.waiting.iter().any(|w| w.tone == WaitTone::Calm));
        assert!(board.waiting.iter().any(|w| w.expected.is_some()));
        assert!(board.turns.len() >= 3);
        // Nobody serves two at once.
        for one in &board.serving {
            assert_eq!(
                board.serving.iter().filter(|other| other.staff == one.staff).count(),
                1,
                "{:?}",
                one.staff
            );
        }
        let wall = store::promise::wall(&system, &branch.slug).await.unwrap();
        println!("{:?}", wall.figures);
        assert!(wall.figures.iter().all(|f| f.status != Kept::NoData));
    }
    for link in [&summary.booking, &summary.queue, &summary.survey] {
        assert!(link.is_some());
    }
    let queue = summary.queue.unwrap();
    let queue = store::desk::queue(&system, queue.strip_prefix("/q/").unwrap()).await.unwrap();
    assert!(queue.place > 0);
    assert!(seed::demo(&store, DAY, small()).await.is_err(), "only an empty database is filled");
}

/// The whole year: how long it takes, what the days ahead look like, how fast the wall is.
#[tokio::test]
#[ignore = "takes its time"]
async fn the_whole_year() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty(&format!("sqlite://{}?mode=rwc", folder.path().join("seed.db").display())).await;
    let begun = Instant::now();
    let summary = seed::demo(&store, DAY, seed::SeedOptions::default()).await.unwrap();
    println!(
        "{} customers, {} bookings, {} visits, {} answers in {:?}",
        summary.customers,
        summary.bookings,
        summary.visits,
        summary.responses,
        begun.elapsed()
    );
    assert!((9_000..16_000).contains(&summary.visits));
    let system = OpContext::system(store.clone());
    for branch in store::branch::chain(&system).await.unwrap().branches {
        let begun = Instant::now();
        let wall = store::promise::wall(&system, &branch.slug).await.unwrap();
        println!("{} in {:?}", branch.slug, begun.elapsed());
        for figure in &wall.figures {
            println!(
                "  {:?} {}/{} {:?} {:?}",
                figure.promise,
                figure.met,
                figure.n,
                figure.actual(),
                figure.status
            );
        }
        let salon = store::branch::salon(&system, &branch.slug).await.unwrap();
        let service = salon.categories[1].services[0].id;
        let search = SlotSearch {
            branch: branch.slug.clone(),
            services: vec![service],
            who: None,
            day: None,
            moving: None,
        };
        let page = store::booking::page(&system, search).await.unwrap();
        let rooms: Vec<DayRoom> = page.days.iter().map(|day| day.room).collect();
        println!("  {rooms:?}");
    }
}

#[tokio::test]
async fn the_same_every_time() {
    let mut dumps = Vec::new();
    for _ in 0..2 {
        let folder = tempfile::tempdir().unwrap();
        let store = empty(&format!("sqlite://{}?mode=rwc", folder.path().join("seed.db").display())).await;
        let options = seed::SeedOptions { days_back: 10, customers: 60, ..seed::SeedOptions::default() };
        let summary = seed::demo(&store, DAY, options).await.unwrap();
        let system = OpContext::system(store.clone());
        let mut dump = format!("{summary:?}");
        for branch in store::branch::chain(&system).await.unwrap().branches {
            let board = store::desk::board(&manager(&store, branch.id), branch.id).await.unwrap();
            dump.push_str(&serde_json::to_string(&board).unwrap());
        }
        dumps.push(dump);
    }
    assert_eq!(dumps[0], dumps[1]);
}

store::both_databases! {
    /// Every rule of the tables holds on both databases, and nothing is booked twice.
    async fn no_contradictions(h: Harness) {
        // The fixture's salon makes way for the demo.
        for table in [
            "user_account", "customer", "rota", "credential", "staff_skill", "staff", "service_device", "service_branch",
            "sop_step", "aftercare", "service", "category", "resource", "opening", "special_day", "branch",
        ] {
            h.sql(&format!("DELETE FROM {table}")).await;
        }
        h.set_local("2026-06-10 14:36");
        let options = seed::SeedOptions { days_back: 20, customers: 120, ..seed::SeedOptions::default() };
        seed::demo(&h.store, DAY, options).await.unwrap();
        assert_eq!(h.overlaps().await, 0);
        for (what, sql) in [
            ("begun in the future", "SELECT COUNT(*) FROM visit_service WHERE started_at > {now} OR finished_at > {now}"),
            ("arrived in the future", "SELECT COUNT(*) FROM visit WHERE arrived_at > {now}"),
            ("ended before it began", "SELECT COUNT(*) FROM visit_service WHERE finished_at <= started_at"),
            ("received before being there", "SELECT COUNT(*) FROM visit WHERE first_contact_at < ready_at"),
            ("begun before being received", "SELECT COUNT(*) FROM visit WHERE started_at < first_contact_at"),
            ("done without a certificate", "SELECT COUNT(*) FROM visit_service WHERE state = 'done' AND credential_id IS NULL"),
            ("visited before being known", "SELECT COUNT(*) FROM visit v JOIN customer c ON c.id = v.customer_id WHERE v.arrived_at < c.created_at"),
            ("long waits without a reason", "SELECT COUNT(*) FROM visit WHERE first_contact_at - ready_at > 900000 AND breach_reason IS NULL"),
        ] {
            let sql = sql.replace("{now}", &fixture::at("2026-06-10 14:36").timestamp_millis().to_string());
            assert_eq!(h.number(&sql).await, 0, "{what}");
        }
        assert!(h.number("SELECT COUNT(*) FROM visit").await > 300);
    }
}
