//! What a customer does for herself: own bookings, signing in by code, the place in the queue.

pub mod api;
pub mod frame;
mod me;
#[cfg(feature = "ssr")]
mod pending;
mod queue;
mod sign_in;

pub use me::MyBookings;
pub use queue::QueuePlace;
pub use sign_in::CustomerSignIn;

use leptos::prelude::*;
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Routes of this area.
#[component(transparent)]
pub fn CustomerRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("me") view=MyBookings ssr=SsrMode::Async/>
        <Route path=path!("me/sign-in") view=CustomerSignIn ssr=SsrMode::Async/>
        <Route path=path!("q/:token") view=QueuePlace ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
