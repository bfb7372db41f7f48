//! Booking as a customer does it: choose, hold, prove the phone, and what can be done with a booking afterwards.

pub mod address;
pub mod api;
mod cancel;
mod choose;
mod confirmed;
mod hold;
pub mod menu;
mod reschedule;
mod slots;
mod wanted;
pub mod words;

pub use cancel::CancelBooking;
pub use choose::ChooseTime;
pub use confirmed::BookingPage;
pub use hold::HoldPage;
pub use reschedule::MoveBooking;

use leptos::prelude::*;
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Routes of this area.
#[component(transparent)]
pub fn BookingRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("s/:slug/book") view=ChooseTime ssr=SsrMode::Async/>
        <Route path=path!("hold/:token") view=HoldPage ssr=SsrMode::Async/>
        <Route path=path!("b/:token") view=BookingPage ssr=SsrMode::Async/>
        <Route path=path!("b/:token/cancel") view=CancelBooking ssr=SsrMode::Async/>
        <Route path=path!("b/:token/move") view=MoveBooking ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
