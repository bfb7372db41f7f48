//! Language, light or dark, size of type: small forms posted to `/prefs`, so they work without scripts and the server
//! renders the next page right from its first byte.

use crate::{
    prefs::{self, Theme, use_prefs},
    tr,
    ui::{Icon, IconName},
};
use domain::Lang;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A form that sets one preference; its buttons carry name and value.
#[component]
fn PrefForm(children: Children) -> impl IntoView {
    let here = use_location();
    let back = move || {
        let (path, query) = (here.pathname.get(), here.search.get());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    };
    view! {
        <form class="pref" method="post" action=prefs::PATH>
            <input type="hidden" name="back" value=back/>
            {children()}
        </form>
    }
}

/// 中文 · English.
#[component]
pub fn LangSwitch() -> impl IntoView {
    let lang = use_prefs().lang;
    let button = move |to: Lang, name: &'static str| {
        view! {
            <button
                type="submit"
                name=prefs::LANG
                value=to.tag()
                lang=to.tag()
                aria-current=(lang == to).then_some("true")
            >
                {name}
            </button>
        }
    };
    view! {
        <PrefForm>
            <fieldset class="pref-set">
                <legend class="sr">{tr!(lang, ui.prefs.language)}</legend>
                {button(Lang::Zh, tr!(lang, ui.prefs.zh_native))}
                {button(Lang::En, tr!(lang, ui.prefs.en_native))}
            </fieldset>
        </PrefForm>
    }
}

/// Light, dark, or as the device. With `small`, one button to the other of light and dark.
#[component]
pub fn ThemeSwitch(#[prop(optional)] small: bool) -> impl IntoView {
    let prefs = use_prefs();
    let lang = prefs.lang;
    if small {
        let (to, icon, text) = match prefs.theme {
            Some(Theme::Dark) => (Theme::Light, IconName::Sun, tr!(lang, ui.prefs.theme_light)),
            _ => (Theme::Dark, IconName::Moon, tr!(lang, ui.prefs.theme_dark)),
        };
        return view! {
            <PrefForm>
                <button type="submit" name=prefs::THEME value=to.as_str()>
                    <Icon name=icon/>
                    {text}
                </button>
            </PrefForm>
        }
        .into_any();
    }
    let options = [
        ("auto", None, tr!(lang, ui.prefs.theme_auto)),
        ("light", Some(Theme::Light), tr!(lang, ui.prefs.theme_light)),
        ("dark", Some(Theme::Dark), tr!(lang, ui.prefs.theme_dark)),
    ];
    let buttons = options
        .map(|(value, theme, text)| {
            view! {
                <button
                    type="submit"
                    name=prefs::THEME
                    value=value
                    aria-current=(prefs.theme == theme).then_some("true")
                >
                    {text}
                </button>
            }
        })
        .collect_view();
    view! {
        <PrefForm>
            <fieldset class="seg" data-wide>
                <legend class="sr">{tr!(lang, ui.prefs.theme)}</legend>
                {buttons}
            </fieldset>
        </PrefForm>
    }
    .into_any()
}

/// To large type and back. With `icon`, as an icon button for a top bar.
#[component]
pub fn SizeSwitch(#[prop(optional)] icon: bool) -> impl IntoView {
    let prefs = use_prefs();
    let (value, text) = if prefs.large {
        ("normal", tr!(prefs.lang, ui.prefs.size_normal))
    } else {
        ("large", tr!(prefs.lang, ui.prefs.size_large))
    };
    view! {
        <PrefForm>
            <button
                type="submit"
                name=prefs::SIZE
                value=value
                class=icon.then_some("btn")
                data-shape=icon.then_some("icon")
                aria-label=icon.then_some(text)
            >
                <Icon name=IconName::TextSize/>
                {(!icon).then_some(text)}
            </button>
        </PrefForm>
    }
}
