//! `/desk/walk-in`: a customer without a booking, in under half a minute and by keyboard alone (DESK-2).

use super::{
    Tags, api,
    find::{focus_first, short_line},
    strip::turn_note,
    ticket::Ticket,
};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Blank, Dot, Field, FormErrors, FormNote, Icon, IconName, Opt, SelectInput, SubmitButton, TextInput,
        TopBar, fields::described, format,
    },
};
use domain::{
    Lang, ServiceId,
    account::StaffMe,
    booking::Qr,
    branch::{Category, ServiceCard},
    customer::CustomerHit,
    desk::{QueueView, Turn, WalkInPage as Menu, check_search},
    permission::Action,
};
use leptos::{html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What the page stands at.
#[derive(Clone, Serialize, Deserialize)]
enum Stand {
    Form(Box<Menu>),
    Ticket(Box<QueueView>, Qr),
}

#[component]
pub fn WalkInPage() -> impl IntoView {
    let query = use_query_map();
    let ticket = Memo::new(move |_| query.with(|query| query.get("ticket")));
    let data = crate::ui::resource(
        move || ticket.get(),
        |ticket| async move {
            match ticket {
                Some(token) => api::ticket(token).await.map(|(queue, qr)| Stand::Ticket(Box::new(queue), qr)),
                None => api::walk_in_page().await.map(|menu| Stand::Form(Box::new(menu))),
            }
        },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, stand: Stand) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, desk.walk_in.title);
    let allowed = may(&me, Action::AddWalkIn);
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk"/>
            <main class="page" id="main">
                {match stand {
                    Stand::Ticket(queue, qr) => view! { <Ticket queue=*queue qr/> }.into_any(),
                    Stand::Form(menu) if allowed => view! { <WalkInForm menu=*menu/> }.into_any(),
                    Stand::Form(_) => {
                        view! { <Blank title=tr!(lang, ui.error.forbidden.title) text=tr!(lang, ui.error.forbidden.text)/> }
                            .into_any()
                    }
                }}
            </main>
        </StaffFrame>
    }
    .into_any()
}

/// What is being filled in, as far as one part of the page has to know of another.
#[derive(Clone, Copy)]
struct Draft {
    lang: Lang,
    /// The customer's id; empty: a new one.
    customer: RwSignal<String>,
    services: RwSignal<Vec<ServiceId>>,
    errors: FormErrors,
}

#[component]
fn WalkInForm(menu: Menu) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let read = move |name: &str| query.with_untracked(|query| query.get(name).unwrap_or_default());
    let action = ServerAction::<api::WalkIn>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let draft = Draft {
        lang,
        customer: RwSignal::new(read("customer")),
        services: RwSignal::new(Vec::new()),
        errors,
    };
    // the server's key stays in the field when the browser takes over; either makes the request one of its own
    let key = uuid::Uuid::now_v7().simple().to_string();
    let all: Vec<ServiceCard> =
        menu.categories.iter().flat_map(|category| category.services.iter().cloned()).collect();
    view! {
        <form id="walk-find" method="get" action="/desk/walk-in"></form>
        <ActionForm action attr:class="walk-in">
            <input type="hidden" name="key" value=key/>
            <div class="stack" data-gap="5">
                <Who draft q=read("q") today=menu.branch.today/>
                <Services draft categories=menu.categories/>
            </div>
            <aside class="card stack" data-gap="4">
                <Chosen draft all waiting=menu.waiting/>
                <Person draft turns=menu.turns/>
                <FormNote errors/>
                <SubmitButton size="l" wide=true pending=action.pending()>
                    <Icon name=IconName::Ticket/>
                    {tr!(lang, desk.walk_in.give)}
                </SubmitButton>
            </aside>
        </ActionForm>
    }
}

