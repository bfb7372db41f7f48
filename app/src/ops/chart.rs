//! A day's readings between their limits, with the same figures as a table beside.

use crate::tr;
use domain::{
    Lang,
    ops::bath::{Judged, KindView},
};
use leptos::prelude::*;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 96.0;

/// Hours across, values up; the limits as lines, what is out of range as a ring of its own.
pub fn chart(lang: Lang, name: &str, view: &KindView) -> AnyView {
    let kind = view.kind;
    let values = view.day.iter().map(|one| one.value).chain([view.limit.low, view.limit.high]);
    let (least, most) = values.fold((i32::MAX, i32::MIN), |(a, b), v| (a.min(v), b.max(v)));
    let (least, span) = (f64::from(least), f64::from((most - least).max(1)));
    let y = move |value: i32| HEIGHT - 8.0 - (f64::from(value) - least) / span * (HEIGHT - 24.0);
    let x = |minutes: u32| f64::from(minutes) / 1440.0 * WIDTH;
    let minutes = |at: &domain::LocalTime| {
        use chrono::Timelike;
        at.wall.hour() * 60 + at.wall.minute()
    };
    let points: Vec<(f64, f64, bool)> =
        (view.day.iter()).map(|one| (x(minutes(&one.at)), y(one.value), one.judged == Judged::In)).collect();
    let line = points.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let dots = points
        .iter()
        .map(|(x, y, fine)| {
            let class = if *fine { "pt" } else { "pt-miss" };
            view! { <circle class=class cx=format!("{x:.1}") cy=format!("{y:.1}") r="3.5"></circle> }
        })
        .collect_view();
    let limits = [view.limit.low, view.limit.high]
        .map(|value| {
            let at = format!("{:.1}", y(value));
            view! {
                <line class="target" x1="0" x2=WIDTH.to_string() y1=at.clone() y2=at.clone()></line>
                <text x=WIDTH.to_string() y=format!("{:.1}", y(value) - 3.0) text-anchor="end">
                    {kind.shown(value)}
                </text>
            }
        })
        .collect_view();
    let hours = [0u32, 6, 12, 18]
        .map(|hour| {
            view! {
                <text x=format!("{:.1}", x(hour * 60)) y=(HEIGHT + 10.0).to_string()>
                    {format!("{hour}:00")}
                </text>
            }
        })
        .collect_view();
    let rows = view
        .day
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <td class="num">{one.at.hhmm()}</td>
                    <td class="num">{kind.shown(one.value)} " " {kind.unit()}</td>
                    <td>{super::baths::judged(lang, one.judged)}</td>
                    <td>{one.by.get(lang).to_owned()}</td>
                </tr>
            }
        })
        .collect_view();
    let label = tr!(lang, baths.chart, name = name.to_owned());
    view! {
        <div class="bath-day">
            <svg class="chart" viewBox=format!("0 0 {WIDTH} {}", HEIGHT + 14.0) role="img" aria-label=label>
                {limits}
                <polyline class="line" points=line></polyline>
                {dots}
                {hours}
            </svg>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{tr!(lang, baths.col.at)}</th>
                        <th scope="col">{tr!(lang, baths.col.value)}</th>
                        <th scope="col">{tr!(lang, baths.col.judged)}</th>
                        <th scope="col">{tr!(lang, baths.col.by)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
