//! `/settings/people/:id`: one person and the certificates (CERT, STAFF-1).

use super::{
    api,
    frame::{ListInput, ManageFrame, Note, Tab, kind, query},
    hours::Field,
    kept,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr,
    ui::{Check, SubmitButton, Switch},
};
use domain::{
    account::StaffMe,
    staff::{CredentialForm, CredentialLine, PersonForm, PersonPage as One},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn PersonPage() -> impl IntoView {
    let (query, params) = (query(), use_params_map());
    let data = crate::ui::resource(
        move || (query.get(), params.with(|params| params.get("id").unwrap_or_default())),
        |(_, id)| api::person(id),
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: One) -> AnyView {
    let lang = use_lang();
    let new = page.form.id.is_empty();
    let title = if new {
        tr!(lang, manage.people.add).to_owned()
    } else {
        domain::Text::new(&*page.form.name_zh, &*page.form.name_en).get(lang).to_owned()
    };
    let certificates = (!new).then(|| view! { <Certificates page=page.clone()/> });
    view! {
        <ManageFrame me tab=Tab::People title back="/settings/people">
            <div class="manage-two">
                <Form page/>
                {certificates}
            </div>
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Form(page: One) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SavePerson>::new();
    let given: PersonForm = page.form;
    let (zh, en) = (given.name_zh.clone(), given.name_en.clone());
    let (mut form, errors) = kept::form("person", given, action);
    // Names are not kept in the address.
    if form.name_zh.is_empty() {
        (form.name_zh, form.name_en) = (zh, en);
    }
    let chosen: Vec<String> =
        form.skills.split(',').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect();
    let other: Vec<String> = chosen.iter().filter(|code| !page.known.contains(code)).cloned().collect();
    let skills = page
        .known
        .into_iter()
        .enumerate()
        .map(|(n, code)| {
            let (checked, text) = (chosen.contains(&code), kind(lang, &code));
            view! {
                <Check name=format!("skill[{n}]") value=code checked>
                    {text}
                </Check>
            }
        })
        .collect_view();
    let (zh, en) = (tr!(lang, manage.zh), tr!(lang, manage.en));
    let (name, title) = (tr!(lang, manage.people.name), tr!(lang, manage.person.title_field));
    view! {
        <ActionForm action attr:class="card stack">
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="version" value=form.version/>
            <div class="manage-fields">
                <Field name="name_zh" label=format!("{name}{zh}") value=form.name_zh errors/>
                <Field name="name_en" label=format!("{name}{en}") value=form.name_en optional=true errors/>
                <Field name="title_zh" label=format!("{title}{zh}") value=form.title_zh errors/>
                <Field name="title_en" label=format!("{title}{en}") value=form.title_en optional=true errors/>
                <Field
                    name="position"
                    label=tr!(lang, manage.person.position)
                    value=form.position
                    kind="number"
                    errors
                />
                <Field
                    name="left"
                    label=tr!(lang, manage.person.left)
                    value=form.left
                    kind="date"
                    hint=tr!(lang, manage.person.left_hint)
                    optional=true
                    errors
                />
            </div>
            <Switch
                name="bookable"
                title=tr!(lang, manage.person.bookable)
                sub=tr!(lang, manage.person.bookable_sub)
                checked=form.bookable == "true"
            />
            <fieldset class="field">
                <legend>{tr!(lang, manage.person.skills)}</legend>
                <div class="manage-checks">{skills}</div>
            </fieldset>
            <Field
                name="skills"
                label=tr!(lang, manage.person.other_skill)
                value=other.join(", ")
                hint=tr!(lang, manage.person.other_skill_hint)
                optional=true
                errors
            />
            <Note errors/>
            <SubmitButton pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
        </ActionForm>
    }
}

#[component]
fn Certificates(page: One) -> impl IntoView {
    let lang = use_lang();
    let (staff, version, known) = (page.form.id, page.form.version, page.known);
    let new = CredentialForm {
        staff: staff.clone(),
        version: version.clone(),
        from: page.today.to_string(),
        ..CredentialForm::default()
    };
    let rows = page
        .credentials
        .into_iter()
        .map(|line| {
            let form = of(&staff, &version, &line);
            let known = known.clone();
            view! {
                <li>
                    <details>
                        <summary>
                            <b>{kind(lang, &line.qualification)}</b>
                            <span class="num muted">
                                {format!(" {} · {} – {}", line.number, line.from, line.to)}
                            </span>
                        </summary>
                        <Certificate form known/>
                    </details>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let none =
        rows.is_empty().then(|| view! { <p class="muted">{tr!(lang, manage.person.certificates_none)}</p> });
    view! {
        <section class="card stack" aria-labelledby="certificates-title">
            <h2 id="certificates-title">{tr!(lang, manage.person.certificates)}</h2>
            <p class="small muted">{tr!(lang, manage.person.certificates_note)}</p>
            {none}
            <ul class="manage-list">{rows}</ul>
            <h3>{tr!(lang, manage.person.add_certificate)}</h3>
            <Certificate form=new known/>
        </section>
    }
}

fn of(staff: &str, version: &str, line: &CredentialLine) -> CredentialForm {
    CredentialForm {
        staff: staff.to_owned(),
        id: line.id.to_string(),
        qualification: line.qualification.clone(),
        number: line.number.clone(),
        from: line.from.to_string(),
        to: line.to.to_string(),
        version: version.to_owned(),
        confirm: String::new(),
    }
}

#[component]
fn Certificate(form: CredentialForm, known: Vec<String>) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveCredential>::new();
    let number = form.number.clone();
    let (mut form, errors) = kept::form(&format!("credential{}", form.id), form, action);
    if form.number.is_empty() {
        form.number = number;
    }
    let key = if form.id.is_empty() { "new".to_owned() } else { form.id.clone() };
    let id = move |name: &str| format!("{name}-{key}");
    view! {
        <ActionForm action attr:class="stack">
            <input type="hidden" name="staff" value=form.staff/>
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="version" value=form.version/>
            <div class="manage-fields">
                <ListInput
                    name="qualification"
                    id=id("qualification")
                    label=tr!(lang, manage.person.qualification)
                    value=form.qualification
                    known
                    error=errors.field("qualification")
                />
                <Field name="number" id=id("number") label=tr!(lang, manage.person.number) value=form.number errors/>
                <Field name="from" id=id("from") label=tr!(lang, manage.person.from) value=form.from kind="date" errors/>
                <Field name="to" id=id("to") label=tr!(lang, manage.person.to) value=form.to kind="date" errors/>
            </div>
            <Note errors/>
            <SubmitButton kind="plain" pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
        </ActionForm>
    }
}
