//! What a server function answers when it does not do what it was asked.

use domain::{FieldError, Refusal};
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// Codes, never prose; `ui::errors` has the wording. Causes inside the house stay there: `Internal` carries only the
/// code under which they were logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AppError {
    #[error("not signed in")]
    SignedOut,
    #[error("not allowed")]
    Forbidden,
    /// Does not exist, or may not be known to exist.
    #[error("not found")]
    NotFound,
    /// Fields that are wrong; empty when the request as a whole could not be read.
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    /// A rule said no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("internal error {incident}")]
    Internal { incident: String },
    /// The database is away, full or read-only; worth trying again in a while.
    #[error("unavailable {incident}")]
    Unavailable { incident: String },
    /// The browser got no answer that it understands.
    #[error("no answer: {0}")]
    Transport(String),
}

impl AppError {
    /// The HTTP status of this answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::Refused(Refusal::TooMany { .. }) => 429,
            Self::Refused(_) => 409,
            Self::Internal { .. } => 500,
            Self::Unavailable { .. } | Self::Transport(_) => 503,
        }
    }

    /// The error of the form field `name`, if it has one.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<domain::FieldCode> {
        match self {
            Self::Invalid(fields) => fields.iter().find(|f| f.field == name).map(|f| f.code),
            _ => None,
        }
    }
}

impl From<Vec<FieldError>> for AppError {
    fn from(fields: Vec<FieldError>) -> Self {
        answered(Self::Invalid(fields))
    }
}

impl From<FieldError> for AppError {
    fn from(field: FieldError) -> Self {
        vec![field].into()
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        answered(Self::Refused(refusal))
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                answered(Self::Invalid(Vec::new()))
            }
            ServerFnErrorErr::Request(cause)
            | ServerFnErrorErr::Response(cause)
            | ServerFnErrorErr::Deserialization(cause) => Self::Transport(cause),
            other => internal(&other),
        }
    }
}

/// What the public pages read may answer instead: status, and the code of a fault. No rule can refuse them, so that the
/// first page need not carry what reads and words every refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageError(pub u16, pub String);

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        let status = error.status();
        match error {
            AppError::Internal { incident } | AppError::Unavailable { incident } => Self(status, incident),
            _ => Self(status, String::new()),
        }
    }
}

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        #[cfg(feature = "ssr")]
        return AppError::from_server_fn_error(error).into();
        #[cfg(not(feature = "ssr"))]
        {
            let _ = error;
            Self(503, String::new())
        }
    }
}

/// On the server, sets the status of the response; see [`crate::ssr::set_status`] for the exceptions.
fn answered(error: AppError) -> AppError {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(error.status());
    error
}

#[cfg(feature = "ssr")]
fn internal(cause: &dyn std::error::Error) -> AppError {
    crate::ssr::internal(cause)
}

#[cfg(not(feature = "ssr"))]
fn internal(cause: &dyn std::error::Error) -> AppError {
    AppError::Transport(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::FieldCode;

    #[test]
    fn survives_the_way_to_the_browser() {
        for error in [
            AppError::SignedOut,
            AppError::Invalid(vec![FieldError::new("phone", FieldCode::Phone)]),
            AppError::Refused(Refusal::CodeWrong { left: 2 }),
            AppError::Internal { incident: "E-1".to_owned() },
        ] {
            assert_eq!(AppError::de(error.ser()), error);
        }
    }

    #[test]
    fn a_public_page_knows_what_it_shows() {
        for (error, want) in [
            (AppError::NotFound, PageError(404, String::new())),
            (AppError::Internal { incident: "E-1".to_owned() }, PageError(500, "E-1".to_owned())),
            (AppError::Transport("x".to_owned()), PageError(503, String::new())),
        ] {
            let page = PageError::from(error);
            assert_eq!(page, want);
            assert_eq!(PageError::de(page.ser()), want);
        }
        assert_eq!(PageError::de("<html>".as_bytes().to_vec().into()).0, 503);
    }

    #[test]
    fn an_answer_that_is_none_is_a_transport_error() {
        assert!(matches!(AppError::de("<html>".as_bytes().to_vec().into()), AppError::Transport(_)));
    }
}
