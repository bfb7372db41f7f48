//! Server functions about what must be known of a customer (CONSULT-2, CONSULT-3).

use crate::error::AppError;
use domain::{
    consult::{AllowForm, FactsForm, FactsPage},
    treat::Treatment,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::op_context;

/// The five questions with what was answered before; looking is logged (PRIV-2).
#[server(name = ReadFacts, prefix = "/api", endpoint = "consult/facts")]
pub async fn facts(item: String) -> Result<FactsPage, AppError> {
    let item = item.parse().map_err(|_| store::Error::NotFound)?;
    Ok(store::consult::facts(&op_context()?, item).await?)
}

/// Answers to the five questions; leads back to the treatment.
#[server(name = AnswerFacts, prefix = "/api", endpoint = "consult/answer")]
pub async fn answer(#[server(flatten)] form: FactsForm) -> Result<(), AppError> {
    let facts = form.check()?;
    let back = format!("/chair/{}", facts.item);
    store::consult::answer(&op_context()?, facts).await?;
    leptos_axum::redirect(&back);
    Ok(())
}

/// Goes on despite the rules that fire, with a reason; a *stop* only by those who lead.
#[server(name = AllowAlerts, prefix = "/api", endpoint = "consult/allow")]
pub async fn allow(#[server(flatten)] form: AllowForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, reason) = form.check()?;
    Ok(crate::treat::api::drawn(&cx, store::consult::allow(&cx, item, reason).await?))
}
