//! 服务中: what is under way, as a bar with its end; over time in amber.

use super::acts::Desk;
use crate::{
    tr,
    ui::{Bar, Icon, IconName, Tone, fresh::minutes_between},
};
use domain::{VisitServiceId, desk::ServingCard};
use leptos::prelude::*;

#[component]
pub fn ServingLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let ids = Memo::new(move |_| {
        desk.data.with(|board| {
            let shown = board.serving.iter().filter(|card| desk.filter.with(|filter| filter.serving(card)));
            shown.map(|card| card.item).collect::<Vec<_>>()
        })
    });
    let rooms = move || {
        desk.data.with(|board| {
            let names: Vec<&str> = board.rooms_free.iter().map(|room| room.get(lang)).collect();
            match names.len() {
                0 => tr!(lang, desk.lane.rooms_none).to_owned(),
                1..=3 => tr!(lang, desk.lane.rooms, rooms = names.join(tr!(lang, desk.lane.rooms_joint))),
                n => tr!(lang, desk.lane.rooms_many, n = n),
            }
        })
    };
    let empty = move || {
        ids.with(Vec::is_empty)
            .then(|| view! { <p class="q lane-empty">{tr!(lang, desk.lane.serving_empty)}</p> })
    };
    view! {
        <section class="lane" aria-labelledby="lane-serving">
            <header>
                <h2 id="lane-serving">{tr!(lang, desk.lane.serving)}</h2>
                <span class="n">{move || ids.with(Vec::len)}</span>
                <span class="lane-note">{rooms}</span>
            </header>
            <For each=move || ids.get() key=|id| *id let:id>
                <ServeCard desk id/>
            </For>
            {empty}
        </section>
    }
}

/// Minutes left (negative: over) and the share done, 0 … 1.
fn progress(desk: Desk, card: &ServingCard) -> (i64, f64) {
    let now = desk.clock.get();
    let whole = (card.ends.utc - card.started.utc).num_seconds().max(1) as f64;
    let done = (now.utc - card.started.utc).num_seconds() as f64;
    // rounded up: "1 minute left" until it is over
    (-minutes_between(&card.ends, &now), (done / whole).clamp(0.0, 1.0))
}

#[component]
fn ServeCard(desk: Desk, id: VisitServiceId) -> impl IntoView {
    let lang = desk.lang;
    let card = Memo::new(move |_| {
        desk.data.with(|board| board.serving.iter().find(|card| card.item == id).cloned())
    });
    let progress =
        Memo::new(move |_| card.with(|card| card.as_ref().map_or((0, 0.0), |card| progress(desk, card))));
    let over = Memo::new(move |_| progress.get().0 < 0);
    let share = Signal::derive(move || progress.get().1);
    let tone = Signal::derive(move || if over.get() { Tone::Warn } else { Tone::Plain });
    let left = move || match progress.get().0 {
        left if left < 0 => tr!(lang, desk.serving.over, n = -left),
        left => tr!(lang, desk.serving.left, n = left),
    };
    let ends = move || {
        card.with(|card| card.as_ref().map(|card| card.ends.hhmm())).map(|time| {
            if over.get() {
                tr!(lang, desk.serving.ended, time = time)
            } else {
                tr!(lang, desk.serving.ends, time = time)
            }
        })
    };
    let name = move || {
        card.get().map(|card| {
            let name = if desk.can.treat {
                view! { <a href=format!("/chair/{id}")>{card.name}</a> }.into_any()
            } else {
                card.name.into_any()
            };
            view! {
                <div>
                    <p class="q-name">
                        <b>{name}</b>
                    </p>
                    <p class="q-line">{card.service.get(lang).to_owned()}</p>
                </div>
            }
        })
    };
    let who = move || {
        card.get().map(|card| {
            view! {
                <p class="q-line">
                    <Icon name=IconName::User/>
                    {card.staff.get(lang).to_owned()}
                    <span class="grow"></span>
                    {card
                        .room
                        .map(|room| {
                            view! {
                                <Icon name=IconName::Door/>
                                {room.get(lang).to_owned()}
                            }
                        })}
                </p>
            }
        })
    };
    view! {
        <article class="q" data-card="" tabindex="-1" data-tone=move || over.get().then_some("warn")>
            <div class="q-top">
                {name}
                <p class="end">
                    <b class=move || if over.get() { "on-warn" } else { "" }>{left}</b>
                    <small class="muted block caption">{ends}</small>
                </p>
            </div>
            <Bar share tone/>
            {who}
        </article>
    }
}
