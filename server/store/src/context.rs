//! The store of a process, and the context in which one thing is asked of it.

use crate::{
    Error, Result,
    catalog::{Cache, Catalog},
    db::Databases,
    live::{Hearing, Live},
    lookup::Lookup,
    migration::Migrator,
    taken::{self, Kept, Taken},
};
use chrono::{DateTime, Utc};
use domain::{
    Actor, BranchId, Clock, Lang,
    live::{Change, Topic},
    permission::{Action, Scope, allows},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use sea_orm_migration::MigratorTrait;
use std::{
    sync::{Arc, OnceLock, Weak},
    time::Duration,
};

/// What a store is opened with.
#[derive(Clone)]
pub struct Options {
    /// `sqlite://path?mode=rwc` or `postgres://…`
    pub url: String,
    pub clock: Arc<dyn Clock>,
    /// Messages can be read in the app, codes too.
    pub demo: bool,
    /// Where the app is reached, without a slash at the end: what QR codes and messages link to.
    pub base_url: String,
    /// How long somebody waits for a connection or the turn to write before being told that the database is not
    /// available (C-6): [`PATIENCE`], but for tests, which share a busy machine.
    pub patience: Duration,
}

/// As long as anybody who uses the app should wait for an answer.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// The database and what a process keeps beside it.
pub struct Store {
    pub(crate) dbs: Databases,
    pub(crate) cache: Cache,
    pub(crate) taken: Kept,
    pub(crate) booking: crate::booking::Local,
    pub(crate) figures: crate::promise::Figures,
    pub(crate) secret: OnceLock<String>,
    pub(crate) sessions: Lookup<crate::account::Sessions>,
    pub(crate) customers: Lookup<crate::customer::Customers>,
    clock: Arc<dyn Clock>,
    live: Arc<Live>,
    demo: bool,
    base_url: String,
}

impl Store {
    /// Connects; does not migrate.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be opened.
    pub async fn open(options: Options) -> Result<Arc<Self>> {
        let dbs = Databases::connect(&options.url, options.patience).await?;
        let store = Arc::new_cyclic(|me: &Weak<Self>| {
            let me = me.clone();
            let live = Live::start(&dbs.read, Ears(me));
            Self {
                figures: crate::promise::Figures::new(live.subscribe()),
                sessions: Lookup::new(dbs.source.clone(), options.patience, crate::account::Sessions),
                customers: Lookup::new(dbs.source.clone(), options.patience, crate::customer::Customers),
                dbs,
                cache: Cache::default(),
                taken: Kept::default(),
                booking: crate::booking::Local::default(),
                secret: OnceLock::new(),
                clock: options.clock,
                live,
                demo: options.demo,
                base_url: options.base_url.trim_end_matches('/').to_owned(),
            }
        });
        tokio::spawn(forget_changed(Arc::downgrade(&store), store.live.subscribe()));
        Ok(store)
    }

    /// Brings the tables up to date. Several processes may do it at once: one does, the others wait.
    ///
    /// # Errors
    /// `Internal` with the database's message; then nothing has changed.
    pub async fn migrate(&self) -> Result<()> {
        let db = self.dbs.direct().await?;
        let guard = match self.backend() {
            DbBackend::Postgres => {
                let tx = db.begin().await?;
                tx.execute_unprepared("SELECT pg_advisory_xact_lock(1832117)").await?;
                Some(tx)
            }
            _ => None,
        };
        Migrator::up(&db, None).await?;
        if let Some(tx) = guard {
            tx.commit().await?;
        }
        Ok(())
    }

    /// The connection to read from; on SQLite it cannot write.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.dbs.read
    }

    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.dbs.backend()
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    #[must_use]
    pub fn demo(&self) -> bool {
        self.demo
    }

    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Everything slow-changing of a branch; see [`Catalog`].
    ///
    /// # Errors
    /// `NotFound` when there is no such branch.
    pub async fn catalog(&self, branch: BranchId) -> Result<Arc<Catalog>> {
        self.cache.catalog(self, branch).await
    }

    /// The branch of an address `/s/<slug>`.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub async fn branch_by_slug(&self, slug: &str) -> Result<BranchId> {
        self.cache.branches(self).await?.iter().find(|b| b.slug == slug).map(|b| b.id).ok_or(Error::NotFound)
    }

    /// [`Store::catalog`] by the branch's name in addresses.
    ///
    /// # Errors
    /// `NotFound` when there is no such branch.
    pub async fn catalog_by_slug(&self, slug: &str) -> Result<Arc<Catalog>> {
        self.catalog(self.branch_by_slug(slug).await?).await
    }

    /// All that is kept in memory is read anew when next asked for: after changing tables around the verbs.
    pub fn forget_kept(&self) {
        self.cache.forget_all();
        self.taken.forget_all();
    }

    /// Grows whenever a catalogue in memory is dropped: what was made out of one before is out of date.
    #[must_use]
    pub fn catalog_age(&self) -> u64 {
        self.cache.age()
    }

    /// Whether the database answers, and takes writes.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn ping(&self) -> Result<()> {
        self.db().execute_unprepared("SELECT 1").await.map_err(|e| Error::Unavailable(e.into()))?;
        let db = self.dbs.direct().await?;
        db.execute_unprepared("SELECT 1").await.map_err(|e| Error::Unavailable(e.into()))?;
        Ok(())
    }

    /// Ends all connections; verbs after this are `Unavailable`.
    pub async fn close(&self) {
        self.dbs.close().await;
    }

    /// What is taken has changed, in this process.
    pub(crate) fn publish_taken(&self, changes: taken::Changes) {
        let all = changes.taken();
        if !all.is_empty() {
            self.live.taken(&all);
            self.taken.change(changes.gone, changes.more);
        }
    }

    pub(crate) fn publish(&self, change: Change) {
        if change.topic == Topic::Catalog {
            self.cache.forget(change.branch);
        }
        self.booking.stranded.forget(change.branch);
        self.live.publish(change);
    }
}

