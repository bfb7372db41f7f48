//! `/b/:token/move`: another time for a booking (BOOK-9). The same parts as choosing one; its own time counts as free.

use super::{
    address, api, cancel,
    pick::{Pick, of_link, on_choice, update_button},
    slots,
};
use crate::{
    customer::frame::{self, OtherLang},
    lang::use_lang,
    tr,
    ui::{FormErrors, Icon, IconName, Shell, ShellKind, TopBar, format},
};
use domain::{
    Lang,
    booking::{BookPage, BookingView, SlotQuery},
};
use leptos::{ev, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;

#[derive(Clone, Copy)]
struct Parts {
    pick: Pick,
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
    let act = ServerAction::<api::Reschedule>::new();
    let booking = crate::ui::resource(move || search.with(|search| search.branch.clone()), api::view);
    let page = crate::ui::resource(
        move || search.get(),
        |search| api::move_page(search.branch, search.who, search.day),
    );
    let wrong = FormErrors::of(lang, move || act.value().get());
    let pick = Pick::new(lang, search, wrong, move || page.refetch(), move || act.clear());
    let parts = Parts { pick, act };
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
    let keeps = tr!(lang, booking.shift.keeps).into_any();
    let bar = parts.pick.bar(&page, keeps, tr!(lang, booking.shift.act), parts.act.pending());
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
            {times(&token, &page, parts)}
        </main>
        {bar}
    }
    .into_any()
}

fn times(token: &str, page: &Arc<BookPage>, parts: Parts) -> AnyView {
    parts.pick.times(page, of_link(token, page), move |id, inside| {
        view! {
            <ActionForm action=parts.act attr:id=id>
                {inside}
            </ActionForm>
        }
        .into_any()
    })
}
