use crate::config::Settings;
use std::{fmt, path::Path};

/// Why a command did not do what it should: one line, and the exit code (2 when a setting has to change, else 1).
#[derive(Debug)]
pub struct Fault {
    pub code: u8,
    pub line: String,
}

impl Fault {
    /// Something outside is not as it has to be.
    pub fn new(line: impl Into<String>) -> Self {
        Self { code: 1, line: line.into() }
    }

    /// A setting or argument has to change.
    pub fn setting(line: impl Into<String>) -> Self {
        Self { code: 2, line: line.into() }
    }

    /// The database cannot be used. Its address is named without user and password.
    #[must_use]
    pub fn database(settings: &Settings, error: &store::Error) -> Self {
        Self::new(format!("the database {} cannot be used: {}", place(settings), root(error)))
    }

    #[must_use]
    pub fn file(what: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("{what} {}: {error}", path.display()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl std::error::Error for Fault {}

/// Where the database is, as may be shown.
pub fn place(settings: &Settings) -> String {
    use secrecy::ExposeSecret;
    if let Some(file) = settings.sqlite_file() {
        return file.display().to_string();
    }
    let url = settings.database();
    let rest = url.expose_secret().split("://").last().unwrap_or_default().to_owned();
    let after_user = rest.rsplit('@').next().unwrap_or_default();
    format!("postgres://{}", after_user.split('?').next().unwrap_or_default())
}

/// The innermost cause, which names what went wrong; what is around it only says that something did.
fn root(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
