//! Above the schedule: which day, how much of it, whose; all of it links and one plain form.

use super::{
    address::{Place, iso},
    page::has_people,
    words,
};
use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, SegLinks},
};
use domain::{
    Lang,
    schedule::{LaneKind, Schedule, Span},
};
use leptos::prelude::*;

#[component]
pub fn Bar(place: Place, data: RwSignal<Schedule>, may_add: bool) -> impl IntoView {
    let lang = use_lang();
    let today = data.with_untracked(|data| data.now().date());
    let (before, after) = names(lang, place.span);
    let spans = Span::ALL
        .into_iter()
        .map(|span| (place.by(span).href(), words::span(lang, span).to_owned(), place.span == span))
        .collect();
    let kinds = (place.span == Span::Day && place.who.is_none()).then(|| {
        let links = LaneKind::ALL
            .into_iter()
            .map(|kind| {
                let href = Place { kind, ..place }.href();
                (href, words::kind(lang, kind).to_owned(), place.kind == kind)
            })
            .collect();
        view! { <SegLinks label=tr!(lang, schedule.kind) links/> }
    });
    let add = may_add.then(|| {
        let href = format!("/schedule/new?day={}", iso(place.day.max(today)));
        view! {
            <a class="btn" data-kind="primary" href=href>
                <Icon name=IconName::Plus/>
                {tr!(lang, schedule.add)}
            </a>
        }
    });
    view! {
        <div class="schedule-bar no-print">
            <div class="cluster" data-gap="1">
                <a class="btn" data-shape="icon" href=place.step(false).href() aria-label=before>
                    <Icon name=IconName::ChevL/>
                </a>
                <Pick place data/>
                <a class="btn" data-shape="icon" href=place.step(true).href() aria-label=after>
                    <Icon name=IconName::ChevR/>
                </a>
                <a
                    class="btn"
                    data-kind="quiet"
                    href=place.on(today).href()
                    aria-current=(place.day == today).then_some("date")
                >
                    {tr!(lang, common.today)}
                </a>
            </div>
            <SegLinks label=tr!(lang, schedule.view) links=spans/>
            {kinds}
            <Print/>
            {add}
        </div>
    }
}

fn names(lang: Lang, span: Span) -> (&'static str, &'static str) {
    match span {
        Span::Day => (tr!(lang, schedule.previous.day), tr!(lang, schedule.next.day)),
        Span::Week => (tr!(lang, schedule.previous.week), tr!(lang, schedule.next.week)),
        Span::Month => (tr!(lang, schedule.previous.month), tr!(lang, schedule.next.month)),
    }
}

/// A day and a person; with scripts a change leads there at once.
#[component]
fn Pick(place: Place, data: RwSignal<Schedule>) -> impl IntoView {
    let lang = use_lang();
    let people = data.with_untracked(|data| data.people().to_vec());
    let go = |event: &web_sys::Event| {
        use wasm_bindgen::JsCast;
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let form = target.and_then(|target| target.closest("form").ok().flatten());
        if let Some(form) = form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok())
            && form.check_validity()
        {
            let _ = form.request_submit();
        }
    };
    let who = (has_people(place.span) && place.kind == LaneKind::People && !people.is_empty()).then(|| {
        let options = people
            .into_iter()
            .map(|(id, name)| {
                view! {
                    <option value=id.to_string() selected=place.who == Some(id)>
                        {name.get(lang).to_owned()}
                    </option>
                }
            })
            .collect_view();
        view! {
            <select class="select" name="who" aria-label=tr!(lang, schedule.who) on:change=move |event| go(&event)>
                <option value="">{tr!(lang, schedule.everyone)}</option>
                {options}
            </select>
        }
    });
    view! {
        <form class="cluster" data-gap="1" method="get" action="/schedule" aria-label=tr!(lang, schedule.filters)>
            <input type="hidden" name="view" value=place.span.code()/>
            <input type="hidden" name="kind" value=place.kind.code()/>
            <input
                class="input"
                type="date"
                name="day"
                required=true
                value=iso(place.day)
                aria-label=tr!(lang, schedule.date)
            />
            {who}
            <button class="btn" type="submit">
                {tr!(lang, schedule.show)}
            </button>
        </form>
    }
}

/// Only where there are scripts: the browser's own menu prints as well.
#[component]
fn Print() -> impl IntoView {
    let lang = use_lang();
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    view! {
        <Show when=move || ready.get()>
            <button
                class="btn"
                data-shape="icon"
                type="button"
                aria-label=tr!(lang, schedule.print)
                on:click=move |_| {
                    let _ = window().print();
                }
            >
                <Icon name=IconName::Print/>
            </button>
        </Show>
    }
}
