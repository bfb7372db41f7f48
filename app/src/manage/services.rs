//! `/settings`: the services of the menu, and its headings.

use super::{
    api,
    frame::{ManageFrame, Note, Tab, query},
    hours::Field,
    kept,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    ui::{Blank, Icon, IconName, Opt, Pager, SegLinks, SelectInput, SubmitButton, Tag, TextInput, Tone},
};
use domain::{
    account::StaffMe,
    branch::menu::{CategoryForm, CategoryLine, ServiceLine, ServiceQuery, ServicesPage as List},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

#[component]
pub fn ServicesPage() -> impl IntoView {
    let (all, map) = (query(), use_query_map());
    let data = crate::ui::resource(
        move || {
            let _ = all.get();
            map.with(|query| ServiceQuery {
                q: query.get("q").unwrap_or_default(),
                category: query.get("category").unwrap_or_default(),
                retired: query.get("retired").is_some_and(|value| value == "true"),
                after: query.get("after"),
            })
        },
        |query: ServiceQuery| async move {
            let read =
                api::services(query.q.clone(), query.category.clone(), query.retired, query.after.clone());
            read.await.map(|page| (query, page))
        },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (asked, page): (ServiceQuery, List)) -> AnyView {
    let lang = use_lang();
    let mut options = vec![Opt::new("", tr!(lang, manage.services.all))];
    options.extend(page.categories.iter().map(|c| Opt::new(&c.code, c.name.get(lang))));
    let here = format!("/settings?q={}&category={}", Url::escape(&asked.q), Url::escape(&asked.category));
    let lists = vec![
        (here.clone(), tr!(lang, manage.services.current).to_owned(), !asked.retired),
        (format!("{here}&retired=true"), tr!(lang, manage.services.retired).to_owned(), asked.retired),
    ];
    let more = if asked.retired { format!("{here}&retired=true") } else { here };
    let list = if page.list.items.is_empty() {
        view! { <Blank title=tr!(lang, manage.services.none) text=tr!(lang, manage.services.none_text)/> }
            .into_any()
    } else {
        let rows = page.list.items.into_iter().map(row).collect_view();
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    view! {
        <ManageFrame me tab=Tab::Services title=tr!(lang, manage.services.title)>
            <div class="manage-bar">
                <form method="get" action="/settings" class="manage-find" role="search">
                    <TextInput
                        name="q"
                        r#type="search"
                        label=tr!(lang, manage.services.search)
                        value=asked.q
                        maxlength=40
                        optional=true
                        autocomplete="off"
                    />
                    <SelectInput
                        name="category"
                        label=tr!(lang, manage.services.category)
                        options
                        value=asked.category
                    />
                    <button class="btn" type="submit">
                        <Icon name=IconName::Search/>
                        {tr!(lang, common.search)}
                    </button>
                </form>
                <div class="cluster">
                    <SegLinks label=tr!(lang, manage.services.title) links=lists/>
                    <a class="btn" data-kind="primary" href="/settings/services/new">
                        <Icon name=IconName::Plus/>
                        {tr!(lang, manage.services.add)}
                    </a>
                </div>
            </div>
            <section aria-label=tr!(lang, manage.services.title)>
                {list}
            </section>
            <Pager href=more next=page.list.next/>
            {page
                .all
                .then(|| view! { <Categories categories=page.categories version=page.version/> })}
        </ManageFrame>
    }
    .into_any()
}

fn row(service: ServiceLine) -> AnyView {
    let lang = use_lang();
    let minutes = tr!(lang, manage.services.minutes, n = service.minutes, room = service.room_minutes);
    let sub = format!("{} · {minutes}", service.category.get(lang));
    let tag = |shown: bool, text: &'static str| shown.then(|| view! { <Tag tone=Tone::Plain>{text}</Tag> });
    view! {
        <li>
            <a class="row" href=format!("/settings/services/{}", service.id)>
                <span class="row-main">
                    <span class="row-title">
                        {service.name.get(lang).to_owned()} " "
                        {tag(!service.here, tr!(lang, manage.services.not_here))} " "
                        {tag(!service.online, tr!(lang, manage.services.desk_only))}
                    </span>
                    <span class="row-sub">{sub}</span>
                </span>
                <span class="row-end num">{service.price.yuan()}</span>
                <Icon name=IconName::ChevR/>
            </a>
        </li>
    }
    .into_any()
}

/// The headings, for the owner.
#[component]
fn Categories(categories: Vec<CategoryLine>, version: i32) -> impl IntoView {
    let lang = use_lang();
    let next = categories.iter().map(|c| c.position).max().unwrap_or(0) + 1;
    let rows = categories
        .into_iter()
        .map(|c| {
            let form = CategoryForm {
                code: c.code,
                name_zh: c.name.zh,
                name_en: c.name.en,
                position: c.position.to_string(),
                version: version.to_string(),
            };
            view! { <Category form/> }
        })
        .collect_view();
    let new =
        CategoryForm { position: next.to_string(), version: version.to_string(), ..CategoryForm::default() };
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="headings-title">
            <h2 id="headings-title">{tr!(lang, manage.services.categories)}</h2>
            {rows}
            <h3>{tr!(lang, manage.services.category_new)}</h3>
            <Category form=new/>
        </section>
    }
}

#[component]
fn Category(form: CategoryForm) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveCategory>::new();
    let key = if form.code.is_empty() { "new".to_owned() } else { form.code.clone() };
    let (form, errors) = kept::form(&format!("category{}", form.code), form, action);
    let name = tr!(lang, manage.services.category_name);
    view! {
        <ActionForm action attr:class="manage-line">
            <input type="hidden" name="code" value=form.code/>
            <input type="hidden" name="version" value=form.version/>
            <Field
                name="name_zh"
                id=format!("zh-{key}")
                label=format!("{name}{}", tr!(lang, manage.zh))
                value=form.name_zh
                errors
            />
            <Field
                name="name_en"
                id=format!("en-{key}")
                label=format!("{name}{}", tr!(lang, manage.en))
                value=form.name_en
                optional=true
                errors
            />
            <Field
                name="position"
                id=format!("position-{key}")
                label=tr!(lang, manage.services.order)
                value=form.position
                kind="number"
                errors
            />
            <SubmitButton kind="plain" pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
            <Note errors/>
        </ActionForm>
    }
}
