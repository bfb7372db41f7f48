//! The rules that the database itself keeps (BOOK-6, C-14, C-46).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod common;

use common::{Harness, fixture};
use store::both_databases;

/// Runs a statement around the verbs; gives the name of the rule that refused it.
async fn refused(h: &Harness, sql: &str) -> Option<String> {
    h.try_sql(sql).await.err().and_then(|e| store::constraint(&e))
}

both_databases! {
    async fn nothing_is_booked_twice(h: Harness) {
        let allocate = |n: u32, from: i64, to: i64| {
            let id = h.uuid_literal(uuid::Uuid::from_u128(n.into()));
            let ipl = h.uuid_literal(fixture::IPL.0);
            format!("INSERT INTO allocation (id, resource_id, from_ms, to_ms, active) VALUES ({id}, {ipl}, {from}, {to}, TRUE)")
        };
        h.sql(&allocate(1, 1000, 2000)).await;
        h.sql(&allocate(2, 2000, 3000)).await;
        for (from, to) in [(1000, 2000), (1999, 2001), (0, 5000), (1500, 1600), (0, 1001)] {
            assert_eq!(refused(&h, &allocate(3, from, to)).await.as_deref(), Some("allocation_overlap"), "{from} {to}");
        }
        // Given back, the time is free again; but not taken back over somebody else.
        h.sql("UPDATE allocation SET active = FALSE WHERE from_ms = 1000").await;
        h.sql(&allocate(3, 1500, 1600)).await;
        let back = "UPDATE allocation SET active = TRUE WHERE from_ms = 1000";
        assert_eq!(refused(&h, back).await.as_deref(), Some("allocation_overlap"));
        let moved = "UPDATE allocation SET from_ms = 1900 WHERE from_ms = 2000";
        assert_eq!(refused(&h, moved).await, None, "moving next to a free time is fine");
        assert_eq!(h.overlaps().await, 0);
        assert_eq!(refused(&h, &allocate(9, 1_000_000_000, 1_090_000_000)).await.as_deref(), Some("allocation_length"));
    }

    async fn what_happened_stays(h: Harness) {
        let id = h.uuid_literal(uuid::Uuid::from_u128(1));
        h.sql(&format!("INSERT INTO audit (id, at, actor_kind, action, entity) VALUES ({id}, 1, 'system', 'x', 'y')")).await;
        for sql in ["UPDATE audit SET at = 2", "DELETE FROM audit"] {
            assert_eq!(refused(&h, sql).await.as_deref(), Some("audit_append_only"), "{sql}");
        }
    }

    async fn unique_rules_have_one_name(h: Harness) {
        let twice = "INSERT INTO opening SELECT * FROM opening";
        assert!(refused(&h, twice).await.is_some());
        let id = h.uuid_literal(uuid::Uuid::from_u128(7));
        let same_phone = format!(
            "INSERT INTO customer (id, name, pinyin, initials, phone, lang, marketing, created_at, version) \
             SELECT {id}, name, pinyin, initials, phone, lang, marketing, created_at, version FROM customer \
             WHERE phone = '{}'", fixture::WANG_PHONE);
        assert_eq!(refused(&h, &same_phone).await.as_deref(), Some("uq_customer_phone"));
    }

    async fn migrating_again_changes_nothing(h: Harness) {
        let before = h.number("SELECT COUNT(*) FROM customer").await;
        let second = h.second().await;
        let (a, b) = tokio::join!(h.store.migrate(), second.migrate());
        a.unwrap();
        b.unwrap();
        assert_eq!(h.number("SELECT COUNT(*) FROM customer").await, before);
        h.store.ping().await.unwrap();
    }
}

/// C-14: what SQLite is told on every connection that writes.
#[tokio::test]
async fn sqlite_is_told_to_be_careful() {
    let h = Harness::sqlite().await;
    for (pragma, want) in
        [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("query_only", "0")]
    {
        assert_eq!(h.pragma_of_writer(pragma).await, want, "{pragma}");
    }
}
