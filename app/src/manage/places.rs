//! `/settings/places`: rooms and devices; out of service, back, retired.

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
    ui::{IconName, Status, SubmitButton, Tone, format},
};
use domain::{
    Lang, LocalTime,
    account::StaffMe,
    branch::place::{DownForm, PlaceForm, PlaceKind, PlaceLine, PlacesPage as All},
};
use leptos::prelude::*;

#[component]
pub fn PlacesPage() -> impl IntoView {
    let query = query();
    let data = crate::ui::resource(move || query.get(), |_| api::places());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: All) -> AnyView {
    let lang = use_lang();
    let (rooms, devices): (Vec<_>, Vec<_>) =
        page.places.into_iter().partition(|place| place.kind == PlaceKind::Room);
    let today = page.now.date().to_string();
    view! {
        <ManageFrame me tab=Tab::Places title=tr!(lang, manage.places.title)>
            <div class="manage-two">
                <Group kind=PlaceKind::Room places=rooms types=page.room_types today=today.clone()/>
                <Group kind=PlaceKind::Device places=devices types=page.device_types today/>
            </div>
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Group(kind: PlaceKind, places: Vec<PlaceLine>, types: Vec<String>, today: String) -> impl IntoView {
    let lang = use_lang();
    let (title, add) = match kind {
        PlaceKind::Room => (tr!(lang, manage.places.rooms), tr!(lang, manage.places.add_room)),
        PlaceKind::Device => (tr!(lang, manage.places.devices), tr!(lang, manage.places.add_device)),
    };
    let none = places.is_empty().then(|| view! { <p class="muted">{tr!(lang, manage.places.none)}</p> });
    let rows = places
        .into_iter()
        .map(|place| {
            let (types, today) = (types.clone(), today.clone());
            view! { <Place place types today/> }
        })
        .collect_view();
    let id = format!("{}-title", kind.code());
    let labelled = id.clone();
    let new = PlaceForm { kind: kind.code().into(), ..PlaceForm::default() };
    view! {
        <section class="card stack" aria-labelledby=labelled>
            <h2 id=id>{title}</h2>
            {none}
            <ul class="manage-list">{rows}</ul>
            <h3>{add}</h3>
            <Names form=new types/>
        </section>
    }
}

fn when(lang: Lang, at: &LocalTime) -> String {
    format!("{} {}", format::day(lang, at.date()), at.hhmm())
}

#[component]
fn Place(place: PlaceLine, types: Vec<String>, today: String) -> impl IntoView {
    let lang = use_lang();
    let (tone, icon, words) = if place.retired {
        (Tone::Idle, IconName::Slash, tr!(lang, manage.places.retired))
    } else if place.down_now {
        (Tone::Warn, IconName::Alert, tr!(lang, manage.places.down))
    } else {
        (Tone::Ok, IconName::Check, tr!(lang, manage.places.works))
    };
    let down = place
        .down
        .iter()
        .map(|down| {
            let from = when(lang, &down.from);
            let text = match &down.to {
                Some(to) => tr!(lang, manage.places.down_until, from = from, to = when(lang, to)),
                None => tr!(lang, manage.places.down_open, from = from),
            };
            let note = down.note.as_ref().map(|note| format!(" · {note}"));
            view! { <p class="small on-warn">{text} {note}</p> }
        })
        .collect_view();
    let names = PlaceForm {
        id: place.id.to_string(),
        kind: place.kind.code().into(),
        type_code: place.type_code.clone(),
        name_zh: place.name.zh.clone(),
        name_en: place.name.en.clone(),
        version: place.version.to_string(),
        confirm: String::new(),
    };
    let act = |act: &str| DownForm {
        id: place.id.to_string(),
        act: act.into(),
        version: place.version.to_string(),
        from_day: today.clone(),
        ..DownForm::default()
    };
    let back = (!place.down.is_empty() || place.down_now) && !place.retired;
    view! {
        <li>
            <details>
                <summary>
                    <b>{place.name.get(lang).to_owned()}</b>
                    <span class="small muted">" " {kind(lang, &place.type_code)} " "</span>
                    <Status tone icon small=true>
                        {words}
                    </Status>
                    {down}
                </summary>
                <div class="stack">
                    <h3>{tr!(lang, manage.places.change)}</h3>
                    <Names form=names types/>
                    {(!place.retired)
                        .then(|| {
                            view! {
                                <h3>{tr!(lang, manage.places.take_down)}</h3>
                                <Down form=act("down")/>
                            }
                        })}
                    {back.then(|| view! { <Act form=act("up") text=tr!(lang, manage.places.up)/> })}
                    {if place.retired {
                        view! { <Act form=act("return") text=tr!(lang, manage.places.bring_back)/> }.into_any()
                    } else {
                        view! { <Act form=act("retire") text=tr!(lang, manage.places.retire)/> }.into_any()
                    }}
                </div>
            </details>
        </li>
    }
}

#[component]
fn Names(form: PlaceForm, types: Vec<String>) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SavePlace>::new();
    let key = if form.id.is_empty() { format!("new-{}", form.kind) } else { format!("place-{}", form.id) };
    let (form, errors) = kept::form(&key, form, action);
    let name = tr!(lang, manage.places.name);
    let id = move |field: &str| format!("{field}-{key}");
    view! {
        <ActionForm action attr:class="stack">
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="kind" value=form.kind/>
            <input type="hidden" name="version" value=form.version/>
            <div class="manage-fields">
                <Field
                    name="name_zh"
                    id=id("zh")
                    label=format!("{name}{}", tr!(lang, manage.zh))
                    value=form.name_zh
                    errors
                />
                <Field
                    name="name_en"
                    id=id("en")
                    label=format!("{name}{}", tr!(lang, manage.en))
                    value=form.name_en
                    optional=true
                    errors
                />
                <ListInput
                    name="type_code"
                    id=id("type")
                    label=tr!(lang, manage.places.kind_type)
                    value=form.type_code
                    known=types
                    error=errors.field("type_code")
                />
            </div>
            <Note errors/>
            <SubmitButton kind="plain" pending=action.pending()>{tr!(lang, common.save)}</SubmitButton>
        </ActionForm>
    }
}

#[component]
fn Down(form: DownForm) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::PlaceState>::new();
    let key = format!("down-{}", form.id);
    let (form, errors) = kept::form(&key, form, action);
    let id = move |field: &str| format!("{field}-{key}");
    view! {
        <ActionForm action attr:class="stack">
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="act" value="down"/>
            <input type="hidden" name="version" value=form.version/>
            <div class="manage-fields">
                <Field
                    name="from_day"
                    id=id("from_day")
                    label=tr!(lang, manage.places.from_day)
                    value=form.from_day
                    kind="date"
                    errors
                />
                <Field
                    name="from_time"
                    id=id("from_time")
                    label=tr!(lang, manage.places.from_time)
                    value=form.from_time
                    kind="time"
                    optional=true
                    errors
                />
                <Field
                    name="to_day"
                    id=id("to_day")
                    label=tr!(lang, manage.places.to_day)
                    value=form.to_day
                    kind="date"
                    hint=tr!(lang, manage.places.to_hint)
                    optional=true
                    errors
                />
                <Field
                    name="to_time"
                    id=id("to_time")
                    label=tr!(lang, manage.places.to_time)
                    value=form.to_time
                    kind="time"
                    optional=true
                    errors
                />
                <Field
                    name="note"
                    id=id("note")
                    label=tr!(lang, manage.places.note)
                    value=form.note
                    optional=true
                    errors
                />
            </div>
            <Note errors/>
            <SubmitButton kind="plain" pending=action.pending()>
                {tr!(lang, manage.places.take_down)}
            </SubmitButton>
        </ActionForm>
    }
}

/// One button.
#[component]
fn Act(form: DownForm, #[prop(into)] text: String) -> impl IntoView {
    let action = ServerAction::<api::PlaceState>::new();
    let (form, errors) = kept::form(&format!("{}-{}", form.act, form.id), form, action);
    view! {
        <ActionForm action attr:class="manage-act">
            <input type="hidden" name="id" value=form.id/>
            <input type="hidden" name="act" value=form.act/>
            <input type="hidden" name="version" value=form.version/>
            <Note errors/>
            <SubmitButton kind="plain" size="s" pending=action.pending()>
                {text}
            </SubmitButton>
        </ActionForm>
    }
}
