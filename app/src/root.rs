//! The document around every page, and the routes of all areas.

use crate::{
    account::AccountRoutes,
    branch::BranchRoutes,
    desk::DeskRoutes,
    guest::GuestRoutes,
    lang::use_lang,
    manage::ManageRoutes,
    prefs::Prefs,
    tr,
    treat::ChairRoutes,
    ui::{ErrorKind, ErrorPage, Shell, ShellKind, Toasts, overlay::ToastList},
    wall::OpsRoutes,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The HTML document. Language, scheme and size of type stand on `<html>` from the first byte (see [`crate::prefs`]).
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};

    let prefs = Prefs::current();
    let (light, dark) = ("#f6f3ee", "#141311");
    let grounds = match prefs.theme {
        None => {
            vec![(light, Some("(prefers-color-scheme: light)")), (dark, Some("(prefers-color-scheme: dark)"))]
        }
        Some(crate::prefs::Theme::Light) => vec![(light, None)],
        Some(crate::prefs::Theme::Dark) => vec![(dark, None)],
    };
    view! {
        <!DOCTYPE html>
        <html
            lang=prefs.lang.tag()
            data-theme=prefs.theme.map(crate::prefs::Theme::as_str)
            data-size=prefs.large.then_some("large")
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                {grounds
                    .into_iter()
                    .map(|(color, media)| {
                        // the macro knows no `media` on `<meta>`
                        leptos::html::meta().name("theme-color").content(color).attr("media", media)
                    })
                    .collect_view()}
                <meta name="format-detection" content="telephone=no"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="manifest" href=manifest(prefs.lang)/>
                <HashedStylesheet options=options.clone() id="style"/>
                <script nonce=leptos::nonce::use_nonce() inner_html=include_str!("early.js")></script>
                <HydrationScripts options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
                <Renewal lang=prefs.lang/>
            </body>
        </html>
    }
}

/// What the device installs: the salon for customers, the workplace for the staff, each with its own beginning
/// (AROUND-3).
#[cfg(feature = "ssr")]
fn manifest(lang: domain::Lang) -> &'static str {
    use domain::{Actor, Lang};

    let staff = use_context::<store::OpContext>().is_some_and(|cx| matches!(cx.actor, Actor::Staff { .. }))
        || use_context::<http::request::Parts>().is_some_and(|parts| parts.uri.path().starts_with("/staff"));
    match (staff, lang) {
        (false, Lang::Zh) => "/manifest.webmanifest",
        (false, Lang::En) => "/manifest-en.webmanifest",
        (true, Lang::Zh) => "/staff.webmanifest",
        (true, Lang::En) => "/staff-en.webmanifest",
    }
}

/// Registers the service worker, and says when a new build is there. Beside the app, so that it costs the app nothing.
#[cfg(feature = "ssr")]
#[component]
fn Renewal(lang: domain::Lang) -> impl IntoView {
    view! {
        <div class="toasts" id="renewal" role="status" hidden>
            <div class="toast">
                {tr!(lang, ui.renewal.text)}
                <button class="btn" data-size="s" type="button">
                    {tr!(lang, ui.renewal.act)}
                </button>
            </div>
        </div>
        <script nonce=leptos::nonce::use_nonce() inner_html=include_str!("worker.js")></script>
    }
}

/// Everything in the body. Each area gives its own routes; a page sets its frame with [`Shell`].
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let prefs = Prefs::current();
    provide_context(prefs);
    provide_context(prefs.lang);
    provide_context(ToastList::default());
    let brand = tr!(prefs.lang, common.brand);
    view! {
        <Title formatter=move |title: String| {
            if title.is_empty() { brand.to_owned() } else { format!("{title} · {brand}") }
        }/>
        <Router>
            <a class="skip" href="#main">
                {tr!(prefs.lang, ui.skip)}
            </a>
            <FlatRoutes fallback=NotFound>
                <BranchRoutes/>
                <GuestRoutes/>
                <AccountRoutes/>
                <DeskRoutes/>
                <ChairRoutes/>
                <OpsRoutes/>
                <ManageRoutes/>
                <Route path=path!("ui") view=Components ssr=SsrMode::Async/>
            </FlatRoutes>
            <Toasts/>
        </Router>
    }
}

/// Any address that is none.
#[component]
fn NotFound() -> impl IntoView {
    let lang = use_lang();
    view! {
        <Shell kind=ShellKind::Phone>
            <header class="top-bar">
                <h1 class="top-title">{tr!(lang, common.brand)}</h1>
            </header>
            <main class="page" id="main">
                <ErrorPage kind=ErrorKind::NotFound/>
            </main>
        </Shell>
    }
}

/// Every component in every state, for whoever builds pages; not in release builds.
#[component]
fn Components() -> impl IntoView {
    #[cfg(debug_assertions)]
    return crate::ui::gallery::Gallery().into_any();
    #[cfg(not(debug_assertions))]
    return NotFound().into_any();
}

#[cfg(all(test, feature = "ssr"))]
#[allow(clippy::unwrap_used, reason = "a helper of the tests")]
mod tests {
    use super::*;
    use leptos_router::location::RequestUrl;

    /// The document as sent to a reader with these cookies.
    fn document(cookies: &str) -> String {
        let (parts, ()) = http::Request::builder()
            .uri("/nowhere")
            .header(http::header::COOKIE, cookies)
            .body(())
            .unwrap()
            .into_parts();
        let options = LeptosOptions::builder().output_name("meiyue").build();
        Owner::new().with(|| {
            provide_context(parts);
            provide_context(RequestUrl::new("/nowhere"));
            shell(options).to_html()
        })
    }

    #[test]
    fn the_first_byte_knows_language_scheme_and_size() {
        let html = document("lang=en; theme=dark; size=large");
        let tag = html.split_once("<html").and_then(|(_, rest)| rest.split_once('>')).unwrap().0;
        assert_eq!(tag.trim(), r#"lang="en" data-theme="dark" data-size="large""#);
        assert!(html.contains("Nothing here"), "the page itself is in that language");
        assert_eq!(html.matches("theme-color").count(), 1);
    }

    #[test]
    fn without_a_choice_the_device_decides() {
        let html = document("");
        let tag = html.split_once("<html").and_then(|(_, rest)| rest.split_once('>')).unwrap().0;
        assert_eq!(tag.trim(), r#"lang="zh-CN""#);
        assert_eq!(html.matches("theme-color").count(), 2);
        assert!(html.contains("(prefers-color-scheme: dark)"));
    }
}
