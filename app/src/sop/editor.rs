//! `/sop/:service`: the checklist's draft, its versions, what changed between them.

use super::{
    api,
    side::{advice, both, policy_form, scripts},
};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Check, FormErrors, FormNote, Icon, IconName, Status, SubmitButton, TextInput, Tone, TopBar,
        errors::field_text, format,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    photo::photo_fault,
    sop::{Change, SopPage as Page, SopStep, SopVersion, StepChange},
    treat::Phase,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[derive(Clone, Copy)]
struct Acts {
    edit: ServerAction<api::EditSop>,
    publish: ServerAction<api::PublishSop>,
    discard: ServerAction<api::DiscardSop>,
    advice: ServerAction<api::EditAdvice>,
    script: ServerAction<api::SaveScript>,
}

#[component]
pub fn SopEditor() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let acts = Acts {
        edit: ServerAction::new(),
        publish: ServerAction::new(),
        discard: ServerAction::new(),
        advice: ServerAction::new(),
        script: ServerAction::new(),
    };
    provide_context(acts);
    let asked = Memo::new(move |_| {
        let service = params.with(|params| params.get("service").unwrap_or_default());
        let (compare, picture) = query.with(|query| {
            (
                query.get("compare").and_then(|n| n.parse::<u32>().ok()),
                query.get("picture").unwrap_or_default(),
            )
        });
        (service, compare, picture)
    });
    // What was done is read anew.
    let turn = move || {
        (
            acts.edit.version().get(),
            acts.publish.version().get(),
            acts.discard.version().get(),
            acts.advice.version().get(),
            acts.script.version().get(),
        )
    };
    let data = crate::ui::resource(
        move || (asked.get(), turn()),
        |((service, compare, picture), _)| async move {
            api::page(service, compare).await.map(|page| (picture, page))
        },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (picture, page): (String, Page)) -> AnyView {
    let lang = use_lang();
    let Some(acts) = use_context::<Acts>() else { return ().into_any() };
    let name = page.name.get(lang).to_owned();
    let sub = if page.draft > 0 {
        format!("{} · {}", tr!(lang, sop.version, n = page.number), tr!(lang, sop.has_draft))
    } else {
        tr!(lang, sop.version, n = page.number)
    };
    let errors = FormErrors::of(lang, move || {
        acts.edit
            .value()
            .get()
            .or_else(|| acts.publish.value().get())
            .or_else(|| acts.discard.value().get())
            .or_else(|| acts.advice.value().get())
            .or_else(|| acts.script.value().get())
    });
    let wrong = picture_fault(lang, &picture);
    let phases = Phase::ALL.map(|phase| part(lang, &page, phase, acts)).collect_view();
    let compared = page.compared.as_ref().map(|compared| comparison(lang, &page, compared));
    view! {
        <Title text=name.clone()/>
        <StaffFrame me>
            <TopBar title=name sub back="/sop".to_owned()/>
            <main class="page sop" id="main">
                <div class="stack" data-gap="4">
                    <FormNote errors/>
                    {wrong.map(|text| view! { <Banner tone=Tone::Warn>{text}</Banner> })}
                    {(page.draft > 0).then(|| draft_bar(lang, &page, acts))}
                    {compared}
                    {phases}
                    {new_step(lang, &page, acts)}
                </div>
                <div class="stack" data-gap="4">
                    {history(lang, &page)}
                    {advice(lang, &page, acts.advice)}
                    <section class="card stack" data-gap="3">
                        <h2>{tr!(lang, sop.policy.own)}</h2>
                        {policy_form(lang, page.service.to_string(), &page.policy)}
                    </section>
                    {scripts(lang, &page, acts.script)}
                </div>
            </main>
        </StaffFrame>
    }
    .into_any()
}

/// Why a picture was not taken, as its upload says in the address.
fn picture_fault(lang: Lang, code: &str) -> Option<&'static str> {
    Some(match code {
        "" => return None,
        "stale" => tr!(lang, error.refused.stale),
        code => {
            photo_fault(code).map_or_else(|| tr!(lang, sop.picture.failed), |fault| field_text(lang, fault))
        }
    })
}

