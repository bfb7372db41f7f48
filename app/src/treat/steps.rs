//! The checklist (TREAT-3): three phases as tabs, each step one large button. A tick shows at once and waits on the
//! device until the server has taken it (TREAT-7). Without scripts each tick is a plain form post.

use super::{api, item::Seat, offline::Queue};
use crate::{
    error::AppError,
    tr, tr_n,
    ui::{Banner, Icon, IconName, SubmitButton, TextInput, Tone, error_text},
};
use domain::{
    Lang, StepId, VisitServiceId,
    offline::{Act, Shown},
    treat::{Phase, ServiceState, StepState, StepView, Treatment},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

/// The steps as they were left here, and the queue that takes them on.
#[derive(Clone, Copy)]
pub struct Ticks {
    queue: Queue,
    item: VisitServiceId,
    data: RwSignal<Treatment>,
    /// The refused form post of a page without scripts.
    plain: ServerAction<api::Tick>,
}

impl Ticks {
    #[must_use]
    pub fn new(queue: Queue, item: VisitServiceId, data: RwSignal<Treatment>) -> Self {
        Self { queue, item, data, plain: ServerAction::new() }
    }

    /// As shown: what waits counts as arrived.
    fn state(self, step: &StepView) -> StepState {
        self.shown(step).state
    }

    fn shown(self, step: &StepView) -> Shown {
        self.queue.shown(step.id, step.state)
    }

    /// Shows a tick at once and sends it on.
    pub fn send(self, step: StepId, state: StepState, reason: String) {
        let find = |treatment: &Treatment| treatment.steps.iter().find(|one| one.id == step).cloned();
        let seen = self.data.with_untracked(find).map(|step| untrack(|| self.state(&step)));
        self.queue.push(self.item, Act::Tick { step, state, reason, seen });
    }

    fn error(self) -> Option<AppError> {
        self.plain.value().get().and_then(Result::err)
    }
}

/// Steps of one phase that count as dealt with, and all of them.
fn count(seat: Seat, phase: Phase) -> (usize, usize) {
    seat.data.with(|treatment| {
        let steps = treatment.steps.iter().filter(|step| step.phase == phase);
        let settled = steps.clone().filter(|step| seat.ticks.state(step) != StepState::Open).count();
        (settled, steps.count())
    })
}

#[must_use]
pub fn phase_name(lang: Lang, phase: Phase) -> &'static str {
    match phase {
        Phase::Before => tr!(lang, treat.phase.before),
        Phase::During => tr!(lang, treat.phase.during),
        Phase::After => tr!(lang, treat.phase.after),
    }
}

/// The first step that waits, while the service runs.
#[must_use]
pub fn next_open(seat: Seat) -> Option<StepView> {
    if !seat.runs() {
        return None;
    }
    seat.data.with(|treatment| {
        treatment.steps.iter().find(|step| seat.ticks.state(step) == StepState::Open).cloned()
    })
}

/// How many mandatory steps wait, of one phase or of all.
#[must_use]
pub fn must_open(seat: Seat, phase: Option<Phase>) -> usize {
    seat.data.with(|treatment| {
        treatment
            .steps
            .iter()
            .filter(|step| phase.is_none_or(|phase| step.phase == phase))
            .filter(|step| step.mandatory && seat.ticks.state(step) == StepState::Open)
            .count()
    })
}

#[component]
pub fn Steps(seat: Seat, tab: Memo<Phase>, pick: Callback<Phase>) -> impl IntoView {
    let lang = seat.lang;
    let tabs = Phase::ALL
        .map(|phase| {
            let settled = Memo::new(move |_| count(seat, phase));
            let href = format!("?tab={}", phase.code());
            view! {
                <a
                    href=href
                    aria-current=move || (tab.get() == phase).then_some("true")
                    on:click=move |event| {
                        event.prevent_default();
                        pick.run(phase);
                    }
                >
                    {move || {
                        let (settled, all) = settled.get();
                        (all > 0 && settled == all).then(|| view! { <Icon name=IconName::Check/> })
                    }}
                    {phase_name(lang, phase)}
                    " "
                    {move || {
                        let (settled, all) = settled.get();
                        format!("{settled}/{all}")
                    }}
                </a>
            }
        })
        .collect_view();
    let ids = Memo::new(move |_| {
        seat.data.with(|treatment| {
            treatment
                .steps
                .iter()
                .filter(|step| step.phase == tab.get())
                .map(|step| step.id)
                .collect::<Vec<_>>()
        })
    });
    let note = move || {
        seat.ticks.error().map(|error| {
            let text = match &error {
                AppError::Invalid(_) => tr!(lang, treat.steps.reason_needed).to_owned(),
                error => tr!(lang, treat.steps.not_saved, why = error_text(lang, error)),
            };
            view! {
                <div class="mt-3" role="alert">
                    <Banner tone=Tone::Stop>{text}</Banner>
                </div>
            }
        })
    };
    view! {
        <nav class="seg" data-wide="" aria-label=tr!(lang, treat.steps.phases)>
            {tabs}
        </nav>
        {note}
        {move || {
            (!seat.runs() && !matches!(seat.state(), ServiceState::Done | ServiceState::Dropped))
                .then(|| view! { <p class="small muted mt-3">{tr!(lang, treat.steps.preview)}</p> })
        }}
        <Show
            when=move || !ids.with(Vec::is_empty)
            fallback=move || view! { <p class="card soft mt-4">{tr!(lang, treat.steps.none)}</p> }
        >
            <ul class="ticks mt-4">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Step seat id/>
                </For>
            </ul>
        </Show>
        {move || {
            let open = must_open(seat, Some(tab.get()));
            (open > 0 && seat.runs()).then(|| view! { <p class="small muted mt-3">{tr_n!(lang, treat.steps.must_left, open)}</p> })
        }}
    }
}

