//! The inner promise wall with the records behind it, and the demo outbox.

pub mod api;
mod figures;
mod outbox;
mod records;
mod words;

use crate::part::{Lazy, LazyPage, PartPages};
use leptos::{lazy, prelude::*};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum OpsPage {
    Wall,
    Records,
    Outbox,
    Calls,
    Sops,
    Sop,
    Baths,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn ops_view(page: OpsPage) -> AnyView {
    match page {
        OpsPage::Wall => view! { <figures::WallPage/> }.into_any(),
        OpsPage::Records => view! { <records::RecordsPage/> }.into_any(),
        OpsPage::Outbox => view! { <outbox::OutboxPage/> }.into_any(),
        OpsPage::Calls => view! { <crate::care::CallsPage/> }.into_any(),
        OpsPage::Sops => view! { <crate::sop::SopList/> }.into_any(),
        OpsPage::Sop => view! { <crate::sop::SopEditor/> }.into_any(),
        OpsPage::Baths => view! { <crate::ops::BathsPage/> }.into_any(),
    }
}

impl PartPages for OpsPage {
    async fn view(self) -> AnyView {
        ops_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_ops_view().await;
    }
}

macro_rules! ops_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = OpsPage;
            const PAGE: OpsPage = $page;
        }
    };
}
ops_page!(WallRoute, OpsPage::Wall);
ops_page!(RecordsRoute, OpsPage::Records);
ops_page!(OutboxRoute, OpsPage::Outbox);
ops_page!(CallsRoute, OpsPage::Calls);
ops_page!(SopsRoute, OpsPage::Sops);
ops_page!(SopRoute, OpsPage::Sop);
ops_page!(BathsRoute, OpsPage::Baths);

/// Routes of this area.
#[component(transparent)]
pub fn OpsRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("wall") view={Lazy::<WallRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("wall/:code") view={Lazy::<RecordsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("care/followups") view={Lazy::<CallsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("sop") view={Lazy::<SopsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("sop/:service") view={Lazy::<SopRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("baths") view={Lazy::<BathsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("outbox") view={Lazy::<OutboxRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
