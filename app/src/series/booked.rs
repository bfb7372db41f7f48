//! `/desk/series/:id`: a booked series, its sessions, moving one or the rest, cancelling the rest.

use super::api;
use crate::{
    account::{StaffFrame, StaffPage, may},
    booking::words,
    customer::frame::form_key,
    lang::use_lang,
    tr,
    ui::{Check, FormErrors, FormNote, Status, SubmitButton, TextInput, TopBar, format},
};
use domain::{
    Lang,
    account::StaffMe,
    booking::series::{SeriesSession, SeriesView},
    permission::Action,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn SeriesPage() -> impl IntoView {
    let params = use_params_map();
    let (shift, cancel) = (ServerAction::<api::Shift>::new(), ServerAction::<api::Cancel>::new());
    // Both answer by leading to this very address: with scripts that alone would show nothing new.
    let data = crate::ui::resource(
        move || {
            let id = params.with(|params| params.get("id").unwrap_or_default());
            (id, shift.version().get() + cancel.version().get())
        },
        |(id, _)| api::view(id),
    );
    provide_context((shift, cancel));
    view! { <StaffPage data view=show/> }
}

#[derive(Clone, Copy)]
struct Acts {
    shift: ServerAction<api::Shift>,
    cancel: ServerAction<api::Cancel>,
    may: bool,
}

fn show(me: StaffMe, series: SeriesView) -> AnyView {
    let lang = use_lang();
    let (shift, cancel) = expect_context();
    let acts = Acts { shift, cancel, may: may(&me, Action::OverrideBooking) };
    let errors = FormErrors::of(lang, move || acts.shift.value().get());
    let failed = FormErrors::of(lang, move || acts.cancel.value().get());
    let n = series.sessions.len();
    let what = series.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let sub = format!("{} · {} · {}", series.name, series.phone_masked, words::price(lang, series.price));
    let rows = series.sessions.iter().map(|one| session(lang, one, n, acts)).collect_view();
    view! {
        <Title text=tr!(lang, series.title)/>
        <StaffFrame me>
            <TopBar title=tr!(lang, series.title) sub=sub back="/desk/series"/>
            <main class="page" id="main">
                <h2>{what}</h2>
                <FormNote errors/>
                <FormNote errors=failed/>
                <ol class="sessions mt-4">{rows}</ol>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn session(lang: Lang, one: &SeriesSession, n: usize, acts: Acts) -> AnyView {
    let (tone, icon) = words::state_mark(one.state);
    let when = format!("{} {}", format::day_weekday(lang, one.from.date()), one.from.hhmm());
    let change = (acts.may && one.state.is_open()).then(|| change(lang, one, acts));
    let (place, link, state) = (format!("{}/{n}", one.position), format!("/b/{}", one.token), one.state);
    let staff = one.staff.get(lang).to_owned();
    view! {
        <li class="card">
            <p>
                <b class="num">{place}</b>
                " "
                <a href=link>{when}</a>
                " "
                <span class="meta">{staff}</span>
            </p>
            <Status tone icon>
                {words::state(lang, state)}
            </Status>
            {change}
        </li>
    }
    .into_any()
}

fn change(lang: Lang, one: &SeriesSession, acts: Acts) -> AnyView {
    let (day, time, n) = (one.from.date().to_string(), one.from.hhmm(), one.position);
    let (token, rest) = (one.token.clone(), one.token.clone());
    view! {
        <details class="fold">
            <summary>{tr!(lang, series.change)}</summary>
            <ActionForm action=acts.shift attr:class="form">
                <input type="hidden" name="token" value=token/>
                <input type="hidden" name="key" value=form_key()/>
                <div class="two-fields">
                    <TextInput
                        name="day"
                        id=format!("day-{n}")
                        label=tr!(lang, series.new_day)
                        r#type="date"
                        value=day
                    />
                    <TextInput
                        name="time"
                        id=format!("time-{n}")
                        label=tr!(lang, series.time)
                        r#type="time"
                        value=time
                    />
                </div>
                <Check name="scope" value="one" radio=true checked=true>
                    {tr!(lang, series.only_this)}
                </Check>
                <Check name="scope" value="rest" radio=true>
                    {tr!(lang, series.this_and_later)}
                </Check>
                <SubmitButton pending=acts.shift.pending()>{tr!(lang, series.move_it)}</SubmitButton>
            </ActionForm>
            <ActionForm action=acts.cancel attr:class="mt-3">
                <input type="hidden" name="token" value=rest/>
                <button class="btn" data-kind="danger-quiet" type="submit">
                    {tr!(lang, series.cancel_rest)}
                </button>
            </ActionForm>
        </details>
    }
    .into_any()
}
