//! Photos of the record: taken or chosen, made small here, sent when the network is there (CONSULT-6, C-43). Without
//! scripts the form posts the picture as it is.

use super::item::Seat;
use crate::{
    tr,
    ui::{Icon, IconName, Opt, SelectInput, SubmitButton, TextInput, errors::field_text},
};
use domain::{
    FieldCode, Lang,
    offline::Act,
    photo::{Angle, PhotoView, photo_fault},
    treat::ServiceState,
};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

#[must_use]
pub fn angle_name(lang: Lang, angle: Angle) -> &'static str {
    match angle {
        Angle::Front => tr!(lang, offline.angle.front),
        Angle::Left => tr!(lang, offline.angle.left),
        Angle::Right => tr!(lang, offline.angle.right),
        Angle::Close => tr!(lang, offline.angle.close),
    }
}

#[component]
pub fn PhotosCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    // what a form without scripts was answered with
    let asked = use_query_map().with_untracked(|query| query.get("photo"));
    let fault = RwSignal::new(asked.as_deref().and_then(photo_fault));
    let error = Signal::derive(move || fault.get().map(|code| field_text(lang, code).to_owned()));
    let form = NodeRef::<html::Form>::new();
    let key = uuid::Uuid::now_v7().simple().to_string();
    let may =
        move || matches!(seat.state(), ServiceState::Greeted | ServiceState::InService | ServiceState::Done);
    let options =
        Angle::ALL.into_iter().map(|angle| Opt::new(angle.code(), angle_name(lang, angle))).collect();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="photos-title" hidden=move || !may()>
            <div class="card-head">
                <h2 id="photos-title">{tr!(lang, offline.photos)}</h2>
                <small>{tr!(lang, offline.photos_note)}</small>
            </div>
            <ul class="photo-list">
                {move || seat.queue.of(seat.id).into_iter().filter_map(|act| waiting(lang, act.act)).collect_view()}
                {move || {
                    seat.data
                        .with(|treatment| {
                            treatment.photos.iter().rev().map(|photo| kept(lang, &seat.item(), photo)).collect_view()
                        })
                }}
            </ul>
            <form
                class="form"
                method="post"
                enctype="multipart/form-data"
                action=format!("/chair/{}/photos", seat.item())
                node_ref=form
                on:submit=move |event| {
                    event.prevent_default();
                    take(seat, form, fault);
                }
            >
                <input type="hidden" name="key" value=key/>
                <div class="field">
                    <label for="photo">{tr!(lang, offline.photo)}</label>
                    <input
                        class="input"
                        id="photo"
                        name="photo"
                        type="file"
                        accept="image/jpeg,image/png,image/webp"
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        aria-describedby=move || error.with(Option::is_some).then_some("photo-error")
                    />
                    {move || {
                        error
                            .get()
                            .map(|text| {
                                view! {
                                    <p class="error" id="photo-error">
                                        <Icon name=IconName::Alert/>
                                        {text}
                                    </p>
                                }
                            })
                    }}
                </div>
                <SelectInput name="angle" label=tr!(lang, offline.angle.label) options/>
                <TextInput name="label" label=tr!(lang, offline.label) maxlength=40 optional=true/>
                <SubmitButton kind="soft" wide=true>
                    <Icon name=IconName::Camera/>
                    {tr!(lang, offline.photo_act)}
                </SubmitButton>
            </form>
        </section>
    }
}

fn caption(lang: Lang, angle: Angle, label: Option<&str>) -> String {
    [Some(angle_name(lang, angle)), label]
        .into_iter()
        .flatten()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn kept(lang: Lang, item: &str, photo: &PhotoView) -> AnyView {
    let text = caption(lang, photo.angle, photo.label.as_deref());
    let address = format!("/chair/{item}/photos/{}", photo.id);
    let link = address.clone();
    view! {
        <li>
            <a href=link rel="external">
                <img
                    src=address
                    alt=text.clone()
                    width=photo.width.to_string()
                    height=photo.height.to_string()
                    loading="lazy"
                />
            </a>
            <p>{text}</p>
            <p class="small muted num">{photo.at.hhmm()} " · " {photo.by.get(lang).to_owned()}</p>
        </li>
    }
    .into_any()
}

fn waiting(lang: Lang, act: Act) -> Option<AnyView> {
    let Act::Photo { angle, label, thumb } = act else { return None };
    let text = caption(lang, angle, Some(&label));
    Some(
        view! {
            <li>
                <img src=thumb alt=text.clone() width="160" height="160"/>
                <p>{text}</p>
                <p class="small muted">{tr!(lang, offline.waits)}</p>
            </li>
        }
        .into_any(),
    )
}

/// Makes the chosen picture small and hands it to the queue.
#[cfg(not(feature = "ssr"))]
fn take(seat: Seat, form: NodeRef<html::Form>, fault: RwSignal<Option<FieldCode>>) {
    use super::offline::picture::shrink;
    use wasm_bindgen::JsCast;

    let Some(form) = form.get_untracked() else { return };
    let find = |selector: &str| form.query_selector(selector).ok().flatten();
    let input =
        find("input[name=photo]").and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
    let file = input.and_then(|input| input.files()).and_then(|files| files.get(0));
    let angle = find("select").and_then(|list| list.dyn_into::<web_sys::HtmlSelectElement>().ok());
    let angle = angle.and_then(|list| Angle::from_code(&list.value())).unwrap_or_default();
    let label =
        find("input[name=label]").and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
    let label = label.map(|input| input.value()).unwrap_or_default();
    let Some(file) = file else {
        fault.set(Some(FieldCode::Required));
        return;
    };
    leptos::task::spawn_local(async move {
        match shrink(&file).await {
            Ok((picture, thumb)) => {
                let _ = fault.try_set(None);
                form.reset();
                seat.queue.push_picture(seat.id, Act::Photo { angle, label, thumb }, picture);
            }
            Err(code) => {
                let _ = fault.try_set(Some(code));
            }
        }
    });
}

#[cfg(feature = "ssr")]
fn take(_: Seat, _: NodeRef<html::Form>, _: RwSignal<Option<FieldCode>>) {}
