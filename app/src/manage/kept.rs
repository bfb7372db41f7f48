//! Nothing typed is lost, with scripts or without. With them a form stays as it is while its error is shown; without
//! them an error leads back to the page with what was typed in the address. Only what the house says about itself is
//! kept that way: nothing about customers, no names, numbers and notes of people.

use crate::{error::AppError, lang::use_lang, ui::FormErrors};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What was typed in one of a page's forms, and what is wrong with it.
#[derive(Clone, Serialize, Deserialize)]
struct Draft<F> {
    of: String,
    form: F,
    error: AppError,
}

/// A form as it is shown: as typed before, else as given; with its errors.
pub fn form<F, A>(of: &str, given: F, action: ServerAction<A>) -> (F, FormErrors)
where
    F: DeserializeOwned,
    A: leptos::server_fn::ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    let raw = use_query_map().with_untracked(|query| query.get("draft"));
    let draft = raw.and_then(|raw| serde_json::from_slice::<Draft<F>>(raw.as_bytes()).ok());
    let (form, error) = match draft.filter(|draft| draft.of == of) {
        Some(draft) => (draft.form, Some(draft.error)),
        None => (given, None),
    };
    let errors = FormErrors::of(use_lang(), move || {
        action.value().get().or_else(|| error.clone().map(Err::<(), AppError>))
    });
    (form, errors)
}

/// Ends the saving of a form: leads to `path` when it is done, back with what was typed when it is not and the browser
/// sent the form itself.
///
/// # Errors
/// Those given.
#[cfg(feature = "ssr")]
pub fn done(
    answer: Result<(), AppError>,
    of: &str,
    path: &str,
    typed: &impl Serialize,
) -> Result<(), AppError> {
    let joint = if path.contains('?') { '&' } else { '?' };
    match answer {
        Ok(()) => {
            // Another address each time: the page reads anew what was saved.
            let now = use_context::<store::OpContext>().map_or(0, |cx| cx.now().timestamp_millis());
            leptos_axum::redirect(&format!("{path}{joint}saved={now}"));
            Ok(())
        }
        Err(error @ (AppError::Invalid(_) | AppError::Refused(_))) if crate::ssr::wants_page() => {
            let draft = serde_json::json!({ "of": of, "form": typed, "error": error });
            leptos_axum::redirect(&format!(
                "{path}{joint}draft={}",
                leptos_router::location::Url::escape(&draft.to_string())
            ));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
