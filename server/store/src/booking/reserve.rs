//! Taking a time while others reach for it (BOOK-6, C-1).
//!
//! The arrangement is found outside of the transaction, so that whoever comes too late never enters the queue of
//! writers. The transaction then writes; PostgreSQL locks every resource of it for that day, in sorted order; the
//! database's own rule against overlaps has the last word. Who loses looks again: another person may be free at the same time.
//! From the second try on those who lost stand in one line for the branch's day and look again inside the transaction,
//! so that nobody is sent away while somebody is free.
//!
//! Only so many of a process are at it at once: of a thousand who want the same time, most look when it is gone already
//! and never write.

use super::{
    busy::Busy,
    plan::Request,
    write::{lost, release_expired},
};
use crate::{Lock, OpContext, Result, Tx, idempotency, time::day_of};
use domain::booking::slots::Arrangement;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How often a race is entered.
const TRIES: u32 = 4;

/// How many of a process race at once: enough to share a commit.
const AT_ONCE: usize = 32;

/// Where those who want a time wait for their turn, first come, first served.
pub(super) struct Line(Semaphore);

impl Default for Line {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

/// One wish for a time, through all its tries.
pub(super) struct Race<'a> {
    pub request: &'a Request<'a>,
    pub at: i64,
    /// Has seen the time free from outside, so that a refusal came from inside of a transaction.
    pub entered: bool,
    tries: u32,
    /// `None` only when the process is ending.
    _turn: Option<SemaphorePermit<'a>>,
}

/// A way to serve the request that was free a moment ago.
pub(super) struct Found {
    pub arrangement: Arrangement,
    busy: Busy,
}

impl<'a> Race<'a> {
    /// Waits for its turn.
    pub async fn begin(cx: &'a OpContext, request: &'a Request<'a>, at: i64) -> Self {
        Self { request, at, entered: false, tries: 0, _turn: cx.store.booking.line.0.acquire().await.ok() }
    }

    /// Looks from outside. A refusal here stands on what is lasting.
    ///
    /// # Errors
    /// `OutsideNotice`, `SlotNotOffered`, `SlotTaken` with the nearest free times.
    pub async fn look(&mut self, cx: &OpContext) -> Result<Found> {
        self.entered = false;
        let (arrangement, busy) = self.request.arrange(cx, self.at).await?;
        self.entered = true;
        Ok(Found { arrangement, busy })
    }

    /// Makes the transaction ready to write what was found: releases holds that have run out on it.
    ///
    /// # Errors
    /// As [`Race::look`], when it is not the first try.
    pub async fn enter(&self, tx: &Tx, mut found: Found) -> Result<Arrangement> {
        if self.tries > 0 {
            let catalog = self.request.catalog;
            let day = day_of(catalog.tz(), crate::time::at(self.at));
            tx.lock([Lock::new(catalog.branch.id.0, day)]).await?;
            let (arrangement, busy) = self.request.arrange_in(tx, self.at).await?;
            found = Found { arrangement, busy };
        }
        if found.busy.in_the_way(found.arrangement.taken()) {
            release_expired(tx, Some(self.request.catalog.branch.id)).await?;
        }
        Ok(found.arrangement)
    }

    /// After a try: `None` to go on, else the answer.
    pub async fn judge<T>(&mut self, cx: &OpContext, answer: Result<T>) -> Result<Option<T>> {
        match answer {
            Err(error) if lost(&error) => {
                self.tries += 1;
                if self.tries < TRIES { Ok(None) } else { Err(self.request.taken(cx.db(), self.at).await?) }
            }
            answer => answer.map(Some),
        }
    }
}

/// The answer that was given to this key before, for who is refused because it has been done already (C-10).
///
/// # Errors
/// `KeyReused` when the key came with another request.
pub(super) async fn known<T: DeserializeOwned>(
    cx: &OpContext,
    scope: &str,
    key: &str,
    request: &impl Serialize,
) -> Result<Option<T>> {
    let tx = cx.begin().await?;
    let answer = idempotency::seen(&tx, scope, key, request).await?;
    match answer {
        // What was seen is lasting only now.
        Some(_) => tx.commit().await?,
        // A key that was new stays new.
        None => tx.rollback().await?,
    }
    Ok(answer)
}
