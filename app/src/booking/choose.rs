//! `/s/:slug/book`: what, who, when. What is chosen stands in the address, so the page can be shared and works without
//! scripts (each step is then a press of "update"); with scripts each choice changes the address in place.

use super::{
    address, api,
    gone::gone,
    menu::{self, Filter},
    slots, wanted, words,
};
use crate::{
    customer::frame::{self, OtherLang, form_key},
    error::AppError,
    lang::use_lang,
    tr,
    ui::{Banner, FormErrors, Icon, IconName, Shell, ShellKind, Steps, Tone, TopBar, errors, format},
};
use domain::{
    FieldCode, Lang, Refusal,
    booking::{BookPage, SlotQuery},
};
use leptos::{ev, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// What lives as long as the page, while its data changes with each choice.
#[derive(Clone, Copy)]
struct Parts {
    filter: Filter,
    picked: RwSignal<Option<i64>>,
    key: StoredValue<String>,
    hold: ServerAction<api::Hold>,
}

/// The page.
#[component]
pub fn ChooseTime() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let search = Memo::new(move |_| {
        let slug = params.with(|params| params.get("slug").unwrap_or_default());
        query.with(|query| wanted::read(slug, query))
    });
    let parts = Parts {
        filter: query.with_untracked(|query| Filter::new(query.get("cat"), query.get("q"))),
        picked: RwSignal::new(None),
        key: StoredValue::new(form_key()),
        hold: ServerAction::new(),
    };
    let page = crate::ui::resource(move || search.get(), api::page);
    // a lost race: somebody else's time is gone from the list too
    Effect::new(move || {
        if parts.hold.value().with(|value| matches!(value, Some(Err(AppError::Refused(_))))) {
            parts.picked.set(None);
            page.refetch();
        }
        if parts.hold.value().with(|value| matches!(value, Some(Err(_)))) {
            slots::into_view();
        }
    });
    // a new choice is a new question: what went wrong with the last one is not said any more
    Effect::new(move |before: Option<SlotQuery>| {
        let now = search.get();
        if before.is_some_and(|before| before != now) {
            parts.hold.clear();
        }
        now
    });
    let choose =
        on_choice(search, |query| address::choose(&query.branch, &query.services, &query.who, &query.day));
    view! {
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    let choose = choose.clone();
                    page.get()
                        .map(|answer| match answer {
                            Err(error @ (AppError::Invalid(_) | AppError::Refused(_))) => {
                                gone(lang, &search.get_untracked().branch, &error)
                            }
                            answer => frame::shown(answer, |page| view(lang, Arc::new(page), parts, choose)),
                        })
                }}
            </Transition>
        </Shell>
    }
}

/// What a form of choices does on each change: goes to the address of the new choice, without reloading, without a new
/// entry in the history and without losing one's place on the page.
pub fn on_choice(
    search: Memo<SlotQuery>,
    address: fn(&SlotQuery) -> String,
) -> impl Fn(ev::Event) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    // ahead of the address while a navigation is under way, so that two quick choices both count
    let ahead = StoredValue::new(search.get_untracked());
    Effect::new(move || ahead.set_value(search.get()));
    move |event: ev::Event| {
        let Some(input) = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        let Some(next) = wanted::changed(ahead.get_value(), &input.name(), input.value(), input.checked())
        else {
            return;
        };
        let to = address(&next);
        ahead.set_value(next);
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    }
}

fn view(
    lang: Lang,
    page: Arc<BookPage>,
    parts: Parts,
    choose: impl Fn(ev::Event) + Clone + Send + Sync + 'static,
) -> AnyView {
    let branch = page.branch.name.get(lang).to_owned();
    let (slug, phone) = (page.branch.slug.clone(), page.branch.phone.clone());
    let title = tr!(lang, booking.choose.title_at, branch = branch.clone());
    let description = tr!(lang, booking.choose.description, branch = branch.clone());
    let any = !page.chosen.is_empty();
    let steps = vec![
        (tr!(lang, booking.step.service).to_owned(), None),
        (tr!(lang, booking.step.time).to_owned(), None),
        (tr!(lang, booking.step.phone).to_owned(), None),
    ];
    let chosen = page.chosen.iter().map(|service| service.id.to_string()).collect::<Vec<_>>().join(",");
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let after = any.then(|| {
        let days = slots::days(lang, &page, |day| address::choose(&page.branch.slug, &chosen, &who, day));
        view! {
            {slots::people(lang, &page)}
            {days}
            {update_button(lang)}
        }
    });
    view! {
        {frame::public_head(title, description)}
        <TopBar title=tr!(lang, booking.title) sub=branch back=address::salon(&slug)>
            <OtherLang/>
            <a class="btn" data-shape="icon" href=address::tel(&phone) aria-label=tr!(lang, booking.choose.call)>
                <Icon name=IconName::Phone/>
            </a>
        </TopBar>
        <main class="page" id="main">
            <Steps label=tr!(lang, booking.step.label) steps at=usize::from(any)/>
            <form
                id="choose"
                method="get"
                action=address::choose(&slug, "", "", "")
                autocomplete="off"
                on:change=choose
            >
                {menu::services(lang, &page, parts.filter)}
                {(!any).then(|| update_button(lang))}
                {after}
            </form>
            {any.then(|| times(lang, &page, parts))}
        </main>
        {if any { bar(lang, &page, parts) } else { first_bar(lang) }}
    }
    .into_any()
}

