//! Server functions of the days after a service. The branch is the one that the signed-in person works in or looks at.

use crate::error::AppError;
use domain::{
    booking::BookingView,
    care::{AfterService, CallForm, CallsPage, ConcernForm, OutcomeForm, RecheckForm, RecheckPage},
    treat::Treatment,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::care::CallList;

/// The re-check behind a link, with the free times while it can be booked (CARE-1). Without a wish and without `anyone`,
/// the person who did the service.
#[server(name = ReadRecheck, prefix = "/api", endpoint = "care/recheck")]
pub async fn recheck(
    token: String,
    #[server(default)] who: String,
    #[server(default)] anyone: bool,
    #[server(default)] day: String,
) -> Result<RecheckPage, AppError> {
    // An old address still leads somewhere: what cannot be read is not asked for.
    let (who, day) = (who.parse().ok(), day.parse().ok());
    Ok(store::care::page(&op_context()?, &token, who, anyone, day).await?)
}

/// Books it, and leads to the booking.
#[server(prefix = "/api", endpoint = "care/book_recheck")]
pub async fn book_recheck(#[server(flatten)] form: RecheckForm) -> Result<BookingView, AppError> {
    let booking = store::care::book(&op_context()?, form.check()?).await?;
    leptos_axum::redirect(&format!("/b/{}", booking.token));
    Ok(booking)
}

/// The customer does not need it.
#[server(prefix = "/api", endpoint = "care/decline")]
pub async fn decline(token: String) -> Result<(), AppError> {
    store::care::decline(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/c/{token}"));
    Ok(())
}

/// What was found, at the chair.
#[server(prefix = "/api", endpoint = "care/outcome")]
pub async fn outcome(#[server(flatten)] form: OutcomeForm) -> Result<Treatment, AppError> {
    Ok(store::care::record_outcome(&op_context()?, &form.check()?).await?)
}

/// Calls that are due, to come, or over (CARE-2).
#[server(name = ReadCalls, prefix = "/api", endpoint = "care/calls")]
pub async fn calls(
    #[server(default)] list: String,
    #[server(default)] who: String,
    #[server(default)] after: Option<String>,
) -> Result<CallsPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let list = CallList::from_code(&list).unwrap_or_default();
    let query = store::care::CallsQuery { list, who: who.parse().ok(), after };
    Ok(store::care::calls(&cx, branch, &query).await?)
}

/// How a call went.
#[server(prefix = "/api", endpoint = "care/record_call")]
pub async fn record_call(#[server(flatten)] form: CallForm) -> Result<(), AppError> {
    Ok(store::care::record_call(&op_context()?, &form.check()?).await?)
}

/// Keeps a concern from now on.
#[server(prefix = "/api", endpoint = "care/take_concern")]
pub async fn take_concern(concern: String, version: i32) -> Result<(), AppError> {
    let id = concern.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::care::take_concern(&op_context()?, id, version).await?)
}

/// A concern is settled.
#[server(prefix = "/api", endpoint = "care/close_concern")]
pub async fn close_concern(#[server(flatten)] form: ConcernForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let (id, result, version) = form.check()?;
    Ok(store::care::close_concern(&cx, id, &result, version).await?)
}

/// The days after the visit that a booking became, by its link.
#[server(prefix = "/api", endpoint = "care/of_booking")]
pub async fn of_booking(token: String) -> Result<Vec<AfterService>, AppError> {
    Ok(store::care::of_booking(&op_context()?, &token).await?)
}

/// The signed-in customer wishes to be called, or does not.
#[server(prefix = "/api", endpoint = "care/set_calls")]
pub async fn set_calls(#[server(default)] wanted: bool) -> Result<(), AppError> {
    store::care::set_calls(&op_context()?, wanted).await?;
    leptos_axum::redirect("/me");
    Ok(())
}
