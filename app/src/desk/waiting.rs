//! 等候中: a clock for each visit (DESK-4), who could receive it (DESK-3), telling the customer, the reason of a breach.

use super::{
    Care, Tags,
    acts::{Desk, Pop},
    strip::turn_note,
};
use crate::{
    tr,
    ui::{
        Field, Icon, IconName, Ring, Status, SubmitButton, TextInput, Tone, format, fresh::minutes_between,
    },
};
use domain::{
    Lang, StaffId, Text, VisitId,
    desk::{BreachReason, WAIT_AMBER, WAIT_LIMIT, WaitTone, WaitingCard, Wish},
};
use leptos::prelude::*;

#[must_use]
pub fn reason_name(lang: Lang, reason: BreachReason) -> &'static str {
    match reason {
        BreachReason::PreviousOverran => tr!(lang, desk.reason.previous_overran),
        BreachReason::TooFewPeople => tr!(lang, desk.reason.too_few_people),
        BreachReason::RoomNotReady => tr!(lang, desk.reason.room_not_ready),
        BreachReason::CustomerEarly => tr!(lang, desk.reason.customer_early),
        BreachReason::SystemOrDesk => tr!(lang, desk.reason.system_or_desk),
        BreachReason::Other => tr!(lang, desk.reason.other),
    }
}

#[component]
pub fn WaitingLane(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let ids = Memo::new(move |_| {
        desk.data.with(|board| {
            let shown = board.waiting.iter().filter(|card| desk.filter.with(|filter| filter.waiting(card)));
            shown.map(|card| card.visit).collect::<Vec<_>>()
        })
    });
    let empty = move || {
        ids.with(Vec::is_empty)
            .then(|| view! { <p class="q lane-empty">{tr!(lang, desk.lane.waiting_empty)}</p> })
    };
    view! {
        <section class="lane" aria-labelledby="lane-waiting">
            <header>
                <h2 id="lane-waiting">{tr!(lang, desk.lane.waiting)}</h2>
                <span class="n">{move || ids.with(Vec::len)}</span>
                <span class="lane-note">{tr!(lang, desk.lane.waiting_note, n = WAIT_LIMIT)}</span>
            </header>
            {desk.can.assign.then(|| view! { <CallNext desk/> })}
            <For each=move || ids.get() key=|id| *id let:id>
                <WaitCard desk id/>
            </For>
            {empty}
        </section>
    }
}

/// Calls the first ticket that has not been called, to the desk (C-8).
#[component]
fn CallNext(desk: Desk) -> impl IntoView {
    let action = desk.acts.next;
    let next = Memo::new(move |_| {
        let now = desk.clock.get();
        desk.data.with(|board| {
            let waits = |card: &&WaitingCard| {
                card.called.is_none() && card.assigned.is_none() && card.since.utc <= now.utc
            };
            board.waiting.iter().find(waits).map(|card| card.ticket.clone())
        })
    });
    view! {
        <Show when=move || next.with(Option::is_some)>
            <ActionForm action attr:class="call-next">
                <button class="btn" id="call-next" type="submit" data-kind="soft" data-size="s" data-wide="">
                    <Icon name=IconName::Bell/>
                    {move || tr!(desk.lang, books.next.act, ticket = next.get().unwrap_or_default())}
                    <kbd aria-hidden="true">"c"</kbd>
                </button>
            </ActionForm>
        </Show>
    }
}

/// What one card shows, read from the board; empty for the moment between the visit's leaving and the card's.
#[derive(Clone, Copy)]
struct One {
    desk: Desk,
    id: VisitId,
    card: Memo<Option<WaitingCard>>,
    minutes: Memo<u32>,
}

impl One {
    fn new(desk: Desk, id: VisitId) -> Self {
        let card = Memo::new(move |_| {
            desk.data.with(|board| board.waiting.iter().find(|card| card.visit == id).cloned())
        });
        let minutes = Memo::new(move |_| {
            let now = desk.clock.get();
            card.with(|card| card.as_ref().map_or(0, |card| minutes_between(&card.since, &now)))
                .try_into()
                .unwrap_or_default()
        });
        Self { desk, id, card, minutes }
    }

    fn read<T: Default>(self, of: impl Fn(&WaitingCard) -> T) -> T {
        self.card.with(|card| card.as_ref().map(of).unwrap_or_default())
    }

