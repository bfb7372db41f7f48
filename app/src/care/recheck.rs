//! `/c/:token`: the free re-check (CARE-1). Open until when; a time is picked as for any booking.

use super::{api, words::outcome_name};
use crate::{
    booking::{address, pick},
    customer::frame::{self, OtherLang, form_key},
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Banner, Blank, FormErrors, Icon, IconName, Shell, ShellKind, SubmitButton, Tone, TopBar, errors,
        format,
    },
};
use domain::{
    Lang, Refusal,
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
    picked: RwSignal<Option<i64>>,
    key: StoredValue<String>,
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
    let parts = Parts {
        picked: RwSignal::new(None),
        key: StoredValue::new(form_key()),
        act: ServerAction::new(),
        decline: ServerAction::new(),
    };
    let page = crate::ui::resource(
        move || search.get(),
        |search| {
            let anyone = !search.services.is_empty() && search.who.is_empty();
            api::recheck(search.branch, search.who, anyone, search.day)
        },
    );
    Effect::new(move || {
        if parts.act.value().with(|value| matches!(value, Some(Err(AppError::Refused(_))))) {
            parts.picked.set(None);
            page.refetch();
        }
        if parts.act.value().with(|value| matches!(value, Some(Err(_)))) {
            pick::into_view();
        }
    });
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
    let none_free = page.slots.iter().all(|slot| !slot.free);
    let declined = recheck.state == RecheckState::Declined;
    let words = {
        let page = page.clone();
        move || {
            pick::picked_words(lang, &page, parts.picked.get())
                .unwrap_or_else(|| tr!(lang, booking.choose.not_yet).to_owned())
        }
    };
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
            {times(lang, &token, &page, parts)}
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
        <footer class="action-bar">
            <p class="action-sum">
                <b>{words}</b>
                {tr!(lang, care.recheck.free)}
            </p>
            {(!none_free)
                .then(|| {
                    view! {
                        <button
                            class="btn"
                            data-kind="primary"
                            data-size="l"
                            type="submit"
                            form="pick"
                            aria-busy=move || parts.act.pending().get().then_some("true")
                        >
                            {tr!(lang, care.recheck.act)}
                        </button>
                    }
                })}
        </footer>
    }
    .into_any()
}

fn times(lang: Lang, token: &str, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let hidden = {
        let (token, who) = (token.to_owned(), page.who.map(|who| who.to_string()).unwrap_or_default());
        move || {
            view! {
                <input type="hidden" name="token" value=token.clone()/>
                <input type="hidden" name="who" value=who.clone()/>
                <input type="hidden" name="key" value=parts.key.get_value()/>
            }
        }
    };
    let wrong = FormErrors::of(lang, move || parts.act.value().get());
    let none_picked = wrong.field("at");
    let lost = {
        let (page, hidden) = (page.clone(), hidden.clone());
        move || match wrong.error().get() {
            Some(AppError::Refused(Refusal::SlotTaken { nearest })) if !nearest.is_empty() => Some({
                let inside = (hidden(), pick::nearest(lang, &nearest, page.day.unwrap_or(page.branch.today)));
                view! {
                    <section class="banner mt-4" data-tone="warn" role="alert">
                        <Icon name=IconName::Alert/>
                        <div>
                            <b>{tr!(lang, booking.lost.title)}</b>
                            {tr!(lang, booking.lost.text)}
                            <ActionForm action=parts.act>
                                {inside}
                            </ActionForm>
                        </div>
                    </section>
                }
                .into_any()
            }),
            Some(error) if pick::only_time_missing(&error) => None,
            Some(error) => Some(
                view! {
                    <div class="mt-4" role="alert">
                        <Banner tone=Tone::Warn>{errors::error_text(lang, &error)}</Banner>
                    </div>
                }
                .into_any(),
            ),
            None => None,
        }
    };
    let (inner, slots) = (hidden(), pick::slots(lang, page, parts.picked));
    view! {
        <div id="times">{lost}</div>
        <ActionForm action=parts.act attr:id="pick">
            {inner}
            <fieldset>
                <legend class="sr">{tr!(lang, booking.when.time)}</legend>
                {slots}
                {pick::pick_first(lang, none_picked, parts.picked)}
            </fieldset>
        </ActionForm>
    }
    .into_any()
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
