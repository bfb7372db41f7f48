//! The chain's front page and a branch's own page.

pub mod api;
mod chain;
mod parts;
mod salon;

pub use chain::Chain;
pub use salon::Salon;

use leptos::prelude::*;
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Routes of this area. Part of the main wasm, as all of the customer's pages are.
#[component(transparent)]
pub fn BranchRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("") view=Chain ssr=SsrMode::Async/>
        <Route path=path!("s/:slug") view=Salon ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
