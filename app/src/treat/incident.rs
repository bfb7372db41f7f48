//! An adverse reaction at the chair (TREAT-4): what to do at once as a checklist, written down and told to the manager.

use super::{
    api,
    item::{Seat, next_key, shown_in},
    words::{first_aid_name, incident_state_name, severity_name},
};
use crate::{
    tr,
    ui::{Check, FormErrors, FormNote, Icon, IconName, Status, SubmitButton, TextArea, TextInput, Tone},
};
use domain::{
    Lang,
    consult::Severity,
    treat::{FirstAid, IncidentBrief, IncidentState, ServiceState},
};
use leptos::prelude::*;

/// Shape and word of a state.
#[must_use]
pub fn state_mark(lang: Lang, state: IncidentState) -> AnyView {
    let (tone, icon) = match state {
        IncidentState::Open => (Tone::Stop, IconName::Stop),
        IncidentState::Handled => (Tone::Warn, IconName::Clock),
        IncidentState::Closed => (Tone::Ok, IconName::CheckCircle),
    };
    view! {
        <Status tone icon>
            {incident_state_name(lang, state)}
        </Status>
    }
    .into_any()
}

#[component]
pub fn IncidentCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let list = Memo::new(move |_| seat.data.with(|t| t.chair.incidents.clone()));
    let may = Memo::new(move |_| {
        matches!(seat.state(), ServiceState::Greeted | ServiceState::InService | ServiceState::Done)
    });
    let action = ServerAction::<api::TickFirstAid>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    view! {
        <Show when=move || may.get() || !list.with(Vec::is_empty)>
            <section class="card stack incident-card" data-gap="4" aria-labelledby="incident-title">
                <div class="card-head">
                    <h2 id="incident-title">{tr!(lang, chair.incident.title)}</h2>
                </div>
                <FormNote errors/>
                {move || list.get().into_iter().map(|one| brief(seat, action, one)).collect_view()}
                <Show when=move || may.get()>
                    <Report seat/>
                </Show>
            </section>
        </Show>
    }
}

/// One that was written down, with the steps still to be ticked.
fn brief(seat: Seat, action: ServerAction<api::TickFirstAid>, one: IncidentBrief) -> AnyView {
    let lang = seat.lang;
    let open = one.state != IncidentState::Closed;
    let steps = one
        .steps
        .iter()
        .map(|(step, done)| {
            let text = first_aid_name(lang, *step);
            match done {
                Some((at, by)) => {
                    let by =
                        tr!(lang, chair.incident.done_at, time = at.hhmm(), by = by.get(lang).to_owned());
                    view! {
                        <li class="aid-done">
                            <Icon name=IconName::CheckCircle/>
                            <span>{text} <small class="block muted num">{by}</small></span>
                        </li>
                    }
                    .into_any()
                }
                None if open => view! {
                    <li>
                        <Check name="steps[]" value=step.code()>
                            {text}
                        </Check>
                    </li>
                }
                .into_any(),
                None => ().into_any(),
            }
        })
        .collect_view();
    let left = open && one.steps.iter().any(|(_, done)| done.is_none());
    let by = tr!(lang, chair.incident.by, time = one.at.hhmm(), by = one.by.get(lang).to_owned());
    view! {
        <article class="incident">
            <p class="cluster" data-between="">
                <b>{severity_name(lang, one.severity)}</b>
                {state_mark(lang, one.state)}
            </p>
            <p class="pre-line">{one.what.clone()}</p>
            <p class="small muted num">{by}</p>
            {one.told.clone().map(|who| view! { <p class="meta">{tr!(lang, chair.incident.told_to, who = who)}</p> })}
            <ActionForm action attr:class="form mt-3">
                <input type="hidden" name="incident" value=one.id.to_string()/>
                <ul class="aid">{steps}</ul>
                {left
                    .then(|| {
                        view! {
                            <SubmitButton kind="soft" wide=true pending=action.pending()>
                                {tr!(lang, chair.incident.more_steps)}
                            </SubmitButton>
                        }
                    })}
            </ActionForm>
        </article>
    }
    .into_any()
}

/// The form, folded until it is needed; the bar leads here.
#[component]
fn Report(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::ReportIncident>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let failed = move || action.value().with(|value| matches!(value, Some(Err(_))));
    // Folded again once it is written down.
    let fold = NodeRef::<leptos::html::Details>::new();
    Effect::new(move || {
        if let (Some(Ok(_)), Some(fold)) = (action.value().get(), fold.get_untracked()) {
            fold.set_open(false);
        }
    });
    let severities = [
        (Severity::Mild, tr!(lang, chair.incident.severity_mild)),
        (Severity::Moderate, tr!(lang, chair.incident.severity_moderate)),
        (Severity::Severe, tr!(lang, chair.incident.severity_severe)),
    ]
    .map(|(severity, text)| {
        view! {
            <Check name="severity" value=severity.code() radio=true>
                {text}
            </Check>
        }
    })
    .collect_view();
    let steps = FirstAid::ALL
        .iter()
        .map(|step| {
            view! {
                <li>
                    <Check name="steps[]" value=step.code()>
                        {first_aid_name(lang, *step)}
                    </Check>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="incident-new" node_ref=fold open=failed>
            <summary class="btn" data-kind="danger-quiet" data-size="l" data-wide="">
                <Icon name=IconName::Stop/>
                {tr!(lang, chair.incident.open)}
            </summary>
            <div id="incident" class="mt-4" tabindex="-1">
                <ActionForm action attr:class="form">
                    <input type="hidden" name="item" value=seat.item()/>
                    <input type="hidden" name="key" value=move || key.get()/>
                    <p class="strong">{tr!(lang, chair.incident.lead)}</p>
                    <FormNote errors/>
                    <fieldset class="field">
                        <legend>{tr!(lang, chair.incident.steps)}</legend>
                        <ul class="aid">{steps}</ul>
                    </fieldset>
                    <fieldset class="field">
                        <legend>{tr!(lang, chair.incident.severity)}</legend>
                        {severities}
                        {move || errors.field("severity").get().map(|text| view! { <p class="error">{text}</p> })}
                    </fieldset>
                    <TextArea
                        name="what"
                        label=tr!(lang, chair.incident.what)
                        hint=tr!(lang, chair.incident.what_hint)
                        rows=3
                        maxlength=1000
                        error=errors.field("what")
                    />
                    <TextInput
                        name="told"
                        label=tr!(lang, chair.incident.told)
                        maxlength=200
                        optional=true
                        error=errors.field("told")
                    />
                    <SubmitButton kind="danger" wide=true size="l" pending=action.pending()>
                        {tr!(lang, chair.incident.report)}
                    </SubmitButton>
                </ActionForm>
            </div>
        </details>
    }
}
