//! Above the lanes: which part of the board is shown, and what else is overdue (DESK-1).

use super::acts::Desk;
use crate::{
    tr,
    ui::{Icon, IconName},
};
use domain::{Lang, desk::BoardFilter};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};

/// States that can be looked at alone.
const STATES: [&str; 6] = ["expected", "waiting", "late", "serving", "done", "no_show"];

/// What the address asks for.
#[must_use]
pub fn use_filter() -> Memo<BoardFilter> {
    let query = use_query_map();
    Memo::new(move |_| {
        query.with(|query| {
            let read = |name: &str| query.get(name).unwrap_or_default();
            let state = read("show");
            BoardFilter {
                state: if STATES.contains(&state.as_str()) { state } else { String::new() },
                who: read("who").parse().ok(),
                area: read("area"),
            }
        })
    })
}

fn state_name(lang: Lang, state: &str) -> &'static str {
    match state {
        "expected" => tr!(lang, desk.lane.expected),
        "waiting" => tr!(lang, desk.lane.waiting),
        "late" => tr!(lang, books.filter.late),
        "serving" => tr!(lang, desk.lane.serving),
        "done" => tr!(lang, desk.lane.done),
        "no_show" => tr!(lang, desk.lane.missed),
        _ => tr!(lang, books.filter.all_states),
    }
}

fn address(filter: &BoardFilter) -> String {
    let who = filter.who.map(|who| who.to_string()).unwrap_or_default();
    let parts = [("show", filter.state.clone()), ("who", who), ("area", filter.area.clone())];
    let query = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() { "/desk".to_owned() } else { format!("/desk?{query}") }
}

/// A plain form, so that it works without scripts; with them a choice takes effect at once.
#[component]
pub fn FilterBar(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let navigate = use_navigate();
    let go = Callback::new(move |filter: BoardFilter| {
        let options = leptos_router::NavigateOptions { scroll: false, ..Default::default() };
        navigate(&address(&filter), options);
    });
    let filter = desk.filter;
    let now = move || filter.get_untracked();
    let states = STATES
        .into_iter()
        .map(|state| {
            view! {
                <option value=state selected=move || filter.with(|f| f.state == state)>
                    {state_name(lang, state)}
                </option>
            }
        })
        .collect_view();
    let people = move || {
        let turns = desk.data.with(|board| board.turns.clone());
        turns
            .into_iter()
            .map(|turn| {
                view! {
                    <option value=turn.staff.to_string() selected=filter.with(|f| f.who == Some(turn.staff))>
                        {turn.name.get(lang).to_owned()}
                    </option>
                }
            })
            .collect_view()
    };
    let areas = move || {
        let areas = desk.data.with(|board| board.areas.clone());
        areas
            .into_iter()
            .map(|area| {
                view! {
                    <option value=area.code.clone() selected=filter.with(|f| f.area == area.code)>
                        {area.name.get(lang).to_owned()}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <form class="board-filter" method="get" action="/desk" aria-label=tr!(lang, books.filter.title)>
            <label>
                <span class="sr">{tr!(lang, books.filter.state)}</span>
                <select
                    class="select"
                    name="show"
                    on:change=move |event| go.run(BoardFilter { state: event_target_value(&event), ..now() })
                >
                    <option value="">{tr!(lang, books.filter.all_states)}</option>
                    {states}
                </select>
            </label>
            <label>
                <span class="sr">{tr!(lang, books.filter.person)}</span>
                <select
                    class="select"
                    name="who"
                    on:change=move |event| {
                        go.run(BoardFilter { who: event_target_value(&event).parse().ok(), ..now() });
                    }
                >
                    <option value="">{tr!(lang, books.filter.all_people)}</option>
                    {people}
                </select>
            </label>
            <label>
                <span class="sr">{tr!(lang, books.filter.area)}</span>
                <select
                    class="select"
                    name="area"
                    on:change=move |event| go.run(BoardFilter { area: event_target_value(&event), ..now() })
                >
                    <option value="">{tr!(lang, books.filter.all_areas)}</option>
                    {areas}
                </select>
            </label>
            <button class="btn without-scripts" data-size="s" type="submit">
                {tr!(lang, books.filter.act)}
            </button>
            <Show when=move || filter.with(BoardFilter::is_on)>
                <a class="btn" data-kind="quiet" data-size="s" href="/desk">
                    <Icon name=IconName::X/>
                    {tr!(lang, books.filter.clear)}
                </a>
            </Show>
        </form>
    }
}

/// Callbacks, wristbands and a handover that wait for somebody: links, loud where overdue.
#[component]
pub fn AlertLinks(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let links = move || {
        let alerts = desk.data.with(|board| board.alerts.clone());
        let mut links = Vec::new();
        if alerts.callbacks > 0 {
            let text = if alerts.callbacks_over > 0 {
                tr!(lang, books.alert.callbacks_over, n = alerts.callbacks, over = alerts.callbacks_over)
            } else {
                tr!(lang, books.alert.callbacks, n = alerts.callbacks)
            };
            links.push(("/desk/phone", IconName::PhoneBack, alerts.callbacks_over > 0, text));
        }
        if alerts.bands_over > 0 {
            let text = tr!(lang, books.alert.bands, n = alerts.bands_over);
            links.push(("/desk/bands", IconName::Tap, true, text));
        }
        if alerts.handover {
            let text = tr!(lang, books.alert.handover).to_owned();
            links.push(("/desk/handover", IconName::Swap, false, text));
        }
        links
            .into_iter()
            .map(|(href, icon, over, text)| {
                view! {
                    <a class="alert-link" data-tone=if over { "stop" } else { "info" } href=href>
                        <Icon name=if over { IconName::Stop } else { icon }/>
                        {text}
                    </a>
                }
            })
            .collect_view()
    };
    desk.can.keep.then(|| view! { <div class="alert-links" role="status">{links}</div> })
}
