//! At the chair: the day, the checklist, the record (TREAT-1 … TREAT-6).

mod after;
mod alerts;
pub mod api;
mod bar;
mod day;
mod deviations;
mod feel;
mod incident;
mod incidents;
mod item;
mod next;
mod notes;
mod offline;
mod photos;
mod prep;
mod recheck;
mod record;
mod steps;
mod used;
mod words;

pub use words::{kind_name, severity_name, source_name};

use crate::part::{Lazy, LazyPage, PartPages};
use leptos::{lazy, prelude::*};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Where the browser keeps how many acts wait, for pages that do not know the queue: signing out asks.
#[cfg(not(feature = "ssr"))]
pub(crate) const WAITING: &str = "meiyue-waiting";

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum ChairPage {
    Day,
    Item,
    Facts,
    Record,
    Deviations,
    Incidents,
    Incident,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn chair_view(page: ChairPage) -> AnyView {
    match page {
        ChairPage::Day => view! { <day::DayPage/> }.into_any(),
        ChairPage::Item => view! { <item::ItemPage/> }.into_any(),
        ChairPage::Facts => view! { <crate::consult::QuestionsPage/> }.into_any(),
        ChairPage::Record => view! { <record::RecordPage/> }.into_any(),
        ChairPage::Deviations => view! { <deviations::DeviationsPage/> }.into_any(),
        ChairPage::Incidents => view! { <incidents::IncidentsPage/> }.into_any(),
        ChairPage::Incident => view! { <incidents::IncidentPage/> }.into_any(),
    }
}

impl PartPages for ChairPage {
    async fn view(self) -> AnyView {
        chair_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_chair_view().await;
    }
}

macro_rules! chair_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = ChairPage;
            const PAGE: ChairPage = $page;
        }
    };
}
chair_page!(DayRoute, ChairPage::Day);
chair_page!(ItemRoute, ChairPage::Item);
chair_page!(FactsRoute, ChairPage::Facts);
chair_page!(RecordRoute, ChairPage::Record);
chair_page!(DeviationsRoute, ChairPage::Deviations);
chair_page!(IncidentsRoute, ChairPage::Incidents);
chair_page!(IncidentRoute, ChairPage::Incident);

/// Routes of this area.
#[component(transparent)]
pub fn ChairRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("chair") view={Lazy::<DayRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/deviations") view={Lazy::<DeviationsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/incidents") view={Lazy::<IncidentsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/incidents/:id") view={Lazy::<IncidentRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/:item/facts") view={Lazy::<FactsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/:item/record") view={Lazy::<RecordRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("chair/:item") view={Lazy::<ItemRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
