//! The rating after a visit (SURVEY-1).

use crate::error::AppError;
use domain::survey::{SurveyForm, SurveyPage};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::op_context;

/// What is to be rated, by the link.
#[server(prefix = "/api", endpoint = "survey/page")]
pub async fn page(token: String) -> Result<SurveyPage, AppError> {
    Ok(store::survey::page(&op_context()?, &token).await?)
}

/// One visit, one answer, however often it is sent.
#[server(prefix = "/api", endpoint = "survey/answer")]
pub async fn answer(#[server(flatten)] form: SurveyForm) -> Result<(), AppError> {
    let (token, answer, key) = form.check()?;
    store::survey::answer(&op_context()?, &token, answer, key).await?;
    leptos_axum::redirect(&format!("/r/{token}"));
    Ok(())
}
