//! Value against target: the ruler with a flag, and the ring of all promises.

use crate::{
    lang::use_lang,
    tr,
    ui::{IconName, Tone},
};
use domain::Lang;
use leptos::prelude::*;
use std::f64::consts::TAU;

/// What became of a promise. No data is its own state, never 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Yes,
    No,
    NoData,
}

impl Kept {
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Yes => tr!(lang, ui.status.kept),
            Self::No => tr!(lang, ui.status.missed),
            Self::NoData => tr!(lang, ui.status.nodata),
        }
    }

    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Yes => Tone::Ok,
            Self::No => Tone::Stop,
            Self::NoData => Tone::Idle,
        }
    }

    #[must_use]
    pub const fn icon(self) -> IconName {
        match self {
            Self::Yes => IconName::CheckCircle,
            Self::No => IconName::XCircle,
            Self::NoData => IconName::Dotted,
        }
    }

    /// Value of `data-state` on a plaque.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::Yes => "kept",
            Self::No => "missed",
            Self::NoData => "nodata",
        }
    }
}

/// Where `value` lies between `from` and `to`, in per cent, clamped.
fn place(value: f64, from: f64, to: f64) -> f64 {
    if (to - from).abs() < f64::EPSILON {
        0.0
    } else {
        ((value - from) / (to - from) * 100.0).clamp(0.0, 100.0)
    }
}

/// A promise's value on a scale from `from` to `to`, with a flag at the target. Say beside it where a scale begins
/// that does not begin at 0.
#[component]
pub fn Ruler(
    value: f64,
    target: f64,
    #[prop(default = 0.0)] from: f64,
    #[prop(default = 100.0)] to: f64,
    kept: bool,
    /// `准时开始：98.6%，目标 ≥ 98%`.
    #[prop(into)]
    label: String,
    /// A 95 % interval, drawn as a whisker.
    #[prop(default = None, into)]
    interval: Option<(f64, f64)>,
) -> impl IntoView {
    let at = move |v: f64| format!("{:.1}%", place(v, from, to));
    view! {
        <svg class="ruler" data-tone=(!kept).then_some("stop") role="img" aria-label=label>
            <rect class="track" y="10" width="100%" height="7" rx="3.5"></rect>
            <rect class="value" y="10" width=at(value) height="7" rx="3.5"></rect>
            {interval
                .map(|(low, high)| {
                    view! { <line class="whisker" x1=at(low) x2=at(high) y1="13.5" y2="13.5"></line> }
                })}
            <svg x=at(target) overflow="visible">
                <path class="flag" d="M-5 1H5L0 7.5Z"></path>
                <path class="target" d="M0 6V21"></path>
            </svg>
        </svg>
    }
}

/// The whole wall in one look: one arc a promise, missed ones with a cross outside, so that it reads without colour.
#[component]
pub fn PromiseRing(promises: Vec<Kept>) -> impl IntoView {
    let lang = use_lang();
    let total = promises.len();
    let count = |what: Kept| promises.iter().filter(|kept| **kept == what).count();
    let (kept, missed, nodata) = (count(Kept::Yes), count(Kept::No), count(Kept::NoData));
    let label =
        tr!(lang, ui.promise_ring.label, total = total, kept = kept, missed = missed, nodata = nodata);
    let arcs = promises.iter().enumerate().map(|(i, kept)| arc(i, total, *kept)).collect_view();
    view! {
        <svg class="promise-ring" viewBox="0 0 400 400" role="img" aria-label=label>
            <circle class="orbit" cx="200" cy="200" r="120"></circle>
            <circle class="orbit" cx="200" cy="200" r="186"></circle>
            {arcs}
            <text class="fig" x="200" y="212">{kept}</text>
            <text class="of" x="200" y="246">{tr!(lang, ui.promise_ring.of, total = total)}</text>
        </svg>
    }
}

/// The `i`-th of `n` arcs. A missed one also gets a cross outside; one without data is an empty outline.
fn arc(i: usize, n: usize, kept: Kept) -> AnyView {
    // 2.6° of gap on either side, less when there are very many
    let gap = (2.6_f64 / 360.0).min(0.2 / n as f64);
    let (a, b) = (i as f64 / n as f64 + gap, (i + 1) as f64 / n as f64 - gap);
    match kept {
        Kept::Yes => view! { <path class="kept" d=arc_path(154.0, a, b)></path> }.into_any(),
        Kept::No => {
            let (x, y) = on_ring(181.0, f64::midpoint(a, b));
            view! {
                <path class="missed" d=arc_path(154.0, a, b)></path>
                <g transform=format!("translate({x:.1} {y:.1})")>
                    <path class="cross" d="M-5-5 5 5M5-5-5 5"></path>
                </g>
            }
            .into_any()
        }
        Kept::NoData => view! {
            <path class="nodata" d=arc_path(160.5, a, b)></path>
            <path class="nodata" d=arc_path(147.5, a, b)></path>
        }
        .into_any(),
    }
}

fn on_ring(radius: f64, share: f64) -> (f64, f64) {
    let angle = share * TAU;
    (200.0 + radius * angle.sin(), 200.0 - radius * angle.cos())
}

fn arc_path(radius: f64, a: f64, b: f64) -> String {
    let ((x1, y1), (x2, y2)) = (on_ring(radius, a), on_ring(radius, b));
    let large = u8::from(b - a > 0.5);
    format!("M{x1:.1} {y1:.1}A{radius} {radius} 0 {large} 1 {x2:.1} {y2:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_on_the_scale() {
        assert!((place(98.6, 80.0, 100.0) - 93.0).abs() < 1e-9);
        assert!((place(70.0, 80.0, 100.0)).abs() < 1e-9);
        assert!((place(120.0, 80.0, 100.0) - 100.0).abs() < 1e-9);
        assert!(place(1.0, 5.0, 5.0).abs() < 1e-9);
    }

    #[test]
    fn the_first_arc_begins_at_the_top() {
        assert_eq!(
            arc_path(154.0, 2.6 / 360.0, 1.0 / 18.0 - 2.6 / 360.0),
            "M207.0 46.2A154 154 0 0 1 246.1 53.0"
        );
    }
}
