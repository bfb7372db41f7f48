//! `/chair/:item`: one service, from first contact to the rating.

use super::{
    after::{AfterCards, RatingCard},
    alerts::{Minds, Stops},
    api,
    bar::Bar,
    day::{Care, ring_label, state_name},
    feel::FeelCard,
    incident::IncidentCard,
    next::{AdviceCard, NextCard},
    notes::NotesCard,
    offline::{Queue, Troubles, WaitBar},
    photos::PhotosCard,
    prep::PrepCard,
    recheck::{LookedAgainCard, RecheckCard},
    steps::{Steps, Ticks, next_open},
    used::UsedCard,
};
use crate::{
    account::StaffPage,
    desk::Tags,
    error::AppError,
    lang::use_lang,
    tr, tr_n,
    ui::{
        Avatar, Banner, FormErrors, FormNote, Icon, IconName, Ring, RingSize, Shell, ShellKind, Tone, format,
        fresh::{Fresh, minutes_between, use_clock},
        live::LiveState,
    },
};
use domain::{
    Lang, LocalTime, VisitServiceId,
    account::StaffMe,
    treat::{Phase, ServiceState, Treatment},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn ItemPage() -> impl IntoView {
    let params = use_params_map();
    let item = Memo::new(move |_| params.with(|params| params.get("item").unwrap_or_default()));
    let data = crate::ui::resource(move || item.get(), api::treatment);
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, treatment: Treatment) -> AnyView {
    view! { <Chair me treatment/> }.into_any()
}

/// What every part of the page needs.
#[derive(Clone, Copy)]
pub struct Seat {
    pub lang: Lang,
    pub id: VisitServiceId,
    pub data: RwSignal<Treatment>,
    pub fresh: Fresh<Treatment>,
    pub clock: Signal<LocalTime>,
    /// What waits on this device.
    pub queue: Queue,
    /// No network, as far as one can tell.
    pub offline: Signal<bool>,
    pub ticks: Ticks,
    pub greet: ServerAction<api::Greet>,
    pub start: ServerAction<api::Start>,
    pub finish: ServerAction<api::Finish>,
}

impl Seat {
    pub fn state(self) -> ServiceState {
        self.data.with(|treatment| treatment.state)
    }

    pub fn item(self) -> String {
        self.id.to_string()
    }

    /// Steps can be ticked and aftercare told; before that the checklist only shows what will be.
    pub fn runs(self) -> bool {
        self.state() == ServiceState::InService
    }

    /// The phase that the work is in: that of the step that waits.
    pub fn phase(self) -> Phase {
        match self.state() {
            ServiceState::Done | ServiceState::Dropped => Phase::After,
            ServiceState::InService => next_open(self).map_or(Phase::After, |step| step.phase),
            _ => Phase::Before,
        }
    }
}

/// What an action of this page has answered is what the page shows.
pub fn shown_in<I: Send + Sync + 'static>(
    fresh: Fresh<Treatment>,
    action: Action<I, Result<Treatment, AppError>>,
) {
    let value = action.value();
    Effect::new(move || {
        if let Some(Ok(treatment)) = value.get() {
            fresh.put(treatment);
        }
    });
}

/// A key for what a form sends; another one once it was taken, so that the same form can be sent again.
pub fn next_key<I: Send + Sync + 'static, T: Clone + Send + Sync + 'static>(
    action: Action<I, Result<T, AppError>>,
) -> RwSignal<String> {
    let new = || uuid::Uuid::now_v7().simple().to_string();
    let key = RwSignal::new(new());
    let value = action.value();
    Effect::new(move || {
        if value.with(|value| matches!(value, Some(Ok(_)))) {
            key.set(new());
        }
    });
    key
}

