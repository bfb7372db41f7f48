//! The picture beside the sign-in form: our ring, the hours around it, the appointed moment in its gap.

use leptos::prelude::*;
use std::f64::consts::TAU;

/// A point around 300, 300; `share` of a full turn clockwise from the top.
fn at(radius: f64, share: f64) -> (f64, f64) {
    let angle = share * TAU;
    (300.0 + radius * angle.sin(), 300.0 - radius * angle.cos())
}

/// The mark of minute `i`; none where the ring opens. Every fifth is longer and stronger.
fn mark(i: u32) -> AnyView {
    let share = f64::from(i) / 60.0;
    let whole = i.is_multiple_of(5);
    let ((x1, y1), (x2, y2)) = (at(if whole { 244.0 } else { 252.0 }, share), at(262.0, share));
    let d = format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
    view! { <path d=d opacity=(!whole).then_some("0.45")></path> }.into_any()
}

#[component]
pub fn LoginArt() -> impl IntoView {
    let ((x1, y1), (x2, y2), (cx, cy)) =
        (at(206.0, 66.0 / 360.0), at(206.0, 24.0 / 360.0), at(206.0, 45.0 / 360.0));
    view! {
        <svg class="login-ring" viewBox="0 0 600 600" aria-hidden="true">
            <g class="art">
                {(0..60).map(mark).collect_view()}
                <circle cx="300" cy="300" r="160" stroke-opacity="0.3"></circle>
                <circle cx="300" cy="300" r="112" stroke-opacity="0.18"></circle>
            </g>
            <path class="arc" d=format!("M{x1:.1} {y1:.1}A206 206 0 1 1 {x2:.1} {y2:.1}")></path>
            <circle class="dot" cx=format!("{cx:.1}") cy=format!("{cy:.1}") r="17"></circle>
        </svg>
    }
}
