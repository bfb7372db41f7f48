//! `/c/:token`: the free re-check (CARE-1). Open until when; a time is picked as for any booking.

use super::{api, words::outcome_name};
use crate::{
    booking::{
        address,
        pick::{self, Pick},
    },
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{Blank, FormErrors, Shell, ShellKind, SubmitButton, TopBar, format},
};
use domain::{
    Lang,
    booking::{BookPage, SlotQuery},
    care::{RecheckPage as Page, RecheckState, RecheckView},
};
use leptos::{ev, prelude::*};
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    location::Url,
};
use std::sync::Arc;

#[derive(Clone, Copy)]
struct Parts {
    pick: Pick,
    act: ServerAction<api::BookRecheck>,
    decline: ServerAction<api::Decline>,
}

/// With `who` in the address, even an empty one, somebody (or anyone) was chosen.
fn here(query: &SlotQuery) -> String {
    format!(
        "/c/{}?who={}&day={}",
        Url::escape(&query.branch),
        Url::escape(&query.who),
        Url::escape(&query.day).replace("%2D", "-")
    )
}

/// The page.
#[component]
pub fn RecheckPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    // `branch` holds the token here, `services` whether somebody was chosen: it is what the address is made of
    let search = Memo::new(move |_| {
        let token = params.with(|params| params.get("token").unwrap_or_default());
        query.with(|query| SlotQuery {
            branch: token,
            services: query.get("who").map(|_| "chosen".to_owned()).unwrap_or_default(),
            who: query.get("who").unwrap_or_default(),
            day: query.get("day").unwrap_or_default(),
            ..SlotQuery::default()
        })
    });
    let act = ServerAction::<api::BookRecheck>::new();
    let page = crate::ui::resource(
        move || search.get(),
        |search| {
            let anyone = !search.services.is_empty() && search.who.is_empty();
            api::recheck(search.branch, search.who, anyone, search.day)
        },
    );
    let wrong = FormErrors::of(lang, move || act.value().get());
    let pick = Pick::new(lang, search, wrong, move || page.refetch(), move || act.clear());
    let parts = Parts { pick, act, decline: ServerAction::new() };
    let choose = pick::on_choice(search, here);
    view! {
        {frame::private_head(tr!(lang, care.recheck.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    let choose = choose.clone();
                    page.get().map(|page| frame::shown(page, |page| view(lang, page, parts, choose)))
                }}
            </Transition>
        </Shell>
    }
}

fn view(
    lang: Lang,
    page: Page,
    parts: Parts,
    choose: impl Fn(ev::Event) + Clone + Send + Sync + 'static,
) -> AnyView {
    let recheck = page.recheck;
    let sub = recheck.branch.name.get(lang).to_owned();
    let top = view! {
        <TopBar title=tr!(lang, care.recheck.title) sub back="/me".to_owned()>
            <OtherLang/>
        </TopBar>
    };
    match page.page {
        Some(times) => view! {
            {top}
            {bookable(lang, &recheck, Arc::new(times), parts, choose)}
        }
        .into_any(),
        None => view! {
            {top}
            <main class="page" id="main">
                {about(lang, &recheck)}
                {over(lang, &recheck)}
            </main>
            {frame::tabs(lang, &recheck.branch.slug)}
        }
        .into_any(),
    }
}

/// What is looked at again.
fn about(lang: Lang, recheck: &RecheckView) -> AnyView {
    let day = format::day_weekday(lang, recheck.served.date());
    let sub = [day, recheck.staff.get(lang).to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <div class="card">
            <p class="meta soft">{tr!(lang, care.recheck.of)}</p>
            <h2>{recheck.service.get(lang).to_owned()}</h2>
            <p class="meta soft">{sub}</p>
        </div>
    }
    .into_any()
}

fn bookable(
    lang: Lang,
    recheck: &RecheckView,
    page: Arc<BookPage>,
    parts: Parts,
    choose: impl Fn(ev::Event) + Clone + Send + Sync + 'static,
) -> AnyView {
    let token = recheck.token.clone();
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let days = pick::days(lang, &page, |day| format!("/c/{token}?who={who}&day={day}"));
    let last = format::day_weekday(lang, recheck.last_day);
    let declined = recheck.state == RecheckState::Declined;
    let free = tr!(lang, care.recheck.free).into_any();
    let bar = parts.pick.bar(&page, free, tr!(lang, care.recheck.act), parts.act.pending());
    view! {
        <main class="page" id="main">
            {about(lang, recheck)}
            <p class="mt-4">{tr!(lang, care.recheck.lead, day = last, n = recheck.minutes)}</p>
            <form
                id="choose"
                method="get"
                action=format!("/c/{token}")
                autocomplete="off"
                on:change=choose
            >
                {pick::people(lang, &page)}
                {days}
                {pick::update_button(lang)}
            </form>
            {times(&token, &page, parts)}
            {(!declined)
                .then(|| {
                    view! {
                        <ActionForm action=parts.decline attr:class="mt-5">
                            <input type="hidden" name="token" value=token.clone()/>
                            <SubmitButton kind="quiet" pending=parts.decline.pending()>
                                {tr!(lang, care.recheck.decline)}
                            </SubmitButton>
                        </ActionForm>
                    }
                })}
        </main>
        {bar}
    }
    .into_any()
}

fn times(token: &str, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    parts.pick.times(page, pick::of_link(token, page), move |id, inside| {
        view! {
            <ActionForm action=parts.act attr:id=id>
                {inside}
            </ActionForm>
        }
        .into_any()
    })
}

/// It is booked, done or over.
fn over(lang: Lang, recheck: &RecheckView) -> AnyView {
    let phone = address::unbroken(&recheck.branch.phone);
    let (title, text, link) = match (recheck.state, &recheck.booking) {
        (RecheckState::Booked, Some((token, at))) => (
            tr!(lang, care.mine.booked).to_owned(),
            format!("{} {}", format::day_weekday(lang, at.date()), at.hhmm()),
            Some((format!("/b/{token}"), tr!(lang, care.mine.see))),
        ),
        (RecheckState::Done, _) => (
            tr!(lang, care.mine.checked).to_owned(),
            recheck.outcome.map(|outcome| outcome_name(lang, outcome).to_owned()).unwrap_or_default(),
            None,
        ),
        _ => (tr!(lang, care.mine.over).to_owned(), tr!(lang, care.recheck.over, phone = phone), None),
    };
    view! {
        <Blank title text>
            {link
                .map(|(href, text)| {
                    view! {
                        <a class="btn" data-kind="primary" href=href>
                            {text}
                        </a>
                    }
                })}
        </Blank>
    }
    .into_any()
}
