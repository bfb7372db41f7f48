//! `/me`: the next appointment on its slip, then everything else.

use super::{
    api::{self, MyPage},
    frame::{self, OtherLang},
};
use crate::{
    booking::words,
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Banner, Blank, Icon, IconName, Pager, RowLink, Shell, ShellKind, SizeSwitch, Slip, SlipTime, Tone,
        TopBar, format,
    },
    waitlist::words as waiting,
};
use domain::{
    Lang,
    account::Me,
    booking::{BookingLine, waitlist::WaitLine},
};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The page.
#[component]
pub fn MyBookings() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let mine = crate::ui::resource(move || query.with(|query| query.get("after")), api::mine);
    view! {
        {frame::private_head(tr!(lang, customer.me.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    mine.get()
                        .map(|answer| match answer {
                            Err(AppError::SignedOut) => view! { <Redirect path="/me/sign-in"/> }.into_any(),
                            answer => frame::shown(answer, |mine| page(lang, mine)),
                        })
                }}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, mine: MyPage) -> AnyView {
    let (name, phone) = match mine.me {
        Me::Customer { name, phone_masked, .. } => (name, phone_masked),
        _ => (String::new(), String::new()),
    };
    let mut lines = mine.page.items;
    let next = (lines.iter())
        .enumerate()
        .filter(|(_, line)| line.state.is_open() && line.from.millis() >= mine.now_ms)
        .min_by_key(|(_, line)| line.from)
        .map(|(i, _)| i)
        .map(|i| lines.remove(i));
    let (coming, past): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.state.is_open() && line.to.millis() >= mine.now_ms);
    let first = mine.care.is_some();
    let care = mine.care.unwrap_or_default();
    let nothing = next.is_none() && mine.waits.is_empty() && coming.is_empty() && past.is_empty();
    view! {
        <TopBar title=tr!(lang, customer.me.title) sub=phone back="/".to_owned()>
            <SizeSwitch icon=true/>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <h2 class="greet">{tr!(lang, customer.me.hello, name = name)}</h2>
            {next.map(|line| next_slip(lang, &line))}
            {nothing
                .then(|| {
                    view! {
                        <Blank title=tr!(lang, customer.me.none_title) text=tr!(lang, customer.me.none_text)>
                            <a class="btn" data-kind="primary" href="/">
                                {tr!(lang, customer.me.choose)}
                            </a>
                        </Blank>
                    }
                })}
            {crate::care::after_services(lang, care.services)}
            {waits(lang, &mine.waits)}
            {section(lang, tr!(lang, customer.me.coming), coming)}
            {section(lang, tr!(lang, customer.me.past), past)}
            <Pager href="/me" next=mine.page.next/>
            {first.then(|| crate::care::calls_wish(lang, care.calls))}
            <div class="mt-5">
                <Banner tone=Tone::Info>{tr!(lang, customer.me.link_hint)}</Banner>
            </div>
            <div class="btn-group mt-5" data-fill>
                <a class="btn" href="/">
                    <Icon name=IconName::CalendarPlus/>
                    {tr!(lang, customer.me.choose)}
                </a>
                <form method="post" action="/me/sign-out">
                    <button class="btn" type="submit" data-wide>
                        <Icon name=IconName::Logout/>
                        {tr!(lang, customer.me.sign_out)}
                    </button>
                </form>
            </div>
        </main>
    }
    .into_any()
}

fn next_slip(lang: Lang, line: &BookingLine) -> AnyView {
    let (href, staff, branch) = (
        format!("/b/{}", line.token),
        line.staff.get(lang).to_owned(),
        line.branch_name.get(lang).to_owned(),
    );
    let (day, iso, time, what) = (
        format::day_weekday(lang, line.from.date()),
        line.from.iso(),
        line.from.hhmm(),
        services(lang, line),
    );
    let foot = move || {
        view! {
            <p class="cluster" data-between>
                <span class="strong">{branch.clone()}</span>
            </p>
            <div class="btn-group" data-fill>
                <a class="btn" data-kind="primary" href=href.clone()>
                    {tr!(lang, customer.me.open)}
                </a>
                <a class="btn" href=format!("{href}/move")>
                    {tr!(lang, booking.act.move_it)}
                </a>
            </div>
        }
    };
    view! {
        <Slip deep=true label=tr!(lang, customer.me.next) foot=foot>
            <p class="slip-eyebrow">
                <span>{day}</span>
            </p>
            <SlipTime iso time/>
            <h3 class="slip-title">{what}</h3>
            <p class="slip-sub">{staff}</p>
        </Slip>
    }
    .into_any()
}

/// What is waited for; an offer says so.
fn waits(lang: Lang, waits: &[WaitLine]) -> Option<AnyView> {
    let rows = waits
        .iter()
        .map(|line| {
            let sub = format!("{} · {}", waiting::days(lang, line), waiting::parts(lang, line.parts));
            view! {
                <li>
                    <RowLink
                        href=format!("/w/{}", line.token)
                        title=waiting::services(lang, line)
                        sub=sub
                        end=waiting::state(lang, line.state).to_owned()
                    />
                </li>
            }
        })
        .collect_view();
    (!waits.is_empty()).then(|| {
        view! {
            <section class="section">
                <div class="card-head">
                    <h2>{tr!(lang, waitlist.mine)}</h2>
                </div>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn section(lang: Lang, title: &'static str, lines: Vec<BookingLine>) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        let rows = lines.iter().map(|line| view! { <li>{row(lang, line)}</li> }).collect_view();
        view! {
            <section class="section">
                <div class="card-head">
                    <h2>{title}</h2>
                </div>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn row(lang: Lang, line: &BookingLine) -> AnyView {
    let when =
        tr!(lang, common.date.at, date = format::full_day(lang, line.from.date()), time = line.from.hhmm());
    let sub = format!("{when} · {}", line.staff.get(lang));
    view! {
        <RowLink
            href=format!("/b/{}", line.token)
            title=services(lang, line)
            sub=sub
            end=words::state(lang, line.state).to_owned()
        />
    }
    .into_any()
}

fn services(lang: Lang, line: &BookingLine) -> String {
    line.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ")
}
