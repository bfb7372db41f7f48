//! Settings: flags, environment and an optional TOML file, in this order of precedence. One list of them (the fields
//! of [`Settings`]) makes the flags, the variables, the file's keys and the help.

mod load;
mod secret;
mod settings;

pub use load::parse;
pub use settings::{LogFormat, Settings};

use clap::{Args, Parser, Subcommand};
use domain::Role;
use std::path::PathBuf;

/// Meiyue runs a salon's visits, from booking to rating, and shows whether its promises were kept.
#[derive(Parser, Debug)]
#[command(
    name = "meiyue",
    version,
    after_help = "Each setting can be given as a flag, as the variable named beside it, or in the file given with \
                  --config (the flag's name with underscores: database_url = \"…\"). Flags win over variables, \
                  variables over the file."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve until told to stop; brings the database up to date first
    Serve,
    /// Bring the database up to date and stop
    Migrate,
    /// Fill an empty database with demo data
    Seed,
    /// Write a checked copy of the database; the server may go on running
    Backup(FileArgs),
    /// Put a copy back in place of the database; the server must not be running
    Restore(FileArgs),
    /// Logins of the staff
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Args, Debug)]
pub struct FileArgs {
    /// The copy
    pub path: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Add a login; the password is read from standard input, or made up and shown when there is none
    Add(UserAdd),
}

#[derive(Args, Debug)]
pub struct UserAdd {
    /// What is typed to sign in
    pub username: String,
    /// What the login may do
    #[arg(long, value_parser = role)]
    pub role: Role,
    /// Short name of the branch, as in its address (/s/<branch>); the owner needs none
    #[arg(long)]
    pub branch: Option<String>,
    /// The person's name
    #[arg(long)]
    pub name: String,
    /// The name in Latin letters, for pages in English
    #[arg(long)]
    pub name_en: Option<String>,
}

fn role(raw: &str) -> Result<Role, String> {
    Role::from_code(raw).ok_or_else(|| format!("allowed: {}", Role::ALL.map(Role::code).join(", ")))
}
