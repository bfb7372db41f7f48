use super::{Fault, open, say};
use crate::config::Settings;

pub async fn run(settings: &Settings) -> Result<(), Fault> {
    let store = open(settings).await?;
    store.migrate().await.map_err(|error| Fault::database(settings, &error))?;
    store.close().await;
    say("the database is up to date");
    Ok(())
}
