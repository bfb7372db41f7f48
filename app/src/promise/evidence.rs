//! `/promises/:slug/:code`: the records behind one figure, without names.

use super::{api, words};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{Blank, Pager, Ruler, SegLinks, Shell, ShellKind, Status, TopBar, format},
};
use domain::{
    Lang,
    promise::{EvidencePage, Kept, Promise},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page. `?missed=1` shows only what missed the promise.
#[component]
pub fn PublicEvidence() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let records = crate::ui::resource(
        move || {
            let (slug, code) = params.with(|params| {
                (params.get("slug").unwrap_or_default(), params.get("code").unwrap_or_default())
            });
            query.with(|query| (slug, code, query.get("missed").is_some(), query.get("after")))
        },
        |(slug, code, missed, after)| api::records(slug, code, missed, after),
    );
    view! {
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || records.get().map(|answer| frame::shown(answer, |records| page(lang, records)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, records: EvidencePage) -> AnyView {
    let promise = records.figure.promise;
    let title = words::title(lang, promise);
    let branch = records.branch.name.get(lang).to_owned();
    let wall = format!("/promises/{}", records.branch.slug);
    let path = format!("{wall}/{}", promise.code());
    let views = vec![
        (path.clone(), tr!(lang, promise.all_records).to_owned(), !records.missed_only),
        (format!("{path}?missed=1"), tr!(lang, promise.missed_records).to_owned(), records.missed_only),
    ];
    let list = if records.page.items.is_empty() {
        let (title, text) = if records.missed_only && records.figure.status != Kept::NoData {
            (tr!(lang, promise.none_missed), tr!(lang, promise.none_missed_text))
        } else {
            (tr!(lang, promise.no_records), tr!(lang, promise.no_records_text))
        };
        view! { <Blank title text/> }.into_any()
    } else {
        rows(lang, promise, &records)
    };
    let next = records.page.next.clone();
    let here = if records.missed_only { format!("{path}?missed=1") } else { path };
    view! {
        {frame::public_head(format!("{title} · {branch}"), words::formula(lang, promise).to_owned())}
        <TopBar title=tr!(lang, promise.records_title) sub=branch back=wall>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            {summary(lang, &records)}
            <div class="mt-5">
                <SegLinks label=tr!(lang, promise.which_records) links=views wide=true/>
            </div>
            <div class="mt-4">{list}</div>
            <Pager href=here next/>
        </main>
    }
    .into_any()
}

/// Target, actual, n and period together, and the published formula.
fn summary(lang: Lang, records: &EvidencePage) -> AnyView {
    let figure = &records.figure;
    let kept = words::kept(figure.status);
    let title = words::title(lang, figure.promise);
    let (actual, target) = (words::actual(lang, figure), words::target(figure));
    let label = tr!(lang, ui.ruler, name = title, value = actual.clone(), target = target.clone());
    let period = tr!(
        lang,
        common.date.from_to,
        from = format::full_day(lang, records.from),
        to = format::full_day(lang, records.to)
    );
    view! {
        <article class="plaque" data-state=kept.state()>
            <div class="cluster" data-between>
                <Status tone=kept.tone() icon=kept.icon()>
                    {kept.word(lang)}
                </Status>
                <span class="caption muted">{figure.promise.code()}</span>
            </div>
            <h2 class="serif">{title}</h2>
            <p class="plaque-figure">
                <b>{actual}</b>
                <span>{tr!(lang, ui.target, target = target)}</span>
            </p>
            {figure
                .actual()
                .map(|basis| {
                    view! {
                        <Ruler
                            value=f64::from(basis) / 100.0
                            target=f64::from(figure.target) / 100.0
                            from=words::SCALE_FROM
                            kept=kept == crate::ui::Kept::Yes
                            label=label
                        />
                    }
                })}
            <p class="plaque-foot">
                <span>{words::count(lang, figure)}</span>
            </p>
            <p class="small muted">{period}</p>
            <p class="plaque-fix">
                <b>{tr!(lang, promise.how_computed)}</b>
                {words::formula(lang, figure.promise)}
            </p>
        </article>
    }
    .into_any()
}

fn rows(lang: Lang, promise: Promise, records: &EvidencePage) -> AnyView {
    let today = records.branch.today;
    let rows = (records.page.items.iter())
        .map(|record| {
            let kept = words::kept(if record.met { Kept::Kept } else { Kept::Missed });
            // an answer is told by its day only: the hour would say whose it was
            let when = if promise.is_survey() {
                format::full_day(lang, record.at.date())
            } else {
                format::day_time(lang, &record.at, today)
            };
            let (mut service, value) =
                (record.service.get(lang).to_owned(), words::value(lang, promise, record));
            if promise == Promise::Phone {
                tr!(lang, promise.phone.record).clone_into(&mut service);
            }
            view! {
                <li class="row">
                    <span class="row-main">
                        <span class="row-title">{service}</span>
                        <span class="row-sub">{when}</span>
                    </span>
                    <span class="row-end">
                        <Status tone=kept.tone() icon=kept.icon() small=true>
                            {value}
                        </Status>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}