/// Without scripts a choice has to be sent. Text inside `noscript` is only read where there are none.
pub fn update_button(lang: Lang) -> AnyView {
    let button = format!(
        r#"<button class="btn mt-3" data-wide type="submit" form="choose">{}</button>"#,
        tr!(lang, booking.choose.update)
    );
    view! { <noscript inner_html=button></noscript> }.into_any()
}

/// The times, in the form that picks one.
fn times(lang: Lang, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let fields = {
        let (page, key) = (page.clone(), parts.key);
        move || hidden(&page, &key.get_value())
    };
    let wrong = FormErrors::of(lang, move || parts.hold.value().get());
    let none_picked = wrong.field("at");
    let lost = {
        let (page, fields) = (page.clone(), fields.clone());
        move || match wrong.error().get() {
            Some(AppError::Refused(Refusal::SlotTaken { nearest })) if !nearest.is_empty() => Some({
                let inside =
                    (fields(), slots::nearest(lang, &nearest, page.day.unwrap_or(page.branch.today)));
                view! {
                    <section class="banner mt-4" data-tone="warn" role="alert">
                        <Icon name=IconName::Alert/>
                        <div>
                            <b>{tr!(lang, booking.lost.title)}</b>
                            {tr!(lang, booking.lost.text)}
                            <ActionForm action=parts.hold>
                                {inside}
                            </ActionForm>
                        </div>
                    </section>
                }
                .into_any()
            }),
            Some(error) if only_time_missing(&error) => None,
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
    let (inner, slots) = (fields(), slots::slots(lang, page, parts.picked));
    view! {
        <div id="times">{lost}</div>
        <ActionForm action=parts.hold attr:id="pick">
            {inner}
            <fieldset>
                <legend class="sr">{tr!(lang, booking.when.time)}</legend>
                {slots}
                {slots::pick_first(lang, none_picked, parts.picked)}
            </fieldset>
        </ActionForm>
    }
    .into_any()
}

fn hidden(page: &BookPage, key: &str) -> AnyView {
    let services = page.chosen.iter().map(|service| service.id.to_string()).collect::<Vec<_>>().join(",");
    view! {
        <input type="hidden" name="branch" value=page.branch.slug.clone()/>
        <input type="hidden" name="services" value=services/>
        <input type="hidden" name="who" value=page.who.map(|who| who.to_string()).unwrap_or_default()/>
        <input type="hidden" name="key" value=key.to_owned()/>
    }
    .into_any()
}

fn bar(lang: Lang, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let who = match page.who {
        Some(who) => page.people.iter().find(|one| one.id == who).map(|one| one.name.get(lang).to_owned()),
        None => None,
    };
    let sum =
        [who.unwrap_or_else(|| tr!(lang, booking.who.anyone).to_owned()), format::span(lang, page.minutes)];
    let price = words::price(lang, page.price);
    let none_free = page.slots.iter().all(|slot| !slot.free);
    let time = {
        let page = page.clone();
        move || {
            let asked = parts
                .hold
                .value()
                .with(|value| matches!(value, Some(Err(error)) if only_time_missing(error)));
            let open =
                if asked { tr!(lang, booking.when.pick_first) } else { tr!(lang, booking.choose.not_yet) };
            slots::picked_words(lang, &page, parts.picked.get()).unwrap_or_else(|| open.to_owned())
        }
    };
    view! {
        <footer class="action-bar">
            <p class="action-sum">
                <b>{time}</b>
                {sum.join(" · ")}
                " · "
                <span class="price">{price}</span>
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
                            aria-busy=move || parts.hold.pending().get().then_some("true")
                        >
                            {tr!(lang, booking.choose.take)}
                        </button>
                    }
                })}
        </footer>
    }
    .into_any()
}

fn first_bar(lang: Lang) -> AnyView {
    view! {
        <footer class="action-bar">
            <p class="action-sum">
                <b>{tr!(lang, booking.choose.start)}</b>
                {tr!(lang, booking.choose.start_sub)}
            </p>
        </footer>
    }
    .into_any()
}

/// Whether the only thing wrong is that no time was picked.
#[must_use]
pub fn only_time_missing(error: &AppError) -> bool {
    matches!(error, AppError::Invalid(fields) if !fields.is_empty()
        && fields.iter().all(|f| f.field == "at" && f.code == FieldCode::Required))
}
