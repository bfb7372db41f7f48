//! The menu inside the booking page: category chips, a search, and services as cards that are native check boxes.

use super::words;
use crate::{
    tr,
    ui::{Dot, Icon, IconName, Swatch, SwatchKind, format},
};
use domain::{
    Lang,
    booking::BookPage,
    branch::{Category, NeedsFirst, ServiceCard},
};
use leptos::prelude::*;
use std::sync::Arc;

/// Which part of the menu is looked at. Lives as long as the page, not in what is sent.
#[derive(Clone, Copy)]
pub struct Filter {
    /// A category's code; `None`: that of the first chosen service, else the first.
    pub category: RwSignal<Option<String>>,
    pub words: RwSignal<String>,
}

impl Filter {
    /// As the address says, so that it works without scripts.
    #[must_use]
    pub fn new(category: Option<String>, words: Option<String>) -> Self {
        Self {
            category: RwSignal::new(category.filter(|code| !code.is_empty())),
            words: RwSignal::new(words.unwrap_or_default()),
        }
    }
}

/// Whether every word typed is in the service's name or summary, in either language.
#[must_use]
pub fn matches(service: &ServiceCard, words: &str) -> bool {
    let texts = [&service.name.zh, &service.name.en, &service.summary.zh, &service.summary.en]
        .map(|t| t.to_ascii_lowercase());
    // Letters of the menu are Latin or Chinese: knowing all other alphabets would weigh more than the page itself.
    words.to_ascii_lowercase().split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// What is shown: found by words anywhere, else the category's; and always what is chosen, so that it can be taken away
/// again and is sent with the form.
fn visible<'a>(page: &'a BookPage, category: &str, words: &str) -> Vec<&'a ServiceCard> {
    let chosen = |service: &ServiceCard| page.chosen.iter().any(|c| c.id == service.id);
    (page.categories.iter())
        .flat_map(|group| group.services.iter().map(move |service| (group, service)))
        .filter(|(group, service)| {
            chosen(service)
                || if words.trim().is_empty() { group.code == category } else { matches(service, words) }
        })
        .map(|(_, service)| service)
        .collect()
}

/// The category looked at.
fn category_of(page: &BookPage, wished: Option<&str>) -> String {
    let known = |code: &&str| page.categories.iter().any(|group| group.code == *code);
    wished
        .filter(known)
        .or_else(|| page.chosen.first().map(|service| service.category.as_str()))
        .or_else(|| page.categories.first().map(|group| group.code.as_str()))
        .unwrap_or_default()
        .to_owned()
}

/// 做什么.
pub fn services(lang: Lang, page: &Arc<BookPage>, filter: Filter) -> AnyView {
    let looked_at = Memo::new({
        let page = page.clone();
        move |_| filter.category.with(|wished| category_of(&page, wished.as_deref()))
    });
    let chips = chips(lang, &page.categories, looked_at, filter);
    let page = page.clone();
    let cards = move || {
        let (category, words) = (looked_at.get(), filter.words.get());
        let full = page.chosen.len() >= usize::from(page.max_services);
        let shown = visible(&page, &category, &words);
        if shown.is_empty() {
            return view! { <p class="muted">{tr!(lang, booking.menu.nothing)}</p> }.into_any();
        }
        shown
            .into_iter()
            .map(|service| {
                let at = page.chosen.iter().position(|c| c.id == service.id);
                card(lang, service, at, page.chosen.len(), full, &page.branch.phone)
            })
            .collect_view()
            .into_any()
    };
    view! {
        <fieldset class="section">
            <legend class="card-head">
                <span class="h2">{tr!(lang, booking.menu.title)}</span>
                <small>{tr!(lang, booking.menu.many)}</small>
            </legend>
            <div class="search mb-4">
                <Icon name=IconName::Search/>
                <input
                    class="input"
                    type="search"
                    name="q"
                    autocomplete="off"
                    aria-label=tr!(lang, booking.menu.search)
                    placeholder=tr!(lang, booking.menu.search)
                    value=filter.words.get_untracked()
                    prop:value=move || filter.words.get()
                    on:input=move |event| filter.words.set(event_target_value(&event))
                />
            </div>
            {chips}
            <div class="choices mt-3">{cards}</div>
        </fieldset>
    }
    .into_any()
}

fn chips(lang: Lang, categories: &[Category], looked_at: Memo<String>, filter: Filter) -> AnyView {
    let chips = categories
        .iter()
        .map(|group| {
            let (code, own) = (group.code.clone(), group.code.clone());
            let checked = move || looked_at.with(|code| *code == own);
            view! {
                <label class="chip">
                    <input
                        class="sr"
                        type="radio"
                        name="cat"
                        value=code.clone()
                        checked=checked.clone()
                        prop:checked=checked
                        on:change=move |_| {
                            filter.words.set(String::new());
                            filter.category.set(Some(code.clone()));
                        }
                    />
                    <Icon name=IconName::Check on=true/>
                    {group.name.get(lang).to_owned()}
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="chips" data-scroll role="radiogroup" aria-label=tr!(lang, booking.menu.categories)>
            {chips}
        </div>
    }
    .into_any()
}

/// One service. `at`: its place among the chosen ones.
fn card(lang: Lang, service: &ServiceCard, at: Option<usize>, of: usize, full: bool, phone: &str) -> AnyView {
    let kind = SwatchKind::parse(&service.swatch);
    let title = service.name.get(lang).to_owned();
    let price = words::price(lang, service.price);
    if let Some(why) = not_online(lang, service) {
        let tel = super::address::tel(phone);
        return view! {
            <div class="choice" data-off>
                <Swatch kind/>
                <span class="choice-main">
                    <span class="choice-title muted">{title}</span>
                    <span class="choice-sub">{why}</span>
                    <span class="price muted">{price}</span>
                </span>
                <a class="btn" data-size="s" data-above href=tel>
                    {tr!(lang, booking.menu.ask)}
                </a>
            </div>
        }
        .into_any();
    }
    let sub = [format::span(lang, service.minutes), service.summary.get(lang).to_owned()].join(" · ");
    let order = at.filter(|_| of > 1).map(|at| tr!(lang, booking.menu.order, n = at + 1));
    let off = full && at.is_none();
    view! {
        <label class="choice">
            <input
                type="checkbox"
                name="services"
                value=service.id.to_string()
                checked=at.is_some()
                prop:checked=at.is_some()
                disabled=off
            />
            <Swatch kind/>
            <span class="choice-main">
                <span class="choice-title">{title}</span>
                <span class="choice-sub">{sub}</span>
                <span class="price">
                    {price} " " {order.map(|order| view! { <small>{order}</small> })}
                </span>
            </span>
            <Dot/>
        </label>
    }
    .into_any()
}

/// Why a service cannot be booked here, if so (BOOK-2).
#[must_use]
pub fn not_online(lang: Lang, service: &ServiceCard) -> Option<&'static str> {
    match (service.needs_first, service.online) {
        (Some(NeedsFirst::Consultation), _) => Some(tr!(lang, booking.menu.consultation_first)),
        (Some(NeedsFirst::PatchTest), _) => Some(tr!(lang, booking.menu.patch_first)),
        (None, false) => Some(tr!(lang, booking.menu.by_phone)),
        (None, true) => None,
    }
}
