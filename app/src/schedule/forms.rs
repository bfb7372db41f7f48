//! The forms that change a booking: plain ones, which work without scripts.

use super::{
    address::{Place, iso},
    api, words,
};
use crate::{
    lang::use_lang,
    tr,
    ui::{Banner, Check, Field, FormErrors, FormNote, Opt, SelectInput, SubmitButton, TextInput, Tone},
};
use domain::{
    booking::CancelReason,
    schedule::{BookingSheet, ChangeReason, minute_text},
};
use leptos::prelude::*;

/// What can be done to a booking; one action each, shared by the sheet and the details.
#[derive(Clone, Copy)]
pub struct Acts {
    pub shift: ServerAction<api::MoveBooking>,
    pub cancel: ServerAction<api::CancelBooking>,
    pub mark: ServerAction<api::MarkError>,
    pub check_in: ServerAction<crate::desk::api::CheckIn>,
}

impl Acts {
    pub fn new() -> Self {
        Self {
            shift: ServerAction::new(),
            cancel: ServerAction::new(),
            mark: ServerAction::new(),
            check_in: ServerAction::new(),
        }
    }

    /// Counts what has been answered.
    pub fn answered(self) -> usize {
        self.shift.version().get()
            + self.cancel.version().get()
            + self.mark.version().get()
            + self.check_in.version().get()
    }
}

/// A key that nobody has used.
pub fn key() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// 改期或换人: first the free times of a person and a day, then the move.
#[component]
pub fn MoveForm(booking: BookingSheet, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || acts.shift.value().get());
    let free = booking.place.clone();
    let who = free.as_ref().map(|place| place.staff);
    let day = free.as_ref().map_or(booking.day, |place| place.day);
    let times = free.map(|place| place.times).unwrap_or_default();
    let people: Vec<Opt> = booking.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))).collect();
    let name =
        booking.people.iter().find(|(id, _)| Some(*id) == who).map(|(_, name)| name.get(lang).to_owned());
    let who = who.map(|who| who.to_string()).unwrap_or_default();
    let wished = booking.wished.map(|wished| wished.to_string()) == Some(who.clone());
    let options = times.iter().map(|time| Opt::new(minute_text(*time), words::clock(*time))).collect();
    let back = place.open(booking.id);
    let first = booking.items.first().map(|item| item.staff.to_string()).unwrap_or_default();
    let person = who.clone();
    let send = if times.is_empty() {
        let text = tr!(lang, schedule.shift.none, name = name.unwrap_or_default());
        view! { <Banner tone=Tone::Warn>{text}</Banner> }.into_any()
    } else {
        view! {
            <ActionForm action=acts.shift attr:class="form">
                <FormNote errors/>
                <input type="hidden" name="booking" value=booking.id.to_string()/>
                <input type="hidden" name="version" value=booking.version.to_string()/>
                <input type="hidden" name="who" value=person/>
                <input type="hidden" name="from" value=first/>
                <input type="hidden" name="day" value=iso(day)/>
                <input type="hidden" name="key" value=key()/>
                <input type="hidden" name="back" value=back/>
                <SelectInput name="time" label=tr!(lang, schedule.shift.time) options error=errors.field("time")/>
                <Why errors needed=booking.reason_needed || booking.wished.is_some()/>
                <Check name="wished" value="on" checked=wished>
                    {tr!(lang, schedule.ask.wished)}
                </Check>
                <SubmitButton pending=acts.shift.pending()>{tr!(lang, schedule.shift.send)}</SubmitButton>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <form class="form" method="get" action="/schedule">
            <input type="hidden" name="view" value=place.span.code()/>
            <input type="hidden" name="day" value=iso(place.day)/>
            <input type="hidden" name="open" value=booking.id.to_string()/>
            <div class="two-fields">
                <SelectInput name="to_who" label=tr!(lang, schedule.shift.who) options=people value=who/>
                <Field id="to_day" label=tr!(lang, schedule.shift.day)>
                    <input class="input" type="date" id="to_day" name="to_day" value=iso(day) min=iso(booking.today)/>
                </Field>
            </div>
            <div>
                <button class="btn" type="submit">
                    {tr!(lang, schedule.shift.look)}
                </button>
            </div>
        </form>
        {send}
    }
}

