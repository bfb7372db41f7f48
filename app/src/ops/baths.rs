//! `/baths`: last values, whether they are in range, and the next ones to be entered on a tablet (TREAT-8).

use super::{api, chart::chart};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Blank, FormErrors, FormNote, IconName, Status, SubmitButton, TextInput, Tone, TopBar, format,
        fresh::{Fresh, LiveMark, use_clock},
    },
};
use domain::{
    Lang,
    account::StaffMe,
    ops::bath::{BathArea, BathLimits, BathPage as Page, Judged, KindView, ReadingKind},
    permission::Action,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn BathsPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| api::baths());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: Page) -> AnyView {
    view! { <Baths me page/> }.into_any()
}

/// `池水温度`.
pub fn kind_name(lang: Lang, kind: ReadingKind) -> &'static str {
    match kind {
        ReadingKind::Water => tr!(lang, baths.kind.water),
        ReadingKind::Sauna => tr!(lang, baths.kind.sauna),
        ReadingKind::Ph => tr!(lang, baths.kind.ph),
        ReadingKind::Chlorine => tr!(lang, baths.kind.chlorine),
        ReadingKind::Humidity => tr!(lang, baths.kind.humidity),
    }
}

/// Shape, word, colour.
pub fn judged(lang: Lang, judged: Judged) -> AnyView {
    let (tone, icon, word) = match judged {
        Judged::In => (Tone::Ok, IconName::CheckCircle, tr!(lang, baths.judged.fine)),
        Judged::Low => (Tone::Stop, IconName::ArrowDown, tr!(lang, baths.judged.low)),
        Judged::High => (Tone::Stop, IconName::ArrowUp, tr!(lang, baths.judged.high)),
    };
    view! {
        <Status tone icon small=true>
            {word}
        </Status>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Acts {
    read: ServerAction<api::ReadBath>,
    work: ServerAction<api::BathWork>,
    limits: ServerAction<api::BathLimits>,
}

#[component]
fn Baths(me: StaffMe, page: Page) -> impl IntoView {
    let lang = use_lang();
    let acts = Acts { read: ServerAction::new(), work: ServerAction::new(), limits: ServerAction::new() };
    let set = may(&me, Action::SetBathLimits);
    let path = format!("/live/branch/{}", page.branch);
    let fresh = Fresh::new(page);
    let data = fresh.data();
    let state = fresh.keep(path, api::baths);
    let clock = use_clock(Signal::derive(move || data.with(|page| page.now)));
    Effect::new(move || {
        let done = acts.read.value().with(|v| matches!(v, Some(Ok(()))))
            || acts.work.value().with(|v| matches!(v, Some(Ok(()))))
            || acts.limits.value().with(|v| matches!(v, Some(Ok(()))));
        if done {
            fresh.ask(api::baths());
        }
    });
    let errors = FormErrors::of(lang, move || {
        acts.read.value().get().or_else(|| acts.work.value().get()).or_else(|| acts.limits.value().get())
    });
    let title = tr!(lang, baths.title);
    let areas = move || {
        let page = data.get();
        if page.areas.is_empty() {
            return view! {
                <div class="card">
                    <Blank title=tr!(lang, baths.none) text=tr!(lang, baths.none_text)/>
                </div>
            }
            .into_any();
        }
        let late = page.areas.iter().filter(|area| area.overdue > 0).count();
        let cards = page.areas.into_iter().map(|one| area(lang, one, acts)).collect_view();
        view! {
            {(late > 0)
                .then(|| view! { <Banner tone=Tone::Warn>{tr_n!(lang, baths.late, late)}</Banner> })}
            <div class="bath-grid mt-4">{cards}</div>
        }
        .into_any()
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub=tr!(lang, baths.sub)>
                <LiveMark state clock/>
            </TopBar>
            <main class="page" id="main">
                <FormNote errors/>
                {areas}
                {set.then(|| limits_form(lang, &data.with_untracked(|page| page.limits.clone()), acts))}
            </main>
        </StaffFrame>
    }
}

fn area(lang: Lang, one: BathArea, acts: Acts) -> AnyView {
    let name = one.name.get(lang).to_owned();
    let (tone, icon, word) = if one.closed {
        (Tone::Stop, IconName::Stop, tr!(lang, baths.closed))
    } else {
        (Tone::Ok, IconName::CheckCircle, tr!(lang, baths.open))
    };
    let due = one.due.map(|due| {
        if one.overdue > 0 {
            let span = format::span(lang, one.overdue);
            view! {
                <Status tone=Tone::Warn icon=IconName::Alert>
                    {tr!(lang, baths.overdue, span = span)}
                </Status>
            }
            .into_any()
        } else {
            view! { <span class="meta soft">{tr!(lang, baths.due, time = due.hhmm())}</span> }.into_any()
        }
    });
    let id = one.id.to_string();
    let anchor = id.clone();
    let fields = one.kinds.iter().map(|kind| field(lang, &id, kind)).collect_view();
    let days = one
        .kinds
        .iter()
        .filter(|kind| !kind.day.is_empty())
        .map(|kind| {
            let name = kind_name(lang, kind.kind);
            view! {
                <h4>{name}</h4>
                {chart(lang, name, kind)}
            }
        })
        .collect_view();
    let any = one.kinds.iter().any(|kind| !kind.day.is_empty());
    let job = one.job.as_ref().map(|_| job(lang, &one, acts));
    view! {
        <article class="card stack bath" data-gap="4" id=anchor>
            <div class="card-head">
                <h2>{name}</h2>
                <Status tone icon fill=true>
                    {word}
                </Status>
            </div>
            {due}
            {job}
            <ActionForm action=acts.read attr:class="bath-form">
                <input type="hidden" name="area" value=id/>
                <input type="hidden" name="key" value=crate::customer::frame::form_key()/>
                {fields}
                <SubmitButton size="l" wide=true pending=acts.read.pending()>
                    {tr!(lang, baths.enter)}
                </SubmitButton>
            </ActionForm>
            {any
                .then(|| {
                    view! {
                        <details>
                            <summary class="bath-summary">{tr!(lang, baths.today)}</summary>
                            <div class="stack" data-gap="3">
                                {days}
                            </div>
                        </details>
                    }
                })}
        </article>
    }
    .into_any()
}

/// A large field with the last value and the range under it.
fn field(lang: Lang, area: &str, view: &KindView) -> AnyView {
    let kind = view.kind;
    let id = format!("{area}-{}", kind.code());
    let unit = kind.unit();
    let range = tr!(
        lang,
        baths.range,
        low = kind.shown(view.limit.low),
        high = kind.shown(view.limit.high),
        unit = unit
    );
    let last = view.last.as_ref().map(|last| {
        let at = format!("{} {}", format::day(lang, last.at.date()), last.at.hhmm());
        view! {
            <span class="bath-last">
                <b class="num">{kind.shown(last.value)} " " {unit}</b>
                {judged(lang, last.judged)}
                <span class="small muted">{at}</span>
            </span>
        }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{kind_name(lang, kind)}</label>
            <input
                class="input bath-input"
                id=id.clone()
                name=kind.code()
                type="text"
                inputmode="decimal"
                autocomplete="off"
                maxlength="7"
                aria-describedby=format!("{id}-hint")
            />
            <p class="hint" id=format!("{id}-hint")>
                {range}
            </p>
            {last}
        </div>
    }
    .into_any()
}

/// What has to be done, by whom, and which bookings are concerned.
fn job(lang: Lang, one: &BathArea, acts: Acts) -> AnyView {
    let Some(job) = one.job.clone() else { return ().into_any() };
    let what = tr!(
        lang,
        baths.job.what,
        kind = kind_name(lang, job.kind),
        value = job.kind.shown(job.value),
        unit = job.kind.unit(),
        time = job.opened.hhmm()
    );
    let advice = match (job.kind, job.judged) {
        (ReadingKind::Water | ReadingKind::Sauna, Judged::High) => tr!(lang, baths.job.cool),
        (ReadingKind::Water | ReadingKind::Sauna, _) => tr!(lang, baths.job.heat),
        (ReadingKind::Ph, _) => tr!(lang, baths.job.ph),
        (ReadingKind::Chlorine, _) => tr!(lang, baths.job.chlorine),
        (ReadingKind::Humidity, _) => tr!(lang, baths.job.air),
    };
    let owner = job.owner.as_ref().map(|owner| tr!(lang, baths.job.owner, name = owner.get(lang).to_owned()));
    let (id, version) = (job.id.to_string(), job.version.to_string());
    let note_id = format!("work-{id}");
    let work = match job.work_done {
        Some(at) => view! { <p class="soft">{tr!(lang, baths.job.waits, time = at.hhmm())}</p> }.into_any(),
        None => view! {
            <ActionForm action=acts.work attr:class="form">
                <input type="hidden" name="job" value=id/>
                <input type="hidden" name="version" value=version/>
                <div class="field">
                    <label for=note_id.clone()>{tr!(lang, baths.job.note)}</label>
                    <textarea class="textarea" id=note_id name="note" rows="2" maxlength="1000"></textarea>
                </div>
                <SubmitButton kind="soft" pending=acts.work.pending()>
                    {tr!(lang, baths.job.done)}
                </SubmitButton>
            </ActionForm>
        }
        .into_any(),
    };
    let affected = one
        .affected
        .iter()
        .map(|booking| {
            let at = format!("{} {}", format::day(lang, booking.at.date()), booking.at.hhmm());
            view! {
                <li>
                    <b class="num">{at}</b>
                    " "
                    {booking.name.clone()}
                    " · "
                    {booking.service.get(lang).to_owned()}
                    " · "
                    <span class="num muted">{booking.number.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let n = one.affected.len();
    view! {
        <section class="bath-job stack" data-gap="3">
            <h3>{tr!(lang, baths.job.title)}</h3>
            <p>{what}</p>
            <p class="soft">{advice}</p>
            {owner.map(|owner| view! { <p class="small muted">{owner}</p> })}
            {work}
            {(n > 0)
                .then(|| {
                    view! {
                        <div>
                            <h4>{tr_n!(lang, baths.job.affected, n)}</h4>
                            <ul class="small">{affected}</ul>
                        </div>
                    }
                })}
        </section>
    }
    .into_any()
}

fn limits_form(lang: Lang, limits: &BathLimits, acts: Acts) -> AnyView {
    let errors = FormErrors::of(lang, move || acts.limits.value().get());
    let pair = |kind: ReadingKind, low: &'static str, high: &'static str| {
        let limit = limits.of(kind);
        let name = kind_name(lang, kind);
        view! {
            <div class="bath-limit">
                <TextInput
                    name=low
                    label=tr!(lang, baths.limit.low, kind = name)
                    value=kind.shown(limit.low)
                    inputmode="decimal"
                    error=errors.field(low)
                />
                <TextInput
                    name=high
                    label=tr!(lang, baths.limit.high, kind = name)
                    value=kind.shown(limit.high)
                    inputmode="decimal"
                    error=errors.field(high)
                />
            </div>
        }
    };
    let every = limits.every_hours.to_string();
    let pairs = [
        pair(ReadingKind::Water, "water_low", "water_high"),
        pair(ReadingKind::Sauna, "sauna_low", "sauna_high"),
        pair(ReadingKind::Ph, "ph_low", "ph_high"),
        pair(ReadingKind::Chlorine, "chlorine_low", "chlorine_high"),
        pair(ReadingKind::Humidity, "humidity_low", "humidity_high"),
    ]
    .collect_view();
    view! {
        <section class="section">
            <details class="card">
                <summary class="bath-summary">{tr!(lang, baths.limit.title)}</summary>
                <ActionForm action=acts.limits attr:class="form">
                    {pairs}
                    <TextInput
                        name="every_hours"
                        label=tr!(lang, baths.limit.every)
                        value=every
                        inputmode="numeric"
                        error=errors.field("every_hours")
                    />
                    <SubmitButton pending=acts.limits.pending()>{tr!(lang, common.save)}</SubmitButton>
                </ActionForm>
            </details>
        </section>
    }
    .into_any()
}
