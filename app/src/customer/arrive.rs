//! `/s/:slug/arrive`: checking oneself in by the code at the door (DESK-7). Who booked types two short numbers, who did
//! not takes a ticket. And the button "I am here" on one's own booking.

use super::{
    api,
    frame::{self, OtherLang, form_key},
};
use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{
        Dot, FormErrors, FormNote, Icon, IconName, Shell, ShellKind, SubmitButton, TextInput, TopBar, format,
    },
};
use domain::{Lang, branch::ServiceCard, desk::arrive::ArriveView};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page.
#[component]
pub fn ArriveAtDoor() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let slug = move || params.with(|params| params.get("slug").unwrap_or_default());
    let link = move || query.with(|query| query.get("c").unwrap_or_default());
    let page = crate::ui::resource(
        move || (slug(), link()),
        |(slug, link)| async move {
            api::arrive_page(slug.clone(), link.clone()).await.map(|view| (slug, link, view))
        },
    );
    view! {
        {frame::private_head(tr!(lang, customer.arrive.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    page.get()
                        .map(|answer| {
                            frame::shown(
                                answer,
                                |(slug, link, view)| view! { <Door slug link view/> }.into_any(),
                            )
                        })
                }}
            </Transition>
        </Shell>
    }
}

#[component]
fn Door(slug: String, link: String, view: ArriveView) -> impl IntoView {
    let lang = use_lang();
    let branch = view.branch.name.get(lang).to_owned();
    let open = view.branch.open_now;
    let ticket = move || {
        if open {
            let (slug, link, view) = (slug.clone(), link.clone(), view.clone());
            view! {
                <Booked slug=slug.clone() link=link.clone()/>
                <Ticket slug link view/>
            }
            .into_any()
        } else {
            let (slug, link) = (slug.clone(), link.clone());
            view! {
                <Booked slug link/>
                <p class="card soft">{tr!(lang, customer.arrive.closed)}</p>
            }
            .into_any()
        }
    };
    view! {
        <TopBar title=tr!(lang, customer.arrive.title) sub=branch>
            <OtherLang/>
        </TopBar>
        <main class="page stack" id="main" data-gap="6">
            {ticket()}
        </main>
    }
}

#[component]
fn Booked(slug: String, link: String) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::Arrive>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    view! {
        <section class="card" aria-labelledby="booked-title">
            <h2 id="booked-title">{tr!(lang, customer.arrive.booked)}</h2>
            <p class="small muted mb-4">{tr!(lang, customer.arrive.booked_note)}</p>
            <ActionForm action attr:class="form">
                <FormNote errors/>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="link" value=link/>
                <div class="two-fields">
                    <TextInput
                        name="tail"
                        label=tr!(lang, customer.arrive.tail)
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength=8
                        error=errors.field("tail")
                    />
                    <TextInput
                        name="number"
                        label=tr!(lang, customer.arrive.number)
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength=8
                        error=errors.field("number")
                    />
                </div>
                <SubmitButton size="l" wide=true pending=action.pending()>
                    <Icon name=IconName::CheckCircle/>
                    {tr!(lang, customer.arrive.here)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Ticket(slug: String, link: String, view: ArriveView) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::TakeTicket>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let services_error = errors.field("services");
    let groups = view
        .categories
        .into_iter()
        .map(|category| {
            let cards = category.services.into_iter().map(|card| service(lang, &card)).collect_view();
            view! {
                <fieldset class="stack" data-gap="2">
                    <legend class="small muted">{category.name.get(lang).to_owned()}</legend>
                    <div class="choices">{cards}</div>
                </fieldset>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="ticket-title">
            <h2 id="ticket-title">{tr!(lang, customer.arrive.walk_in)}</h2>
            <p class="small muted mb-4">{tr_n!(lang, customer.arrive.before, view.waiting)}</p>
            <ActionForm action attr:class="form">
                <FormNote errors/>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="link" value=link/>
                <input type="hidden" name="key" value=form_key()/>
                {groups}
                {move || {
                    services_error
                        .get()
                        .map(|text| {
                            view! {
                                <p class="error" role="alert">
                                    <Icon name=IconName::Alert/>
                                    {text}
                                </p>
                            }
                        })
                }}
                <TextInput
                    name="name"
                    label=tr!(lang, customer.arrive.name)
                    autocomplete="name"
                    maxlength=40
                    error=errors.field("name")
                />
                <TextInput
                    name="phone"
                    label=tr!(lang, customer.phone)
                    r#type="tel"
                    inputmode="tel"
                    autocomplete="tel"
                    maxlength=20
                    hint=tr!(lang, customer.arrive.phone_note)
                    error=errors.field("phone")
                />
                <SubmitButton kind="plain" size="l" wide=true pending=action.pending()>
                    <Icon name=IconName::Ticket/>
                    {tr!(lang, customer.arrive.take)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

fn service(lang: Lang, card: &ServiceCard) -> AnyView {
    let sub = format!("{} · {}", format::span(lang, card.minutes), card.price.yuan());
    view! {
        <label class="choice">
            <input type="checkbox" name="services[]" value=card.id.to_string()/>
            <span class="choice-main">
                <span class="choice-title">{card.name.get(lang).to_owned()}</span>
                <span class="choice-sub num">{sub}</span>
            </span>
            <Dot/>
        </label>
    }
    .into_any()
}

/// 我到了: one tap on the own booking, on the day.
#[component]
pub fn HereButton(token: String) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::Here>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    view! {
        <ActionForm action attr:class="mt-5 stack">
            <FormNote errors/>
            <input type="hidden" name="token" value=token/>
            <SubmitButton size="l" wide=true pending=action.pending()>
                <Icon name=IconName::Pin/>
                {tr!(lang, customer.arrive.here)}
            </SubmitButton>
            <p class="small muted">{tr!(lang, customer.arrive.here_note)}</p>
        </ActionForm>
    }
}
