//! Server functions of the waitlist.

use crate::error::AppError;
use domain::{
    Page,
    booking::{
        DeskMenu, SlotQuery,
        waitlist::{WaitForm, WaitLine, WaitPage, WaitView},
    },
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    account::api::branch_of,
    ssr::{op_context, set_session},
};

/// What to ask of who wants to wait for what is chosen.
#[server(name = ReadWaitPage, prefix = "/api", endpoint = "waitlist/page")]
pub async fn page(#[server(flatten)] form: SlotQuery) -> Result<WaitPage, AppError> {
    Ok(store::waitlist::page(&op_context()?, form.check()?).await?)
}

/// Onto the list, and to the entry's page; who is not signed in proves the phone there.
#[server(prefix = "/api", endpoint = "waitlist/join")]
pub async fn join(#[server(flatten)] form: WaitForm) -> Result<(), AppError> {
    let token = store::waitlist::join(&op_context()?, form.check()?).await?;
    leptos_axum::redirect(&format!("/w/{token}"));
    Ok(())
}

/// An entry, by its link.
#[server(name = ReadWaitEntry, prefix = "/api", endpoint = "waitlist/entry")]
pub async fn entry(token: String) -> Result<WaitView, AppError> {
    Ok(store::waitlist::view(&op_context()?, &token).await?)
}

/// Sends the code once more.
#[server(prefix = "/api", endpoint = "waitlist/send_code")]
pub async fn send_code(token: String) -> Result<(), AppError> {
    store::waitlist::send_code(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/w/{token}"));
    Ok(())
}

/// The code proves the phone: waits from now on, signed in.
#[server(prefix = "/api", endpoint = "waitlist/verify")]
pub async fn verify(token: String, #[server(default)] code: String) -> Result<(), AppError> {
    let code = domain::account::check_code(&code)
        .map_err(|code| AppError::Invalid(vec![domain::FieldError::new("code", code)]))?;
    let (_, session) = store::waitlist::verify(&op_context()?, &token, &code).await?;
    set_session(&session.token, session.expires_at);
    leptos_axum::redirect(&format!("/w/{token}"));
    Ok(())
}

/// Takes what is offered and leads to the booking.
#[server(prefix = "/api", endpoint = "waitlist/accept")]
pub async fn accept(token: String) -> Result<(), AppError> {
    let booking = store::waitlist::accept(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/b/{booking}"));
    Ok(())
}

/// Lets the next one have it, and goes on waiting.
#[server(prefix = "/api", endpoint = "waitlist/decline")]
pub async fn decline(token: String) -> Result<(), AppError> {
    store::waitlist::decline(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/w/{token}"));
    Ok(())
}

/// Off the list.
#[server(prefix = "/api", endpoint = "waitlist/leave")]
pub async fn leave(token: String) -> Result<(), AppError> {
    store::waitlist::leave(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/w/{token}"));
    Ok(())
}

/// The signed-in customer's entries.
#[server(prefix = "/api", endpoint = "waitlist/mine")]
pub async fn mine() -> Result<Vec<WaitLine>, AppError> {
    Ok(store::waitlist::mine(&op_context()?).await?)
}

/// The branch's waitlist, a page of it: who waits, or what has been.
#[server(prefix = "/api", endpoint = "waitlist/list")]
pub async fn list(
    #[server(default)] past: bool,
    #[server(default)] after: Option<String>,
) -> Result<Page<WaitLine>, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::waitlist::list(&cx, branch, past, after).await?)
}

/// The menu and who works here, for what the desk enters.
#[server(prefix = "/api", endpoint = "waitlist/menu")]
pub async fn menu() -> Result<DeskMenu, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::booking::desk_menu(&cx, branch).await?)
}

/// The desk puts a customer onto the list.
#[server(prefix = "/api", endpoint = "waitlist/enter")]
pub async fn enter(#[server(flatten)] form: WaitForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    store::waitlist::enter(&cx, branch, form.check()?).await?;
    leptos_axum::redirect("/desk/waitlist");
    Ok(())
}

/// The desk takes an entry off the list.
#[server(prefix = "/api", endpoint = "waitlist/remove")]
pub async fn remove(token: String) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    store::waitlist::remove(&cx, branch, &token).await?;
    leptos_axum::redirect("/desk/waitlist");
    Ok(())
}
