//! Server functions of the checklists' editor, for the branch that the signed-in person works in or looks at.

use crate::error::AppError;
use domain::{
    care::{PolicyForm, ScriptForm},
    sop::{AdviceForm, PublishForm, SopForm, SopList, SopPage},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};

/// The services with their checklists.
#[server(name = ReadSops, prefix = "/api", endpoint = "sop/list")]
pub async fn list() -> Result<SopList, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::sop::list(&cx, branch).await?)
}

/// The editor of a service; `compare` is a version of the history, or 0 for the draft.
#[server(name = ReadSop, prefix = "/api", endpoint = "sop/page")]
pub async fn page(service: String, #[server(default)] compare: Option<u32>) -> Result<SopPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let service = service.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::sop::page(&cx, branch, service, compare).await?)
}

/// Changes the draft.
#[server(name = EditSop, prefix = "/api", endpoint = "sop/edit")]
pub async fn edit(#[server(flatten)] form: SopForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::sop::edit(&cx, branch, &form.check()?).await?)
}

/// The draft counts from now on.
#[server(name = PublishSop, prefix = "/api", endpoint = "sop/publish")]
pub async fn publish(#[server(flatten)] form: PublishForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let (service, version, note) = form.check()?;
    Ok(store::sop::publish(&cx, branch, service, version, &note).await?)
}

/// Throws the draft away.
#[server(name = DiscardSop, prefix = "/api", endpoint = "sop/discard")]
pub async fn discard(service: String, version: i32) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let service = service.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::sop::discard(&cx, branch, service, version).await?)
}

/// Adds, changes or retires a piece of aftercare advice.
#[server(name = EditAdvice, prefix = "/api", endpoint = "sop/advice")]
pub async fn advice(#[server(flatten)] form: AdviceForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let (service, edit) = form.check()?;
    Ok(store::sop::edit_advice(&cx, branch, service, &edit).await?)
}

/// How long the re-check stays open and when customers are called (CARE-1, CARE-2).
#[server(name = SavePolicy, prefix = "/api", endpoint = "care/save_policy")]
pub async fn save_policy(#[server(flatten)] form: PolicyForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let (service, policy) = form.check()?;
    Ok(store::care::save_policy(&cx, branch, service, &policy).await?)
}

/// The words of a call.
#[server(name = SaveScript, prefix = "/api", endpoint = "care/save_script")]
pub async fn save_script(#[server(flatten)] form: ScriptForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let (service, day, words) = form.check()?;
    Ok(store::care::save_script(&cx, branch, service, day, &words).await?)
}
