//! A month: how full each day is, by branch. A click opens the day.

use super::{address::Place, week::FullBar};
use crate::{lang::use_lang, tr, tr_n, ui::format};
use chrono::{Datelike, NaiveDate};
use domain::{
    Lang,
    schedule::{DayLoad, Month, Months, Schedule, Span},
};
use leptos::prelude::*;

#[component]
pub fn MonthsView(data: RwSignal<Schedule>, place: Place) -> impl IntoView {
    let lang = use_lang();
    move || {
        data.with(|data| match data {
            Schedule::Month(months) => Some(all(lang, months, place)),
            _ => None,
        })
    }
}

fn all(lang: Lang, months: &Months, place: Place) -> AnyView {
    let many = months.branches.len() > 1;
    let cards = months
        .branches
        .iter()
        .map(|month| {
            view! {
                <section class="card">
                    {many.then(|| view! { <h2 class="month-name">{month.branch.get(lang).to_owned()}</h2> })}
                    {calendar(lang, month, months, place)}
                </section>
            }
        })
        .collect_view();
    view! { <div class="months">{cards}</div> }.into_any()
}

fn calendar(lang: Lang, month: &Month, months: &Months, place: Place) -> AnyView {
    let today = months.now.date();
    let first = month.days.first().map_or(months.day, |(day, _)| *day);
    let caption = tr!(
        lang,
        schedule.month_table.caption,
        month = format::month_year(lang, first),
        branch = month.branch.get(lang)
    );
    // any Monday will do
    let monday = super::address::shift(first, u64::from(first.weekday().num_days_from_monday()), false);
    let heads = monday
        .iter_days()
        .take(7)
        .map(|day| view! { <th scope="col">{format::weekday_name(lang, day)}</th> })
        .collect_view();
    let blank = first.weekday().num_days_from_monday() as usize;
    let mut cells: Vec<Option<(NaiveDate, DayLoad)>> = vec![None; blank];
    cells.extend(month.days.iter().copied().map(Some));
    let weeks = cells
        .chunks(7)
        .map(|week| {
            let days = week
                .iter()
                .map(|cell| match cell {
                    Some((day, load)) => {
                        let href = month.own.then(|| place.by(Span::Day).on(*day).href());
                        one(lang, *day, *load, *day == today, href)
                    }
                    None => view! { <td></td> }.into_any(),
                })
                .collect_view();
            view! { <tr>{days}</tr> }
        })
        .collect_view();
    view! {
        <table class="month">
            <caption class="sr">{caption}</caption>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{weeks}</tbody>
        </table>
    }
    .into_any()
}

fn one(lang: Lang, day: NaiveDate, load: DayLoad, today: bool, href: Option<String>) -> AnyView {
    let said = match load.percent() {
        Some(percent) => tr!(
            lang,
            schedule.month_table.full,
            day = format::day_weekday(lang, day),
            n = load.bookings,
            percent = percent
        ),
        None => tr!(lang, schedule.month_table.closed, day = format::day_weekday(lang, day)),
    };
    let inside = view! {
        <span class="sr">{said}</span>
        <b class="num" aria-hidden="true">
            {day.day()}
        </b>
        <small class="num" aria-hidden="true">
            {match load.percent() {
                Some(percent) => format!("{} · {percent}%", tr_n!(lang, schedule.bookings, load.bookings)),
                None => tr!(lang, schedule.week_table.off).to_owned(),
            }}
        </small>
        {load.percent().map(|percent| view! { <FullBar percent/> })}
    };
    let current = today.then_some("date");
    match href {
        Some(href) => view! {
            <td>
                <a class="full" href=href aria-current=current>
                    {inside}
                </a>
            </td>
        }
        .into_any(),
        None => view! {
            <td>
                <span class="full">{inside}</span>
            </td>
        }
        .into_any(),
    }
}
