use super::secret::secret;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use http::Uri;
use secrecy::{ExposeSecret, SecretString};
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Everything that can be set. The help of each is its doc comment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// File of settings (TOML)
    #[arg(long, env = "MEIYUE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to serve on
    #[arg(long, env = "MEIYUE_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// Database: sqlite://<file> or postgres://<user>:<password>@<host>/<name>. Without it, meiyue.db in the data folder
    #[arg(long, env = "MEIYUE_DATABASE_URL", value_name = "URL", value_parser = database_url)]
    pub database_url: Option<SecretString>,

    /// Folder for what must be kept: the database and files
    #[arg(long, env = "MEIYUE_DATA_DIR", value_name = "DIR", default_value = "data")]
    pub data_dir: PathBuf,

    /// Address that customers see, for links in messages. Without it, http:// and the address served on
    #[arg(long, env = "MEIYUE_BASE_URL", value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,

    /// Folder with the browser's part (made by `make build`)
    #[arg(long, env = "MEIYUE_SITE_ROOT", value_name = "DIR", default_value = "target/site")]
    pub site_root: PathBuf,

    /// Cookies for TLS only (true, false). Without it, true when the base URL begins with https
    #[arg(long, env = "MEIYUE_SECURE_COOKIES", value_name = "BOOL")]
    pub secure_cookies: Option<bool>,

    /// Fill an empty database with demo data and let the outbox be read in the app
    #[arg(long, env = "MEIYUE_DEMO", value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", default_value = "false")]
    pub demo: bool,

    /// With demo data: the moment at which the clock starts (like 2026-06-10T14:36:00+08:00); it then runs on from there
    #[arg(long, env = "MEIYUE_DEMO_CLOCK", value_name = "TIME", value_parser = moment)]
    pub demo_clock: Option<DateTime<Utc>>,

    /// What is logged: error, warn, info, debug, trace, or per part (info,server=debug)
    #[arg(long, env = "MEIYUE_LOG", value_name = "FILTER", default_value = "info,sqlx=warn,sea_orm_migration=warn",
          value_parser = log_filter)]
    pub log: String,

    /// How log lines look
    #[arg(long, env = "MEIYUE_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Requests per second that one address may go on making; 0 turns the limit off
    #[arg(long, env = "MEIYUE_RATE", value_name = "N", default_value = "50")]
    pub rate: u32,

    /// Requests that one address may make at once before the rate counts
    #[arg(long, env = "MEIYUE_RATE_BURST", value_name = "N", default_value = "400",
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate_burst: u32,

    /// Do not limit this machine's own requests (true, false)
    #[arg(long, env = "MEIYUE_RATE_SKIP_LOOPBACK", value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", default_value = "false")]
    pub rate_skip_loopback: bool,

    /// Address of a proxy in front, whose X-Forwarded-For is believed; may be given several times, or with commas
    #[arg(long, env = "MEIYUE_TRUSTED_PROXY", value_name = "IP", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,

    /// Largest form taken, in KB
    #[arg(long, env = "MEIYUE_BODY_LIMIT", value_name = "KB", default_value = "64",
          value_parser = clap::value_parser!(u32).range(1..=10_240))]
    pub body_limit: u32,

    /// Seconds after which a request is given up
    #[arg(long, env = "MEIYUE_TIMEOUT", value_name = "SECONDS", default_value = "30",
          value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,

    /// Seconds that running requests may still take when the server is told to stop
    #[arg(long, env = "MEIYUE_GRACE", value_name = "SECONDS", default_value = "10",
          value_parser = clap::value_parser!(u64).range(0..=600))]
    pub grace: u64,

    /// Let others than this machine read /metrics (true, false)
    #[arg(long, env = "MEIYUE_METRICS_PUBLIC", value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", default_value = "false")]
    pub metrics_public: bool,

    /// Mail server: smtps://<user>:<password>@<host>:<port>. Without it, mails are only logged
    #[arg(long, env = "MEIYUE_SMTP_URL", value_name = "URL", value_parser = secret)]
    pub smtp_url: Option<SecretString>,

    /// Sender of mails: "Name <address>"
    #[arg(long, env = "MEIYUE_SMTP_FROM", value_name = "MAILBOX", value_parser = mailbox)]
    pub smtp_from: Option<String>,

    /// Where text messages and WeChat messages are posted to. Without it, they are only logged
    #[arg(long, env = "MEIYUE_WEBHOOK_URL", value_name = "URL", value_parser = base_url)]
    pub webhook_url: Option<String>,

    /// Secret that signs what is posted there (HMAC-SHA256), at least 16 characters
    #[arg(long, env = "MEIYUE_WEBHOOK_SECRET", value_name = "SECRET", value_parser = secret)]
    pub webhook_secret: Option<SecretString>,

    /// File that messages without a provider are appended to, for trying things out; it holds codes and links
    #[arg(long, env = "MEIYUE_OUTBOX_FILE", value_name = "FILE")]
    pub outbox_file: Option<PathBuf>,
}

