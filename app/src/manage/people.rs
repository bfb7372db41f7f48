//! `/settings/people`: who works in the branch, what they do, whose certificate ends soon.

use super::{
    api,
    frame::{ManageFrame, Tab, kind, query},
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr, tr_n,
    ui::{Blank, Icon, IconName, Status, Tag, Tone, format},
};
use domain::{Lang, account::StaffMe, staff::PersonLine};
use leptos::prelude::*;

/// Days before the end of a certificate at which it is renewed.
const SOON: i64 = 30;

#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = query();
    let data = crate::ui::resource(move || query.get(), |_| api::people());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, people: Vec<PersonLine>) -> AnyView {
    let lang = use_lang();
    let list = if people.is_empty() {
        view! { <Blank title=tr!(lang, manage.people.none) text=tr!(lang, manage.people.none_text)/> }
            .into_any()
    } else {
        let rows = people.into_iter().map(|person| row(lang, person)).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! {
        <ManageFrame me tab=Tab::People title=tr!(lang, manage.people.title)>
            <div class="manage-bar" data-end="true">
                <a class="btn" data-kind="primary" href="/settings/people/new">
                    <Icon name=IconName::UserPlus/>
                    {tr!(lang, manage.people.add)}
                </a>
            </div>
            <section aria-label=tr!(lang, manage.people.title)>
                {list}
            </section>
        </ManageFrame>
    }
    .into_any()
}

fn row(lang: Lang, person: PersonLine) -> AnyView {
    let skills: Vec<String> = person.skills.iter().map(|code| kind(lang, code)).collect();
    let sub = format!("{} · {}", person.title.get(lang), skills.join(" · "));
    let tag = if person.left {
        Some(tr!(lang, manage.people.left))
    } else {
        (!person.bookable).then(|| tr!(lang, manage.people.not_bookable))
    };
    let certificate = (!person.left && !person.skills.is_empty()).then(|| certificate(lang, &person));
    view! {
        <li>
            <a class="row" href=format!("/settings/people/{}", person.id)>
                <span class="row-main">
                    <span class="row-title">
                        {person.name.get(lang).to_owned()} " "
                        {tag.map(|text| view! { <Tag tone=Tone::Plain>{text}</Tag> })}
                    </span>
                    <span class="row-sub">{sub}</span>
                </span>
                <span class="row-end">{certificate}</span>
                <Icon name=IconName::ChevR/>
            </a>
        </li>
    }
    .into_any()
}

fn certificate(lang: Lang, person: &PersonLine) -> AnyView {
    let (tone, icon, words) = match (person.certified_until, person.ends_in) {
        (Some(_), Some(days)) if days < 0 => {
            (Tone::Stop, IconName::XCircle, tr!(lang, manage.people.ended).to_owned())
        }
        (Some(_), Some(days)) if days <= SOON => {
            (Tone::Warn, IconName::Alert, tr_n!(lang, manage.people.ends_in, days))
        }
        (Some(day), _) => {
            (Tone::Ok, IconName::Check, tr!(lang, manage.people.until, day = format::full_day(lang, day)))
        }
        (None, _) => (Tone::Stop, IconName::XCircle, tr!(lang, manage.people.missing).to_owned()),
    };
    view! {
        <Status tone icon small=true>
            {words}
        </Status>
    }
    .into_any()
}
