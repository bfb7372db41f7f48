//! The bar at the chair: one next step, named by what it will have done.

use super::{api, item::Seat, steps::next_open};
use crate::{
    tr,
    ui::{Icon, IconName, SubmitButton},
};
use domain::{
    consult::Verdict,
    treat::{ServiceState, StepState},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

#[component]
pub fn Bar(seat: Seat) -> impl IntoView {
    let state = Memo::new(move |_| seat.state());
    let warned = Memo::new(move |_| seat.data.with(|t| t.alerts.open() != Verdict::Clear));
    view! {
        <footer class="action-bar chair-bar">
            {move || {
                let timed = !matches!(state.get(), ServiceState::Done | ServiceState::Dropped);
                (timed && seat.offline.get())
                    .then(|| view! { <p class="bar-note small">{tr!(seat.lang, offline.needs_net)}</p> })
            }}
            {move || match state.get() {
                ServiceState::Expected | ServiceState::Waiting => {
                    with_net(seat, tr!(seat.lang, offline.greet), || view! { <Greet seat/> }.into_any())
                }
                ServiceState::Greeted if warned.get() => view! { <FirstAlerts seat/> }.into_any(),
                ServiceState::Greeted => {
                    with_net(seat, tr!(seat.lang, offline.start), || view! { <Start seat/> }.into_any())
                }
                ServiceState::InService => {
                    view! {
                        <ToIncident seat/>
                        {with_net(
                            seat,
                            tr!(seat.lang, treat.bar.finish),
                            || view! { <Finish seat/> }.into_any(),
                        )}
                        <NextStep seat/>
                    }
                        .into_any()
                }
                ServiceState::Done | ServiceState::Dropped => view! { <NextCustomer seat/> }.into_any(),
            }}
        </footer>
    }
}

/// An act whose time is the salon's: not possible without the network; why stands above.
fn with_net(seat: Seat, text: &'static str, act: impl FnOnce() -> AnyView) -> AnyView {
    if !seat.offline.get() {
        return act();
    }
    view! {
        <button class="btn" type="button" data-size="l" disabled>
            <Icon name=IconName::WifiOff/>
            {text}
        </button>
    }
    .into_any()
}

#[component]
fn Greet(seat: Seat) -> impl IntoView {
    let name = seat.data.with_untracked(|treatment| treatment.customer_name.clone());
    view! {
        <ActionForm action=seat.greet attr:class="act-wide">
            <input type="hidden" name="item" value=seat.item()/>
            <SubmitButton size="l" wide=true pending=seat.greet.pending()>
                {tr!(seat.lang, treat.bar.greet, name = name)}
            </SubmitButton>
        </ActionForm>
    }
}

#[component]
fn Start(seat: Seat) -> impl IntoView {
    let service = seat.data.with_untracked(|treatment| treatment.service.get(seat.lang).to_owned());
    view! {
        <ActionForm action=seat.start attr:class="act-wide">
            <input type="hidden" name="item" value=seat.item()/>
            <SubmitButton size="l" wide=true pending=seat.start.pending()>
                <Icon name=IconName::Play/>
                <span class="btn-words">{tr!(seat.lang, treat.bar.start, service = service)}</span>
            </SubmitButton>
        </ActionForm>
    }
}

/// A rule speaks against it: first somebody has to take the responsibility.
#[component]
fn FirstAlerts(seat: Seat) -> impl IntoView {
    view! {
        <a class="btn" data-kind="primary" data-size="l" data-wide="" href="#allow" rel="external">
            <Icon name=IconName::Alert/>
            {tr!(seat.lang, chair.alert.first)}
        </a>
    }
}

/// Opens the form below: within reach all the time.
#[component]
fn ToIncident(seat: Seat) -> impl IntoView {
    view! {
        <a class="btn" data-kind="danger-quiet" data-size="l" href="#incident" rel="external">
            <Icon name=IconName::Stop/>
            {tr!(seat.lang, chair.incident.button)}
        </a>
    }
}

/// Primary once no step waits.
#[component]
fn Finish(seat: Seat) -> impl IntoView {
    let ready = Memo::new(move |_| next_open(seat).is_none());
    // It never overtakes the last tick.
    let pending = Signal::derive(move || seat.finish.pending().get() || seat.queue.sends(seat.id));
    move || {
        let ready = ready.get();
        view! {
            <ActionForm action=seat.finish attr:class=if ready { "act-wide" } else { "act" }>
                <input type="hidden" name="item" value=seat.item()/>
                <SubmitButton
                    kind=if ready { "primary" } else { "plain" }
                    size="l"
                    wide=ready
                    pending
                >
                    <Icon name=IconName::Flag/>
                    {tr!(seat.lang, treat.bar.finish)}
                </SubmitButton>
            </ActionForm>
        }
    }
}

/// Ticks the step that waits: `做好了：敷修护膜`.
#[component]
fn NextStep(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let next = Memo::new(move |_| next_open(seat));
    move || {
        next.get().map(|step| {
            let text = tr!(lang, treat.bar.step, step = step.text.get(lang).to_owned());
            view! {
                <form
                    class="act-wide"
                    method="post"
                    action=api::Tick::url()
                    on:submit=move |event| {
                        event.prevent_default();
                        seat.ticks.send(step.id, StepState::Done, String::new());
                    }
                >
                    <input type="hidden" name="step" value=step.id.to_string()/>
                    <input type="hidden" name="state" value=StepState::Done.code()/>
                    <button class="btn" type="submit" data-kind="primary" data-size="l" data-wide="">
                        <Icon name=IconName::Check/>
                        <span class="btn-words">{text}</span>
                    </button>
                </form>
            }
        })
    }
}

#[component]
fn NextCustomer(seat: Seat) -> impl IntoView {
    view! {
        <a class="btn" data-kind="primary" data-size="l" data-wide="" href="/chair">
            {tr!(seat.lang, treat.bar.next_customer)}
            <Icon name=IconName::ArrowR/>
        </a>
    }
}