/// Drops what other processes have made out of date.
struct Ears(Weak<Store>);

impl Hearing for Ears {
    fn taken(&self, taken: Vec<Taken>) {
        if let Some(store) = self.0.upgrade() {
            store.taken.forget(taken);
        }
    }

    fn gap(&self) {
        if let Some(store) = self.0.upgrade() {
            store.cache.forget_all();
            store.taken.forget_all();
        }
    }
}

/// Forgets catalogues that another process has changed.
async fn forget_changed(store: Weak<Store>, mut changes: tokio::sync::broadcast::Receiver<Change>) {
    use tokio::sync::broadcast::error::RecvError;
    loop {
        let change = changes.recv().await;
        let Some(store) = store.upgrade() else { return };
        match change {
            Ok(Change { branch, topic: Topic::Catalog }) => {
                store.cache.forget(branch);
                store.booking.stranded.forget(branch);
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => store.cache.forget_all(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// What is kept of a session's token; the session's key in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionHash(pub(crate) String);

/// One request: who asks, in which language, from where.
#[derive(Clone)]
pub struct OpContext {
    pub store: Arc<Store>,
    pub actor: Actor,
    pub lang: Lang,
    /// The peer's address, never one that the request claims to come from (C-36).
    pub addr: String,
    pub session: Option<SessionHash>,
}

impl OpContext {
    /// The house itself: jobs and commands.
    #[must_use]
    pub fn system(store: Arc<Store>) -> Self {
        Self { store, actor: Actor::System, lang: Lang::Zh, addr: String::new(), session: None }
    }

    /// Every verb begins with it.
    ///
    /// # Errors
    /// `SignedOut` for a stranger, else `Forbidden`.
    pub fn allow(&self, action: Action, scope: &Scope) -> Result<()> {
        if allows(&self.actor, action, scope) {
            return Ok(());
        }
        Err(if self.actor == Actor::Stranger { Error::SignedOut } else { Error::Forbidden })
    }

    /// Whether the actor may, for what is only shown to some.
    #[must_use]
    pub fn may(&self, action: Action, scope: &Scope) -> bool {
        allows(&self.actor, action, scope)
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.store.now()
    }

    /// The connection to read from.
    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        self.store.db()
    }
}
