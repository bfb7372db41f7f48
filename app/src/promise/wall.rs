//! `/promises/:slug`: missed ones first, then by what they are about. Full width, for everyone.

use super::{api, words};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr, tr_n,
    ui::{Icon, IconName, Kept, PromiseRing, Ruler, Shell, ShellKind, Status, format},
};
use domain::{
    Lang,
    promise::{Figure, Promise, Wall},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn PublicWall() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let wall =
        crate::ui::resource(move || params.with(|params| params.get("slug").unwrap_or_default()), api::wall);
    view! {
        <Shell kind=ShellKind::Wall>
            <Transition fallback=frame::waiting>
                {move || wall.get().map(|answer| frame::shown(answer, |wall| page(lang, &wall)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, wall: &Wall) -> AnyView {
    let branch = wall.branch.name.get(lang).to_owned();
    let missed: Vec<&Figure> = wall.figures.iter().filter(|f| words::kept(f.status) == Kept::No).collect();
    let groups = [
        (
            tr!(lang, promise.group.time),
            &[Promise::OnTime, Promise::Wait, Promise::Accuracy, Promise::Phone][..],
        ),
        (tr!(lang, promise.group.content), &[Promise::Sat, Promise::Hygiene, Promise::Privacy][..]),
        (tr!(lang, promise.group.safe), &[Promise::Cert, Promise::Recheck][..]),
    ];
    let slug = wall.branch.slug.as_str();
    let groups =
        groups.map(|(title, promises)| group(lang, slug, title, promises, &wall.figures)).collect_view();
    let description = tr!(lang, promise.description, branch = branch.clone());
    view! {
        {frame::public_head(tr!(lang, promise.page_title, branch = branch), description)}
        {hero(lang, wall)}
        <main class="wall-page" id="main">
            {(!missed.is_empty())
                .then(|| {
                    let count = tr_n!(lang, promise.items, missed.len());
                    let plaques = missed.iter().map(|figure| plaque(lang, slug, figure)).collect_view();
                    view! {
                        <section>
                            <div class="card-head">
                                <h2>{tr!(lang, promise.missed_title)}</h2>
                                <small>{count}</small>
                            </div>
                            <div class="wall-grid">{plaques}</div>
                        </section>
                    }
                })}
            {groups}
            <footer class="wall-foot">
                <p>{tr!(lang, promise.foot.how)}</p>
                <p>
                    {tr!(lang, promise.foot.doubt)} " "
                    <a href=crate::booking::address::tel(&wall.branch.phone)>{wall.branch.phone.clone()}</a>
                </p>
            </footer>
        </main>
    }
    .into_any()
}

fn hero(lang: Lang, wall: &Wall) -> AnyView {
    let count = |kept: Kept| wall.figures.iter().filter(|f| words::kept(f.status) == kept).count();
    let fact = |kept: Kept| {
        view! {
            <li>
                <b>{count(kept)}</b>
                <span>
                    <Icon name=kept.icon()/>
                    {kept.word(lang)}
                </span>
            </li>
        }
    };
    let ring: Vec<Kept> = wall.figures.iter().map(|f| words::kept(f.status)).collect();
    let period = tr!(
        lang,
        common.date.from_to,
        from = format::full_day(lang, wall.from),
        to = format::full_day(lang, wall.to)
    );
    let here = wall.branch.slug.clone();
    let branches = (wall.branches.iter())
        .map(|(slug, name)| {
            view! {
                <a
                    class="btn"
                    data-size="s"
                    data-kind=(*slug == here).then_some("primary")
                    href=format!("/promises/{slug}")
                    aria-current=(*slug == here).then_some("page")
                >
                    {name.get(lang).to_owned()}
                </a>
            }
        })
        .collect_view();
    let branch = wall.branch.name.get(lang).to_owned();
    view! {
        <header class="wall-hero on-deep">
            <div class="wall-bar">
                <a class="brandmark" href=crate::booking::address::salon(&wall.branch.slug)>
                    <Icon name=IconName::Promise/>
                    {wall.branch.brand.get(lang).to_owned()}
                </a>
                <span class="grow"></span>
                <OtherLang/>
            </div>
            <div class="wall-head">
                <div>
                    <p class="eyebrow">{tr!(lang, promise.eyebrow, branch = branch)}</p>
                    <h1>{tr!(lang, promise.headline)}</h1>
                    <p class="lead">{tr!(lang, promise.lead)}</p>
                    <ul class="wall-facts">{fact(Kept::Yes)} {fact(Kept::No)} {fact(Kept::NoData)}</ul>
                    <p class="wall-note">{period}</p>
                    {(wall.branches.len() > 1)
                        .then(|| {
                            view! {
                                <nav class="btn-group mt-4" aria-label=tr!(lang, promise.other_branches)>
                                    {branches}
                                </nav>
                            }
                        })}
                </div>
                <div class="wall-ring">
                    <PromiseRing promises=ring/>
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// One group; missed ones hang above, so only the rest hangs here, but the count is of all.
fn group(
    lang: Lang,
    slug: &str,
    title: &'static str,
    promises: &[Promise],
    figures: &[Figure],
) -> Option<AnyView> {
    let all: Vec<&Figure> = promises
        .iter()
        .filter_map(|promise| figures.iter().find(|figure| figure.promise == *promise))
        .collect();
    let kept = all.iter().filter(|figure| words::kept(figure.status) == Kept::Yes).count();
    let rest: Vec<_> = all.iter().filter(|figure| words::kept(figure.status) != Kept::No).collect();
    if rest.is_empty() {
        return None;
    }
    let plaques = rest.into_iter().map(|figure| plaque(lang, slug, figure)).collect_view();
    Some(
        view! {
            <section>
                <div class="card-head">
                    <h2>{title}</h2>
                    <small>{tr!(lang, promise.of, kept = kept, total = all.len())}</small>
                </div>
                <div class="wall-grid">{plaques}</div>
            </section>
        }
        .into_any(),
    )
}

fn plaque(lang: Lang, slug: &str, figure: &Figure) -> AnyView {
    let kept = words::kept(figure.status);
    let title = words::title(lang, figure.promise);
    let code = figure.promise.code();
    let (actual, target) =
        (words::actual(lang, figure), tr!(lang, ui.target, target = words::target(figure)));
    let label = tr!(lang, ui.ruler, name = title, value = actual.clone(), target = words::target(figure));
    let ruler = figure.actual().map(|basis| {
        view! {
            <Ruler
                value=f64::from(basis) / 100.0
                target=f64::from(figure.target) / 100.0
                from=words::SCALE_FROM
                kept=kept == Kept::Yes
                label=label
            />
        }
    });
    let more = format!("/promises/{slug}/{code}");
    view! {
        <article class="plaque" id=code data-state=kept.state()>
            <div class="cluster" data-between>
                <Status tone=kept.tone() icon=kept.icon()>
                    {kept.word(lang)}
                </Status>
                <span class="caption muted">{code}</span>
            </div>
            <h3>{title}</h3>
            <p class="plaque-figure">
                <b>{actual}</b>
                <span>{target}</span>
            </p>
            {ruler}
            <p class="plaque-foot">
                <span>{words::count(lang, figure)}</span>
                <a class="more" href=more aria-label=tr!(lang, promise.see_records_of, name = title)>
                    {tr!(lang, promise.see_records)}
                    <Icon name=IconName::ChevR/>
                </a>
            </p>
        </article>
    }
    .into_any()
}
