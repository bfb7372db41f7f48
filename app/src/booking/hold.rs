//! `/hold/:token`: a time that is kept for a few minutes (BOOK-5), the name and phone for it, and the code that proves
//! the phone (BOOK-14).

use super::{address, api};
use crate::{
    customer::frame::{self, OtherLang, form_key},
    lang::use_lang,
    tr,
    ui::{
        Blank, FormErrors, FormNote, Shell, ShellKind, Slip, SlipTime, Steps, SubmitButton, TextInput,
        TopBar, format,
    },
};
use domain::{Lang, account::CODE_MINUTES, booking::HoldView};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::time::Duration;

#[derive(Clone, Copy)]
struct Acts {
    send: ServerAction<api::SendCode>,
    book: ServerAction<api::Book>,
    release: ServerAction<api::Release>,
    /// Another phone or name is to be typed although a code was sent.
    again: RwSignal<bool>,
    key: StoredValue<String>,
}

/// The page.
#[component]
pub fn HoldPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let acts = Acts {
        send: ServerAction::new(),
        book: ServerAction::new(),
        release: ServerAction::new(),
        again: RwSignal::new(false),
        key: StoredValue::new(form_key()),
    };
    let held =
        crate::ui::resource(move || params.with(|params| params.get("token").unwrap_or_default()), api::held);
    // what the last "send me a code" answered is newer than what the page was opened with
    let newer = RwSignal::new(None::<HoldView>);
    Effect::new(move || {
        if let Some(Ok(view)) = acts.send.value().get() {
            acts.again.set(false);
            newer.set(Some(view));
        }
    });
    view! {
        {frame::private_head(tr!(lang, booking.hold.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    let answer = newer.get().map(Ok).or_else(|| held.get());
                    answer.map(|answer| frame::shown(answer, |view| page(lang, view, acts)))
                }}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, hold: HoldView, acts: Acts) -> AnyView {
    #[cfg(feature = "ssr")]
    if hold.left == 0 {
        crate::ssr::set_page_status(410);
    }
    let left = RwSignal::new(hold.left);
    count_down(hold.left, left);
    let over = Memo::new(move |_| left.get() == 0);
    let back = address::choose(&hold.branch.slug, &hold.services, "", "");
    let steps = vec![
        (tr!(lang, booking.step.service).to_owned(), Some(back.clone())),
        (tr!(lang, booking.step.time).to_owned(), Some(back.clone())),
        (tr!(lang, booking.step.phone).to_owned(), None),
    ];
    let branch = hold.branch.name.get(lang).to_owned();
    let slip = slip(lang, &hold, left);
    let form = {
        let (hold, back) = (hold.clone(), back.clone());
        move || {
            if over.get() {
                expired(lang, &back)
            } else if hold.code_sent_to.is_some() && !acts.again.get() {
                code_form(lang, &hold, acts)
            } else {
                contact_form(lang, &hold, acts)
            }
        }
    };
    view! {
        <TopBar title=tr!(lang, booking.hold.title) sub=branch back=back>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <Steps label=tr!(lang, booking.step.label) steps at=2/>
            <div class="mt-5">{slip}</div>
            <div class="section">{form}</div>
            <div class="mt-5">
                <ActionForm action=acts.release>
                    <input type="hidden" name="token" value=hold.token/>
                    <input type="hidden" name="branch" value=hold.branch.slug/>
                    <button class="btn" data-kind="quiet" data-wide type="submit">
                        {tr!(lang, booking.hold.release)}
                    </button>
                </ActionForm>
            </div>
        </main>
    }
    .into_any()
}

/// What is held, and for how long. Without scripts it says until when; with them it counts.
fn slip(lang: Lang, hold: &HoldView, left: RwSignal<u32>) -> AnyView {
    let until = hold.until.hhmm();
    let words = move || match left.get() {
        0 => tr!(lang, booking.hold.over).to_owned(),
        seconds => tr!(lang, booking.hold.left, time = format!("{}:{:02}", seconds / 60, seconds % 60)),
    };
    let keep = tr!(lang, booking.hold.until, time = until);
    let price = tr!(lang, booking.slip.price, price = super::words::price(lang, hold.price));
    let items = item_lines(lang, hold);
    let day = format::relative_day(lang, hold.from.date(), hold.branch.today);
    let (iso, time) = (hold.from.iso(), hold.from.hhmm());
    let end = tr!(lang, booking.slip.until, time = hold.to.hhmm());
    let foot = move || {
        view! {
            <p class="cluster" data-between>
                <span class="strong">{keep.clone()}</span>
                // counts each second: not for the screen reader's ear
                <span class="num strong" aria-hidden="true">
                    {words}
                </span>
            </p>
            <p class="meta slip-sub">{price.clone()}</p>
        }
    };
    view! {
        <Slip deep=true label=tr!(lang, booking.hold.slip) foot=foot>
            <p class="slip-eyebrow">
                <span>{day}</span>
            </p>
            <SlipTime iso time until=end/>
            {items}
        </Slip>
    }
    .into_any()
}

fn item_lines(lang: Lang, hold: &HoldView) -> AnyView {
    (hold.items.iter())
        .map(|item| {
            let title = item.name.get(lang).to_owned();
            let sub = [item.staff_name.get(lang).to_owned(), format::span(lang, item.minutes)].join(" · ");
            view! {
                <h2 class="slip-title">{title}</h2>
                <p class="slip-sub">{sub}</p>
            }
        })
        .collect_view()
        .into_any()
}

fn contact_form(lang: Lang, hold: &HoldView, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.send.value().get());
    let (token, name, phone) = (hold.token.clone(), hold.name.clone(), hold.phone.clone());
    view! {
        <ActionForm action=acts.send attr:class="form">
            <h2>{tr!(lang, booking.hold.who)}</h2>
            <FormNote errors/>
            <input type="hidden" name="hold" value=token/>
            <TextInput
                name="name"
                label=tr!(lang, customer.name)
                value=name
                autocomplete="name"
                maxlength=80u16
                error=errors.field("name")
            />
            <TextInput
                name="phone"
                label=tr!(lang, customer.phone)
                value=phone
                r#type="tel"
                inputmode="tel"
                autocomplete="tel"
                hint=tr!(lang, booking.hold.phone_hint)
                error=errors.field("phone")
            />
            <SubmitButton pending=acts.send.pending() size="l" wide=true>
                {tr!(lang, booking.hold.send)}
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

fn code_form(lang: Lang, hold: &HoldView, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.book.value().get());
    let resend = FormErrors::of(lang, move || acts.send.value().get());
    let sent = hold.code_sent_to.clone().unwrap_or_default();
    let hint = tr!(lang, booking.hold.code_hint, phone = sent, minutes = CODE_MINUTES);
    let contact = {
        let hold = hold.clone();
        move || {
            view! {
                <input type="hidden" name="hold" value=hold.token.clone()/>
                <input type="hidden" name="name" value=hold.name.clone()/>
                <input type="hidden" name="phone" value=hold.phone.clone()/>
            }
        }
    };
    let (for_book, for_send) = (contact(), contact());
    let (day, time) = (format::day(lang, hold.from.date()), hold.from.hhmm());
    let other = other_contact(lang, hold, acts);
    view! {
        <ActionForm action=acts.book attr:class="form">
            <h2>{tr!(lang, booking.hold.enter)}</h2>
            <FormNote errors/>
            {for_book}
            <input type="hidden" name="key" value=acts.key.get_value()/>
            <TextInput
                name="code"
                label=tr!(lang, customer.code)
                hint=hint
                inputmode="numeric"
                autocomplete="one-time-code"
                autofocus=true
                error=errors.field("code")
            />
            <SubmitButton pending=acts.book.pending() size="l" wide=true>
                {tr!(lang, booking.hold.book, day = day, time = time)}
            </SubmitButton>
        </ActionForm>
        <div class="mt-4 stack" data-gap="3">
            <FormNote errors=resend/>
            <ActionForm action=acts.send>
                {for_send}
                <SubmitButton pending=acts.send.pending() kind="plain" wide=true>
                    {tr!(lang, customer.code_again)}
                </SubmitButton>
            </ActionForm>
            <details class="fold">
                <summary>{tr!(lang, customer.other_phone)}</summary>
                {other}
            </details>
        </div>
    }
    .into_any()
}

/// A wrong number was typed: the same form again, folded away.
fn other_contact(lang: Lang, hold: &HoldView, acts: Acts) -> AnyView {
    let (token, name) = (hold.token.clone(), hold.name.clone());
    view! {
        <ActionForm action=acts.send attr:class="form">
            <input type="hidden" name="hold" value=token/>
            <TextInput
                name="name"
                id="other-name"
                label=tr!(lang, customer.name)
                value=name
                autocomplete="name"
            />
            <TextInput
                name="phone"
                id="other-phone"
                label=tr!(lang, customer.phone)
                r#type="tel"
                inputmode="tel"
                autocomplete="tel"
            />
            <SubmitButton pending=acts.send.pending() kind="plain" wide=true>
                {tr!(lang, booking.hold.send)}
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

fn expired(lang: Lang, back: &str) -> AnyView {
    let back = back.to_owned();
    view! {
        <div role="alert">
            <Blank title=tr!(lang, booking.hold.expired_title) text=tr!(lang, booking.hold.expired_text)>
                <a class="btn" data-kind="primary" href=back>
                    {tr!(lang, booking.hold.again)}
                </a>
            </Blank>
        </div>
    }
    .into_any()
}

/// Counts from what the server said was left, by the browser's own running time: its clock may be wrong.
pub fn count_down(from: u32, left: RwSignal<u32>) {
    Effect::new(move || {
        let began = js_sys::Date::now();
        let tick = set_interval_with_handle(
            move || {
                let gone = ((js_sys::Date::now() - began) / 1000.0).max(0.0) as u32;
                let now = from.saturating_sub(gone);
                if left.try_get_untracked().is_some_and(|before| before != now) {
                    left.set(now);
                }
            },
            Duration::from_millis(250),
        );
        on_cleanup(move || {
            if let Ok(tick) = tick {
                tick.clear();
            }
        });
    });
}
