//! `/schedule`: a day, a week or a month, with the details of a booking beside it.

use super::{
    address::{self, Place},
    api,
    bar::Bar,
    drawer::Drawer,
    forms::Acts,
    grid::Grid,
    month::MonthsView,
    week::WeekView,
};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr,
    ui::{Banner, Fresh, LiveMark, Tone, TopBar, format, use_clock, use_toasts},
};
use domain::{
    Lang,
    account::StaffMe,
    permission::Action,
    schedule::{Schedule, Span},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SchedulePage() -> impl IntoView {
    let query = use_query_map();
    // what is open beside it does not read the sheet anew
    let wanted = Memo::new(move |_| query.with(address::read));
    let data = crate::ui::resource(move || wanted.get(), api::page);
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, schedule: Schedule) -> AnyView {
    view! { <ScheduleView me schedule/> }.into_any()
}

#[component]
fn ScheduleView(me: StaffMe, schedule: Schedule) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let place = Place::of(&schedule);
    let wanted = query.with_untracked(address::read);
    let fresh = Fresh::new(schedule.clone());
    let data = fresh.data();
    let ask = move || api::page(wanted.clone());
    let state = fresh.keep(format!("/live/branch/{}", me.branch), ask.clone());
    let clock = use_clock(Signal::derive(move || data.with(Schedule::now)));
    let acts = Acts::new();
    // one's own acts show at once
    Effect::new(move |before: Option<usize>| {
        let answered = acts.answered();
        if before.is_some_and(|before| before != answered) {
            fresh.ask(ask());
        }
        answered
    });
    let toasts = use_toasts();
    Effect::new(move || {
        if acts.cancel.value().with(|value| matches!(value, Some(Ok(())))) {
            toasts.show(tr!(lang, schedule.cancelled));
        }
    });
    let open = Memo::new(move |_| query.with(|query| query.get("open")).filter(|id| !id.is_empty()));
    // a toast says it where there are scripts
    let done = query.with_untracked(|query| query.get("done")).and_then(|done| said(lang, &done));
    let (may_move, may_add) = (may(&me, Action::OverrideBooking), may(&me, Action::AddWalkIn));
    let sub = format!("{} · {}", me.branch_name.get(lang), about(lang, &schedule));
    let body = match schedule {
        Schedule::Sheet(sheet) => view! { <Grid data sheet clock open acts may=may_move/> }.into_any(),
        Schedule::Week(_) => view! { <WeekView data place/> }.into_any(),
        Schedule::Month(_) => view! { <MonthsView data place/> }.into_any(),
    };
    view! {
        <Title text=tr!(lang, schedule.title)/>
        <StaffFrame me>
            <TopBar title=tr!(lang, schedule.title) sub>
                <LiveMark state clock/>
                <Bar place data may_add/>
            </TopBar>
            <main class="page schedule" id="main" data-span=place.span.code()>
                {done
                    .map(|text| {
                        view! {
                            <div role="status">
                                <Banner tone=Tone::Ok>{text}</Banner>
                            </div>
                        }
                    })}
                <div class="day-page" data-open=move || open.get().is_some().then_some("true")>
                    {body}
                    <Drawer open acts place data/>
                </div>
            </main>
        </StaffFrame>
    }
}

/// `6月12日 周五，营业 10:00–21:00`.
fn about(lang: Lang, schedule: &Schedule) -> String {
    match schedule {
        Schedule::Sheet(sheet) => match &sheet.hours {
            Some((from, to)) => tr!(lang, schedule.hours, from = from, to = to),
            None => tr!(lang, schedule.closed).to_owned(),
        },
        Schedule::Week(week) => format::month_year(lang, week.day),
        Schedule::Month(months) => format::month_year(lang, months.day),
    }
}

fn said(lang: Lang, done: &str) -> Option<&'static str> {
    match done {
        "moved" => Some(tr!(lang, schedule.moved)),
        "cancelled" => Some(tr!(lang, schedule.cancelled)),
        "marked" => Some(tr!(lang, schedule.marked)),
        "entered" => Some(tr!(lang, schedule.entered)),
        _ => None,
    }
}

/// Only spans that have lanes can be narrowed to a person.
pub const fn has_people(span: Span) -> bool {
    !matches!(span, Span::Month)
}
