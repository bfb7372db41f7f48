//! Words for the waitlist. Exhaustive, so that a new code cannot come without its words.

use crate::{
    booking::words::day_part,
    tr,
    ui::{IconName, Tone, format},
};
use domain::{
    Lang,
    booking::waitlist::{DayParts, WaitLine, WaitState},
    time::DayPart,
};

/// The state of an entry.
#[must_use]
pub fn state(lang: Lang, state: WaitState) -> &'static str {
    match state {
        WaitState::Asked => tr!(lang, waitlist.state.asked),
        WaitState::Waiting => tr!(lang, waitlist.state.waiting),
        WaitState::Offered => tr!(lang, waitlist.state.offered),
        WaitState::Accepted => tr!(lang, waitlist.state.accepted),
        WaitState::Left => tr!(lang, waitlist.state.left),
        WaitState::Expired => tr!(lang, waitlist.state.expired),
        WaitState::Ended => tr!(lang, waitlist.state.ended),
    }
}

/// How a state looks.
#[must_use]
pub const fn mark(state: WaitState) -> (Tone, IconName) {
    match state {
        WaitState::Asked | WaitState::Waiting => (Tone::Info, IconName::Clock),
        WaitState::Offered => (Tone::Brand, IconName::Bell),
        WaitState::Accepted => (Tone::Ok, IconName::CheckCircle),
        WaitState::Left | WaitState::Expired | WaitState::Ended => (Tone::Idle, IconName::Slash),
    }
}

/// What happened to an entry.
#[must_use]
pub fn event(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "asked" => tr!(lang, waitlist.event.asked),
        "joined" => tr!(lang, waitlist.event.joined),
        "offered" => tr!(lang, waitlist.event.offered),
        "accepted" => tr!(lang, waitlist.event.accepted),
        "declined" => tr!(lang, waitlist.event.declined),
        "lapsed" => tr!(lang, waitlist.event.lapsed),
        "left" => tr!(lang, waitlist.event.left),
        _ => tr!(lang, waitlist.event.expired),
    }
}

/// `6月12日 周五 – 6月14日 周日`, or the one day.
#[must_use]
pub fn days(lang: Lang, line: &WaitLine) -> String {
    let first = format::day_weekday(lang, line.first);
    if line.first == line.last {
        return first;
    }
    tr!(lang, waitlist.days, first = first, last = format::day_weekday(lang, line.last))
}

/// `上午、晚上`; any time of the day when all would do.
#[must_use]
pub fn parts(lang: Lang, parts: DayParts) -> String {
    if parts == DayParts::ALL {
        return tr!(lang, waitlist.any_part).to_owned();
    }
    let joint = match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    };
    [DayPart::Morning, DayPart::Afternoon, DayPart::Evening]
        .into_iter()
        .filter(|part| parts.has(*part))
        .map(|part| day_part(lang, part))
        .collect::<Vec<_>>()
        .join(joint)
}

/// The services of an entry, in sequence.
#[must_use]
pub fn services(lang: Lang, line: &WaitLine) -> String {
    line.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ")
}

/// The person wished for.
#[must_use]
pub fn who(lang: Lang, line: &WaitLine) -> String {
    line.who.as_ref().map_or(tr!(lang, booking.who.anyone), |name| name.get(lang)).to_owned()
}
