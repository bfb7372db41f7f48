//! `/sop`: the services with their checklists, and what counts for all of them afterwards.

use super::{api, side::policy_form};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{RowLink, TopBar},
};
use domain::{Lang, account::StaffMe, sop::SopLine, sop::SopList as List};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn SopList() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| api::list());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, list: List) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, sop.title);
    let policy = policy_form(lang, String::new(), &list.policy);
    let parts = list
        .categories
        .into_iter()
        .map(|(name, lines)| {
            let rows = lines.iter().map(|line| view! { <li>{row(lang, line)}</li> }).collect_view();
            view! {
                <section class="section">
                    <div class="card-head">
                        <h2>{name.get(lang).to_owned()}</h2>
                    </div>
                    <ul class="rows">{rows}</ul>
                </section>
            }
        })
        .collect_view();
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub=tr!(lang, sop.sub)/>
            <main class="page" id="main">
                {parts} <section class="section card">
                    <h2>{tr!(lang, sop.policy.all)}</h2>
                    {policy}
                </section>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn row(lang: Lang, line: &SopLine) -> AnyView {
    let sub = format!(
        "{} · {} · {}",
        tr!(lang, sop.version, n = line.number),
        tr_n!(lang, sop.steps, line.steps),
        tr!(lang, sop.mandatory_n, n = line.mandatory)
    );
    let end = if line.draft { tr!(lang, sop.has_draft).to_owned() } else { String::new() };
    view! {
        <RowLink href=format!("/sop/{}", line.service) title=line.name.get(lang).to_owned() sub=sub end=end/>
    }
    .into_any()
}
