//! People × time: lanes side by side along the hours, the line of now, and the hand over it.

use super::{
    address::Place,
    ask::AskDialog,
    block::{Spot, block},
    drag::{Hand, stretches},
    forms::Acts,
    words,
};
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{Avatar, AvatarSize, Banner, Blank, Icon, IconName, Tone, format},
};
use chrono::Timelike;
use domain::{
    Lang, LocalTime, StaffId,
    schedule::{BlockKind, Lane, LaneKind, Schedule, Sheet},
};
use leptos::prelude::*;

/// `may`: whether who looks at it may move bookings.
#[component]
pub fn Grid(
    data: RwSignal<Schedule>,
    sheet: Sheet,
    clock: Signal<LocalTime>,
    #[prop(into)] open: Signal<Option<String>>,
    acts: Acts,
    may: bool,
) -> impl IntoView {
    let lang = use_lang();
    let first = sheet.clone();
    let now = Memo::new(move |_| match data.get() {
        Schedule::Sheet(sheet) => sheet,
        _ => first.clone(),
    });
    let may = may && sheet.kind == LaneKind::People;
    let place = Place::of(&Schedule::Sheet(sheet.clone()));
    let lanes = Signal::derive(move || now.with(|sheet| sheet.lanes.clone()));
    let hand = Hand::new(lanes, sheet.open, sheet.close, sheet.step);
    if sheet.lanes.is_empty() {
        return view! { <Blank title=tr!(lang, schedule.empty) text=tr!(lang, schedule.empty_text)/> }
            .into_any();
    }
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(not(feature = "ssr"))]
    browser::keep_still(node, hand);
    let line = Memo::new(move |_| clock.with(|now| (now.date(), now.wall.hour() * 60 + now.wall.minute())));
    let note = move || {
        hand.note.get().map(|text| {
            view! {
                <div role="alert">
                    <Banner tone=Tone::Warn icon=IconName::Alert>{text}</Banner>
                </div>
            }
        })
    };
    let label = tr!(lang, schedule.sheet, day = format::day_weekday(lang, sheet.day));
    view! {
        <div class="day-wrap">
            {note}
            <p class="sr" role="status">
                {move || hand.said()}
            </p>
            <div
                class="day"
                role="region"
                tabindex="0"
                aria-label=label
                node_ref=node
                data-open=(sheet.open / 60).to_string()
                data-close=(sheet.close / 60).to_string()
                data-cols=sheet.lanes.len().to_string()
                data-hand=move || hand.held.with(Option::is_some).then_some("true")
                on:pointerdown=move |event| {
                    if may {
                        hand.pressed(&event);
                    }
                }
                on:pointermove=move |event| hand.moved(&event)
                on:pointerup=move |_| hand.released()
                on:pointercancel=move |_| hand.lost()
                on:click=move |event| hand.clicked(&event)
                on:keydown=move |event| {
                    if may {
                        hand.key(&event);
                    }
                }
                on:contextmenu=move |event| {
                    if hand.holds() {
                        event.prevent_default();
                    }
                }
            >
                {move || {
                    let open = open.get();
                    now.with(|sheet| body(lang, sheet, place, open.as_deref(), may, hand, line))
                }}
            </div>
            {may.then(|| view! { <p class="small muted day-help no-print">{tr!(lang, schedule.help)}</p> })}
            {legend(lang)}
        </div>
        {may.then(|| view! { <AskDialog hand acts place/> })}
    }
    .into_any()
}

type Line = Memo<(chrono::NaiveDate, u32)>;

fn body(
    lang: Lang,
    sheet: &Sheet,
    place: Place,
    open: Option<&str>,
    may: bool,
    hand: Hand,
    line: Line,
) -> AnyView {
    let week = sheet.lanes.iter().any(|lane| lane.day != sheet.day);
    let heads = sheet.lanes.iter().map(|lane| head(lang, lane, week, place, may)).collect_view();
    let hours = (sheet.open / 60..=sheet.close / 60)
        .filter(|hour| *hour < sheet.close / 60)
        .map(|hour| view! { <li data-h=hour.to_string()>{words::clock(hour * 60)}</li> })
        .collect_view();
    let (from, to) = (sheet.open, sheet.close);
    let days: Vec<_> = sheet.lanes.iter().map(|lane| lane.day).collect();
    let pill = move || {
        let (day, minute) = line.get();
        let shown = days.contains(&day) && (from..to).contains(&minute);
        shown.then(|| {
            let spot = Spot { from: minute, len: 5 };
            view! {
                <li class="day-now" data-h=spot.h() data-m=spot.m()>
                    <span>{words::clock(minute)}</span>
                </li>
            }
        })
    };
    let columns =
        sheet.lanes.iter().map(|lane| column(lang, sheet, lane, place, open, may, hand, line)).collect_view();
    view! {
        <div class="day-corner"></div>
        {heads}
        <ol class="day-hours" aria-hidden="true">
            {hours} {pill}
        </ol>
        {columns}
    }
    .into_any()
}

