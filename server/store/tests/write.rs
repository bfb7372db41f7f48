//! Many write at once (C-6, C-13, C-16, C-20): whoever is told of success has it for good, whoever is not has nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod common;

use common::{Harness, fixture};
use domain::live::Topic;
use sea_orm::{ConnectionTrait, Statement};
use std::{sync::Arc, time::Duration};
use store::{Error, Store, Tx, both_databases};

async fn note(tx: &Tx, text: &str) -> Result<(), Error> {
    let sql = "INSERT INTO audit (id, at, actor_kind, action, entity, detail) VALUES ($1, 1, 'system', 'test', 'x', $2)";
    let values = [uuid::Uuid::now_v7().into(), text.into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

async fn write(store: Arc<Store>, text: String) -> Result<(), Error> {
    let tx = store.begin().await?;
    note(&tx, &text).await?;
    tx.commit().await
}

/// Nobody who waits in order waits that long, even on a busy machine: only who is forgotten does.
const LONG: Duration = Duration::from_secs(60);

const NOTES: &str = "SELECT COUNT(*) FROM audit WHERE action = 'test'";

both_databases! {
    async fn kept_and_dropped_side_by_side(h: Harness) {
        let tasks = (0..200).map(|n| {
            let store = h.store.clone();
            tokio::spawn(async move {
                let tx = store.begin().await.unwrap();
                note(&tx, if n % 2 == 0 { "kept" } else { "dropped" }).await.unwrap();
                match n % 4 {
                    0 | 2 => tx.commit().await.unwrap(),
                    1 => tx.rollback().await.unwrap(),
                    _ => drop(tx),
                }
            })
        });
        for task in futures::future::join_all(tasks).await {
            task.unwrap();
        }
        assert_eq!(h.number(NOTES).await, 100);
        assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE detail = 'dropped'").await, 0);
    }

    async fn a_refused_statement_takes_nobody_along(h: Harness) {
        let tasks = (0..64).map(|n| {
            let store = h.store.clone();
            tokio::spawn(async move {
                let tx = store.begin().await?;
                note(&tx, "x").await?;
                if n % 2 == 0 {
                    tx.execute_unprepared("UPDATE audit SET at = 2").await?;
                }
                tx.commit().await
            })
        });
        let answers = futures::future::join_all(tasks).await;
        let refused = answers.iter().filter(|a| {
            matches!(a, Ok(Err(e)) if e.constraint().as_deref() == Some("audit_append_only"))
        });
        assert_eq!(refused.count(), 32);
        assert_eq!(h.number(NOTES).await, 32);
    }

    /// Whoever waits may go away at any moment: a request that was given up.
    async fn given_up_at_any_moment(h: Harness) {
        for round in 0..6u64 {
            let tasks: Vec<_> = (0..40u64)
                .map(|n| {
                    let task = tokio::spawn(write(h.store.clone(), format!("{round}.{n}")));
                    (n, task)
                })
                .collect();
            let mut kept = 0;
            for (n, task) in tasks {
                if n % 2 == 0 {
                    tokio::time::sleep(Duration::from_micros(300 * (n % 5))).await;
                    task.abort();
                }
                if matches!(task.await, Ok(Ok(()))) {
                    kept += 1;
                }
            }
            assert!(kept >= 20);
            let sql = format!("{NOTES} AND detail LIKE '{round}.%'");
            let written = h.number(&sql).await;
            assert!(written >= kept, "{written} of {kept} acknowledged");
        }
        // Everything still works, and nothing is left open.
        tokio::time::timeout(LONG, write(h.store.clone(), "after".into())).await.unwrap().unwrap();
    }

    async fn nothing_is_seen_before_it_lasts(h: Harness) {
        let tx = h.store.begin().await.unwrap();
        note(&tx, "x").await.unwrap();
        assert_eq!(h.number(NOTES).await, 0);
        tx.commit().await.unwrap();
        assert_eq!(h.number(NOTES).await, 1);
    }

    /// Told once it is lasting, also when the request was given up meanwhile.
    async fn changes_are_told_after_the_commit(h: Harness) {
        let mut heard = h.store.live().subscribe();
        let tx = h.store.begin().await.unwrap();
        note(&tx, "x").await.unwrap();
        tx.changed(fixture::JINGAN, Topic::Board);
        assert!(heard.try_recv().is_err());
        let commit = tokio::spawn(tx.commit());
        let _ = heard.recv().await.unwrap();
        assert_eq!(h.number(NOTES).await, 1);
        commit.await.unwrap().unwrap();
    }
}

/// C-16: when the disk is full, writers are refused and readers are not; nothing acknowledged is lost; writing goes on
/// as soon as there is room again, without a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk() {
    let h = Harness::sqlite().await;
    h.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let pages: i64 = h.pragma_of_writer("page_count").await.parse().unwrap();
    h.sql(&format!("PRAGMA max_page_count = {}", pages + 40)).await;
    let text = "x".repeat(3000);
    let tasks = (0..200).map(|_| tokio::spawn(write(h.store.clone(), text.clone())));
    let (mut kept, mut refused) = (0, 0);
    for answer in futures::future::join_all(tasks).await {
        match answer.unwrap() {
            Ok(()) => kept += 1,
            Err(Error::Unavailable(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(refused > 0, "the disk was never full");
    assert_eq!(h.number(NOTES).await, kept);
    // Room again (a new connection knows no such limit): nothing else has to be done.
    h.sql("PRAGMA max_page_count = 1000000").await;
    write(h.store.clone(), "after".into()).await.unwrap();
    assert_eq!(h.number(NOTES).await, kept + 1);
    let row = h.number("SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'").await;
    assert_eq!(row, 1);
}

/// The writing connection may be left in any state: it is replaced, and whoever waited is refused, not left waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_transaction() {
    let h = Harness::sqlite().await;
    let tx = h.store.begin().await.unwrap();
    note(&tx, "lost").await.unwrap();
    // As a full disk may do: the transaction is gone without anyone having asked.
    tx.execute_unprepared("ROLLBACK").await.unwrap();
    let waiting = tokio::spawn(write(h.store.clone(), "next".into()));
    assert!(tx.commit().await.is_err());
    // The next one is refused or begins anew on another connection; either way it is told the truth.
    let answer = tokio::time::timeout(LONG, waiting).await.unwrap().unwrap();
    assert_eq!(h.number(NOTES).await, i64::from(answer.is_ok()));
    write(h.store.clone(), "after".into()).await.unwrap();
    assert_eq!(h.number("SELECT COUNT(*) FROM audit WHERE detail = 'lost'").await, 0);
}
