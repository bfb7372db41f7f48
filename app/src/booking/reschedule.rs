//! `/b/:token/move`: another time for a booking (BOOK-9). The same parts as choosing one; its own time counts as free.

use super::{address, api, cancel, choose::on_choice, choose::update_button, slots};
use crate::{
    customer::frame::{self, OtherLang, form_key},
    error::AppError,
    lang::use_lang,
    tr,
    ui::{Banner, FormErrors, Icon, IconName, Shell, ShellKind, Tone, TopBar, errors, format},
};
use domain::{
    Lang, Refusal,
    booking::{BookPage, BookingView, SlotQuery},
};
use leptos::{ev, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;

#[derive(Clone, Copy)]
struct Parts {
    picked: RwSignal<Option<i64>>,
    key: StoredValue<String>,
    act: ServerAction<api::Reschedule>,
}

/// The page.
#[component]
pub fn MoveBooking() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    // `branch` holds the token here: it is what the address is made of
    let search = Memo::new(move |_| {
        let token = params.with(|params| params.get("token").unwrap_or_default());
        query.with(|query| SlotQuery {
            branch: token,
            who: query.get("who").unwrap_or_default(),
            day: query.get("day").unwrap_or_default(),
            ..SlotQuery::default()
        })
    });
    let parts =
        Parts { picked: RwSignal::new(None), key: StoredValue::new(form_key()), act: ServerAction::new() };
    let booking = crate::ui::resource(move || search.with(|search| search.branch.clone()), api::view);
    let page = crate::ui::resource(
        move || search.get(),
        |search| api::move_page(search.branch, search.who, search.day),
    );
    Effect::new(move || {
        if parts.act.value().with(|value| matches!(value, Some(Err(AppError::Refused(_))))) {
            parts.picked.set(None);
            page.refetch();
        }
        if parts.act.value().with(|value| matches!(value, Some(Err(_)))) {
            slots::into_view();
        }
    });
    // a new choice is a new question: what went wrong with the last one is not said any more
    Effect::new(move |before: Option<SlotQuery>| {
        let now = search.get();
        if before.is_some_and(|before| before != now) {
            parts.act.clear();
        }
        now
    });
    let choose = on_choice(search, |query| address::reschedule(&query.branch, &query.who, &query.day));
    view! {
        {frame::private_head(tr!(lang, booking.shift.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    let choose = choose.clone();
                    let (booking, page) = (booking.get()?, page.get()?);
                    Some(
                        frame::shown(
                            booking,
                            |booking| {
                                if !booking.may_reschedule {
                                    return not_any_more(lang, &booking);
                                }
                                frame::shown(page, |page| view(lang, &booking, Arc::new(page), parts, choose))
                            },
                        ),
                    )
                }}
            </Transition>
        </Shell>
    }
}

fn not_any_more(lang: Lang, booking: &BookingView) -> AnyView {
    let text = if booking.may_cancel {
        tr!(lang, booking.shift.too_often, phone = address::unbroken(&booking.branch.phone))
    } else {
        cancel::too_late(lang, booking)
    };
    view! {
        <TopBar title=tr!(lang, booking.shift.title) sub=booking.number.clone() back=format!("/b/{}", booking.token)>
            <OtherLang/>
        </TopBar>
        <main class="page form" id="main">
            <p>{text}</p>
            <a class="btn" data-kind="primary" href=address::tel(&booking.branch.phone)>
                <Icon name=IconName::Phone/>
                {booking.branch.phone.clone()}
            </a>
        </main>
    }
    .into_any()
}

fn view(
    lang: Lang,
    booking: &BookingView,
    page: Arc<BookPage>,
    parts: Parts,
    choose: impl Fn(ev::Event) + Clone + Send + Sync + 'static,
) -> AnyView {
    let now = format!("{} {}", format::day_weekday(lang, booking.from.date()), booking.from.hhmm());
    let services =
        booking.items.iter().map(|item| item.name.get(lang).to_owned()).collect::<Vec<_>>().join(" + ");
    let token = booking.token.clone();
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let days = slots::days(lang, &page, |day| address::reschedule(&booking.token, &who, day));
    let none_free = page.slots.iter().all(|slot| !slot.free);
    let words = {
        let page = page.clone();
        move || {
            slots::picked_words(lang, &page, parts.picked.get())
                .unwrap_or_else(|| tr!(lang, booking.choose.not_yet).to_owned())
        }
    };
    view! {
        <TopBar title=tr!(lang, booking.shift.title) sub=booking.number.clone() back=format!("/b/{token}")>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <div class="card">
                <p class="meta soft">{tr!(lang, booking.shift.now)}</p>
                <b>{now}</b>
                <p class="meta soft">{services}</p>
            </div>
            <form
                id="choose"
                method="get"
                action=address::reschedule(&token, "", "")
                autocomplete="off"
                on:change=choose
            >
                {slots::people(lang, &page)}
                {days}
                {update_button(lang)}
            </form>
            {times(lang, &token, &page, parts)}
        </main>
        <footer class="action-bar">
            <p class="action-sum">
                <b>{words}</b>
                {tr!(lang, booking.shift.keeps)}
            </p>
            {(!none_free)
                .then(|| {
                    view! {
                        <button
                            class="btn"
                            data-kind="primary"
                            data-size="l"
                            type="submit"
                            form="pick"
                            aria-busy=move || parts.act.pending().get().then_some("true")
                        >
                            {tr!(lang, booking.shift.act)}
                        </button>
                    }
                })}
        </footer>
    }
    .into_any()
}

fn times(lang: Lang, token: &str, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    let hidden = {
        let (token, who) = (token.to_owned(), page.who.map(|who| who.to_string()).unwrap_or_default());
        move || {
            view! {
                <input type="hidden" name="token" value=token.clone()/>
                <input type="hidden" name="who" value=who.clone()/>
                <input type="hidden" name="key" value=parts.key.get_value()/>
            }
        }
    };
    let wrong = FormErrors::of(lang, move || parts.act.value().get());
    let none_picked = wrong.field("at");
    let lost = {
        let (page, hidden) = (page.clone(), hidden.clone());
        move || match wrong.error().get() {
            Some(AppError::Refused(Refusal::SlotTaken { nearest })) if !nearest.is_empty() => Some({
                let inside =
                    (hidden(), slots::nearest(lang, &nearest, page.day.unwrap_or(page.branch.today)));
                view! {
                    <section class="banner mt-4" data-tone="warn" role="alert">
                        <Icon name=IconName::Alert/>
                        <div>
                            <b>{tr!(lang, booking.lost.title)}</b>
                            {tr!(lang, booking.lost.text)}
                            <ActionForm action=parts.act>
                                {inside}
                            </ActionForm>
                        </div>
                    </section>
                }
                .into_any()
            }),
            Some(error) if super::choose::only_time_missing(&error) => None,
            Some(error) => Some(
                view! {
                    <div class="mt-4" role="alert">
                        <Banner tone=Tone::Warn>{errors::error_text(lang, &error)}</Banner>
                    </div>
                }
                .into_any(),
            ),
            None => None,
        }
    };
    let (inner, slots) = (hidden(), slots::slots(lang, page, parts.picked));
    view! {
        <div id="times">{lost}</div>
        <ActionForm action=parts.act attr:id="pick">
            {inner}
            <fieldset>
                <legend class="sr">{tr!(lang, booking.when.time)}</legend>
                {slots}
                {slots::pick_first(lang, none_picked, parts.picked)}
            </fieldset>
        </ActionForm>
    }
    .into_any()
}
