//! The front desk: the live board, walk-ins, and the desk's books (DESK-1 … DESK-10).

mod acts;
pub mod api;
mod bands;
mod board;
pub mod books;
mod done;
mod expected;
mod filter;
mod find;
mod handover;
mod keys;
mod links;
mod phone;
mod questions;
mod screen;
mod scripts;
mod serving;
mod strip;
mod tags;
mod ticket;
mod waiting;
mod walk_in;

pub use tags::{Care, Tags, care_text, tag_name};
pub use waiting::reason_of_code;

use crate::{
    error::AppError,
    part::{Lazy, LazyPage, PartPages},
    schedule::{NewBookingPage, SchedulePage},
};
use leptos::{lazy, prelude::*, task::spawn_local};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum DeskPage {
    Board,
    WalkIn,
    Schedule,
    NewBooking,
    Phone,
    Bands,
    Handover,
    HandoverRead,
    Scripts,
    Links,
    Poster,
    Screen,
    Waitlist,
    WaitForm,
    PlanSeries,
    Series,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn desk_view(page: DeskPage) -> AnyView {
    match page {
        DeskPage::Board => view! { <board::BoardPage/> }.into_any(),
        DeskPage::WalkIn => view! { <walk_in::WalkInPage/> }.into_any(),
        DeskPage::Schedule => view! { <SchedulePage/> }.into_any(),
        DeskPage::NewBooking => view! { <NewBookingPage/> }.into_any(),
        DeskPage::Phone => view! { <phone::PhonePage/> }.into_any(),
        DeskPage::Bands => view! { <bands::BandsPage/> }.into_any(),
        DeskPage::Handover => view! { <handover::HandoverPage/> }.into_any(),
        DeskPage::HandoverRead => view! { <handover::HandoverRead/> }.into_any(),
        DeskPage::Scripts => view! { <scripts::ScriptsPage/> }.into_any(),
        DeskPage::Links => view! { <links::LinksPage/> }.into_any(),
        DeskPage::Poster => view! { <links::PosterPage/> }.into_any(),
        DeskPage::Screen => view! { <screen::ScreenPage/> }.into_any(),
        DeskPage::Waitlist => view! { <crate::waitlist::DeskWaitlist/> }.into_any(),
        DeskPage::WaitForm => view! { <crate::waitlist::DeskWaitForm/> }.into_any(),
        DeskPage::PlanSeries => view! { <crate::series::PlanSeries/> }.into_any(),
        DeskPage::Series => view! { <crate::series::SeriesPage/> }.into_any(),
    }
}

impl PartPages for DeskPage {
    async fn view(self) -> AnyView {
        desk_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_desk_view().await;
    }
}

macro_rules! desk_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = DeskPage;
            const PAGE: DeskPage = $page;
        }
    };
}
desk_page!(BoardRoute, DeskPage::Board);
desk_page!(WalkInRoute, DeskPage::WalkIn);
desk_page!(ScheduleRoute, DeskPage::Schedule);
desk_page!(NewBookingRoute, DeskPage::NewBooking);
desk_page!(PhoneRoute, DeskPage::Phone);
desk_page!(BandsRoute, DeskPage::Bands);
desk_page!(HandoverRoute, DeskPage::Handover);
desk_page!(HandoverReadRoute, DeskPage::HandoverRead);
desk_page!(ScriptsRoute, DeskPage::Scripts);
desk_page!(LinksRoute, DeskPage::Links);
desk_page!(PosterRoute, DeskPage::Poster);
desk_page!(ScreenRoute, DeskPage::Screen);

/// Reads `data` again whenever an act was answered.
fn again<T, F>(answered: impl Fn() -> usize + 'static, read: impl Fn() -> F + 'static, data: RwSignal<T>)
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    Effect::new(move |before: Option<usize>| {
        let answered = answered();
        if before.is_some_and(|before| before != answered) {
            let question = read();
            spawn_local(async move {
                if let Ok(new) = question.await {
                    let _ = data.try_set(new);
                }
            });
        }
        answered
    });
}

/// The key of a form that is filled in again and again: a new one, and empty fields, each time it has been done.
fn done_once<S>(action: ServerAction<S>, form: &'static str) -> RwSignal<String>
where
    S: leptos::server_fn::ServerFn<Output = ()> + Clone + Send + Sync + 'static,
    S::Error: Clone + Send + Sync + 'static,
{
    use crate::customer::frame::{form_key, fresh_key};
    use wasm_bindgen::JsCast;
    let key = RwSignal::new(form_key());
    Effect::new(move || {
        if action.value().with(|value| matches!(value, Some(Ok(())))) {
            key.set(fresh_key());
            let found = document().query_selector(form).ok().flatten();
            if let Some(form) = found.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) {
                form.reset();
            }
        }
    });
    key
}
desk_page!(WaitlistRoute, DeskPage::Waitlist);
desk_page!(WaitFormRoute, DeskPage::WaitForm);
desk_page!(PlanSeriesRoute, DeskPage::PlanSeries);
desk_page!(SeriesRoute, DeskPage::Series);

/// Routes of this area.
#[component(transparent)]
pub fn DeskRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("desk") view={Lazy::<BoardRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/walk-in") view={Lazy::<WalkInRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("schedule") view={Lazy::<ScheduleRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("schedule/new") view={Lazy::<NewBookingRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/phone") view={Lazy::<PhoneRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/bands") view={Lazy::<BandsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/handover") view={Lazy::<HandoverRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/handover/:id") view={Lazy::<HandoverReadRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/scripts") view={Lazy::<ScriptsRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/screen") view={Lazy::<LinksRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/poster") view={Lazy::<PosterRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("screen/:token") view={Lazy::<ScreenRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/waitlist") view={Lazy::<WaitlistRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/series") view={Lazy::<PlanSeriesRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/series/:id") view={Lazy::<SeriesRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("desk/waitlist/new") view={Lazy::<WaitFormRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
