//! Advice, emptiness, waiting, no network.

use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{Icon, IconName, Tone, Words},
};
use leptos::prelude::*;

/// Advice in place. The icon follows from the tone unless one is given.
#[component]
pub fn Banner(
    tone: Tone,
    #[prop(default = None, into)] icon: Option<IconName>,
    /// Said first, in bold.
    #[prop(optional, into)]
    title: Words,
    children: Children,
) -> impl IntoView {
    let icon = icon.unwrap_or(match tone {
        Tone::Ok => IconName::CheckCircle,
        Tone::Warn => IconName::Alert,
        Tone::Stop => IconName::Stop,
        Tone::Sand => IconName::Sparkle,
        _ => IconName::Info,
    });
    view! {
        <div class="banner" data-tone=tone.attr()>
            <Icon name=icon/>
            <div>{title.0.map(|title| view! { <b>{title}</b> })} {children()}</div>
        </div>
    }
}

/// What must stop a hand: allergy or contraindication. Kept for that, and always in view at the chair.
#[component]
pub fn StopAlert(
    #[prop(into)] label: String,
    /// One character on the octagon.
    #[prop(into)]
    sign: String,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="stop-alert" role="alert" aria-label=label>
            <span class="stop-sign" aria-hidden="true">{sign}</span>
            <div>
                <b>{title}</b>
                {children()}
            </div>
        </section>
    }
}

/// An empty or failed place: one line, one sentence, one act (the children).
#[component]
pub fn Blank(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// It failed, rather than being empty.
    #[prop(optional)]
    failed: bool,
    /// A code to read out on the telephone.
    #[prop(optional, into)]
    code: Words,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="blank" data-tone=failed.then_some("stop")>
            <svg class="blank-art art" viewBox="0 0 80 80" aria-hidden="true">
                <circle cx="40" cy="40" r="34" stroke-opacity=".5"></circle>
                <circle cx="40" cy="40" r="24" stroke-dasharray="3 5"></circle>
                <path
                    class="em"
                    d=if failed { "M40 26v18M40 52v.5" } else { "M40 6A34 34 0 0 1 69.5 23" }
                    stroke-width=if failed { "4" } else { "3" }
                    stroke-linecap="round"
                ></path>
                {(!failed)
                    .then(|| {
                        view! { <circle class="em" cx="73" cy="31" r="3" fill="currentColor" stroke="none"></circle> }
                    })}
            </svg>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
            {code.0.map(|code| view! { <small class="muted num">{code}</small> })}
        </div>
    }
}

/// Waiting, in the shape of what comes: a person and `lines` lines.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u8, #[prop(optional)] person: bool) -> impl IntoView {
    let lang = use_lang();
    let lines = (0..lines)
        .map(|i| view! { <span class="skeleton" data-w=["3", "2", "1"][usize::from(i) % 3]></span> })
        .collect_view();
    view! {
        <div class="card stack" aria-busy="true">
            <span class="sr">{tr!(lang, common.loading)}</span>
            {person.then(|| view! { <span class="skeleton" data-kind="circle"></span> })}
            {lines}
        </div>
    }
}

/// At the very top while there is no network; `waiting` entries are kept on the device.
#[component]
pub fn NetBar(
    #[prop(into)] offline: Signal<bool>,
    #[prop(optional, into)] waiting: Signal<u32>,
) -> impl IntoView {
    let lang = use_lang();
    move || {
        offline.get().then(|| {
            let text = match waiting.get() {
                0 => tr!(lang, ui.net.offline).to_owned(),
                n => tr_n!(lang, ui.net.offline_waiting, n),
            };
            view! {
                <div class="netbar" role="status">
                    <Icon name=IconName::WifiOff/>
                    {text}
                </div>
            }
        })
    }
}
