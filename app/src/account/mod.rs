//! Signing in, one's own account, and the frame around every page of the staff.

pub mod api;
mod art;
mod factor;
mod frame;
mod page;
mod sign_in;
mod words;

pub use frame::{StaffFrame, StaffPage, home_of, may, sign_in_at};
pub use words::role_name;

use crate::part::{Lazy, LazyPage, PartPages};
use leptos::{lazy, prelude::*};
use leptos_router::{SsrMode, any_nested_route::IntoAnyNestedRoute, components::Route, path};

/// Pages of this part.
#[derive(Clone, Copy)]
pub enum AccountPage {
    SignIn,
    /// `/staff`: to where one's role begins.
    Entrance,
    Account,
}

/// One lazily loaded part for the whole area.
#[lazy]
pub fn account_view(page: AccountPage) -> AnyView {
    match page {
        AccountPage::SignIn => view! { <sign_in::SignInPage/> }.into_any(),
        AccountPage::Entrance => view! { <frame::Entrance/> }.into_any(),
        AccountPage::Account => view! { <page::AccountPage/> }.into_any(),
    }
}

impl PartPages for AccountPage {
    async fn view(self) -> AnyView {
        account_view(self).await
    }

    async fn preload() {
        #[cfg(target_arch = "wasm32")]
        __preload_account_view().await;
    }
}

macro_rules! account_page {
    ($route:ident, $page:expr) => {
        pub struct $route;
        impl LazyPage for $route {
            type Pages = AccountPage;
            const PAGE: AccountPage = $page;
        }
    };
}
account_page!(SignInRoute, AccountPage::SignIn);
account_page!(EntranceRoute, AccountPage::Entrance);
account_page!(AccountRoute, AccountPage::Account);

/// Routes of this area.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("staff/sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("staff") view={Lazy::<EntranceRoute>::new()} ssr=SsrMode::Async/>
        <Route path=path!("account") view={Lazy::<AccountRoute>::new()} ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}
