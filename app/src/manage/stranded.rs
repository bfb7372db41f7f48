//! `/settings/stranded`: bookings that cannot be kept as things stand, and the ways out of each.

use super::{
    api,
    frame::{ManageFrame, Note, Tab, cause, query},
    kept,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    ui::{Banner, Blank, Dot, Icon, IconName, Pager, Status, SubmitButton, Tag, TextArea, Tone, format},
};
use domain::{
    Lang,
    account::StaffMe,
    booking::stranded::{Offer, ResolvePage as One, StrandedLine, StrandedPage as List},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn StrandedPage() -> impl IntoView {
    let (all, map) = (query(), use_query_map());
    let data = crate::ui::resource(
        move || (all.get(), map.with(|query| query.get("after"))),
        |(_, after)| api::stranded(after),
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: List) -> AnyView {
    let lang = use_lang();
    let list = if page.list.items.is_empty() {
        view! {
            <div class="card">
                <Blank title=tr!(lang, manage.stranded.none) text=tr!(lang, manage.stranded.none_text)/>
            </div>
        }
        .into_any()
    } else {
        let rows = page.list.items.into_iter().map(|line| row(lang, &line)).collect_view();
        view! {
            <Banner tone=Tone::Warn>{tr!(lang, manage.stranded.note)}</Banner>
            <section aria-label=tr!(lang, manage.stranded.title)>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .into_any()
    };
    view! {
        <ManageFrame me tab=Tab::Stranded title=tr!(lang, manage.stranded.title)>
            {list}
            <Pager href="/settings/stranded" next=page.list.next/>
        </ManageFrame>
    }
    .into_any()
}

fn when(lang: Lang, line: &StrandedLine) -> String {
    format!("{} {}", format::day_weekday(lang, line.from.date()), line.from.hhmm())
}

fn services(lang: Lang, line: &StrandedLine) -> String {
    let services: Vec<&str> = line.services.iter().map(|text| text.get(lang)).collect();
    let staff: Vec<&str> = line.staff.iter().map(|text| text.get(lang)).collect();
    format!("{} · {}", services.join(" + "), staff.join(" · "))
}

fn causes(lang: Lang, line: &StrandedLine) -> impl IntoView + use<> {
    let causes = line.causes.clone();
    causes
        .into_iter()
        .map(|one| {
            view! {
                <Status tone=Tone::Warn icon=IconName::Alert small=true>
                    {cause(lang, one)}
                </Status>
            }
        })
        .collect_view()
}

fn row(lang: Lang, line: &StrandedLine) -> AnyView {
    view! {
        <li>
            <a class="row" href=format!("/settings/stranded/{}", line.booking)>
                <span class="row-main">
                    <span class="row-title">
                        <span class="num">{when(lang, line)}</span>
                        " "
                        {line.customer.clone()}
                    </span>
                    <span class="row-sub">{services(lang, line)}</span>
                    <span class="cluster">{causes(lang, line)}</span>
                </span>
                <span class="row-end">{tr!(lang, manage.stranded.resolve)}</span>
                <Icon name=IconName::ChevR/>
            </a>
        </li>
    }
    .into_any()
}

#[component]
pub fn ResolvePage() -> impl IntoView {
    let (query, params) = (query(), use_params_map());
    let data = crate::ui::resource(
        move || (query.get(), params.with(|params| params.get("booking").unwrap_or_default())),
        |(_, booking)| api::resolve_page(booking),
    );
    view! { <StaffPage data view=show_one/> }
}

fn show_one(me: StaffMe, page: One) -> AnyView {
    let lang = use_lang();
    let line = page.line.clone();
    let phone = format!("tel:{}", line.phone);
    let ways = if page.settled {
        view! {
            <div class="card">
                <Blank title=tr!(lang, manage.stranded.settled) text=tr!(lang, manage.stranded.settled_text)/>
            </div>
        }
        .into_any()
    } else {
        view! {
            <Offers page=page.clone()/>
            <GiveUp page/>
        }
        .into_any()
    };
    view! {
        <ManageFrame me tab=Tab::Stranded title=tr!(lang, manage.stranded.title) back="/settings/stranded">
            <section class="card stack" aria-labelledby="which-title">
                <h2 id="which-title">
                    <span class="num">{when(lang, &line)}</span>
                    " "
                    {line.customer.clone()}
                </h2>
                <p>{services(lang, &line)} " · " <span class="num">{line.number.clone()}</span></p>
                <p class="cluster">{causes(lang, &line)}</p>
                {(!line.phone.is_empty())
                    .then(|| {
                        view! {
                            <a class="more" href=phone>
                                <Icon name=IconName::Phone/>
                                {tr!(lang, manage.stranded.call, phone = line.phone.clone())}
                            </a>
                        }
                    })}
            </section>
            {ways}
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Offers(page: One) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::Resolve>::new();
    let (_, errors) = kept::form("resolve", domain::booking::stranded::ResolveForm::default(), action);
    if page.offers.is_empty() {
        return view! {
            <div class="card">
                <Blank
                    title=tr!(lang, manage.stranded.offers_none)
                    text=tr!(lang, manage.stranded.offers_none_text)
                />
            </div>
        }
        .into_any();
    }
    let key = uuid::Uuid::now_v7().simple().to_string();
    let offers = page.offers.iter().enumerate().map(|(n, offer)| choice(lang, n == 0, offer)).collect_view();
    view! {
        <ActionForm action attr:class="card stack">
            <h2>{tr!(lang, manage.stranded.offers)}</h2>
            <input type="hidden" name="booking" value=page.line.booking.to_string()/>
            <input type="hidden" name="version" value=page.version.to_string()/>
            <input type="hidden" name="key" value=key/>
            <fieldset class="choices">
                <legend class="sr">{tr!(lang, manage.stranded.offers)}</legend>
                {offers}
            </fieldset>
            <Note errors/>
            <SubmitButton pending=action.pending()>{tr!(lang, manage.stranded.move_to)}</SubmitButton>
        </ActionForm>
    }
    .into_any()
}

fn choice(lang: Lang, first: bool, offer: &Offer) -> AnyView {
    let when = format!("{} {}", format::day_weekday(lang, offer.at.date()), offer.at.hhmm());
    let staff: Vec<&str> = offer.staff.iter().map(|text| text.get(lang)).collect();
    let tag = |shown: bool, text: &'static str| shown.then(|| view! { <Tag tone=Tone::Brand>{text}</Tag> });
    view! {
        <label class="choice">
            <input type="radio" name="to" value=offer.code() checked=first/>
            <span class="choice-main">
                <span class="choice-title num">{when}</span>
                <span class="choice-sub">
                    {staff.join(" · ")} " " {tag(offer.same_time, tr!(lang, manage.stranded.same_time))} " "
                    {tag(offer.same_person, tr!(lang, manage.stranded.same_person))}
                </span>
            </span>
            <Dot/>
        </label>
    }
    .into_any()
}

#[component]
fn GiveUp(page: One) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::GiveUp>::new();
    let (_, errors) = kept::form("give_up", (), action);
    view! {
        <details class="card">
            <summary>{tr!(lang, manage.stranded.cancel)}</summary>
            <ActionForm action attr:class="stack">
                <p class="muted">{tr!(lang, manage.stranded.cancel_text)}</p>
                <input type="hidden" name="booking" value=page.line.booking.to_string()/>
                <input type="hidden" name="version" value=page.version.to_string()/>
                <TextArea
                    name="note"
                    label=tr!(lang, manage.stranded.cancel_note)
                    maxlength=200
                    optional=true
                    error=errors.field("note")
                />
                <Note errors/>
                <SubmitButton kind="danger" pending=action.pending()>
                    {tr!(lang, manage.stranded.do_cancel)}
                </SubmitButton>
            </ActionForm>
        </details>
    }
}
