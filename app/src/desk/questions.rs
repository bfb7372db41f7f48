//! 首问: open questions with their owners (DESK-5), and the callbacks to be made (DESK-6), on the board.

use super::{
    acts::{Desk, Pop},
    expected::CallLink,
    phone::{due_status, matter_name, who},
};
use crate::{
    tr,
    ui::{Icon, IconName, Status, SubmitButton, TextArea, Tone, format},
};
use domain::{
    CallId, QuestionId,
    desk::{call::CallLine, question::QuestionCard},
};
use leptos::prelude::*;

#[component]
pub fn QuestionsLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let ids = Memo::new(move |_| {
        desk.data.with(|board| board.questions.iter().map(|card| card.id).collect::<Vec<_>>())
    });
    view! {
        <section class="lane" aria-labelledby="lane-questions">
            <header>
                <h2 id="lane-questions">{tr!(lang, books.question.title)}</h2>
                <span class="n">{move || ids.with(Vec::len)}</span>
                {desk.can.keep.then(|| view! { <Ask desk/> })}
            </header>
            <For each=move || ids.get() key=|id| *id let:id>
                <One desk id/>
            </For>
            <Show when=move || ids.with(Vec::is_empty)>
                <p class="q lane-empty">{tr!(lang, books.question.none)}</p>
            </Show>
        </section>
    }
}

#[component]
fn Ask(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let action = desk.acts.ask;
    let key = super::done_once(action, "#ask-form");
    let first = key.get_untracked();
    view! {
        <span class="lane-note">
            <Pop
                summary=move || {
                    view! {
                        <Icon name=IconName::Plus/>
                        {tr!(lang, books.question.ask)}
                    }
                }
                end=true
                id="ask-open"
            >
                <ActionForm action attr:class="pop-form" attr:id="ask-form">
                    <input type="hidden" name="key" value=first.clone() prop:value=move || key.get()/>
                    <TextArea name="text" id="ask-text" label=tr!(lang, books.question.text) maxlength=500/>
                    <p class="small muted">{tr!(lang, books.question.note)}</p>
                    <SubmitButton size="s" pending=action.pending()>
                        {tr!(lang, books.question.save)}
                    </SubmitButton>
                </ActionForm>
            </Pop>
        </span>
    }
}

#[component]
fn One(desk: Desk, id: QuestionId) -> impl IntoView {
    let card = Memo::new(move |_| {
        desk.data.with(|board| board.questions.iter().find(|card| card.id == id).cloned())
    });
    let mine = Memo::new(move |_| card.with(|card| card.as_ref().is_some_and(|card| card.owner == desk.me)));
    let handed = Memo::new(move |_| card.with(|card| card.as_ref().is_some_and(|card| card.handed)));
    let body = move || card.get().map(|card| words(desk, card));
    view! {
        <article class="q" data-card="" tabindex="-1" data-tone=move || (handed.get() && mine.get()).then_some("warn")>
            {body}
            {desk
                .can
                .keep
                .then(|| {
                    view! {
                        <div class="q-acts">
                            <Show when=move || handed.get() && mine.get()>
                                <Accept desk id card/>
                            </Show>
                            <Close desk id card/>
                            <Hand desk id card/>
                        </div>
                    }
                })}
        </article>
    }
}

fn words(desk: Desk, card: QuestionCard) -> AnyView {
    let lang = desk.lang;
    let owner = card.owner_name.get(lang).to_owned();
    let facts =
        [Some(owner), card.customer.clone(), Some(tr!(lang, books.question.since, time = card.since.hhmm()))];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let state = card.handed.then(|| {
        let text = if card.owner == desk.me {
            tr!(lang, books.question.handed_to_me).to_owned()
        } else {
            tr!(lang, books.question.handed_to, name = card.owner_name.get(lang))
        };
        view! {
            <p class="q-line">
                <Status tone=Tone::Warn icon=IconName::Swap small=true>
                    {text}
                </Status>
            </p>
        }
    });
    let open = (card.minutes >= 60).then(|| {
        view! {
            <p class="q-line">
                <Status tone=Tone::Warn icon=IconName::Clock small=true>
                    {tr!(lang, books.question.open_for, span = format::span(lang, card.minutes))}
                </Status>
            </p>
        }
    });
    view! {
        <p class="pre-line">{card.text}</p>
        <p class="q-line">
            <Icon name=IconName::User/>
            <span>{facts}</span>
        </p>
        {state}
        {open}
    }
    .into_any()
}

type Card = Memo<Option<QuestionCard>>;

#[component]
fn Fields(id: QuestionId, card: Card) -> impl IntoView {
    view! {
        <input type="hidden" name="question" value=id.to_string()/>
        <input
            type="hidden"
            name="version"
            value=move || card.with(|card| card.as_ref().map_or(0, |card| card.version)).to_string()
        />
    }
}

