//! `/staff/sign-in`: password, second factor when the account has one.

use super::{api, art::LoginArt};
use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Banner, Brandmark, Check, Field, FormErrors, FormNote, Icon, IconName, LangSwitch, Shell, ShellKind,
        SizeSwitch, SubmitButton, TextInput, ThemeSwitch, Tone, fields::described,
    },
};
use domain::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn SignInPage() -> impl IntoView {
    let lang = use_lang();
    view! {
        <Title text=tr!(lang, account.title)/>
        <Shell kind=ShellKind::SignIn>
            <aside class="login-art on-deep">
                <Brandmark/>
                <LoginArt/>
                <div>
                    <p class="login-line">
                        {tr!(lang, account.line_one)} <br/> {tr!(lang, account.line_two)}
                    </p>
                    <p class="login-sub">{tr!(lang, account.line_sub)}</p>
                </div>
            </aside>
            <main class="login-main" id="main">
                <SignInForm/>
                <footer class="login-foot">
                    <LangSwitch/>
                    <span class="grow"></span>
                    <SizeSwitch/>
                    <ThemeSwitch small=true/>
                </footer>
            </main>
        </Shell>
    }
}

#[component]
fn SignInForm() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let next = query.with_untracked(|query| query.get("next").unwrap_or_default());
    let action = ServerAction::<api::SignIn>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    // once asked for, the second factor stays: a wrong code must not hide its own field
    let factor = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default()
            || errors
                .error()
                .with(|error| matches!(error, Some(AppError::Refused(Refusal::NeedSecondFactor))))
    });
    let code = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if factor.get()
            && let Some(input) = code.get()
        {
            let _ = input.focus();
        }
    });
    // with a second factor there are three things that may be wrong, and it is not said which
    let three = Memo::new(move |_| {
        factor.get()
            && errors.error().with(|error| matches!(error, Some(AppError::Refused(Refusal::SignInFailed))))
    });
    view! {
        <ActionForm action attr:class="form">
            <div>
                <span class="only-narrow">
                    <Brandmark/>
                </span>
                <h1 class="greet">{tr!(lang, account.greet)}</h1>
                <p class="soft">{tr!(lang, account.entrance)}</p>
            </div>
            {move || {
                if three.get() {
                    view! {
                        <div role="alert">
                            <Banner tone=Tone::Warn>{tr!(lang, account.factor.failed)}</Banner>
                        </div>
                    }
                        .into_any()
                } else {
                    view! { <FormNote errors/> }.into_any()
                }
            }}
            <input type="hidden" name="next" value=next/>
            <TextInput
                name="username"
                label=tr!(lang, account.username)
                autocomplete="username"
                maxlength=64
                autofocus=true
                error=errors.field("username")
            />
            <PasswordInput
                name="password"
                label=tr!(lang, account.password)
                autocomplete="current-password"
                error=errors.field("password")
            />
            {move || {
                factor
                    .get()
                    .then(|| {
                        view! {
                            <TextInput
                                name="factor"
                                label=tr!(lang, account.factor.code)
                                hint=tr!(lang, account.factor.code_hint)
                                inputmode="numeric"
                                autocomplete="one-time-code"
                                maxlength=12
                                error=errors.field("factor")
                                node_ref=code
                            />
                        }
                    })
            }}
            <Check name="remember">{tr!(lang, account.remember)}</Check>
            <SubmitButton size="l" wide=true pending=action.pending()>
                {tr!(lang, account.sign_in)}
            </SubmitButton>
            <p class="meta soft center">
                {tr!(lang, account.customer)} " " <a href="/me/sign-in">{tr!(lang, account.customer_link)}</a>
            </p>
        </ActionForm>
    }
}

/// A password, with an eye to see what has been typed.
#[component]
pub fn PasswordInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    autocomplete: &'static str,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let shown = RwSignal::new(false);
    // the eye does nothing without a script, so it comes with the script
    let scripted = RwSignal::new(false);
    Effect::new(move || scripted.set(true));
    let id = name.clone();
    let hinted = hint.is_some();
    view! {
        <Field id=id.clone() label hint error>
            <div class="affix">
                <input
                    class="input"
                    id=id.clone()
                    name=name
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    maxlength="256"
                    aria-required="true"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described(&id, hinted, error)
                />
                {move || {
                    scripted
                        .get()
                        .then(|| {
                            view! {
                                <button
                                    class="btn"
                                    type="button"
                                    data-shape="icon"
                                    aria-label=tr!(lang, account.show_password)
                                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                                >
                                    <Icon name=IconName::Eye/>
                                </button>
                            }
                        })
                }}
            </div>
        </Field>
    }
}
