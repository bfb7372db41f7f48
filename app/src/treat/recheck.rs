//! A free re-check in the chair (CARE-1): what it is of, and what was found.

use super::item::{Seat, shown_in};
use crate::{
    care::{api, outcome_name},
    tr,
    ui::{Choice, FormErrors, FormNote, Icon, IconName, Status, SubmitButton, TextArea, Tone, format},
};
use domain::{
    Lang,
    care::{RecheckAtChair, RecheckOutcome},
    treat::ServiceState,
};
use leptos::prelude::*;

/// Nothing for a service that is none.
#[component]
pub fn RecheckCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::Outcome>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let recheck = Memo::new(move |_| seat.data.with(|treatment| treatment.recheck.clone()));
    let runs = Memo::new(move |_| seat.state() == ServiceState::InService);
    let any = recheck.with_untracked(Option::is_some);
    any.then(|| {
        view! {
            <section class="card stack" data-gap="3" aria-labelledby="recheck-title">
                <div class="card-head">
                    <h2 id="recheck-title">{tr!(lang, care.chair.title)}</h2>
                    <small>{tr!(lang, care.chair.free)}</small>
                </div>
                {move || recheck.get().map(|recheck| of(seat, &recheck))}
                {move || {
                    recheck
                        .get()
                        .filter(|_| runs.get())
                        .map(|recheck| {
                            let outcomes = RecheckOutcome::ALL
                                .map(|outcome| {
                                    view! {
                                        <Choice
                                            name="outcome"
                                            value=outcome.code()
                                            checked=recheck.outcome == Some(outcome)
                                            title=outcome_name(lang, outcome)
                                        />
                                    }
                                })
                                .collect_view();
                            let wrong = errors.field("outcome");
                            view! {
                                <ActionForm action attr:class="form">
                                    <input type="hidden" name="item" value=seat.item()/>
                                    <input type="hidden" name="version" value=recheck.version.to_string()/>
                                    <FormNote errors/>
                                    <fieldset class="field">
                                        <legend>{tr!(lang, care.chair.found)}</legend>
                                        <div class="choices" data-grid="">{outcomes}</div>
                                        {move || {
                                            wrong
                                                .get()
                                                .map(|text| {
                                                    view! {
                                                        <p class="error">
                                                            <Icon name=IconName::Alert/>
                                                            {text}
                                                        </p>
                                                    }
                                                })
                                        }}
                                    </fieldset>
                                    <TextArea
                                        name="note"
                                        label=tr!(lang, care.chair.note)
                                        value=recheck.note.clone().unwrap_or_default()
                                        hint=tr!(lang, care.chair.note_hint).to_owned()
                                        rows=2
                                        maxlength=1000
                                        error=errors.field("note")
                                    />
                                    <SubmitButton kind="soft" wide=true pending=action.pending()>
                                        {tr!(lang, care.chair.act)}
                                    </SubmitButton>
                                </ActionForm>
                            }
                        })
                }}
            </section>
        }
    })
}

/// At a service that was looked at again: what was found.
#[component]
pub fn LookedAgainCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let again = Memo::new(move |_| seat.data.with(|treatment| treatment.looked_again.clone()));
    move || {
        again.get().map(|again| {
            view! {
                <section class="card stack" data-gap="3" aria-labelledby="again-title">
                    <div class="card-head">
                        <h2 id="again-title">{tr!(lang, care.chair.again)}</h2>
                        <small>{format::day_weekday(lang, again.at.date())}</small>
                    </div>
                    {finding(lang, again.outcome, again.note)}
                </section>
            }
        })
    }
}

fn finding(lang: Lang, outcome: RecheckOutcome, note: Option<String>) -> AnyView {
    let (tone, icon) = match outcome {
        RecheckOutcome::Fine => (Tone::Ok, IconName::CheckCircle),
        RecheckOutcome::Adjusted => (Tone::Info, IconName::Pen),
        RecheckOutcome::Escalated => (Tone::Warn, IconName::Alert),
    };
    view! {
        <p>
            <Status tone icon>
                {outcome_name(lang, outcome)}
            </Status>
            " "
            <span class="soft">{note}</span>
        </p>
    }
    .into_any()
}

/// Of what, and what was found so far.
fn of(seat: Seat, recheck: &RecheckAtChair) -> AnyView {
    let lang = seat.lang;
    let day = format::day_weekday(lang, recheck.served.date());
    let staff = recheck.staff.get(lang).to_owned();
    let found = recheck.outcome.map(|outcome| finding(lang, outcome, recheck.note.clone()));
    view! {
        <p class="soft">{tr!(lang, care.chair.of, day = day, staff = staff)}</p>
        {found}
        <p>
            <a class="more" href=format!("/chair/{}", recheck.original)>
                {tr!(lang, care.chair.original)}
                <Icon name=IconName::ChevR/>
            </a>
        </p>
    }
    .into_any()
}
