//! `/chair/incidents`: adverse reactions for those who lead, and one of them with its course (TREAT-4).

use super::{
    api,
    incident::state_mark,
    words::{first_aid_name, severity_name},
};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Blank, Check, FormErrors, FormNote, Glyph, Icon, IconName, More, Pager, SegLinks, SubmitButton,
        TextArea, Tone, TopBar, format, fresh::Fresh,
    },
};
use domain::{
    Lang, LocalTime, Page,
    account::StaffMe,
    consult::Severity,
    treat::{IncidentEvent, IncidentMove, IncidentPage as Incident, IncidentRow, IncidentState},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

type Asked = (bool, Option<String>);

#[component]
pub fn IncidentsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| -> Asked {
        query.with(|query| (query.get("show").as_deref() == Some("closed"), query.get("after")))
    });
    let data = crate::ui::resource(
        move || asked.get(),
        |asked: Asked| async move { api::incidents(asked.0, asked.1.clone()).await.map(|page| (asked, page)) },
    );
    view! { <StaffPage data view=list/> }
}

fn list(me: StaffMe, (asked, page): (Asked, Page<IncidentRow>)) -> AnyView {
    view! { <List me closed=asked.0 first=asked.1.is_none() page/> }.into_any()
}

#[component]
fn List(me: StaffMe, closed: bool, first: bool, page: Page<IncidentRow>) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, chair.incident.list);
    let fresh = Fresh::new(page);
    let data = fresh.data();
    if first {
        fresh.keep(format!("/live/branch/{}", me.branch), move || api::incidents(closed, None));
    }
    let links = vec![
        ("/chair/incidents".to_owned(), tr!(lang, chair.incident.list_open).to_owned(), !closed),
        ("/chair/incidents?show=closed".to_owned(), tr!(lang, chair.incident.list_closed).to_owned(), closed),
    ];
    let rows = move || {
        let items = data.with(|page| page.items.clone());
        if items.is_empty() {
            return view! {
                <div class="card">
                    <Blank title=tr!(lang, chair.incident.list_none) text=tr!(lang, chair.incident.list_none_text)/>
                </div>
            }
            .into_any();
        }
        let items = items.into_iter().map(|one| view! { <li>{row(lang, one)}</li> }).collect_view();
        view! { <ul class="rows">{items}</ul> }.into_any()
    };
    let href = if closed { "/chair/incidents?show=closed" } else { "/chair/incidents" };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title>
                <SegLinks label=title links/>
            </TopBar>
            <main class="page" id="main">
                {rows}
                {move || view! { <Pager href next=data.with(|page| page.next.clone())/> }}
            </main>
        </StaffFrame>
    }
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Mild => Tone::Plain,
        Severity::Moderate => Tone::Warn,
        Severity::Severe => Tone::Stop,
    }
}

fn at(lang: Lang, at: &LocalTime) -> String {
    format!("{} {}", format::full_day(lang, at.date()), at.hhmm())
}

fn row(lang: Lang, one: IncidentRow) -> AnyView {
    let sub = [
        one.service.get(lang).to_owned(),
        one.staff.get(lang).to_owned(),
        at(lang, &one.at),
        tr_n!(lang, chair.incident.steps_done, one.steps_done),
    ];
    let sub = sub.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <a class="row" href=format!("/chair/incidents/{}", one.id)>
            <Glyph icon=IconName::Stop tone=tone(one.severity)/>
            <span class="row-main">
                <span class="row-title">
                    {one.customer_name.clone()} " · " {severity_name(lang, one.severity)}
                </span>
                <span class="row-sub">{one.what.clone()}</span>
                <span class="row-sub num">{sub}</span>
            </span>
            <span class="row-end">{state_mark(lang, one.state)}</span>
            <Icon name=IconName::ChevR/>
        </a>
    }
    .into_any()
}

#[component]
pub fn IncidentPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let data = crate::ui::resource(move || id.get(), api::incident);
    view! { <StaffPage data view=one/> }
}

fn one(me: StaffMe, page: Incident) -> AnyView {
    view! { <One me page/> }.into_any()
}

