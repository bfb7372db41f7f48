//! One appointment, break or leave in its lane. Where it stands is told in attributes, never in `style`.

use super::{address::Place, words};
use crate::{
    tr,
    ui::{Icon, IconName},
};
use domain::{
    Lang,
    schedule::{Block, BlockKind},
};
use leptos::prelude::*;

/// `data-h`, `data-m`, `data-hrs`, `data-len` of a place in a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub from: u32,
    pub len: u32,
}

impl Spot {
    pub fn h(self) -> String {
        (self.from / 60).to_string()
    }

    pub fn m(self) -> String {
        (self.from % 60 / 5 * 5).to_string()
    }

    /// Whole hours of what is longer than the sheet has minutes for.
    pub fn hrs(self) -> Option<String> {
        (self.len > 240).then(|| (self.len / 60).to_string())
    }

    pub fn len(self) -> String {
        let len = if self.len > 240 { self.len % 60 } else { self.len };
        (len / 5 * 5).to_string()
    }
}

/// `may`: whether who looks at it may move it.
pub fn block(lang: Lang, place: Place, open: Option<&str>, block: &Block, may: bool) -> AnyView {
    let spot = Spot { from: block.from, len: block.len };
    if words::icon(block.kind).is_none() {
        return view! {
            <div class="appt" data-state="break" data-h=spot.h() data-m=spot.m() data-hrs=spot.hrs() data-len=spot.len()>
                <span>{words::state(lang, block.kind)}</span>
            </div>
        }
        .into_any();
    }
    let words = inside(lang, block);
    let state = block.kind.code();
    let inner = block.inner.then_some("true");
    let label = words::sentence(lang, block);
    match block.booking {
        Some(booking) => {
            let current = open.is_some_and(|open| open == booking.to_string()).then_some("true");
            view! {
                <a
                    class="appt"
                    href=place.open(booking)
                    draggable="false"
                    data-id=block.key.clone()
                    data-move=(may && block.open).then_some("true")
                    data-state=state
                    data-inner=inner
                    data-h=spot.h()
                    data-m=spot.m()
                    data-hrs=spot.hrs()
                    data-len=spot.len()
                    aria-current=current
                >
                    {words}
                    <span class="sr">{label}</span>
                </a>
            }
            .into_any()
        }
        // a walk-in, or a time that is being booked
        None => view! {
            <div
                class="appt"
                role="img"
                data-state=state
                data-inner=inner
                data-h=spot.h()
                data-m=spot.m()
                data-hrs=spot.hrs()
                data-len=spot.len()
                aria-label=label
            >
                {words}
            </div>
        }
        .into_any(),
    }
}

fn inside(lang: Lang, block: &Block) -> AnyView {
    let name = match (block.kind, block.name.is_empty()) {
        (BlockKind::Held, _) => tr!(lang, schedule.holding).to_owned(),
        (_, true) => tr!(lang, schedule.someone).to_owned(),
        _ => block.name.clone(),
    };
    let free = block.free.map(|(at, len)| {
        view! { <span class="phase free" data-at=at.to_string() data-len=len.to_string()></span> }
    });
    let clean = (block.clean > 0).then(|| {
        view! {
            <span class="phase clean" data-len=block.clean.to_string()>
                {(block.clean >= 15)
                    .then(|| view! { <Icon name=IconName::Spray/> {tr!(lang, schedule.clean)} })}
            </span>
        }
    });
    let wished = block.wished.then(|| format!("{} · ", tr!(lang, schedule.wished)));
    view! {
        {free}
        {clean}
        <b>
            {words::icon(block.kind).map(|name| view! { <Icon name/> })} {name}
        </b>
        <span>{wished} {block.service.get(lang).to_owned()}</span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_fives_and_hours() {
        let spot = Spot { from: 14 * 60 + 32, len: 75 };
        assert_eq!(
            (spot.h(), spot.m(), spot.hrs(), spot.len()),
            ("14".into(), "30".into(), None, "75".into())
        );
        let long = Spot { from: 25 * 60, len: 310 };
        assert_eq!((long.h(), long.hrs(), long.len()), ("25".into(), Some("5".into()), "10".into()));
    }
}
