//! Before anything else (TREAT-1): what stops a hand, what has to be minded, what was never asked. What stops stays in
//! view while the page scrolls.

use super::{
    item::{Seat, shown_in},
    words::{kind_name, list, names, severity_name, when},
};
use crate::{
    consult::api::AllowAlerts,
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, FormErrors, FormNote, Icon, IconName, Status, StopAlert, SubmitButton, TextArea, Tone, format,
    },
};
use domain::{
    Lang, LocalTime,
    consult::{Alerts, Effect, FactKind, FactView, HitView, PastIncident, Verdict},
    treat::{DayAlerts, ServiceState},
};
use leptos::prelude::*;

/// The loudest thing there is: rules that say stop, and allergies of which a rule speaks.
#[component]
pub fn Stops(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let loud = Memo::new(move |_| {
        seat.data.with(|t| t.alerts.hits.iter().filter(|hit| is_loud(hit)).cloned().collect::<Vec<_>>())
    });
    move || {
        let hits = loud.get();
        let first = hits.first()?.clone();
        let now = seat.data.with(|t| t.now);
        let rest = hits.iter().skip(1).map(|hit| line(lang, hit, &now)).collect_view();
        Some(view! {
            <div class="stop-stay">
                <StopAlert
                    label=tr!(lang, chair.alert.label)
                    sign=if first.effect == Effect::Stop {
                        tr!(lang, chair.alert.stop_sign)
                    } else {
                        tr!(lang, chair.alert.warn_sign)
                    }
                    title=title(lang, &first)
                >
                    <p>{facts_of(lang, &first.fact, &now)}</p>
                    {allowed(lang, &first)}
                    {rest}
                </StopAlert>
            </div>
        })
    }
}

fn is_loud(hit: &HitView) -> bool {
    hit.effect == Effect::Stop || hit.fact.kind == FactKind::Allergy
}

fn title(lang: Lang, hit: &HitView) -> String {
    let kind = (hit.fact.kind == FactKind::Allergy).then(|| kind_name(lang, FactKind::Allergy));
    let subject = hit.fact.subject.get(lang);
    let subject = match (lang, kind) {
        (Lang::Zh, Some(kind)) => format!("{subject}{kind}"),
        (Lang::En, Some(kind)) => format!("{kind}: {subject}"),
        (_, None) => subject.to_owned(),
    };
    tr!(lang, chair.alert.fact, subject = subject, rule = hit.text.get(lang).to_owned())
}

