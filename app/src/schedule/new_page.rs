//! `/schedule/new`: the staff book for a customer on the telephone or at the counter. What is chosen stands in the
//! address, so it works without scripts and nothing is lost.

use super::{address::iso, api, forms::key};
use crate::{
    account::{StaffFrame, StaffPage},
    desk::Tags,
    lang::use_lang,
    tr, tr_n,
    ui::{
        Banner, Check, Field, FormErrors, FormNote, Icon, IconName, Opt, SelectInput, SubmitButton, TextArea,
        TextInput, Tone, TopBar, format,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    customer::CustomerHit,
    schedule::{NewPage, NewQuery, Standing},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

#[component]
pub fn NewBookingPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(read));
    let data = crate::ui::resource(move || wanted.get(), api::new_page);
    view! { <StaffPage data view=show/> }
}

fn read(query: &ParamsMap) -> NewQuery {
    let one = |name: &str| query.get(name).unwrap_or_default();
    NewQuery {
        q: one("q"),
        customer: one("customer"),
        services: query.get_all("services").unwrap_or_default().join(","),
        who: one("who"),
        day: one("day"),
    }
}

fn show(me: StaffMe, page: NewPage) -> AnyView {
    let lang = use_lang();
    let query = use_query_map().with_untracked(read);
    let title = tr!(lang, schedule.new.title);
    let back = format!("/schedule?view=day&day={}", iso(page.day));
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back/>
            <main class="page" id="main">
                <div class="walk-in">
                    <div class="stack" data-gap="5">
                        {customer(lang, &page, &query)} {choose(lang, &page, &query)}
                    </div>
                    <Enter page query/>
                </div>
            </main>
        </StaffFrame>
    }
    .into_any()
}

/// Keeps what is chosen in the address, but for one.
fn kept(query: &NewQuery, but: &str) -> AnyView {
    [
        ("q", &query.q),
        ("customer", &query.customer),
        ("services", &query.services),
        ("who", &query.who),
        ("day", &query.day),
    ]
    .into_iter()
    .filter(|(name, value)| *name != but && !value.is_empty())
    .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
    .collect_view()
    .into_any()
}

fn address(query: &NewQuery, customer: &str) -> String {
    let escape = leptos_router::location::Url::escape;
    format!(
        "/schedule/new?q={}&customer={customer}&services={}&who={}&day={}",
        escape(if customer.is_empty() { query.q.as_str() } else { "" }),
        query.services,
        query.who,
        query.day
    )
}

