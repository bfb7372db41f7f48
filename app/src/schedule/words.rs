//! Words of the schedule. Exhaustive where there is an enum, so that a new code cannot come without its words.

use crate::{
    tr,
    ui::{IconName, Opt, Tone},
};
use domain::{
    Lang,
    booking::CancelReason,
    schedule::{Block, BlockKind, ChangeReason, LaneKind, Span, minute_text},
};

pub fn span(lang: Lang, span: Span) -> &'static str {
    match span {
        Span::Day => tr!(lang, schedule.day),
        Span::Week => tr!(lang, schedule.week),
        Span::Month => tr!(lang, schedule.month),
    }
}

pub fn kind(lang: Lang, kind: LaneKind) -> &'static str {
    match kind {
        LaneKind::People => tr!(lang, schedule.people),
        LaneKind::Rooms => tr!(lang, schedule.rooms),
        LaneKind::Devices => tr!(lang, schedule.devices),
    }
}

pub fn state(lang: Lang, kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Booked => tr!(lang, schedule.state.booked),
        BlockKind::Confirmed => tr!(lang, schedule.state.confirmed),
        BlockKind::Arrived => tr!(lang, schedule.state.arrived),
        BlockKind::Late => tr!(lang, schedule.state.late),
        BlockKind::Serving => tr!(lang, schedule.state.serving),
        BlockKind::Done => tr!(lang, schedule.state.done),
        BlockKind::NoShow => tr!(lang, schedule.state.noshow),
        BlockKind::Held => tr!(lang, schedule.state.held),
        BlockKind::Break => tr!(lang, schedule.state.rest),
        BlockKind::Leave => tr!(lang, schedule.state.leave),
        BlockKind::Off => tr!(lang, schedule.state.off),
    }
}

/// `None` for what is no booking.
pub const fn icon(kind: BlockKind) -> Option<IconName> {
    match kind {
        BlockKind::Booked => Some(IconName::Hollow),
        BlockKind::Confirmed => Some(IconName::Check),
        BlockKind::Arrived => Some(IconName::Clock),
        BlockKind::Late => Some(IconName::Alert),
        BlockKind::Serving => Some(IconName::Half),
        BlockKind::Done => Some(IconName::CheckCircle),
        BlockKind::NoShow => Some(IconName::Slash),
        BlockKind::Held => Some(IconName::Timer),
        BlockKind::Break | BlockKind::Leave | BlockKind::Off => None,
    }
}

/// Everything of a block in one sentence, for those who hear the page.
pub fn sentence(lang: Lang, block: &Block) -> String {
    let name = if block.name.is_empty() { tr!(lang, schedule.someone) } else { &block.name };
    tr!(
        lang,
        schedule.what,
        from = clock(block.from),
        to = clock(block.from + block.len - block.clean),
        name = name,
        service = block.service.get(lang),
        state = state(lang, block.kind)
    )
}

/// What the wall shows `minute` minutes after midnight: `25:30` is `01:30`.
pub fn clock(minute: u32) -> String {
    minute_text(minute % 1440)
}

pub fn reason(lang: Lang, reason: ChangeReason) -> &'static str {
    match reason {
        ChangeReason::CustomerAsked => tr!(lang, schedule.reason.customer_asked),
        ChangeReason::StaffAway => tr!(lang, schedule.reason.staff_away),
        ChangeReason::RoomOut => tr!(lang, schedule.reason.room_out),
        ChangeReason::WrongTime => tr!(lang, schedule.reason.wrong_time),
        ChangeReason::WrongService => tr!(lang, schedule.reason.wrong_service),
        ChangeReason::WrongPerson => tr!(lang, schedule.reason.wrong_person),
        ChangeReason::DoubleBooked => tr!(lang, schedule.reason.double_booked),
        ChangeReason::Other => tr!(lang, schedule.reason.other),
    }
}

/// Why a booking was cancelled, as the staff say it.
pub fn cancel(lang: Lang, reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::PlansChanged => tr!(lang, schedule.cancel.plans_changed),
        CancelReason::Unwell => tr!(lang, schedule.cancel.unwell),
        CancelReason::BookedTwice => tr!(lang, schedule.cancel.booked_twice),
        CancelReason::FoundElsewhere => tr!(lang, schedule.cancel.found_elsewhere),
        CancelReason::SalonCannot => tr!(lang, schedule.cancel.salon_cannot),
        CancelReason::Other => tr!(lang, schedule.cancel.other),
    }
}

/// A code of either kind of reason.
pub fn any_reason(lang: Lang, code: &str) -> Option<&'static str> {
    let change = ChangeReason::from_code(code).map(|code| reason(lang, code));
    change.or_else(|| CancelReason::from_code(code).map(|code| cancel(lang, code)))
}

/// What was wrong, by the code that a booking keeps.
pub fn error(lang: Lang, code: &str) -> &'static str {
    match code {
        "time" => tr!(lang, schedule.error.time),
        "service" => tr!(lang, schedule.error.service),
        "person" => tr!(lang, schedule.error.person),
        _ => tr!(lang, schedule.error.twice),
    }
}

/// What happened to a booking.
pub fn event(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "held" => tr!(lang, schedule.event.held),
        "released" => tr!(lang, schedule.event.released),
        "booked" => tr!(lang, schedule.event.booked),
        "confirmed" => tr!(lang, schedule.event.confirmed),
        "rescheduled" => tr!(lang, schedule.event.rescheduled),
        "reassigned" => tr!(lang, schedule.event.reassigned),
        "told" => tr!(lang, schedule.event.told),
        "corrected" => tr!(lang, schedule.event.corrected),
        "arrived" => tr!(lang, schedule.event.arrived),
        "in_service" => tr!(lang, schedule.event.in_service),
        "completed" => tr!(lang, schedule.event.completed),
        "cancelled_by_customer" => tr!(lang, schedule.event.cancelled_by_customer),
        "cancelled_by_salon" => tr!(lang, schedule.event.cancelled_by_salon),
        "no_show" => tr!(lang, schedule.event.no_show),
        "expired" => tr!(lang, schedule.event.expired),
        _ => tr!(lang, schedule.event.other),
    }
}

pub fn by(lang: Lang, by: &str) -> &'static str {
    match by {
        "customer" => tr!(lang, schedule.detail.by.customer),
        "system" => tr!(lang, schedule.detail.by.system),
        _ => tr!(lang, schedule.detail.by.salon),
    }
}

/// How a booking came in.
pub fn channel(lang: Lang, code: &str) -> &'static str {
    match code {
        "online" => tr!(lang, schedule.detail.online),
        "phone" => tr!(lang, schedule.detail.by_phone),
        _ => tr!(lang, schedule.detail.at_desk),
    }
}

/// The choices of a reason; the first is none.
pub fn reason_options(lang: Lang) -> Vec<Opt> {
    let none = Opt::new("", tr!(lang, schedule.reason.choose));
    let all = ChangeReason::ALL.into_iter().map(|code| Opt::new(code.code(), reason(lang, code)));
    std::iter::once(none).chain(all).collect()
}

/// How full: the tone of a bar.
pub const fn fullness(percent: u32) -> Tone {
    match percent {
        0..60 => Tone::Ok,
        60..90 => Tone::Brand,
        _ => Tone::Warn,
    }
}
