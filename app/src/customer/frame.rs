//! What every page of the customer's shares: its head, its tabs, and what stands there instead when it fails.

use crate::{
    error::{AppError, PageError},
    lang::use_lang,
    prefs, tr,
    ui::{BottomBar, ErrorKind, ErrorPage, IconName, Skeleton, Tab, TopBar},
};
use domain::{Lang, LocalTime};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;

/// Title and description of a public page.
pub fn public_head(title: String, description: String) -> AnyView {
    view! {
        <Title text=title/>
        <Meta name="description" content=description/>
    }
    .into_any()
}

/// Title of a page that is one person's: search engines shall not list it, and its address goes nowhere.
pub fn private_head(title: &'static str) -> AnyView {
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex, nofollow"/>
        <Meta name="referrer" content="same-origin"/>
    }
    .into_any()
}

/// The page once it is read, or why not. On the server the latter sets the status.
pub fn shown<T>(answer: Result<T, AppError>, show: impl FnOnce(T) -> AnyView) -> AnyView {
    match answer {
        Ok(page) => show(page),
        Err(error) => failed(error),
    }
}

/// As [`shown`], for what the first page reads.
pub fn shown_public<T>(answer: Result<T, PageError>, show: impl FnOnce(T) -> AnyView) -> AnyView {
    match answer {
        Ok(page) => show(page),
        Err(error) => unread(error.into()),
    }
}

/// A page that could not be read, in a customer's frame.
pub fn failed(error: AppError) -> AnyView {
    unread(error.into())
}

fn unread(kind: ErrorKind) -> AnyView {
    let lang = use_lang();
    view! {
        <TopBar title=tr!(lang, common.brand) back="/".to_owned()>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <ErrorPage kind sign_in="/me/sign-in"/>
        </main>
    }
    .into_any()
}

/// While a page is being read after a step inside the app.
pub fn waiting() -> AnyView {
    view! {
        <main class="page stack" id="main" data-gap="4">
            <Skeleton lines=2/>
            <Skeleton lines=3 person=true/>
        </main>
    }
    .into_any()
}

/// To the other language and back to this page: one small button, a form post so that it works without scripts.
#[component]
pub fn OtherLang() -> impl IntoView {
    let lang = use_lang();
    let here = use_location();
    let back = move || {
        let (path, query) = (here.pathname.get(), here.search.get());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    let other = match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    view! {
        <form class="pref" method="post" action=prefs::PATH>
            <input type="hidden" name="back" value=back/>
            <button
                class="btn"
                data-kind="quiet"
                data-size="s"
                type="submit"
                name=prefs::LANG
                value=other.tag()
                lang=other.tag()
            >
                {tr!(lang, customer.other_lang_native)}
            </button>
        </form>
    }
}

/// 首页 · 预约 · 承诺墙 · 我的; `slug` is the branch at hand.
pub fn tabs(lang: Lang, slug: &str) -> AnyView {
    let tab = |href: String, text: &str, icon| Tab { href, text: text.to_owned(), icon, count: 0 };
    let tabs = vec![
        tab(format!("/s/{slug}"), tr!(lang, customer.tab.salon), IconName::Home),
        tab(format!("/s/{slug}/book"), tr!(lang, customer.tab.book), IconName::Calendar),
        tab(format!("/promises/{slug}"), tr!(lang, customer.tab.promises), IconName::Promise),
        tab("/me".to_owned(), tr!(lang, customer.tab.me), IconName::User),
    ];
    view! { <BottomBar tabs/> }.into_any()
}

/// A key that makes sending twice safe (BOOK-7); made where the page is rendered.
#[must_use]
pub fn form_key() -> String {
    SharedValue::new(fresh_key).into_inner()
}

/// A key that nobody else has.
#[cfg(feature = "ssr")]
#[must_use]
pub fn fresh_key() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// A key that nobody else has: the time and chance, without bringing a generator along.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn fresh_key() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:012x}{:08x}{:08x}{:04x}", js_sys::Date::now() as u64, part(), part(), part() & 0xffff)
}

/// `1:50` until a moment hours away, in minutes; days beyond two days.
#[must_use]
pub fn minutes_between(from: &LocalTime, to: &LocalTime) -> i64 {
    (to.millis() - from.millis()).div_euclid(60_000)
}