#[component]
fn Chair(me: StaffMe, treatment: Treatment) -> impl IntoView {
    let lang = use_lang();
    let (greet, start, finish) = (ServerAction::new(), ServerAction::new(), ServerAction::new());
    let path = format!("/live/branch/{}", me.branch);
    let id = treatment.item;
    let fresh = Fresh::new(treatment);
    let data = fresh.data();
    let queue = Queue::new(me.user);
    let state = fresh.keep(path, move || api::treatment(id.to_string()));
    let clock = use_clock(Signal::derive(move || data.with(|treatment| treatment.now)));
    let lost = Signal::derive(move || state.get() == LiveState::Lost);
    let offline = Signal::derive(move || lost.get() || queue.offline());
    let ticks = Ticks::new(queue, id, data);
    let seat = Seat { lang, id, data, fresh, clock, queue, offline, ticks, greet, start, finish };
    follow(seat, state);
    shown_in(fresh, *greet);
    shown_in(fresh, *start);
    shown_in(fresh, *finish);
    let query = use_query_map();
    // the tab that was asked for, until the work moves on to another phase
    let phase = Memo::new(move |_| seat.phase());
    let asked = query.with_untracked(|query| query.get("tab")).and_then(|code| Phase::from_code(&code));
    let picked = RwSignal::new(asked.map(|tab| (tab, phase.get_untracked())));
    let tab = Memo::new(move |_| match picked.get() {
        Some((tab, then)) if then == phase.get() => tab,
        _ => phase.get(),
    });
    let pick = Callback::new(move |tab| picked.set(Some((tab, phase.get_untracked()))));
    let errors = FormErrors::of(lang, move || {
        let of = |value: Option<Result<Treatment, AppError>>| value.and_then(Result::err);
        of(greet.value().get())
            .or_else(|| of(start.value().get()))
            .or_else(|| of(finish.value().get()))
            .map(Err::<(), _>)
    });
    // what is next stands at the top: the first step, the rating
    Effect::new(move |before: Option<ServiceState>| {
        let now = seat.state();
        if before.is_some_and(|before| before != now) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        now
    });
    let steps = Signal::derive(move || data.with(|treatment| treatment.steps.clone()));
    let done = Memo::new(move |_| seat.state() == ServiceState::Done);
    let name = data.with_untracked(|treatment| treatment.customer_name.clone());
    view! {
        <Title text=tr!(lang, treat.page_title, name = name)/>
        <Shell kind=ShellKind::Chair>
            <WaitBar queue lost/>
            <Head seat/>
            <main class="chair-page" id="main">
                <Stops seat/>
                <div class="chair-alerts stack" data-gap="3">
                    <FormNote errors/>
                    <Troubles queue steps/>
                    <Minds seat/>
                    <Care tags=data.with_untracked(|treatment| treatment.tags.clone())/>
                    <Precautions seat/>
                </div>
                {move || done.get().then(|| view! { <RatingCard seat/> })}
                <section class="chair-main" aria-label=tr!(lang, treat.steps.label)>
                    <Show when=move || tab.get() == Phase::Before>
                        <PrepCard seat/>
                    </Show>
                    <Steps seat tab pick/>
                    {move || {
                        seat.data
                            .with(|treatment| treatment.sop_version)
                            .map(|n| view! { <p class="small muted mt-3">{tr!(lang, treat.sop_version, n = n)}</p> })
                    }}
                </section>
                <div class="chair-side">
                    <RecheckCard seat/>
                    <LookedAgainCard seat/>
                    <FeelCard seat/>
                    <UsedCard seat/>
                    <NotesCard seat/>
                    <PhotosCard seat/>
                    <AfterCards seat/>
                    <AdviceCard seat/>
                    <NextCard seat/>
                    <IncidentCard seat/>
                    <RecordLink seat/>
                </div>
            </main>
            <Bar seat/>
        </Shell>
    }
}

/// The way to the whole record.
#[component]
fn RecordLink(seat: Seat) -> impl IntoView {
    view! {
        <a class="btn" data-wide="" href=format!("/chair/{}/record", seat.item())>
            <Icon name=IconName::History/>
            {tr!(seat.lang, chair.record.link)}
        </a>
    }
}

