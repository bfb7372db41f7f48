//! `/settings/hours`: the week, special days, the rules of booking.

use super::{
    api,
    frame::{ManageFrame, Note, Tab, query},
    kept,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    ui::{FormErrors, SubmitButton, TextInput, Words, format},
};
use domain::{
    Lang,
    account::StaffMe,
    branch::hours::{HoursForm, HoursPage as Set, PolicyForm, SpecialDay, SpecialForm, show_spans},
};
use leptos::prelude::*;

#[component]
pub fn HoursPage() -> impl IntoView {
    let query = query();
    let data = crate::ui::resource(move || query.get(), |_| api::hours());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: Set) -> AnyView {
    let lang = use_lang();
    let (week, special, policy) = (page.clone(), page.clone(), page);
    view! {
        <ManageFrame me tab=Tab::Hours title=tr!(lang, manage.hours.title)>
            <div class="manage-two">
                <Week page=week/>
                <SpecialDays page=special/>
            </div>
            <Policy page=policy/>
        </ManageFrame>
    }
    .into_any()
}

fn weekday(lang: Lang, n: usize) -> &'static str {
    match n {
        0 => tr!(lang, common.weekday.d0),
        1 => tr!(lang, common.weekday.d1),
        2 => tr!(lang, common.weekday.d2),
        3 => tr!(lang, common.weekday.d3),
        4 => tr!(lang, common.weekday.d4),
        5 => tr!(lang, common.weekday.d5),
        _ => tr!(lang, common.weekday.d6),
    }
}

