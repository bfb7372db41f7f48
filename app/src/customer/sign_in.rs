//! `/me/sign-in`: the phone, then the code that was sent to it. Both steps are plain forms.

use super::{
    api,
    frame::{self, OtherLang},
};
use crate::{
    lang::use_lang,
    tr,
    ui::{FormErrors, FormNote, Shell, ShellKind, SubmitButton, TextInput, TopBar},
};
use domain::Lang;
use leptos::prelude::*;

/// The page.
#[component]
pub fn CustomerSignIn() -> impl IntoView {
    let lang = use_lang();
    let pending = crate::ui::resource(|| (), |()| api::pending_phone());
    let send = ServerAction::<api::SendCode>::new();
    let other = ServerAction::<api::OtherPhone>::new();
    let enter = ServerAction::<api::SignIn>::new();
    let (asked, set_asked) = signal(None::<Option<String>>);
    Effect::new(move || {
        if let Some(Ok(phone)) = send.value().get() {
            set_asked.set(Some(Some(phone)));
        }
    });
    Effect::new(move || {
        if let Some(Ok(())) = other.value().get() {
            set_asked.set(Some(None));
            pending.refetch();
        }
    });
    let phone = move || asked.get().unwrap_or_else(|| pending.get().and_then(Result::ok).flatten());
    view! {
        {frame::private_head(tr!(lang, customer.sign_in.title))}
        <Shell kind=ShellKind::Phone>
            <TopBar title=tr!(lang, customer.sign_in.title) back="/".to_owned()>
                <OtherLang/>
            </TopBar>
            <main class="page form" id="main">
                <p class="soft">{tr!(lang, customer.sign_in.lead)}</p>
                <Transition>
                    {move || match phone() {
                        Some(phone) => code_form(lang, phone, enter, send, other),
                        None => phone_form(lang, send),
                    }}
                </Transition>
            </main>
        </Shell>
    }
}

fn phone_form(lang: Lang, send: ServerAction<api::SendCode>) -> AnyView {
    let errors = FormErrors::of(lang, move || send.value().get());
    view! {
        <ActionForm action=send attr:class="form">
            <FormNote errors/>
            <TextInput
                name="phone"
                label=tr!(lang, customer.phone)
                r#type="tel"
                inputmode="tel"
                autocomplete="tel"
                error=errors.field("phone")
            />
            <SubmitButton pending=send.pending() size="l" wide=true>
                {tr!(lang, customer.sign_in.send)}
            </SubmitButton>
            <p class="small muted">{tr!(lang, customer.sign_in.unknown)}</p>
        </ActionForm>
    }
    .into_any()
}

fn code_form(
    lang: Lang,
    phone: String,
    enter: ServerAction<api::SignIn>,
    send: ServerAction<api::SendCode>,
    other: ServerAction<api::OtherPhone>,
) -> AnyView {
    let errors = FormErrors::of(lang, move || enter.value().get());
    let kept = phone.clone();
    let hint = tr!(lang, customer.code_sent, phone = domain::phone::mask(&phone));
    let again = FormErrors::of(lang, move || send.value().get());
    view! {
        <ActionForm action=enter attr:class="form">
            <FormNote errors/>
            <input type="hidden" name="phone" value=kept/>
            <TextInput
                name="code"
                label=tr!(lang, customer.code)
                hint=hint
                inputmode="numeric"
                autocomplete="one-time-code"
                autofocus=true
                error=errors.field("code")
            />
            <SubmitButton pending=enter.pending() size="l" wide=true>
                {tr!(lang, customer.sign_in.enter)}
            </SubmitButton>
        </ActionForm>
        <FormNote errors=again/>
        <div class="btn-group" data-fill>
            <ActionForm action=send>
                <input type="hidden" name="phone" value=phone/>
                <SubmitButton pending=send.pending() kind="plain" wide=true>
                    {tr!(lang, customer.code_again)}
                </SubmitButton>
            </ActionForm>
            <ActionForm action=other>
                <SubmitButton pending=other.pending() kind="plain" wide=true>
                    {tr!(lang, customer.other_phone)}
                </SubmitButton>
            </ActionForm>
        </div>
    }
    .into_any()
}
