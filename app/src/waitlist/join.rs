//! `/s/:slug/wait`: the days and times that would do, and whom to tell. What is waited for stands in the address.

use super::api;
use crate::{
    booking::{address, shown_or_gone},
    customer::frame::{self, OtherLang, form_key},
    lang::use_lang,
    tr,
    ui::{Check, FormErrors, FormNote, Opt, SelectInput, Shell, ShellKind, SubmitButton, TextInput, TopBar},
};
use domain::{
    Lang,
    booking::{SlotQuery, waitlist::WaitPage},
    time::DayPart,
};
use leptos::prelude::*;
use leptos_router::{
    components::Redirect,
    hooks::{use_params_map, use_query_map},
};

/// The page.
#[component]
pub fn JoinWaitlist() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let search = Memo::new(move |_| {
        let slug = params.with(|params| params.get("slug").unwrap_or_default());
        query.with(|query| SlotQuery {
            branch: slug,
            services: query.get_all("services").unwrap_or_default().join(","),
            who: query.get("who").unwrap_or_default(),
            day: query.get("day").unwrap_or_default(),
            moving: None,
        })
    });
    // What to wait for is chosen first.
    if search.with_untracked(|search| search.services.is_empty()) {
        let menu = search.with_untracked(|search| address::choose(&search.branch, "", "", ""));
        return view! { <Redirect path=menu/> }.into_any();
    }
    let page = crate::ui::resource(move || search.get(), api::page);
    let join = ServerAction::<api::Join>::new();
    let key = StoredValue::new(form_key());
    view! {
        {frame::private_head(tr!(lang, waitlist.title))}
        <Shell kind=ShellKind::Phone>
            <Transition fallback=frame::waiting>
                {move || {
                    page.get()
                        .map(|answer| shown_or_gone(lang, search, answer, |page| view(lang, page, join, key.get_value())))
                }}
            </Transition>
        </Shell>
    }
    .into_any()
}

fn view(lang: Lang, page: WaitPage, join: ServerAction<api::Join>, key: String) -> AnyView {
    let errors = FormErrors::of(lang, move || join.value().get());
    let branch = page.branch.name.get(lang).to_owned();
    let what = page.names.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let who = page.who.map(|who| who.to_string()).unwrap_or_default();
    let back = address::choose(&page.branch.slug, &page.services, &who, "");
    let people = std::iter::once(Opt::new("", tr!(lang, booking.who.anyone)))
        .chain(page.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect::<Vec<_>>();
    view! {
        <TopBar title=tr!(lang, waitlist.title) sub=branch back=back>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <h2 class="greet">{what}</h2>
            <p class="meta soft">{tr!(lang, waitlist.how)}</p>
            <ActionForm action=join attr:class="form mt-5">
                <FormNote errors/>
                <input type="hidden" name="branch" value=page.branch.slug/>
                <input type="hidden" name="services" value=page.services/>
                <input type="hidden" name="key" value=key/>
                <SelectInput name="who" label=tr!(lang, booking.who.title) options=people value=who error=errors.field("who")/>
                {days(lang, &page.first.to_string(), &page.last.to_string(), errors)}
                {parts(lang, errors)}
                {(!page.known)
                    .then(|| {
                        view! {
                            <TextInput
                                name="name"
                                label=tr!(lang, customer.name)
                                autocomplete="name"
                                maxlength=80u16
                                error=errors.field("name")
                            />
                            <TextInput
                                name="phone"
                                label=tr!(lang, customer.phone)
                                r#type="tel"
                                inputmode="tel"
                                autocomplete="tel"
                                hint=tr!(lang, waitlist.phone_hint)
                                error=errors.field("phone")
                            />
                        }
                    })}
                <SubmitButton pending=join.pending() size="l" wide=true>
                    {if page.known { tr!(lang, waitlist.join) } else { tr!(lang, booking.hold.send) }}
                </SubmitButton>
            </ActionForm>
        </main>
    }
    .into_any()
}

/// The first and the last day that would do.
pub fn days(lang: Lang, first: &str, last: &str, errors: FormErrors) -> AnyView {
    view! {
        <div class="two-fields">
            <TextInput name="first" label=tr!(lang, waitlist.first) r#type="date" value=first error=errors.field("first")/>
            <TextInput name="last" label=tr!(lang, waitlist.last) r#type="date" value=last error=errors.field("last")/>
        </div>
    }
    .into_any()
}

/// The parts of the day that would do.
pub fn parts(lang: Lang, errors: FormErrors) -> AnyView {
    let wrong = errors.field("parts");
    let parts =
        [("morning", DayPart::Morning), ("afternoon", DayPart::Afternoon), ("evening", DayPart::Evening)]
            .map(|(name, part)| {
                view! {
                    <Check name checked=true>
                        {crate::booking::words::day_part(lang, part)}
                    </Check>
                }
            })
            .collect_view();
    view! {
        <fieldset class="field">
            <legend>{tr!(lang, waitlist.parts)}</legend>
            <div class="cluster">{parts}</div>
            {move || wrong.get().map(|error| view! { <p class="error" role="alert">{error}</p> })}
        </fieldset>
    }
    .into_any()
}
