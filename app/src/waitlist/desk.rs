//! `/desk/waitlist`: who waits in the branch and what became of it, and putting a customer onto the list.

use super::{
    api,
    join::{days, parts},
    words,
};
use crate::{
    account::{StaffFrame, StaffPage},
    customer::frame::form_key,
    lang::use_lang,
    tr,
    ui::{
        Blank, FormErrors, FormNote, Icon, IconName, Opt, Pager, SelectInput, Status, SubmitButton,
        TextInput, TopBar, format,
    },
};
use domain::{
    Lang, Page,
    account::StaffMe,
    booking::{DeskMenu, waitlist::WaitLine},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The list.
#[component]
pub fn DeskWaitlist() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| (query.get("past").is_some_and(|past| past == "1"), query.get("after")))
    });
    let data = crate::ui::resource(
        move || asked.get(),
        |(past, after)| async move { api::list(past, after).await.map(|page| (past, page)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (past, page): (bool, Page<WaitLine>)) -> AnyView {
    let lang = use_lang();
    let remove = ServerAction::<api::Remove>::new();
    let errors = FormErrors::of(lang, move || remove.value().get());
    let empty = page.items.is_empty();
    let rows = page.items.iter().map(|line| row(lang, line, remove)).collect_view();
    let link = |to: &'static str, text: &'static str, here: bool| {
        view! {
            <a href=to aria-current=here.then_some("page")>
                {text}
            </a>
        }
    };
    view! {
        <Title text=tr!(lang, waitlist.title)/>
        <StaffFrame me>
            <TopBar title=tr!(lang, waitlist.title) sub=tr!(lang, waitlist.desk_sub)>
                <a class="btn" data-kind="primary" href="/desk/waitlist/new">
                    <Icon name=IconName::UserPlus/>
                    {tr!(lang, waitlist.add)}
                </a>
            </TopBar>
            <main class="page" id="main">
                <nav class="tabs" aria-label=tr!(lang, waitlist.title)>
                    {link("/desk/waitlist", tr!(lang, waitlist.open), !past)}
                    {link("/desk/waitlist?past=1", tr!(lang, waitlist.past), past)}
                </nav>
                <FormNote errors/>
                {if empty {
                    view! { <Blank title=tr!(lang, waitlist.none_title) text=tr!(lang, waitlist.none_text)/> }.into_any()
                } else {
                    view! { <ul class="waits mt-4">{rows}</ul> }.into_any()
                }}
                <Pager href=if past { "/desk/waitlist?past=1" } else { "/desk/waitlist" } next=page.next/>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn row(lang: Lang, line: &WaitLine, remove: ServerAction<api::Remove>) -> AnyView {
    let (tone, icon) = words::mark(line.state);
    let today = line.since.date();
    let offer = line.offer.as_ref().map(|offer| {
        tr!(
            lang,
            waitlist.offered_until,
            time = format::day_time(lang, &offer.from, today),
            until = offer.until.hhmm()
        )
    });
    let history = (line.history.iter())
        .map(|event| {
            let from = event.from.as_ref().map(|at| format!(" · {}", format::day_time(lang, at, today)));
            view! {
                <li>
                    <span class="num">{format::day_time(lang, &event.at, today)}</span>
                    " "
                    {words::event(lang, &event.kind)}
                    {from}
                </li>
            }
        })
        .collect_view();
    let facts = [
        words::services(lang, line),
        words::who(lang, line),
        words::days(lang, line),
        words::parts(lang, line.parts),
    ]
    .join(" · ");
    let by = if line.by_desk { tr!(lang, waitlist.by_desk) } else { tr!(lang, waitlist.by_self) };
    let (token, state) = (line.token.clone(), line.state);
    view! {
        <li class="card">
            <div class="cluster" data-between>
                <div class="grow">
                    <b>{line.name.clone()}</b>
                    " "
                    <span class="meta num">{line.phone_masked.clone()}</span>
                    <p class="meta">{facts}</p>
                    {offer.map(|offer| view! { <p class="strong">{offer}</p> })}
                </div>
                <Status tone icon>
                    {words::state(lang, state)}
                </Status>
            </div>
            <div class="cluster" data-between>
                <details class="fold grow">
                    <summary>{tr!(lang, waitlist.history)} " · " {by}</summary>
                    <ol class="meta stack" data-gap="1">
                        {history}
                    </ol>
                </details>
                {line
                    .state
                    .is_open()
                    .then(|| {
                        view! {
                            <ActionForm action=remove>
                                <input type="hidden" name="token" value=token/>
                                <button class="btn" data-kind="quiet" type="submit">
                                    {tr!(lang, waitlist.remove)}
                                </button>
                            </ActionForm>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}

/// The desk's form.
#[component]
pub fn DeskWaitForm() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| api::menu());
    view! { <StaffPage data view=form/> }
}

fn form(me: StaffMe, menu: DeskMenu) -> AnyView {
    let lang = use_lang();
    let enter = ServerAction::<api::Enter>::new();
    let errors = FormErrors::of(lang, move || enter.value().get());
    let services = (menu.categories.iter())
        .flat_map(|category| category.services.iter())
        .map(|service| Opt::new(service.id, service.name.get(lang)))
        .collect::<Vec<_>>();
    let people = std::iter::once(Opt::new("", tr!(lang, booking.who.anyone)))
        .chain(menu.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect::<Vec<_>>();
    let last = menu.branch.today + chrono::Duration::days(6);
    view! {
        <Title text=tr!(lang, waitlist.add)/>
        <StaffFrame me>
            <TopBar title=tr!(lang, waitlist.add) back="/desk/waitlist"/>
            <main class="page" id="main">
                <ActionForm action=enter attr:class="card form narrow">
                    <FormNote errors/>
                    <input type="hidden" name="key" value=form_key()/>
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
                    <SelectInput
                        name="services"
                        label=tr!(lang, waitlist.service)
                        options=services
                        error=errors.field("services")
                    />
                    <SelectInput name="who" label=tr!(lang, waitlist.who) options=people error=errors.field("who")/>
                    {days(lang, &menu.branch.today.to_string(), &last.to_string(), errors)}
                    {parts(lang, errors)}
                    <SubmitButton pending=enter.pending() size="l">
                        {tr!(lang, waitlist.add)}
                    </SubmitButton>
                </ActionForm>
            </main>
        </StaffFrame>
    }
    .into_any()
}
