use super::{Fault, open, say};
use crate::config::Settings;
use chrono::{FixedOffset, NaiveDate};
use std::sync::Arc;
use store::{
    Store,
    seed::{self, DemoLogin, PASSWORD, SeedOptions, Summary},
};

/// `meiyue seed`
pub async fn run(settings: &Settings) -> Result<(), Fault> {
    let store = open(settings).await?;
    let fault = |error| Fault::database(settings, &error);
    store.migrate().await.map_err(fault)?;
    let made = fill(&store).await.map_err(fault)?;
    store.close().await;
    let Some(made) = made else {
        return Err(Fault::new("the database holds data already; demo data only goes into an empty one"));
    };
    say(&format!(
        "demo data: {} customers, {} bookings, {} visits, {} ratings",
        made.customers, made.bookings, made.visits, made.responses
    ));
    logins().iter().for_each(|line| say(line));
    Ok(())
}

/// Demo data for an empty database; `None` when it holds something.
pub async fn fill(store: &Arc<Store>) -> store::Result<Option<Summary>> {
    if !seed::is_empty(store).await? {
        return Ok(None);
    }
    seed::demo(store, today(store), SeedOptions::default()).await.map(Some)
}

/// By the demo's branches' clock, which is Shanghai's: eight hours ahead all year.
fn today(store: &Store) -> NaiveDate {
    let now = store.now();
    FixedOffset::east_opt(8 * 3600).map_or(now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
}

/// Who can sign in to the demo, a line for each.
pub fn logins() -> Vec<String> {
    let line = |login: DemoLogin| {
        let place = login.branch.unwrap_or_else(|| "*".to_owned());
        format!("  {:<16} {:<14} {:<10} {}", login.username, login.role.code(), place, login.name.zh)
    };
    let mut lines = vec![format!("  password of all: {PASSWORD}")];
    lines.extend(seed::logins().into_iter().map(line));
    lines
}
