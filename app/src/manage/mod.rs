//! What the manager sets: services, hours, rotas, people, rooms and devices, and the bookings that a change strands
//! (BOOK-1, BOOK-2, BOOK-4, STAFF-5).

pub mod api;
mod frame;
mod hours;
mod kept;
mod people;
mod person;
mod places;
mod rota;
mod service;
mod services;
mod shift;
mod stranded;

use crate::part::{Lazy, LazyPage, PartPages};
use leptos::{lazy, prelude::*};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum ManagePage {
    Services,
    Service,
    Hours,
    Rota,
    Shift,
    People,
    Person,
    Places,
    Stranded,
    Resolve,
}

/// One lazily loaded part for all of them.
#[lazy]
pub fn manage_view(page: ManagePage) -> AnyView {
    match page {
        ManagePage::Services => view! { <services::ServicesPage/> }.into_any(),
        ManagePage::Service => view! { <service::ServicePage/> }.into_any(),
        ManagePage::Hours => view! { <hours::HoursPage/> }.into_any(),
        ManagePage::Rota => view! { <rota::RotaPage/> }.into_any(),
        ManagePage::Shift => view! { <shift::ShiftPage/> }.into_any(),
        ManagePage::People => view! { <people::PeoplePage/> }.into_any(),
        ManagePage::Person => view! { <person::PersonPage/> }.into_any(),
        ManagePage::Places => view! { <places::PlacesPage/> }.into_any(),
        ManagePage::Stranded => view! { <stranded::StrandedPage/> }.into_any(),
        ManagePage::Resolve => view! { <stranded::ResolvePage/> }.into_any(),
    }
}

impl PartPages for ManagePage {
    async fn view(self) -> AnyView {
        manage_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_manage_view().await;
    }
}

macro_rules! manage_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = ManagePage;
            const PAGE: ManagePage = $page;
        }
    };
}
manage_page!(ServicesRoute, ManagePage::Services);
manage_page!(ServiceRoute, ManagePage::Service);
manage_page!(HoursRoute, ManagePage::Hours);
manage_page!(RotaRoute, ManagePage::Rota);
manage_page!(ShiftRoute, ManagePage::Shift);
manage_page!(PeopleRoute, ManagePage::People);
manage_page!(PersonRoute, ManagePage::Person);
manage_page!(PlacesRoute, ManagePage::Places);
manage_page!(StrandedRoute, ManagePage::Stranded);
manage_page!(ResolveRoute, ManagePage::Resolve);

/// Routes of this area.
#[component(transparent)]
pub fn ManageRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("settings") view={Lazy::<ServicesRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/services/:id") view={Lazy::<ServiceRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/hours") view={Lazy::<HoursRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/rota") view={Lazy::<RotaRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/rota/:staff/:day") view={Lazy::<ShiftRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/people") view={Lazy::<PeopleRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/people/:id") view={Lazy::<PersonRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/places") view={Lazy::<PlacesRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/stranded") view={Lazy::<StrandedRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("settings/stranded/:booking") view={Lazy::<ResolveRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
