//! Figures are kept for half a minute, and computed anew before that when something of the branch has changed.

use super::{Period, figures::compute};
use crate::{Result, Store, catalog::Catalog};
use chrono::{DateTime, Duration, Utc};
use domain::{BranchId, live::Change, promise::Figure};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::sync::broadcast::{Receiver, error::TryRecvError};

/// No figure shown is older than this.
const MAX_AGE: Duration = Duration::seconds(30);

/// The figures of a branch up to a moment.
#[derive(Debug)]
pub(crate) struct Known {
    pub at: DateTime<Utc>,
    pub figures: Vec<Figure>,
}

/// Figures in memory. Each store has one.
pub struct Figures {
    inner: Mutex<Inner>,
    /// One computes, the others wait for what was computed.
    computing: tokio::sync::Mutex<()>,
}

struct Inner {
    changes: Receiver<Change>,
    /// With whether something has changed since.
    known: HashMap<BranchId, (Arc<Known>, bool)>,
}

impl Figures {
    #[must_use]
    pub fn new(changes: Receiver<Change>) -> Self {
        let inner = Inner { changes, known: HashMap::new() };
        Self { inner: Mutex::new(inner), computing: tokio::sync::Mutex::default() }
    }

    fn get(&self, branch: BranchId, now: DateTime<Utc>, unchanged: bool) -> Option<Arc<Known>> {
        let mut inner = self.inner.lock().ok()?;
        inner.note_changes();
        let (known, changed) = inner.known.get(&branch)?;
        let age = now - known.at;
        let young = Duration::zero() <= age && age < MAX_AGE;
        (young && !(unchanged && *changed)).then(|| known.clone())
    }

    fn keep(&self, branch: BranchId, known: Arc<Known>) {
        if let Ok(mut inner) = self.inner.lock() {
            inner.known.insert(branch, (known, false));
        }
    }
}

impl Inner {
    fn note_changes(&mut self) {
        loop {
            match self.changes.try_recv() {
                Ok(change) => {
                    if let Some((_, changed)) = self.known.get_mut(&change.branch) {
                        *changed = true;
                    }
                }
                Err(TryRecvError::Lagged(_)) => self.known.clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }
}

/// The figures of a branch up to now, or to a moment ago since which nothing has changed.
pub(super) async fn exact(store: &Store, catalog: &Catalog, now: DateTime<Utc>) -> Result<Arc<Known>> {
    read(store, catalog, now, true).await
}

/// The figures of at most half a minute ago: for pages that show them beside other things.
pub(crate) async fn recent(store: &Store, catalog: &Catalog, now: DateTime<Utc>) -> Result<Arc<Known>> {
    read(store, catalog, now, false).await
}

async fn read(store: &Store, catalog: &Catalog, now: DateTime<Utc>, unchanged: bool) -> Result<Arc<Known>> {
    let branch = catalog.branch.id;
    if let Some(known) = store.figures.get(branch, now, unchanged) {
        return Ok(known);
    }
    let _one = store.figures.computing.lock().await;
    if let Some(known) = store.figures.get(branch, now, unchanged) {
        return Ok(known);
    }
    let figures = compute(store, catalog, &Period::of(catalog, now)).await?;
    let known = Arc::new(Known { at: now, figures });
    store.figures.keep(branch, known.clone());
    Ok(known)
}