/// Publish or throw away; what differs is one tap away.
fn draft_bar(lang: Lang, page: &Page, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.publish.value().get());
    let next = page.number + 1;
    let fields = || {
        let (service, version) = (page.service.to_string(), page.draft.to_string());
        view! {
            <input type="hidden" name="service" value=service/>
            <input type="hidden" name="version" value=version/>
        }
    };
    let (publish, discard) = (fields(), fields());
    view! {
        <section class="card stack" data-gap="3">
            <Banner tone=Tone::Info title=tr!(lang, sop.draft.title)>
                {tr!(lang, sop.draft.text)}
            </Banner>
            <p>
                <a class="more" href=format!("/sop/{}?compare=0", page.service)>
                    {tr!(lang, sop.draft.compare)}
                    <Icon name=IconName::ChevR/>
                </a>
            </p>
            <ActionForm action=acts.publish attr:class="form">
                {publish}
                <TextInput
                    name="note"
                    label=tr!(lang, sop.draft.note)
                    hint=tr!(lang, sop.draft.note_hint)
                    maxlength=200
                    error=errors.field("note")
                />
                <SubmitButton pending=acts.publish.pending()>
                    {tr!(lang, sop.draft.publish, n = next)}
                </SubmitButton>
            </ActionForm>
            <ActionForm action=acts.discard>
                {discard}
                <SubmitButton kind="danger-quiet" pending=acts.discard.pending()>
                    {tr!(lang, sop.draft.discard)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
    .into_any()
}

fn phase_name(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Before => tr!(lang, treat.phase.before),
        Phase::During => tr!(lang, treat.phase.during),
        Phase::After => tr!(lang, treat.phase.after),
    }
}

fn part(lang: Lang, page: &Page, phase: Phase, acts: Acts) -> AnyView {
    let own: Vec<&SopStep> = page.steps.iter().filter(|step| step.phase == phase).collect();
    let n = own.len();
    let cards = own.iter().enumerate().map(|(i, one)| step(lang, page, one, (i, n), acts)).collect_view();
    view! {
        <section class="section">
            <div class="card-head">
                <h2>{phase_name(lang, phase)}</h2>
                <small>{tr_n!(lang, sop.steps, n)}</small>
            </div>
            <ol class="sop-steps">{cards}</ol>
        </section>
    }
    .into_any()
}

fn step(lang: Lang, page: &Page, one: &SopStep, (i, n): (usize, usize), acts: Acts) -> AnyView {
    let (service, version, id) = (page.service.to_string(), page.draft.to_string(), one.id.to_string());
    let minutes = one.minutes.map(|n| tr!(lang, treat.steps.minutes, n = n));
    let head = one.text.get(lang).to_owned();
    let picture = one.picture.clone().map(|name| {
        view! { <img class="sop-picture" src=format!("/sop/picture/{name}") alt=tr!(lang, sop.picture.alt) loading="lazy"/> }
    });
    let hidden = || {
        let (service, version, id) = (service.clone(), version.clone(), id.clone());
        view! {
            <input type="hidden" name="service" value=service/>
            <input type="hidden" name="version" value=version/>
            <input type="hidden" name="step" value=id/>
        }
    };
    let up = (i > 0).then(|| mover("up", tr!(lang, sop.step.up), IconName::ArrowUp));
    let down = (i + 1 < n).then(|| mover("down", tr!(lang, sop.step.down), IconName::ArrowDown));
    let moving = (hidden(), up, down);
    let editing = (hidden(), fields(lang, &id, Some(one)));
    let has = one.picture.is_some();
    let anchor = id.clone();
    let must = one.mandatory.then(|| tr!(lang, treat.steps.must));
    view! {
        <li class="card sop-step" id=anchor>
            <div class="sop-head">
                <span class="grow">
                    <b>{head}</b>
                    <span class="small muted block">{must} " " {minutes}</span>
                </span>
                <ActionForm action=acts.edit attr:class="btn-group">
                    {moving}
                </ActionForm>
            </div>
            {picture}
            <details class="call-record">
                <summary class="btn" data-kind="plain">
                    {tr!(lang, sop.step.edit)}
                </summary>
                <ActionForm action=acts.edit attr:class="form">
                    {editing}
                    <div class="btn-group">
                        <SubmitButton name="act" value="save" pending=acts.edit.pending()>
                            {tr!(lang, common.save)}
                        </SubmitButton>
                        {has
                            .then(|| {
                                view! {
                                    <SubmitButton kind="plain" name="act" value="unpicture" pending=acts.edit.pending()>
                                        {tr!(lang, sop.picture.remove)}
                                    </SubmitButton>
                                }
                            })}
                        <SubmitButton kind="danger-quiet" name="act" value="remove" pending=acts.edit.pending()>
                            {tr!(lang, sop.step.remove)}
                        </SubmitButton>
                    </div>
                </ActionForm>
                {upload(lang, service, version, id)}
            </details>
        </li>
    }
    .into_any()
}

