//! `/wall/:code`: the records behind one figure, the missed ones first.

use super::{
    api,
    words::{
        count_text, formula, mark, miss_reason, percent, promise_name, target_text, value_head, value_text,
    },
};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr,
    ui::{Blank, IconName, Pager, SegLinks, Status, Tone, TopBar, format},
};
use chrono::Datelike;
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    promise::{Evidence, EvidencePage, Promise},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn RecordsPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let code = params.with(|params| params.get("code").unwrap_or_default());
        query.with(|query| {
            (code, query.get("branch").unwrap_or_default(), query.get("all").is_none(), query.get("after"))
        })
    });
    let data = crate::ui::resource(
        move || asked.get(),
        |(code, branch, missed, after)| async move {
            let further = after.is_some();
            api::records(code, branch.clone(), missed, after).await.map(|page| (branch, further, page))
        },
    );
    view! { <StaffPage data view=show/> }
}

/// The page's own address with these filters.
fn address(promise: Promise, branch: &str, missed: bool) -> String {
    let mut parts = Vec::new();
    if !branch.is_empty() {
        parts.push(format!("branch={branch}"));
    }
    if !missed {
        parts.push("all=1".to_owned());
    }
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    format!("/wall/{}{query}", promise.code())
}

fn show(me: StaffMe, (branch, further, page): (String, bool, EvidencePage)) -> AnyView {
    let lang = use_lang();
    let figure = page.figure.clone();
    let promise = figure.promise;
    let title = promise_name(lang, promise);
    let here = page.branch.name.get(lang);
    let from = format::full_day(lang, page.from);
    let to = format::full_day(lang, page.to);
    let sub = format!("{here} · {}", tr!(lang, common.date.from_to, from = from, to = to));
    let back = if branch.is_empty() { "/wall".to_owned() } else { format!("/wall?branch={branch}") };
    let sign = mark(figure.status);
    let actual = figure.actual().map_or_else(|| tr!(lang, ui.status.nodata).to_owned(), percent);
    let links = vec![
        (address(promise, &branch, true), tr!(lang, wall.only_missed).to_owned(), page.missed_only),
        (address(promise, &branch, false), tr!(lang, wall.all).to_owned(), !page.missed_only),
    ];
    let today = page.branch.today;
    let items = page.page.items;
    let list = if items.is_empty() {
        let (title, text) = if page.missed_only && !further {
            (tr!(lang, wall.none_missed), tr!(lang, wall.none_missed_text))
        } else {
            (tr!(lang, wall.none), tr!(lang, wall.none_text))
        };
        view! { <div class="card"><Blank title text/></div> }.into_any()
    } else {
        table(lang, promise, today, items)
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub back>
                <SegLinks label=tr!(lang, wall.filter) links/>
            </TopBar>
            <main class="page" id="main">
                <div class="records-head">
                    <Status tone=sign.tone() icon=sign.icon() fill=true>
                        {sign.word(lang)}
                    </Status>
                    <b class="records-figure num">{actual}</b>
                    <span class="soft">{target_text(lang, figure.target)}</span>
                    <span class="soft num">{count_text(lang, &figure)}</span>
                </div>
                <p class="small muted mb-4">{formula(lang, promise)}</p>
                {list}
                <Pager href=address(promise, &branch, page.missed_only) next=page.page.next/>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn table(lang: Lang, promise: Promise, today: chrono::NaiveDate, items: Vec<Evidence>) -> AnyView {
    let named = items.iter().any(|one| one.name.is_some());
    let valued = items.iter().any(|one| one.value.is_some()) && !value_head(lang, promise).is_empty();
    let reasoned = items.iter().any(|one| one.reason.is_some());
    let rows = items
        .into_iter()
        .map(|one| {
            let (tone, icon, word) = if one.met {
                (Tone::Ok, IconName::CheckCircle, tr!(lang, ui.status.kept))
            } else {
                (Tone::Stop, IconName::XCircle, tr!(lang, ui.status.missed))
            };
            let staff = one.staff.map(|staff| staff.get(lang).to_owned()).unwrap_or_default();
            let value = one.value.map(|value| value_text(lang, promise, value)).unwrap_or_default();
            let reason = one.reason.map(|code| miss_reason(lang, &code)).unwrap_or_default();
            view! {
                <tr>
                    <td class="nowrap">
                        <time datetime=one.at.iso()>{when(lang, &one.at, today)}</time>
                    </td>
                    <td class="nowrap">{one.reference}</td>
                    {named.then(|| view! { <td>{one.name.unwrap_or_default()}</td> })}
                    <td>{one.service.get(lang).to_owned()}</td>
                    <td>{staff}</td>
                    {valued.then(|| view! { <td class="num">{value}</td> })}
                    <td class="nowrap">
                        <Status tone icon small=true>
                            {word}
                        </Status>
                    </td>
                    {reasoned.then(|| view! { <td>{reason}</td> })}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card table-wrap" data-pad="0" tabindex="0" role="region" aria-label=tr!(lang, wall.table)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!(lang, wall.col.at)}</th>
                        <th scope="col">{tr!(lang, wall.col.reference)}</th>
                        {named.then(|| view! { <th scope="col">{tr!(lang, wall.col.name)}</th> })}
                        <th scope="col">{tr!(lang, wall.col.service)}</th>
                        <th scope="col">{tr!(lang, wall.col.staff)}</th>
                        {valued.then(|| view! { <th scope="col" class="num">{value_head(lang, promise)}</th> })}
                        <th scope="col">{tr!(lang, wall.col.result)}</th>
                        {reasoned.then(|| view! { <th scope="col">{reason_head(lang, promise)}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn reason_head(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Recheck => tr!(lang, wall.col.used),
        _ if promise.is_survey() => tr!(lang, wall.col.comment),
        _ => tr!(lang, wall.col.reason),
    }
}

/// With the year where it is another one.
fn when(lang: Lang, at: &LocalTime, today: chrono::NaiveDate) -> String {
    if at.date().year() == today.year() {
        return format::day_time(lang, at, today);
    }
    tr!(lang, common.date.at, date = format::full_day(lang, at.date()), time = at.hhmm())
}