/// What stands under a step's text, and at its end.
fn words(lang: Lang, step: &StepView, state: StepState, waits: bool) -> (Option<String>, String) {
    let at = step.done_at.map(|at| at.hhmm()).unwrap_or_default();
    match state {
        _ if waits => (Some(tr!(lang, offline.waits).to_owned()), String::new()),
        StepState::Open => (step.minutes.map(|n| tr!(lang, treat.steps.minutes, n = n)), String::new()),
        StepState::Done => (step.done_by.as_ref().map(|by| by.get(lang).to_owned()), at),
        StepState::Skipped => {
            (Some(tr!(lang, treat.steps.skipped, reason = step.reason.clone().unwrap_or_default())), at)
        }
    }
}

#[component]
fn Step(seat: Seat, id: StepId) -> impl IntoView {
    let lang = seat.lang;
    let step = Memo::new(move |_| {
        seat.data.with(|treatment| treatment.steps.iter().find(|step| step.id == id).cloned())
    });
    let state = Memo::new(move |_| {
        step.with(|step| step.as_ref().map_or(StepState::Open, |step| seat.ticks.state(step)))
    });
    // said only when it is worth saying: with a network it is gone before it could be read
    let waits = Memo::new(move |_| {
        seat.offline.get() && step.with(|step| step.as_ref().is_some_and(|step| seat.ticks.shown(step).waits))
    });
    let now = Memo::new(move |_| next_open(seat).is_some_and(|next| next.id == id));
    let runs = Memo::new(move |_| seat.runs());
    let attr = move || match state.get() {
        StepState::Done => "done",
        StepState::Skipped => "skipped",
        StepState::Open if now.get() => "now",
        StepState::Open => "todo",
    };
    let to = move || if state.get() == StepState::Open { StepState::Done } else { StepState::Open };
    let mandatory = step.with_untracked(|step| step.as_ref().is_some_and(|step| step.mandatory));
    let text = step
        .with_untracked(|step| step.as_ref().map(|step| step.text.get(lang).to_owned()).unwrap_or_default());
    let picture = step.with_untracked(|step| step.as_ref().and_then(|step| step.picture.clone()));
    let sub = move || {
        step.with(|step| step.as_ref().and_then(|step| words(lang, step, state.get(), waits.get()).0))
    };
    let end =
        move || step.with(|step| step.as_ref().map(|step| words(lang, step, state.get(), waits.get()).1));
    view! {
        <li class="tick" data-state=attr>
            <form
                method="post"
                action=api::Tick::url()
                on:submit=move |event| {
                    event.prevent_default();
                    seat.ticks.send(id, to(), String::new());
                }
            >
                <input type="hidden" name="step" value=id.to_string()/>
                <input type="hidden" name="state" value=move || to().code()/>
                <button
                    type="submit"
                    role="checkbox"
                    disabled=move || !runs.get()
                    aria-checked=move || if state.get() == StepState::Done { "true" } else { "false" }
                >
                    <span class="tick-box">
                        {move || {
                            let icon = if state.get() == StepState::Skipped { IconName::Minus } else { IconName::Check };
                            view! { <Icon name=icon/> }
                        }}
                    </span>
                    <span class="tick-main">
                        <b>
                            {text}
                            {mandatory
                                .then(|| {
                                    view! {
                                        " "
                                        <span class="tag">{tr!(lang, treat.steps.must)}</span>
                                    }
                                })}
                        </b>
                        {move || sub().map(|sub| view! { <small>{sub}</small> })}
                        {picture
                            .map(|name| {
                                let src = format!("/sop/picture/{name}");
                                view! { <img class="tick-picture" src=src alt="" loading="lazy"/> }
                            })}
                    </span>
                    <span class="tick-end num">{end}</span>
                </button>
            </form>
            {move || (runs.get() && state.get() == StepState::Open).then(|| view! { <Skip seat id mandatory/> })}
        </li>
    }
}

/// Leaving a step out; a mandatory one only with its reason.
#[component]
fn Skip(seat: Seat, id: StepId, mandatory: bool) -> impl IntoView {
    let lang = seat.lang;
    let reason = NodeRef::<leptos::html::Input>::new();
    let missing = RwSignal::new(false);
    let error = Signal::derive(move || {
        missing.get().then(|| crate::ui::errors::field_text(lang, domain::FieldCode::Required).to_owned())
    });
    view! {
        <details class="tick-skip" name="skip">
            <summary class="btn" data-size="s">
                {tr!(lang, treat.steps.skip)}
            </summary>
            <form
                class="tick-reason"
                method="post"
                action=api::Tick::url()
                on:submit=move |event| {
                    event.prevent_default();
                    let why = reason.get_untracked().map(|input| input.value()).unwrap_or_default();
                    missing.set(mandatory && why.trim().is_empty());
                    if !missing.get_untracked() {
                        seat.ticks.send(id, StepState::Skipped, why);
                    }
                }
            >
                <input type="hidden" name="step" value=id.to_string()/>
                <input type="hidden" name="state" value=StepState::Skipped.code()/>
                <TextInput
                    name="reason"
                    id=format!("reason-{id}")
                    label=tr!(lang, treat.steps.reason)
                    maxlength=200
                    optional=!mandatory
                    error
                    node_ref=reason
                />
                <SubmitButton kind="plain">{tr!(lang, treat.steps.skip_act)}</SubmitButton>
            </form>
        </details>
    }
}