/// `重度 · 面部红肿 · 6月12日 14:40 林晓雯 记`.
fn facts_of(lang: Lang, fact: &FactView, now: &LocalTime) -> String {
    let told =
        tr!(lang, chair.alert.told, when = when(lang, &fact.at, now), by = fact.by.get(lang).to_owned());
    [
        fact.severity.map(|severity| severity_name(lang, severity).to_owned()),
        fact.reaction.clone(),
        fact.since.map(|day| format::day(lang, day)),
        Some(told),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

fn allowed(lang: Lang, hit: &HitView) -> Option<AnyView> {
    hit.allowed.as_ref().map(|given| {
        let text = tr!(
            lang,
            chair.alert.allowed,
            time = given.at.hhmm(),
            by = given.by.get(lang).to_owned(),
            reason = given.reason.clone()
        );
        view! { <p class="strong">{text}</p> }.into_any()
    })
}

fn line(lang: Lang, hit: &HitView, now: &LocalTime) -> AnyView {
    view! {
        <b class="mt-2">{title(lang, hit)}</b>
        <p>{facts_of(lang, &hit.fact, now)}</p>
        {allowed(lang, hit)}
    }
    .into_any()
}

/// What is quieter: warnings, what else is known, what was never asked, what happened before; and the way on.
#[component]
pub fn Minds(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let parts = Memo::new(move |_| seat.data.with(|t| (t.alerts.clone(), t.now)));
    let open = Memo::new(move |_| seat.data.with(|t| t.alerts.open()));
    let before = Memo::new(move |_| !matches!(seat.state(), ServiceState::Done | ServiceState::Dropped));
    view! {
        {move || {
            let (alerts, now) = parts.get();
            let warns = alerts.hits.iter().filter(|hit| !is_loud(hit)).map(|hit| warn(lang, hit, &now)).collect_view();
            view! {
                {warns}
                {past(lang, &alerts.incidents)}
                {asked(lang, seat.item(), &alerts, &now)}
            }
        }}
        <Show when=move || before.get() && open.get() != Verdict::Clear>
            <Allow seat/>
        </Show>
    }
}

fn warn(lang: Lang, hit: &HitView, now: &LocalTime) -> AnyView {
    let (facts, allowed) = (facts_of(lang, &hit.fact, now), allowed(lang, hit));
    view! {
        <Banner tone=Tone::Warn title=title(lang, hit)>
            <p>{facts}</p>
            {allowed}
        </Banner>
    }
    .into_any()
}

fn past(lang: Lang, incidents: &[PastIncident]) -> Option<AnyView> {
    (!incidents.is_empty()).then(|| {
        let lines = incidents
            .iter()
            .map(|one| {
                let text = tr!(
                    lang,
                    chair.alert.past_line,
                    day = format::full_day(lang, one.day),
                    service = one.service.get(lang).to_owned(),
                    severity = severity_name(lang, one.severity),
                    what = one.what.clone()
                );
                let open = (!one.closed).then(|| tr!(lang, chair.alert.past_open));
                view! { <p>{text} {open.map(|open| format!(" · {open}"))}</p> }
            })
            .collect_view();
        view! {
            <Banner tone=Tone::Stop title=tr!(lang, chair.alert.past)>
                {lines}
            </Banner>
        }
        .into_any()
    })
}

/// "None confirmed" and "not asked" look different.
fn asked(lang: Lang, item: String, alerts: &Alerts, now: &LocalTime) -> AnyView {
    let href = format!("/chair/{item}/facts");
    let missing: Vec<_> = alerts.asked.iter().filter(|asked| asked.last.is_none()).collect();
    let other: Vec<_> = alerts
        .facts
        .iter()
        .filter(|fact| alerts.hits.iter().all(|hit| hit.fact.id != fact.id))
        .map(|fact| &fact.subject)
        .collect();
    let known =
        (!other.is_empty()).then(|| tr!(lang, chair.alert.known, facts = names(lang, other.into_iter())));
    let last = alerts.asked.iter().filter_map(|asked| asked.last.as_ref()).max_by_key(|(_, at, _)| *at);
    let again = last.map(|(_, at, by)| {
        tr!(lang, chair.alert.asked_again, when = when(lang, at, now), by = by.get(lang).to_owned())
    });
    if alerts.asked.is_empty() {
        return ().into_any();
    }
    if missing.is_empty() {
        let text = match known {
            Some(known) => known,
            None if alerts.facts.is_empty() => tr!(lang, chair.alert.all_none).to_owned(),
            None => String::new(),
        };
        return view! {
            <p class="asked-line">
                <Status tone=Tone::Ok icon=IconName::CheckCircle>
                    {text}
                </Status>
                <span class="small muted">{again}</span>
                <a class="btn" href=href>
                    {tr!(lang, chair.alert.details)}
                </a>
            </p>
        }
        .into_any();
    }
    let kinds = list(lang, missing.iter().map(|asked| kind_name(lang, asked.kind)));
    view! {
        <div class="banner" data-tone="warn">
            <Icon name=IconName::Alert/>
            <div>
                <b>{tr_n!(lang, chair.alert.not_asked, missing.len())}</b>
                {tr!(lang, chair.alert.not_asked_text, kinds = kinds)}
                {known.map(|known| view! { <p>{known}</p> })}
            </div>
            <a class="btn" data-kind="soft" href=href>
                {tr!(lang, chair.alert.ask_now)}
            </a>
        </div>
    }
    .into_any()
}

/// Taking the responsibility, with a reason (CONSULT-3).
#[component]
fn Allow(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<AllowAlerts>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let (stop, lead) =
        seat.data.with_untracked(|t| (t.alerts.open() == Verdict::Stop, t.alerts.may_override));
    let text = match (stop, lead) {
        (true, false) => tr!(lang, chair.alert.stop_text),
        (true, true) => tr!(lang, chair.alert.stop_lead),
        (false, _) => tr!(lang, chair.alert.warn_text),
    };
    view! {
        <section class="card stack" data-gap="3" id="allow" aria-label=tr!(lang, chair.alert.reason)>
            <p class="strong">{text}</p>
            {(!stop || lead)
                .then(|| {
                    view! {
                        <ActionForm action attr:class="form">
                            <input type="hidden" name="item" value=seat.item()/>
                            <FormNote errors/>
                            <TextArea
                                name="reason"
                                label=tr!(lang, chair.alert.reason)
                                rows=2
                                maxlength=1000
                                error=errors.field("reason")
                            />
                            <SubmitButton kind=if stop { "danger" } else { "soft" } wide=true pending=action.pending()>
                                {if stop {
                                    tr!(lang, chair.alert.allow_stop)
                                } else {
                                    tr!(lang, chair.alert.allow_warn)
                                }}
                            </SubmitButton>
                        </ActionForm>
                    }
                })}
        </section>
    }
}

/// On the day list, for whoever is in the chair or next.
#[component]
pub fn DayWarnings(alerts: DayAlerts) -> impl IntoView {
    let lang = use_lang();
    let words = move |(subject, rule): &(domain::Text, domain::Text)| {
        let (subject, rule) = (subject.get(lang).to_owned(), rule.get(lang).to_owned());
        tr!(lang, chair.alert.fact, subject = subject, rule = rule)
    };
    let stop = alerts.stops.first().map(words);
    let rest = alerts.stops.iter().skip(1).map(words).map(|text| view! { <p>{text}</p> }).collect_view();
    let warns = alerts
        .warns
        .iter()
        .map(|one| {
            let text = words(one);
            view! { <Banner tone=Tone::Warn>{text}</Banner> }
        })
        .collect_view();
    view! {
        {stop
            .map(|title| {
                view! {
                    <StopAlert label=tr!(lang, chair.alert.label) sign=tr!(lang, chair.alert.stop_sign) title>
                        {rest}
                    </StopAlert>
                }
            })}
        {warns}
    }
}

/// In a row of the day list: that there is something, not what.
#[component]
pub fn DayMark(verdict: Verdict) -> impl IntoView {
    let lang = use_lang();
    let (tone, icon, text) = match verdict {
        Verdict::Clear => return ().into_any(),
        Verdict::Warn => (Tone::Warn, IconName::Alert, tr!(lang, chair.alert.day_warn)),
        Verdict::Stop => (Tone::Stop, IconName::Stop, tr!(lang, chair.alert.day_stop)),
    };
    view! {
        <Status tone icon small=true>
            {text}
        </Status>
    }
    .into_any()
}
