//! The public promise wall and the records behind it.

use crate::error::AppError;
use domain::promise::EvidencePage;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::op_context;
#[cfg(feature = "ssr")]
use domain::promise::Promise;

/// All promises of a branch over the last year.
#[server(prefix = "/api", endpoint = "promise/wall")]
pub async fn wall(slug: String) -> Result<domain::promise::Wall, AppError> {
    Ok(store::promise::wall(&op_context()?, &slug).await?)
}

/// The records behind one promise, without names.
#[server(prefix = "/api", endpoint = "promise/records")]
pub async fn records(
    slug: String,
    code: String,
    #[server(default)] missed: bool,
    #[server(default)] after: Option<String>,
) -> Result<EvidencePage, AppError> {
    let promise = Promise::from_code(&code).ok_or(AppError::NotFound)?;
    Ok(store::promise::public_evidence(&op_context()?, &slug, promise, missed, after).await?)
}
