//! `/chair/deviations`: where services departed from their procedures, for the technical lead (TREAT-3).

use super::{
    api,
    words::{deviation_name, list, prep_name, when},
};
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr, tr_n,
    ui::{
        Blank, FormErrors, FormNote, IconName, More, Opt, Pager, SelectInput, Status, SubmitButton,
        TextInput, Tone, TopBar, format,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    treat::{DeviationKind, DeviationPage, DeviationSearch, DeviationView, PrepItem},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn DeviationsPage() -> impl IntoView {
    let query = use_query_map();
    let search = Memo::new(move |_| {
        query.with(|query| {
            let get = |name: &str| query.get(name).unwrap_or_default();
            DeviationSearch {
                service: get("service"),
                staff: get("staff"),
                days: get("days"),
                show: get("show"),
                after: get("after"),
            }
        })
    });
    let seen = ServerAction::<api::Acknowledge>::new();
    let version = seen.version();
    let data = crate::ui::resource(
        move || (search.get(), version.get()),
        |(search, _)| async move { api::deviations(search.clone()).await.map(|page| (search, page)) },
    );
    provide_context(seen);
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (search, page): (DeviationSearch, DeviationPage)) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, chair.deviation.title);
    let seen = use_context::<ServerAction<api::Acknowledge>>().unwrap_or_default();
    let errors = FormErrors::of(lang, move || seen.value().get());
    let next = page.next.clone();
    let href = format!(
        "/chair/deviations?service={}&staff={}&days={}&show={}",
        search.service, search.staff, search.days, search.show
    );
    let open = page.open;
    let items = page.items.iter().map(|one| item(lang, seen, one)).collect_view();
    let list = if page.items.is_empty() {
        view! {
            <div class="card">
                <Blank title=tr!(lang, chair.deviation.none) text=tr!(lang, chair.deviation.none_text)/>
            </div>
        }
        .into_any()
    } else {
        view! { <ul class="deviations">{items}</ul> }.into_any()
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title sub=tr_n!(lang, chair.deviation.sub, open)/>
            <main class="page" id="main">
                {filter(lang, &search, &page)}
                <FormNote errors/>
                {list}
                <Pager href next=next/>
            </main>
        </StaffFrame>
    }
    .into_any()
}

fn filter(lang: Lang, search: &DeviationSearch, page: &DeviationPage) -> AnyView {
    let all = || Opt::new("", tr!(lang, chair.deviation.all));
    let services = std::iter::once(all())
        .chain(page.services.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect::<Vec<_>>();
    let people = std::iter::once(all())
        .chain(page.people.iter().map(|(id, name)| Opt::new(id, name.get(lang))))
        .collect::<Vec<_>>();
    let days = std::iter::once(all())
        .chain([7, 30, 90].map(|n| Opt::new(n, tr!(lang, chair.deviation.days_n, n = n))))
        .collect::<Vec<_>>();
    let shows = vec![
        Opt::new("", tr!(lang, chair.deviation.open_only)),
        Opt::new("all", tr!(lang, chair.deviation.everything)),
    ];
    view! {
        <form class="filters no-print" method="get" action="/chair/deviations" aria-label=tr!(lang, chair.deviation.filter)>
            <SelectInput
                name="service"
                label=tr!(lang, chair.deviation.service)
                options=services
                value=search.service.clone()
            />
            <SelectInput
                name="staff"
                label=tr!(lang, chair.deviation.staff)
                options=people
                value=search.staff.clone()
            />
            <SelectInput
                name="days"
                label=tr!(lang, chair.deviation.days)
                options=days
                value=search.days.clone()
            />
            <SelectInput
                name="show"
                label=tr!(lang, chair.deviation.show)
                options=shows
                value=search.show.clone()
            />
            <button class="btn" type="submit">
                {tr!(lang, chair.deviation.apply)}
            </button>
        </form>
    }
    .into_any()
}

/// The step, the rule, or the lines that were not ready.
fn what(lang: Lang, one: &DeviationView) -> String {
    match one.kind {
        DeviationKind::Prep => list(
            lang,
            one.text.zh.split(',').filter_map(PrepItem::from_code).map(|code| prep_name(lang, code)),
        ),
        _ => one.text.get(lang).to_owned(),
    }
}

fn item(lang: Lang, seen: ServerAction<api::Acknowledge>, one: &DeviationView) -> AnyView {
    let (tone, icon) = match one.kind {
        DeviationKind::Stop => (Tone::Stop, IconName::Stop),
        DeviationKind::Step => (Tone::Warn, IconName::Alert),
        DeviationKind::Prep => (Tone::Idle, IconName::ListCheck),
    };
    let at = format!("{} {}", format::full_day(lang, one.at.date()), one.at.hhmm());
    let reason = one.reason.clone().unwrap_or_else(|| tr!(lang, chair.deviation.no_reason).to_owned());
    let sub = [one.service.get(lang).to_owned(), one.staff_name.get(lang).to_owned(), at];
    let sub = sub.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let id = one.id.to_string();
    let (name, what) = (deviation_name(lang, one.kind), what(lang, one));
    let href = format!("/chair/{}/record", one.item);
    let end = match &one.acknowledged {
        Some((at, by, comment)) => {
            let text = tr!(
                lang,
                chair.deviation.acked,
                when = when(lang, at, &one.at),
                by = by.get(lang).to_owned()
            );
            view! {
                <div class="stack" data-gap="1">
                    <Status tone=Tone::Ok icon=IconName::CheckCircle small=true>
                        {text}
                    </Status>
                    {comment.clone().map(|comment| view! { <p class="meta pre-line">{comment}</p> })}
                </div>
            }
            .into_any()
        }
        None => view! {
            <ActionForm action=seen attr:class="ack">
                <input type="hidden" name="deviation" value=id.clone()/>
                <TextInput
                    name="comment"
                    id=format!("comment-{id}")
                    label=tr!(lang, chair.deviation.comment)
                    maxlength=200
                    optional=true
                />
                <SubmitButton kind="plain" pending=seen.pending()>
                    {tr!(lang, chair.deviation.ack)}
                </SubmitButton>
            </ActionForm>
        }
        .into_any(),
    };
    view! {
        <li class="card deviation">
            <div class="stack" data-gap="1">
                <Status tone icon>
                    {name}
                </Status>
                <h2 class="deviation-what">{what}</h2>
                <p class="meta">{tr!(lang, chair.deviation.reason)} " · " {reason}</p>
                <p class="small muted num">
                    {sub} " " <More href>{tr!(lang, chair.deviation.open_record)}</More>
                </p>
            </div>
            {end}
        </li>
    }
    .into_any()
}