/// Who it is; in a day's sheet the way to book with that person.
fn head(lang: Lang, lane: &Lane, week: bool, place: Place, may: bool) -> AnyView {
    if week {
        let href = place.by(domain::schedule::Span::Day).on(lane.day).href();
        return view! {
            <div class="day-who">
                <span>
                    <b>
                        <a href=href>{format::day_weekday(lang, lane.day)}</a>
                    </b>
                    <small>{load(lang, lane)}</small>
                </span>
            </div>
        }
        .into_any();
    }
    let name = lane.name.get(lang).to_owned();
    let person = !lane.title.zh.is_empty();
    let named = match may && person {
        true => {
            let href = format!("/schedule/new?who={}&day={}", lane.resource, super::address::iso(lane.day));
            let label = format!("{} · {name}", tr!(lang, schedule.new.title));
            view! {
                <a class="day-book" href=href aria-label=label.clone() title=label>
                    {name}
                </a>
            }
            .into_any()
        }
        false => name.into_any(),
    };
    view! {
        <div class="day-who">
            {person.then(|| view! { <Avatar name=lane.name.zh.clone() size=AvatarSize::S/> })}
            <span>
                <b>{named}</b>
                <small>{load(lang, lane)}</small>
            </span>
        </div>
    }
    .into_any()
}

fn load(lang: Lang, lane: &Lane) -> String {
    match lane.load {
        Some(percent) => tr!(lang, schedule.load, n = lane.bookings, percent = percent),
        None => tr_n!(lang, schedule.bookings, lane.bookings),
    }
}

#[allow(clippy::too_many_arguments, reason = "what a lane is drawn from")]
fn column(
    lang: Lang,
    sheet: &Sheet,
    lane: &Lane,
    place: Place,
    open: Option<&str>,
    may: bool,
    hand: Hand,
    line: Line,
) -> AnyView {
    let (from, to, step, day) = (sheet.open, sheet.close, sheet.step, lane.day);
    let staff = StaffId::from(lane.resource);
    let now = move || {
        let (today, minute) = line.get();
        (today == day && (from..to).contains(&minute)).then(|| {
            let spot = Spot { from: minute, len: 5 };
            view! { <div class="day-now" data-h=spot.h() data-m=spot.m()></div> }
        })
    };
    let label = tr_n!(lang, schedule.lane, lane.bookings, name = lane.name.get(lang));
    let blocks = lane.blocks.iter().map(|one| block(lang, place, open, one, may)).collect_view();
    view! {
        <div
            class="day-col"
            role="group"
            aria-label=label
            data-lane=lane.resource.to_string()
            data-day=super::address::iso(day)
        >
            {now}
            {move || free(hand, staff, day, step)}
            {blocks}
            {move || ghost(hand, staff, day)}
        </div>
    }
    .into_any()
}

/// Where what is in the hand could stand in this lane.
fn free(hand: Hand, staff: StaffId, day: chrono::NaiveDate, step: u32) -> Option<AnyView> {
    let held = hand.held.get()?;
    let times: Vec<u32> = hand.places.with(|places| {
        let here = places.as_ref()?.iter().find(|p| p.staff == staff && p.day == day)?;
        // from when the booking begins to where this service of it stands
        let ahead = i64::from(held.block.from) - i64::from(held.block.begins.1);
        Some(here.times.iter().filter_map(|time| u32::try_from(i64::from(*time) + ahead).ok()).collect())
    })?;
    let marks = stretches(&times, step, held.block.len)
        .into_iter()
        .map(|(from, len)| {
            let spot = Spot { from, len };
            view! { <div class="day-free" data-h=spot.h() data-m=spot.m() data-hrs=spot.hrs() data-len=spot.len()></div> }
        })
        .collect_view();
    Some(marks.into_any())
}

fn ghost(hand: Hand, staff: StaffId, day: chrono::NaiveDate) -> Option<AnyView> {
    let held = hand.held.get().filter(|held| held.target.staff == staff && held.target.day == day)?;
    let fits = hand.places.with(|places| held.fits(places.as_ref()));
    let spot = Spot { from: held.target.minute, len: held.block.len };
    Some(
        view! {
            <div
                class="appt day-ghost"
                aria-hidden="true"
                data-fits=fits.map(|fits| if fits { "yes" } else { "no" })
                data-h=spot.h()
                data-m=spot.m()
                data-hrs=spot.hrs()
                data-len=spot.len()
            >
                <b>
                    <Icon name=if fits == Some(false) { IconName::Slash } else { IconName::Swap }/>
                    {words::clock(held.target.minute)}
                </b>
                <span>{held.block.name}</span>
            </div>
        }
        .into_any(),
    )
}

fn legend(lang: Lang) -> AnyView {
    let kinds = [
        BlockKind::Booked,
        BlockKind::Confirmed,
        BlockKind::Arrived,
        BlockKind::Serving,
        BlockKind::Done,
        BlockKind::Late,
        BlockKind::NoShow,
        BlockKind::Held,
    ];
    let items = kinds
        .into_iter()
        .filter_map(|kind| words::icon(kind).map(|icon| (icon, words::state(lang, kind))))
        .chain([(IconName::Spray, tr!(lang, schedule.clean))])
        .map(|(name, text)| {
            view! {
                <li>
                    <Icon name/>
                    {text}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="legend day-legend" aria-label=tr!(lang, schedule.legend)>
            {items}
        </ul>
    }
    .into_any()
}

#[cfg(not(feature = "ssr"))]
mod browser {
    use super::Hand;
    use gloo_events::{EventListener, EventListenerOptions};
    use leptos::{html::Div, prelude::*};

    /// While a finger holds something, the sheet does not scroll under it.
    pub fn keep_still(node: NodeRef<Div>, hand: Hand) {
        Effect::new(move |_| {
            let Some(day) = node.get() else { return };
            let listener = EventListener::new_with_options(
                &day,
                "touchmove",
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    if hand.holds() {
                        event.prevent_default();
                    }
                },
            );
            StoredValue::new_local(listener);
        });
    }
}
