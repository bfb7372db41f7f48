//! `/chair`: my day. Who is in the chair, who is next with what must be known of them, then the rest (TREAT-1).

use super::{
    api,
    offline::{Queue, Troubles, WaitBar, keep_day},
};
use crate::{
    account::StaffPage,
    desk::{Tags, care_text},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Avatar, Banner, Blank, Icon, IconName, Ring, RingSize, Shell, ShellKind, Slip, SlipTime, Tone,
        format,
        fresh::{Fresh, LiveMark, minutes_between, use_clock},
        live::LiveState,
    },
};
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    desk::WAIT_LIMIT,
    treat::{DayItem, MyDay, ServiceState},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn DayPage() -> impl IntoView {
    let query = use_query_map();
    let who = Memo::new(move |_| query.with(|query| query.get("who").unwrap_or_default()));
    let data = crate::ui::resource(
        move || who.get(),
        |who| async move { api::my_day(who.clone()).await.map(|day| (who, day)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (who, day): (String, MyDay)) -> AnyView {
    view! { <Day me who day/> }.into_any()
}

#[component]
fn Day(me: StaffMe, who: String, day: MyDay) -> impl IntoView {
    let lang = use_lang();
    let (name, title) = (day.name.get(lang).to_owned(), day.title.get(lang).to_owned());
    let branch = day.branch_name.get(lang).to_owned();
    let date = format::day_weekday(lang, day.now.date());
    let shift = day.shift.map(|(from, to)| tr!(lang, treat.day.shift, from = from.hhmm(), to = to.hhmm()));
    let sub = [Some(title), Some(branch), Some(date), shift]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let path = format!("/live/branch/{}", day.branch);
    let own = who.is_empty();
    let fresh = Fresh::new(day);
    let data = fresh.data();
    let question = StoredValue::new(who.clone());
    let state = fresh.keep(path, move || api::my_day(who.clone()));
    let queue = Queue::new(me.user);
    let lost = Signal::derive(move || state.get() == LiveState::Lost);
    Effect::new(move || match state.get() {
        LiveState::Live => queue.flush(),
        // the newest reading that the device has
        LiveState::Lost => fresh.ask_kept(move || api::my_day(question.get_value()), |day| &day.now),
        LiveState::Opening => {}
    });
    if own {
        keep_day(me.user, data);
    }
    let clock = use_clock(Signal::derive(move || data.with(|day| day.now)));
    let board = crate::account::may(&me, domain::permission::Action::SeeBoard);
    view! {
        <Title text=tr!(lang, treat.title)/>
        <Shell kind=ShellKind::Chair>
            <WaitBar queue lost/>
            <header class="top-bar">
                <Avatar name=name.clone()/>
                <h1 class="top-title">
                    {name} <span class="top-sub">{sub}</span>
                </h1>
                <LiveMark state clock/>
                {board
                    .then(|| {
                        view! {
                            <a class="btn" data-shape="icon" href="/desk" aria-label=tr!(lang, treat.day.board)>
                                <Icon name=IconName::Board/>
                            </a>
                        }
                    })}
                <a class="btn" data-shape="icon" href="/account" aria-label=tr!(lang, account.page)>
                    <Icon name=IconName::User/>
                </a>
            </header>
            <main class="chair-page" id="main">
                <div class="chair-alerts stack" data-gap="3">
                    <Troubles queue steps=Signal::derive(Vec::new)/>
                </div>
                <section class="chair-main stack" data-gap="5" aria-label=tr!(lang, treat.day.now)>
                    {move || {
                        data.with(|day| day.current.clone()).map(|item| view! { <Current item clock/> })
                    }}
                    {move || match data.with(|day| day.next.clone()) {
                        Some(item) => view! { <Next item clock/> }.into_any(),
                        None => {
                            view! {
                                <div class="card">
                                    <Blank
                                        title=tr!(lang, treat.day.free_title)
                                        text=tr!(lang, treat.day.free_text)
                                    />
                                </div>
                            }
                                .into_any()
                        }
                    }}
                </section>
                <div class="chair-side">
                    <Later data/>
                    <Done data/>
                </div>
            </main>
            {move || data.with(|day| next_act(lang, day))}
        </Shell>
    }
}

/// The one next step: on with whoever is in the chair, else whoever waits.
fn next_act(lang: Lang, day: &MyDay) -> Option<AnyView> {
    let (item, text) = match (&day.current, &day.next) {
        (Some(item), _) => (item, tr!(lang, treat.day.go_on, name = item.name.clone())),
        (None, Some(item)) => (item, tr!(lang, treat.day.receive, name = item.name.clone())),
        (None, None) => return None,
    };
    let href = format!("/chair/{}", item.item?);
    Some(
        view! {
            <footer class="action-bar">
                <a class="btn" data-kind="primary" data-size="l" data-wide="" href=href>
                    {text}
                </a>
            </footer>
        }
        .into_any(),
    )
}

/// `60 分钟 · 3 号护理间`.
fn where_and_long(lang: Lang, item: &DayItem) -> String {
    let minutes = minutes_between(&item.at, &item.ends).max(0).try_into().unwrap_or_default();
    let room = item.room.as_ref().map(|room| room.get(lang).to_owned());
    [Some(format::span(lang, minutes)), room].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What to do for those who need special care: always in sight.
#[component]
pub fn Care(tags: Vec<domain::customer::CustomerTag>) -> impl IntoView {
    let lang = use_lang();
    tags.into_iter()
        .filter_map(|tag| care_text(lang, tag).map(|text| (tag, text)))
        .map(|(tag, text)| {
            let tone = if tag == domain::customer::CustomerTag::FirstVisit { Tone::Info } else { Tone::Warn };
            view! {
                <Banner tone title=crate::desk::tag_name(lang, tag)>
                    {text}
                </Banner>
            }
        })
        .collect_view()
}

#[component]
fn Current(item: DayItem, clock: Signal<LocalTime>) -> impl IntoView {
    let lang = use_lang();
    let whole = (item.ends.utc - item.at.utc).num_seconds().max(1) as f64;
    let ends = item.ends;
    let left = Memo::new(move |_| -minutes_between(&ends, &clock.get()));
    let share =
        Signal::derive(move || ((ends.utc - clock.get().utc).num_seconds() as f64 / whole).clamp(0.0, 1.0));
    let over = move || left.get() < 0;
    let href = item.item.map_or_else(String::new, |id| format!("/chair/{id}"));
    let alerts = item.alerts.clone();
    view! {
        <article class="card now-card">
            <div class="now-main">
                <p class="meta muted">{tr!(lang, treat.day.in_chair)}</p>
                <h2 class="q-name">
                    {item.name.clone()} " " {ticket_tag(&item)} <Tags tags=item.tags.clone()/>
                </h2>
                <p class="soft">{item.service.get(lang).to_owned()} " · " {where_and_long(lang, &item)}</p>
            </div>
            <Ring
                share
                figure=Signal::derive(move || format::short_span(lang, left.get().unsigned_abs() as u32).0)
                unit=Signal::derive(move || format::short_span(lang, left.get().unsigned_abs() as u32).1.to_owned())
                label=Signal::derive(move || ring_label(lang, left.get()))
                tone=Signal::derive(move || if over() { Tone::Warn } else { Tone::Plain })
                size=RingSize::L
                dot=true
            />
            <a class="btn" data-kind="soft" data-size="l" data-wide="" href=href>
                {tr!(lang, treat.day.open)}
            </a>
        </article>
        <super::alerts::DayWarnings alerts/>
    }
}

/// `还剩 34 分钟`, `超 6 分钟`.
pub fn ring_label(lang: Lang, left: i64) -> String {
    let span = format::span(lang, left.unsigned_abs().try_into().unwrap_or_default());
    if left < 0 { tr!(lang, common.clock_over, span = span) } else { tr!(lang, ui.ring.left, span = span) }
}

#[component]
fn Next(item: DayItem, clock: Signal<LocalTime>) -> impl IntoView {
    let lang = use_lang();
    let at = item.at;
    let waits = item.waited.is_some();
    let since = item.waited.unwrap_or_default();
    let read = clock.get_untracked();
    // minutes waited when this was read, and what has passed since
    let waited = Memo::new(move |_| {
        since + u32::try_from(minutes_between(&read, &clock.get()).max(0)).unwrap_or_default()
    });
    let status = move || {
        if waits {
            tr!(lang, treat.day.waits, span = format::span(lang, waited.get()))
        } else {
            match minutes_between(&clock.get(), &at) {
                until if until > 0 => {
                    tr!(
                        lang,
                        treat.day.comes_in,
                        span = format::span(lang, until.try_into().unwrap_or_default())
                    )
                }
                _ => tr!(lang, treat.day.comes_now).to_owned(),
            }
        }
    };
    let long = move || waits && waited.get() > WAIT_LIMIT;
    let ticket = item.ticket.clone().map(|ticket| tr!(lang, treat.ticket, ticket = ticket));
    let href = item.item.map(|id| format!("/chair/{id}"));
    let (care, alerts) = (item.tags.clone(), item.alerts.clone());
    let where_ = where_and_long(lang, &item);
    let foot = move || {
        let href = href.clone();
        view! {
            <p class="strong" role="status">
                {status}
            </p>
            {move || long().then(|| view! { <p class="small">{tr!(lang, treat.day.over_limit, n = WAIT_LIMIT)}</p> })}
            {href
                .map(|href| {
                    view! {
                        <a class="btn" data-kind="primary" data-size="l" data-wide="" href=href>
                            {tr!(lang, treat.day.to_customer)}
                        </a>
                    }
                })}
        }
    };
    view! {
        <Slip deep=true label=tr!(lang, treat.day.next) foot>
            <p class="slip-eyebrow">
                <span>{tr!(lang, treat.day.next)}</span>
                <span>{ticket}</span>
            </p>
            <SlipTime iso=item.at.iso() time=item.at.hhmm() until=tr!(lang, treat.day.until, time = item.ends.hhmm())/>
            <h2 class="slip-title">{item.name.clone()} " " <Tags tags=item.tags.clone()/></h2>
            <p class="slip-sub">{item.service.get(lang).to_owned()} " · " {where_}</p>
        </Slip>
        <super::alerts::DayWarnings alerts/>
        <Care tags=care/>
    }
}

/// The number that the customer holds, once there is one.
fn ticket_tag(item: &DayItem) -> Option<AnyView> {
    item.ticket.clone().map(|ticket| view! { <span class="tag num">{ticket}</span> }.into_any())
}

/// One line of the lists.
fn row(lang: Lang, item: &DayItem) -> AnyView {
    let inner = view! {
        <time datetime=item.at.iso()>{item.at.hhmm()}</time>
        <span class="row-main">
            <span class="row-title">
                {item.name.clone()} " " {ticket_tag(item)} <Tags tags=item.tags.clone()/> " "
                <super::alerts::DayMark verdict=item.alerts.verdict/>
            </span>
            <span class="row-sub">{item.service.get(lang).to_owned()} " · " {where_and_long(lang, item)}</span>
        </span>
        <span class="row-end">{state_name(lang, item.state)}</span>
    };
    match item.item {
        Some(id) => view! {
            <li>
                <a class="row" href=format!("/chair/{id}")>
                    {inner}
                </a>
            </li>
        }
        .into_any(),
        None => view! { <li class="row">{inner}</li> }.into_any(),
    }
}

/// `等候中`, `服务中`.
#[must_use]
pub fn state_name(lang: Lang, state: ServiceState) -> &'static str {
    match state {
        ServiceState::Expected => tr!(lang, treat.state.expected),
        ServiceState::Waiting => tr!(lang, treat.state.waiting),
        ServiceState::Greeted => tr!(lang, treat.state.greeted),
        ServiceState::InService => tr!(lang, treat.state.in_service),
        ServiceState::Done => tr!(lang, treat.state.done),
        ServiceState::Dropped => tr!(lang, treat.state.dropped),
    }
}

#[component]
fn Later(data: RwSignal<MyDay>) -> impl IntoView {
    let lang = use_lang();
    let n = move || data.with(|day| day.later.len());
    let rows = move || {
        if n() == 0 {
            return view! { <p class="soft meta">{tr!(lang, treat.day.later_none)}</p> }.into_any();
        }
        let rows = data.with(|day| day.later.iter().map(|item| row(lang, item)).collect_view());
        view! { <ul class="rows later">{rows}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="later-title">
            <div class="card-head">
                <h2 id="later-title">{tr!(lang, treat.day.later)}</h2>
                <small>{move || tr_n!(lang, common.people, n())}</small>
            </div>
            {rows}
        </section>
    }
}

#[component]
fn Done(data: RwSignal<MyDay>) -> impl IntoView {
    let lang = use_lang();
    let n = move || data.with(|day| day.done.len());
    let rows = move || data.with(|day| day.done.iter().map(|item| row(lang, item)).collect_view());
    view! {
        <Show when=move || { n() > 0 }>
            <details class="fold">
                <summary>
                    {tr!(lang, treat.day.done)} <span class="muted num">{n}</span> <Icon name=IconName::ChevD/>
                </summary>
                <ul class="rows later">{rows}</ul>
            </details>
        </Show>
    }
}
