//! The details of one booking, beside the schedule: what, who, where, whether the customer comes, what can be done.

use super::{
    address::Place,
    api,
    forms::{Acts, CancelForm, MarkForm, MoveForm},
    words,
};
use crate::{
    booking::words as booked,
    lang::use_lang,
    tr, tr_n,
    ui::{Banner, Icon, IconName, Skeleton, Status, SubmitButton, Tone, error_text, format},
};
use domain::{
    Lang,
    schedule::{BookingSheet, ChangeLine, Schedule, Standing},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Drawer(
    open: Memo<Option<String>>,
    acts: Acts,
    place: Place,
    data: RwSignal<Schedule>,
) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let one = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        open.get().map(|open| (open, one("to_who"), one("to_day")))
    });
    // read anew when something was done, here or elsewhere
    let booking = crate::ui::resource(
        move || (wanted.get(), acts.answered(), data.with(|data| version_of(data, open.get()))),
        |(wanted, _, _)| async move {
            match wanted {
                Some((booking, who, day)) => api::booking(booking, who, day).await.map(Some),
                None => Ok(None),
            }
        },
    );
    view! {
        <Transition fallback=move || {
            open.get().map(|_| view! { <Skeleton lines=4/> })
        }>
            {move || {
                booking
                    .get()
                    .map(|answer| match answer {
                        Ok(None) => ().into_any(),
                        Ok(Some(booking)) => view! { <Details booking acts place/> }.into_any(),
                        Err(error) => {
                            view! { <Banner tone=Tone::Warn>{error_text(lang, &error)}</Banner> }.into_any()
                        }
                    })
            }}
        </Transition>
    }
}

fn version_of(data: &Schedule, open: Option<String>) -> i32 {
    let Schedule::Sheet(sheet) = data else { return 0 };
    let mut blocks = sheet.lanes.iter().flat_map(|lane| &lane.blocks);
    let found = blocks.find(|block| block.booking.map(|id| id.to_string()) == open && open.is_some());
    found.map_or(0, |block| block.version)
}

#[component]
fn Details(booking: BookingSheet, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let (tone, icon) = booked::state_mark(booking.state);
    let when = format!("{} – {}", booking.from.hhmm(), booking.to.hhmm());
    let day = format::relative_day(lang, booking.from.date(), booking.today);
    view! {
        <aside class="card drawer no-print" aria-label=tr!(lang, schedule.detail.label)>
            <div class="cluster" data-between="">
                <Status tone icon fill=true>
                    {booked::state(lang, booking.state)}
                </Status>
                <a
                    class="btn"
                    data-shape="icon"
                    data-size="s"
                    href=place.href()
                    aria-label=tr!(lang, schedule.detail.close)
                >
                    <Icon name=IconName::X/>
                </a>
            </div>
            <h2 class="mt-2">{booking.customer.clone()}</h2>
            <p class="drawer-time num">{when}</p>
            <p class="small muted">{day}</p>
            {facts(lang, &booking)}
            {gates(lang, &booking)}
            <Doing booking=booking.clone() acts place/>
            {told(lang, &booking)}
            {history(lang, &booking)}
        </aside>
    }
}

fn facts(lang: Lang, booking: &BookingSheet) -> AnyView {
    let services = booking
        .items
        .iter()
        .map(|item| {
            let span = format::span(lang, item.minutes);
            view! { <span class="block">{format!("{} · {span}", item.name.get(lang))}</span> }
        })
        .collect_view();
    let mut people: Vec<String> = Vec::new();
    let mut rooms: Vec<String> = Vec::new();
    for item in &booking.items {
        let name = item.staff_name.get(lang);
        let name = if booking.wished == Some(item.staff) {
            tr!(lang, schedule.detail.staff_wished, name = name)
        } else {
            name.to_owned()
        };
        let room = item.room.as_ref().map(|room| room.get(lang).to_owned());
        for (list, one) in [(&mut people, Some(name)), (&mut rooms, room)] {
            if let Some(one) = one.filter(|one| !list.contains(one)) {
                list.push(one);
            }
        }
    }
    let price = tr!(lang, schedule.detail.price_fixed, price = booking.price.yuan());
    let phone = booking.phone.clone();
    let call = if phone.contains('*') || phone.is_empty() {
        phone.into_any()
    } else {
        let href = format!("tel:{phone}");
        view! { <a href=href>{phone}</a> }.into_any()
    };
    view! {
        <dl class="facts mt-3">
            <dt>{tr!(lang, schedule.detail.service)}</dt>
            <dd>{services}</dd>
            <dt>{tr!(lang, schedule.detail.staff)}</dt>
            <dd>{people.join(" · ")}</dd>
            {(!rooms.is_empty())
                .then(|| {
                    view! {
                        <dt>{tr!(lang, schedule.detail.room)}</dt>
                        <dd>{rooms.join(" · ")}</dd>
                    }
                })}
            <dt>{tr!(lang, schedule.detail.price)}</dt>
            <dd>{price}</dd>
            <dt>{tr!(lang, schedule.detail.phone)}</dt>
            <dd class="num">{call}</dd>
            <dt>{tr!(lang, schedule.detail.number)}</dt>
            <dd class="num">{booking.number.clone()}</dd>
            <dt>{tr!(lang, schedule.detail.channel)}</dt>
            <dd>{words::channel(lang, &booking.channel)}</dd>
            <dt>{tr!(lang, schedule.detail.visits)}</dt>
            <dd>{tr_n!(lang, common.visits, booking.visits)}</dd>
        </dl>
    }
    .into_any()
}

