//! PostgreSQL's own programs for copying a database: `pg_dump`, `pg_restore`, `psql`.

use super::{Fault, fault::place};
use crate::config::Settings;
use http::Uri;
use secrecy::ExposeSecret;
use std::{io::ErrorKind, path::Path, process::Output};
use tokio::process::Command;

/// Writes a copy in PostgreSQL's custom format.
pub async fn dump(settings: &Settings, to: &Path) -> Result<(), Fault> {
    let mut command = program(settings, "pg_dump")?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(to);
    run(command, "pg_dump").await?;
    // Reading the list of contents shows that the copy is whole.
    let mut list = Command::new("pg_restore");
    list.arg("--list").arg(to);
    run(list, "pg_restore").await.map(drop)
}

/// Puts a copy in place of everything in the database, all or nothing.
pub async fn load(settings: &Settings, from: &Path, force: bool) -> Result<(), Fault> {
    let others = ask(
        settings,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'meiyue'",
    )
    .await?;
    if others != "0" {
        return Err(Fault::new(format!(
            "a server is using {} ({others} connections); stop it first",
            place(settings)
        )));
    }
    let filled = ask(settings, "SELECT to_regclass('branch') IS NOT NULL").await?;
    if filled == "t" && !force {
        return Err(Fault::setting(format!("{} holds data; --force replaces it", place(settings))));
    }
    let mut command = program(settings, "pg_restore")?;
    command.args([
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ]);
    command.arg("--dbname").arg(part(settings)?.name).arg(from);
    run(command, "pg_restore").await.map(drop)
}

async fn ask(settings: &Settings, sql: &str) -> Result<String, Fault> {
    let mut command = program(settings, "psql")?;
    command.args(["-qXAt", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    let output = run(command, "psql").await?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

async fn run(mut command: Command, name: &str) -> Result<Output, Fault> {
    let output = command.output().await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Fault::new(format!(
            "{name} is not installed: copying a PostgreSQL database needs PostgreSQL's client programs \
             (Debian: apt-get install postgresql-client)"
        )),
        _ => Fault::new(format!("{name} cannot be started: {error}")),
    })?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Fault::new(format!("{name} failed: {}", said.trim().lines().last().unwrap_or("without a word"))))
}

/// Address and password go by the environment: arguments can be read by anyone on the machine.
fn program(settings: &Settings, name: &str) -> Result<Command, Fault> {
    let part = part(settings)?;
    let mut command = Command::new(name);
    command
        .env("PGHOST", part.host)
        .env("PGPORT", part.port)
        .env("PGDATABASE", part.name)
        .env("PGAPPNAME", "meiyue-copy");
    if let Some(user) = part.user {
        command.env("PGUSER", user);
    }
    if let Some(password) = part.password {
        command.env("PGPASSWORD", password);
    }
    if let Some(mode) = part.ssl_mode {
        command.env("PGSSLMODE", mode);
    }
    Ok(command)
}

/// The parts of `postgres://user:password@host:port/name?sslmode=…`.
struct Part {
    host: String,
    port: String,
    name: String,
    user: Option<String>,
    password: Option<String>,
    ssl_mode: Option<String>,
}

fn part(settings: &Settings) -> Result<Part, Fault> {
    split(settings.database().expose_secret()).ok_or_else(|| {
        Fault::setting("the database's address must be postgres://<user>:<password>@<host>/<name>")
    })
}

fn split(url: &str) -> Option<Part> {
    let uri: Uri = url.parse().ok()?;
    let authority = uri.authority()?;
    let (user, password) = match authority.as_str().rsplit_once('@') {
        Some((who, _)) => match who.split_once(':') {
            Some((user, password)) => (Some(decode(user)), Some(decode(password))),
            None => (Some(decode(who)), None),
        },
        None => (None, None),
    };
    let mode =
        uri.query().and_then(|q| q.split('&').find_map(|pair| pair.strip_prefix("sslmode="))).map(decode);
    Some(Part {
        host: authority.host().trim_matches(['[', ']']).to_owned(),
        port: authority.port_u16().unwrap_or(5432).to_string(),
        name: decode(uri.path().trim_start_matches('/')),
        user,
        password,
        ssl_mode: mode,
    })
}

/// `%40` → `@`
fn decode(raw: &str) -> String {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%')
            .then(|| {
                after.get(..2).and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok())
            })
            .flatten();
        match code {
            Some(decoded) => {
                out.push(decoded);
                rest = &after[2..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_addresses() {
        let part = split("postgres://me:p%40ss%2F@db.example:6000/meiyue?sslmode=require").unwrap();
        assert_eq!(
            (part.host.as_str(), part.port.as_str(), part.name.as_str()),
            ("db.example", "6000", "meiyue")
        );
        assert_eq!(part.user.as_deref(), Some("me"));
        assert_eq!(part.password.as_deref(), Some("p@ss/"));
        assert_eq!(part.ssl_mode.as_deref(), Some("require"));
        let bare = split("postgres://127.0.0.1/x").unwrap();
        assert_eq!((bare.port.as_str(), bare.user), ("5432", None));
    }
}
