//! Parts of the app that the browser loads when they are entered. The router keeps code for every type of view it is
//! given, and all of that lies in the first page's module: so there is one type for each part, not one for each page.

use leptos::prelude::*;
use leptos_router::ChooseView;
use std::{future::Future, marker::PhantomData};

/// The pages of one part.
pub trait PartPages: Copy + Send + Sync + 'static {
    /// The page, once the part is there.
    fn view(self) -> impl Future<Output = AnyView>;

    /// Loads the part: without it a page opened directly could not take over what the server rendered.
    fn preload() -> impl Future<Output = ()>;
}

/// One page of a part, as the router chooses it.
#[derive(Clone, Copy)]
pub struct Part<P>(pub P);

impl<P: PartPages> ChooseView for Part<P> {
    async fn choose(self) -> AnyView {
        self.0.view().await
    }

    async fn preload(&self) {
        P::preload().await;
    }
}

/// A page with a route.
pub trait LazyPage {
    type Pages: PartPages;
    const PAGE: Self::Pages;
}

/// `Lazy::<ChooseRoute>::new()`
pub struct Lazy<T>(PhantomData<T>);

impl<T: LazyPage> Lazy<T> {
    #[allow(clippy::new_ret_no_self, reason = "stands where the router's own would")]
    #[must_use]
    pub fn new() -> Part<T::Pages> {
        Part(T::PAGE)
    }
}