    fn tone(self) -> Tone {
        match WaitTone::of(self.minutes.get()) {
            WaitTone::Calm => Tone::Plain,
            WaitTone::Amber => Tone::Warn,
            WaitTone::Red => Tone::Stop,
        }
    }

    /// Over the limit, and nobody has said why yet (DESK-4).
    fn reason_due(self) -> bool {
        self.minutes.get() > WAIT_LIMIT && self.read(|card| card.reason.is_none())
    }
}

#[component]
fn WaitCard(desk: Desk, id: VisitId) -> impl IntoView {
    let lang = desk.lang;
    let one = One::new(desk, id);
    let top = move || {
        one.card.get().map(|card| {
            let services: Vec<&str> = card.services.iter().map(|name| name.get(lang)).collect();
            let what = format!("{} · {}", services.join(" + "), format::span(lang, card.minutes));
            view! {
                <p class="q-name">
                    <b>{card.name.clone()}</b>
                    <span class="tag num">{card.ticket.clone()}</span>
                    <Tags tags=card.tags.clone()/>
                    {move || state(one)}
                </p>
                <p class="q-line">{what}</p>
                <p class="q-line">
                    <Icon name=if matches!(card.wish, Wish::Rotation) { IconName::Rotate } else { IconName::Tap }/>
                    <span>{facts(lang, &card, can_be_asked(one).is_some())}</span>
                </p>
                <Care tags=card.tags.clone()/>
                {card
                    .reason
                    .map(|reason| {
                        view! {
                            <p class="q-line">
                                <Icon name=IconName::Pen/>
                                <span>{tr!(lang, desk.reason.given, reason = reason_name(lang, reason))}</span>
                            </p>
                        }
                    })}
            }
        })
    };
    view! {
        <article class="q" data-card="" tabindex="-1" data-tone=move || one.tone().attr()>
            <div class="q-top">
                <div>{top}</div>
                <Ring
                    share=Signal::derive(move || f64::from(one.minutes.get()) / f64::from(WAIT_LIMIT))
                    figure=Signal::derive(move || format::short_span(lang, one.minutes.get()).0)
                    unit=Signal::derive(move || format::short_span(lang, one.minutes.get()).1.to_owned())
                    label=Signal::derive(move || tr!(lang, ui.ring.waited, n = one.minutes.get(), limit = WAIT_LIMIT))
                    tone=Signal::derive(move || one.tone())
                    ticks=vec![f64::from(WAIT_AMBER) / f64::from(WAIT_LIMIT)]
                />
            </div>
            {desk.can.assign.then(|| view! { <WaitActs one/> })}
        </article>
    }
}

/// Shape and word beside the name.
fn state(one: One) -> AnyView {
    let lang = one.desk.lang;
    let (tone, icon, text) = match WaitTone::of(one.minutes.get()) {
        WaitTone::Red => {
            let over = one.minutes.get() - WAIT_LIMIT;
            (Tone::Stop, IconName::Stop, tr!(lang, desk.wait.over, n = over))
        }
        WaitTone::Amber => (Tone::Warn, IconName::Alert, tr!(lang, desk.wait.soon).to_owned()),
        WaitTone::Calm if one.read(|card| card.assigned.is_some()) => {
            (Tone::Ok, IconName::CheckCircle, tr!(lang, desk.wait.assigned).to_owned())
        }
        WaitTone::Calm => (Tone::Brand, IconName::Clock, tr!(lang, desk.wait.waiting).to_owned()),
    };
    view! {
        <Status tone icon small=true>
            {text}
        </Status>
    }
    .into_any()
}

/// How the person is chosen, who is asked or free for it next and when, and when the customer was told.
fn facts(lang: Lang, card: &WaitingCard, now: bool) -> String {
    let mut facts = vec![match &card.wish {
        Wish::Rotation => tr!(lang, desk.wish.rotation).to_owned(),
        Wish::Request { name, .. } => tr!(lang, desk.wish.request, name = name.get(lang)),
    }];
    if let Some(at) = &card.booked_at {
        facts.push(tr!(lang, desk.wait.booked, time = at.hhmm()));
    }
    match (&card.assigned, &card.suggestion, &card.expected) {
        (Some((_, name)), _, _) => facts.push(tr!(lang, desk.wait.asked, name = name.get(lang))),
        (None, Some((_, name)), _) if now => facts.push(tr!(lang, desk.wait.turn_of, name = name.get(lang))),
        (None, _, Some(at)) => facts.push(match &card.expected_by {
            Some(name) => tr!(lang, desk.wait.expected_by, time = at.hhmm(), name = name.get(lang)),
            None => tr!(lang, desk.wait.expected, time = at.hhmm()),
        }),
        (None, _, None) => facts.push(tr!(lang, desk.wait.nobody).to_owned()),
    }
    if let Some(at) = card.called.as_ref().filter(|_| card.assigned.is_none()) {
        facts.push(tr!(lang, books.next.called_at, time = at.hhmm()));
    }
    if let Some(at) = &card.told {
        facts.push(tr!(lang, desk.wait.told_at, time = at.hhmm()));
    }
    facts.join(" · ")
}

