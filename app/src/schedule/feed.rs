//! 我的日历: the private address of one's own bookings, on the account's page (BOOK-13).

use super::api;
use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{Banner, Field, IconName, Qr, QrArt, Skeleton, Status, SubmitButton, Tone, error_text, format},
};
use domain::schedule::FeedCard;
use leptos::prelude::*;

#[component]
pub fn FeedSection() -> impl IntoView {
    let lang = use_lang();
    let renew = ServerAction::<api::RenewFeed>::new();
    let revoke = ServerAction::<api::RevokeFeed>::new();
    let card = crate::ui::resource(move || (renew.version().get(), revoke.version().get()), |_| api::feed());
    view! {
        <section class="card stack" data-gap="4" id="calendar" aria-labelledby="calendar-title">
            <Transition fallback=|| view! { <Skeleton lines=3/> }>
                {move || {
                    card.get().map(|answer| shown(answer, renew, revoke))
                }}
            </Transition>
            <p class="small muted">{tr!(lang, schedule.feed.secret)}</p>
        </section>
    }
}

fn shown(
    answer: Result<FeedCard, AppError>,
    renew: ServerAction<api::RenewFeed>,
    revoke: ServerAction<api::RevokeFeed>,
) -> AnyView {
    let lang = use_lang();
    let card = match answer {
        Ok(card) => card,
        Err(error) => {
            return view! { <Banner tone=Tone::Warn>{error_text(lang, &error)}</Banner> }.into_any();
        }
    };
    let on = card.address.is_some();
    let (tone, icon, text) = if on {
        (Tone::Ok, IconName::CheckCircle, tr!(lang, schedule.feed.on))
    } else {
        (Tone::Idle, IconName::Hollow, tr!(lang, schedule.feed.off))
    };
    let seen = match &card.seen {
        Some(at) => {
            let at = format!("{} {}", format::day(lang, at.date()), at.hhmm());
            tr!(lang, schedule.feed.seen, at = at)
        }
        None => tr!(lang, schedule.feed.never).to_owned(),
    };
    let body = card.address.map(|address| {
        view! {
            <div class="qr-row">
                <Qr art=QrArt::from(card.qr) what=tr!(lang, schedule.feed.qr)/>
                <div class="stack" data-gap="2">
                    <Address address/>
                    <p class="small muted">{seen}</p>
                </div>
            </div>
        }
    });
    view! {
        <div class="card-head">
            <h2 id="calendar-title">{tr!(lang, schedule.feed.title)}</h2>
            <Status tone icon>
                {text}
            </Status>
        </div>
        <p class="soft">{tr!(lang, schedule.feed.text)}</p>
        {body}
        <div class="btn-group">
            <ActionForm action=renew>
                <SubmitButton kind="plain" pending=renew.pending()>
                    {if on { tr!(lang, schedule.feed.renew) } else { tr!(lang, schedule.feed.begin) }}
                </SubmitButton>
            </ActionForm>
            {on
                .then(|| {
                    view! {
                        <ActionForm action=revoke>
                            <SubmitButton kind="danger-quiet" pending=revoke.pending()>
                                {tr!(lang, schedule.feed.revoke)}
                            </SubmitButton>
                        </ActionForm>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The address in a field, to be selected by hand where there are no scripts, and a button that copies it.
#[component]
fn Address(address: String) -> impl IntoView {
    let lang = use_lang();
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    // only where the browser lets pages copy
    Effect::new(move || ready.set(window().is_secure_context()));
    let text = StoredValue::new(address.clone());
    let copy = move |_| {
        let _ = window().navigator().clipboard().write_text(&text.get_value());
        copied.set(true);
    };
    view! {
        <Field id="calendar-address" label=tr!(lang, schedule.feed.address)>
            <input class="input num" id="calendar-address" readonly=true value=address/>
        </Field>
        <Show when=move || ready.get()>
            <button class="btn" type="button" data-size="s" on:click=copy>
                {move || if copied.get() { tr!(lang, schedule.feed.copied) } else { tr!(lang, schedule.feed.copy) }}
            </button>
        </Show>
    }
}