#[component]
fn Accept(desk: Desk, id: QuestionId, card: Card) -> impl IntoView {
    let action = desk.acts.accept;
    view! {
        <ActionForm action attr:class="act">
            <Fields id card/>
            <SubmitButton size="s" pending=action.pending()>
                {tr!(desk.lang, books.question.accept)}
            </SubmitButton>
        </ActionForm>
    }
}

#[component]
fn Close(desk: Desk, id: QuestionId, card: Card) -> impl IntoView {
    let lang = desk.lang;
    let action = desk.acts.close;
    view! {
        <Pop summary=move || tr!(lang, books.question.close)>
            <ActionForm action attr:class="pop-form">
                <Fields id card/>
                <TextArea
                    name="outcome"
                    id=format!("outcome-{id}")
                    label=tr!(lang, books.question.outcome)
                    maxlength=500
                />
                <SubmitButton size="s" pending=action.pending()>
                    {tr!(lang, books.question.close_act)}
                </SubmitButton>
            </ActionForm>
        </Pop>
    }
}

#[component]
fn Hand(desk: Desk, id: QuestionId, card: Card) -> impl IntoView {
    let lang = desk.lang;
    let action = desk.acts.hand;
    let people = move || {
        let owner = card.with(|card| card.as_ref().map(|card| card.owner));
        let others = desk.data.with(|board| {
            board.colleagues.iter().filter(|one| Some(one.user) != owner).cloned().collect::<Vec<_>>()
        });
        others
            .into_iter()
            .map(|one| {
                view! {
                    <button type="submit" name="to" value=one.user.to_string()>
                        <Icon name=IconName::User/>
                        {one.name.get(lang).to_owned()}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <Pop summary=move || tr!(lang, books.question.hand) end=true>
            <ActionForm action attr:class="act">
                <Fields id card/>
                <p class="menu-head">{tr!(lang, books.question.hand_to)}</p>
                {people}
            </ActionForm>
        </Pop>
    }
}

/// 要回的电话: the most urgent ones; all of them are in the phone log.
#[component]
pub fn CallbacksLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let ids = Memo::new(move |_| {
        desk.data.with(|board| board.callbacks.iter().map(|line| line.id).collect::<Vec<_>>())
    });
    let n = move || desk.data.with(|board| board.alerts.callbacks);
    view! {
        <Show when=move || !ids.with(Vec::is_empty)>
            <section class="lane" aria-labelledby="lane-callbacks">
                <header>
                    <h2 id="lane-callbacks">{tr!(lang, books.phone.due)}</h2>
                    <span class="n">{n}</span>
                    <span class="lane-note">
                        <a class="more" href="/desk/phone">
                            {tr!(lang, books.phone.title)}
                            <Icon name=IconName::ChevR/>
                        </a>
                    </span>
                </header>
                <For each=move || ids.get() key=|id| *id let:id>
                    <Callback desk id/>
                </For>
            </section>
        </Show>
    }
}

#[component]
fn Callback(desk: Desk, id: CallId) -> impl IntoView {
    let lang = desk.lang;
    let line = Memo::new(move |_| {
        desk.data.with(|board| board.callbacks.iter().find(|line| line.id == id).cloned())
    });
    let late = move || {
        let now = desk.clock.get();
        line.with(|line| line.as_ref().and_then(|line| line.due).is_some_and(|due| due.utc < now.utc))
    };
    let body = move || {
        line.get().map(|line: CallLine| {
            let asked = line.note.clone().unwrap_or_else(|| matter_name(lang, line.matter).to_owned());
            view! {
                <p class="q-name">
                    <b>{who(lang, &line)}</b>
                </p>
                <p class="q-line">{asked}</p>
                <p class="q-line">{due_status(lang, &line, &desk.clock.get())}</p>
            }
        })
    };
    let action = desk.acts.back;
    view! {
        <article class="q" data-card="" tabindex="-1" data-tone=move || late().then_some("stop")>
            {body}
            <ActionForm action attr:class="q-acts">
                <input type="hidden" name="call" value=id.to_string()/>
                <input
                    type="hidden"
                    name="version"
                    value=move || line.with(|line| line.as_ref().map_or(0, |line| line.version)).to_string()
                />
                {move || {
                    line.get()
                        .map(|line| view! { <CallLink name=who(lang, &line) phone=line.phone/> })
                }}
                <span class="grow"></span>
                <SubmitButton kind="soft" size="s" pending=action.pending()>
                    {tr!(lang, books.phone.done)}
                </SubmitButton>
            </ActionForm>
        </article>
    }
}
