//! `/settings/services/:id`: what a service is, how long its parts take, what it needs.

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
    ui::{Banner, Check, FormErrors, IconName, Opt, SelectInput, SubmitButton, Switch, TextArea, Tone},
};
use domain::{
    Lang,
    account::StaffMe,
    branch::menu::{SWATCHES, ServiceForm, ServicePage as One},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;

#[component]
pub fn ServicePage() -> impl IntoView {
    let (query, params) = (query(), use_params_map());
    let data = crate::ui::resource(
        move || (query.get(), params.with(|params| params.get("id").unwrap_or_default())),
        |(_, id)| api::service(id),
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: One) -> AnyView {
    let lang = use_lang();
    let new = page.form.id.is_empty();
    let title = if new {
        tr!(lang, manage.service.add).to_owned()
    } else {
        domain::Text::new(&*page.form.name_zh, &*page.form.name_en).get(lang).to_owned()
    };
    let retire =
        (!new && page.may_edit).then(|| (page.form.id.clone(), page.form.version.clone(), page.retired));
    view! {
        <ManageFrame me tab=Tab::Services title back="/settings">
            {page
                .retired
                .then(|| {
                    view! {
                        <Banner tone=Tone::Sand icon=IconName::Info>
                            {tr!(lang, manage.service.is_retired)}
                        </Banner>
                    }
                })}
            {(!page.may_edit)
                .then(|| {
                    view! {
                        <Banner tone=Tone::Info>{tr!(lang, manage.service.shared)}</Banner>
                    }
                })}
            <Form page/>
            {retire.map(|(id, version, retired)| view! { <Retire id version retired/> })}
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Form(page: One) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveService>::new();
    let (form, errors) = kept::form("service", page.form.clone(), action);
    let ticked: Vec<&str> = form.branches.split(',').collect();
    let branches = page
        .branches
        .iter()
        .enumerate()
        .map(|(n, (id, name))| {
            let (id, name) = (id.to_string(), name.get(lang).to_owned());
            let checked = ticked.contains(&&*id);
            view! {
                <Check name=format!("at[{n}]") value=id checked>
                    {name}
                </Check>
            }
        })
        .collect_view();
    let inner = if page.may_edit {
        Either::Left(view! { <Facts page=page.clone() form=form.clone() errors/> })
    } else {
        Either::Right(view! { <Unchanged form=form.clone()/> })
    };
    view! {
        <ActionForm action attr:class="stack" attr:data-gap="5">
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="version" value=form.version/>
            {inner}
            <fieldset class="card stack">
                <legend class="card-head">
                    <b>{tr!(lang, manage.service.branches)}</b>
                </legend>
                <div class="manage-checks">{branches}</div>
            </fieldset>
            <Note errors/>
            <SubmitButton pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
        </ActionForm>
    }
}

/// What a manager does not change goes along as it is.
#[component]
fn Unchanged(form: ServiceForm) -> impl IntoView {
    let fields = [
        ("category", form.category),
        ("name_zh", form.name_zh),
        ("name_en", form.name_en),
        ("summary_zh", form.summary_zh),
        ("summary_en", form.summary_en),
        ("swatch", form.swatch),
        ("price", form.price),
        ("prepare", form.prepare),
        ("active", form.active),
        ("processing", form.processing),
        ("finish", form.finish),
        ("cleanup", form.cleanup),
        ("qualification", form.qualification),
        ("room_type", form.room_type),
        ("devices", form.devices),
        ("arrive_early", form.arrive_early),
        ("precautions_zh", form.precautions_zh),
        ("precautions_en", form.precautions_en),
        ("online", form.online),
        ("needs_first", form.needs_first),
        ("position", form.position),
    ];
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

#[component]
fn Facts(page: One, form: ServiceForm, errors: FormErrors) -> impl IntoView {
    view! {
        <What page=page.clone() form=form.clone() errors/>
        <Times form=form.clone() errors/>
        <Needs page form=form.clone() errors/>
        <Before form errors/>
    }
}

/// A label with the language it is for.
fn in_lang(label: &str, which: &str) -> String {
    format!("{label}{which}")
}

#[component]
fn What(page: One, form: ServiceForm, errors: FormErrors) -> impl IntoView {
    let lang = use_lang();
    let (zh, en) = (tr!(lang, manage.zh), tr!(lang, manage.en));
    let (name, summary) = (tr!(lang, manage.service.name), tr!(lang, manage.service.summary));
    let categories = page.categories.iter().map(|c| Opt::new(&c.code, c.name.get(lang))).collect();
    let swatches = SWATCHES.map(|code| Opt::new(code, swatch(lang, code))).to_vec();
    view! {
        <section class="card stack" aria-labelledby="what-title">
            <h2 id="what-title">{tr!(lang, manage.service.what)}</h2>
            <div class="manage-fields">
                <Field name="name_zh" label=in_lang(name, zh) value=form.name_zh errors/>
                <Field name="name_en" label=in_lang(name, en) value=form.name_en optional=true errors/>
                <SelectInput
                    name="category"
                    label=tr!(lang, manage.services.category)
                    options=categories
                    value=form.category
                    error=errors.field("category")
                />
                <Field name="price" label=tr!(lang, manage.service.price) value=form.price errors/>
                <Field name="summary_zh" label=in_lang(summary, zh) value=form.summary_zh optional=true errors/>
                <Field name="summary_en" label=in_lang(summary, en) value=form.summary_en optional=true errors/>
                <SelectInput
                    name="swatch"
                    label=tr!(lang, manage.service.swatch)
                    options=swatches
                    value=form.swatch
                    error=errors.field("swatch")
                />
                <Field
                    name="position"
                    label=tr!(lang, manage.service.position)
                    value=form.position
                    kind="number"
                    errors
                />
            </div>
        </section>
    }
}

fn swatch(lang: Lang, code: &str) -> &'static str {
    match code {
        "gel" => tr!(lang, manage.service.swatches.gel),
        "light" => tr!(lang, manage.service.swatches.light),
        "water" => tr!(lang, manage.service.swatches.water),
        "clay" => tr!(lang, manage.service.swatches.clay),
        _ => tr!(lang, manage.service.swatches.cream),
    }
}

/// The five blocks as they are typed, with a picture of them.
#[component]
fn Times(form: ServiceForm, errors: FormErrors) -> impl IntoView {
    let lang = use_lang();
    let number = |raw: &str| raw.trim().parse::<u32>().unwrap_or(0).min(480);
    let blocks = RwSignal::new([
        number(&form.prepare),
        number(&form.active),
        number(&form.processing),
        number(&form.finish),
        number(&form.cleanup),
    ]);
    let typed = move |event: leptos::ev::Event| {
        use wasm_bindgen::JsCast;
        let Some(input) =
            event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        else {
            return;
        };
        let names = ["prepare", "active", "processing", "finish", "cleanup"];
        if let Some(n) = names.iter().position(|name| *name == input.name()) {
            blocks.update(|blocks| blocks[n] = number(&input.value()));
        }
    };
    view! {
        <section class="card stack" aria-labelledby="time-title" on:input=typed>
            <h2 id="time-title">{tr!(lang, manage.service.time)}</h2>
            <p class="small muted">{tr!(lang, manage.service.time_note)}</p>
            <div class="manage-blocks">
                <Field name="prepare" label=tr!(lang, manage.service.prepare) value=form.prepare kind="number" optional=true errors/>
                <Field name="active" label=tr!(lang, manage.service.active) value=form.active kind="number" errors/>
                <Field
                    name="processing"
                    label=tr!(lang, manage.service.processing)
                    value=form.processing
                    kind="number"
                    optional=true
                    errors
                />
                <Field name="finish" label=tr!(lang, manage.service.finish) value=form.finish kind="number" optional=true errors/>
                <Field name="cleanup" label=tr!(lang, manage.service.cleanup) value=form.cleanup kind="number" optional=true errors/>
            </div>
            {move || picture(lang, blocks.get())}
            <p class="small muted">{tr!(lang, manage.service.processing_hint)}</p>
        </section>
    }
}

/// One bar: who is busy for how long. Amounts are attributes of the drawing.
fn picture(lang: Lang, blocks: [u32; 5]) -> AnyView {
    let whole = blocks.iter().sum::<u32>().max(1);
    let customer = blocks[1] + blocks[2] + blocks[3];
    let names = [
        tr!(lang, manage.service.prepare),
        tr!(lang, manage.service.active),
        tr!(lang, manage.service.processing),
        tr!(lang, manage.service.finish),
        tr!(lang, manage.service.cleanup),
    ];
    let kinds = ["room", "busy", "free", "busy", "room"];
    let mut at = 0;
    let mut parts = Vec::new();
    for (n, minutes) in blocks.into_iter().enumerate().filter(|(_, minutes)| *minutes > 0) {
        let x = at * 1000 / whole;
        let width = (minutes * 1000 / whole).max(6) - 4;
        parts.push(view! {
            <rect class="block" data-kind=kinds[n] x=x.to_string() y="0" width=width.to_string() height="28" rx="4"></rect>
        });
        at += minutes;
    }
    let words: Vec<String> = blocks
        .iter()
        .zip(names)
        .filter(|(minutes, _)| **minutes > 0)
        .map(|(minutes, name)| format!("{name} {minutes}"))
        .collect();
    view! {
        <figure class="manage-picture">
            <svg viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">
                {parts}
            </svg>
            <figcaption class="small">
                <b>{tr!(lang, manage.service.total, n = customer, room = whole)}</b>
                <span class="muted">" · " {words.join(" · ")}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

#[component]
fn Needs(page: One, form: ServiceForm, errors: FormErrors) -> impl IntoView {
    let lang = use_lang();
    let chosen: Vec<String> =
        form.devices.split(',').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect();
    let other: Vec<String> =
        chosen.iter().filter(|code| !page.device_types.contains(code)).cloned().collect();
    let devices = page
        .device_types
        .iter()
        .enumerate()
        .map(|(n, code)| {
            let (checked, text) = (chosen.contains(code), kind(lang, code));
            view! {
                <Check name=format!("device[{n}]") value=code.clone() checked>
                    {text}
                </Check>
            }
        })
        .collect_view();
    let known = |codes: &[String]| {
        let names: Vec<String> = codes.iter().map(|code| format!("{code} {}", kind(lang, code))).collect();
        tr!(lang, manage.service.known, list = names.join(" · "))
    };
    let room_hint = format!("{} · {}", tr!(lang, manage.service.room_hint), known(&page.room_types));
    view! {
        <section class="card stack" aria-labelledby="needs-title">
            <h2 id="needs-title">{tr!(lang, manage.service.needs)}</h2>
            <div class="manage-fields">
                <ListInput
                    name="qualification"
                    id="qualification"
                    label=tr!(lang, manage.service.qualification)
                    value=form.qualification
                    hint=known(&page.qualifications)
                    known=page.qualifications
                    error=errors.field("qualification")
                />
                <ListInput
                    name="room_type"
                    id="room_type"
                    label=tr!(lang, manage.service.room_type)
                    value=form.room_type
                    hint=room_hint
                    known=page.room_types
                    optional=true
                    error=errors.field("room_type")
                />
            </div>
            <fieldset class="field">
                <legend>{tr!(lang, manage.service.devices)}</legend>
                <div class="manage-checks">{devices}</div>
            </fieldset>
            <Field
                name="devices"
                label=tr!(lang, manage.service.devices_other)
                value=other.join(", ")
                hint=tr!(lang, manage.service.devices_hint)
                optional=true
                errors
            />
        </section>
    }
}

#[component]
fn Before(form: ServiceForm, errors: FormErrors) -> impl IntoView {
    let lang = use_lang();
    let label = tr!(lang, manage.service.precautions);
    let first = vec![
        Opt::new("", tr!(lang, manage.service.first_none)),
        Opt::new("consultation", tr!(lang, manage.service.first_consultation)),
        Opt::new("patch_test", tr!(lang, manage.service.first_patch)),
    ];
    view! {
        <section class="card stack" aria-labelledby="before-title">
            <h2 id="before-title">{tr!(lang, manage.service.before)}</h2>
            <div class="manage-fields">
                <Field
                    name="arrive_early"
                    label=tr!(lang, manage.service.arrive_early)
                    value=form.arrive_early
                    kind="number"
                    optional=true
                    errors
                />
                <SelectInput
                    name="needs_first"
                    label=tr!(lang, manage.service.first)
                    options=first
                    value=form.needs_first
                    error=errors.field("needs_first")
                />
                <TextArea
                    name="precautions_zh"
                    label=in_lang(label, tr!(lang, manage.zh))
                    value=form.precautions_zh
                    maxlength=300
                    optional=true
                    error=errors.field("precautions_zh")
                />
                <TextArea
                    name="precautions_en"
                    label=in_lang(label, tr!(lang, manage.en))
                    value=form.precautions_en
                    maxlength=600
                    optional=true
                    error=errors.field("precautions_en")
                />
            </div>
            <Switch
                name="online"
                title=tr!(lang, manage.service.online)
                sub=tr!(lang, manage.service.online_sub)
                checked=form.online == "true"
            />
        </section>
    }
}

#[component]
fn Retire(id: String, version: String, retired: bool) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::RetireService>::new();
    let (_, errors) = kept::form("retire", (), action);
    view! {
        <ActionForm action attr:class="card stack">
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="version" value=version/>
            <input type="hidden" name="back" value=if retired { "true" } else { "" }/>
            {(!retired).then(|| view! { <p>{tr!(lang, manage.service.retire_text)}</p> })}
            <Note errors/>
            <SubmitButton kind=if retired { "plain" } else { "danger-quiet" } pending=action.pending()>
                {if retired { tr!(lang, manage.service.bring_back) } else { tr!(lang, manage.service.retire) }}
            </SubmitButton>
        </ActionForm>
    }
}
