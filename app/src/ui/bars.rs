//! What frames a page: the bar on top, tabs or the one next step below, navigation at the side.

use crate::{
    lang::use_lang,
    tr,
    ui::{Avatar, AvatarSize, Count, Icon, IconName, Tone, Words},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The ring with the appointed moment, and our name.
#[component]
pub fn Brandmark() -> impl IntoView {
    let lang = use_lang();
    view! {
        <span class="brandmark">
            <Icon name=IconName::Promise/>
            <span>{tr!(lang, common.brand)}</span>
        </span>
    }
}

/// The bar on top. `back` is where the arrow leads; acts (children) stand at its end.
#[component]
pub fn TopBar(
    #[prop(into)] title: String,
    #[prop(optional, into)] sub: Words,
    #[prop(optional, into)] back: Words,
    /// A cross instead of an arrow: leaving, not going back.
    #[prop(optional)]
    leave: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let lang = use_lang();
    let (icon, label) = if leave {
        (IconName::X, tr!(lang, common.close))
    } else {
        (IconName::ChevL, tr!(lang, common.back))
    };
    view! {
        <header class="top-bar">
            {back
                .0
                .map(|href| {
                    view! {
                        <a class="btn" data-shape="icon" href=href aria-label=label>
                            <Icon name=icon/>
                        </a>
                    }
                })}
            <h1 class="top-title">
                {title} {sub.0.map(|sub| view! { <span class="top-sub">{sub}</span> })}
            </h1>
            {children.map(|children| children())}
        </header>
    }
}

/// The one next step, in reach of the thumb. `sum` says what it is about; the children are the buttons.
#[component]
pub fn ActionBar(#[prop(optional, into)] sum: ViewFn, children: Children) -> impl IntoView {
    view! {
        <div class="action-bar">
            {sum.run()}
            {children()}
        </div>
    }
}

/// One tab of the customer's bar.
#[derive(Clone, Debug)]
pub struct Tab {
    pub href: String,
    pub text: String,
    pub icon: IconName,
    /// How many things wait there.
    pub count: u32,
}

/// The customer's tabs; at most four. The current one is the longest address that the page's begins with.
#[component]
pub fn BottomBar(tabs: Vec<Tab>) -> impl IntoView {
    let lang = use_lang();
    let path = use_location().pathname;
    let hrefs: StoredValue<Vec<String>> = StoredValue::new(tabs.iter().map(|tab| tab.href.clone()).collect());
    let items = tabs
        .into_iter()
        .enumerate()
        .map(|(i, tab)| {
            let current = move || hrefs.with_value(|hrefs| current_of(hrefs, &path.get()) == Some(i));
            view! {
                <a href=tab.href aria-current=move || current().then_some("page")>
                    <span class="bar-icon">
                        <Icon name=tab.icon/>
                        <Count n=tab.count tone=Tone::Brand/>
                    </span>
                    {tab.text}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="bottom-bar" aria-label=tr!(lang, ui.nav.main)>
            {items}
        </nav>
    }
}

/// One entry of the staff's navigation.
#[derive(Clone, Debug)]
pub enum NavItem {
    /// A heading above the entries that follow.
    Group(String),
    Link {
        href: String,
        text: String,
        icon: IconName,
        count: u32,
        /// The count is overdue work.
        urgent: bool,
    },
}

impl NavItem {
    pub fn link(href: impl Into<String>, text: impl Into<String>, icon: IconName) -> Self {
        Self::Link { href: href.into(), text: text.into(), icon, count: 0, urgent: false }
    }

    fn href(&self) -> &str {
        match self {
            Self::Group(_) => "",
            Self::Link { href, .. } => href,
        }
    }
}

/// The staff's navigation. Give only what the role may see; `me` is the name and what stands after it, at the foot,
/// and `foot` what belongs beside it (language, sign out).
#[component]
pub fn SideNav(
    #[prop(into)] home: String,
    items: Vec<NavItem>,
    #[prop(into)] me: String,
    #[prop(into)] role: String,
    #[prop(into)] me_href: String,
    #[prop(optional, into)] foot: ViewFn,
) -> impl IntoView {
    let lang = use_lang();
    let path = use_location().pathname;
    let hrefs: StoredValue<Vec<String>> =
        StoredValue::new(items.iter().map(|item| item.href().to_owned()).collect());
    let items = items
        .into_iter()
        .enumerate()
        .map(|(i, item)| match item {
            NavItem::Group(text) => view! { <p class="nav-group">{text}</p> }.into_any(),
            NavItem::Link { href, text, icon, count, urgent } => {
                let current = move || hrefs.with_value(|hrefs| current_of(hrefs, &path.get()) == Some(i));
                let tone = if urgent { Tone::Stop } else { Tone::Plain };
                view! {
                    <a href=href aria-current=move || current().then_some("page")>
                        <Icon name=icon/>
                        <span>{text}</span>
                        <Count n=count tone/>
                    </a>
                }
                .into_any()
            }
        })
        .collect_view();
    let brand = tr!(lang, common.brand);
    view! {
        <nav class="side-nav" aria-label=tr!(lang, ui.nav.main)>
            <a class="brandmark" href=home aria-label=tr!(lang, ui.nav.home, brand = brand)>
                <Icon name=IconName::Promise/>
                <span>{brand}</span>
            </a>
            {items}
            <div class="nav-foot">
                <a href=me_href>
                    <Avatar name=me.clone() size=AvatarSize::Xs/>
                    <span>
                        {me} <small class="muted caption">" "{role}</small>
                    </span>
                </a>
                {foot.run()}
            </div>
        </nav>
    }
}

/// Which of the addresses the page belongs to: the longest that is the page's path or a folder above it.
fn current_of(hrefs: &[String], path: &str) -> Option<usize> {
    let under = |href: &str| {
        !href.is_empty()
            && (path == href
                || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))))
    };
    hrefs
        .iter()
        .enumerate()
        .filter(|(_, href)| under(href.split('?').next().unwrap_or_default()))
        .max_by_key(|(_, href)| href.len())
        .map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_above_the_page_is_current() {
        let hrefs: Vec<String> = ["/", "/desk", "", "/desk/phone", "/des"].map(str::to_owned).to_vec();
        assert_eq!(current_of(&hrefs, "/desk"), Some(1));
        assert_eq!(current_of(&hrefs, "/desk/visit/1"), Some(1));
        assert_eq!(current_of(&hrefs, "/desk/phone/2"), Some(3));
        assert_eq!(current_of(&hrefs, "/"), Some(0));
        assert_eq!(current_of(&hrefs, "/other"), None);
    }
}
