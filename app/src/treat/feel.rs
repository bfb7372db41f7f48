//! Comfort and skin reactions (TREAT-4): ask, tap once.

use super::{
    api,
    item::{Seat, next_key, shown_in},
    words::{feel_text, reaction_name},
};
use crate::{
    tr,
    ui::{Banner, Check, FormErrors, FormNote, Icon, IconName, SubmitButton, TextInput, Tone},
};
use domain::treat::{Reaction, ServiceState};
use leptos::prelude::*;

/// One tap each; what is rarer is below.
const QUICK: [(Option<Reaction>, IconName); 4] = [
    (None, IconName::Face5),
    (Some(Reaction::Heat), IconName::Sun),
    (Some(Reaction::Stinging), IconName::Bolt),
    (Some(Reaction::Redness), IconName::Drop),
];

#[component]
pub fn FeelCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::SayFeel>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let shown = Memo::new(move |_| {
        let feels = seat.data.with(|t| !t.chair.feels.is_empty());
        seat.runs() || (feels && seat.state() == ServiceState::Done)
    });
    let runs = Memo::new(move |_| seat.runs());
    let last = Memo::new(move |_| seat.data.with(|t| t.chair.feels.last().cloned()));
    let bad = move || last.with(|last| last.as_ref().is_some_and(|feel| feel.comfort <= 2));
    let history = move || {
        let lines = seat.data.with(|t| {
            t.chair
                .feels
                .iter()
                .rev()
                .map(|feel| format!("{} {}", feel.at.hhmm(), feel_text(lang, feel)))
                .collect::<Vec<_>>()
        });
        if lines.is_empty() { tr!(lang, chair.feel.none).to_owned() } else { lines.join(" · ") }
    };
    let quick = move || {
        QUICK
        .map(|(reaction, icon)| {
            let (name, value) = match reaction {
                None => ("comfort", "5"),
                Some(reaction) => ("reactions[]", reaction.code()),
            };
            let text = reaction.map_or(tr!(lang, chair.feel.comfortable), |one| reaction_name(lang, one));
            let pressed = move || {
                last.with(|last| {
                    last.as_ref().is_some_and(|feel| match reaction {
                        None => feel.comfort == 5 && feel.reactions.is_empty(),
                        Some(one) => feel.reactions == [one],
                    })
                })
            };
            view! {
                <button type="submit" name=name value=value aria-pressed=move || if pressed() { "true" } else { "false" }>
                    <Icon name=icon/>
                    {text}
                </button>
            }
        })
        .collect_view()
    };
    view! {
        <Show when=move || shown.get()>
            <section class="card stack" data-gap="3" aria-labelledby="feel-title">
                <div class="card-head">
                    <h2 id="feel-title">{tr!(lang, chair.feel.title)}</h2>
                    <small>{tr!(lang, chair.feel.note)}</small>
                </div>
                <FormNote errors/>
                <div hidden=move || !runs.get()>
                    <ActionForm action attr:class="feel">
                        <input type="hidden" name="item" value=seat.item()/>
                        <input type="hidden" name="key" value=move || key.get()/>
                        {quick()}
                    </ActionForm>
                </div>
                <p class="meta soft num" role="status">
                    {history}
                </p>
                {move || {
                    bad().then(|| view! { <Banner tone=Tone::Warn>{tr!(lang, chair.feel.bad)}</Banner> })
                }}
                <div hidden=move || !runs.get()>
                    <More seat action key errors/>
                </div>
            </section>
        </Show>
    }
}

/// A score, several reactions, a few words.
#[component]
fn More(
    seat: Seat,
    action: ServerAction<api::SayFeel>,
    key: RwSignal<String>,
    errors: FormErrors,
) -> impl IntoView {
    let lang = seat.lang;
    let scores = (1..=5)
        .map(|n: u8| {
            view! {
                <label>
                    <input class="sr" type="radio" name="comfort" value=n.to_string()/>
                    {n.to_string()}
                </label>
            }
        })
        .collect_view();
    let reactions = Reaction::ALL
        .iter()
        .map(|one| {
            view! {
                <Check name="reactions[]" value=one.code()>
                    {reaction_name(lang, *one)}
                </Check>
            }
        })
        .collect_view();
    view! {
        <details class="fold">
            <summary>
                {tr!(lang, chair.feel.more)} <Icon name=IconName::ChevD/>
            </summary>
            <ActionForm action attr:class="form">
                <input type="hidden" name="item" value=seat.item()/>
                <input type="hidden" name="key" value=move || key.get()/>
                <fieldset class="field">
                    <legend>{tr!(lang, chair.feel.comfort)}</legend>
                    <div class="seg" data-wide="">
                        {scores}
                    </div>
                    {move || errors.field("comfort").get().map(|text| view! { <p class="error">{text}</p> })}
                </fieldset>
                <fieldset class="field">
                    <legend>{tr!(lang, chair.feel.reactions)}</legend>
                    <div class="check-grid">{reactions}</div>
                </fieldset>
                <TextInput
                    name="note"
                    id="feel-note"
                    label=tr!(lang, chair.feel.words)
                    maxlength=200
                    optional=true
                    error=errors.field("note")
                />
                <SubmitButton kind="soft" wide=true pending=action.pending()>
                    {tr!(lang, chair.feel.save)}
                </SubmitButton>
            </ActionForm>
        </details>
    }
}
