//! What the public may read of the chain and its branches.

use crate::error::AppError;
use domain::branch::{ChainPage, SalonPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::op_context;

/// The chain's branches.
#[server(prefix = "/api", endpoint = "branch/chain")]
pub async fn chain() -> Result<ChainPage, AppError> {
    Ok(store::branch::chain(&op_context()?).await?)
}

/// One branch with its menu and the promises a customer looks at before booking.
#[server(prefix = "/api", endpoint = "branch/salon")]
pub async fn salon(slug: String) -> Result<SalonPage, AppError> {
    Ok(store::branch::salon(&op_context()?, &slug).await?)
}
