//! QR codes. The server draws them; what travels is one path.

use crate::{lang::use_lang, tr};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A drawn code: the dark modules as one SVG path, and the number of modules along a side with the quiet zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QrArt {
    pub path: String,
    pub size: u16,
}

impl From<domain::booking::Qr> for QrArt {
    fn from(qr: domain::booking::Qr) -> Self {
        Self { path: qr.path, size: u16::try_from(qr.size).unwrap_or_default() }
    }
}

impl From<QrArt> for domain::booking::Qr {
    fn from(art: QrArt) -> Self {
        Self { size: u32::from(art.size), path: art.path }
    }
}

/// White modules around the code that scanners need; four by the standard, two do on our white card.
#[cfg(feature = "ssr")]
const QUIET: usize = 2;

#[cfg(feature = "ssr")]
impl QrArt {
    /// Draws `text`, an address most of the time. `None` when it is too long for a code (2,300 characters).
    #[must_use]
    pub fn draw(text: &str) -> Option<Self> {
        use std::fmt::Write as _;

        let code = fast_qr::QRBuilder::new(text).ecl(fast_qr::ECL::M).build().ok()?;
        let mut path = String::new();
        for y in 0..code.size {
            let mut x = 0;
            while x < code.size {
                let run = (x..code.size).take_while(|x| code[y][*x].value()).count();
                if run > 0 {
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
                }
                x += run.max(1);
            }
        }
        Some(Self { path, size: u16::try_from(code.size + 2 * QUIET).ok()? })
    }
}

/// Always dark on white, in both schemes, so that every scanner reads it.
#[component]
pub fn Qr(
    art: QrArt,
    /// What it opens: `到店签到`.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let lang = use_lang();
    let size = art.size.to_string();
    let frame = format!("0 0 {size} {size}");
    view! {
        <svg
            class="qr"
            viewBox=frame
            shape-rendering="crispEdges"
            role="img"
            aria-label=tr!(lang, ui.qr, what = what)
        >
            <rect width=size.clone() height=size fill="#fff"></rect>
            <path d=art.path fill="#25221e"></path>
        </svg>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn draws_the_finder_pattern_inside_the_quiet_zone() {
        let art = QrArt::draw("https://example.org/b/0192f0c1").unwrap();
        assert!(art.path.starts_with("M2 2h7v1h-7z"), "{}", &art.path[..40]);
        assert!(art.size >= 25);
        assert_eq!(QrArt::draw(&"x".repeat(5000)), None);
    }
}