/// The customer: found, or new with name and phone.
#[component]
fn Who(draft: Draft, q: String, today: chrono::NaiveDate) -> impl IntoView {
    let lang = draft.lang;
    let asked = RwSignal::new(q.clone());
    let hits = crate::ui::resource(
        move || asked.get(),
        |q| async move { if check_search(&q).is_ok() { api::find(q).await } else { Ok(Vec::new()) } },
    );
    let mut ask = debounce(Duration::from_millis(150), move |typed: String| {
        let _ = asked.try_set(typed);
    });
    // someone typed in the field is someone new if nobody is found; the same again changes nothing
    let typed = Memo::new(move |_| asked.get());
    let is_new = Memo::new(move |_| draft.customer.with(String::is_empty));
    let digits = move || typed.get().chars().filter(char::is_ascii_digit).count() >= 7;
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="who-title">
            <div class="card-head">
                <h2 id="who-title">{tr!(lang, desk.walk_in.who)}</h2>
            </div>
            <div class="search" role="search">
                <label class="sr" for="walk-q">
                    {tr!(lang, desk.find.label)}
                </label>
                <Icon name=IconName::Search/>
                <input
                    class="input"
                    type="search"
                    id="walk-q"
                    name="q"
                    form="walk-find"
                    autocomplete="off"
                    autofocus=true
                    maxlength="40"
                    placeholder=tr!(lang, desk.find.placeholder)
                    value=q
                    on:input=move |event| {
                        draft.customer.set(String::new());
                        ask(event_target_value(&event));
                    }
                    // Whoever goes on to the next field does not wait.
                    on:change=move |event| asked.set(event_target_value(&event))
                    on:keydown=move |event| {
                        match event.key().as_str() {
                            "Enter" => {
                                event.prevent_default();
                                take_first(draft);
                            }
                            "ArrowDown" => {
                                event.prevent_default();
                                focus_first("#who-hits input");
                            }
                            _ => {}
                        }
                    }
                />
            </div>
            <Transition>
                {move || {
                    hits.get().map(|hits| view! { <Hits draft hits=hits.unwrap_or_default() today/> })
                }}
            </Transition>
            <Show when=move || is_new.get()>
                <div class="two-fields">
                    {move || {
                        let (name, phone) = if digits() { (String::new(), typed.get()) } else { (typed.get(), String::new()) };
                        // initials and half a number are no name
                        let name = if name.is_ascii() { String::new() } else { name };
                        view! {
                            <TextInput
                                name="name"
                                label=tr!(lang, desk.walk_in.name)
                                value=name
                                maxlength=40
                                autocomplete="off"
                                error=draft.errors.field("name")
                            />
                            <TextInput
                                name="phone"
                                label=tr!(lang, desk.walk_in.phone)
                                value=phone
                                r#type="tel"
                                inputmode="tel"
                                maxlength=20
                                autocomplete="off"
                                error=draft.errors.field("phone")
                            />
                        }
                    }}
                </div>
            </Show>
        </section>
    }
}

/// Enter in the search field: takes the first customer found and goes on to the services; with nobody found, to the
/// fields of a new customer.
fn take_first(draft: Draft) {
    let first = document()
        .query_selector("#who-hits input")
        .ok()
        .flatten()
        .and_then(|input| input.get_attribute("value"))
        .filter(|id| !id.is_empty());
    match first {
        Some(id) => {
            draft.customer.set(id);
            focus_first("#service-filter");
        }
        None => focus_first("#name"),
    }
}

#[component]
fn Hits(draft: Draft, hits: Vec<CustomerHit>, today: chrono::NaiveDate) -> impl IntoView {
    let lang = draft.lang;
    if hits.is_empty() {
        return view! { <input type="hidden" name="customer" value=""/> }.into_any();
    }
    let rows = hits
        .into_iter()
        .map(|hit| {
            let id = hit.id.to_string();
            let sub = short_line(lang, &hit, today);
            view! {
                <CustomerChoice draft id>
                    <span class="choice-title">{hit.name.clone()} " " <Tags tags=hit.tags.clone()/></span>
                    <span class="choice-sub num">{sub}</span>
                </CustomerChoice>
            }
        })
        .collect_view();
    view! {
        <div class="choices" data-grid="" id="who-hits" role="radiogroup" aria-label=tr!(lang, desk.find.results)>
            {rows}
            <CustomerChoice draft id=String::new()>
                <span class="choice-title">{tr!(lang, desk.walk_in.new)}</span>
                <span class="choice-sub">{tr!(lang, desk.walk_in.new_sub)}</span>
            </CustomerChoice>
        </div>
    }
    .into_any()
}

#[component]
fn CustomerChoice(draft: Draft, id: String, children: Children) -> impl IntoView {
    let own = id.clone();
    let taken = id.clone();
    let first = draft.customer.with_untracked(|chosen| *chosen == own);
    let checked = Signal::derive(move || draft.customer.with(|chosen| *chosen == own));
    view! {
        <label class="choice">
            <input
                type="radio"
                name="customer"
                value=id
                checked=first
                prop:checked=checked
                on:change=move |_| draft.customer.set(taken.clone())
            />
            <span class="choice-main">{children()}</span>
            <Dot/>
        </label>
    }
}