/// The person who could receive this customer now: free, and not already wanted by somebody further in front. One
/// person is offered to one customer, so that one press is the next step of the whole lane.
fn can_be_asked(one: One) -> Option<(StaffId, Text)> {
    one.desk.data.with(|board| {
        let at = board.waiting.iter().position(|card| card.visit == one.id)?;
        let card = board.waiting.get(at).filter(|card| card.assigned.is_none())?;
        let (staff, name) = card.suggestion.clone()?;
        let free = board.turns.iter().any(|turn| turn.staff == staff && turn.free_for.is_some());
        let wanted = |other: &WaitingCard| {
            other.assigned.is_none() && other.suggestion.as_ref().is_some_and(|(other, _)| *other == staff)
        };
        let first = !board.waiting.iter().take(at).any(wanted);
        (free && first).then_some((staff, name))
    })
}

#[component]
fn WaitActs(one: One) -> impl IntoView {
    let lang = one.desk.lang;
    let suggestion = Memo::new(move |_| can_be_asked(one));
    let suggested = Memo::new(move |_| suggestion.with(Option::is_some));
    let due = Memo::new(move |_| one.reason_due());
    view! {
        <div class="q-acts">
            {move || {
                suggestion
                    .get()
                    .map(|(staff, name)| {
                        view! { <AssignButton one staff=staff.to_string() name=name.get(lang).to_owned()/> }
                    })
            }}
            {move || (!suggested.get()).then(|| view! { <ToldButton one menu=false/> })}
            {move || due.get().then(|| view! { <ReasonPop one/> })}
            {move || (!suggested.get()).then(|| view! { <PeoplePop one/> })}
            <Pop
                summary=move || view! { <Icon name=IconName::More/> }
                label=tr!(lang, desk.wait.more_of, name = one.card.get_untracked().map(|card| card.name).unwrap_or_default())
                icon=true
                end=true
            >
                {move || {
                    suggested
                        .get()
                        .then(|| {
                            view! {
                                <ToldButton one menu=true/>
                                <People one/>
                            }
                        })
                }}
                <Left one/>
            </Pop>
        </div>
    }
}

/// The visit and the version of it that the desk has seen.
#[component]
fn VisitFields(one: One) -> impl IntoView {
    view! {
        <input type="hidden" name="visit" value=one.id.to_string()/>
        <input type="hidden" name="version" value=move || one.read(|card| card.version).to_string()/>
    }
}

/// The one next step: `请陈若溪接待`.
#[component]
fn AssignButton(one: One, staff: String, name: String) -> impl IntoView {
    let action = one.desk.acts.assign;
    let id = one.id.to_string();
    let pending = Signal::derive(move || {
        action.input().with(|input| input.as_ref().is_some_and(|input| input.visit == id))
    });
    view! {
        <ActionForm action attr:class="act">
            <VisitFields one/>
            <input type="hidden" name="staff" value=staff/>
            <SubmitButton size="s" pending>
                {tr!(one.desk.lang, desk.wait.ask, name = name)}
            </SubmitButton>
        </ActionForm>
    }
}

#[component]
fn ToldButton(one: One, menu: bool) -> impl IntoView {
    let lang = one.desk.lang;
    let action = one.desk.acts.told;
    let id = one.id.to_string();
    let own = id.clone();
    let pending = Signal::derive(move || {
        action.input().with(|input| input.as_ref().is_some_and(|input| input.form.visit == own))
    });
    let text = move || {
        if one.read(|card| card.told.is_some()) {
            tr!(lang, desk.wait.tell_again)
        } else {
            tr!(lang, desk.wait.tell)
        }
    };
    view! {
        <ActionForm action attr:class="act">
            <input type="hidden" name="visit" value=id/>
            {if menu {
                view! {
                    <button type="submit">
                        <Icon name=IconName::Chat/>
                        {text}
                    </button>
                }
                    .into_any()
            } else {
                view! {
                    <SubmitButton kind="soft" size="s" pending>
                        {text}
                    </SubmitButton>
                }
                    .into_any()
            }}
        </ActionForm>
    }
}

