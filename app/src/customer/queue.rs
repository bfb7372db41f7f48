//! `/q/:token`: the place in the queue on the customer's phone, changing by itself (DESK-2).

use super::{
    api,
    frame::{self, OtherLang},
};
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Icon, IconName, Shell, ShellKind, Slip, Status, Tone, TopBar, WaitRing, format,
        live::{LiveState, use_live},
    },
};
use domain::{
    Lang, Text,
    desk::{QueueView, VisitState, WAIT_AMBER, WAIT_LIMIT},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn QueuePlace() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let token = params.with_untracked(|params| params.get("token").unwrap_or_default());
    let path = format!("/live/q/{token}");
    let queue = crate::ui::resource(
        move || params.with(|params| params.get("token").unwrap_or_default()),
        api::queue,
    );
    let live = use_live(path, move || queue.refetch());
    view! {
        {frame::private_head(tr!(lang, customer.queue.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || queue.get().map(|answer| frame::shown(answer, |queue| page(lang, queue, live)))}
            </Transition>
        </Shell>
    }
}

fn page(lang: Lang, queue: QueueView, live: ReadSignal<LiveState>) -> AnyView {
    let services = names(lang, &queue.services);
    let branch = queue.branch.name.get(lang).to_owned();
    let waits = matches!(queue.state, VisitState::Waiting | VisitState::Assigned);
    let over = matches!(queue.state, VisitState::Done | VisitState::Left);
    let ticket = queue.ticket.clone();
    let phone = queue.branch.phone.clone();
    let tel = crate::booking::address::tel(&phone);
    let told = queue.told.as_ref().map(|at| tr!(lang, customer.queue.told, time = at.hhmm()));
    let foot = foot(lang, &queue);
    view! {
        <TopBar title=tr!(lang, customer.queue.title) sub=branch>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <Slip label=tr!(lang, customer.queue.ticket_label, ticket = ticket.clone()) foot=foot>
                <p class="slip-eyebrow">
                    <span class="soft">{tr!(lang, customer.queue.ticket)}</span>
                    {move || (!over).then(|| live_mark(lang, live.get()))}
                </p>
                <p class="slip-time">{ticket}</p>
                <h2 class="slip-title">{services}</h2>
            </Slip>
            <div class="mt-5 stack" data-gap="3">
                {told.map(|told| view! { <Banner tone=Tone::Info>{told}</Banner> })}
                {queue
                    .survey
                    .map(|href| {
                        view! {
                            <a class="btn" data-kind="primary" data-size="l" data-wide href=href>
                                {tr!(lang, customer.queue.rate)}
                            </a>
                        }
                    })}
                {waits.then(|| view! { <p class="small muted">{tr!(lang, customer.queue.promise)}</p> })}
                <a class="btn" href=tel>
                    <Icon name=IconName::Phone/>
                    {phone}
                </a>
            </div>
        </main>
    }
    .into_any()
}

fn names(lang: Lang, services: &[Text]) -> String {
    services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ")
}

/// The lower half: where one stands, in one sentence and one ring.
fn foot(lang: Lang, queue: &QueueView) -> ViewFn {
    let (headline, sub) = sentence(lang, queue);
    let waits = matches!(queue.state, VisitState::Waiting | VisitState::Assigned);
    let waited = queue.waited;
    let room = queue.room.as_ref().map(|room| room.get(lang).to_owned());
    ViewFn::from(move || {
        view! {
            <div class="cluster" data-gap="4" role="status">
                {waits.then(|| view! { <WaitRing minutes=waited amber=WAIT_AMBER red=WAIT_LIMIT/> })}
                <p class="grow">
                    <b class="block">{headline.clone()}</b>
                    <span class="small muted block">{sub.clone()}</span>
                    {room.clone().map(|room| view! { <span class="small muted block">{room}</span> })}
                </p>
            </div>
        }
    })
}

fn sentence(lang: Lang, queue: &QueueView) -> (String, String) {
    let staff = queue.staff.as_ref().map(|name| name.get(lang).to_owned());
    let estimate = match queue.estimate {
        Some(0) => tr!(lang, customer.queue.soon).to_owned(),
        Some(minutes) => tr!(lang, customer.queue.about, span = format::span(lang, minutes)),
        None => tr!(lang, customer.queue.no_estimate).to_owned(),
    };
    match (queue.state, staff) {
        (VisitState::Waiting, _) if queue.called.is_some() => {
            (tr!(lang, customer.queue.to_desk).to_owned(), tr!(lang, customer.queue.to_desk_sub).to_owned())
        }
        (VisitState::Waiting, _) if queue.place <= 1 => (tr!(lang, customer.queue.next).to_owned(), estimate),
        (VisitState::Waiting, _) => (tr_n!(lang, customer.queue.before, queue.place - 1), estimate),
        (VisitState::Assigned, Some(name)) => {
            (tr!(lang, customer.queue.called, name = name), tr!(lang, customer.queue.called_sub).to_owned())
        }
        (VisitState::Assigned, None) => {
            (tr!(lang, customer.queue.next).to_owned(), tr!(lang, customer.queue.called_sub).to_owned())
        }
        (VisitState::InService, staff) => (
            tr!(lang, customer.queue.in_service).to_owned(),
            staff.unwrap_or_else(|| tr!(lang, customer.queue.enjoy).to_owned()),
        ),
        (VisitState::Done, _) => {
            (tr!(lang, customer.queue.done).to_owned(), tr!(lang, customer.queue.done_sub).to_owned())
        }
        (VisitState::Left, _) => {
            (tr!(lang, customer.queue.left).to_owned(), tr!(lang, customer.queue.left_sub).to_owned())
        }
    }
}

/// 实时 / 已断开.
pub fn live_mark(lang: Lang, state: LiveState) -> AnyView {
    match state {
        LiveState::Opening => ().into_any(),
        LiveState::Live => view! {
            <Status tone=Tone::Ok icon=IconName::CheckCircle small=true>
                {tr!(lang, customer.queue.live)}
            </Status>
        }
        .into_any(),
        LiveState::Lost => view! {
            <Status tone=Tone::Warn icon=IconName::WifiOff small=true>
                {tr!(lang, customer.queue.lost)}
            </Status>
        }
        .into_any(),
    }
}
