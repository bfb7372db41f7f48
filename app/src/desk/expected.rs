//! 待到店: who is to come, the next ones as cards, the later ones as rows that open. Check-in in one or two taps.

use super::{Care, Tags, acts::Desk};
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{Icon, IconName, Status, SubmitButton, Tone, fresh::minutes_between},
};
use domain::{BookingId, Lang, desk::ExpectedCard};
use leptos::prelude::*;

/// Bookings that begin within so many minutes stand as cards.
const NEAR: i64 = 30;

#[component]
pub fn ExpectedLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    // ids only, so that a card is not made anew when something else changes
    let split = Memo::new(move |_| {
        let now = desk.clock.get();
        desk.data.with(|board| {
            board
                .expected
                .iter()
                .filter(|card| desk.filter.with(|filter| filter.expected(card)))
                .map(|card| (card.booking, minutes_between(&now, &card.at) < NEAR))
                .partition::<Vec<_>, _>(|(_, near)| *near)
        })
    });
    let ids = move |part: Vec<(BookingId, bool)>| part.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let near = move || ids(split.get().0);
    let later = move || ids(split.get().1);
    let count = move || {
        let (near, later) = split.with(|split| (split.0.len(), split.1.len()));
        let more = desk.data.with(|board| board.later as usize);
        near + later + if desk.filter.with(domain::desk::BoardFilter::is_on) { 0 } else { more }
    };
    let total = move || desk.data.with(|board| tr!(lang, desk.lane.expected_note, n = board.count.booked));
    let more = move || {
        let more = desk.data.with(|board| board.later);
        (more > 0 && !desk.filter.with(domain::desk::BoardFilter::is_on))
            .then(|| view! { <p class="lane-more small muted">{tr_n!(lang, desk.lane.later, more)}</p> })
    };
    let empty = move || {
        (count() == 0).then(|| view! { <p class="q lane-empty">{tr!(lang, desk.lane.expected_empty)}</p> })
    };
    view! {
        <section class="lane" aria-labelledby="lane-expected">
            <header>
                <h2 id="lane-expected">{tr!(lang, desk.lane.expected)}</h2>
                <span class="n">{count}</span>
                <span class="lane-note">{total}</span>
            </header>
            <For each=near key=|id| *id let:id>
                <NearCard desk id/>
            </For>
            <Show when=move || !split.with(|split| split.1.is_empty())>
                <ul class="rows later">
                    <For each=later key=|id| *id let:id>
                        <LaterRow desk id/>
                    </For>
                </ul>
            </Show>
            {more}
            {empty}
        </section>
    }
}

fn card_of(desk: Desk, id: BookingId) -> Memo<Option<ExpectedCard>> {
    Memo::new(move |_| desk.data.with(|board| board.expected.iter().find(|card| card.booking == id).cloned()))
}

/// `深层补水 + 眼周紧致 · 林静怡`.
pub fn what_and_who(lang: Lang, card: &ExpectedCard) -> String {
    let services: Vec<&str> = card.services.iter().map(|name| name.get(lang)).collect();
    [services.join(" + "), card.staff.get(lang).to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

#[component]
fn NearCard(desk: Desk, id: BookingId) -> impl IntoView {
    let lang = desk.lang;
    let card = card_of(desk, id);
    let until = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| minutes_between(&desk.clock.get(), &card.at)))
    });
    // minutes_between rounds down: half a minute late is -1
    let late = Memo::new(move |_| until.get().map_or(0, |until| (-until - 1).max(0)));
    let body = move || {
        card.get().map(|card| {
            view! {
                <div class="q-top">
                    <time class="q-time" datetime=card.at.iso()>
                        {card.at.hhmm()}
                    </time>
                    <div>
                        <p class="q-name">
                            <b>{card.name.clone()}</b>
                            <Tags tags=card.tags.clone()/>
                        </p>
                        <p class="q-line">{what_and_who(lang, &card)}</p>
                        <Care tags=card.tags/>
                        <NoShows n=card.no_shows/>
                    </div>
                </div>
            }
        })
    };
    let status = move || match (late.get(), until.get().unwrap_or_default()) {
        (late, _) if late > 0 => view! {
            <Status tone=Tone::Warn icon=IconName::Alert small=true>
                {tr!(lang, desk.late, n = late)}
            </Status>
        }
        .into_any(),
        (_, until) if until > 0 => view! {
            <Status tone=Tone::Brand icon=IconName::Clock small=true>
                {tr!(lang, desk.soon, n = until)}
            </Status>
        }
        .into_any(),
        _ => view! {
            <Status tone=Tone::Brand icon=IconName::Clock small=true>
                {tr!(lang, desk.due)}
            </Status>
        }
        .into_any(),
    };
    view! {
        <article class="q" data-card="" tabindex="-1" data-tone=move || (late.get() > 0).then_some("warn")>
            {body}
            <div class="q-acts">
                {status}
                <span class="grow"></span>
                {move || card.get().map(|card| view! { <CallLink name=card.name phone=card.phone/> })}
                <CheckInButton desk id/>
            </div>
        </article>
    }
}

#[component]
fn LaterRow(desk: Desk, id: BookingId) -> impl IntoView {
    let lang = desk.lang;
    let card = card_of(desk, id);
    let body = move || {
        card.get().map(|card| {
            view! {
                <time datetime=card.at.iso()>{card.at.hhmm()}</time>
                <span class="row-main">
                    <span class="row-title">
                        {card.name.clone()} <Tags tags=card.tags.clone()/>
                    </span>
                    <span class="row-sub">{what_and_who(lang, &card)}</span>
                </span>
            }
        })
    };
    view! {
        <li>
            <details name="expected">
                <summary class="row" data-card="">
                    {body}
                </summary>
                <div class="row-acts">
                    {move || {
                        card.get()
                            .map(|card| {
                                view! {
                                    <NoShows n=card.no_shows/>
                                    <CallLink name=card.name phone=card.phone/>
                                }
                            })
                    }}
                    <CheckInButton desk id/>
                </div>
            </details>
        </li>
    }
}

/// How often the customer did not come; nothing for those who always did.
#[component]
pub fn NoShows(n: u32) -> impl IntoView {
    let lang = use_lang();
    (n > 0).then(|| view! { <p class="q-line">{tr_n!(lang, desk.no_shows, n)}</p> })
}

/// Calls the customer; nothing where the number is masked.
#[component]
pub fn CallLink(#[prop(into)] name: String, #[prop(into)] phone: String) -> impl IntoView {
    let lang = use_lang();
    (!phone.is_empty() && !phone.contains('*')).then(|| {
        let label = tr!(lang, desk.call, name = name);
        view! {
            <a class="btn" data-shape="icon" data-size="s" href=format!("tel:{}", phone.replace(' ', "")) aria-label=label>
                <Icon name=IconName::Phone/>
            </a>
        }
    })
}

/// Checks a booking in.
#[component]
pub fn CheckInButton(desk: Desk, id: BookingId) -> impl IntoView {
    let action = desk.acts.check_in;
    let id = id.to_string();
    let own = id.clone();
    let pending = Signal::derive(move || {
        action.input().with(|input| input.as_ref().is_some_and(|input| input.form.booking == own))
    });
    desk.can.check_in.then(|| {
        view! {
            <ActionForm action attr:class="act">
                <input type="hidden" name="booking" value=id/>
                <SubmitButton kind="soft" size="s" pending>
                    {tr!(desk.lang, desk.check_in)}
                </SubmitButton>
            </ActionForm>
        }
    })
}
