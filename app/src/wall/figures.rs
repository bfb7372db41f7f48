//! `/wall`: what was promised and what was kept. Missed ones first; each figure leads to its records.

use super::{
    api,
    words::{count_text, formula, mark, percent, promise_name, target_text},
};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr, tr_n,
    ui::{More, PromiseRing, Ruler, SegLinks, Status, TopBar, format},
};
use domain::{
    Lang, Role,
    account::StaffMe,
    permission::Action,
    promise::{Figure, Kept, Wall},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Where the rulers begin, in per cent: below that nothing would tell 97 from 98.
const FROM: f64 = 80.0;

#[component]
pub fn WallPage() -> impl IntoView {
    let query = use_query_map();
    let branch = Memo::new(move |_| query.with(|query| query.get("branch").unwrap_or_default()));
    let data = crate::ui::resource(move || branch.get(), api::wall);
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, wall: Wall) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, wall.title);
    let period = tr!(
        lang,
        common.date.from_to,
        from = format::full_day(lang, wall.from),
        to = format::full_day(lang, wall.to)
    );
    let name = wall.branch.name.get(lang).to_owned();
    let own = wall.branch.slug == me.branch_slug;
    let records = may(&me, Action::SeeRecords) && (own || me.role == Role::Owner);
    let (missed, rest): (Vec<Figure>, Vec<Figure>) =
        wall.figures.iter().cloned().partition(|figure| figure.status == Kept::Missed);
    let kept = rest.iter().filter(|figure| figure.status == Kept::Kept).count();
    let marks = wall.figures.iter().map(|figure| mark(figure.status)).collect::<Vec<_>>();
    let slug = wall.branch.slug.clone();
    let switch = (me.role == Role::Owner && wall.branches.len() > 1).then(|| {
        let links = wall
            .branches
            .iter()
            .map(|(slug, name)| {
                (format!("/wall?branch={slug}"), name.get(lang).to_owned(), *slug == wall.branch.slug)
            })
            .collect();
        view! { <SegLinks label=tr!(lang, wall.branches) links/> }
    });
    let public = format!("/promises/{slug}");
    let query = if own { String::new() } else { format!("?branch={slug}") };
    let plaques = |figures: Vec<Figure>| {
        figures.into_iter().map(|figure| plaque(lang, figure, records, &query)).collect_view()
    };
    let missed_n = missed.len();
    let (missed, rest) = (plaques(missed), plaques(rest));
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub=format!("{name} · {period}")>
                {switch}
                <a class="btn" href=public>
                    {tr!(lang, wall.public)}
                </a>
            </TopBar>
            <main class="page wall-inner" id="main">
                <section class="wall-sum card">
                    <div class="wall-sum-ring">
                        <PromiseRing promises=marks/>
                    </div>
                    <div class="stack" data-gap="2">
                        <h2 class="serif">{tr!(lang, wall.lead)}</h2>
                        <p class="soft">{tr!(lang, wall.note)}</p>
                    </div>
                </section>
                {(missed_n > 0)
                    .then(|| {
                        view! {
                            <section class="section" aria-labelledby="missed-title">
                                <div class="card-head">
                                    <h2 id="missed-title">{tr!(lang, wall.missed)}</h2>
                                    <small>{tr_n!(lang, wall.n, missed_n)}</small>
                                </div>
                                <div class="wall-grid">{missed}</div>
                            </section>
                        }
                    })}
                <section class="section" aria-labelledby="kept-title">
                    <div class="card-head">
                        <h2 id="kept-title">{tr!(lang, wall.kept)}</h2>
                        <small>{tr_n!(lang, wall.n, kept)}</small>
                    </div>
                    <div class="wall-grid">{rest}</div>
                </section>
                <p class="small muted mt-5">{tr!(lang, wall.foot)}</p>
            </main>
        </StaffFrame>
    }
    .into_any()
}

/// Target, actual, n and period together, and the way to the records.
fn plaque(lang: Lang, figure: Figure, records: bool, query: &str) -> AnyView {
    let name = promise_name(lang, figure.promise);
    let mark = mark(figure.status);
    let target = target_text(lang, figure.target);
    let code = figure.promise.code();
    let href = format!("/wall/{code}{query}");
    let body = match figure.actual() {
        Some(actual) => {
            let shown = percent(actual);
            let label = format!("{name}: {shown}, {target}");
            view! {
                <p class="plaque-figure">
                    <b>{shown}</b>
                    <span>{target}</span>
                </p>
                <Ruler
                    value=f64::from(actual) / 100.0
                    target=f64::from(figure.target) / 100.0
                    from=FROM
                    kept=figure.status == Kept::Kept
                    label
                />
            }
            .into_any()
        }
        None => view! {
            <p class="plaque-figure">
                <b>{tr!(lang, ui.status.nodata)}</b>
                <span>{target}</span>
            </p>
        }
        .into_any(),
    };
    view! {
        <article class="plaque" id=code data-state=mark.state()>
            <div class="cluster" data-between="">
                <Status tone=mark.tone() icon=mark.icon()>
                    {mark.word(lang)}
                </Status>
                <span class="caption muted">{code}</span>
            </div>
            <h3>{name}</h3>
            {body}
            <p class="small muted">{formula(lang, figure.promise)}</p>
            <p class="plaque-foot">
                <span class="num">{count_text(lang, &figure)}</span>
                {records.then(|| view! { <More href>{tr!(lang, wall.records)}</More> })}
            </p>
        </article>
    }
    .into_any()
}
