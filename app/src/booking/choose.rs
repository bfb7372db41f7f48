//! `/s/:slug/book`: what, who, when. What is chosen stands in the address, so the page can be shared and works without
//! scripts (each step is then a press of "update"); with scripts each choice changes the address in place.

use super::{
    address, api,
    gone::shown_or_gone,
    menu::{self, Filter},
    pick::Pick,
    slots, wanted, words,
};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{FormErrors, Icon, IconName, Shell, ShellKind, Steps, TopBar, format},
};
use domain::{
    Lang,
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
    pick: Pick,
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
    let hold = ServerAction::<api::Hold>::new();
    let page = crate::ui::resource(move || search.get(), api::page);
    let wrong = FormErrors::of(lang, move || hold.value().get());
    let parts = Parts {
        filter: query.with_untracked(|query| Filter::new(query.get("cat"), query.get("q"))),
        pick: Pick::new(lang, search, wrong, move || page.refetch(), move || hold.clear()),
        hold,
    };
    let choose =
        on_choice(search, |query| address::choose(&query.branch, &query.services, &query.who, &query.day));
    view! {
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    let choose = choose.clone();
                    page.get()
                        .map(|answer| shown_or_gone(lang, search, answer, |page| view(lang, Arc::new(page), parts, choose)))
                }}
            </Transition>
        </Shell>
    }
}

/// What the form of choices, `choose`, does on each change: goes to the address of the new choice, without reloading,
/// without a new entry in the history and without losing one's place on the page.
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
        if let Some(next) = wanted::changed(ahead.get_value(), &input.name(), input.value(), input.checked())
        {
            let to = address(&next);
            ahead.set_value(next);
            navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
        }
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
            {any.then(|| times(&page, parts))}
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
fn times(page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let hidden = {
        let page = page.clone();
        move || {
            let services = page.chosen.iter().map(|service| service.id.to_string()).collect::<Vec<_>>();
            view! {
                <input type="hidden" name="branch" value=page.branch.slug.clone()/>
                <input type="hidden" name="services" value=services.join(",")/>
                <input type="hidden" name="who" value=page.who.map(|who| who.to_string()).unwrap_or_default()/>
            }
            .into_any()
        }
    };
    parts.pick.times(page, hidden, move |id, inside| {
        view! {
            <ActionForm action=parts.hold attr:id=id>
                {inside}
            </ActionForm>
        }
        .into_any()
    })
}

fn bar(lang: Lang, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let who = match page.who {
        Some(who) => page.people.iter().find(|one| one.id == who).map(|one| one.name.get(lang).to_owned()),
        None => None,
    };
    let sum =
        [who.unwrap_or_else(|| tr!(lang, booking.who.anyone).to_owned()), format::span(lang, page.minutes)];
    let sum = view! {
        {sum.join(" · ")}
        " · "
        <span class="price">{words::price(lang, page.price)}</span>
    };
    parts.pick.bar(page, sum.into_any(), tr!(lang, booking.choose.take), parts.hold.pending())
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
