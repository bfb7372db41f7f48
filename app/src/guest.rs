//! The customer's pages after the salon's own: one lazily loaded part, so that the first page stays light.
//!
//! One part for all of them, since every further part multiplies the chunks that parts share with each other.

use crate::{
    booking::{BookingPage, CancelBooking, ChooseTime, HoldPage, MoveBooking},
    care::RecheckPage,
    customer::{ArriveAtDoor, CustomerSignIn, MyBookings, QueuePlace},
    part::{Lazy, LazyPage, PartPages},
    promise::{PublicEvidence, PublicWall},
    survey::RateVisit,
    waitlist::{JoinWaitlist, WaitEntry},
};
use leptos::{lazy, prelude::*};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum GuestPage {
    Choose,
    Hold,
    Booking,
    Cancel,
    Move,
    Mine,
    SignIn,
    Queue,
    Arrive,
    Rate,
    Wall,
    Evidence,
    Recheck,
    Wait,
    WaitEntry,
}

#[lazy]
pub fn guest_view(page: GuestPage) -> AnyView {
    match page {
        GuestPage::Choose => view! { <ChooseTime/> }.into_any(),
        GuestPage::Hold => view! { <HoldPage/> }.into_any(),
        GuestPage::Booking => view! { <BookingPage/> }.into_any(),
        GuestPage::Cancel => view! { <CancelBooking/> }.into_any(),
        GuestPage::Move => view! { <MoveBooking/> }.into_any(),
        GuestPage::Mine => view! { <MyBookings/> }.into_any(),
        GuestPage::SignIn => view! { <CustomerSignIn/> }.into_any(),
        GuestPage::Queue => view! { <QueuePlace/> }.into_any(),
        GuestPage::Arrive => view! { <ArriveAtDoor/> }.into_any(),
        GuestPage::Rate => view! { <RateVisit/> }.into_any(),
        GuestPage::Wall => view! { <PublicWall/> }.into_any(),
        GuestPage::Evidence => view! { <PublicEvidence/> }.into_any(),
        GuestPage::Recheck => view! { <RecheckPage/> }.into_any(),
        GuestPage::Wait => view! { <JoinWaitlist/> }.into_any(),
        GuestPage::WaitEntry => view! { <WaitEntry/> }.into_any(),
    }
}

impl PartPages for GuestPage {
    async fn view(self) -> AnyView {
        guest_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_guest_view().await;
    }
}

macro_rules! guest_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = GuestPage;
            const PAGE: GuestPage = $page;
        }
    };
}
guest_page!(ChooseRoute, GuestPage::Choose);
guest_page!(HoldRoute, GuestPage::Hold);
guest_page!(BookingRoute, GuestPage::Booking);
guest_page!(CancelRoute, GuestPage::Cancel);
guest_page!(MoveRoute, GuestPage::Move);
guest_page!(MineRoute, GuestPage::Mine);
guest_page!(SignInRoute, GuestPage::SignIn);
guest_page!(QueueRoute, GuestPage::Queue);
guest_page!(ArriveRoute, GuestPage::Arrive);
guest_page!(RateRoute, GuestPage::Rate);
guest_page!(WallRoute, GuestPage::Wall);
guest_page!(EvidenceRoute, GuestPage::Evidence);
guest_page!(RecheckRoute, GuestPage::Recheck);
guest_page!(WaitRoute, GuestPage::Wait);
guest_page!(WaitEntryRoute, GuestPage::WaitEntry);

/// Routes of booking, of what is the customer's own, of rating and of the public promise wall.
#[component(transparent)]
pub fn GuestRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("s/:slug/book") view={Lazy::<ChooseRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("s/:slug/arrive") view={Lazy::<ArriveRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("s/:slug/wait") view={Lazy::<WaitRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("w/:token") view={Lazy::<WaitEntryRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("hold/:token") view={Lazy::<HoldRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("b/:token") view={Lazy::<BookingRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("b/:token/cancel") view={Lazy::<CancelRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("b/:token/move") view={Lazy::<MoveRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("c/:token") view={Lazy::<RecheckRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("me") view={Lazy::<MineRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("me/sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("q/:token") view={Lazy::<QueueRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("r/:token") view={Lazy::<RateRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("promises/:slug") view={Lazy::<WallRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("promises/:slug/:code") view={Lazy::<EvidenceRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
