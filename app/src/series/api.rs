//! Server functions of series.

use crate::error::AppError;
use domain::booking::{
    DeskMenu,
    series::{SeriesPreview, SeriesQuery, SeriesShiftForm, SeriesView},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{account::api::branch_of, ssr::op_context};
#[cfg(feature = "ssr")]
use domain::booking::series::SeriesForm;

/// The menu and, once it is said what is wished for, all sessions with what stands in their way.
#[server(name = ReadSeriesPlan, prefix = "/api", endpoint = "series/plan")]
pub async fn plan(
    #[server(flatten)] form: SeriesQuery,
) -> Result<(DeskMenu, SeriesQuery, Option<Result<SeriesPreview, AppError>>), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let menu = store::booking::desk_menu(&cx, branch).await?;
    if form.services.trim().is_empty() {
        return Ok((menu, form, None));
    }
    let preview = match form.clone().check() {
        Ok(wish) => store::series::preview(&cx, branch, wish).await.map_err(AppError::from),
        Err(fields) => Err(AppError::Invalid(fields)),
    };
    Ok((menu, form, Some(preview)))
}

/// Books all sessions, or none, and leads to the series. `times[]` are milliseconds since 1970.
#[server(prefix = "/api", endpoint = "series/book")]
pub async fn book(
    #[server(default)] services: String,
    #[server(default)] who: String,
    #[server(default)] times: Vec<String>,
    #[server(default)] customer: String,
    #[server(default)] name: String,
    #[server(default)] phone: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let form = SeriesForm { services, who, times: times.join(","), customer, name, phone, key };
    let id = store::series::book(&cx, branch, form.check()?).await?;
    leptos_axum::redirect(&format!("/desk/series/{id}"));
    Ok(())
}

/// A booked series.
#[server(name = ReadSeries, prefix = "/api", endpoint = "series/view")]
pub async fn view(series: String) -> Result<SeriesView, AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let id = series.parse().map_err(|_| AppError::NotFound)?;
    Ok(store::series::view(&cx, branch, id).await?)
}

/// Moves a session, or it and all later ones by the same shift.
#[server(prefix = "/api", endpoint = "series/shift")]
pub async fn shift(#[server(flatten)] form: SeriesShiftForm) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let id = store::series::shift(&cx, branch, form.check()?).await?;
    leptos_axum::redirect(&format!("/desk/series/{id}"));
    Ok(())
}

/// Cancels a session and all later ones.
#[server(prefix = "/api", endpoint = "series/cancel")]
pub async fn cancel(token: String) -> Result<(), AppError> {
    let cx = op_context()?;
    let branch = branch_of(&cx).await?;
    let id = store::series::cancel_rest(&cx, branch, &token).await?;
    leptos_axum::redirect(&format!("/desk/series/{id}"));
    Ok(())
}
