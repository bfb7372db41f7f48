//! Time that runs. A ring on cards, a bar in tables; percentages belong to [`super::promise`].

use crate::{
    lang::use_lang,
    tr,
    ui::{Icon, IconName, Tone},
};
use leptos::prelude::*;
use std::f64::consts::TAU;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RingSize {
    /// 44 px.
    S,
    /// 56 px.
    #[default]
    M,
    /// 72 px.
    L,
    /// 96 px.
    Xl,
}

/// A point on a circle around 24, 24; share 0 is at the top, clockwise.
fn on_circle(radius: f64, share: f64) -> (f64, f64) {
    let angle = share * TAU;
    (24.0 + radius * angle.sin(), 24.0 - radius * angle.cos())
}

/// How much of a limit is used or left. `share` is 0 … 1, clamped; `figure` and `unit` stand in the middle.
#[component]
pub fn Ring(
    #[prop(into)] share: Signal<f64>,
    #[prop(into)] figure: Signal<String>,
    #[prop(optional, into)] unit: Signal<String>,
    /// Said instead of the drawing: `已等 6 分钟，时限 15 分钟`.
    #[prop(into)]
    label: Signal<String>,
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional)] size: RingSize,
    /// Shares at which something changes.
    #[prop(optional)]
    ticks: Vec<f64>,
    /// A dot at the end: the appointed moment.
    #[prop(optional)]
    dot: bool,
) -> impl IntoView {
    let size = match size {
        RingSize::S => Some("s"),
        RingSize::M => None,
        RingSize::L => Some("l"),
        RingSize::Xl => Some("xl"),
    };
    let part = move || share.get().clamp(0.0, 1.0);
    let ticks = ticks
        .into_iter()
        .map(|tick| {
            let ((x1, y1), (x2, y2)) = (on_circle(17.0, tick), on_circle(23.0, tick));
            let d = format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
            view! { <path class="ring-tick" d=d></path> }
        })
        .collect_view();
    let end = move |axis: fn((f64, f64)) -> f64| format!("{:.2}", axis(on_circle(20.0, part())));
    view! {
        <svg
            class="ring"
            viewBox="0 0 48 48"
            role="img"
            data-size=size
            data-tone=move || tone.get().attr()
            aria-label=move || label.get()
        >
            <circle class="ring-track" cx="24" cy="24" r="20"></circle>
            <circle
                class="ring-value"
                cx="24"
                cy="24"
                r="20"
                pathLength="100"
                stroke-dasharray=move || format!("{:.0} 100", part() * 100.0)
            ></circle>
            {ticks}
            {dot
                .then(|| {
                    view! {
                        <circle class="ring-dot" cx=move || end(|p| p.0) cy=move || end(|p| p.1) r="4"></circle>
                    }
                })}
            <text
                class="ring-text"
                x="24"
                y=move || if unit.with(String::is_empty) { "24.5" } else { "20.5" }
            >
                {move || figure.get()}
            </text>
            <text class="ring-unit" x="24" y="33">
                {move || unit.get()}
            </text>
        </svg>
    }
}

/// DESK-4: amber from `amber` minutes, red from `red`.
#[must_use]
pub fn wait_tone(minutes: u32, amber: u32, red: u32) -> Tone {
    if minutes >= red {
        Tone::Stop
    } else if minutes >= amber {
        Tone::Warn
    } else {
        Tone::Plain
    }
}

/// The waiting clock of a visit, in whole minutes.
#[component]
pub fn WaitRing(#[prop(into)] minutes: Signal<u32>, amber: u32, red: u32) -> impl IntoView {
    let lang = use_lang();
    let share = Signal::derive(move || f64::from(minutes.get()) / f64::from(red.max(1)));
    let figure = Signal::derive(move || minutes.get().to_string());
    let label = Signal::derive(move || tr!(lang, ui.ring.waited, n = minutes.get(), limit = red));
    let tone = Signal::derive(move || wait_tone(minutes.get(), amber, red));
    view! {
        <Ring
            share
            figure
            label
            tone
            unit=tr!(lang, common.unit.minute).to_owned()
            ticks=vec![f64::from(amber) / f64::from(red.max(1))]
        />
    }
}

/// A bar of 0 … 1, for tables and cards. Decoration: the words beside it say the same.
#[component]
pub fn Bar(
    #[prop(into)] share: Signal<f64>,
    #[prop(optional, into)] tone: Signal<Tone>,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    view! {
        <svg class="bar" data-tone=move || tone.get().attr() data-size=large.then_some("l") aria-hidden="true">
            <rect class="track" width="100%" height="100%"></rect>
            <rect
                class="value"
                width=move || format!("{:.1}%", share.get().clamp(0.0, 1.0) * 100.0)
                height="100%"
            ></rect>
        </svg>
    }
}

/// A clock with its words: `剩 3 时 40 分`, the bar, what it measures.
#[component]
pub fn TimeBar(
    #[prop(into)] share: Signal<f64>,
    #[prop(into)] words: Signal<String>,
    #[prop(optional, into)] tone: Signal<Tone>,
    /// What is measured and against what: `答复 · 48 小时`.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let mark = move || match tone.get() {
        Tone::Warn => IconName::Alert,
        Tone::Stop => IconName::Stop,
        _ => IconName::Clock,
    };
    view! {
        <div class="clock">
            <span class="status" data-tone=move || tone.get().attr().unwrap_or("brand")>
                {move || view! { <Icon name=mark()/> }}
                {move || words.get()}
            </span>
            <Bar share tone/>
            <span class="clock-sub">{what}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_turns_amber_and_red_at_its_limits() {
        let tones: Vec<Tone> = [0, 9, 10, 14, 15, 60].map(|m| wait_tone(m, 10, 15)).to_vec();
        assert_eq!(tones, [Tone::Plain, Tone::Plain, Tone::Warn, Tone::Warn, Tone::Stop, Tone::Stop]);
    }

    #[test]
    fn shares_lie_clockwise_from_the_top() {
        let (x, y) = on_circle(20.0, 0.0);
        assert!((x - 24.0).abs() < 1e-9 && (y - 4.0).abs() < 1e-9);
        let (x, y) = on_circle(20.0, 0.25);
        assert!((x - 44.0).abs() < 1e-9 && (y - 24.0).abs() < 1e-9);
    }
}
