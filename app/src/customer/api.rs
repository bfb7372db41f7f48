//! The customer's own bookings, signing in by phone and one-time code, and the place in the queue.

use crate::error::AppError;
use domain::{
    Page,
    account::{CodeForm, Me, PhoneForm},
    booking::{BookingLine, waitlist::WaitLine},
    care::CareHome,
    desk::{
        QueueView,
        arrive::{ArriveForm, ArriveView},
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::ssr::{op_context, set_session};

/// My bookings, the next ones first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyPage {
    pub me: Me,
    pub page: Page<BookingLine>,
    /// What is waited for, on the first page (BOOK-10).
    pub waits: Vec<WaitLine>,
    /// Wall time of the server, to tell what is still to come, in milliseconds.
    pub now_ms: i64,
    /// The days after the last visits; only with the first page.
    pub care: Option<CareHome>,
}

/// Own bookings, a page of them.
#[server(prefix = "/api", endpoint = "customer/mine")]
pub async fn mine(#[server(default)] after: Option<String>) -> Result<MyPage, AppError> {
    let cx = op_context()?;
    let first = after.is_none();
    let page = store::booking::mine(&cx, after).await?;
    let care = if first { Some(store::care::of_customer(&cx).await?) } else { None };
    let waits = if first { store::waitlist::mine(&cx).await? } else { Vec::new() };
    Ok(MyPage { me: store::account::me(&cx).await?, page, waits, now_ms: cx.now().timestamp_millis(), care })
}

/// The phone to which a code was sent a moment ago, so that the page can ask for it without scripts too.
#[server(prefix = "/api", endpoint = "customer/pending_phone")]
pub async fn pending_phone() -> Result<Option<String>, AppError> {
    Ok(super::pending::read())
}

/// Sends a code to sign in with. Says the same whether or not the phone is known.
#[server(prefix = "/api", endpoint = "customer/send_code")]
pub async fn send_code(#[server(flatten)] form: PhoneForm) -> Result<String, AppError> {
    let phone = form.check()?;
    store::account::send_code(&op_context()?, &phone, "sign_in").await?;
    super::pending::write(phone.reveal());
    Ok(phone.reveal().to_owned())
}

/// Forgets the phone, to type another one.
#[server(prefix = "/api", endpoint = "customer/other_phone")]
pub async fn other_phone() -> Result<(), AppError> {
    super::pending::clear();
    leptos_axum::redirect("/me/sign-in");
    Ok(())
}

/// Signs in with the code and leads to the own bookings.
#[server(prefix = "/api", endpoint = "customer/sign_in")]
pub async fn sign_in(#[server(flatten)] form: CodeForm) -> Result<(), AppError> {
    let (phone, code) = form.check()?;
    let session = store::account::sign_in_with_code(&op_context()?, &phone, &code).await?;
    set_session(&session.token, session.expires_at);
    super::pending::clear();
    leptos_axum::redirect("/me");
    Ok(())
}

/// The place in the queue, by the visit's link (DESK-2).
#[server(prefix = "/api", endpoint = "customer/queue")]
pub async fn queue(token: String) -> Result<QueueView, AppError> {
    Ok(store::desk::queue(&op_context()?, &token).await?)
}

/// The page behind the code at the door (DESK-7); `link` is what the code carries.
#[server(prefix = "/api", endpoint = "customer/arrive_page")]
pub async fn arrive_page(slug: String, link: String) -> Result<ArriveView, AppError> {
    Ok(store::desk::arrive_page(&op_context()?, &slug, &link).await?)
}

/// Checks in a booking of today by the end of the phone number and the booking's code; leads to the queue.
#[server(prefix = "/api", endpoint = "customer/arrive")]
pub async fn arrive(slug: String, link: String, #[server(flatten)] form: ArriveForm) -> Result<(), AppError> {
    let ticket = store::desk::arrive(&op_context()?, &slug, &link, form.check()?).await?;
    leptos_axum::redirect(&ticket.link);
    Ok(())
}

/// "I am here", by the booking's own link; leads to the queue.
#[server(prefix = "/api", endpoint = "customer/here")]
pub async fn here(token: String) -> Result<(), AppError> {
    let ticket = store::desk::arrive_by_link(&op_context()?, &token).await?;
    leptos_axum::redirect(&ticket.link);
    Ok(())
}

/// Takes a ticket without a booking; leads to the queue. `services[]` are ids.
#[server(prefix = "/api", endpoint = "customer/take_ticket")]
pub async fn take_ticket(
    slug: String,
    link: String,
    #[server(default)] name: String,
    #[server(default)] phone: String,
    #[server(default)] services: Vec<String>,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    let form = domain::desk::arrive::TicketForm { name, phone, services: services.join(","), key };
    let ticket = store::desk::take_ticket(&op_context()?, &slug, &link, form.check()?).await?;
    leptos_axum::redirect(&ticket.link);
    Ok(())
}
