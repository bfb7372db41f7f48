//! Server functions of the baths (TREAT-8), for the branch that the signed-in person works in or looks at.

use crate::error::AppError;
use domain::ops::bath::{BathJobForm, BathPage, LimitsForm, ReadingForm};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};

/// All baths with today's readings.
#[server(name = ReadBaths, prefix = "/api", endpoint = "ops/baths")]
pub async fn baths() -> Result<BathPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::ops::bath::page(&cx, branch).await?)
}

/// Keeps readings; out of range closes the area.
#[server(prefix = "/api", endpoint = "ops/read_bath")]
pub async fn read_bath(#[server(flatten)] form: ReadingForm) -> Result<(), AppError> {
    Ok(store::ops::bath::enter(&op_context()?, &form.check()?).await?)
}

/// The work on a closed area is done.
#[server(prefix = "/api", endpoint = "ops/bath_work")]
pub async fn bath_work(#[server(flatten)] form: BathJobForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let (job, note, version) = form.check()?;
    Ok(store::ops::bath::work_done(&cx, job, &note, version).await?)
}

/// Limits and time plan.
#[server(prefix = "/api", endpoint = "ops/bath_limits")]
pub async fn bath_limits(#[server(flatten)] form: LimitsForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::ops::bath::set_limits(&cx, branch, &form.check()?).await?)
}
