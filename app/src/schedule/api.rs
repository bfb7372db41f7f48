//! Server functions of the schedule. The branch is always the one that the signed-in person works in or looks at; a
//! plain form comes back to the page it was sent from.

use crate::error::AppError;
use domain::booking::EnterForm;
use domain::schedule::{
    BookingSheet, FeedCard, NewPage, NewQuery, Place, SalonErrorForm, Schedule, ScheduleQuery,
    StaffCancelForm, StaffMoveForm,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::{FieldError, schedule::check_day};

/// The day, the week or the month.
#[server(name = ReadSchedule, prefix = "/api", endpoint = "schedule/page")]
pub async fn page(#[server(flatten)] form: ScheduleQuery) -> Result<Schedule, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::schedule::page(&cx, branch, form.check()).await?)
}

/// One booking, with the free times of a person and a day for moving it.
#[server(name = ReadBooking, prefix = "/api", endpoint = "schedule/booking")]
pub async fn booking(
    booking: String,
    #[server(default)] who: String,
    #[server(default)] day: String,
) -> Result<BookingSheet, AppError> {
    let cx = op_context()?;
    let id = booking.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::booking::sheet(&cx, id, (who.parse().ok(), check_day(&day).ok())).await?)
}

/// Where a booking could go between two days.
#[server(name = ReadPlaces, prefix = "/api", endpoint = "schedule/places")]
pub async fn places(booking: String, from: String, to: String) -> Result<Vec<Place>, AppError> {
    let cx = op_context()?;
    let id = booking.parse().map_err(|_| store::Error::NotFound)?;
    let from = check_day(&from).map_err(|code| FieldError::new("from", code))?;
    let to = check_day(&to).map_err(|code| FieldError::new("to", code))?;
    Ok(store::booking::places(&cx, id, from, to).await?)
}

/// Moves a booking to another time or person and leads back. Gives the version it has then. One page may try several
/// times: the key is the page's, made one for each place.
#[server(name = MoveBooking, prefix = "/api", endpoint = "schedule/move")]
pub async fn move_booking(
    #[server(flatten)] form: StaffMoveForm,
    #[server(default)] back: String,
) -> Result<i32, AppError> {
    let minute = form.time.replace(':', "");
    let key = format!("{}-{}-{}-{}", form.key.trim(), form.day.trim(), minute.trim(), form.version.trim());
    let version =
        store::booking::move_by_staff(&op_context()?, StaffMoveForm { key, ..form }.check()?).await?;
    lead_back(&back, "moved");
    Ok(version)
}

/// Cancels a booking for the customer or the salon.
#[server(name = CancelBooking, prefix = "/api", endpoint = "schedule/cancel")]
pub async fn cancel_booking(
    #[server(flatten)] form: StaffCancelForm,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    store::booking::cancel_by_staff(&op_context()?, form.check()?).await?;
    lead_back(&back, "cancelled");
    Ok(())
}

/// Marks a booking as one that the salon got wrong.
#[server(name = MarkError, prefix = "/api", endpoint = "schedule/error")]
pub async fn mark_error(
    #[server(flatten)] form: SalonErrorForm,
    #[server(default)] back: String,
) -> Result<(), AppError> {
    store::booking::mark_salon_error(&op_context()?, form.check()?).await?;
    lead_back(&back, "marked");
    Ok(())
}

/// Where the staff book for a customer.
#[server(name = ReadNewPage, prefix = "/api", endpoint = "schedule/new_page")]
pub async fn new_page(#[server(flatten)] form: NewQuery) -> Result<NewPage, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    Ok(store::booking::new_page(&cx, branch, form.check()).await?)
}

/// Books for a customer and leads to the day.
#[server(name = EnterBooking, prefix = "/api", endpoint = "schedule/enter")]
pub async fn enter(#[server(flatten)] form: EnterForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let key = format!("{}-{}", form.key.trim(), form.at.trim());
    let form = EnterForm { key, ..form };
    let day = super::address::iso(store::booking::enter_day(&cx, branch, form.check()?).await?);
    leptos_axum::redirect(&format!("/schedule?view=day&day={day}&done=entered"));
    Ok(())
}

/// One's own calendar (BOOK-13).
#[server(name = ReadFeed, prefix = "/api", endpoint = "schedule/feed")]
pub async fn feed() -> Result<FeedCard, AppError> {
    let card = store::schedule::feed(&op_context()?).await?;
    Ok(drawn(card))
}

/// A new address for one's calendar.
#[server(name = RenewFeed, prefix = "/api", endpoint = "schedule/feed_renew")]
pub async fn feed_renew() -> Result<FeedCard, AppError> {
    let card = store::schedule::feed_renew(&op_context()?).await?;
    leptos_axum::redirect("/account?done=calendar#calendar");
    Ok(drawn(card))
}

/// Switches one's calendar off.
#[server(name = RevokeFeed, prefix = "/api", endpoint = "schedule/feed_revoke")]
pub async fn feed_revoke() -> Result<FeedCard, AppError> {
    let card = store::schedule::feed_revoke(&op_context()?).await?;
    leptos_axum::redirect("/account?done=calendar#calendar");
    Ok(drawn(card))
}

#[cfg(feature = "ssr")]
fn drawn(card: FeedCard) -> FeedCard {
    let qr = card.address.as_deref().map(crate::ssr::qr).unwrap_or_default();
    FeedCard { qr, ..card }
}

/// To the page of the schedule from which it was sent, which says what has been done.
#[cfg(feature = "ssr")]
fn lead_back(back: &str, done: &str) {
    let page = back.split('#').next().unwrap_or_default();
    let ours = page.starts_with("/schedule?") && page.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let page = if ours { page } else { "/schedule?view=day" };
    leptos_axum::redirect(&format!("{page}&done={done}"));
}
