//! The second factor: set up with a QR code, confirmed by a code, switched off with the password.

use super::{api, sign_in::PasswordInput};
use crate::{
    error::AppError,
    lang::use_lang,
    tr,
    ui::{
        Banner, FormErrors, FormNote, IconName, Qr, QrArt, Skeleton, Status, SubmitButton, TextInput, Tone,
    },
};
use domain::{Lang, Refusal, account::FactorSetup};
use leptos::prelude::*;

/// `setting_up`: the page was opened at `?factor=setup`.
#[component]
pub fn FactorCard(on: bool, setting_up: bool) -> impl IntoView {
    let lang = use_lang();
    let state = if on {
        view! {
            <Status tone=Tone::Ok icon=IconName::CheckCircle>
                {tr!(lang, account.factor.on)}
            </Status>
        }
    } else {
        view! {
            <Status tone=Tone::Idle icon=IconName::Hollow>
                {tr!(lang, account.factor.off)}
            </Status>
        }
    };
    let body = match (on, setting_up) {
        (true, _) => view! { <Disable/> }.into_any(),
        (false, true) => view! { <Setup/> }.into_any(),
        (false, false) => view! {
            <p class="soft">{tr!(lang, account.factor.why)}</p>
            <p>
                <a class="btn" href="/account?factor=setup">
                    {tr!(lang, account.factor.begin)}
                </a>
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="card stack" data-gap="4" id="factor" aria-labelledby="factor-title">
            <div class="card-head">
                <h2 id="factor-title">{tr!(lang, account.factor.title)}</h2>
                {state}
            </div>
            {body}
        </section>
    }
}

#[component]
fn Setup() -> impl IntoView {
    let setup = crate::ui::resource(|| (), |()| api::factor_begin());
    view! {
        <Suspense fallback=|| view! { <Skeleton lines=4/> }>
            {move || Suspend::new(async move {
                match setup.await {
                    Ok(setup) => view! { <Confirm setup/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Refused(error: AppError) -> impl IntoView {
    let lang = use_lang();
    view! { <Banner tone=Tone::Stop>{crate::ui::error_text(lang, &error)}</Banner> }
}

#[component]
fn Confirm(setup: FactorSetup) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::FactorConfirm>::new();
    let (errors, wrong) = told_apart(lang, move || action.value().get(), tr!(lang, account.factor.wrong));
    let error = Signal::derive(move || wrong.get().or_else(|| errors.field("code").get()));
    view! {
        <ol class="steps-list soft">
            <li>{tr!(lang, account.factor.step_app)}</li>
            <li>{tr!(lang, account.factor.step_scan)}</li>
            <li>{tr!(lang, account.factor.step_code)}</li>
        </ol>
        <div class="qr-row">
            <Qr art=QrArt::from(setup.qr) what=tr!(lang, account.factor.title)/>
            <div>
                <p class="small muted">{tr!(lang, account.factor.by_hand)}</p>
                <p class="num strong secret">{grouped(&setup.secret)}</p>
            </div>
        </div>
        <ActionForm action attr:class="form">
            <FormNote errors/>
            <TextInput
                name="code"
                label=tr!(lang, account.factor.code)
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength=12
                error
            />
            <SubmitButton pending=action.pending()>{tr!(lang, account.factor.confirm)}</SubmitButton>
        </ActionForm>
    }
}

/// The errors of a form in which a signed-in person proves something once more: that proof being wrong stands at its
/// field, in `words`, and not above the form.
pub fn told_apart<T: 'static>(
    lang: Lang,
    value: impl Fn() -> Option<Result<T, AppError>> + Clone + Send + Sync + 'static,
    words: &'static str,
) -> (FormErrors, Signal<Option<String>>) {
    let failed = |error: &AppError| matches!(error, AppError::Refused(Refusal::SignInFailed));
    let all = value.clone();
    let errors = FormErrors::of(lang, move || {
        all().and_then(Result::err).filter(|error| !failed(error)).map(Err::<(), _>)
    });
    let wrong = Signal::derive(move || {
        value().and_then(Result::err).is_some_and(|error| failed(&error)).then(|| words.to_owned())
    });
    (errors, wrong)
}

/// `JBSW Y3DP …`: easier to type off a screen.
fn grouped(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[component]
fn Disable() -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::FactorDisable>::new();
    let (errors, wrong) = told_apart(lang, move || action.value().get(), tr!(lang, account.wrong_password));
    let error = Signal::derive(move || wrong.get().or_else(|| errors.field("password").get()));
    view! {
        <details class="fold">
            <summary>{tr!(lang, account.factor.disable)}</summary>
            <ActionForm action attr:class="form">
                <FormNote errors/>
                <PasswordInput
                    name="password"
                    label=tr!(lang, account.password)
                    autocomplete="current-password"
                    error
                />
                <SubmitButton kind="danger-quiet" pending=action.pending()>
                    {tr!(lang, account.factor.disable_act)}
                </SubmitButton>
            </ActionForm>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_grouped_by_four() {
        assert_eq!(grouped("JBSWY3DPEH"), "JBSW Y3DP EH");
    }
}
