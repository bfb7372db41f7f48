//! What happens by itself. Each job can be run once by hand (tests); [`start`] runs them all again and again. Every
//! one takes only what is due and not taken by another process: the database decides, so several servers on one
//! database do nothing twice.

mod deliver;

pub use deliver::deliver;

use crate::{http::metrics, notify::Providers};
use std::{future::Future, sync::Arc, time::Duration};
use store::{OpContext, Result, Store};
use tokio::{task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Frees times that were held and not booked (BOOK-5). Gives how many.
///
/// # Errors
/// The database's.
pub async fn expire_holds(store: &Arc<Store>) -> Result<u64> {
    store::booking::expire_holds(&OpContext::system(store.clone())).await
}

/// Passes on what lapsed on the waitlist and offers what is free (BOOK-10). Gives how many entries changed.
///
/// # Errors
/// The database's.
pub async fn tend_waitlist(store: &Arc<Store>) -> Result<u64> {
    store::waitlist::tend(&OpContext::system(store.clone())).await
}

/// Marks bookings whose customer did not come. Gives how many.
///
/// # Errors
/// The database's.
pub async fn mark_no_shows(store: &Arc<Store>) -> Result<u64> {
    store::booking::mark_no_shows(&OpContext::system(store.clone())).await
}

/// Reminds customers of what begins soon (BOOK-12). Gives of how many bookings.
///
/// # Errors
/// The database's.
pub async fn remind_due(store: &Arc<Store>) -> Result<u64> {
    store::booking::remind_due(&OpContext::system(store.clone())).await
}

/// Deletes sessions, codes and counters that are over. Gives how many.
///
/// # Errors
/// The database's.
pub async fn delete_expired(store: &Arc<Store>) -> Result<u64> {
    store::account::delete_expired(&OpContext::system(store.clone())).await
}

/// Ends re-checks that were not used, and reminds of those that end soon (CARE-1). Gives how many.
///
/// # Errors
/// The database's.
pub async fn care_due(store: &Arc<Store>) -> Result<u64> {
    store::care::due(&OpContext::system(store.clone())).await
}

/// Runs every job again and again until told to stop; what runs then is finished. Wait for the tasks to end.
#[must_use]
pub fn start(store: &Arc<Store>, providers: Arc<Providers>, stop: &CancellationToken) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let every = |tasks: &mut JoinSet<()>, name, seconds, job: Job| {
        tasks.spawn(again(name, Duration::from_secs(seconds), store.clone(), stop.clone(), job));
    };
    every(
        &mut tasks,
        "expire_holds",
        5,
        Box::new(|store| Box::pin(async move { expire_holds(&store).await })),
    );
    every(
        &mut tasks,
        "tend_waitlist",
        3,
        Box::new(|store| Box::pin(async move { tend_waitlist(&store).await })),
    );
    every(
        &mut tasks,
        "mark_no_shows",
        60,
        Box::new(|store| Box::pin(async move { mark_no_shows(&store).await })),
    );
    every(
        &mut tasks,
        "delete_expired",
        600,
        Box::new(|store| Box::pin(async move { delete_expired(&store).await })),
    );
    every(&mut tasks, "remind_due", 15, Box::new(|store| Box::pin(async move { remind_due(&store).await })));
    every(&mut tasks, "care_due", 60, Box::new(|store| Box::pin(async move { care_due(&store).await })));
    every(
        &mut tasks,
        "deliver",
        1,
        Box::new(move |store| {
            let providers = providers.clone();
            Box::pin(async move { deliver(&store, &providers).await })
        }),
    );
    every(
        &mut tasks,
        "upkeep",
        10,
        Box::new(|_| {
            metrics::upkeep();
            Box::pin(async { Ok(0) })
        }),
    );
    tasks
}

type Job = Box<dyn Fn(Arc<Store>) -> std::pin::Pin<Box<dyn Future<Output = Result<u64>> + Send>> + Send>;

async fn again(name: &'static str, every: Duration, store: Arc<Store>, stop: CancellationToken, job: Job) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match job(store.clone()).await {
            Ok(done) => {
                if done > 0 {
                    ::metrics::counter!("meiyue_jobs_done_total", "job" => name).increment(done);
                    tracing::debug!(job = name, done, "job done");
                }
                if failing {
                    tracing::info!(job = name, "works again");
                }
                failing = false;
            }
            // One line when it begins, not one per second while the database is away.
            Err(error) if failing => tracing::debug!(job = name, %error, "still failing"),
            Err(error) => {
                tracing::warn!(job = name, %error, "failed, will be tried again");
                failing = true;
            }
        }
    }
}
