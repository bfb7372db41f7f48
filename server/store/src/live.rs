//! Live updates: who listens hears what has changed, in whichever process it was changed.
//!
//! A change is told inside its process right after the commit, and to the other processes of a chain (PostgreSQL) by a
//! task that gathers a moment's changes into one `NOTIFY`. It is not part of the transaction: `NOTIFY` makes commits wait
//! for each other, which would cost more than half of the bookings per second. What gets lost when a process dies in
//! that moment is a hint to look again, never data.

use crate::{Result, taken::Taken};
use domain::live::Change;
use sea_orm::{DatabaseConnection, DbBackend, Statement, sqlx, sqlx::postgres::PgListener};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::sync::{broadcast, mpsc, watch};
use uuid::Uuid;

const CHANNEL: &str = "meiyue_live";
/// Changes a slow listener may lag behind; it then hears `Lagged` and looks again.
const BACKLOG: usize = 1024;
/// How long changes are gathered before the other processes are told.
const GATHER: Duration = Duration::from_millis(20);
/// `NOTIFY` takes less than 8,000 bytes; a change has about 100, what is taken 75.
const PER_NOTICE: usize = 50;

/// What travels between processes.
#[derive(Serialize, Deserialize)]
struct Notice {
    from: Uuid,
    #[serde(default)]
    changes: Vec<Change>,
    /// People, rooms and devices of whom more or less is taken now.
    #[serde(default)]
    taken: Vec<Taken>,
}

/// What other processes are told.
#[derive(Clone, PartialEq, Eq, Hash)]
enum News {
    Change(Change),
    Taken(Taken),
}

/// What a process does about what it hears.
pub(crate) trait Hearing: Send + Sync + 'static {
    /// More or less is taken of these.
    fn taken(&self, taken: Vec<Taken>);
    /// Anything may have been missed.
    fn gap(&self);
}

/// The hub of one process.
pub struct Live {
    local: broadcast::Sender<Change>,
    others: Option<mpsc::UnboundedSender<News>>,
    /// Whether other processes are heard at the moment.
    hears: watch::Receiver<bool>,
}

impl Live {
    /// Starts listening to the other processes when there can be any.
    pub(crate) fn start(db: &DatabaseConnection, hearing: impl Hearing) -> Arc<Self> {
        let (local, _) = broadcast::channel(BACKLOG);
        if db.get_database_backend() != DbBackend::Postgres {
            return Arc::new(Self { local, others: None, hears: watch::channel(true).1 });
        }
        let (heard, hears) = watch::channel(false);
        let me = Uuid::now_v7();
        let (others, inbox) = mpsc::unbounded_channel();
        tokio::spawn(tell(db.clone(), me, inbox));
        tokio::spawn(hear(db.get_postgres_connection_pool().clone(), me, local.clone(), heard, hearing));
        Arc::new(Self { local, others: Some(others), hears })
    }

    /// Hears every change from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.local.subscribe()
    }

    /// Waits until changes of other processes are heard; at once where there are none.
    pub async fn listening(&self) {
        // The sender goes only with the store.
        let _ = self.hears.clone().wait_for(|hears| *hears).await;
    }

    /// Whether changes of other processes are heard at the moment.
    pub(crate) fn hears(&self) -> bool {
        *self.hears.borrow()
    }

    /// Tells the other processes of whom more or less is taken.
    pub(crate) fn taken(&self, taken: &[Taken]) {
        if let Some(others) = &self.others {
            for one in taken {
                let _ = others.send(News::Taken(*one));
            }
        }
    }

    pub(crate) fn publish(&self, change: Change) {
        if let Some(others) = &self.others {
            let _ = others.send(News::Change(change.clone()));
        }
        // Nobody listening is fine.
        let _ = self.local.send(change);
    }
}

impl Notice {
    fn new(from: Uuid, news: &[News]) -> Self {
        let mut notice = Self { from, changes: Vec::new(), taken: Vec::new() };
        for one in news {
            match one {
                News::Change(change) => notice.changes.push(change.clone()),
                News::Taken(taken) => notice.taken.push(*taken),
            }
        }
        notice
    }
}

/// Gathers changes and tells the other processes. Ends with the store.
async fn tell(db: DatabaseConnection, me: Uuid, mut inbox: mpsc::UnboundedReceiver<News>) {
    while let Some(first) = inbox.recv().await {
        tokio::time::sleep(GATHER).await;
        let mut all = HashSet::from([first]);
        while let Ok(news) = inbox.try_recv() {
            all.insert(news);
        }
        let all: Vec<_> = all.into_iter().collect();
        for part in all.chunks(PER_NOTICE) {
            if let Err(error) = notify(&db, Notice::new(me, part)).await {
                tracing::warn!(%error, "other processes were not told of changes");
            }
        }
    }
}

async fn notify(db: &DatabaseConnection, notice: Notice) -> Result<()> {
    use sea_orm::ConnectionTrait;
    let text = serde_json::to_string(&notice)?;
    let sql = "SELECT pg_notify($1, $2)";
    db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [CHANNEL.into(), text.into()]))
        .await?;
    Ok(())
}

/// Passes on what other processes changed. After a lost connection changes may have been missed.
async fn hear(
    pool: sqlx::PgPool,
    me: Uuid,
    local: broadcast::Sender<Change>,
    heard: watch::Sender<bool>,
    hearing: impl Hearing,
) {
    loop {
        let answer = hear_until_lost(&pool, me, &local, &heard, &hearing).await;
        heard.send_replace(false);
        if let Err(error) = answer {
            if pool.is_closed() {
                return;
            }
            tracing::warn!(%error, "not hearing other processes, trying again");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn hear_until_lost(
    pool: &sqlx::PgPool,
    me: Uuid,
    local: &broadcast::Sender<Change>,
    heard: &watch::Sender<bool>,
    hearing: &impl Hearing,
) -> std::result::Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    hearing.gap();
    heard.send_replace(true);
    while let Some(notification) = listener.try_recv().await? {
        let Ok(notice) = serde_json::from_str::<Notice>(notification.payload()) else { continue };
        if notice.from == me {
            continue;
        }
        if !notice.taken.is_empty() {
            hearing.taken(notice.taken);
        }
        for change in notice.changes {
            let _ = local.send(change);
        }
    }
    Ok(())
}
