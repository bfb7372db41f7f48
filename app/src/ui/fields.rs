//! Form fields. Every one has its label, and its error stands below it with △ and how to put it right.

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Words},
};
use leptos::prelude::*;

/// Label, whatever is in it, hint and error. The control inside has `id`, and takes
/// `aria-describedby=described(&id, …)`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>
                {label} {optional.then(|| view! { <span class="optional">{tr!(lang, common.optional)}</span> })}
            </label>
            {children()}
            {hint
                .0
                .map(|hint| {
                    view! {
                        <p class="hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p class="error" id=error_id.clone()>
                                <Icon name=IconName::Alert/>
                                {text}
                            </p>
                        }
                    })
            }}
        </div>
    }
}

/// Value of `aria-describedby` for a control in a [`Field`]: the error while there is one, and the hint.
pub fn described(
    id: &str,
    hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
    let (error_id, hint_id) = (format!("{id}-error"), format!("{id}-hint"));
    move || match (error.with(Option::is_some), hint) {
        (true, true) => Some(format!("{error_id} {hint_id}")),
        (true, false) => Some(error_id.clone()),
        (false, true) => Some(hint_id.clone()),
        (false, false) => None,
    }
}

/// A text field. `name` is the form field's name and, unless `id` is given, the element's id.
#[component]
pub fn TextInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] id: Words,
    /// What is in it at first.
    #[prop(optional, into)]
    value: String,
    #[prop(default = "text")] r#type: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] placeholder: Words,
    #[prop(optional)] maxlength: Option<u16>,
    /// Said before the field, inside its border: `+86`.
    #[prop(optional, into)]
    pre: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Input>,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described(&id, hint.0.is_some(), error);
    let input = view! {
        <input
            class="input"
            id=id.clone()
            name=name
            type=r#type
            value=value
            inputmode=inputmode
            autocomplete=autocomplete
            placeholder=placeholder.0
            maxlength=maxlength.map(|n| n.to_string())
            autofocus=autofocus
            aria-required=(!optional).then_some("true")
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=described
            node_ref=node_ref
        />
    };
    let control = match pre.0 {
        Some(pre) => view! {
            <div class="affix">
                <span class="pre">{pre}</span>
                {input}
            </div>
        }
        .into_any(),
        None => input.into_any(),
    };
    view! {
        <Field id label hint error optional>
            {control}
        </Field>
    }
}

/// A field of several lines.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] id: Words,
    #[prop(optional, into)] value: String,
    #[prop(default = 3)] rows: u8,
    #[prop(optional, into)] placeholder: Words,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described(&id, hint.0.is_some(), error);
    view! {
        <Field id=id.clone() label hint error optional>
            <textarea
                class="textarea"
                id=id
                name=name
                rows=rows.to_string()
                placeholder=placeholder.0
                maxlength=maxlength.map(|n| n.to_string())
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                {value}
            </textarea>
        </Field>
    }
}

/// One choice of a list: what is sent, and what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    pub value: String,
    pub text: String,
}

impl Opt {
    pub fn new(value: impl ToString, text: impl Into<String>) -> Self {
        Self { value: value.to_string(), text: text.into() }
    }
}

/// A drop-down list, for more than five choices; fewer are better as [`super::Choice`] or [`super::Seg`].
#[component]
pub fn SelectInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] id: Words,
    options: Vec<Opt>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described(&id, hint.0.is_some(), error);
    let options = options
        .into_iter()
        .map(|opt| {
            let selected = opt.value == value;
            view! {
                <option value=opt.value selected=selected>
                    {opt.text}
                </option>
            }
        })
        .collect_view();
    view! {
        <Field id=id.clone() label hint error optional>
            <select
                class="select"
                id=id
                name=name
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                {options}
            </select>
        </Field>
    }
}

/// The button that sends a form. While `pending`, it keeps its place, says so, and does not send twice.
#[component]
pub fn SubmitButton(
    #[prop(optional, into)] pending: Signal<bool>,
    #[prop(default = "primary")] kind: &'static str,
    /// `s` or `l`.
    #[prop(optional)]
    size: Option<&'static str>,
    #[prop(optional)] wide: bool,
    /// Sent with the form when this button is the one pressed.
    #[prop(optional)]
    name: Option<&'static str>,
    #[prop(optional, into)] value: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="btn"
            type="submit"
            name=name
            value=value.0
            data-kind=kind
            data-size=size
            data-wide=wide
            aria-busy=move || pending.get().then_some("true")
            aria-disabled=move || pending.get().then_some("true")
            on:click=move |event| {
                if pending.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            {children()}
        </button>
    }
}