#[component]
fn PeoplePop(one: One) -> impl IntoView {
    let lang = one.desk.lang;
    let text = move || {
        if one.read(|card| card.assigned.is_some()) {
            tr!(lang, desk.wait.change_person)
        } else {
            tr!(lang, desk.wait.choose_person)
        }
    };
    view! {
        <Pop summary=move || text>
            <People one/>
        </Pop>
    }
}

/// Everybody who is here, in turn; one press asks that person instead.
#[component]
fn People(one: One) -> impl IntoView {
    let lang = one.desk.lang;
    let action = one.desk.acts.assign;
    let people = move || {
        let turns = one.desk.data.with(|board| board.turns.clone());
        let asked = one.read(|card| card.assigned.as_ref().map(|(staff, _)| *staff));
        let capable = one.read(|card| card.capable.clone());
        // Those who may and have the time first; the others stay in sight, so that nobody looks for them.
        let mut people: Vec<_> = turns
            .into_iter()
            .map(|turn| {
                let able = capable.iter().find(|able| able.staff == turn.staff);
                (turn, able.map(|able| able.busy_from))
            })
            .collect();
        people.sort_by_key(|(_, able)| able.map_or(2, |busy| u8::from(busy.is_some())));
        people
            .into_iter()
            .map(|(turn, able)| {
                let note = match able {
                    None => tr!(lang, desk.wait.not_certified).to_owned(),
                    Some(Some(from)) if turn.free_for.is_some() => {
                        tr!(lang, desk.wait.too_short, time = from.hhmm())
                    }
                    Some(_) => turn_note(lang, &turn),
                };
                view! {
                    <button
                        type="submit"
                        name="staff"
                        value=turn.staff.to_string()
                        disabled=able != Some(None)
                        aria-current=(asked == Some(turn.staff)).then_some("true")
                    >
                        <Icon name=IconName::User/>
                        <span>
                            {turn.name.get(lang).to_owned()} <small class="block muted caption">{note}</small>
                        </span>
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <ActionForm action attr:class="act">
            <VisitFields one/>
            <p class="menu-head">{tr!(lang, desk.wait.who)}</p>
            {people}
        </ActionForm>
    }
}

#[component]
fn ReasonPop(one: One) -> impl IntoView {
    let lang = one.desk.lang;
    let action = one.desk.acts.reason;
    // several cards may ask at once: ids of their own
    let id = format!("reason-{}", one.id);
    let options = BreachReason::ALL
        .map(|reason| view! { <option value=reason.code()>{reason_name(lang, reason)}</option> })
        .collect_view();
    view! {
        <Pop summary=move || tr!(lang, desk.reason.act) end=true>
            <ActionForm action attr:class="pop-form">
                <input type="hidden" name="visit" value=one.id.to_string()/>
                <Field id=id.clone() label=tr!(lang, desk.reason.label)>
                    <select class="select" id=id.clone() name="reason" required=true>
                        <option value="">{tr!(lang, desk.reason.choose)}</option>
                        {options}
                    </select>
                </Field>
                <TextInput
                    name="note"
                    id=format!("note-{}", one.id)
                    label=tr!(lang, desk.reason.note)
                    maxlength=200
                    optional=true
                />
                <SubmitButton size="s" pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
            </ActionForm>
        </Pop>
    }
}

/// Went without being served: cannot be taken back, so it asks once more.
#[component]
fn Left(one: One) -> impl IntoView {
    let lang = one.desk.lang;
    let action = one.desk.acts.left;
    view! {
        <details class="menu-sure">
            <summary>
                <Icon name=IconName::Logout/>
                {tr!(lang, desk.wait.left)}
            </summary>
            <ActionForm action attr:class="pop-form">
                <input type="hidden" name="visit" value=one.id.to_string()/>
                <p class="small soft">{tr!(lang, desk.wait.left_sure)}</p>
                <SubmitButton kind="danger" size="s" pending=action.pending()>
                    {tr!(lang, desk.wait.left_act)}
                </SubmitButton>
            </ActionForm>
        </details>
    }
}

/// The words of a stored reason code.
#[must_use]
pub fn reason_of_code(lang: Lang, code: &str) -> Option<&'static str> {
    BreachReason::from_code(code).map(|reason| reason_name(lang, reason))
}
