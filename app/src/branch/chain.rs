//! `/`: the chain and its branches.

use super::{api, parts};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Shell, ShellKind, SizeSwitch, ThemeSwitch},
};
use domain::{
    Lang,
    branch::{BranchInfo, ChainPage},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Chain() -> impl IntoView {
    let lang = use_lang();
    let chain = crate::ui::resource(|| (), |()| api::chain());
    view! {
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || chain.get().map(|answer| frame::shown_public(answer, |chain| page(lang, &chain)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, chain: &ChainPage) -> AnyView {
    let brand = chain.brand.get(lang).to_owned();
    let branches = chain.branches.iter().map(|branch| card(lang, branch)).collect_view();
    view! {
        {frame::public_head(brand.clone(), tr!(lang, branch.chain_description, brand = brand.clone()))}
        <header class="top-bar">
            <span class="top-title">
                <span class="brandmark">
                    <Icon name=IconName::Promise/>
                    {brand}
                </span>
            </span>
            <SizeSwitch icon=true/>
            <OtherLang/>
            <a class="btn" data-shape="icon" href="/me" aria-label=tr!(lang, customer.tab.me)>
                <Icon name=IconName::User/>
            </a>
        </header>
        <main class="page" id="main">
            <h1 class="greet">{tr!(lang, common.tagline)}</h1>
            <p class="soft">{tr!(lang, branch.chain_lead)}</p>
            <ul class="stack mt-5" data-gap="4">
                {branches}
            </ul>
            <footer class="cluster mt-6 small muted" data-between>
                <a class="more" href="/staff">
                    {tr!(lang, branch.staff)}
                    <Icon name=IconName::ChevR/>
                </a>
                <ThemeSwitch small=true/>
            </footer>
        </main>
    }
    .into_any()
}

fn card(lang: Lang, branch: &BranchInfo) -> AnyView {
    let salon = crate::booking::address::salon(&branch.slug);
    view! {
        <li class="card stack" data-gap="3">
            <div class="cluster" data-between>
                <h2>
                    <a href=salon.clone()>{branch.name.get(lang).to_owned()}</a>
                </h2>
                <span class="caption muted">{parts::kind(lang, branch.kind)}</span>
            </div>
            {parts::hours_mark(lang, branch)} {parts::contact(lang, branch)}
            <div class="btn-group" data-fill>
                <a class="btn" data-kind="soft" href=salon>
                    {tr!(lang, branch.enter)}
                </a>
                <a class="btn" href=format!("/promises/{}", branch.slug)>
                    <Icon name=IconName::Promise/>
                    {tr!(lang, promise.title)}
                </a>
            </div>
        </li>
    }
    .into_any()
}