/// The menu by categories; typing in the filter and Enter ticks the first match.
#[component]
fn Services(draft: Draft, categories: Vec<Category>) -> impl IntoView {
    let lang = draft.lang;
    let filter = RwSignal::new(String::new());
    let field = NodeRef::<html::Input>::new();
    let all: StoredValue<Vec<ServiceCard>> =
        StoredValue::new(categories.iter().flat_map(|category| category.services.iter().cloned()).collect());
    let enter = move || {
        let wanted = filter.get_untracked();
        if wanted.trim().is_empty() {
            focus_first(".walk-in [type=submit]");
            return;
        }
        let found = all
            .with_value(|all| all.iter().find(|service| matches(service, &wanted)).map(|service| service.id));
        if let Some(id) = found {
            toggle(draft.services, id, true);
            filter.set(String::new());
            if let Some(field) = field.get_untracked() {
                field.set_value("");
            }
        }
    };
    let error = draft.errors.field("services");
    let groups = categories
        .into_iter()
        .map(|category| {
            let services = category.services.clone();
            let any = move || services.iter().any(|service| filter.with(|filter| matches(service, filter)));
            let cards = category
                .services
                .into_iter()
                .map(|service| view! { <ServiceChoice draft service filter/> })
                .collect_view();
            view! {
                <fieldset class="stack" data-gap="2" hidden=move || !any()>
                    <legend class="small muted">{category.name.get(lang).to_owned()}</legend>
                    <div class="choices" data-grid="">
                        {cards}
                    </div>
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="services-title">
            <div class="card-head">
                <h2 id="services-title">{tr!(lang, desk.walk_in.services)}</h2>
                <small>{tr!(lang, desk.walk_in.services_note)}</small>
            </div>
            <Field id="service-filter" label=tr!(lang, desk.walk_in.filter) error>
                <input
                    class="input"
                    type="search"
                    id="service-filter"
                    autocomplete="off"
                    placeholder=tr!(lang, desk.walk_in.filter_hint)
                    aria-describedby=described("service-filter", false, error)
                    node_ref=field
                    on:input=move |event| filter.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            enter();
                        }
                    }
                />
            </Field>
            {groups}
        </section>
    }
}

fn matches(service: &ServiceCard, filter: &str) -> bool {
    let wanted = filter.trim().to_lowercase();
    wanted.is_empty()
        || service.name.zh.to_lowercase().contains(&wanted)
        || service.name.en.to_lowercase().contains(&wanted)
}

fn toggle(chosen: RwSignal<Vec<ServiceId>>, id: ServiceId, on: bool) {
    chosen.update(|chosen| {
        chosen.retain(|other| *other != id);
        if on {
            chosen.push(id);
        }
    });
}

#[component]
fn ServiceChoice(draft: Draft, service: ServiceCard, filter: RwSignal<String>) -> impl IntoView {
    let lang = draft.lang;
    let id = service.id;
    let checked = Signal::derive(move || draft.services.with(|chosen| chosen.contains(&id)));
    let sub = format!("{} · {}", format::span(lang, service.minutes), service.price.yuan());
    let name = service.name.get(lang).to_owned();
    let hidden = move || filter.with(|filter| !matches(&service, filter));
    view! {
        <label class="choice" hidden=hidden>
            <input
                type="checkbox"
                name="services[]"
                value=id.to_string()
                prop:checked=checked
                on:change=move |event| toggle(draft.services, id, event_target_checked(&event))
            />
            <span class="choice-main">
                <span class="choice-title">{name}</span>
                <span class="choice-sub num">{sub}</span>
            </span>
            <Dot/>
        </label>
    }
}

/// What has been chosen so far: services, minutes, how many wait.
#[component]
fn Chosen(draft: Draft, all: Vec<ServiceCard>, waiting: u32) -> impl IntoView {
    let lang = draft.lang;
    let all = StoredValue::new(all);
    let lines = move || {
        let chosen = draft.services.get();
        let cards: Vec<ServiceCard> = all.with_value(|all| {
            chosen.iter().filter_map(|id| all.iter().find(|card| card.id == *id)).cloned().collect()
        });
        if cards.is_empty() {
            return view! { <p class="soft meta">{tr!(lang, desk.walk_in.nothing)}</p> }.into_any();
        }
        let minutes: u32 = cards.iter().map(|card| card.minutes).sum();
        let price: domain::Fen = cards.iter().map(|card| card.price).sum();
        let names = cards
            .into_iter()
            .map(|card| view! { <li class="strong">{card.name.get(lang).to_owned()}</li> })
            .collect_view();
        view! {
            <ul>{names}</ul>
            <p class="meta soft num">{format!("{} · {}", format::span(lang, minutes), price.yuan())}</p>
        }
        .into_any()
    };
    view! {
        <div class="card-head">
            <h2>{tr!(lang, desk.walk_in.ticket)}</h2>
            <small>{tr_n!(lang, desk.walk_in.before, waiting)}</small>
        </div>
        <div class="stack" data-gap="1" role="status">
            {lines}
        </div>
    }
}

/// In rotation, or a wished-for person.
#[component]
fn Person(draft: Draft, turns: Vec<Turn>) -> impl IntoView {
    let lang = draft.lang;
    let first = turns.iter().find(|turn| turn.first).map(|turn| turn.name.get(lang).to_owned());
    let rotation = match first {
        Some(name) => tr!(lang, desk.walk_in.rotation_to, name = name),
        None => tr!(lang, desk.wish.rotation).to_owned(),
    };
    let options = std::iter::once(Opt::new("", rotation))
        .chain(turns.iter().map(|turn| {
            let text = format!("{} · {}", turn.name.get(lang), turn_note(lang, turn));
            Opt::new(turn.staff, tr!(lang, desk.wish.request, name = text))
        }))
        .collect::<Vec<_>>();
    view! { <SelectInput name="who" label=tr!(lang, desk.walk_in.person) options error=draft.errors.field("who")/> }
}
