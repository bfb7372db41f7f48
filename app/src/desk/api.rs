//! Server functions of the front desk. The branch is always the one that the signed-in person works in or looks at.

use crate::error::AppError;
use domain::{
    customer::CustomerHit,
    desk::{Board, CheckInForm, QueueView, ReasonForm, TicketView, VisitForm, WalkInPage},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    account::api::{branch_of, staff},
    ssr::op_context,
};
#[cfg(feature = "ssr")]
use domain::desk::{AssignForm, WalkInForm};

/// The live board (DESK-1).
#[server(name = ReadBoard, prefix = "/api", endpoint = "desk/board")]
pub async fn board() -> Result<Board, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::board(&cx, branch).await?)
}

/// Customers by phone tail, name or pinyin initials; nobody for what is too short to search.
#[server(prefix = "/api", endpoint = "desk/find")]
pub async fn find(#[server(default)] q: String) -> Result<Vec<CustomerHit>, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    match domain::desk::check_search(&q) {
        Ok(q) => Ok(store::desk::find(&cx, branch, &q).await?),
        Err(_) => Ok(Vec::new()),
    }
}

/// Checks a booking in (DESK-2).
#[server(prefix = "/api", endpoint = "desk/check_in")]
pub async fn check_in(#[server(flatten)] form: CheckInForm) -> Result<TicketView, AppError> {
    let cx = op_context()?;
    Ok(store::desk::check_in(&cx, form.check()?).await?)
}

/// The menu and who is here, for a walk-in.
#[server(name = ReadWalkInPage, prefix = "/api", endpoint = "desk/walk_in_page")]
pub async fn walk_in_page() -> Result<WalkInPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::desk::walk_in_page(&cx, branch).await?)
}

/// Takes a walk-in and leads to the ticket (DESK-2). `services[]` are ids.
#[server(prefix = "/api", endpoint = "desk/walk_in")]
pub async fn walk_in(
    #[server(default)] customer: String,
    #[server(default)] name: String,
    #[server(default)] phone: String,
    #[server(default)] services: Vec<String>,
    #[server(default)] who: String,
    #[server(default)] key: String,
) -> Result<TicketView, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let form = WalkInForm { customer, name, phone, services: services.join(","), who, key };
    let ticket = store::desk::walk_in(&cx, branch, form.check()?).await?;
    leptos_axum::redirect(&format!("/desk/walk-in?ticket={}", ticket.link.trim_start_matches("/q/")));
    Ok(ticket)
}

/// The ticket of a visit, by its token, with the code for the customer's phone.
#[server(prefix = "/api", endpoint = "desk/ticket")]
pub async fn ticket(token: String) -> Result<(QueueView, domain::booking::Qr), AppError> {
    let cx = op_context()?;
    staff(&cx).await?;
    let queue = store::desk::queue(&cx, &token).await?;
    Ok((queue, crate::ssr::qr_of_path(&cx, &format!("/q/{token}"))))
}

/// Asks somebody to receive the customer (DESK-3).
#[server(prefix = "/api", endpoint = "desk/assign")]
pub async fn assign(visit: String, staff: String, #[server(default)] version: i32) -> Result<(), AppError> {
    let cx = op_context()?;
    let (visit, person, version) = AssignForm { visit, staff, version }.check()?;
    Ok(store::desk::assign(&cx, visit, person, version).await?)
}

/// The customer has been told about the wait (DESK-4).
#[server(prefix = "/api", endpoint = "desk/told")]
pub async fn told(#[server(flatten)] form: VisitForm) -> Result<(), AppError> {
    let cx = op_context()?;
    Ok(store::desk::told(&cx, form.check()?).await?)
}

/// Why somebody waited longer than promised (DESK-4).
#[server(prefix = "/api", endpoint = "desk/reason")]
pub async fn reason(#[server(flatten)] form: ReasonForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let (visit, reason, note) = form.check()?;
    Ok(store::desk::reason(&cx, visit, reason, note).await?)
}

/// The customer went without being served.
#[server(prefix = "/api", endpoint = "desk/left")]
pub async fn left(#[server(flatten)] form: VisitForm) -> Result<(), AppError> {
    let cx = op_context()?;
    Ok(store::desk::left(&cx, form.check()?).await?)
}
