//! The slip 约单: one thing agreed, held in the hand. At most one a screen.

use crate::ui::Words;
use leptos::prelude::*;

/// Upper and lower half with the perforation between them. `deep` for the next appointment only.
#[component]
pub fn Slip(
    #[prop(optional)] deep: bool,
    #[prop(into)] label: String,
    /// The lower half: what to do with it.
    #[prop(into)]
    foot: ViewFn,
    /// Classes of the lower half, such as `stack` or `qr-row`.
    #[prop(default = "slip-foot stack")]
    foot_class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <article class=if deep { "slip on-deep" } else { "slip" } aria-label=label>
            <div class="slip-top">{children()}</div>
            <div class=foot_class>{foot.run()}</div>
        </article>
    }
}

/// The hour, large. `iso` is for machines, `until` the end if it is shown.
#[component]
pub fn SlipTime(
    #[prop(into)] iso: String,
    #[prop(into)] time: String,
    #[prop(optional, into)] until: Words,
) -> impl IntoView {
    view! {
        <p class="slip-time">
            <time datetime=iso>{time}</time>
            {until.0.map(|until| view! { <small class="soft">{until}</small> })}
        </p>
    }
}

/// Time left until the slip's hour, as the large ring in its corner. `share` is what is left of the span shown.
#[component]
pub fn SlipRing(
    #[prop(into)] share: Signal<f64>,
    #[prop(into)] figure: Signal<String>,
    #[prop(into)] unit: Signal<String>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let part = move || share.get().clamp(0.0, 1.0);
    let end = move || {
        let angle = part() * std::f64::consts::TAU;
        (120.0 + 44.0 * angle.sin(), 120.0 - 44.0 * angle.cos())
    };
    view! {
        <svg class="slip-ring" viewBox="0 0 240 240" role="img" aria-label=move || label.get()>
            <g class="art">
                <circle cx="120" cy="120" r="66" stroke-opacity="0.2"></circle>
                <circle cx="120" cy="120" r="88" stroke-opacity="0.13"></circle>
                <circle cx="120" cy="120" r="112" stroke-opacity="0.08"></circle>
            </g>
            <circle class="t" cx="120" cy="120" r="44"></circle>
            <circle
                class="v"
                cx="120"
                cy="120"
                r="44"
                pathLength="100"
                stroke-dasharray=move || format!("{:.0} 100", part() * 100.0)
            ></circle>
            <circle
                class="d"
                cx=move || format!("{:.1}", end().0)
                cy=move || format!("{:.1}", end().1)
                r="6"
            ></circle>
            <text class="n" x="120" y="116">
                {move || figure.get()}
            </text>
            <text class="u" x="120" y="138">
                {move || unit.get()}
            </text>
        </svg>
    }
}
