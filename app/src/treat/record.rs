//! `/chair/:item/record`: everything of one service in its order, the visits before, an addendum, on paper.

use super::{
    api,
    item::next_key,
    words::{feel_text, prep_name, severity_name},
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr, tr_n,
    ui::{FormErrors, FormNote, Icon, IconName, Shell, ShellKind, SubmitButton, TextArea, TopBar, format},
};
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    treat::{Before, Moment, RecordPage as Record, What, degrees},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn RecordPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let item = params.with(|params| params.get("item").unwrap_or_default());
        (item, query.with(|query| query.get("through").unwrap_or_default()))
    });
    let data = crate::ui::resource(
        move || asked.get(),
        |(item, through)| async move { api::record(item, through.clone()).await.map(|record| (through, record)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(_me: StaffMe, (through, record): (String, Record)) -> AnyView {
    view! { <Page through record/> }.into_any()
}

#[component]
fn Page(through: String, record: Record) -> impl IntoView {
    let lang = use_lang();
    let item = record.item.to_string();
    // An earlier record leads back to the service through which it was opened.
    let reader = if through.is_empty() { item.clone() } else { through };
    let own = reader == item;
    let room = record.room.as_ref().map(|room| room.get(lang).to_owned());
    let sub = [
        Some(record.service.get(lang).to_owned()),
        Some(record.staff.get(lang).to_owned()),
        Some(format::full_day(lang, record.day)),
        room,
        Some(tr!(lang, treat.ticket, ticket = record.ticket.clone())),
        Some(record.branch.get(lang).to_owned()),
    ];
    let sub = sub.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let title = tr!(lang, chair.record.page, name = record.customer_name.clone());
    let back = if own { format!("/chair/{item}") } else { format!("/chair/{reader}/record") };
    let moments = record.moments.iter().map(|moment| line(lang, moment)).collect_view();
    view! {
        <Title text=title.clone()/>
        <Shell kind=ShellKind::Chair>
            <TopBar title sub back>
                <button
                    class="btn"
                    type="button"
                    on:click=move |_| {
                        let _ = window().print();
                    }
                >
                    <Icon name=IconName::Print/>
                    {tr!(lang, chair.record.print)}
                </button>
            </TopBar>
            <main class="chair-page" id="main">
                <section class="chair-main card" aria-label=tr!(lang, chair.record.title)>
                    <ol class="timeline">{moments}</ol>
                </section>
                <div class="chair-side">
                    {(own && record.done).then(|| view! { <Addendum item=item.clone()/> })}
                    {before(lang, &reader, &record.before)}
                </div>
            </main>
        </Shell>
    }
}

/// A line after the end: it stands beside what was written, never instead of it.
#[component]
fn Addendum(item: String) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::Note>::new();
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let here = format!("/chair/{item}/record");
    Effect::new(move || {
        if let Some(Ok(_)) = action.value().get() {
            let _ = window().location().set_href(&here);
        }
    });
    view! {
        <section class="card stack no-print" data-gap="3" aria-labelledby="addendum-title">
            <div class="card-head">
                <h2 id="addendum-title">{tr!(lang, chair.record.addendum)}</h2>
                <small>{tr!(lang, chair.record.note)}</small>
            </div>
            <ActionForm action attr:class="form">
                <input type="hidden" name="item" value=item/>
                <input type="hidden" name="key" value=move || key.get()/>
                <FormNote errors/>
                <TextArea
                    name="text"
                    label=tr!(lang, chair.record.addendum_label)
                    rows=3
                    maxlength=1000
                    error=errors.field("text")
                />
                <SubmitButton kind="soft" wide=true pending=action.pending()>
                    {tr!(lang, treat.notes.act)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

fn before(lang: Lang, reader: &str, list: &[Before]) -> AnyView {
    let rows = list
        .iter()
        .map(|one| {
            let notes = (one.notes > 0).then(|| tr_n!(lang, chair.record.before_notes, one.notes));
            let incident = one.incident.then(|| tr!(lang, chair.record.incident).to_owned());
            let sub = [Some(one.staff.get(lang).to_owned()), notes, incident];
            let sub =
                sub.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            let inner = view! {
                <span class="row-main">
                    <span class="row-title">{one.service.get(lang).to_owned()}</span>
                    <span class="row-sub">{sub}</span>
                </span>
                <span class="row-end num">{format::full_day(lang, one.day)}</span>
            };
            if one.open {
                let href = format!("/chair/{}/record?through={reader}", one.item);
                view! {
                    <li>
                        <a class="row" href=href>
                            {inner}
                        </a>
                    </li>
                }
                .into_any()
            } else {
                view! { <li class="row">{inner}</li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="before-title">
            <div class="card-head">
                <h2 id="before-title">{tr!(lang, chair.record.before)}</h2>
            </div>
            {if list.is_empty() {
                view! { <p class="soft meta">{tr!(lang, chair.record.before_none)}</p> }.into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn line(lang: Lang, moment: &Moment) -> AnyView {
    let (icon, what, note) = words(lang, &moment.what);
    let by = moment.by.get(lang);
    let time = moment.at.hhmm();
    let when = if by.is_empty() { time } else { tr!(lang, chair.record.by, time = time, by = by.to_owned()) };
    view! {
        <li data-state="done">
            <span class="node">
                <Icon name=icon/>
            </span>
            <p class="what">{what}</p>
            <p class="when num">
                <time datetime=LocalTime::iso(&moment.at)>{when}</time>
            </p>
            {note.map(|note| view! { <p class="note pre-line">{note}</p> })}
        </li>
    }
    .into_any()
}

/// Icon, what it was, and further words.
fn words(lang: Lang, what: &What) -> (IconName, String, Option<String>) {
    let plain = |icon, text: &str| (icon, text.to_owned(), None);
    match what {
        What::Arrived => plain(IconName::Door, tr!(lang, chair.record.arrived)),
        What::Greeted => plain(IconName::User, tr!(lang, chair.record.greeted)),
        What::Started => plain(IconName::Play, tr!(lang, chair.record.started)),
        What::Finished => plain(IconName::Flag, tr!(lang, chair.record.finished)),
        What::Prepared { what, climate, outside } => {
            let measured =
                climate.map(|c| tr!(lang, chair.prep.measured, t = degrees(c.temperature), h = c.humidity));
            let note = match (measured, outside) {
                (Some(measured), true) => Some(format!("{measured} · {}", tr!(lang, chair.prep.outside))),
                (measured, _) => measured,
            };
            (IconName::ListCheck, tr!(lang, chair.record.prepared, what = prep_name(lang, *what)), note)
        }
        What::Allowed { rule, reason } => {
            let rule = rule.get(lang).to_owned();
            (IconName::Shield, tr!(lang, chair.record.allowed, rule = rule), Some(reason.clone()))
        }
        What::Step { text } => (IconName::Check, text.get(lang).to_owned(), None),
        What::Skipped { text, reason, .. } => {
            let note = reason.clone().unwrap_or_else(|| tr!(lang, chair.record.no_reason).to_owned());
            let step = text.get(lang).to_owned();
            (IconName::Minus, tr!(lang, chair.record.skipped, step = step), Some(note))
        }
        What::Note { text } => (IconName::Pen, tr!(lang, treat.notes.title).to_owned(), Some(text.clone())),
        What::Addendum { text } => {
            (IconName::Pen, tr!(lang, chair.record.addendum).to_owned(), Some(text.clone()))
        }
        What::Feel(feel) => {
            (IconName::Face4, tr!(lang, chair.record.feel, feel = feel_text(lang, feel)), None)
        }
        What::Incident { severity, what } => {
            let severity = severity_name(lang, *severity);
            (IconName::Stop, tr!(lang, chair.record.incident_line, severity = severity), Some(what.clone()))
        }
        What::Product { name, batch, amount, unit } => {
            let unit = unit.get(lang).to_owned();
            let line =
                tr!(lang, chair.used.line, batch = batch.clone(), amount = amount.clone(), unit = unit);
            let name = name.get(lang).to_owned();
            (IconName::Flask, tr!(lang, chair.record.product, name = name), Some(line))
        }
        What::Device { name, settings } => {
            let name = name.get(lang).to_owned();
            let settings = settings.get(lang).to_owned();
            (IconName::Device, tr!(lang, chair.record.device, name = name), Some(settings))
        }
        What::Told { text } => {
            (IconName::Chat, tr!(lang, chair.record.told, text = text.get(lang).to_owned()), None)
        }
        What::Advice { text } => (IconName::Leaf, tr!(lang, chair.record.advice, text = text.clone()), None),
    }
}
