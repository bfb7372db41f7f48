//! What was put down in another place is confirmed before the customer is told; undone for ten seconds after.

use super::{
    address::{Place, iso},
    api,
    drag::{Hand, Held, Target},
    forms::{Acts, key},
    words,
};
use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Dialog, Field, FormErrors, FormNote, SubmitButton, TextInput, fields::described, format, use_toasts,
    },
};
use domain::{Lang, LocalTime, Refusal, schedule::minute_text};
use leptos::prelude::*;

/// What was moved last, so that it can be moved back.
#[derive(Clone)]
struct Last {
    held: Held,
    reason: String,
}

#[component]
pub fn AskDialog(hand: Hand, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let open = RwSignal::new(false);
    let last = StoredValue::new(None::<Last>);
    let undoing = StoredValue::new(false);
    let toasts = use_toasts();
    Effect::new(move || open.set(hand.ask.with(Option::is_some)));
    // closed by Escape
    Effect::new(move || {
        if !open.get() && hand.ask.with_untracked(Option::is_some) {
            hand.ask.set(None);
        }
    });
    Effect::new(move || {
        let done = acts.shift.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().copied()));
        let Some(version) = done else { return };
        hand.ask.set(None);
        let Some(before) = last.try_update_value(Option::take).flatten() else {
            let back = undoing.get_value();
            undoing.set_value(false);
            toasts.show(if back { tr!(lang, schedule.undone) } else { tr!(lang, schedule.moved) });
            return;
        };
        let undo = Callback::new(move |()| {
            undoing.set_value(true);
            acts.shift.dispatch(back(&before, version, place));
        });
        toasts.show_with_undo(tr!(lang, schedule.moved), undo);
    });
    let form = move || hand.ask.get().map(|held| view! { <AskForm held hand acts place last/> });
    view! {
        <Dialog open id="ask" title=tr!(lang, schedule.ask.title)>
            {form}
        </Dialog>
    }
}

/// The move that undoes the last one.
fn back(last: &Last, version: i32, place: Place) -> api::MoveBooking {
    let (held, origin) = (&last.held, last.held.origin);
    api::MoveBooking {
        form: domain::schedule::StaffMoveForm {
            booking: held.block.booking.map(|id| id.to_string()).unwrap_or_default(),
            version: version.to_string(),
            who: origin.staff.to_string(),
            from: held.target.staff.to_string(),
            day: iso(held.block.begins.0),
            time: minute_text(held.block.begins.1),
            reason: if last.reason.is_empty() { "other".to_owned() } else { last.reason.clone() },
            note: String::new(),
            wished: held.block.wished.then(|| "on".to_owned()),
            key: key(),
        },
        back: place.href(),
    }
}

