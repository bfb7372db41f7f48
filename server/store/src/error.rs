//! Why a verb did not do it.

use domain::{FieldCode, FieldError, Refusal};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use std::{error::Error as StdError, fmt};

pub type Result<T> = std::result::Result<T, Error>;

/// What a verb answers when it did not do what it was asked.
#[derive(Debug)]
pub enum Error {
    /// Someone has to sign in first.
    SignedOut,
    /// The actor may not do this.
    Forbidden,
    /// There is no such thing, or none the actor may know of.
    NotFound,
    /// Fields are missing or cannot be right.
    Invalid(Vec<FieldError>),
    /// A rule said no.
    Refused(Refusal),
    /// The database is away, full or read-only: worth trying again later.
    Unavailable(BoxError),
    /// A fault of ours, to be logged and shown to nobody.
    Internal(BoxError),
}

pub type BoxError = Box<dyn StdError + Send + Sync>;

impl Error {
    /// A fault of ours, described in plain words.
    pub fn internal(what: impl Into<BoxError>) -> Self {
        Self::Internal(what.into())
    }

    /// One field is wrong.
    #[must_use]
    pub fn field(field: &str, code: FieldCode) -> Self {
        Self::Invalid(vec![FieldError::new(field, code)])
    }

    /// The transaction lost against another one and may simply be tried again.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Internal(source) | Self::Unavailable(source) => source
                .downcast_ref::<DbErr>()
                .is_some_and(|e| code_of(e).is_some_and(|c| CONFLICTS.contains(&&*c))),
            _ => false,
        }
    }

    /// The name of the database's rule that was violated, the same on both databases (see [`constraint`]).
    #[must_use]
    pub fn constraint(&self) -> Option<String> {
        match self {
            Self::Internal(source) => source.downcast_ref::<DbErr>().and_then(constraint),
            _ => None,
        }
    }
}

/// Serialisation failure and deadlock of PostgreSQL.
const CONFLICTS: [&str; 2] = ["40001", "40P01"];

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignedOut => f.write_str("not signed in"),
            Self::Forbidden => f.write_str("not allowed"),
            Self::NotFound => f.write_str("not found"),
            Self::Invalid(fields) => write!(f, "invalid: {fields:?}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            Self::Unavailable(source) => write!(f, "unavailable: {source}"),
            Self::Internal(source) => write!(f, "internal: {source}"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unavailable(source) | Self::Internal(source) => Some(&**source),
            _ => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(fields: Vec<FieldError>) -> Self {
        Self::Invalid(fields)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match constraint(&error).as_deref() {
            // BOOK-6: the loser of a race; the verb adds the nearest free times.
            Some("allocation_overlap") => Self::Refused(Refusal::SlotTaken { nearest: Vec::new() }),
            Some("rota_overlap") => Self::Refused(Refusal::ShiftsOverlap),
            Some("uq_visit_booking_id") => Self::Refused(Refusal::AlreadyArrived),
            Some("uq_response_survey_id") => Self::Refused(Refusal::AlreadyAnswered),
            _ if is_away(&error) => Self::Unavailable(error.into()),
            _ => Self::Internal(error.into()),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        DbErr::Query(RuntimeErr::SqlxError(std::sync::Arc::new(error))).into()
    }
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}

fn code_of(error: &DbErr) -> Option<String> {
    match driver_error(error)? {
        sqlx::Error::Database(e) => e.code().map(Into::into),
        _ => None,
    }
}

/// The name of the rule that a statement violated: of a constraint, a trigger, or a unique index, which are all named
/// `uq_<table>_<column>_<column>`. SQLite tells columns only; they are turned into that name.
#[must_use]
pub fn constraint(error: &DbErr) -> Option<String> {
    let sqlx::Error::Database(e) = driver_error(error)? else { return None };
    if let Some(name) = e.constraint() {
        return Some(name.to_owned());
    }
    let message = e.message();
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        let mut columns = columns.split(", ");
        let mut name = format!("uq_{}", columns.next()?.replace('.', "_"));
        for column in columns {
            name.push('_');
            name.push_str(column.rsplit('.').next()?);
        }
        return Some(name);
    }
    if let Some(name) = message.strip_prefix("CHECK constraint failed: ") {
        return Some(name.to_owned());
    }
    // Raised by a trigger: the message is the rule's name.
    (e.code().as_deref() == Some("1811")).then(|| message.to_owned())
}

/// The database cannot be reached, is out of connections or room, or does not take writes.
fn is_away(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return true;
    }
    match driver_error(error) {
        Some(sqlx::Error::Database(e)) => match e.code().as_deref() {
            // PostgreSQL: connection lost, out of room or connections, shutting down, read-only.
            Some(code) if code.len() == 5 => {
                code.starts_with("08")
                    || code.starts_with("53")
                    || code.starts_with("57P")
                    || matches!(code, "25006" | "57014" | "55P03")
            }
            // SQLite: busy, locked, read-only, I/O error, full, cannot open. Extended codes keep the low byte.
            Some(code) => {
                code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14))
            }
            None => false,
        },
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_),
        ) => true,
        _ => matches!(error, DbErr::Conn(_)),
    }
}
