//! At the chair: the day, the checklist, the record (TREAT-1, TREAT-3, TREAT-6).

mod after;
pub mod api;
mod bar;
mod day;
mod item;
mod notes;
mod recheck;
mod steps;

use leptos::{lazy, prelude::*};
use leptos_router::{
    Lazy, LazyRoute, SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path,
};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum ChairPage {
    Day,
    Item,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn chair_view(page: ChairPage) -> AnyView {
    match page {
        ChairPage::Day => view! { <day::DayPage/> }.into_any(),
        ChairPage::Item => view! { <item::ItemPage/> }.into_any(),
    }
}

macro_rules! chair_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }
            async fn view(_this: Self) -> AnyView {
                chair_view($page).await
            }
            async fn preload() {
                #[cfg(target_arch = "wasm32")]
                __preload_chair_view().await;
            }
        }
    };
}
chair_page!(DayRoute, ChairPage::Day);
chair_page!(ItemRoute, ChairPage::Item);

/// Routes of this area.
#[component(transparent)]
pub fn ChairRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("chair") view={Lazy::<DayRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/:item") view={Lazy::<ItemRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
