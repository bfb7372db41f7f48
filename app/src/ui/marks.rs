//! Small marks: what state a thing is in, what is true of it, who it is.

use crate::ui::{Icon, IconName, format};
use leptos::prelude::*;

/// The meaning of a colour. It never stands alone: a shape and a word come with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Brand,
    Ok,
    Warn,
    Stop,
    Info,
    Idle,
    /// Warmth and membership; never a status.
    Sand,
}

impl Tone {
    /// Value of `data-tone`.
    #[must_use]
    pub const fn attr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Brand => Some("brand"),
            Self::Ok => Some("ok"),
            Self::Warn => Some("warn"),
            Self::Stop => Some("stop"),
            Self::Info => Some("info"),
            Self::Idle => Some("idle"),
            Self::Sand => Some("sand"),
        }
    }
}

/// A state that changes: shape, word, colour.
#[component]
pub fn Status(
    tone: Tone,
    icon: IconName,
    /// On its own ground, as a pill.
    #[prop(optional)]
    fill: bool,
    #[prop(optional)] small: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="status" data-tone=tone.attr() data-fill=fill data-size=small.then_some("s")>
            <Icon name=icon/>
            {children()}
        </span>
    }
}

/// A fact that does not change.
#[component]
pub fn Tag(
    #[prop(optional)] tone: Tone,
    #[prop(default = None, into)] icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="tag" data-tone=tone.attr()>
            {icon.map(|name| view! { <Icon name/> })}
            {children()}
        </span>
    }
}

/// How many wait. Shows nothing for zero.
#[component]
pub fn Count(
    n: u32,
    #[prop(optional)] tone: Tone,
    /// Said after the figure to those who hear the page.
    #[prop(optional, into)]
    of: String,
) -> impl IntoView {
    (n > 0).then(|| {
        view! {
            <span class="count" data-tone=tone.attr()>
                {n}
                <span class="sr">" "{of}</span>
            </span>
        }
    })
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 24 px.
    Xs,
    /// 32 px.
    S,
    /// 40 px.
    #[default]
    M,
    /// 56 px.
    L,
}

/// A person, by surname; the ground follows from the name, so that it is the same everywhere.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    let size = match size {
        AvatarSize::Xs => Some("xs"),
        AvatarSize::S => Some("s"),
        AvatarSize::M => None,
        AvatarSize::L => Some("l"),
    };
    view! {
        <span class="avatar" data-size=size data-tone=ground(&name) aria-hidden="true">
            {format::surname(&name)}
        </span>
    }
}

/// One of four grounds, from the name.
fn ground(name: &str) -> Option<&'static str> {
    let sum = name.chars().fold(7u32, |sum, c| sum.wrapping_mul(31).wrapping_add(c as u32));
    [None, Some("b"), Some("c"), Some("d")].get((sum >> 3) as usize % 4).copied().flatten()
}

/// An icon on a small ground, leading a row or a choice.
#[component]
pub fn Glyph(icon: IconName, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! {
        <span class="glyph" data-tone=tone.attr()>
            <Icon name=icon/>
        </span>
    }
}

/// Pressed on what has just been agreed.
#[component]
pub fn Seal(#[prop(into)] word: String, #[prop(into)] under: String) -> impl IntoView {
    view! {
        <span class="seal" aria-hidden="true">
            <b>{word}</b>
            <small>{under}</small>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_spread_over_the_grounds() {
        let names = ["林静怡", "周晓岚", "陈若溪", "何佳宁", "吴迪", "许知夏", "苏婉", "方敏"];
        let grounds: std::collections::BTreeSet<_> = names.iter().map(|name| ground(name)).collect();
        assert!(grounds.len() >= 3, "{grounds:?}");
        assert_eq!(ground("林静怡"), ground("林静怡"));
    }
}
