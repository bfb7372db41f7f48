//! The outbox (C-24): each message once, none for what was rolled back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Tests may fail loudly.

mod common;

use chrono::Duration;
use common::{Harness, fixture};
use domain::{Phone, notify::MessageState};
use std::collections::HashSet;
use store::{Error, account, both_databases, notify};

/// Puts a code for this phone into the outbox through the public verb.
async fn message(h: &Harness, n: u32) {
    let phone = Phone::parse(&format!("137{n:08}")).unwrap();
    account::send_code(&h.stranger(), &phone, "sign_in").await.unwrap();
}

both_databases! {
    async fn two_workers_never_get_the_same_message(h: Harness) {
        for n in 0..20 {
            message(&h, n).await;
        }
        let other = h.second().await;
        let workers = (0..8).map(|n| {
            let store = if n % 2 == 0 { h.store.clone() } else { other.clone() };
            tokio::spawn(async move { notify::claim(&store, 5).await.unwrap() })
        });
        let claimed = futures::future::join_all(workers).await;
        let ids: Vec<_> = claimed.into_iter().flat_map(Result::unwrap).map(|m| m.id).collect();
        assert_eq!(ids.len(), 20);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 20);
    }

    async fn a_lost_lease_reports_nothing(h: Harness) {
        message(&h, 1).await;
        let slow = notify::claim(&h.store, 1).await.unwrap().remove(0);
        assert!(notify::claim(&h.store, 1).await.unwrap().is_empty());
        h.advance(Duration::minutes(3));
        let fast = notify::claim(&h.store, 1).await.unwrap().remove(0);
        assert_eq!((slow.id, slow.key.clone(), fast.attempt), (fast.id, fast.key.clone(), 2), "the same key for the provider");
        assert_eq!(notify::sent(&h.store, slow.lease, &[slow.id]).await.unwrap(), 0);
        assert!(!notify::failed(&h.store, slow.id, slow.lease, "late").await.unwrap());
        assert_eq!(notify::sent(&h.store, fast.lease, &[fast.id]).await.unwrap(), 1);
        assert_eq!(notify::sent(&h.store, fast.lease, &[fast.id]).await.unwrap(), 0);
        h.advance(Duration::days(1));
        assert!(notify::claim(&h.store, 1).await.unwrap().is_empty());
    }

    async fn failures_are_tried_again_with_growing_pauses_and_given_up(h: Harness) {
        message(&h, 1).await;
        let mut tries = 0;
        while h.number("SELECT COUNT(*) FROM outbox WHERE state = 'pending'").await > 0 {
            if let Some(m) = notify::claim(&h.store, 1).await.unwrap().pop() {
                tries += 1;
                assert_eq!(m.attempt, tries);
                assert!(notify::failed(&h.store, m.id, m.lease, "no route").await.unwrap());
                assert!(notify::claim(&h.store, 1).await.unwrap().is_empty(), "not at once");
            }
            h.advance(Duration::minutes(30));
        }
        assert_eq!(tries, 12);
        let page = notify::outbox(&h.owner(), None).await.unwrap();
        assert_eq!(page.items[0].state, MessageState::Dead);
    }

    /// C-21: a lease from before the clock was set back does not hold a message for a day.
    async fn a_clock_set_back_does_not_stop_messages(h: Harness) {
        message(&h, 1).await;
        h.advance(Duration::days(1));
        notify::claim(&h.store, 1).await.unwrap();
        h.advance(-Duration::days(1));
        assert_eq!(notify::claim(&h.store, 1).await.unwrap().len(), 1);
    }

    async fn the_outbox_is_paged_and_guarded(h: Harness) {
        for n in 0..45 {
            message(&h, n).await;
            h.advance(Duration::seconds(1));
        }
        let first = notify::outbox(&h.owner(), None).await.unwrap();
        let second = notify::outbox(&h.owner(), first.next.as_deref()).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next), (30, 15, None));
        let ids: HashSet<_> = first.items.iter().chain(&second.items).map(|m| m.id).collect();
        assert_eq!(ids.len(), 45);
        assert_eq!(first.items[0].to, "137 **** 0044");
        assert!(matches!(notify::outbox(&h.stranger(), None).await, Err(Error::SignedOut)));
        assert!(matches!(notify::outbox(&h.desk(), None).await, Err(Error::Forbidden)));
        assert!(matches!(notify::outbox(&h.customer(fixture::WANG), None).await, Err(Error::Forbidden)));
        // Codes belong to no branch; who tries the demo as a manager needs them beside the own branch's messages.
        assert_eq!(notify::outbox(&h.manager(), None).await.unwrap().items.len(), 30);
        assert!(notify::outbox(&h.owner(), Some("rubbish")).await.is_ok());
    }
}
