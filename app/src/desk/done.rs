//! 完成, 未到 and the day's sums.

use super::{
    acts::Desk,
    expected::{CheckInButton, what_and_who},
};
use crate::{
    tr,
    ui::{IconName, Status, Tone},
};
use leptos::prelude::*;

/// Finished visits shown, the latest first; the rest is counted.
const SHOWN: usize = 6;

#[component]
pub fn DoneLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let rows = move || {
        let cards = desk.data.with(|board| board.done.iter().take(SHOWN).cloned().collect::<Vec<_>>());
        cards
            .into_iter()
            .map(|card| {
                let services: Vec<&str> = card.services.iter().map(|name| name.get(lang)).collect();
                let mark = if card.left {
                    view! {
                        <Status tone=Tone::Warn icon=IconName::Slash small=true>
                            {tr!(lang, desk.done.left)}
                        </Status>
                    }
                    .into_any()
                } else if card.rated {
                    view! {
                        <Status tone=Tone::Ok icon=IconName::Star small=true>
                            {tr!(lang, desk.done.rated)}
                        </Status>
                    }
                    .into_any()
                } else {
                    ().into_any()
                };
                view! {
                    <li class="row">
                        <time datetime=card.finished.iso()>{card.finished.hhmm()}</time>
                        <span class="row-main">
                            <span class="row-title">{card.name.clone()} {mark}</span>
                            <span class="row-sub">{services.join(" + ")}</span>
                        </span>
                    </li>
                }
            })
            .collect_view()
    };
    let n = Memo::new(move |_| desk.data.with(|board| board.done.len()));
    view! {
        <section class="lane" aria-labelledby="lane-done">
            <header>
                <h2 id="lane-done">{tr!(lang, desk.lane.done)}</h2>
                <span class="n">{n}</span>
            </header>
            <Show
                when=move || { n.get() > 0 }
                fallback=move || view! { <p class="q lane-empty">{tr!(lang, desk.lane.done_empty)}</p> }
            >
                <ul class="rows later">{rows}</ul>
            </Show>
        </section>
    }
}

/// Those marked as not come: they may still turn up.
#[component]
pub fn MissedLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let ids = Memo::new(move |_| {
        desk.data.with(|board| {
            let shown = board.missed.iter().filter(|card| desk.filter.with(|filter| filter.expected(card)));
            shown.map(|card| card.booking).collect::<Vec<_>>()
        })
    });
    let card = move |id| {
        let card = Memo::new(move |_| {
            desk.data.with(|board| board.missed.iter().find(|card| card.booking == id).cloned())
        });
        view! {
            <article class="q" data-card="" tabindex="-1">
                {move || {
                    card.get()
                        .map(|card| {
                            view! {
                                <div class="q-top">
                                    <time class="q-time" datetime=card.at.iso()>
                                        {card.at.hhmm()}
                                    </time>
                                    <div>
                                        <p class="q-name">
                                            <b>{card.name.clone()}</b>
                                        </p>
                                        <p class="q-line">{what_and_who(lang, &card)}</p>
                                    </div>
                                </div>
                            }
                        })
                }}
                <div class="q-acts">
                    <Status tone=Tone::Idle icon=IconName::Slash small=true>
                        {tr!(lang, desk.done.missed)}
                    </Status>
                    <span class="grow"></span>
                    <CheckInButton desk id/>
                </div>
            </article>
        }
    };
    view! {
        <Show when=move || !ids.with(Vec::is_empty)>
            <section class="lane mt-3" aria-labelledby="lane-missed">
                <header>
                    <h2 id="lane-missed">{tr!(lang, desk.lane.missed)}</h2>
                    <span class="n">{move || ids.with(Vec::len)}</span>
                </header>
                <For each=move || ids.get() key=|id| *id children=card/>
            </section>
        </Show>
    }
}

#[component]
pub fn TodayCard(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let facts = move || {
        let count = desk.data.with(|board| board.count.clone());
        view! {
            <dt>{tr!(lang, desk.today.done)}</dt>
            <dd class="end">
                <b>{count.done}</b>
            </dd>
            <dt>{tr!(lang, desk.today.on_time)}</dt>
            <dd class="end">
                <b>{count.on_time}</b>
                {format!(" / {}", count.on_time_of)}
            </dd>
            <dt>{tr!(lang, desk.today.no_show)}</dt>
            <dd class="end">
                <b>{count.no_show}</b>
            </dd>
            <dt>{tr!(lang, desk.today.cancelled)}</dt>
            <dd class="end">
                <b>{count.cancelled}</b>
            </dd>
        }
    };
    view! {
        <section class="lane mt-3" aria-labelledby="lane-today">
            <header>
                <h2 id="lane-today">{tr!(lang, desk.lane.today)}</h2>
            </header>
            <dl class="q facts">{facts}</dl>
        </section>
    }
}
