use super::{Fault, open, say};
use crate::config::Settings;
use std::sync::Arc;
use store::Store;

pub async fn run(settings: &Settings) -> Result<(), Fault> {
    let store = open(settings).await?;
    let fault = |error| Fault::database(settings, &error);
    store.migrate().await.map_err(fault)?;
    let filled = fill(&store).await.map_err(fault)?;
    store.close().await;
    if filled {
        say("the database holds demo data now");
        Ok(())
    } else {
        Err(Fault::new("the database holds data already; demo data only goes into an empty one"))
    }
}

/// Demo data for a database without a branch; `false` when it has one.
pub async fn fill(store: &Arc<Store>) -> store::Result<bool> {
    let _ = store;
    Ok(false)
}

/// Names and passwords to try the demo with, a line for each.
pub fn logins() -> Vec<String> {
    Vec::new()
}
