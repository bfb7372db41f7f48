//! Rating a visit: a minute, once, without signing in (SURVEY-1).

pub mod api;
mod draft;
mod page;
pub mod words;

pub use page::RateVisit;

use leptos::prelude::*;
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Routes of this area.
#[component(transparent)]
pub fn SurveyRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("r/:token") view=RateVisit ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
