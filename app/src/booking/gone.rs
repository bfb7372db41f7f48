//! An address names what cannot be booked any more: a kept link, after the menu or the people have changed.

use super::address;
use crate::{
    customer::frame::{self, OtherLang},
    error::AppError,
    tr,
    ui::{Blank, TopBar, errors::error_text},
};
use domain::{Lang, booking::SlotQuery};
use leptos::prelude::*;

/// As [`frame::shown`], for a page whose address names what is to be booked, and where.
pub fn shown_or_gone<T>(
    lang: Lang,
    search: Memo<SlotQuery>,
    answer: Result<T, AppError>,
    show: impl FnOnce(T) -> AnyView,
) -> AnyView {
    match answer {
        Err(error @ (AppError::Invalid(_) | AppError::Refused(_))) => {
            search.with_untracked(|search| gone(lang, &search.branch, &error))
        }
        answer => frame::shown(answer, show),
    }
}

/// Says so, why as far as it is known, and leads to the branch's menu with nothing chosen.
fn gone(lang: Lang, slug: &str, error: &AppError) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_page_status(404);
    let text = match error {
        AppError::Refused(_) => error_text(lang, error),
        _ => tr!(lang, booking.gone.text).to_owned(),
    };
    let menu = address::choose(slug, "", "", "");
    view! {
        <TopBar title=tr!(lang, common.brand) back=menu.clone()>
            <OtherLang/>
        </TopBar>
        <main class="page" id="main">
            <Blank title=tr!(lang, booking.gone.title) text>
                <a class="btn" data-kind="primary" href=menu>{tr!(lang, booking.gone.act)}</a>
            </Blank>
        </main>
    }
    .into_any()
}
