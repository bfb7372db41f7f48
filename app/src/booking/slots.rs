//! Person, day and time: the parts of choosing that booking and moving a booking share. Every choice is a native radio
//! button; taken times are struck through, not hidden.

use super::words;
use crate::{
    tr,
    ui::{Avatar, AvatarSize, Icon, IconName, format},
};
use domain::{
    Lang, LocalTime,
    booking::{BookPage, DayCard, DayRoom, PersonCard, SlotCard},
    time::DayPart,
};
use leptos::prelude::*;

/// 找谁做: "anyone" first.
pub fn people(lang: Lang, page: &BookPage) -> AnyView {
    let anyone = view! {
        <label>
            <input
                type="radio"
                name="who"
                value=""
                checked=page.who.is_none()
                prop:checked=page.who.is_none()
            />
            <span class="avatar" data-size="l" data-tone="d" aria-hidden="true">
                <Icon name=IconName::Users/>
            </span>
            {pick()}
            {tr!(lang, booking.who.anyone)}
            <small>{tr!(lang, booking.who.soonest)}</small>
        </label>
    };
    let people = page
        .people
        .iter()
        .map(|one| person(lang, one, page.branch.today, page.who == Some(one.id)))
        .collect_view();
    view! {
        <fieldset class="section">
            <legend class="card-head">
                <span class="h2">{tr!(lang, booking.who.title)}</span>
                <small>{tr!(lang, booking.who.certified)}</small>
            </legend>
            <div class="people">{anyone} {people}</div>
        </fieldset>
    }
    .into_any()
}

fn pick() -> impl IntoView {
    view! {
        <span class="pick" aria-hidden="true">
            <Icon name=IconName::Check/>
        </span>
    }
}

fn person(lang: Lang, one: &PersonCard, today: chrono::NaiveDate, chosen: bool) -> AnyView {
    let name = one.name.get(lang).to_owned();
    let title = if one.last_time {
        tr!(lang, booking.who.last_time).to_owned()
    } else {
        one.title.get(lang).to_owned()
    };
    let rating =
        one.rating.map(|(mean, n)| tr!(lang, booking.who.rating, mean = format!("{mean:.1}"), n = n));
    let next = one.next_free.map(|at| match at.date() == today {
        true => tr!(lang, booking.who.next_today, time = at.hhmm()),
        false => tr!(lang, booking.who.next, day = format::day(lang, at.date())),
    });
    view! {
        <label>
            <input type="radio" name="who" value=one.id.to_string() checked=chosen prop:checked=chosen/>
            <Avatar name=one.name.zh.clone() size=AvatarSize::L/>
            {pick()}
            {name}
            <small>{title}</small>
            {rating.map(|rating| view! { <small class="num">{rating}</small> })}
            {next.map(|next| view! { <small class="num">{next}</small> })}
        </label>
    }
    .into_any()
}

/// 什么时候: the strip of days, each with how much room it has left.
///
/// `address` is where another day is chosen: the strip goes on there.
pub fn days(lang: Lang, page: &BookPage, address: impl Fn(&str) -> String) -> AnyView {
    let today = page.branch.today;
    let cards =
        page.days.iter().map(|day| day_card(lang, day, today, page.day == Some(day.date))).collect_view();
    let link = |day: chrono::NaiveDate, icon, word| strip_link(address(&day.to_string()), icon, word);
    let earlier = page.earlier.map(|day| link(day, IconName::ChevL, tr!(lang, booking.when.earlier)));
    let later = page.later.map(|day| link(day, IconName::ChevR, tr!(lang, booking.when.later)));
    view! {
        <fieldset class="section">
            <legend class="card-head">
                <span class="h2">{tr!(lang, booking.when.title)}</span>
            </legend>
            <div class="dates">
                {earlier} {cards} {later}
            </div>
        </fieldset>
    }
    .into_any()
}

/// To the days before or after the strip.
fn strip_link(href: String, icon: IconName, word: &'static str) -> AnyView {
    view! {
        <a href=href>
            <Icon name=icon/>
            <span class="room">{word}</span>
        </a>
    }
    .into_any()
}

fn day_card(lang: Lang, day: &DayCard, today: chrono::NaiveDate, chosen: bool) -> AnyView {
    let full = matches!(day.room, DayRoom::Full | DayRoom::Closed);
    let word = if day.date == today { tr!(lang, common.today) } else { format::weekday_name(lang, day.date) };
    let number = chrono::Datelike::day(&day.date);
    view! {
        <label data-full=full>
            <input
                type="radio"
                name="day"
                value=day.date.to_string()
                checked=chosen
                prop:checked=chosen
                aria-label=format!("{} {}", format::day_weekday(lang, day.date), words::day_room(lang, day.room))
            />
            <span class="wk">{word}</span>
            <span class="d">{number}</span>
            <span class="room">{words::day_room(lang, day.room)}</span>
        </label>
    }
    .into_any()
}

