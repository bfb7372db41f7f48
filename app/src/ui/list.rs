//! Rows that open, "see all", and the next page of a list.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Words},
};
use leptos::prelude::*;

/// A row of a `.rows` list that leads somewhere: leading mark, title, line below, what stands at the end.
#[component]
pub fn RowLink(
    #[prop(into)] href: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] sub: Words,
    #[prop(optional, into)] lead: ViewFn,
    #[prop(optional, into)] end: Words,
) -> impl IntoView {
    view! {
        <a class="row" href=href>
            {lead.run()}
            <span class="row-main">
                <span class="row-title">{title}</span>
                {sub.0.map(|sub| view! { <span class="row-sub">{sub}</span> })}
            </span>
            {end.0.map(|end| view! { <span class="row-end">{end}</span> })}
            <Icon name=IconName::ChevR/>
        </a>
    }
}

/// A quiet link onwards, at the end of a heading.
#[component]
pub fn More(#[prop(into)] href: String, children: Children) -> impl IntoView {
    view! {
        <a class="more" href=href>
            {children()}
            <Icon name=IconName::ChevR/>
        </a>
    }
}

/// The next page of a keyset list, as a link: `next` is the cursor, sent as `after`, added to `href`.
#[component]
pub fn Pager(
    /// The list's address, with or without a query.
    #[prop(into)]
    href: String,
    #[prop(into)] next: Words,
) -> impl IntoView {
    let lang = use_lang();
    next.0.map(|next| {
        let joint = if href.contains('?') { '&' } else { '?' };
        view! {
            <nav class="pager">
                <a class="btn" href=format!("{href}{joint}after={next}")>
                    {tr!(lang, common.load_more)}
                </a>
            </nav>
        }
    })
}
