//! `/s/:slug`: a branch: when it is open, where it is, what it does, whether it kept its word; one way on: booking.

use super::{api, parts};
use crate::{
    booking::{address, menu, words},
    customer::frame::{self, OtherLang},
    lang::use_lang,
    promise::words as promise_words,
    tr,
    ui::{Icon, IconName, Kept, Ruler, Shell, ShellKind, SizeSwitch, Status, Swatch, SwatchKind, format},
};
use domain::{
    Lang,
    branch::{Category, SalonPage, ServiceCard},
    promise::Figure,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;

/// The page.
#[component]
pub fn Salon() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let sought = RwSignal::new(query.with_untracked(|query| query.get("q").unwrap_or_default()));
    let salon =
        crate::ui::resource(move || params.with(|params| params.get("slug").unwrap_or_default()), api::salon);
    view! {
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || salon.get().map(|answer| frame::shown_public(answer, |salon| page(lang, Arc::new(salon), sought)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, salon: Arc<SalonPage>, sought: RwSignal<String>) -> AnyView {
    let branch = &salon.branch;
    let name = branch.name.get(lang).to_owned();
    let description =
        tr!(lang, branch.salon_description, branch = name.clone(), address = branch.address.get(lang));
    let book = address::choose(&branch.slug, "", "", "");
    // 栖云皮肤管理 · 静安店: the house, then the place
    let (house, place) =
        name.split_once(" · ").or_else(|| name.split_once(", ")).unwrap_or(("", name.as_str()));
    let (house, place) = ((!house.is_empty()).then(|| house.to_owned()), place.to_owned());
    view! {
        {frame::public_head(name, description)}
        <header class="top-bar">
            <a class="top-title" href="/">
                <span class="brandmark">{branch.brand.get(lang).to_owned()}</span>
            </a>
            <SizeSwitch icon=true/>
            <OtherLang/>
            <a class="btn" data-shape="icon" href="/me" aria-label=tr!(lang, customer.tab.me)>
                <Icon name=IconName::User/>
            </a>
        </header>
        <main class="page" id="main">
            <section class="salon-hero">
                <svg class="art" viewBox="0 0 240 240" aria-hidden="true">
                    <circle cx="120" cy="120" r="46"></circle>
                    <circle cx="120" cy="120" r="72" stroke-opacity=".6"></circle>
                    <circle cx="120" cy="120" r="98" stroke-opacity=".35"></circle>
                    <path class="em" d="M120 22A98 98 0 0 1 211 84"></path>
                    <circle class="em" cx="214" cy="92" r="5" fill="currentColor"></circle>
                </svg>
                <p class="meta soft">{parts::kind(lang, branch.kind)}</p>
                <h1 class="greet">{house.map(|house| view! { <small class="block">{house}</small> })} {place}</h1>
                {parts::hours_mark(lang, branch)}
                <div class="mt-4">{parts::contact(lang, branch)}</div>
            </section>
            {catalogue(lang, &salon, sought)}
            {promises(lang, &branch.slug, &salon.promises)}
        </main>
        <footer class="action-bar">
            <p class="action-sum">
                <b>{tr!(lang, branch.bar)}</b>
                {tr!(lang, branch.bar_sub)}
            </p>
            <a class="btn" data-kind="primary" data-size="l" href=book>
                {tr!(lang, branch.book)}
            </a>
        </footer>
    }
    .into_any()
}

/// The menu: every category, a search that narrows it as one types (or by a submit, without scripts).
fn catalogue(lang: Lang, salon: &Arc<SalonPage>, sought: RwSignal<String>) -> AnyView {
    let chips = (salon.categories.iter())
        .filter(|group| !group.services.is_empty())
        .map(|group| {
            view! {
                <a class="chip" href=format!("#{}", anchor(group)) rel="external">
                    {group.name.get(lang).to_owned()}
                </a>
            }
        })
        .collect_view();
    let (slug, groups) = (salon.branch.slug.clone(), salon.clone());
    let list = move || {
        let sought = sought.get();
        let found: Vec<_> = groups
            .categories
            .iter()
            .filter_map(|group| section(lang, &groups.branch.slug, group, &sought))
            .collect();
        if found.is_empty() {
            view! { <p class="muted mt-4">{tr!(lang, booking.menu.nothing)}</p> }.into_any()
        } else {
            found.into_any()
        }
    };
    view! {
        <section class="section">
            <div class="card-head">
                <h2>{tr!(lang, branch.menu)}</h2>
            </div>
            <form class="search mb-4" method="get" action=address::salon(&slug) role="search">
                <Icon name=IconName::Search/>
                <input
                    class="input"
                    type="search"
                    name="q"
                    autocomplete="off"
                    aria-label=tr!(lang, booking.menu.search)
                    placeholder=tr!(lang, booking.menu.search)
                    value=sought.get_untracked()
                    on:input=move |event| sought.set(event_target_value(&event))
                />
            </form>
            <nav class="chips" data-scroll aria-label=tr!(lang, booking.menu.categories)>
                {chips}
            </nav>
            {list}
        </section>
    }
    .into_any()
}

fn anchor(group: &Category) -> String {
    format!("menu-{}", group.code)
}

fn section(lang: Lang, slug: &str, group: &Category, sought: &str) -> Option<AnyView> {
    let rows: Vec<_> = (group.services.iter())
        .filter(|service| menu::matches(service, sought))
        .map(|service| row(lang, slug, service))
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section id=anchor(group)>
                <h3 class="menu-part">{group.name.get(lang).to_owned()}</h3>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn row(lang: Lang, slug: &str, service: &ServiceCard) -> AnyView {
    let off = menu::not_online(lang, service);
    let sub = match off {
        Some(why) => format!("{} · {why}", format::span(lang, service.minutes)),
        None => [format::span(lang, service.minutes), service.summary.get(lang).to_owned()].join(" · "),
    };
    let inner = view! {
        <Swatch kind=SwatchKind::parse(&service.swatch)/>
        <span class="row-main">
            <span class="row-title">{service.name.get(lang).to_owned()}</span>
            <span class="row-sub">{sub}</span>
            <span class="price">{words::price(lang, service.price)}</span>
        </span>
    };
    let inner = match off {
        Some(_) => view! { <div class="row">{inner}</div> }.into_any(),
        None => view! {
            <a class="row" href=address::choose(slug, &service.id.to_string(), "", "")>
                {inner}
                <Icon name=IconName::ChevR/>
            </a>
        }
        .into_any(),
    };
    view! { <li>{inner}</li> }.into_any()
}

/// 说到的，做到了吗.
fn promises(lang: Lang, slug: &str, figures: &[Figure]) -> Option<AnyView> {
    if figures.is_empty() {
        return None;
    }
    let rows = figures.iter().map(|figure| mini(lang, figure)).collect_view();
    Some(
        view! {
            <section class="section">
                <div class="card-head">
                    <h2>{tr!(lang, promise.mini_title)}</h2>
                    <a class="more" href=format!("/promises/{slug}")>
                        {tr!(lang, promise.title)}
                        <Icon name=IconName::ChevR/>
                    </a>
                </div>
                <div class="card stack" data-gap="4">
                    {rows}
                    <p class="caption muted">{tr!(lang, promise.mini_note)}</p>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn mini(lang: Lang, figure: &Figure) -> AnyView {
    let kept = promise_words::kept(figure.status);
    let name = promise_words::short(lang, figure.promise);
    let (actual, target) = (promise_words::actual(lang, figure), promise_words::target(figure));
    let label = tr!(lang, ui.ruler, name = name, value = actual.clone(), target = target.clone());
    view! {
        <div class="mini-promise">
            <p>
                <b>{name}</b>
                <Status tone=kept.tone() icon=kept.icon() small=true>
                    {kept.word(lang)}
                </Status>
            </p>
            <p class="end">
                <b class="fig">{actual}</b>
                <span class="caption muted">
                    {tr!(lang, ui.target, target = target)} " · " {promise_words::n(lang, figure)}
                </span>
            </p>
            {figure
                .actual()
                .map(|basis| {
                    view! {
                        <Ruler
                            value=f64::from(basis) / 100.0
                            target=f64::from(figure.target) / 100.0
                            from=promise_words::SCALE_FROM
                            kept=kept == Kept::Yes
                            label=label
                        />
                    }
                })}
        </div>
    }
    .into_any()
}
