//! The commands, one file each.

mod backup;
mod fault;
mod files;
mod migrate;
mod postgres;
mod restore;
mod seed;
pub mod serve;
mod user;

pub use fault::Fault;

use crate::config::{Cli, Command, Settings, UserCommand};
use secrecy::ExposeSecret;
use std::{io::Write, sync::Arc};
use store::{MovedClock, Options, Store, SystemClock};

/// Runs what the command line asks for.
///
/// # Errors
/// One line for people, and the exit code.
pub async fn run(cli: Cli) -> Result<(), Fault> {
    let settings = cli.settings;
    match cli.command {
        Command::Serve => serve::run(settings).await,
        Command::Migrate => migrate::run(&settings).await,
        Command::Seed => seed::run(&settings).await,
        Command::Backup(args) => backup::run(&settings, &args).await,
        Command::Restore(args) => restore::run(&settings, &args).await,
        Command::User(UserCommand::Add(args)) => user::add(&settings, args).await,
    }
}

/// Opens the database, without bringing it up to date.
async fn open(settings: &Settings) -> Result<Arc<Store>, Fault> {
    files::make_place(settings)?;
    let clock: Arc<dyn domain::Clock> = match settings.demo_clock {
        Some(start) => Arc::new(MovedClock::starting_at(start)),
        None => Arc::new(SystemClock),
    };
    let options = Options {
        url: settings.database_to_open().expose_secret().to_owned(),
        clock,
        demo: settings.demo,
        base_url: settings.base(),
        patience: store::PATIENCE,
    };
    Store::open(options).await.map_err(|error| Fault::database(settings, &error))
}

/// A line for people, on standard output. That nobody reads it is no reason to stop.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
