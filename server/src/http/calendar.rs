//! Calendars (BOOK-13): a booking for the customer's, and the private one of each member of staff.

use super::{answer::Asked, web::Web};
use app::{error::AppError, lang::Lang, tr, ui::format};
use axum::{
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Response},
};
use chrono::Duration;
use domain::{
    booking::{BookingState, BookingView},
    schedule::FeedEntry,
};
use http::{HeaderMap, StatusCode, header};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, EventStatus, Property, Trigger};
use store::OpContext;

/// How long before it begins the telephone reminds.
const REMIND: Duration = Duration::hours(2);

/// `GET /b/{token}/calendar.ics`
pub async fn download(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match store::booking::view(&cx, &token).await {
        Ok(view) => {
            let text = calendar(&view, cx.lang, &web.origin, cx.now()).to_string();
            let name = format!("attachment; filename=\"{}.ics\"", view.number);
            let kind = "text/calendar; charset=utf-8".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
        }
        Err(error) => Asked::of(&request).answer(&web, &AppError::from(error)),
    }
}

/// `GET /calendar/{token}.ics`: what a member of staff sees in the own calendar. Unchanged since last time, it is not sent
/// again.
pub async fn feed(
    State(web): State<Web>,
    Extension(cx): Extension<OpContext>,
    Path(file): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Some(token) = file.strip_suffix(".ics") else {
        return Asked::of(&request).answer(&web, &AppError::NotFound);
    };
    match store::schedule::feed_entries(&cx, token).await {
        Ok(entries) => {
            let text = feed_calendar(&entries, cx.lang, &web.origin).to_string();
            let tag = format!("\"{}\"", store::token::hash(&text));
            let known =
                headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes());
            let head = [
                (header::ETAG, tag),
                (header::CACHE_CONTROL, "private, max-age=300".to_owned()),
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
            ];
            if known {
                return (StatusCode::NOT_MODIFIED, head).into_response();
            }
            (head, text).into_response()
        }
        Err(error) => Asked::of(&request).answer(&web, &AppError::from(error)),
    }
}

/// Surname, service and room; nothing that leads to the customer.
fn feed_calendar(entries: &[FeedEntry], lang: Lang, origin: &str) -> Calendar {
    let host = origin.split("://").last().unwrap_or(origin);
    let mut calendar = Calendar::new();
    calendar.name(tr!(lang, schedule.feed.title));
    for entry in entries {
        let mut event = Event::new();
        let doubt = if entry.confirmed {
            String::new()
        } else {
            format!(" ({})", tr!(lang, schedule.feed.unconfirmed))
        };
        event
            .uid(&format!("{}@{host}", entry.id))
            .timestamp(entry.updated.utc)
            .starts(entry.from.utc)
            .ends(entry.to.utc)
            .summary(&format!("{} · {}{doubt}", entry.surname, entry.service.get(lang)))
            .status(if entry.confirmed { EventStatus::Confirmed } else { EventStatus::Tentative })
            .append_property(Property::new("SEQUENCE", entry.version.to_string()));
        if let Some(room) = &entry.room {
            event.location(room.get(lang));
        }
        calendar.push(event.done());
    }
    calendar.done()
}

fn calendar(view: &BookingView, lang: Lang, origin: &str, now: chrono::DateTime<chrono::Utc>) -> Calendar {
    let services = view.items.iter().map(|item| item.name.get(lang)).collect::<Vec<_>>().join(" + ");
    let place = view.branch.name.get(lang);
    let host = origin.split("://").last().unwrap_or(origin);
    let mut event = Event::new();
    event
        // The number stays when the booking moves, so the calendar moves its entry too.
        .uid(&format!("{}@{host}", view.number))
        .timestamp(now)
        .starts(view.from.utc)
        .ends(view.to.utc)
        .summary(&format!("{place} · {services}"))
        .location(&format!("{place}, {}", view.branch.address.get(lang)))
        .description(&description(view, lang, origin))
        .url(&format!("{origin}/b/{}", view.token))
        // A moved booking has to win over what the calendar has of it.
        .append_property(Property::new("SEQUENCE", (now.timestamp() / 60).to_string()));
    if is_cancelled(view.state) {
        event.status(EventStatus::Cancelled);
    } else {
        event.status(EventStatus::Confirmed);
        event.alarm(Alarm::display(&services, Trigger::before_start(REMIND)));
    }
    let mut calendar = Calendar::new();
    calendar.name(tr!(lang, common.brand));
    calendar.push(event.done());
    calendar.done()
}

fn is_cancelled(state: BookingState) -> bool {
    matches!(
        state,
        BookingState::CancelledByCustomer | BookingState::CancelledBySalon | BookingState::Expired
    )
}

/// Number, time by the branch's clock, when to come, what to mind, and the way to change it.
fn description(view: &BookingView, lang: Lang, origin: &str) -> String {
    let mut lines = vec![
        tr!(lang, calendar.number, number = view.number.clone()),
        tr!(
            lang,
            calendar.time,
            day = format::day_weekday(lang, view.from.date()),
            from = view.from.hhmm(),
            to = view.to.hhmm()
        ),
    ];
    if view.arrive_early > 0 {
        lines.push(tr!(lang, calendar.arrive, time = view.arrive_at.hhmm()));
    }
    lines.extend(view.precautions.iter().map(|text| text.get(lang).to_owned()));
    lines.push(tr!(lang, calendar.phone, phone = view.branch.phone.clone()));
    lines.push(tr!(lang, calendar.change, link = format!("{origin}/b/{}", view.token)));
    lines.join("\n")
}
