//! `/screen/:token`: the screen on the wall (DESK-1). Large type, tickets only; changes by itself, needs no login.

use super::books;
use crate::{
    customer::frame,
    lang::use_lang,
    tr,
    ui::{
        Shell, ShellKind, format,
        fresh::{Fresh, LiveMark, use_clock},
    },
};
use domain::{
    Lang,
    desk::arrive::{ScreenCall, ScreenTicket, ScreenView},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn ScreenPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let token = params.with_untracked(|params| params.get("token").unwrap_or_default());
    let screen = crate::ui::resource(
        move || params.with(|params| params.get("token").unwrap_or_default()),
        books::screen,
    );
    view! {
        {frame::private_head(tr!(lang, books.screen.title))}
        <Shell kind=ShellKind::Wall>
            <Transition fallback=frame::waiting>
                {move || {
                    let token = token.clone();
                    screen
                        .get()
                        .map(|answer| {
                            frame::shown(answer, |view| view! { <Screen token view/> }.into_any())
                        })
                }}
            </Transition>
        </Shell>
    }
}

#[component]
fn Screen(token: String, view: ScreenView) -> impl IntoView {
    let lang = use_lang();
    let fresh = Fresh::new(view);
    let data = fresh.data();
    let asked = token.clone();
    let state = fresh.keep(format!("/live/screen/{token}"), move || books::screen(asked.clone()));
    let clock = use_clock(Signal::derive(move || data.with(|view| view.branch.now)));
    let name = data.with_untracked(|view| view.branch.name.get(lang).to_owned());
    view! {
        <header class="tv-head">
            <h1 class="serif">{name}</h1>
            <LiveMark state clock/>
        </header>
        <main class="tv" id="main">
            <section aria-labelledby="tv-calls">
                <h2 id="tv-calls">{tr!(lang, books.screen.calls)}</h2>
                <div role="status">{move || calls(lang, data.with(|view| view.calls.clone()))}</div>
            </section>
            <section aria-labelledby="tv-waiting">
                <h2 id="tv-waiting">{tr!(lang, books.screen.waiting)}</h2>
                {move || {
                    let (waiting, more) = data.with(|view| (view.waiting.clone(), view.more));
                    waiting_list(lang, waiting, more)
                }}
            </section>
        </main>
    }
}

fn calls(lang: Lang, calls: Vec<ScreenCall>) -> AnyView {
    if calls.is_empty() {
        return view! { <p class="tv-none">{tr!(lang, books.screen.nobody_called)}</p> }.into_any();
    }
    let rows = calls
        .into_iter()
        .map(|call| {
            let place = match call.room {
                Some(room) => room.get(lang).to_owned(),
                None => tr!(lang, books.screen.desk).to_owned(),
            };
            view! {
                <li>
                    <b class="num">{call.ticket}</b>
                    <span>{tr!(lang, books.screen.to, place = place)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="tv-calls">{rows}</ol> }.into_any()
}

fn waiting_list(lang: Lang, tickets: Vec<ScreenTicket>, more: u32) -> AnyView {
    if tickets.is_empty() {
        return view! { <p class="tv-none">{tr!(lang, books.screen.nobody)}</p> }.into_any();
    }
    let rows = tickets
        .into_iter()
        .map(|ticket| {
            let wait = match ticket.estimate {
                Some(0) => tr!(lang, books.screen.soon).to_owned(),
                Some(minutes) => tr!(lang, books.screen.about, span = format::span(lang, minutes)),
                None => String::new(),
            };
            view! {
                <li>
                    <span class="tv-place num">{ticket.place}</span>
                    <b class="num">{ticket.ticket}</b>
                    <span class="tv-wait">{wait}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="tv-waiting">{rows}</ol>
        {(more > 0).then(|| view! { <p class="tv-none">{tr!(lang, books.screen.more, n = more)}</p> })}
    }
    .into_any()
}
