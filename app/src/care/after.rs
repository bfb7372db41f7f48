//! On the customer's phone: aftercare told, the re-check, the calls, as one quiet timeline for each service.

use super::{
    api,
    words::{call_state, outcome_name},
};
use crate::{
    tr, tr_n,
    ui::{Icon, IconName, Ring, SubmitButton, format},
};
use domain::{
    Lang,
    care::{AfterService, CallState, RecheckState, RecheckView},
};
use leptos::prelude::*;

/// Days of which the ring shows what is left.
const RING_DAYS: f64 = 7.0;

/// The services of the last days; nothing when there are none.
pub fn after_services(lang: Lang, services: Vec<AfterService>) -> Option<AnyView> {
    (!services.is_empty()).then(|| {
        let cards = services.into_iter().map(|one| card(lang, one)).collect_view();
        view! {
            <section class="section" id="after">
                <div class="card-head">
                    <h2>{tr!(lang, care.mine.title)}</h2>
                </div>
                <div class="stack" data-gap="4">
                    {cards}
                </div>
            </section>
        }
        .into_any()
    })
}

fn card(lang: Lang, one: AfterService) -> AnyView {
    let day = format::day(lang, one.served.date());
    let (name, staff) = (one.service.get(lang).to_owned(), one.staff.get(lang).to_owned());
    let sub = [day, staff].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let advice = one.advice.iter().map(|text| view! { <li>{text.get(lang).to_owned()}</li> }).collect_view();
    let told = (!one.advice.is_empty()).then(|| {
        view! {
            <li data-state="done">
                <span class="node">
                    <Icon name=IconName::Leaf/>
                </span>
                <p class="what">{tr!(lang, care.mine.advice)}</p>
                <ul class="note care-advice">{advice}</ul>
            </li>
        }
    });
    let calls = one.calls.iter().map(|call| {
        let done = call.state == CallState::Done;
        let on = format::relative_day(lang, call.on, one.today);
        view! {
            <li data-state=if done { "done" } else { "todo" }>
                <span class="node">
                    <Icon name=if done { IconName::Check } else { IconName::Phone }/>
                </span>
                <p class="what">{call_state(lang, call.state)}</p>
                <p class="when">{on}</p>
            </li>
        }
    });
    // Calls that will not be made say nothing.
    let calls = calls
        .zip(&one.calls)
        .filter(|(_, call)| matches!(call.state, CallState::Open | CallState::Done))
        .map(|(view, _)| view)
        .collect_view();
    let any =
        told.is_some() || one.calls.iter().any(|c| matches!(c.state, CallState::Open | CallState::Done));
    view! {
        <article class="card stack" data-gap="4">
            <div>
                <h3>{name}</h3>
                <p class="meta soft">{sub}</p>
            </div>
            {one.recheck.map(|recheck| offer(lang, recheck))}
            {any.then(|| view! { <ol class="timeline">{told} {calls}</ol> })}
        </article>
    }
    .into_any()
}

/// The free re-check: what is left of it, or what became of it.
fn offer(lang: Lang, recheck: RecheckView) -> AnyView {
    let href = format!("/c/{}", recheck.token);
    let last = format::day_weekday(lang, recheck.last_day);
    let left = recheck.days_left;
    let (title, text, act) = match (recheck.state, &recheck.booking) {
        (RecheckState::Open, _) => (
            match left {
                0 => tr!(lang, care.mine.last_day).to_owned(),
                n => tr_n!(lang, care.mine.left, n),
            },
            tr!(lang, care.mine.until, day = last),
            Some((href, tr!(lang, care.mine.book), "soft")),
        ),
        (RecheckState::Booked, Some((token, at))) => (
            tr!(lang, care.mine.booked).to_owned(),
            format!("{} {}", format::day_weekday(lang, at.date()), at.hhmm()),
            Some((format!("/b/{token}"), tr!(lang, care.mine.see), "plain")),
        ),
        (RecheckState::Done, _) => (
            tr!(lang, care.mine.checked).to_owned(),
            recheck.outcome.map(|outcome| outcome_name(lang, outcome).to_owned()).unwrap_or_default(),
            None,
        ),
        (RecheckState::Declined, _) => (
            tr!(lang, care.mine.declined).to_owned(),
            tr!(lang, care.mine.until, day = last),
            Some((href, tr!(lang, care.mine.after_all), "plain")),
        ),
        (RecheckState::Lapsed | RecheckState::Booked, _) => {
            (tr!(lang, care.mine.over).to_owned(), tr!(lang, care.mine.over_text).to_owned(), None)
        }
    };
    let open = recheck.state == RecheckState::Open;
    view! {
        <div class="care-offer">
            {open
                .then(|| {
                    let label = title.clone();
                    view! {
                        <Ring
                            share=Signal::stored(f64::from(left) / RING_DAYS)
                            figure=Signal::stored(left.to_string())
                            unit=Signal::stored(tr!(lang, common.unit.day).to_owned())
                            label=Signal::stored(label)
                            dot=true
                        />
                    }
                })}
            <div class="grow">
                <h4>{title}</h4>
                <p class="meta soft">{text}</p>
            </div>
            {act
                .map(|(href, text, kind)| {
                    view! {
                        <a class="btn" data-kind=kind href=href>
                            {text}
                        </a>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Whether the customer may be called, and the button that changes it.
pub fn calls_wish(lang: Lang, calls: bool) -> AnyView {
    let action = ServerAction::<api::SetCalls>::new();
    let (text, act) = if calls {
        (tr!(lang, care.mine.calls_on), tr!(lang, care.mine.calls_stop))
    } else {
        (tr!(lang, care.mine.calls_off), tr!(lang, care.mine.calls_start))
    };
    view! {
        <section class="section">
            <div class="card-head">
                <h2>{tr!(lang, care.mine.calls_title)}</h2>
            </div>
            <div class="card care-offer">
                <p class="grow meta soft">{text}</p>
                <ActionForm action>
                    {(!calls).then(|| view! { <input type="hidden" name="wanted" value="true"/> })}
                    <SubmitButton kind="plain" pending=action.pending()>
                        {act}
                    </SubmitButton>
                </ActionForm>
            </div>
        </section>
    }
    .into_any()
}
