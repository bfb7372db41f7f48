//! What the verbs stand on: catalogues, live updates across processes, the public branch pages, backups.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod common;

use chrono::Duration;
use common::{Harness, fixture};
use domain::{BranchId, live::Topic};
use sea_orm::ConnectionTrait;
use store::{Error, backup, both_databases, branch};

async fn tell(store: &std::sync::Arc<store::Store>, branch: BranchId, topic: Topic) {
    let tx = store.begin().await.unwrap();
    tx.changed(branch, topic);
    tx.commit().await.unwrap();
}

both_databases! {
    async fn a_catalogue_tells_who_may_and_when(h: Harness) {
        let catalog = h.store.catalog(fixture::JINGAN).await.unwrap();
        let names = |service, day| -> Vec<_> {
            catalog.qualified(catalog.service(service).unwrap(), day).map(|p| p.initials.clone()).collect()
        };
        let june = |d| chrono::NaiveDate::from_ymd_opt(2026, 6, d).unwrap();
        let july = chrono::NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        assert_eq!(names(fixture::HYDRATE, june(30)), ["LX", "ZQ", "CJ"]);
        assert_eq!(names(fixture::HYDRATE, july), ["LX", "ZQ"], "CERT: 陈's certificate ends with June");
        assert_eq!(names(fixture::LIGHT, june(12)), ["LX"]);
        let works = |id, wall: &str| {
            let from = fixture::at(wall);
            let hour = domain::Interval::new(from, from + Duration::hours(1)).unwrap();
            catalog.person(id).unwrap().work.covers(&hour)
        };
        assert!(works(fixture::LIN, "2026-06-12 10:00"));
        assert!(!works(fixture::LIN, "2026-06-12 12:30"), "break");
        assert!(works(fixture::ZHOU, "2026-06-14 12:00"));
        assert!(!works(fixture::ZHOU, "2026-06-15 12:00"), "leave");
        assert_eq!(catalog.service(fixture::LIGHT).unwrap().devices, ["ipl"]);
        assert_eq!(catalog.service(fixture::HYDRATE).unwrap().steps.len(), 5);
        assert_eq!(catalog.menu(true).iter().map(|c| c.services.len()).collect::<Vec<_>>(), [3]);
        assert_eq!(catalog.menu(false).iter().map(|c| c.services.len()).collect::<Vec<_>>(), [3, 1]);
    }

    async fn a_catalogue_is_read_anew_when_it_changed(h: Harness) {
        let other = h.second().await;
        let name = async |store: &store::Store| store.catalog(fixture::JINGAN).await.unwrap().branch.name.zh.clone();
        assert_eq!((name(&h.store).await, name(&other).await), ("静安店".into(), "静安店".into()));
        h.try_sql("UPDATE branch SET name_zh = '静安二店' WHERE slug = 'jingan'").await.unwrap();
        assert_eq!(name(&h.store).await, "静安店", "nobody has said so yet");
        tell(&h.store, fixture::JINGAN, Topic::Catalog).await;
        assert_eq!(name(&h.store).await, "静安二店");
        h.advance(Duration::minutes(5));
        assert_eq!(name(&other).await, "静安二店", "at most five minutes old");
        assert!(matches!(h.store.catalog(BranchId::new()).await, Err(Error::NotFound)));
    }

    async fn a_rolled_back_change_is_told_to_nobody(h: Harness) {
        let mut heard = h.store.live().subscribe();
        let tx = h.store.begin().await.unwrap();
        tx.changed(fixture::JINGAN, Topic::Board);
        drop(tx);
        tell(&h.store, fixture::XUHUI, Topic::Board).await;
        assert_eq!(heard.recv().await.unwrap().branch, fixture::XUHUI);
    }

    async fn public_pages(h: Harness) {
        let cx = h.stranger();
        let chain = branch::chain(&cx).await.unwrap();
        assert_eq!(chain.brand.zh, "栖云");
        assert_eq!(chain.branches.iter().map(|b| b.slug.as_str()).collect::<Vec<_>>(), ["jingan", "xuhui"]);
        let salon = branch::salon(&cx, "jingan").await.unwrap();
        assert_eq!(salon.categories.len(), 2);
        assert!(salon.branch.open_now);
        assert!(matches!(branch::salon(&cx, "nowhere").await, Err(Error::NotFound)));

        h.set_local("2026-06-12 21:00");
        assert!(!branch::info(&cx, "jingan").await.unwrap().open_now, "half-open: closed at closing time");
        // Open past midnight, and a special day.
        h.sql("UPDATE opening SET close_min = 1560").await;
        h.set_local("2026-06-13 01:59");
        let info = branch::info(&cx, "jingan").await.unwrap();
        assert!(info.open_now, "still yesterday's evening");
        assert_eq!(info.today.to_string(), "2026-06-13");
        let day = store::time::day_number(info.today);
        let id = h.uuid_literal(fixture::JINGAN.0);
        h.sql(&format!("INSERT INTO special_day (branch_id, day, closed) VALUES ({id}, {day}, TRUE)")).await;
        h.set_local("2026-06-13 12:00");
        let info = branch::info(&cx, "jingan").await.unwrap();
        assert!(!info.open_now && info.open_today.is_none());
    }

    async fn a_closed_store_is_unavailable(h: Harness) {
        h.store.ping().await.unwrap();
        h.store.close().await;
        assert!(matches!(h.store.ping().await, Err(Error::Unavailable(_))));
        let written = async {
            let tx = h.store.begin().await?;
            tx.execute_unprepared("DELETE FROM idempotency").await?;
            tx.commit().await
        };
        assert!(matches!(written.await, Err(Error::Unavailable(_))));
    }
}

/// A change reaches every process once, its own included.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_travel_between_processes() {
    let Some(h) = Harness::postgres().await else { return };
    let other = h.second().await;
    let (mut here, mut there) = (h.store.live().subscribe(), other.live().subscribe());
    tell(&h.store, fixture::JINGAN, Topic::Catalog).await;
    let arrived = async { while there.recv().await.unwrap().branch != fixture::JINGAN {} };
    tokio::time::timeout(std::time::Duration::from_secs(30), arrived).await.expect("it arrives");
    // Nothing comes a second time, neither here nor there.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let heard = std::iter::from_fn(|| here.try_recv().ok()).count();
    assert_eq!(heard, 1);
    assert!(there.try_recv().is_err());
}

/// C-25, C-26: a copy taken while others write is whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_whole() {
    let h = Harness::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let writer = {
        let cx = h.stranger();
        tokio::spawn(async move {
            for n in 0..40 {
                let phone = domain::Phone::parse(&format!("137{n:08}")).unwrap();
                store::account::send_code(&cx, &phone, "sign_in").await.unwrap();
            }
        })
    };
    let file = std::path::PathBuf::from(h.url.trim_start_matches("sqlite://").trim_end_matches("?mode=rw"));
    backup::sqlite_into(&file, &path).await.unwrap();
    writer.await.unwrap();
    assert_eq!(backup::sqlite_faults(&path).await.unwrap(), Vec::<String>::new());
    assert!(backup::sqlite_into(&file, &path).await.is_err(), "never over an older one");
    std::fs::write(&path, b"not a database at all, whatever its name says").unwrap();
    assert!(backup::sqlite_faults(&path).await.is_err());
}
