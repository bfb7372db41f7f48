//! Free times, holds and bookings. Forms are flattened, so that a plain form names its fields as the domain does; an
//! error comes back in the address and stands next to its field.

use crate::error::AppError;
use domain::booking::{
    BookForm, BookPage, BookingView, CancelForm, ContactForm, DayTimes, HoldForm, HoldView, RescheduleForm,
    SlotQuery, TimesQuery,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::{op_context, qr, set_session};

/// The booking page for what is chosen so far (BOOK-4).
#[server(prefix = "/api", endpoint = "booking/page")]
pub async fn page(#[server(flatten)] form: SlotQuery) -> Result<BookPage, AppError> {
    Ok(store::booking::page(&op_context()?, form.check()?).await?)
}

/// The free times of a day, or of up to a month, and nothing else (BOOK-4): for a calendar of one's own, which would
/// otherwise ask for a page for each day.
#[server(prefix = "/api", endpoint = "booking/times")]
pub async fn free_times(#[server(flatten)] form: TimesQuery) -> Result<Vec<DayTimes>, AppError> {
    let (search, days) = form.check()?;
    Ok(store::booking::free_times(&op_context()?, search, days).await?)
}

/// Keeps a time for a few minutes (BOOK-5) and leads to it. One page may try several times: the key is the page's, made
/// one for each time.
#[server(prefix = "/api", endpoint = "booking/hold")]
pub async fn hold(#[server(flatten)] form: HoldForm) -> Result<(), AppError> {
    let key = format!("{}-{}", form.key.trim(), form.at.trim());
    let held = store::booking::hold(&op_context()?, HoldForm { key, ..form }.check()?).await?;
    leptos_axum::redirect(&format!("/hold/{}", held.token));
    Ok(())
}

/// The held time.
#[server(prefix = "/api", endpoint = "booking/held")]
pub async fn held(token: String) -> Result<HoldView, AppError> {
    Ok(store::booking::held(&op_context()?, &token).await?)
}

/// Gives a held time back and returns to the salon.
#[server(prefix = "/api", endpoint = "booking/release")]
pub async fn release(token: String, branch: String) -> Result<(), AppError> {
    store::booking::release(&op_context()?, &token).await?;
    leptos_axum::redirect(&super::address::salon(&branch));
    Ok(())
}

/// Name and phone for a held time; sends the code (BOOK-14).
#[server(prefix = "/api", endpoint = "booking/send_code")]
pub async fn send_code(#[server(flatten)] form: ContactForm) -> Result<HoldView, AppError> {
    Ok(store::booking::send_code(&op_context()?, form.check()?).await?)
}

/// The code makes the held time a booking, signs the customer in and leads to the booking.
#[server(prefix = "/api", endpoint = "booking/book")]
pub async fn book(#[server(flatten)] form: BookForm) -> Result<(), AppError> {
    let (booking, session) = store::booking::book(&op_context()?, form.check()?).await?;
    set_session(&session.token, session.expires_at);
    leptos_axum::redirect(&format!("/b/{}", booking.token));
    Ok(())
}

/// A booking, by its link.
#[server(prefix = "/api", endpoint = "booking/view")]
pub async fn view(token: String) -> Result<BookingView, AppError> {
    let mut booking = store::booking::view(&op_context()?, &token).await?;
    booking.qr = qr(&booking.checkin_code);
    Ok(booking)
}

/// Cancels (BOOK-9) and leads back to the booking, which is kept.
#[server(prefix = "/api", endpoint = "booking/cancel")]
pub async fn cancel(#[server(flatten)] form: CancelForm) -> Result<(), AppError> {
    let booking = store::booking::cancel(&op_context()?, form.check()?).await?;
    leptos_axum::redirect(&format!("/b/{}", booking.token));
    Ok(())
}

/// The customer says to come (BOOK-12).
#[server(prefix = "/api", endpoint = "booking/confirm")]
pub async fn confirm(token: String) -> Result<(), AppError> {
    let booking = store::booking::confirm(&op_context()?, &token).await?;
    leptos_axum::redirect(&format!("/b/{}", booking.token));
    Ok(())
}

/// The booking page for moving a booking: its own time counts as free (BOOK-9).
#[server(prefix = "/api", endpoint = "booking/move_page")]
pub async fn move_page(
    token: String,
    #[server(default)] who: String,
    #[server(default)] day: String,
) -> Result<BookPage, AppError> {
    let cx = op_context()?;
    let booking = store::booking::view(&cx, &token).await?;
    let form =
        SlotQuery { branch: booking.branch.slug, services: booking.services, who, day, moving: Some(token) };
    Ok(store::booking::page(&cx, form.check()?).await?)
}

/// Moves a booking to another time (BOOK-9) and leads back to it.
#[server(prefix = "/api", endpoint = "booking/reschedule")]
pub async fn reschedule(#[server(flatten)] form: RescheduleForm) -> Result<(), AppError> {
    let key = format!("{}-{}", form.key.trim(), form.at.trim());
    let booking = store::booking::reschedule(&op_context()?, RescheduleForm { key, ..form }.check()?).await?;
    leptos_axum::redirect(&format!("/b/{}", booking.token));
    Ok(())
}
