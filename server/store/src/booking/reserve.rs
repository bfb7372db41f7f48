//! Taking a time while others reach for it (BOOK-6, C-1).
//!
//! The arrangement is found outside of the transaction, so that whoever comes too late never enters the queue of
//! writers. The transaction then locks every resource of it for that day, in sorted order, and writes; the database's
//! own rule against overlaps has the last word. Who loses looks again: another person may be free at the same time.
//! From the second try on those who lost stand in one line for the branch's day and look again inside the transaction,
//! so that nobody is sent away while somebody is free.

use super::{
    busy::Busy,
    plan::Request,
    write::{locks, lost, release_expired},
};
use crate::{OpContext, Result, Tx, idempotency, lock_key, time::day_of};
use domain::booking::slots::Arrangement;
use serde::{Serialize, de::DeserializeOwned};

/// How often a race is entered.
const TRIES: u32 = 4;

/// One wish for a time, through all its tries.
pub(super) struct Race<'a> {
    pub request: &'a Request<'a>,
    pub at: i64,
    tries: u32,
}

/// A way to serve the request that was free a moment ago.
pub(super) struct Found {
    pub arrangement: Arrangement,
    busy: Busy,
}

impl<'a> Race<'a> {
    pub fn new(request: &'a Request<'a>, at: i64) -> Self {
        Self { request, at, tries: 0 }
    }

    /// Looks from outside.
    ///
    /// # Errors
    /// `OutsideNotice`, `SlotNotOffered`, `SlotTaken` with the nearest free times.
    pub async fn look(&self, cx: &OpContext) -> Result<Found> {
        let (arrangement, busy) = self.request.arrange(cx.db(), self.at).await?;
        Ok(Found { arrangement, busy })
    }

    /// Makes the transaction ready to write what was found: locks it, and releases holds that have run out on it.
    ///
    /// # Errors
    /// As [`Race::look`], when it is not the first try.
    pub async fn enter(&self, tx: &Tx, mut found: Found) -> Result<Arrangement> {
        if self.tries > 0 {
            let catalog = self.request.catalog;
            let day = day_of(catalog.tz(), crate::time::at(self.at));
            tx.lock([lock_key(catalog.branch.id.0, day)]).await?;
            let (arrangement, busy) = self.request.arrange(tx, self.at).await?;
            found = Found { arrangement, busy };
        }
        tx.lock(locks(self.request, &found.arrangement)).await?;
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
    // A key that was new stays new.
    tx.rollback().await?;
    Ok(answer)
}
