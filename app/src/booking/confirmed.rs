//! `/b/:token`: the booking as its customer sees it, reached by an unguessable link.

use super::{address, api, cancel, words};
use crate::{
    customer::{
        HereButton,
        frame::{self, OtherLang},
    },
    lang::use_lang,
    promise::{api as promises, words as promise_words},
    tr,
    ui::{
        Banner, Dialog, FormErrors, FormNote, Icon, IconName, Qr, Seal, Shell, ShellKind, Slip, SlipTime,
        Status, SubmitButton, Tone, format, qr::QrArt,
    },
};
use domain::{
    Lang, LocalTime,
    booking::{BookingState, BookingView, MessageLine},
    notify::Template,
    promise::{Figure, Promise},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn BookingPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let booking = crate::ui::resource(
        move || params.with(|params| params.get("token").unwrap_or_default()),
        |token| async move {
            let booking = api::view(token).await?;
            let figures = match booking.state.is_open() {
                true => promises::wall(booking.branch.slug.clone())
                    .await
                    .map(|wall| wall.figures)
                    .unwrap_or_default(),
                false => Vec::new(),
            };
            Ok((booking, figures))
        },
    );
    let cancel = ServerAction::<api::Cancel>::new();
    let confirm = ServerAction::<api::Confirm>::new();
    let asking = RwSignal::new(false);
    Effect::new(move || {
        if cancel.value().with(|value| matches!(value, Some(Ok(())))) {
            asking.set(false);
            booking.refetch();
        }
    });
    Effect::new(move || {
        if confirm.value().with(|value| matches!(value, Some(Ok(())))) {
            booking.refetch();
        }
    });
    view! {
        {frame::private_head(tr!(lang, booking.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    booking
                        .get()
                        .map(|answer| {
                            frame::shown(answer, |(booking, figures)| page(lang, &booking, &figures, (cancel, confirm), asking))
                        })
                }}
            </Transition>
        </Shell>
    }
}

fn page(
    lang: Lang,
    booking: &BookingView,
    figures: &[Figure],
    (cancel, confirm): (ServerAction<api::Cancel>, ServerAction<api::Confirm>),
    asking: RwSignal<bool>,
) -> AnyView {
    let open = booking.state.is_open();
    view! {
        <header class="top-bar">
            <a class="btn" data-shape="icon" href="/me" aria-label=tr!(lang, customer.me.title)>
                <Icon name=IconName::X/>
            </a>
            <span class="top-title"></span>
            <OtherLang/>
        </header>
        <main class="page" id="main">
            {heading(lang, booking)}
            <div class="mt-5">{slip(lang, booking)}</div>
            {booking.may_confirm.then(|| coming(lang, booking, confirm))}
            {(!open).then(|| what_next(lang, booking))}
            {near(booking).then(|| view! { <HereButton token=booking.token.clone()/> })}
            {open.then(|| before(lang, booking))}
            {(open && !figures.is_empty()).then(|| promised(lang, booking, figures))}
            {timeline(lang, booking)}
            {open.then(|| change(lang, booking, cancel, asking))}
        </main>
        {frame::tabs(lang, &booking.branch.slug)}
    }
    .into_any()
}

/// The salon entered it: one tap says that the customer comes (BOOK-12).
fn coming(lang: Lang, booking: &BookingView, confirm: ServerAction<api::Confirm>) -> AnyView {
    let errors = FormErrors::of(lang, move || confirm.value().get());
    let token = booking.token.clone();
    view! {
        <div class="mt-5">
            <FormNote errors/>
            <ActionForm action=confirm>
                <input type="hidden" name="token" value=token/>
                <SubmitButton pending=confirm.pending() size="l" wide=true>
                    {tr!(lang, booking.act.confirm)}
                </SubmitButton>
            </ActionForm>
        </div>
    }
    .into_any()
}

fn heading(lang: Lang, booking: &BookingView) -> AnyView {
    let name = booking.customer_name.clone();
    let (title, sub) = match booking.state {
        BookingState::Held | BookingState::Booked | BookingState::Confirmed => (
            tr!(lang, booking.head.open, name = name),
            tr!(lang, booking.head.open_sub, phone = booking.phone_masked.clone()),
        ),
        BookingState::Arrived => {
            (tr!(lang, booking.head.arrived, name = name), tr!(lang, booking.head.arrived_sub).to_owned())
        }
        BookingState::InService => (
            tr!(lang, booking.head.in_service, name = name),
            tr!(lang, booking.head.in_service_sub).to_owned(),
        ),
        BookingState::Completed => {
            (tr!(lang, booking.head.completed, name = name), tr!(lang, booking.head.completed_sub).to_owned())
        }
        BookingState::CancelledByCustomer => {
            (tr!(lang, booking.head.cancelled).to_owned(), tr!(lang, booking.head.cancelled_sub).to_owned())
        }
        BookingState::CancelledBySalon => (
            tr!(lang, booking.head.cancelled_by_salon).to_owned(),
            tr!(lang, booking.head.cancelled_by_salon_sub, phone = address::unbroken(&booking.branch.phone)),
        ),
        BookingState::NoShow => {
            (tr!(lang, booking.head.no_show).to_owned(), tr!(lang, booking.head.no_show_sub).to_owned())
        }
        BookingState::Expired => {
            (tr!(lang, booking.head.expired).to_owned(), tr!(lang, booking.head.expired_sub).to_owned())
        }
    };
    let day = booking.from.date();
    let under = format!("{:02}.{:02}", chrono::Datelike::month(&day), chrono::Datelike::day(&day));
    view! {
        <div class="cluster" data-between>
            <div class="grow">
                <h1 class="greet">{title}</h1>
                <p class="meta soft">{sub}</p>
            </div>
            {booking.state.is_open().then(|| view! { <Seal word=tr!(lang, booking.head.seal) under=under/> })}
        </div>
    }
    .into_any()
}

fn slip(lang: Lang, booking: &BookingView) -> AnyView {
    let (tone, icon) = words::state_mark(booking.state);
    let (open, state, number) = (booking.state.is_open(), booking.state, booking.number.clone());
    let branch = &booking.branch;
    let calendar = format!("/b/{}/calendar.ics", booking.token);
    let map = address::map(branch.address.get(Lang::Zh));
    let place =
        tr!(lang, booking.slip.place_at, branch = branch.name.get(lang), address = branch.address.get(lang));
    let rooms = (booking.items.iter())
        .filter_map(|item| item.room.as_ref().map(|room| room.get(lang).to_owned()))
        .collect::<Vec<_>>();
    let items = (booking.items.iter())
        .map(|item| {
            let who = [item.staff_name.get(lang), item.staff_title.get(lang)].join(" · ");
            let at = (booking.items.len() > 1).then(|| format!("{} ", item.from.hhmm()));
            view! {
                <h2 class="slip-title">{item.name.get(lang).to_owned()}</h2>
                <p class="slip-sub">{at} {who}</p>
            }
        })
        .collect_view();
    let top = view! {
        <p class="slip-eyebrow">
            <span class="soft">{format::relative_day(lang, booking.from.date(), branch.today)}</span>
            <Status tone icon>
                {words::state(lang, state)}
            </Status>
        </p>
        <SlipTime
            iso=booking.from.iso()
            time=booking.from.hhmm()
            until=tr!(lang, booking.slip.until, time = booking.to.hhmm())
        />
    };
    let session = booking.series.map(|place| {
        view! {
            <dt>{tr!(lang, booking.slip.session)}</dt>
            <dd>{tr!(lang, booking.slip.session_of, n = place.position, of = place.of)}</dd>
        }
    });
    let price = if open {
        tr!(lang, booking.slip.price_open, price = words::price(lang, booking.price))
    } else {
        words::price(lang, booking.price)
    };
    view! {
        <Slip label=tr!(lang, booking.slip.label) foot=check_in(lang, booking) foot_class="slip-foot qr-row">
            {top}
            {items}
            <dl class="facts mt-4">
                <dt>{tr!(lang, booking.slip.place)}</dt>
                <dd>{place}</dd>
                {(!rooms.is_empty())
                    .then(|| {
                        view! {
                            <dt>{tr!(lang, booking.slip.room)}</dt>
                            <dd>{rooms.join(" · ")}</dd>
                        }
                    })}
                {session}
                <dt>{tr!(lang, booking.slip.price_name)}</dt>
                <dd>{price}</dd>
                <dt>{tr!(lang, booking.slip.number)}</dt>
                <dd class="num">{number}</dd>
            </dl>
            {open
                .then(|| {
                    view! {
                        <div class="btn-group mt-4" data-fill>
                            <a class="btn" href=calendar rel="external">
                                <Icon name=IconName::CalendarPlus/>
                                {tr!(lang, booking.slip.calendar)}
                            </a>
                            <a class="btn" href=map rel="external noreferrer">
                                <Icon name=IconName::Pin/>
                                {tr!(lang, booking.slip.route)}
                            </a>
                        </div>
                    }
                })}
        </Slip>
    }
    .into_any()
}

/// The lower half: the check-in code while there is something to check in, else where it was.
fn check_in(lang: Lang, booking: &BookingView) -> ViewFn {
    let (code, qr, phone) =
        (booking.checkin_code.clone(), booking.qr.clone(), address::unbroken(&booking.branch.phone));
    if !booking.state.is_open() {
        return ViewFn::from(move || {
            view! { <p class="meta soft">{tr!(lang, booking.slip.questions, phone = phone.clone())}</p> }
        });
    }
    ViewFn::from(move || {
        let art = (qr.size > 0).then(|| QrArt::from(qr.clone()));
        view! {
            {art.map(|art| view! { <Qr art what=tr!(lang, booking.slip.check_in)/> })}
            <div>
                <b>{tr!(lang, booking.slip.show)}</b>
                <p class="small muted">{tr!(lang, booking.slip.or_say)}</p>
                <p class="code num">{code.clone()}</p>
            </div>
        }
    })
}

fn what_next(lang: Lang, booking: &BookingView) -> AnyView {
    let running = matches!(booking.state, BookingState::Arrived | BookingState::InService);
    match booking.visit.as_ref().filter(|_| running) {
        Some(visit) => view! {
            <a class="btn mt-5" data-kind="primary" data-size="l" data-wide href=format!("/q/{visit}")>
                {tr!(lang, booking.act.queue)}
            </a>
        }
        .into_any(),
        None if running => ().into_any(),
        None => {
            let href = address::choose(&booking.branch.slug, &booking.services, "", "");
            view! {
                <a class="btn mt-5" data-kind="primary" data-size="l" data-wide href=href>
                    {tr!(lang, booking.act.again)}
                </a>
            }
            .into_any()
        }
    }
}

/// From an hour before the time on, until somebody says that the customer did not come (DESK-7).
fn near(booking: &BookingView) -> bool {
    booking.state.is_open()
        && booking.from.date() == booking.branch.today
        && (booking.from.utc - booking.branch.now.utc).num_minutes() < 60
}

/// 来之前.
fn before(lang: Lang, booking: &BookingView) -> AnyView {
    let early = (booking.arrive_early > 0).then(|| {
        view! {
            <li>
                <Icon name=IconName::Clock/>
                <span>
                    <b>{tr!(lang, booking.before.arrive, time = booking.arrive_at.hhmm())}</b>
                    {tr!(lang, booking.before.arrive_why)}
                </span>
            </li>
        }
    });
    let precautions = (booking.precautions.iter())
        .filter(|text| !text.is_empty())
        .map(|text| {
            view! {
                <li>
                    <Icon name=IconName::Drop/>
                    <span>{text.get(lang).to_owned()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="section">
            <div class="card-head">
                <h2>{tr!(lang, booking.before.title)}</h2>
            </div>
            <ul class="card stack notes">
                {early} {precautions}
                <li>
                    <Icon name=IconName::Flask/>
                    <span>
                        {tr!(lang, booking.before.health)} " "
                        <a href=address::tel(&booking.branch.phone)>{tr!(lang, booking.before.tell)}</a>
                    </span>
                </li>
            </ul>
        </section>
    }
    .into_any()
}

/// 这一次，我们答应您: the promises that this visit touches, with how they were kept.
fn promised(lang: Lang, booking: &BookingView, figures: &[Figure]) -> AnyView {
    let rows = [Promise::OnTime, Promise::Wait, Promise::Cert]
        .into_iter()
        .filter_map(|promise| figures.iter().find(|figure| figure.promise == promise))
        .map(|figure| {
            let (title, sub) = match figure.promise {
                Promise::OnTime => (
                    tr!(lang, booking.promised.on_time, time = booking.from.hhmm()),
                    tr!(lang, booking.promised.on_time_sub),
                ),
                Promise::Wait => {
                    (tr!(lang, booking.promised.wait).to_owned(), tr!(lang, booking.promised.wait_sub))
                }
                _ => (tr!(lang, booking.promised.cert).to_owned(), tr!(lang, booking.promised.cert_sub)),
            };
            let actual = promise_words::actual(lang, figure);
            view! {
                <li class="row">
                    <span class="glyph" data-tone="brand">
                        <Icon name=IconName::Promise/>
                    </span>
                    <span class="row-main">
                        <span class="row-title">{title}</span>
                        <span class="row-sub">{sub}</span>
                    </span>
                    <span class="row-end">{tr!(lang, promise.year)} <br/> {actual}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="section">
            <div class="card-head">
                <h2>{tr!(lang, booking.promised.title)}</h2>
                <a class="more" href=format!("/promises/{}", booking.branch.slug)>
                    {tr!(lang, promise.title)}
                    <Icon name=IconName::ChevR/>
                </a>
            </div>
            <ul class="rows">{rows}</ul>
        </section>
    }
    .into_any()
}

/// 接下来: what was and will be told, and the arrival.
fn timeline(lang: Lang, booking: &BookingView) -> Option<AnyView> {
    let open = booking.state.is_open();
    if booking.messages.is_empty() && !open {
        return None;
    }
    let today = booking.branch.today;
    let node = |done: bool, icon: IconName, what: &'static str, at: &LocalTime| {
        let icon = if done { IconName::Check } else { icon };
        view! {
            <li data-state=if done { "done" } else { "todo" }>
                <span class="node">
                    <Icon name=icon/>
                </span>
                <p class="what">{what}</p>
                <p class="when">{format::day_time(lang, at, today)}</p>
            </li>
        }
        .into_any()
    };
    // what they tell of has happened, whether or not the message is out yet
    let happened = |template: &str| {
        matches!(
            Template::from_code(template),
            Some(Template::BookingConfirmed | Template::BookingMoved | Template::BookingCancelled)
        )
    };
    let message = |line: &MessageLine| {
        node(
            line.sent || happened(&line.template),
            IconName::Bell,
            words::message(lang, &line.template),
            &line.at,
        )
    };
    let messages = booking.messages.iter().map(message).collect_view();
    let arrival =
        open.then(|| node(false, IconName::Pin, tr!(lang, booking.message.check_in), &booking.arrive_at));
    Some(
        view! {
            <section class="section">
                <div class="card-head">
                    <h2>{if open { tr!(lang, booking.message.next) } else { tr!(lang, booking.message.told) }}</h2>
                </div>
                <ol class="timeline card">{messages} {arrival}</ol>
            </section>
        }
        .into_any(),
    )
}

/// Until when it may be changed, and the two ways to change it (BOOK-9).
fn change(
    lang: Lang,
    booking: &BookingView,
    cancel: ServerAction<api::Cancel>,
    asking: RwSignal<bool>,
) -> AnyView {
    let until = match lang {
        Lang::Zh => format::day_time(lang, &booking.change_until, booking.branch.today),
        // "Today" stands badly inside an English sentence
        Lang::En => {
            let date = format::day(lang, booking.change_until.date());
            tr!(lang, common.date.at, date = date, time = booking.change_until.hhmm())
        }
    };
    let phone = address::unbroken(&booking.branch.phone);
    if !booking.may_cancel {
        let late = cancel::too_late(lang, booking);
        return view! {
            <div class="mt-6">
                <Banner tone=Tone::Info icon=IconName::Phone>
                    {late}
                </Banner>
            </div>
        }
        .into_any();
    }
    let path = format!("/b/{}", booking.token);
    let form = cancel::form(lang, booking, cancel, Some(asking));
    view! {
        <p class="meta soft mt-6">{tr!(lang, booking.act.until, until = until, phone = phone)}</p>
        <div class="btn-group mt-3" data-fill>
            {booking
                .may_reschedule
                .then(|| {
                    view! {
                        <a class="btn" href=format!("{path}/move")>
                            {tr!(lang, booking.act.move_it)}
                        </a>
                    }
                })}
            <a
                class="btn"
                data-kind="danger-quiet"
                href=format!("{path}/cancel")
                on:click=move |event| {
                    event.prevent_default();
                    asking.set(true);
                }
            >
                {tr!(lang, booking.act.cancel)}
            </a>
        </div>
        <Dialog open=asking id="cancel" title=tr!(lang, booking.cancel.title)>
            {form}
        </Dialog>
    }
    .into_any()
}
