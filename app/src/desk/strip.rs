//! Above the lanes: how many wait, for how long at most, who is free next, and whose turn it is and why (DESK-3).

use super::acts::Desk;
use crate::{
    tr, tr_n,
    ui::{Avatar, AvatarSize, Icon, IconName, Status, Tone, format, fresh::minutes_between},
};
use domain::{
    Lang,
    desk::{Turn, WAIT_LIMIT},
};
use leptos::prelude::*;

/// Turns shown; the others are in every menu of people.
const SHOWN: usize = 4;

#[component]
pub fn Strip(desk: Desk) -> impl IntoView {
    view! {
        <div class="strip">
            <div class="strip-now">
                <NowLine desk/>
            </div>
            <div class="strip-turns">
                <Turns desk/>
            </div>
        </div>
    }
}

/// `(waiting, longest, over)` in people and minutes, by the running clock.
fn waits(desk: Desk) -> Memo<(usize, i64, usize)> {
    Memo::new(move |_| {
        let now = desk.clock.get();
        desk.data.with(|board| {
            let minutes: Vec<i64> =
                board.waiting.iter().map(|card| minutes_between(&card.since, &now).max(0)).collect();
            let over = minutes.iter().filter(|minutes| **minutes > i64::from(WAIT_LIMIT)).count();
            (minutes.len(), minutes.iter().copied().max().unwrap_or_default(), over)
        })
    })
}

#[component]
fn NowLine(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let waits = waits(desk);
    let next = move || {
        desk.data.with(|board| {
            let turn =
                board.turns.iter().filter(|turn| turn.free_at.is_some()).min_by_key(|turn| turn.free_at)?;
            Some((turn.free_at?.hhmm(), turn.name.get(lang).to_owned()))
        })
    };
    view! {
        <p class="nowline">
            {move || {
                let (waiting, longest, over) = waits.get();
                view! {
                    <span>
                        <b>{waiting}</b>
                        {tr!(lang, desk.strip.waiting)}
                    </span>
                    {(waiting > 0)
                        .then(|| {
                            view! {
                                <span>
                                    {tr!(lang, desk.strip.longest)} <b>{longest}</b> {tr!(lang, common.unit.minute)}
                                </span>
                            }
                        })}
                    {(over > 0)
                        .then(|| {
                            view! {
                                <span>
                                    <Status tone=Tone::Stop icon=IconName::Stop fill=true>
                                        {tr_n!(lang, desk.strip.over, over)}
                                    </Status>
                                </span>
                            }
                        })}
                }
            }}
            {move || {
                next()
                    .map(|(time, name)| {
                        view! {
                            <span>
                                {tr!(lang, desk.strip.next_free)} <b>{time}</b> {name}
                            </span>
                        }
                    })
            }}
        </p>
    }
}

/// `空闲 14 分`, `14:55 空`.
fn free_note(lang: Lang, turn: &Turn) -> String {
    match (turn.free_for, &turn.free_at) {
        (Some(minutes), _) => {
            let (n, unit) = format::short_span(lang, minutes);
            tr!(lang, desk.turn.free_for, n = n, unit = unit)
        }
        (None, Some(at)) => tr!(lang, desk.turn.free_at, time = at.hhmm()),
        (None, None) => tr!(lang, desk.turn.busy).to_owned(),
    }
}

/// Whose turn it is, and why, or what speaks for the others.
#[must_use]
pub fn turn_note(lang: Lang, turn: &Turn) -> String {
    let free = free_note(lang, turn);
    let why = if turn.first {
        tr!(lang, desk.turn.first).to_owned()
    } else {
        tr_n!(lang, desk.turn.served, turn.served)
    };
    format!("{free} · {why}")
}

#[component]
fn Turns(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let items = move || {
        let turns: Vec<Turn> = desk.data.with(|board| board.turns.iter().take(SHOWN).cloned().collect());
        turns
            .into_iter()
            .map(|turn| {
                let name = turn.name.get(lang).to_owned();
                let note = if turn.first { turn_note(lang, &turn) } else { free_note(lang, &turn) };
                let label = if desk.can.days {
                    view! { <a href=format!("/chair?who={}", turn.staff)>{name.clone()}</a> }.into_any()
                } else {
                    name.clone().into_any()
                };
                view! {
                    <li aria-current=turn.first.then_some("true")>
                        <Avatar name size=AvatarSize::S/>
                        <span>
                            <b>{label}</b>
                            <small>{note}</small>
                        </span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <span class="strip-label">
            <Icon name=IconName::Rotate/>
            {tr!(lang, desk.turn.label)}
        </span>
        <ol class="turn-row">{items}</ol>
    }
}
