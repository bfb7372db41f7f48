//! The front desk: the live board and walk-ins (DESK-1 … DESK-4).

mod acts;
pub mod api;
mod board;
mod done;
mod expected;
mod find;
mod serving;
mod strip;
mod tags;
mod ticket;
mod waiting;
mod walk_in;

pub use tags::{Tags, care_text, tag_name};
pub use waiting::reason_of_code;

use crate::schedule::{NewBookingPage, SchedulePage};
use leptos::{lazy, prelude::*};
use leptos_router::{
    Lazy, LazyRoute, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum DeskPage {
    Board,
    WalkIn,
    Schedule,
    NewBooking,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn desk_view(page: DeskPage) -> AnyView {
    match page {
        DeskPage::Board => view! { <board::BoardPage/> }.into_any(),
        DeskPage::WalkIn => view! { <walk_in::WalkInPage/> }.into_any(),
        DeskPage::Schedule => view! { <SchedulePage/> }.into_any(),
        DeskPage::NewBooking => view! { <NewBookingPage/> }.into_any(),
    }
}

macro_rules! desk_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }
            async fn view(_this: Self) -> AnyView {
                desk_view($page).await
            }
            async fn preload() {
                #[cfg(target_arch = "wasm32")]
                __preload_desk_view().await;
            }
        }
    };
}
desk_page!(BoardRoute, DeskPage::Board);
desk_page!(WalkInRoute, DeskPage::WalkIn);
desk_page!(ScheduleRoute, DeskPage::Schedule);
desk_page!(NewBookingRoute, DeskPage::NewBooking);

/// Routes of this area.
#[component(transparent)]
pub fn DeskRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("desk") view={Lazy::<BoardRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/walk-in") view={Lazy::<WalkInRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("schedule") view={Lazy::<ScheduleRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("schedule/new") view={Lazy::<NewBookingRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
