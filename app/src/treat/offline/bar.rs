//! What waits, and what was not taken: said at the very top and on the record (look §6).

use super::Queue;
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Icon, IconName, Tone,
        errors::{field_text, refusal_text},
    },
};
use domain::{
    Lang,
    offline::{Act, Trouble, Waiting},
    treat::{StepState, StepView},
};
use leptos::prelude::*;

/// At the very top while there is no network or something has not arrived: how many wait, and since when.
#[component]
pub fn WaitBar(
    queue: Queue,
    /// Changes made elsewhere do not reach the page.
    #[prop(into)]
    lost: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let offline = Memo::new(move |_| lost.get() || queue.offline());
    let waits = Memo::new(move |_| {
        queue.list.with(|list| {
            let mut open = list.iter().filter(|act| act.trouble.is_none());
            let first = open.next().map(|act| act.at);
            (first, open.count() + usize::from(first.is_some()))
        })
    });
    move || {
        let (since, n) = waits.get();
        let signed_out = queue.signed_out.get() && n > 0;
        if !offline.get() && !signed_out {
            return None;
        }
        let text = match (signed_out, since) {
            (true, _) => tr_n!(lang, offline.signed_out, n),
            (false, Some(at)) => tr_n!(lang, offline.waiting, n, since = clock(at)),
            (false, None) => tr!(lang, offline.nothing).to_owned(),
        };
        Some(view! {
            <div class="netbar" role="status">
                <Icon name=IconName::WifiOff/>
                <span>{text}</span>
                {signed_out
                    .then(|| {
                        view! {
                            <a href="/staff/sign-in?next=/chair" rel="external">
                                {tr!(lang, offline.sign_in)}
                            </a>
                        }
                    })}
            </div>
        })
    }
}

/// `14:32` by the device's clock.
fn clock(at: i64) -> String {
    #[cfg(not(feature = "ssr"))]
    {
        let date = js_sys::Date::new(&(at as f64).into());
        format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
    }
    #[cfg(feature = "ssr")]
    at.to_string()
}

/// What the server did not take: why, and the person's word on it. Nothing goes away by itself.
#[component]
pub fn Troubles(queue: Queue, steps: Signal<Vec<StepView>>) -> impl IntoView {
    let lang = use_lang();
    let list = Memo::new(move |_| {
        queue.list.with(|list| list.iter().filter(|act| act.trouble.is_some()).cloned().collect::<Vec<_>>())
    });
    move || {
        let steps = steps.get();
        list.get().into_iter().map(|act| trouble(lang, queue, &act, &steps)).collect_view()
    }
}

fn trouble(lang: Lang, queue: Queue, act: &Waiting, steps: &[StepView]) -> AnyView {
    let step = steps.iter().find(|step| Some(step.id) == act.step());
    let what = match &act.act {
        Act::Tick { state, .. } => {
            let step = step.map(|step| step.text.get(lang).to_owned()).unwrap_or_default();
            match state {
                StepState::Done => tr!(lang, offline.what.done, step = step),
                StepState::Open => tr!(lang, offline.what.open, step = step),
                StepState::Skipped => tr!(lang, offline.what.skipped, step = step),
            }
        }
        Act::Note { text } => tr!(lang, offline.what.note, text = text.clone()),
        Act::Photo { .. } => tr!(lang, offline.what.photo).to_owned(),
    };
    let why = match &act.trouble {
        Some(Trouble::Changed) => {
            let by = step.and_then(|step| step.done_by.as_ref()).map(|by| by.get(lang).to_owned());
            match by {
                Some(by) => tr!(lang, offline.why.changed_by, name = by),
                None => tr!(lang, offline.why.changed).to_owned(),
            }
        }
        Some(Trouble::Refused(refusal)) => refusal_text(lang, refusal),
        Some(Trouble::Field(code)) => field_text(lang, *code).to_owned(),
        Some(Trouble::Forbidden) | None => tr!(lang, offline.why.forbidden).to_owned(),
    };
    let (seq, there) = (act.seq, step.is_some() || act.step().is_none());
    let record = (!there).then(|| format!("/chair/{}", act.item));
    view! {
        <Banner tone=Tone::Warn title=tr!(lang, offline.not_taken, time = clock(act.at), what = what)>
            <p>{why}</p>
            <div class="cluster" data-gap="3">
                {match record {
                    Some(href) => {
                        view! {
                            <a class="btn" data-size="s" href=href>
                                {tr!(lang, offline.open)}
                            </a>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            <button
                                class="btn"
                                data-size="s"
                                type="button"
                                on:click=move |_| queue.insist(seq)
                            >
                                {tr!(lang, offline.keep)}
                            </button>
                        }
                            .into_any()
                    }
                }}
                <button
                    class="btn"
                    data-size="s"
                    data-kind="danger-quiet"
                    type="button"
                    on:click=move |_| queue.discard(seq)
                >
                    {tr!(lang, offline.discard)}
                </button>
            </div>
        </Banner>
    }
    .into_any()
}
