//! `/account`: second factor, password, where one is signed in, how pages look on this device.

use super::{
    StaffFrame, StaffPage, api,
    factor::{FactorCard, told_apart},
    frame::SignOutButton,
    role_name,
    sign_in::PasswordInput,
};
use crate::{
    lang::use_lang,
    tr,
    ui::{Banner, FormNote, LangSwitch, SizeSwitch, SubmitButton, ThemeSwitch, Tone, TopBar},
};
use domain::{account::StaffMe, branch::BranchInfo};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AccountPage() -> impl IntoView {
    // asked for again when something has been changed, which shows in the address
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("done")));
    let data = crate::ui::resource(move || done.get(), |_| api::branches());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, branches: Vec<BranchInfo>) -> AnyView {
    view! { <Account me branches/> }.into_any()
}

#[component]
fn Account(me: StaffMe, branches: Vec<BranchInfo>) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let setting_up = query.with_untracked(|query| query.get("factor")).as_deref() == Some("setup");
    let done = query.with_untracked(|query| query.get("done"));
    let done = match done.as_deref() {
        Some("factor") => Some(tr!(lang, account.done.factor)),
        Some("factor_off") => Some(tr!(lang, account.done.factor_off)),
        Some("password") => Some(tr!(lang, account.done.password)),
        Some("calendar") => Some(tr!(lang, account.done.calendar)),
        _ => None,
    };
    let sub = format!("{} · {} · {}", me.name.get(lang), role_name(lang, me.role), me.branch_name.get(lang));
    view! {
        <Title text=tr!(lang, account.page)/>
        <StaffFrame me=me.clone()>
            <TopBar title=tr!(lang, account.page) sub>
                <SignOutButton/>
            </TopBar>
            <main class="page" id="main">
                <div class="account-cards">
                    {done
                        .map(|text| {
                            view! {
                                <div role="status">
                                    <Banner tone=Tone::Ok>{text}</Banner>
                                </div>
                            }
                        })}
                    {(!branches.is_empty()).then(|| view! { <LookAt branches here=me.branch/> })}
                    <FactorCard on=me.second_factor setting_up/>
                    <Password least=if me.second_factor {
                        domain::account::PASSWORD_MIN_WITH_FACTOR
                    } else {
                        domain::account::PASSWORD_MIN
                    }/>
                    {me.staff.map(|_| view! { <crate::schedule::FeedSection/> })}
                    <Everywhere/>
                    <Looks/>
                </div>
            </main>
        </StaffFrame>
    }
}

#[component]
fn Password(least: usize) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::ChangePassword>::new();
    let (errors, wrong) = told_apart(lang, move || action.value().get(), tr!(lang, account.wrong_password));
    let old = Signal::derive(move || wrong.get().or_else(|| errors.field("old").get()));
    view! {
        <section class="card" aria-labelledby="password-title">
            <div class="card-head">
                <h2 id="password-title">{tr!(lang, account.change_password)}</h2>
            </div>
            <ActionForm action attr:class="form">
                <FormNote errors/>
                <PasswordInput
                    name="old"
                    label=tr!(lang, account.old_password)
                    autocomplete="current-password"
                    error=old
                />
                <PasswordInput
                    name="new"
                    label=tr!(lang, account.new_password)
                    autocomplete="new-password"
                    hint=tr!(lang, account.password_hint, n = least)
                    error=errors.field("new")
                />
                <div>
                    <SubmitButton pending=action.pending()>{tr!(lang, account.change_password)}</SubmitButton>
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn Everywhere() -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SignOutEverywhere>::new();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="devices-title">
            <div class="card-head">
                <h2 id="devices-title">{tr!(lang, account.devices)}</h2>
            </div>
            <p class="soft">{tr!(lang, account.devices_text)}</p>
            <ActionForm action>
                <SubmitButton kind="danger-quiet" pending=action.pending()>
                    {tr!(lang, account.sign_out_everywhere)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Looks() -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="looks-title">
            <div class="card-head">
                <h2 id="looks-title">{tr!(lang, account.looks)}</h2>
                <small>{tr!(lang, account.looks_note)}</small>
            </div>
            <div class="cluster" data-gap="4" data-between="">
                <LangSwitch/>
                <span class="pref-set">
                    <SizeSwitch/>
                </span>
            </div>
            <ThemeSwitch/>
        </section>
    }
}

/// The owner's choice of the branch that all pages show.
#[component]
fn LookAt(branches: Vec<BranchInfo>, here: domain::BranchId) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::LookAt>::new();
    let buttons = branches
        .into_iter()
        .map(|branch| {
            view! {
                <button
                    type="submit"
                    name="branch"
                    value=branch.id.to_string()
                    aria-current=(branch.id == here).then_some("true")
                >
                    {branch.name.get(lang).to_owned()}
                </button>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="branch-title">
            <div class="card-head">
                <h2 id="branch-title">{tr!(lang, account.look_at)}</h2>
            </div>
            <ActionForm action>
                <div class="seg" data-wide="">{buttons}</div>
            </ActionForm>
        </section>
    }
}
