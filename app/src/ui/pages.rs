//! Whole pages for when there is nothing else to show.

use crate::{
    error::{AppError, PageError},
    lang::use_lang,
    tr,
    ui::{Blank, errors::error_text},
};
use domain::Lang;
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone)]
pub enum ErrorKind {
    NotFound,
    Forbidden,
    SignedOut,
    /// A fault of ours, with the code to read out.
    Fault {
        incident: String,
    },
    Offline,
    /// The house cannot answer just now.
    Away {
        incident: String,
    },
    /// A rule said no, or the address is wrong: the sentence says why. Made where the rule is known, so that the first
    /// page does not carry the words of all rules.
    Other {
        status: u16,
        text: Arc<dyn Fn(Lang) -> String + Send + Sync>,
    },
}

impl From<PageError> for ErrorKind {
    fn from(error: PageError) -> Self {
        match error {
            // Whatever is wrong with what the address asks for: there is no such page. (Too many is for later.)
            PageError(400..=428, _) => Self::NotFound,
            PageError(500, incident) => Self::Fault { incident },
            PageError(503, incident) if !incident.is_empty() => Self::Away { incident },
            _ => Self::Offline,
        }
    }
}

impl From<AppError> for ErrorKind {
    fn from(error: AppError) -> Self {
        match error {
            // No form is answered here: it is the address that asks for what there is not.
            AppError::NotFound | AppError::Invalid(_) => Self::NotFound,
            AppError::Forbidden => Self::Forbidden,
            AppError::SignedOut => Self::SignedOut,
            AppError::Internal { incident } => Self::Fault { incident },
            AppError::Unavailable { incident } => Self::Away { incident },
            AppError::Transport(_) => Self::Offline,
            error => {
                Self::Other { status: error.status(), text: Arc::new(move |lang| error_text(lang, &error)) }
            }
        }
    }
}

impl ErrorKind {
    /// The HTTP status of a page that shows it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::SignedOut => 401,
            Self::Fault { .. } => 500,
            Self::Offline | Self::Away { .. } => 503,
            Self::Other { status, .. } => *status,
        }
    }
}

/// What happened, whose fault it was, and the way on. Stands where a page's content would, inside its shell; on the
/// server it also sets the response's status.
#[component]
pub fn ErrorPage(
    #[prop(into)] kind: ErrorKind,
    /// Where the way on leads.
    #[prop(default = "/".to_owned(), into)]
    home: String,
    /// Where one signs in.
    #[prop(default = "/staff/sign-in".to_owned(), into)]
    sign_in: String,
) -> impl IntoView {
    let lang = use_lang();
    #[cfg(feature = "ssr")]
    crate::ssr::set_page_status(kind.status());
    let home_link = move || view! { <a class="btn" href=home>{tr!(lang, ui.error.to_home)}</a> };
    // an empty address is the page itself, asked for again
    let again = move || view! { <a class="btn" data-kind="primary" href="" rel="external">{tr!(lang, common.retry)}</a> };
    match kind {
        ErrorKind::NotFound => view! {
            <Blank title=tr!(lang, ui.error.not_found.title) text=tr!(lang, ui.error.not_found.text)>
                {home_link()}
            </Blank>
        }
        .into_any(),
        ErrorKind::Forbidden => view! {
            <Blank title=tr!(lang, ui.error.forbidden.title) text=tr!(lang, ui.error.forbidden.text)>
                {home_link()}
            </Blank>
        }
        .into_any(),
        ErrorKind::SignedOut => view! {
            <Blank title=tr!(lang, ui.error.signed_out.title) text=tr!(lang, ui.error.signed_out.text)>
                <a class="btn" data-kind="primary" href=sign_in>
                    {tr!(lang, ui.error.signed_out.act)}
                </a>
            </Blank>
        }
        .into_any(),
        ErrorKind::Fault { incident } => view! {
            <Blank
                title=tr!(lang, ui.error.fault.title)
                text=tr!(lang, ui.error.fault.text)
                code=tr!(lang, ui.error.fault.code, code = incident)
                failed=true
            >
                {again()}
            </Blank>
        }
        .into_any(),
        ErrorKind::Away { incident } => view! {
            <Blank
                title=tr!(lang, ui.error.away.title)
                text=tr!(lang, ui.error.away.text)
                code=tr!(lang, ui.error.fault.code, code = incident)
                failed=true
            >
                {again()}
            </Blank>
        }
        .into_any(),
        ErrorKind::Offline => view! {
            <Blank title=tr!(lang, ui.error.offline.title) text=tr!(lang, ui.error.offline.text) failed=true>
                {again()}
            </Blank>
        }
        .into_any(),
        ErrorKind::Other { text, .. } => view! {
            <Blank title=tr!(lang, ui.error.fault.title) text=text(lang) failed=true>
                {home_link()}
            </Blank>
        }
        .into_any(),
    }
}
