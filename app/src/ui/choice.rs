//! Picking: cards, segments, chips, boxes, switches; and the steps of a form. All native inputs underneath.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Opt, Words},
};
use leptos::prelude::*;

/// The round (or square) mark of a [`Choice`].
#[component]
pub fn Dot() -> impl IntoView {
    view! {
        <span class="dot">
            <Icon name=IconName::Check/>
        </span>
    }
}

/// A whole card as a radio button or, with `many`, a checkbox. For two to five options worth reading.
#[component]
pub fn Choice(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(optional)] many: bool,
    #[prop(optional)] checked: bool,
    #[prop(optional)] disabled: bool,
    #[prop(into)] title: String,
    #[prop(optional, into)] sub: Words,
    /// Before the words: a [`super::Glyph`], a [`super::Swatch`] or an [`super::Avatar`].
    #[prop(optional, into)]
    lead: ViewFn,
    /// Below the words: a price.
    #[prop(optional, into)]
    tail: ViewFn,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type=if many { "checkbox" } else { "radio" }
                name=name
                value=value
                checked=checked
                disabled=disabled
            />
            {lead.run()}
            <span class="choice-main">
                <span class="choice-title">{title}</span>
                {sub.0.map(|sub| view! { <span class="choice-sub">{sub}</span> })}
                {tail.run()}
            </span>
            {(!disabled).then(|| view! { <Dot/> })}
        </label>
    }
}

/// Two to four ways to see the same thing, or a short either-or, as radio buttons.
#[component]
pub fn Seg(
    #[prop(into)] name: String,
    /// What is being chosen; said, not shown.
    #[prop(into)]
    label: String,
    options: Vec<Opt>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] wide: bool,
) -> impl IntoView {
    let items = options
        .into_iter()
        .map(|opt| {
            let checked = opt.value == value;
            view! {
                <label>
                    <input class="sr" type="radio" name=name.clone() value=opt.value checked=checked/>
                    {opt.text}
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="seg" data-wide=wide role="radiogroup" aria-label=label>
            {items}
        </div>
    }
}

/// The same as links: each view has its own address. `(address, text, chosen)`.
#[component]
pub fn SegLinks(
    #[prop(into)] label: String,
    links: Vec<(String, String, bool)>,
    #[prop(optional)] wide: bool,
) -> impl IntoView {
    let items = links
        .into_iter()
        .map(|(href, text, chosen)| {
            view! {
                <a href=href aria-current=chosen.then_some("true")>
                    {text}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="seg" data-wide=wide aria-label=label>
            {items}
        </nav>
    }
}

/// A filter that is on or off; with `one`, one of several.
#[component]
pub fn Chip(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(optional)] one: bool,
    #[prop(optional)] checked: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="chip">
            <input class="sr" type=if one { "radio" } else { "checkbox" } name=name value=value checked=checked/>
            <Icon name=IconName::Check on=true/>
            {children()}
        </label>
    }
}

/// A box to tick, or with `radio` one of several.
#[component]
pub fn Check(
    #[prop(into)] name: String,
    #[prop(default = "true".to_owned(), into)] value: String,
    #[prop(optional)] radio: bool,
    #[prop(optional)] checked: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type=if radio { "radio" } else { "checkbox" } name=name value=value checked=checked/>
            <span>{children()}</span>
        </label>
    }
}

/// A setting or wish that is on or off.
#[component]
pub fn Switch(
    #[prop(into)] name: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] sub: Words,
    #[prop(optional)] checked: bool,
) -> impl IntoView {
    view! {
        <label class="switch">
            <span class="switch-text">
                <b>{title}</b>
                {sub.0.map(|sub| view! { <small class="muted block">{sub}</small> })}
            </span>
            <input type="checkbox" role="switch" name=name value="true" checked=checked/>
        </label>
    }
}

/// Where in a form one is; `at` counts from 0. What is done can be gone back to, if it has an address.
#[component]
pub fn Steps(#[prop(into)] label: String, steps: Vec<(String, Option<String>)>, at: usize) -> impl IntoView {
    let lang = use_lang();
    let items = steps
        .into_iter()
        .enumerate()
        .map(|(i, (text, href))| {
            let done = i < at;
            let words = match href.filter(|_| done) {
                Some(href) => view! { <a href=href>{text}</a> }.into_any(),
                None => text.into_any(),
            };
            view! {
                <li data-state=done.then_some("done") aria-current=(i == at).then_some("step")>
                    <span>
                        {done
                            .then(|| {
                                view! {
                                    <Icon name=IconName::Check/>
                                    <span class="sr">{tr!(lang, ui.step_done)}</span>
                                }
                            })} {words}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="steps" aria-label=label>
            {items}
        </ol>
    }
}
