//! Finding a customer by phone tail, name or pinyin initials (DESK-2), from anywhere on the board: `/` goes there.

use super::{
    Tags,
    acts::Desk,
    api,
    expected::{CheckInButton, NoShows},
};
use crate::{
    tr, tr_n,
    ui::{Icon, IconName, format},
};
use domain::{Lang, customer::CustomerHit, desk::check_search};
use leptos::{ev, html, prelude::*};
use leptos_router::hooks::use_query_map;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Between the last key and the question.
const PAUSE: Duration = Duration::from_millis(150);

/// Calls `then` when `/` is pressed outside a field.
pub fn on_slash(then: impl Fn() + Clone + 'static) {
    Effect::new(move || {
        let then = then.clone();
        let listener = window_event_listener(ev::keydown, move |event| {
            let typing = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|element| matches!(&*element.tag_name(), "INPUT" | "TEXTAREA" | "SELECT"));
            if event.key() == "/" && !typing && !event.ctrl_key() && !event.meta_key() {
                event.prevent_default();
                then();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

#[component]
pub fn FindBox(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let query = use_query_map();
    let asked = RwSignal::new(query.with_untracked(|query| query.get("q").unwrap_or_default()));
    let hits = crate::ui::resource(
        move || asked.get(),
        |q| async move { if check_search(&q).is_ok() { api::find(q).await } else { Ok(Vec::new()) } },
    );
    let input = NodeRef::<html::Input>::new();
    let clear = move || {
        asked.set(String::new());
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    };
    let mut ask = debounce(PAUSE, move |typed: String| {
        let _ = asked.try_set(typed);
    });
    on_slash(move || {
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    });
    // whoever has been checked in need not be looked for any more
    Effect::new(move || {
        if let Some(Ok(_)) = desk.acts.check_in.value().get() {
            clear();
        }
    });
    view! {
        <form
            class="search"
            role="search"
            method="get"
            action="/desk"
            on:submit=move |event| {
                event.prevent_default();
                focus_first(".search-hits button, .search-hits a");
            }
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    clear();
                }
            }
        >
            <label class="sr" for="find">
                {tr!(lang, desk.find.label)}
            </label>
            <Icon name=IconName::Search/>
            <input
                class="input"
                type="search"
                id="find"
                name="q"
                autocomplete="off"
                maxlength="40"
                placeholder=tr!(lang, desk.find.placeholder)
                value=asked.get_untracked()
                node_ref=input
                on:input=move |event| ask(event_target_value(&event))
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
        <Transition>
            {move || {
                hits.get()
                    .filter(|_| check_search(&asked.get()).is_ok())
                    .map(|hits| view! { <Hits desk hits=hits.unwrap_or_default() q=asked.get()/> })
            }}
        </Transition>
    }
}

/// Moves the focus to the first element that `selector` finds.
pub fn focus_first(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

#[component]
fn Hits(desk: Desk, hits: Vec<CustomerHit>, q: String) -> impl IntoView {
    let lang = desk.lang;
    let today = desk.data.with_untracked(|board| board.now.date());
    let none = hits.is_empty();
    let n = hits.len();
    let rows = hits
        .into_iter()
        .map(|hit| {
            let sub = hit_line(lang, &hit, today);
            let walk_in = format!("/desk/walk-in?q={}&customer={}", last_four(&hit.phone_masked), hit.id);
            let act = match hit.booking_today {
                Some((booking, at)) => view! {
                    <span class="small soft nowrap">{tr!(lang, desk.find.booked, time = at.hhmm())}</span>
                    <CheckInButton desk id=booking/>
                }
                .into_any(),
                None => desk
                    .can
                    .walk_in
                    .then(|| {
                        view! {
                            <a class="btn" data-size="s" href=walk_in>
                                {tr!(lang, desk.walk_in.act)}
                            </a>
                        }
                    })
                    .into_any(),
            };
            view! {
                <li class="row">
                    <span class="row-main">
                        <span class="row-title">{hit.name.clone()} " " <Tags tags=hit.tags.clone()/></span>
                        <span class="row-sub num">{sub}</span>
                        <NoShows n=hit.no_shows/>
                    </span>
                    {act}
                </li>
            }
        })
        .collect_view();
    let blank = none.then(|| {
        let new = format!("/desk/walk-in?q={}", escaped(&q));
        view! {
            <li class="row">
                <span class="row-main soft">{tr!(lang, desk.find.nobody)}</span>
                {desk
                    .can
                    .walk_in
                    .then(|| {
                        view! {
                            <a class="btn" data-size="s" href=new>
                                {tr!(lang, desk.find.as_new)}
                            </a>
                        }
                    })}
            </li>
        }
    });
    view! {
        <section class="search-hits card" data-pad="0" aria-label=tr!(lang, desk.find.results)>
            <p class="sr" role="status">
                {tr_n!(lang, desk.find.found, n)}
            </p>
            <ul>{rows} {blank}</ul>
        </section>
    }
}

/// `138 **** 2716 · 12 次 · 上次 6月1日`.
fn hit_line(lang: Lang, hit: &CustomerHit, today: chrono::NaiveDate) -> String {
    let visits = tr_n!(lang, common.visits, hit.visits);
    let parts = [Some(hit.phone_masked.clone()), Some(visits), last_visit(lang, hit, today)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `138 **** 2716 · 上次 6月1日`: enough to tell two of the same name apart.
pub fn short_line(lang: Lang, hit: &CustomerHit, today: chrono::NaiveDate) -> String {
    let parts = [Some(hit.phone_masked.clone()), last_visit(lang, hit, today)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn last_visit(lang: Lang, hit: &CustomerHit, today: chrono::NaiveDate) -> Option<String> {
    let last = hit.last_visit.as_ref()?.date();
    let day = format::near_word(lang, last, today).map_or_else(|| format::day(lang, last), str::to_owned);
    Some(tr!(lang, desk.find.last, day = day))
}

fn last_four(masked: &str) -> String {
    masked.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect()
}

/// For an address's query.
fn escaped(text: &str) -> String {
    leptos_router::location::Url::escape(text)
}