impl Settings {
    /// The database to use; a file in the data folder unless told otherwise.
    #[must_use]
    pub fn database(&self) -> SecretString {
        self.database_url.clone().unwrap_or_else(|| {
            SecretString::from(format!("sqlite://{}", self.data_dir.join("meiyue.db").display()))
        })
    }

    /// The database's address as the store opens it: an SQLite file is made when it does not exist.
    #[must_use]
    pub fn database_to_open(&self) -> SecretString {
        let url = self.database();
        let text = url.expose_secret();
        if text.starts_with("sqlite://") && !text.contains('?') {
            return SecretString::from(format!("{text}?mode=rwc"));
        }
        url
    }

    /// The file of an SQLite database; `None` for PostgreSQL.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.database();
        let path = url.expose_secret().strip_prefix("sqlite://")?;
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// Address that customers see, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> String {
        match &self.base_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.addr),
        }
    }

    /// Whether cookies are for TLS only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure_cookies.unwrap_or_else(|| self.base().starts_with("https://"))
    }

    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// What no single setting can be asked about.
    ///
    /// # Errors
    /// One line that names the settings.
    pub fn check(&self) -> Result<(), String> {
        if self.smtp_url.is_some() && self.smtp_from.is_none() {
            return Err("smtp_url needs smtp_from, the sender of mails".to_owned());
        }
        if self.demo_clock.is_some() && !self.demo {
            return Err("demo_clock needs demo: real data needs the real time".to_owned());
        }
        match (&self.webhook_url, &self.webhook_secret) {
            (Some(_), None) => Err("webhook_url needs webhook_secret, which signs what is posted".to_owned()),
            (_, Some(secret)) if secret.expose_secret().len() < 16 => {
                Err("webhook_secret is too short: at least 16 characters".to_owned())
            }
            _ => Ok(()),
        }
    }
}

fn database_url(raw: &str) -> Result<SecretString, String> {
    const ALLOWED: &str = "allowed: sqlite://<file> or postgres://<user>:<password>@<host>/<name>";
    let known = ["sqlite://", "postgres://"].iter().any(|scheme| raw.starts_with(scheme));
    if !known {
        return Err(ALLOWED.to_owned());
    }
    if raw.contains(":memory:") {
        return Err(format!("a database in memory would be lost; {ALLOWED}"));
    }
    Ok(SecretString::from(raw))
}

fn moment(raw: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(raw)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| "allowed: a time with its offset, like 2026-06-10T14:36:00+08:00".to_owned())
}

fn base_url(raw: &str) -> Result<String, String> {
    const ALLOWED: &str = "allowed: http:// or https:// and a host";
    let uri: Uri = raw.parse().map_err(|_| ALLOWED.to_owned())?;
    match (uri.scheme_str(), uri.authority()) {
        (Some("http" | "https"), Some(_)) => Ok(raw.to_owned()),
        _ => Err(ALLOWED.to_owned()),
    }
}

fn log_filter(raw: &str) -> Result<String, String> {
    EnvFilter::try_new(raw).map(|_| raw.to_owned()).map_err(|error| error.to_string())
}

fn mailbox(raw: &str) -> Result<String, String> {
    raw.parse::<lettre::message::Mailbox>().map(|_| raw.to_owned()).map_err(|error| error.to_string())
}