/// What to know before anything is changed.
fn gates(lang: Lang, booking: &BookingSheet) -> AnyView {
    let n = booking.no_shows;
    let missed = match booking.standing {
        Standing::Good => None,
        Standing::Missed => Some((Tone::Idle, tr_n!(lang, schedule.detail.no_shows, n))),
        Standing::Often => Some((Tone::Warn, tr_n!(lang, schedule.detail.often, n))),
    };
    let early = (booking.arrive_early > 0)
        .then(|| (Tone::Info, tr_n!(lang, schedule.detail.early, booking.arrive_early)));
    let wrong = booking.salon_error.as_deref().map(|code| {
        let what = words::error(lang, code);
        (Tone::Warn, tr!(lang, schedule.detail.wrong, what = what))
    });
    let note = booking.cancel_note.clone().map(|note| (Tone::Idle, note));
    let lines = [missed, early, wrong, note]
        .into_iter()
        .flatten()
        .map(|(tone, text)| {
            let icon = if tone == Tone::Warn { IconName::Alert } else { IconName::Info };
            view! {
                <li>
                    <Status tone icon small=true>
                        {text}
                    </Status>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="gates mt-4">{lines}</ul> }.into_any()
}

/// What can be done. Each opens a plain form.
#[component]
fn Doing(booking: BookingSheet, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    // looking for free times, or coming back with an error
    let moving = query.with_untracked(|query| query.get("to_day").is_some());
    let id = booking.id.to_string();
    let link = format!("/b/{}", booking.token);
    view! {
        <div class="stack mt-4" data-gap="2">
            {booking
                .may_check_in
                .then(|| {
                    view! {
                        <ActionForm action=acts.check_in>
                            <input type="hidden" name="booking" value=id/>
                            <SubmitButton wide=true pending=acts.check_in.pending()>
                                {tr!(lang, schedule.detail.check_in)}
                            </SubmitButton>
                        </ActionForm>
                    }
                })}
            {booking
                .may_change
                .then(|| {
                    let failed = move || acts.shift.value().with_untracked(|value| matches!(value, Some(Err(_))));
                    let refused = move || acts.cancel.value().with_untracked(|value| matches!(value, Some(Err(_))));
                    view! {
                        <details class="drawer-act" name="act" open=moving || failed()>
                            <summary class="btn" data-wide="">
                                <Icon name=IconName::Swap/>
                                {tr!(lang, schedule.shift.act)}
                            </summary>
                            <MoveForm booking=booking.clone() acts place/>
                        </details>
                        <details class="drawer-act" name="act" open=refused()>
                            <summary class="btn" data-kind="danger-quiet" data-wide="">
                                {tr!(lang, schedule.cancel.act)}
                            </summary>
                            <CancelForm booking=booking.clone() acts place/>
                        </details>
                    }
                })}
            {booking
                .may_mark
                .then(|| {
                    view! {
                        <details class="drawer-act" name="act">
                            <summary class="btn" data-kind="quiet" data-wide="">
                                {tr!(lang, schedule.mark.act)}
                            </summary>
                            <MarkForm booking=booking.clone() acts place/>
                        </details>
                    }
                })}
            <a class="btn" data-kind="quiet" data-wide="" href=link>
                {tr!(lang, schedule.detail.open)}
            </a>
        </div>
    }
}

/// BOOK-12: what was and will be told.
fn told(lang: Lang, booking: &BookingSheet) -> Option<AnyView> {
    let precautions: Vec<String> = booking.precautions.iter().map(|text| text.get(lang).to_owned()).collect();
    if booking.messages.is_empty() && precautions.is_empty() {
        return None;
    }
    let today = booking.today;
    let lines = booking
        .messages
        .iter()
        .map(|line| {
            let (at, what) = (format::day_time(lang, &line.at, today), booked::message(lang, &line.template));
            let text = if line.sent {
                tr!(lang, schedule.detail.sent, at = at, what = what)
            } else {
                tr!(lang, schedule.detail.due, at = at, what = what)
            };
            view! { <li>{text}</li> }
        })
        .collect_view();
    let mind = precautions.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    Some(
        view! {
            <div class="drawer-log">
                <h3 class="small strong">{tr!(lang, schedule.detail.told)}</h3>
                <ul class="small muted">{mind} {lines}</ul>
            </div>
        }
        .into_any(),
    )
}

fn history(lang: Lang, booking: &BookingSheet) -> AnyView {
    let today = booking.today;
    let lines =
        booking.history.iter().map(|line| view! { <li>{changed(lang, line, today)}</li> }).collect_view();
    view! {
        <div class="drawer-log">
            <h3 class="small strong">{tr!(lang, schedule.detail.history)}</h3>
            <ul class="small muted">{lines}</ul>
        </div>
    }
    .into_any()
}

/// `5月28日 20:14 小何 改期 · 客人要求`.
fn changed(lang: Lang, line: &ChangeLine, today: chrono::NaiveDate) -> String {
    let who = match &line.who {
        Some(name) => name.get(lang),
        None => words::by(lang, &line.by),
    };
    let reason = line.reason.as_deref().and_then(|code| words::any_reason(lang, code)).map(str::to_owned);
    let what =
        format!("{} {who} {}", format::day_time(lang, &line.at, today), words::event(lang, &line.kind));
    [Some(what), reason, line.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
