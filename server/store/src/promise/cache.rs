//! Figures are kept for half a minute and forgotten at once when something of the branch changes.

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

/// Figures in memory. Each store has one.
pub struct Figures {
    inner: Mutex<Inner>,
}

struct Inner {
    changes: Receiver<Change>,
    known: HashMap<BranchId, (DateTime<Utc>, Arc<[Figure]>)>,
}

impl Figures {
    #[must_use]
    pub fn new(changes: Receiver<Change>) -> Self {
        Self { inner: Mutex::new(Inner { changes, known: HashMap::new() }) }
    }

    fn get(&self, branch: BranchId, now: DateTime<Utc>) -> Option<Arc<[Figure]>> {
        let mut inner = self.inner.lock().ok()?;
        inner.forget_changed();
        let (at, figures) = inner.known.get(&branch)?;
        let age = now - *at;
        (Duration::zero() <= age && age < MAX_AGE).then(|| figures.clone())
    }

    fn keep(&self, branch: BranchId, now: DateTime<Utc>, figures: Arc<[Figure]>) {
        if let Ok(mut inner) = self.inner.lock() {
            inner.known.insert(branch, (now, figures));
        }
    }
}

impl Inner {
    fn forget_changed(&mut self) {
        loop {
            match self.changes.try_recv() {
                Ok(change) => drop(self.known.remove(&change.branch)),
                Err(TryRecvError::Lagged(_)) => self.known.clear(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }
}

/// The figures of a branch up to now. A change that is told while they are computed empties what is kept then.
pub(super) async fn figures(store: &Store, catalog: &Catalog, now: DateTime<Utc>) -> Result<Arc<[Figure]>> {
    let branch = catalog.branch.id;
    if let Some(known) = store.figures.get(branch, now) {
        return Ok(known);
    }
    let figures: Arc<[Figure]> = compute(store, catalog, &Period::of(catalog, now)).await?.into();
    store.figures.keep(branch, now, figures.clone());
    Ok(figures)
}
