//! All people over seven days: how many bookings, how full. Each cell opens the day, each name the person's week.

use super::{
    address::{Place, shift},
    words,
};
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{Avatar, AvatarSize, format},
};
use domain::{
    Lang,
    schedule::{DayLoad, Schedule, Span, Week},
};
use leptos::prelude::*;

#[component]
pub fn WeekView(data: RwSignal<Schedule>, place: Place) -> impl IntoView {
    let lang = use_lang();
    move || {
        data.with(|data| match data {
            Schedule::Week(week) => Some(table(lang, week, place)),
            _ => None,
        })
    }
}

fn table(lang: Lang, week: &Week, place: Place) -> AnyView {
    let first = week.days.first().copied().unwrap_or(week.day);
    let today = week.now.date();
    let caption = tr!(
        lang,
        schedule.week_table.caption,
        from = format::day(lang, first),
        to = format::day(lang, shift(first, 6, true))
    );
    let label = caption.clone();
    let heads = week
        .days
        .iter()
        .map(|day| {
            let href = place.by(Span::Day).on(*day).href();
            view! {
                <th scope="col" aria-current=(*day == today).then_some("date")>
                    <a href=href>{format::day_weekday(lang, *day)}</a>
                </th>
            }
        })
        .collect_view();
    let rows = week
        .rows
        .iter()
        .map(|row| {
            let href = Place { span: Span::Week, who: Some(row.staff), ..place }.href();
            let cells = row
                .cells
                .iter()
                .zip(&week.days)
                .map(|(cell, day)| {
                    let href = Place { who: Some(row.staff), ..place.by(Span::Day).on(*day) }.href();
                    view! { <td>{full(lang, *cell, Some(href))}</td> }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <span class="cluster" data-gap="2">
                            <Avatar name=row.name.zh.clone() size=AvatarSize::S/>
                            <a href=href>{row.name.get(lang).to_owned()}</a>
                        </span>
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let sums = week.sums.iter().map(|sum| view! { <td>{full(lang, *sum, None)}</td> }).collect_view();
    view! {
        <div class="table-wrap card" data-pad="0" tabindex="0" role="region" aria-label=label>
            <table class="table week-table">
                <caption class="sr">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr!(lang, schedule.week_table.person)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr class="week-sum">
                        <th scope="row">{tr!(lang, schedule.week_table.sum)}</th>
                        {sums}
                    </tr>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// `4 单` over a bar; a day off is said in words.
fn full(lang: Lang, load: DayLoad, href: Option<String>) -> AnyView {
    let Some(percent) = load.percent().filter(|_| load.working_min > 0 || load.bookings > 0) else {
        return view! { <span class="small muted">{tr!(lang, schedule.week_table.off)}</span> }.into_any();
    };
    let count = tr_n!(lang, schedule.bookings, load.bookings);
    let words = view! {
        <span class="num">{count}</span>
        <small class="muted num">{format!("{percent}%")}</small>
    };
    let bar = view! { <FullBar percent/> };
    match href {
        Some(href) => view! {
            <a class="full" href=href>
                {words} {bar}
            </a>
        }
        .into_any(),
        None => view! { <span class="full">{words} {bar}</span> }.into_any(),
    }
}

/// How full, as a bar; the figure stands beside it.
#[component]
pub fn FullBar(percent: u32) -> impl IntoView {
    view! {
        <svg class="full-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="full-track" x="0" y="0" width="100" height="6"></rect>
            <rect
                class="full-part"
                data-tone=words::fullness(percent).attr()
                x="0"
                y="0"
                width=percent.to_string()
                height="6"
            ></rect>
        </svg>
    }
}