/// A button that moves the step one place.
fn mover(act: &'static str, label: &'static str, icon: IconName) -> AnyView {
    view! {
        <button class="btn" data-shape="icon" type="submit" name="act" value=act aria-label=label>
            <Icon name=icon/>
        </button>
    }
    .into_any()
}

/// A plain form: files travel without scripts.
fn upload(lang: Lang, service: String, version: String, step: String) -> AnyView {
    let id = format!("file-{step}");
    view! {
        <form class="form" method="post" action="/sop/picture" enctype="multipart/form-data">
            <input type="hidden" name="service" value=service/>
            <input type="hidden" name="version" value=version/>
            <input type="hidden" name="step" value=step/>
            <div class="field">
                <label for=id.clone()>{tr!(lang, sop.picture.label)}</label>
                <input
                    class="input"
                    id=id
                    type="file"
                    name="file"
                    accept="image/jpeg,image/png,image/webp"
                    required=true
                />
                <p class="hint">{tr!(lang, sop.picture.hint)}</p>
            </div>
            <button class="btn" data-kind="soft" type="submit">
                {tr!(lang, sop.picture.act)}
            </button>
        </form>
    }
    .into_any()
}

fn fields(lang: Lang, id: &str, one: Option<&SopStep>) -> AnyView {
    let phase = one.map_or(Phase::During, |step| step.phase);
    let (phase_id, minutes_id) = (format!("phase-{id}"), format!("minutes-{id}"));
    let text = one.map(|step| step.text.clone()).unwrap_or_default();
    let minutes = one.and_then(|step| step.minutes).map(|n| n.to_string()).unwrap_or_default();
    let options = Phase::ALL
        .map(|one| {
            view! {
                <option value=one.code() selected=one == phase>
                    {phase_name(lang, one)}
                </option>
            }
        })
        .collect_view();
    view! {
        {both(lang, id, text.zh, text.en)}
        <div class="sop-fields">
            <div class="field">
                <label for=phase_id.clone()>{tr!(lang, sop.step.phase)}</label>
                <select class="select" id=phase_id name="phase">
                    {options}
                </select>
            </div>
            <div class="field">
                <label for=minutes_id.clone()>
                    {tr!(lang, sop.step.minutes)} " " <span class="optional">{tr!(lang, common.optional)}</span>
                </label>
                <input
                    class="input"
                    id=minutes_id
                    name="minutes"
                    inputmode="numeric"
                    maxlength="3"
                    value=minutes
                />
            </div>
        </div>
        <Check name="mandatory" checked=one.is_some_and(|step| step.mandatory)>
            {tr!(lang, sop.step.mandatory)}
        </Check>
    }
    .into_any()
}

