//! Who holds the device: sets `<html data-shell>` and the frame on `<body>`, on the server and after navigation.

use leptos::prelude::*;
use leptos_meta::{Body, Html};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellKind {
    /// A customer's telephone: one column.
    Phone,
    /// A beautician's tablet.
    Chair,
    /// Front desk and managers.
    Desk,
    /// Public, full width.
    Wall,
    /// Signing in, for staff.
    SignIn,
}

impl ShellKind {
    /// Sizes of what is touched and read.
    #[must_use]
    pub const fn shell(self) -> &'static str {
        match self {
            Self::Phone | Self::Wall => "phone",
            Self::Chair => "chair",
            Self::Desk | Self::SignIn => "desk",
        }
    }

    /// The frame.
    #[must_use]
    pub const fn body(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Chair => "chair",
            Self::Desk => "desk",
            Self::Wall => "wall",
            Self::SignIn => "login",
        }
    }
}

/// Every page has exactly one, around its bars and its `<main id="main">`. In a desk shell the children are the
/// `SideNav` and a `<div class="desk-main">`.
#[component]
pub fn Shell(kind: ShellKind, children: Children) -> impl IntoView {
    // Marks the page as answering to touch: what works only with scripts can wait for it.
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-ready", "true");
        }
    });
    view! {
        <Html attr:data-shell=kind.shell()/>
        <Body attr:class=kind.body()/>
        {children()}
    }
}
