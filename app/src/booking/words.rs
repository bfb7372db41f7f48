//! Words for the codes of a booking. Exhaustive, so that a new code cannot come without its words.

use crate::{
    tr,
    ui::{IconName, Tone},
};
use domain::{
    Fen, Lang,
    booking::{BookingState, CancelReason, DayRoom},
    notify::Template,
    time::DayPart,
};

/// `¥458`; what costs nothing says so.
#[must_use]
pub fn price(lang: Lang, fen: Fen) -> String {
    if fen == Fen(0) { tr!(lang, booking.free).to_owned() } else { fen.yuan() }
}

/// The state of a booking.
#[must_use]
pub fn state(lang: Lang, state: BookingState) -> &'static str {
    match state {
        BookingState::Held => tr!(lang, booking.state.held),
        BookingState::Booked => tr!(lang, booking.state.booked),
        BookingState::Confirmed => tr!(lang, booking.state.confirmed),
        BookingState::Arrived => tr!(lang, booking.state.arrived),
        BookingState::InService => tr!(lang, booking.state.in_service),
        BookingState::Completed => tr!(lang, booking.state.completed),
        BookingState::CancelledByCustomer => tr!(lang, booking.state.cancelled_by_customer),
        BookingState::CancelledBySalon => tr!(lang, booking.state.cancelled_by_salon),
        BookingState::NoShow => tr!(lang, booking.state.no_show),
        BookingState::Expired => tr!(lang, booking.state.expired),
    }
}

/// How a booking's state looks.
#[must_use]
pub const fn state_mark(state: BookingState) -> (Tone, IconName) {
    match state {
        BookingState::Held => (Tone::Info, IconName::Clock),
        BookingState::Booked | BookingState::Confirmed | BookingState::Completed => {
            (Tone::Ok, IconName::CheckCircle)
        }
        BookingState::Arrived | BookingState::InService => (Tone::Brand, IconName::Half),
        BookingState::CancelledByCustomer | BookingState::CancelledBySalon | BookingState::Expired => {
            (Tone::Idle, IconName::Slash)
        }
        BookingState::NoShow => (Tone::Warn, IconName::Alert),
    }
}

/// Why a customer cancels.
#[must_use]
pub fn cancel_reason(lang: Lang, reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::PlansChanged => tr!(lang, booking.reason.plans_changed),
        CancelReason::Unwell => tr!(lang, booking.reason.unwell),
        CancelReason::BookedTwice => tr!(lang, booking.reason.booked_twice),
        CancelReason::FoundElsewhere => tr!(lang, booking.reason.found_elsewhere),
        CancelReason::SalonCannot => tr!(lang, booking.reason.salon_cannot),
        CancelReason::Other => tr!(lang, booking.reason.other),
    }
}

/// 充足 / 紧张 / 约满 / 休息.
#[must_use]
pub fn day_room(lang: Lang, room: DayRoom) -> &'static str {
    match room {
        DayRoom::Plenty => tr!(lang, booking.room.plenty),
        DayRoom::Tight => tr!(lang, booking.room.tight),
        DayRoom::Full => tr!(lang, booking.room.full),
        DayRoom::Closed => tr!(lang, booking.room.closed),
    }
}

/// 上午 / 下午 / 晚上.
#[must_use]
pub fn day_part(lang: Lang, part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => tr!(lang, booking.part.morning),
        DayPart::Afternoon => tr!(lang, booking.part.afternoon),
        DayPart::Evening => tr!(lang, booking.part.evening),
    }
}

/// A message of a booking, as its timeline names it.
#[must_use]
pub fn message(lang: Lang, template: &str) -> &'static str {
    match Template::from_code(template) {
        Some(Template::BookingConfirmed) => tr!(lang, booking.message.confirmed),
        Some(Template::BookingMoved) => tr!(lang, booking.message.moved),
        Some(Template::BookingCancelled) => tr!(lang, booking.message.cancelled),
        Some(Template::ReminderDay) => tr!(lang, booking.message.reminder_day),
        Some(Template::ReminderHours) => tr!(lang, booking.message.reminder_hours),
        Some(Template::Rate) => tr!(lang, booking.message.rate),
        Some(Template::Aftercare) => tr!(lang, booking.message.aftercare),
        Some(
            Template::Code
            | Template::WaitJoined
            | Template::QueueTicket
            | Template::LowScore
            | Template::RecheckOpen
            | Template::RecheckEnds
            | Template::Incident,
        )
        | None => tr!(lang, booking.message.other),
        Some(Template::SeriesTimes) => tr!(lang, booking.message.series_times),
        Some(Template::WaitOffer) => tr!(lang, booking.message.wait_offer),
    }
}
