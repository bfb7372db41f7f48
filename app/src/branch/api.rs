//! What the public may read of the chain and its branches.

use crate::error::PageError;
use domain::branch::{ChainPage, SalonPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{error::AppError, ssr::op_context};

/// The chain's branches.
#[server(prefix = "/api", endpoint = "branch/chain")]
pub async fn chain() -> Result<ChainPage, PageError> {
    Ok(store::branch::chain(&op_context()?).await.map_err(AppError::from)?)
}

/// One branch with its menu and the promises a customer looks at before booking.
#[server(prefix = "/api", endpoint = "branch/salon")]
pub async fn salon(slug: String) -> Result<SalonPage, PageError> {
    Ok(store::branch::salon(&op_context()?, &slug).await.map_err(AppError::from)?)
}