fn customer(lang: Lang, page: &NewPage, query: &NewQuery) -> AnyView {
    let inner = match &page.customer {
        Some(hit) => {
            let other = address(query, "");
            view! {
                <div class="row">
                    {about(lang, hit)}
                    <a class="btn" data-size="s" href=other>
                        {tr!(lang, schedule.new.change)}
                    </a>
                </div>
                {standing(lang, hit)}
            }
            .into_any()
        }
        None => {
            let hits = page
                .hits
                .iter()
                .map(|hit| {
                    let take = address(query, &hit.id.to_string());
                    view! {
                        <li class="row">
                            {about(lang, hit)}
                            <a class="btn" data-size="s" href=take>
                                {tr!(lang, schedule.new.take)}
                                <span class="sr">{format!(" {}", hit.name)}</span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            let found = !page.hits.is_empty();
            let (typed, nobody) = (query.q.clone(), !found && !query.q.is_empty());
            view! {
                <form class="search-line" method="get" action="/schedule/new" role="search">
                    {kept(query, "q")}
                    <Field id="q" label=tr!(lang, desk.find.label)>
                        <input
                            class="input"
                            type="search"
                            id="q"
                            name="q"
                            autocomplete="off"
                            maxlength="40"
                            placeholder=tr!(lang, desk.find.placeholder)
                            value=typed
                        />
                    </Field>
                    <button class="btn" type="submit">
                        <Icon name=IconName::Search/>
                        {tr!(lang, schedule.new.find)}
                    </button>
                </form>
                {found.then(|| view! { <ul class="rows">{hits}</ul> })}
                {nobody.then(|| view! { <p class="soft">{tr!(lang, desk.find.nobody)}</p> })}
            }
            .into_any()
        }
    };
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="who-title">
            <div class="card-head">
                <h2 id="who-title">{tr!(lang, schedule.new.customer)}</h2>
            </div>
            {inner}
        </section>
    }
    .into_any()
}

fn about(lang: Lang, hit: &CustomerHit) -> AnyView {
    let visits = tr_n!(lang, common.visits, hit.visits);
    let missed = (hit.no_shows > 0).then(|| tr_n!(lang, schedule.detail.no_shows, hit.no_shows));
    let sub: Vec<String> =
        [Some(hit.phone_masked.clone()), Some(visits), missed].into_iter().flatten().collect();
    view! {
        <span class="row-main">
            <span class="row-title">{hit.name.clone()} " " <Tags tags=hit.tags.clone()/></span>
            <span class="row-sub num">{sub.join(" · ")}</span>
        </span>
    }
    .into_any()
}

fn standing(lang: Lang, hit: &CustomerHit) -> Option<AnyView> {
    (Standing::of(hit.no_shows) == Standing::Often).then(|| {
        let text = tr_n!(lang, schedule.detail.often, hit.no_shows);
        view! { <Banner tone=Tone::Warn>{text}</Banner> }.into_any()
    })
}

/// Services, person and day; leads to the free times.
fn choose(lang: Lang, page: &NewPage, query: &NewQuery) -> AnyView {
    let chosen: Vec<_> = page.chosen.iter().map(|service| service.id).collect();
    let groups = page
        .categories
        .iter()
        .map(|category| {
            let boxes = category
                .services
                .iter()
                .map(|service| {
                    let text = format!(
                        "{} · {} · {}",
                        service.name.get(lang),
                        format::span(lang, service.minutes),
                        service.price.yuan()
                    );
                    view! {
                        <Check name="services" value=service.id.to_string() checked=chosen.contains(&service.id)>
                            {text}
                        </Check>
                    }
                })
                .collect_view();
            view! {
                <fieldset>
                    <legend class="small muted">{category.name.get(lang).to_owned()}</legend>
                    <div class="check-grid">{boxes}</div>
                </fieldset>
            }
        })
        .collect_view();
    let people = std::iter::once(Opt::new("", tr!(lang, schedule.new.anyone)))
        .chain(page.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect();
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let (day, today) = (iso(page.day), iso(page.branch.today));
    let hidden = [("q", query.q.clone()), ("customer", query.customer.clone())]
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="services-title">
            <div class="card-head">
                <h2 id="services-title">{tr!(lang, schedule.new.services)}</h2>
                <small>{tr!(lang, schedule.new.services_note, n = page.max_services)}</small>
            </div>
            <form class="form" method="get" action="/schedule/new">
                {hidden}
                {groups}
                <div class="two-fields">
                    <SelectInput name="who" label=tr!(lang, schedule.new.who) options=people value=who/>
                    <Field id="day" label=tr!(lang, schedule.new.day)>
                        <input
                            class="input"
                            type="date"
                            id="day"
                            name="day"
                            required=true
                            value=day
                            min=today
                        />
                    </Field>
                </div>
                <div>
                    <button class="btn" type="submit">
                        <Icon name=IconName::Calendar/>
                        {tr!(lang, schedule.new.look)}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Enter(page: NewPage, query: NewQuery) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::EnterBooking>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let services = page.chosen.iter().map(|service| service.id.to_string()).collect::<Vec<_>>().join(",");
    let known = page.customer.as_ref().map(|hit| hit.id.to_string());
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let typed = query.q.clone();
    let digits = typed.chars().filter(char::is_ascii_digit).count() >= 7;
    let (name, phone) = match (digits, typed.is_ascii()) {
        (true, _) => (String::new(), typed),
        (false, false) => (typed, String::new()),
        _ => (String::new(), String::new()),
    };
    let fields = known.is_none().then(|| {
        view! {
            <p class="small muted">{tr!(lang, schedule.new.new)}</p>
            <TextInput
                name="name"
                label=tr!(lang, schedule.new.name)
                value=name
                maxlength=40
                autocomplete="off"
                error=errors.field("name")
            />
            <TextInput
                name="phone"
                label=tr!(lang, schedule.new.phone)
                value=phone
                r#type="tel"
                inputmode="tel"
                maxlength=20
                autocomplete="off"
                error=errors.field("phone")
            />
        }
    });
    let sum = (!page.chosen.is_empty()).then(|| {
        let names = page.chosen.iter().map(|service| service.name.get(lang)).collect::<Vec<_>>().join(" + ");
        let span = format::span(lang, page.minutes);
        let sum = tr!(lang, schedule.new.sum, span = span, price = page.price.yuan());
        view! {
            <p>
                <b class="block">{names}</b>
                <span class="small muted num">{sum}</span>
            </p>
        }
    });
    view! {
        <ActionForm action attr:class="card stack" attr:data-gap="4">
            <input type="hidden" name="key" value=key()/>
            <input type="hidden" name="customer" value=known.unwrap_or_default()/>
            <input type="hidden" name="services" value=services/>
            <input type="hidden" name="who" value=who/>
            {sum}
            {fields}
            {times(lang, &page, errors.field("at"))}
            {tell(lang, &page)}
            <TextArea
                name="note"
                label=tr!(lang, schedule.new.note)
                rows=2
                maxlength=200
                optional=true
                error=errors.field("note")
            />
            <FormNote errors/>
            <SubmitButton size="l" wide=true pending=action.pending()>
                {tr!(lang, schedule.new.send)}
            </SubmitButton>
        </ActionForm>
    }
}

fn times(lang: Lang, page: &NewPage, error: Signal<Option<String>>) -> AnyView {
    if page.chosen.is_empty() {
        return view! { <p class="soft">{tr!(lang, schedule.new.first)}</p> }.into_any();
    }
    if !page.times.iter().any(|slot| slot.free) {
        return view! { <Banner tone=Tone::Warn>{tr!(lang, schedule.new.no_times)}</Banner> }.into_any();
    }
    let slots = page
        .times
        .iter()
        .filter(|slot| slot.free)
        .map(|slot| {
            view! {
                <label>
                    <input type="radio" name="at" value=slot.at.millis().to_string()/>
                    {slot.at.hhmm()}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend>{format!("{} · {}", tr!(lang, schedule.new.times), format::day_weekday(lang, page.day))}</legend>
            <div class="slots">{slots}</div>
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p class="error">
                                <Icon name=IconName::Alert/>
                                {text}
                            </p>
                        }
                    })
            }}
        </fieldset>
    }
    .into_any()
}

/// BOOK-12: what to say on the telephone, and that it was said.
fn tell(lang: Lang, page: &NewPage) -> Option<AnyView> {
    let early = (page.arrive_early > 0).then(|| tr_n!(lang, schedule.new.early, page.arrive_early));
    let lines: Vec<String> =
        early.into_iter().chain(page.precautions.iter().map(|text| text.get(lang).to_owned())).collect();
    (!lines.is_empty()).then(|| {
        let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! {
            <div class="stack" data-gap="2">
                <p class="small strong">{tr!(lang, schedule.new.tell)}</p>
                <ul class="small soft plain-list">{lines}</ul>
                <Check name="told" value="on">
                    {tr!(lang, schedule.new.told)}
                </Check>
            </div>
        }
        .into_any()
    })
}