/// Why, and a word more.
#[component]
pub fn Why(errors: FormErrors, needed: bool) -> impl IntoView {
    let lang = use_lang();
    let hint = needed.then_some(tr!(lang, schedule.reason.needed));
    view! {
        <SelectInput
            name="reason"
            label=tr!(lang, schedule.reason.label)
            options=words::reason_options(lang)
            hint=hint
            optional=!needed
            error=errors.field("reason")
        />
        <TextInput
            name="note"
            label=tr!(lang, schedule.note)
            maxlength=200
            autocomplete="off"
            optional=true
            error=errors.field("note")
        />
    }
}

/// 取消预约: for the customer or for the salon.
#[component]
pub fn CancelForm(booking: BookingSheet, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || acts.cancel.value().get());
    let reasons = [Opt::new("", tr!(lang, schedule.reason.choose))]
        .into_iter()
        .chain(
            [CancelReason::SalonCannot]
                .into_iter()
                .chain(CancelReason::CUSTOMER)
                .map(|reason| Opt::new(reason.code(), words::cancel(lang, reason))),
        )
        .collect();
    view! {
        <ActionForm action=acts.cancel attr:class="form">
            <FormNote errors/>
            <input type="hidden" name="booking" value=booking.id.to_string()/>
            <input type="hidden" name="version" value=booking.version.to_string()/>
            <input type="hidden" name="back" value=place.open(booking.id)/>
            <Select
                id="cancel-reason"
                name="reason"
                label=tr!(lang, schedule.cancel.reason)
                options=reasons
                error=errors.field("reason")
            />
            <Select
                id="cancel-error"
                name="error"
                label=tr!(lang, schedule.cancel.error)
                options=errors_of(lang, tr!(lang, schedule.cancel.error_none))
                error=errors.field("error")
            />
            <TextInput
                id="cancel-note"
                name="note"
                label=tr!(lang, schedule.note)
                maxlength=200
                autocomplete="off"
                optional=true
                error=errors.field("note")
            />
            <p class="small muted">{tr!(lang, schedule.cancel.text)}</p>
            <SubmitButton kind="danger" pending=acts.cancel.pending()>
                {tr!(lang, schedule.cancel.send)}
            </SubmitButton>
        </ActionForm>
    }
}

fn errors_of(lang: domain::Lang, none: &str) -> Vec<Opt> {
    let all = ChangeReason::ERRORS.into_iter().map(|code| Opt::new(code.code(), words::reason(lang, code)));
    std::iter::once(Opt::new("", none)).chain(all).collect()
}

/// 记为店里的差错 (ACCURACY).
#[component]
pub fn MarkForm(booking: BookingSheet, acts: Acts, place: Place) -> impl IntoView {
    let lang = use_lang();
    let errors = FormErrors::of(lang, move || acts.mark.value().get());
    view! {
        <ActionForm action=acts.mark attr:class="form">
            <FormNote errors/>
            <input type="hidden" name="booking" value=booking.id.to_string()/>
            <input type="hidden" name="version" value=booking.version.to_string()/>
            <input type="hidden" name="back" value=place.open(booking.id)/>
            <Select
                id="mark-error"
                name="error"
                label=tr!(lang, schedule.mark.what)
                options=errors_of(lang, tr!(lang, schedule.reason.choose))
                error=errors.field("error")
            />
            <TextInput
                id="mark-note"
                name="note"
                label=tr!(lang, schedule.note)
                maxlength=200
                autocomplete="off"
                optional=true
                error=errors.field("note")
            />
            <p class="small muted">{tr!(lang, schedule.mark.text)}</p>
            <SubmitButton kind="plain" pending=acts.mark.pending()>
                {tr!(lang, schedule.mark.send)}
            </SubmitButton>
        </ActionForm>
    }
}

/// A list of choices whose id is not its name: several forms of a page ask for the same.
#[component]
fn Select(
    id: &'static str,
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<Opt>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let options =
        options.into_iter().map(|opt| view! { <option value=opt.value>{opt.text}</option> }).collect_view();
    view! {
        <Field id label error>
            <select
                class="select"
                id=id
                name=name
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=crate::ui::fields::described(id, false, error)
            >
                {options}
            </select>
        </Field>
    }
}