/// The times of the chosen day by part of the day. `picked` is the chosen one, in milliseconds.
pub fn slots(lang: Lang, page: &BookPage, picked: RwSignal<Option<i64>>) -> AnyView {
    let date = page.day.map(|day| format::day_weekday(lang, day));
    if page.slots.iter().all(|slot| !slot.free) {
        return none_free(lang, page, date);
    }
    let parts = [DayPart::Morning, DayPart::Afternoon, DayPart::Evening];
    let mut date = date;
    let groups = parts
        .into_iter()
        .filter_map(|part| {
            let of_part: Vec<&SlotCard> = page.slots.iter().filter(|slot| slot.part == part).collect();
            if of_part.is_empty() {
                return None;
            }
            let date = date.take();
            let word = words::day_part(lang, part);
            let cards = of_part.into_iter().map(|slot| slot_card(lang, slot, picked)).collect_view();
            Some(view! {
                <p class="slot-part">
                    <b>{word}</b>
                    {date.map(|date| view! { <span>{date}</span> })}
                </p>
                <div class="slots" role="radiogroup" aria-label=word>
                    {cards}
                </div>
            })
        })
        .collect_view();
    view! { <div>{groups}</div> }.into_any()
}

fn slot_card(lang: Lang, slot: &SlotCard, picked: RwSignal<Option<i64>>) -> AnyView {
    let at = slot.at.millis();
    let chosen = move || picked.get() == Some(at);
    view! {
        <label>
            <input
                type="radio"
                name="at"
                value=at.to_string()
                disabled=!slot.free
                prop:checked=chosen
                on:change=move |_| picked.set(Some(at))
            />
            {slot.at.hhmm()}
            <Icon name=IconName::Check on=true/>
            {(!slot.free).then(|| view! { <span class="sr">{tr!(lang, ui.taken)}</span> })}
            {(slot.free && slot.last).then(|| view! { <small>{tr!(lang, booking.when.last)}</small> })}
        </label>
    }
    .into_any()
}

fn none_free(lang: Lang, page: &BookPage, date: Option<String>) -> AnyView {
    let next = page.days.iter().find(|day| {
        matches!(day.room, DayRoom::Plenty | DayRoom::Tight)
            && page.day.is_none_or(|chosen| day.date > chosen)
    });
    let title = date.map_or_else(
        || tr!(lang, booking.when.none_at_all).to_owned(),
        |date| tr!(lang, booking.when.none_that_day, day = date),
    );
    let hint = match next {
        Some(day) => tr!(lang, booking.when.try_day, day = format::day_weekday(lang, day.date)),
        None if page.who.is_some() => tr!(lang, booking.when.try_anyone).to_owned(),
        None => tr!(lang, booking.when.try_phone, phone = super::address::unbroken(&page.branch.phone)),
    };
    view! {
        <div class="banner mt-4">
            <Icon name=IconName::Calendar/>
            <div>
                <b>{title}</b>
                {hint}
            </div>
        </div>
        {(page.moving.is_none() && !page.categories.is_empty()).then(|| wait_instead(lang, page))}
    }
    .into_any()
}

/// 约满 → 候补 (BOOK-10).
fn wait_instead(lang: Lang, page: &BookPage) -> AnyView {
    let services = page.chosen.iter().map(|service| service.id.to_string()).collect::<Vec<_>>().join(",");
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let day = page.day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <p class="meta soft mt-4">{tr!(lang, waitlist.full)}</p>
        <a
            class="btn mt-3"
            data-kind="primary"
            data-size="l"
            data-wide
            href=super::address::wait(&page.branch.slug, &services, &who, &day)
        >
            {tr!(lang, waitlist.full_act)}
        </a>
    }
    .into_any()
}

/// The nearest free times after a lost race (BOOK-6): each is a button that picks it at once. The form around it carries
/// the rest.
pub fn nearest(lang: Lang, times: &[LocalTime], chosen: chrono::NaiveDate) -> AnyView {
    let buttons = times
        .iter()
        .map(|time| {
            let day = (time.date() != chosen).then(|| format::day(lang, time.date()));
            view! {
                <button class="slot" type="submit" name="at" value=time.millis().to_string()>
                    {time.hhmm()}
                    {day.map(|day| view! { <small>{day}</small> })}
                </button>
            }
        })
        .collect_view();
    view! { <div class="slots mt-3">{buttons}</div> }.into_any()
}

/// Below the times, when the button was pressed without one.
pub fn pick_first(lang: Lang, wrong: Signal<Option<String>>, picked: RwSignal<Option<i64>>) -> AnyView {
    let note = move || {
        wrong.get().filter(|_| picked.get().is_none()).map(|_| {
            view! {
                <p class="error" role="alert">
                    <Icon name=IconName::Alert/>
                    {tr!(lang, booking.when.pick_first)}
                </p>
            }
        })
    };
    view! { <div class="field mt-3">{note}</div> }.into_any()
}

/// Brings the times, and what is said about them, where they are seen.
pub fn into_view() {
    request_animation_frame(|| {
        if let Some(times) = document().get_element_by_id("times") {
            times.scroll_into_view();
        }
    });
}

/// The words of what is picked, for the bar below: `6月12日 周五 14:30`.
pub fn picked_words(lang: Lang, page: &BookPage, picked: Option<i64>) -> Option<String> {
    let slot = page.slots.iter().find(|slot| slot.free && Some(slot.at.millis()) == picked)?;
    Some(format!("{} {}", format::day_weekday(lang, slot.at.date()), slot.at.hhmm()))
}
