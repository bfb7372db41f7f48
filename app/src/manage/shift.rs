//! `/settings/rota/:staff/:day`: what one person works on one day.

use super::{
    api,
    frame::{ManageFrame, Note, Tab, query},
    hours::Field,
    kept,
    rota::leave_name,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    ui::{Banner, SubmitButton, Tone, format},
};
use domain::{
    account::StaffMe,
    branch::hours::show_spans,
    staff::{ShiftForm, ShiftPage as One},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn ShiftPage() -> impl IntoView {
    let (query, params) = (query(), use_params_map());
    let data = crate::ui::resource(
        move || {
            let _ = query.get();
            params.with(|p| (p.get("staff").unwrap_or_default(), p.get("day").unwrap_or_default()))
        },
        |(staff, day)| api::shift(staff, day),
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: One) -> AnyView {
    let lang = use_lang();
    let title = tr!(
        lang,
        manage.shift.title,
        name = page.name.get(lang).to_owned(),
        day = format::day_weekday(lang, page.day)
    );
    let back = format!("/settings/rota?week={}", page.day);
    let leave = page.cell.leave.map(|kind| {
        view! {
            <Banner tone=Tone::Sand>{tr!(lang, manage.shift.on_leave, kind = leave_name(lang, kind))}</Banner>
        }
    });
    let inner = if page.past {
        view! {
            <div class="card stack">
                <p class="num">{show_spans(&page.cell.shifts)}</p>
                <p class="muted">{tr!(lang, manage.shift.past)}</p>
            </div>
        }
        .into_any()
    } else {
        view! { <Form page/> }.into_any()
    };
    view! {
        <ManageFrame me tab=Tab::Rota title back>
            {leave}
            {inner}
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Form(page: One) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveShift>::new();
    let given = ShiftForm {
        staff: page.staff.to_string(),
        day: page.day.to_string(),
        shifts: show_spans(&page.cell.shifts),
        breaks: show_spans(&page.cell.breaks),
        version: page.version.to_string(),
        confirm: String::new(),
    };
    let (form, errors) = kept::form("shift", given, action);
    view! {
        <ActionForm action attr:class="card stack">
            <input type="hidden" name="staff" value=form.staff/>
            <input type="hidden" name="day" value=form.day/>
            <input type="hidden" name="version" value=form.version/>
            <Field
                name="shifts"
                label=tr!(lang, manage.shift.shifts)
                value=form.shifts
                hint=tr!(lang, manage.shift.shifts_hint)
                optional=true
                errors
            />
            <Field
                name="breaks"
                label=tr!(lang, manage.shift.breaks)
                value=form.breaks
                hint=tr!(lang, manage.shift.breaks_hint)
                optional=true
                errors
            />
            <Note errors/>
            <SubmitButton pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
        </ActionForm>
    }
}
