//! The promise wall that everyone may see: what was promised, and what became of it (spec §2).

pub mod api;
mod evidence;
mod wall;
pub mod words;

pub use evidence::PublicEvidence;
pub use wall::PublicWall;

use leptos::prelude::*;
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Routes of this area.
#[component(transparent)]
pub fn PromiseRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("promises/:slug") view=PublicWall ssr=SsrMode::Async/>
        <Route path=path!("promises/:slug/:code") view=PublicEvidence ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
