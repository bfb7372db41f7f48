//! Getting ready (TREAT-2): one large line each, the room's climate as numbers.

use super::{
    api,
    item::{Seat, shown_in},
    words::prep_name,
};
use crate::{
    tr,
    ui::{FormErrors, FormNote, Icon, IconName, SubmitButton, TextInput},
};
use domain::treat::{PrepItem, PrepView, ServiceState, degrees};
use leptos::prelude::*;

#[component]
pub fn PrepCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::Prepare>::new();
    shown_in(seat.fresh, *action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let lines = Memo::new(move |_| seat.data.with(|t| t.chair.prep.clone()));
    let may = Memo::new(move |_| {
        matches!(seat.state(), ServiceState::Waiting | ServiceState::Greeted | ServiceState::InService)
    });
    let count = move || {
        lines.with(|lines| {
            let done = lines.iter().filter(|line| line.done.is_some()).count();
            tr!(lang, chair.prep.count, done = done, all = lines.len())
        })
    };
    let open = move || may.get() && lines.with(|lines| lines.iter().any(|line| line.done.is_none()));
    view! {
        <section class="prep" aria-labelledby="prep-title">
            <div class="card-head">
                <h2 id="prep-title">{tr!(lang, chair.prep.title)}</h2>
                <small class="num">{count}</small>
            </div>
            <FormNote errors/>
            <ul class="ticks">
                {move || {
                    lines
                        .get()
                        .into_iter()
                        .map(|line| match line.what {
                            PrepItem::Climate => climate(seat, action, errors, line, may.get()),
                            _ => tick(seat, action, line, may.get()),
                        })
                        .collect_view()
                }}
            </ul>
            {move || open().then(|| view! { <p class="small muted mt-2">{tr!(lang, chair.prep.open)}</p> })}
        </section>
    }
}

fn end(seat: Seat, line: &PrepView) -> Option<AnyView> {
    line.done.as_ref().map(|(at, by)| {
        view! { <span class="tick-end num">{at.hhmm()} <small class="block">{by.get(seat.lang).to_owned()}</small></span> }
            .into_any()
    })
}

fn tick(seat: Seat, action: ServerAction<api::Prepare>, line: PrepView, may: bool) -> AnyView {
    let done = line.done.is_some();
    view! {
        <li class="tick" data-state=if done { "done" } else { "todo" }>
            <ActionForm action>
                <input type="hidden" name="item" value=seat.item()/>
                <input type="hidden" name="what" value=line.what.code()/>
                <input type="hidden" name="state" value=if done { "open" } else { "done" }/>
                <button
                    type="submit"
                    role="checkbox"
                    disabled=!may
                    aria-checked=if done { "true" } else { "false" }
                >
                    <span class="tick-box">
                        <Icon name=IconName::Check/>
                    </span>
                    <span class="tick-main">
                        <b>{prep_name(seat.lang, line.what)}</b>
                    </span>
                    {end(seat, &line)}
                </button>
            </ActionForm>
        </li>
    }
    .into_any()
}

/// Temperature and humidity with their limits.
fn climate(
    seat: Seat,
    action: ServerAction<api::Prepare>,
    errors: FormErrors,
    line: PrepView,
    may: bool,
) -> AnyView {
    let lang = seat.lang;
    let limits = seat.data.with_untracked(|t| t.chair.limits);
    let within = tr!(
        lang,
        chair.prep.limits,
        t0 = degrees(limits.temperature.0),
        t1 = degrees(limits.temperature.1),
        h0 = limits.humidity.0,
        h1 = limits.humidity.1
    );
    let measured =
        line.climate.map(|c| tr!(lang, chair.prep.measured, t = degrees(c.temperature), h = c.humidity));
    let state = match (line.done.is_some(), line.outside) {
        (true, false) => "done",
        (true, true) => "now",
        _ => "todo",
    };
    let form = view! {
        <ActionForm action attr:class="tick-reason">
            <input type="hidden" name="item" value=seat.item()/>
            <input type="hidden" name="what" value=line.what.code()/>
            <TextInput
                name="temperature"
                label=tr!(lang, chair.prep.temperature)
                inputmode="decimal"
                maxlength=6
                error=errors.field("temperature")
            />
            <TextInput
                name="humidity"
                label=tr!(lang, chair.prep.humidity)
                inputmode="decimal"
                maxlength=5
                error=errors.field("humidity")
            />
            <SubmitButton kind="plain" pending=action.pending()>
                {tr!(lang, chair.prep.measure)}
            </SubmitButton>
        </ActionForm>
    };
    let end_ = end(seat, &line);
    view! {
        <li class="tick prep-climate" data-state=state>
            <div class="prep-line">
                <span class="tick-box">
                    <Icon name=if line.outside { IconName::Alert } else { IconName::Check }/>
                </span>
                <span class="tick-main">
                    <b>{prep_name(lang, line.what)} " " {measured.map(|text| view! { <span class="num">{text}</span> })}</b>
                    <small class="num">{within}</small>
                    {line
                        .outside
                        .then(|| view! { <small class="strong">{tr!(lang, chair.prep.outside)}</small> })}
                </span>
                {end_}
            </div>
            {may
                .then(|| {
                    if line.done.is_some() {
                        view! {
                            <details class="tick-skip">
                                <summary class="btn" data-size="s">
                                    {tr!(lang, chair.prep.again)}
                                </summary>
                                {form}
                            </details>
                        }
                            .into_any()
                    } else {
                        view! { <div class="prep-measure">{form}</div> }.into_any()
                    }
                })}
        </li>
    }
    .into_any()
}
