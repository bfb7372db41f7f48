//! `/desk/series`: what, with whom, from when, how often; then every session with what stands in its way, each to be
//! adjusted, before anything is written. The wish stands in the address, the customer never does.

use super::api;
use crate::{
    account::{StaffFrame, StaffPage},
    booking::words,
    customer::frame::form_key,
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Banner, FormErrors, FormNote, IconName, Opt, SelectInput, Status, SubmitButton, TextInput, Tone,
        TopBar, errors::error_text, format,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    booking::{
        DeskMenu,
        series::{SeriesPreview, SeriesQuery, SessionPreview},
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

type Plan = (DeskMenu, SeriesQuery, Option<Result<SeriesPreview, AppError>>);

/// The page.
#[component]
pub fn PlanSeries() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let one = |name: &str| query.get(name).unwrap_or_default();
            SeriesQuery {
                services: one("services"),
                who: one("who"),
                first: one("first"),
                time: one("time"),
                every: one("every"),
                sessions: one("sessions"),
            }
        })
    });
    let data = crate::ui::resource(move || asked.get(), api::plan);
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (menu, asked, preview): Plan) -> AnyView {
    let lang = use_lang();
    let below = match preview {
        None => ().into_any(),
        Some(Err(error)) => view! {
            <div class="mt-4" role="alert">
                <Banner tone=Tone::Warn>{wrong(lang, &error)}</Banner>
            </div>
        }
        .into_any(),
        Some(Ok(preview)) => sessions(lang, &asked, &preview),
    };
    view! {
        <Title text=tr!(lang, series.title)/>
        <StaffFrame me>
            <TopBar title=tr!(lang, series.title) sub=tr!(lang, series.sub)/>
            <main class="page" id="main">{wish(lang, &menu, &asked)} {below}</main>
        </StaffFrame>
    }
    .into_any()
}

/// What is not right with the wish.
fn wrong(lang: Lang, error: &AppError) -> String {
    match error {
        AppError::Invalid(_) => tr!(lang, series.wrong).to_owned(),
        error => error_text(lang, error),
    }
}

