//! Server functions at the chair. Each act answers with the whole record, so that the page shows what was stored.

use crate::error::AppError;
use domain::treat::{ItemForm, MyDay, NoteForm, StepForm, Treatment};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::ssr::op_context;
#[cfg(feature = "ssr")]
use domain::treat::AftercareForm;

/// The day of the signed-in person, or of `who` for those who may see it (TREAT-1).
#[server(name = ReadDay, prefix = "/api", endpoint = "treat/my_day")]
pub async fn my_day(#[server(default)] who: String) -> Result<MyDay, AppError> {
    let who = match who.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| store::Error::NotFound)?),
    };
    Ok(store::treat::my_day(&op_context()?, who).await?)
}

/// The record, with the rating link drawn as a code.
#[cfg(feature = "ssr")]
fn drawn(cx: &store::OpContext, treatment: Treatment) -> Treatment {
    let survey = treatment
        .survey
        .map(|(path, _)| (crate::ssr::absolute(cx, &path), crate::ssr::qr_of_path(cx, &path)));
    Treatment { survey, ..treatment }
}

/// One service at the chair.
#[server(name = ReadTreatment, prefix = "/api", endpoint = "treat/treatment")]
pub async fn treatment(item: String) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let item = item.parse().map_err(|_| store::Error::NotFound)?;
    Ok(drawn(&cx, store::treat::treatment(&cx, item).await?))
}

/// First contact: ends the wait that is promised (WAIT).
#[server(prefix = "/api", endpoint = "treat/greet")]
pub async fn greet(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::greet(&cx, form.check()?).await?))
}

/// The service begins (ONTIME).
#[server(prefix = "/api", endpoint = "treat/start")]
pub async fn start(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::start(&cx, form.check()?).await?))
}

/// The service ends; refused while mandatory steps are open (TREAT-3).
#[server(prefix = "/api", endpoint = "treat/finish")]
pub async fn finish(#[server(flatten)] form: ItemForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::finish(&cx, form.check()?).await?))
}

/// Ticks a step, opens it again, or leaves it out with its reason (TREAT-3).
#[server(prefix = "/api", endpoint = "treat/tick")]
pub async fn tick(#[server(flatten)] form: StepForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    Ok(drawn(&cx, store::treat::tick(&cx, form.check()?).await?))
}

/// Adds a note to the record.
#[server(prefix = "/api", endpoint = "treat/note")]
pub async fn note(#[server(flatten)] form: NoteForm) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, text, key) = form.check()?;
    Ok(drawn(&cx, store::treat::note(&cx, item, text, key).await?))
}

/// Aftercare told, and sent to the customer's phone (TREAT-6). `told[]` are ids.
#[server(prefix = "/api", endpoint = "treat/aftercare")]
pub async fn aftercare(
    #[server(default)] item: String,
    #[server(default)] told: Vec<String>,
) -> Result<Treatment, AppError> {
    let cx = op_context()?;
    let (item, told) = AftercareForm { item, told: told.join(",") }.check()?;
    Ok(drawn(&cx, store::treat::aftercare(&cx, item, told).await?))
}