#[component]
fn One(me: StaffMe, page: Incident) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::ActOnIncident>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let data = RwSignal::new(page);
    Effect::new(move || {
        if let Some(Ok(page)) = action.value().get() {
            data.set(page);
        }
    });
    let title = tr!(lang, chair.incident.title);
    let head = move || {
        data.with(|page| {
            let row = &page.row;
            let sub = [
                row.service.get(lang).to_owned(),
                row.staff.get(lang).to_owned(),
                at(lang, &row.at),
            ];
            let sub = sub.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            view! {
                <p class="cluster" data-between="">
                    <b>{row.customer_name.clone()} " · " {severity_name(lang, row.severity)}</b>
                    {state_mark(lang, row.state)}
                </p>
                <p class="pre-line lead">{row.what.clone()}</p>
                <p class="small muted num">{sub}</p>
                {page.told.clone().map(|who| view! { <p class="meta">{tr!(lang, chair.incident.told_to, who = who)}</p> })}
                {page
                    .outcome
                    .clone()
                    .map(|text| {
                        view! { <p class="meta pre-line">{tr!(lang, chair.incident.outcome)} " · " {text}</p> }
                    })}
                <p>
                    <More href=format!("/chair/{}/record", page.item)>{tr!(lang, chair.incident.record)}</More>
                </p>
            }
        })
    };
    let steps = move || {
        data.with(|page| {
            page.steps
                .iter()
                .map(|(step, done)| {
                    let icon = if done.is_some() { IconName::CheckCircle } else { IconName::Dash };
                    let by = done.as_ref().map(|(at, by)| {
                        tr!(lang, chair.incident.done_at, time = at.hhmm(), by = by.get(lang).to_owned())
                    });
                    view! {
                        <li class=if done.is_some() { "aid-done" } else { "aid-open" }>
                            <Icon name=icon/>
                            <span>{first_aid_name(lang, *step)} {by.map(|by| view! { <small class="block muted num">{by}</small> })}</span>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    let course = move || data.with(|page| page.events.iter().map(|event| line(lang, event)).collect_view());
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/chair/incidents"/>
            <main class="page incident-page" id="main">
                <section class="card stack" data-gap="3">{head}</section>
                <section class="card" aria-labelledby="aid-title">
                    <div class="card-head">
                        <h2 id="aid-title">{tr!(lang, chair.incident.steps)}</h2>
                    </div>
                    <ul class="aid">{steps}</ul>
                </section>
                <section class="card stack" data-gap="4" aria-labelledby="course-title">
                    <div class="card-head">
                        <h2 id="course-title">{tr!(lang, chair.incident.course)}</h2>
                    </div>
                    <ol class="timeline">{course}</ol>
                    <ActionForm action attr:class="form">
                        <input type="hidden" name="incident" value=data.with_untracked(|page| page.row.id.to_string())/>
                        <input type="hidden" name="version" value=move || data.with(|page| page.version.to_string())/>
                        <FormNote errors/>
                        <fieldset class="field">
                            <legend>{tr!(lang, chair.incident.now)}</legend>
                            {move || moves(lang, data.with(|page| page.row.state))}
                        </fieldset>
                        <TextArea
                            name="text"
                            label=tr!(lang, chair.incident.text)
                            rows=3
                            maxlength=1000
                            error=errors.field("text")
                        />
                        <SubmitButton pending=action.pending()>{tr!(lang, chair.incident.save)}</SubmitButton>
                    </ActionForm>
                </section>
            </main>
        </StaffFrame>
    }
}

/// What can be done with it in this state.
fn moves(lang: Lang, state: IncidentState) -> AnyView {
    IncidentMove::ALL
        .iter()
        .filter(|step| state.after(**step).is_ok())
        .map(|step| {
            view! {
                <Check name="step" value=step.code() radio=true checked=*step == IncidentMove::Note>
                    {move_name(lang, *step)}
                </Check>
            }
        })
        .collect_view()
        .into_any()
}

fn move_name(lang: Lang, step: IncidentMove) -> &'static str {
    match step {
        IncidentMove::Note => tr!(lang, chair.incident.note),
        IncidentMove::Handle => tr!(lang, chair.incident.handle),
        IncidentMove::Close => tr!(lang, chair.incident.close),
    }
}

fn line(lang: Lang, event: &IncidentEvent) -> AnyView {
    let icon = match event.step {
        IncidentMove::Note => IconName::Pen,
        IncidentMove::Handle => IconName::Check,
        IncidentMove::Close => IconName::Flag,
    };
    let when = tr!(lang, chair.record.by, time = at(lang, &event.at), by = event.by.get(lang).to_owned());
    view! {
        <li data-state="done">
            <span class="node">
                <Icon name=icon/>
            </span>
            <p class="what">{move_name(lang, event.step)}</p>
            <p class="when num">{when}</p>
            {event.text.clone().map(|text| view! { <p class="note pre-line">{text}</p> })}
        </li>
    }
    .into_any()
}