fn new_step(lang: Lang, page: &Page, acts: Acts) -> AnyView {
    let (service, version) = (page.service.to_string(), page.draft.to_string());
    let inner = fields(lang, "new", None);
    view! {
        <section class="card stack" data-gap="3" aria-labelledby="new-step">
            <h2 id="new-step">{tr!(lang, sop.step.new)}</h2>
            <ActionForm action=acts.edit attr:class="form">
                <input type="hidden" name="service" value=service/>
                <input type="hidden" name="version" value=version/>
                {inner}
                <SubmitButton kind="soft" name="act" value="add" pending=acts.edit.pending()>
                    {tr!(lang, sop.step.add)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
    .into_any()
}

fn history(lang: Lang, page: &Page) -> AnyView {
    let service = page.service;
    let line = |one: &SopVersion| {
        let when = one.at.map(|at| format!("{} {}", format::full_day(lang, at.date()), at.hhmm()));
        let by = one.by.as_ref().map(|by| by.get(lang).to_owned());
        let sub = [when, by, Some(tr_n!(lang, sop.steps, one.steps))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ");
        let note = match (&one.note, one.number) {
            (Some(note), _) => note.clone(),
            (None, _) => tr!(lang, sop.history.first).to_owned(),
        };
        let compare = (one.number > 1).then(|| {
            view! {
                <a class="more" href=format!("/sop/{service}?compare={}", one.number)>
                    {tr!(lang, sop.history.compare)}
                    <Icon name=IconName::ChevR/>
                </a>
            }
        });
        view! {
            <li data-state="done">
                <span class="node">
                    <Icon name=IconName::History/>
                </span>
                <p class="what">{tr!(lang, sop.version, n = one.number)}</p>
                <p class="when">{sub}</p>
                <p class="note">{note} " " {compare}</p>
            </li>
        }
    };
    let lines = page.history.iter().map(line).collect_view();
    let none = page.history.is_empty();
    view! {
        <section class="card stack" data-gap="3" aria-labelledby="history-title">
            <h2 id="history-title">{tr!(lang, sop.history.title)}</h2>
            <ol class="timeline">{lines}</ol>
            {none.then(|| view! { <p class="soft">{tr!(lang, sop.history.none)}</p> })}
        </section>
    }
    .into_any()
}

fn comparison(lang: Lang, page: &Page, (from, to, changes): &(u32, Option<u32>, Vec<StepChange>)) -> AnyView {
    let to = to.map_or_else(|| tr!(lang, sop.draft.word).to_owned(), |n| tr!(lang, sop.version, n = n));
    let title = tr!(lang, sop.compare.title, from = tr!(lang, sop.version, n = *from), to = to);
    let text = |step: &Option<SopStep>| {
        step.as_ref().map(|step| {
            let minutes = step.minutes.map(|n| tr!(lang, treat.steps.minutes, n = n));
            let must = step.mandatory.then(|| tr!(lang, treat.steps.must).to_owned());
            let rest = [Some(phase_name(lang, step.phase).to_owned()), must, minutes];
            let rest = rest.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            format!("{} ({rest})", step.text.get(lang))
        })
    };
    let line = |one: &StepChange| {
        let (tone, icon, word) = match one.change {
            Change::Same => (Tone::Idle, IconName::Dash, tr!(lang, sop.compare.same)),
            Change::Added => (Tone::Ok, IconName::Plus, tr!(lang, sop.compare.added)),
            Change::Removed => (Tone::Stop, IconName::Minus, tr!(lang, sop.compare.removed)),
            Change::Changed => (Tone::Info, IconName::Pen, tr!(lang, sop.compare.changed)),
            Change::Moved => (Tone::Info, IconName::Sort, tr!(lang, sop.compare.moved)),
        };
        let was = text(&one.before).filter(|_| one.change == Change::Changed);
        let now = text(&one.after).or_else(|| text(&one.before)).unwrap_or_default();
        view! {
            <li>
                <Status tone icon small=true>
                    {word}
                </Status>
                <span>
                    {was.map(|was| view! { <del class="block muted">{was}</del> })} {now}
                </span>
            </li>
        }
    };
    let lines = changes.iter().map(line).collect_view();
    view! {
        <section class="card stack" data-gap="3" id="compare">
            <div class="card-head">
                <h2>{title}</h2>
                <a class="more" href=format!("/sop/{}", page.service)>
                    {tr!(lang, common.close)}
                </a>
            </div>
            <ul class="sop-changes">{lines}</ul>
        </section>
    }
    .into_any()
}