fn wish(lang: Lang, menu: &DeskMenu, asked: &SeriesQuery) -> AnyView {
    let services = (menu.categories.iter())
        .flat_map(|category| category.services.iter())
        .map(|service| Opt::new(service.id, service.name.get(lang)))
        .collect::<Vec<_>>();
    let people = std::iter::once(Opt::new("", tr!(lang, booking.who.anyone)))
        .chain(menu.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect::<Vec<_>>();
    let every = [
        ("7", tr!(lang, series.every.week)),
        ("14", tr!(lang, series.every.two_weeks)),
        ("21", tr!(lang, series.every.three_weeks)),
        ("28", tr!(lang, series.every.four_weeks)),
        ("3", tr!(lang, series.every.three_days)),
        ("10", tr!(lang, series.every.ten_days)),
    ];
    let every = every.into_iter().map(|(days, text)| Opt::new(days, text)).collect::<Vec<_>>();
    let or = |typed: &str, else_: String| if typed.is_empty() { else_ } else { typed.to_owned() };
    let tomorrow = (menu.branch.today + chrono::Duration::days(1)).to_string();
    view! {
        <form class="card form series-wish" method="get" action="/desk/series">
            <SelectInput name="services" label=tr!(lang, waitlist.service) options=services value=asked.services.clone()/>
            <SelectInput name="who" label=tr!(lang, waitlist.who) options=people value=asked.who.clone()/>
            <TextInput name="first" label=tr!(lang, series.first) r#type="date" value=or(&asked.first, tomorrow)/>
            <TextInput name="time" label=tr!(lang, series.time) r#type="time" value=or(&asked.time, "14:00".to_owned())/>
            <SelectInput name="every" label=tr!(lang, series.interval) options=every value=or(&asked.every, "7".to_owned())/>
            <TextInput
                name="sessions"
                label=tr!(lang, series.sessions)
                r#type="number"
                inputmode="numeric"
                value=or(&asked.sessions, "6".to_owned())
            />
            <button class="btn" type="submit" data-kind=asked.services.is_empty().then_some("primary")>
                {tr!(lang, series.look)}
            </button>
        </form>
    }
    .into_any()
}

fn sessions(lang: Lang, asked: &SeriesQuery, preview: &SeriesPreview) -> AnyView {
    let book = ServerAction::<api::Book>::new();
    let errors = FormErrors::of(lang, move || book.value().get());
    let n = preview.sessions.len();
    let blocked = preview.sessions.iter().filter(|session| !session.free).count();
    let hopeless = preview.sessions.iter().any(|session| !session.free && session.nearest.is_empty());
    let rows = (preview.sessions.iter().enumerate()).map(|(i, one)| session(lang, i, n, one)).collect_view();
    let (services, who) = (asked.services.clone(), asked.who.clone());
    let price = words::price(lang, domain::Fen(preview.price.0 * n as i64));
    view! {
        <ActionForm action=book attr:class="stack mt-5">
            <h2>{tr!(lang, series.preview, n = n)}</h2>
            {if blocked > 0 {
                view! { <Banner tone=Tone::Warn>{tr!(lang, series.blocked, n = blocked)}</Banner> }.into_any()
            } else {
                view! { <Banner tone=Tone::Ok>{tr!(lang, series.all_free)}</Banner> }.into_any()
            }}
            <FormNote errors/>
            <ol class="sessions">{rows}</ol>
            <input type="hidden" name="services" value=services/>
            <input type="hidden" name="who" value=who/>
            <input type="hidden" name="key" value=form_key()/>
            <div class="card form">
                <div class="two-fields">
                    <TextInput name="name" label=tr!(lang, waitlist.name) autocomplete="off" error=errors.field("name")/>
                    <TextInput
                        name="phone"
                        label=tr!(lang, waitlist.phone)
                        r#type="tel"
                        inputmode="tel"
                        autocomplete="off"
                        error=errors.field("phone")
                    />
                </div>
                <p class="meta">{tr!(lang, series.total, price = price)}</p>
                {(!hopeless)
                    .then(|| {
                        view! {
                            <SubmitButton pending=book.pending() size="l">
                                {tr!(lang, series.book, n = n)}
                            </SubmitButton>
                        }
                    })}
            </div>
        </ActionForm>
    }
    .into_any()
}

fn session(lang: Lang, i: usize, n: usize, one: &SessionPreview) -> AnyView {
    let words = |at: &domain::LocalTime| format!("{} {}", format::day_weekday(lang, at.date()), at.hhmm());
    let mut options = Vec::new();
    if one.free {
        options.push(Opt::new(one.wished.millis(), words(&one.wished)));
    }
    options.extend(one.nearest.iter().map(|at| Opt::new(at.millis(), words(at))));
    let none = options.is_empty();
    let options =
        options.into_iter().map(|opt| view! { <option value=opt.value>{opt.text}</option> }).collect_view();
    let id = format!("session-{i}");
    let (tone, icon, word) = match (one.free, none) {
        (true, _) => (Tone::Ok, IconName::CheckCircle, tr!(lang, series.free)),
        (false, false) => (Tone::Warn, IconName::Alert, tr!(lang, series.other_time)),
        (false, true) => (Tone::Stop, IconName::Slash, tr!(lang, series.no_time)),
    };
    let wished = (!one.free).then(|| tr!(lang, series.wished, time = words(&one.wished)));
    view! {
        <li class="card">
            <label for=id.clone()>
                <b class="num">{format!("{}/{n}", i + 1)}</b>
                {wished.map(|wished| view! { <span class="meta">" " {wished}</span> })}
            </label>
            {(!none)
                .then(|| {
                    view! {
                        <select class="select" id=id name=format!("times[{i}]")>
                            {options}
                        </select>
                    }
                })}
            <Status tone icon>
                {word}
            </Status>
        </li>
    }
    .into_any()
}