/// What arrives from the queue is what the page shows; without a network the newest reading that the device has.
fn follow(seat: Seat, state: Signal<LiveState>) {
    Effect::new(move || {
        if let Some(treatment) = seat.queue.answer()
            && treatment.item == seat.id
        {
            seat.fresh.put(treatment);
        }
    });
    Effect::new(move || match state.get() {
        LiveState::Live => seat.queue.flush(),
        LiveState::Lost => {
            seat.fresh.ask_kept(move || api::treatment(seat.item()), |treatment| &treatment.now);
        }
        LiveState::Opening => {}
    });
    // back again, or refused since somebody was there first: what stands there now is read at once
    let refused =
        Memo::new(move |_| seat.queue.of(seat.id).iter().filter(|act| act.trouble.is_some()).count());
    Effect::new(move |before: Option<(bool, usize)>| {
        let now = (seat.offline.get(), refused.get());
        let (was_offline, known) = before.unwrap_or(now);
        if (was_offline && !now.0) || now.1 > known {
            seat.fresh.ask_kept(move || api::treatment(seat.item()), |treatment| &treatment.now);
        }
        now
    });
}

/// Kept in sight until it is over.
#[component]
fn Precautions(seat: Seat) -> impl IntoView {
    let text = seat.data.with_untracked(|treatment| treatment.precautions.get(seat.lang).to_owned());
    (!text.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Sand icon=IconName::Info title=tr!(seat.lang, treat.precautions)>
                {text}
            </Banner>
        }
    })
}

#[component]
fn Head(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let treatment = seat.data.get_untracked();
    let name = treatment.customer_name.clone();
    let visits = match treatment.visits_before {
        0 => tr!(lang, treat.first_time).to_owned(),
        n => tr!(lang, treat.nth_time, n = n + 1),
    };
    let room = treatment.room.as_ref().map(|room| room.get(lang).to_owned());
    let more = (treatment.more > 0).then(|| tr_n!(lang, treat.more, treatment.more));
    let sub = [
        Some(treatment.service.get(lang).to_owned()),
        Some(visits),
        room,
        Some(tr!(lang, treat.ticket, ticket = treatment.ticket.clone())),
        more,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ");
    view! {
        <header class="top-bar">
            <a class="btn" data-shape="icon" href="/chair" aria-label=tr!(lang, treat.to_day)>
                <Icon name=IconName::ChevL/>
            </a>
            <Avatar name=name.clone()/>
            <h1 class="top-title">
                {name} " " <Tags tags=treatment.tags.clone()/> <span class="top-sub">{sub}</span>
            </h1>
            <Clock seat/>
        </header>
    }
}

/// The hour, what has passed, and the ring of what is left.
#[component]
fn Clock(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let time = move || seat.clock.get().hhmm();
    // minutes waited, done or left by state
    let passed = Memo::new(move |_| {
        let now = seat.clock.get();
        seat.data
            .with(|treatment| match treatment.state {
                ServiceState::InService => treatment.started.map_or(0, |at| minutes_between(&at, &now)),
                ServiceState::Done => treatment
                    .started
                    .zip(treatment.finished)
                    .map_or(0, |(from, to)| minutes_between(&from, &to)),
                _ => minutes_between(&treatment.arrived, &treatment.greeted.unwrap_or(now)),
            })
            .max(0)
    });
    let words = move || {
        let n = passed.get();
        match seat.state() {
            ServiceState::InService => tr!(lang, treat.done_for, n = n),
            ServiceState::Done => tr!(lang, treat.took, n = n),
            ServiceState::Expected | ServiceState::Waiting => tr!(lang, treat.waits_for, n = n),
            state => state_name(lang, state).to_owned(),
        }
    };
    let planned = seat.data.with_untracked(|treatment| i64::from(treatment.minutes));
    let left = Memo::new(move |_| planned - passed.get());
    let running = Memo::new(move |_| seat.state() == ServiceState::InService);
    view! {
        <p class="end meta">
            <b class="num">{time}</b>
            <span class="block muted small">{words}</span>
        </p>
        {move || {
            running
                .get()
                .then(|| {
                    let left_n = move || u32::try_from(left.get().unsigned_abs()).unwrap_or_default();
                    view! {
                        <Ring
                            share=Signal::derive(move || left.get().max(0) as f64 / planned.max(1) as f64)
                            figure=Signal::derive(move || format::short_span(lang, left_n()).0)
                            unit=Signal::derive(move || format::short_span(lang, left_n()).1.to_owned())
                            label=Signal::derive(move || ring_label(lang, left.get()))
                            tone=Signal::derive(move || if left.get() < 0 { Tone::Warn } else { Tone::Plain })
                            size=RingSize::L
                            dot=true
                        />
                    }
                })
        }}
    }
}