#[component]
fn AskForm(
    held: Held,
    hand: Hand,
    acts: Acts,
    place: Place,
    last: StoredValue<Option<Last>>,
) -> impl IntoView {
    let lang = use_lang();
    // an error of the move before has nothing to do with this one
    acts.shift.value().set(None);
    let errors = FormErrors::of(lang, move || acts.shift.value().get());
    let (from, to) = (held.origin, held.target);
    let other = from.staff != to.staff;
    let needed = held.block.reason || (held.block.wished && other);
    let begins = RwSignal::new(held.begins().unwrap_or(held.block.begins.1));
    let ahead = i64::from(held.block.from) - i64::from(held.block.begins.1);
    // what the lane shows for a beginning of the whole booking
    let shown = move |begins: u32| words::clock(u32::try_from(i64::from(begins) + ahead).unwrap_or(begins));
    let at = move |target: Target, time: String| {
        let (day, who) = (format::day(lang, target.day), hand.name_of(target.staff));
        tr!(lang, schedule.ask.at, day = day, time = time, who = who.get(lang))
    };
    let name = if held.block.name.is_empty() { tr!(lang, schedule.someone) } else { &held.block.name };
    let what = tr!(lang, schedule.ask.what, name = name, service = held.block.service.get(lang));
    let who = hand.name_of(to.staff);
    let remember = {
        let held = held.clone();
        move |reason: String| last.set_value(Some(Last { held: held.clone(), reason }))
    };
    remember(String::new());
    let near = move || nearest(errors.error().get());
    let wrong = errors.field("reason");
    view! {
        <p class="strong">{what}</p>
        <dl class="facts">
            <dt>{tr!(lang, schedule.ask.from)}</dt>
            <dd>{at(from, words::clock(held.block.from))}</dd>
            <dt>{tr!(lang, schedule.ask.to)}</dt>
            <dd>
                <b>{move || at(to, shown(begins.get()))}</b>
            </dd>
        </dl>
        <ActionForm action=acts.shift attr:class="form">
            <FormNote errors/>
            {move || near_times(lang, near(), begins, to)}
            <input type="hidden" name="booking" value=held.block.booking.map(|id| id.to_string())/>
            <input type="hidden" name="version" value=held.block.version.to_string()/>
            <input type="hidden" name="who" value=to.staff.to_string()/>
            <input type="hidden" name="from" value=from.staff.to_string()/>
            <input type="hidden" name="day" value=iso(to.day)/>
            <input type="hidden" name="time" prop:value=move || minute_text(begins.get()) value=minute_text(begins.get_untracked())/>
            <input type="hidden" name="key" value=key()/>
            <input type="hidden" name="back" value=place.href()/>
            <Field
                id="ask-reason"
                label=tr!(lang, schedule.reason.label)
                hint=needed.then_some(tr!(lang, schedule.reason.needed))
                optional=!needed
                error=wrong
            >
                <select
                    class="select"
                    id="ask-reason"
                    name="reason"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                    aria-describedby=described("ask-reason", needed, wrong)
                    on:change=move |event| remember(event_target_value(&event))
                >
                    {words::reason_options(lang)
                        .into_iter()
                        .map(|opt| view! { <option value=opt.value>{opt.text}</option> })
                        .collect_view()}
                </select>
            </Field>
            <TextInput
                id="ask-note"
                name="note"
                label=tr!(lang, schedule.note)
                maxlength=200
                autocomplete="off"
                optional=true
            />
            {other
                .then(|| {
                    view! {
                        <label class="check">
                            <input type="checkbox" name="wished" value="on"/>
                            <span>{tr!(lang, schedule.ask.wished)}</span>
                        </label>
                    }
                })}
            <p class="small muted">{tr!(lang, schedule.ask.told)}</p>
            <div class="btn-group" data-fill="">
                <button class="btn" type="button" on:click=move |_| hand.ask.set(None)>
                    {tr!(lang, schedule.ask.keep)}
                </button>
                <SubmitButton pending=acts.shift.pending()>
                    {move || tr!(lang, schedule.ask.act, time = shown(begins.get()), who = who.get(lang))}
                </SubmitButton>
            </div>
        </ActionForm>
    }
}

fn nearest(error: Option<AppError>) -> Vec<LocalTime> {
    match error {
        Some(AppError::Refused(Refusal::SlotTaken { nearest })) => nearest,
        _ => Vec::new(),
    }
}

/// The nearest free times of the same day, each a button that takes it instead.
fn near_times(lang: Lang, near: Vec<LocalTime>, begins: RwSignal<u32>, to: Target) -> Option<AnyView> {
    let same: Vec<LocalTime> = near.into_iter().filter(|time| time.date() == to.day).collect();
    (!same.is_empty()).then(|| {
        let buttons = same
            .into_iter()
            .map(|time| {
                use chrono::Timelike;
                let minute = time.wall.hour() * 60 + time.wall.minute();
                view! {
                    <button class="btn" data-size="s" type="button" on:click=move |_| begins.set(minute)>
                        {time.hhmm()}
                    </button>
                }
            })
            .collect_view();
        view! {
            <div class="btn-group" role="group" aria-label=tr!(lang, schedule.ask.near)>
                {buttons}
            </div>
        }
        .into_any()
    })
}
