//! A smear of what a service uses, in place of photographs.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SwatchKind {
    #[default]
    Cream,
    Gel,
    Light,
    Water,
    Clay,
}

impl SwatchKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cream => "cream",
            Self::Gel => "gel",
            Self::Light => "light",
            Self::Water => "water",
            Self::Clay => "clay",
        }
    }

    /// Unknown kinds are drawn as cream.
    #[must_use]
    pub fn parse(kind: &str) -> Self {
        match kind {
            "gel" => Self::Gel,
            "light" => Self::Light,
            "water" => Self::Water,
            "clay" => Self::Clay,
            _ => Self::Cream,
        }
    }
}

/// Decoration; the service's name stands beside it. The drawings are in the sprite.
#[component]
pub fn Swatch(kind: SwatchKind) -> impl IntoView {
    let href = match kind {
        SwatchKind::Cream => "/icons.svg#s-cream",
        SwatchKind::Gel => "/icons.svg#s-gel",
        SwatchKind::Light => "/icons.svg#s-light",
        SwatchKind::Water => "/icons.svg#s-water",
        SwatchKind::Clay => "/icons.svg#s-clay",
    };
    view! {
        <svg class="swatch" data-kind=kind.as_str() viewBox="0 0 64 64" aria-hidden="true">
            <use_ href=href></use_>
        </svg>
    }
}