#[component]
fn Week(page: Set) -> impl IntoView {
    const NAMES: [&str; 7] = ["d0", "d1", "d2", "d3", "d4", "d5", "d6"];
    let lang = use_lang();
    let action = ServerAction::<api::SaveHours>::new();
    let day = |n: usize| page.week.get(n).map(|spans| show_spans(spans)).unwrap_or_default();
    let given = HoursForm {
        d0: day(0),
        d1: day(1),
        d2: day(2),
        d3: day(3),
        d4: day(4),
        d5: day(5),
        d6: day(6),
        version: page.version.to_string(),
        confirm: String::new(),
    };
    let (form, errors) = kept::form("hours", given, action);
    let values = [form.d0, form.d1, form.d2, form.d3, form.d4, form.d5, form.d6];
    let fields = values
        .into_iter()
        .enumerate()
        .map(|(n, value)| {
            view! {
                <TextInput
                    name=NAMES[n]
                    label=weekday(lang, n)
                    value
                    maxlength=80
                    placeholder=tr!(lang, manage.hours.closed)
                    autocomplete="off"
                    error=errors.field(NAMES[n])
                />
            }
        })
        .collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="week-title">
            <h2 id="week-title">{tr!(lang, manage.hours.week)}</h2>
            <p class="small muted">{tr!(lang, manage.hours.week_note)}</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="version" value=form.version/>
                <div class="manage-days">{fields}</div>
                <Note errors/>
                <SubmitButton pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn SpecialDays(page: Set) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveSpecial>::new();
    let given = SpecialForm { version: page.version.to_string(), ..SpecialForm::default() };
    let (form, errors) = kept::form("special", given, action);
    let version = page.version;
    let list = if page.special.is_empty() {
        view! { <p class="muted">{tr!(lang, manage.hours.none)}</p> }.into_any()
    } else {
        let rows = page.special.into_iter().map(|day| view! { <Special day version/> }).collect_view();
        view! { <ul class="manage-list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="special-title">
            <h2 id="special-title">{tr!(lang, manage.hours.special)}</h2>
            {list}
            <p class="small muted">{tr!(lang, manage.hours.special_note)}</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="version" value=form.version/>
                <div class="manage-fields">
                    <Field name="day" label=tr!(lang, manage.hours.day) value=form.day kind="date" errors/>
                    <Field name="hours" label=tr!(lang, manage.hours.hours_field) value=form.hours optional=true errors/>
                    <Field name="note" label=tr!(lang, manage.hours.note) value=form.note optional=true errors/>
                </div>
                <Note errors/>
                <SubmitButton kind="plain" pending=action.pending()>
                    {tr!(lang, manage.hours.add)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

/// A field of a small form; its error comes from the form's errors under the same name.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] id: Words,
    #[prop(optional, into)] hint: Words,
    errors: FormErrors,
) -> impl IntoView {
    view! {
        <TextInput
            name=name
            id=id
            label
            value
            r#type=kind
            inputmode=if kind == "number" { "numeric" } else { "text" }
            maxlength=120
            autocomplete="off"
            hint
            optional
            error=errors.field(name)
        />
    }
}

#[component]
fn Special(day: SpecialDay, version: i32) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveSpecial>::new();
    let given = SpecialForm { day: day.day.to_string(), ordinary: "yes".into(), ..SpecialForm::default() };
    let of = day.day.to_string();
    let (form, errors) = kept::form("ordinary", given, action);
    let shown = (form.day == of).then(|| view! { <Note errors/> });
    let hours = match day.hours {
        Some(hours) => show_spans(&[hours]),
        None => tr!(lang, manage.hours.closed).to_owned(),
    };
    let label = format!("{} {}", tr!(lang, manage.hours.ordinary), format::day(lang, day.day));
    view! {
        <li>
            <div class="grow">
                <b>{format::day_weekday(lang, day.day)}</b>
                <p class="small muted">
                    <span class="num">{hours}</span>
                    {day.note.map(|note| format!(" · {note}"))}
                </p>
            </div>
            <ActionForm action attr:class="manage-act">
                <input type="hidden" name="day" value=of/>
                <input type="hidden" name="ordinary" value="yes"/>
                <input type="hidden" name="version" value=version.to_string()/>
                {shown}
                <button class="btn" data-size="s" type="submit" aria-label=label>
                    {tr!(lang, manage.hours.ordinary)}
                </button>
            </ActionForm>
        </li>
    }
}

#[component]
fn Policy(page: Set) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SavePolicy>::new();
    let (form, errors) = kept::form("policy", PolicyForm::of(&page.policy, page.version), action);
    let fields = [
        ("notice", tr!(lang, manage.hours.notice), form.notice),
        ("horizon_days", tr!(lang, manage.hours.horizon_days), form.horizon_days),
        ("step", tr!(lang, manage.hours.step), form.step),
        ("hold", tr!(lang, manage.hours.hold), form.hold),
        ("cut_off", tr!(lang, manage.hours.cut_off), form.cut_off),
        ("max_changes", tr!(lang, manage.hours.max_changes), form.max_changes),
        ("no_show_after", tr!(lang, manage.hours.no_show_after), form.no_show_after),
        ("max_services", tr!(lang, manage.hours.max_services), form.max_services),
        ("remind_first", tr!(lang, manage.hours.remind_first), form.remind_first),
        ("remind_last", tr!(lang, manage.hours.remind_last), form.remind_last),
        ("offer", tr!(lang, manage.hours.offer), form.offer),
    ];
    let fields = fields
        .into_iter()
        .map(|(name, label, value)| view! { <Field name label value kind="number" errors/> })
        .collect_view();
    let quiet = [
        ("quiet_from", tr!(lang, manage.hours.quiet_from), form.quiet_from),
        ("quiet_to", tr!(lang, manage.hours.quiet_to), form.quiet_to),
    ]
    .map(|(name, label, value)| view! { <Field name label value kind="time" errors/> })
    .collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="policy-title">
            <h2 id="policy-title">{tr!(lang, manage.hours.policy)}</h2>
            <p class="small muted">{tr!(lang, manage.hours.policy_note)}</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="version" value=form.version/>
                <div class="manage-fields">{fields} {quiet}</div>
                <Note errors/>
                <SubmitButton pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
            </ActionForm>
        </section>
    }
}
