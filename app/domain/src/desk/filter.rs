//! What the board shows besides its lanes, and which part of them (DESK-1).

use super::{ExpectedCard, ServingCard, WaitTone, WaitingCard, Wish};
use crate::{ids::*, lang::Text};
use serde::{Deserialize, Serialize};

/// A kind of room, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    pub code: String,
    pub name: Text,
}

/// What else is overdue at the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// Callbacks to be made, and how many of them are late (DESK-6).
    pub callbacks: u32,
    pub callbacks_over: u32,
    /// Wristbands out, and those that should be back (DESK-8).
    pub bands: u32,
    pub bands_over: u32,
    /// A shift waits to be taken over (DESK-9).
    pub handover: bool,
}

/// Who was called by "call next".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Called {
    pub visit: VisitId,
    pub ticket: String,
    pub name: String,
}

/// What the board shows, from its address (DESK-1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardFilter {
    /// `expected`, `waiting`, `serving`, `done`, `late`, `no_show`; empty: all.
    pub state: String,
    pub who: Option<StaffId>,
    pub area: String,
}

impl BoardFilter {
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self != Self::default()
    }

    #[must_use]
    pub fn shows(&self, state: &str) -> bool {
        self.state.is_empty()
            || self.state == state
            || (self.state == "late" && matches!(state, "expected" | "waiting"))
    }

    fn fits(&self, staff: &[Option<StaffId>], areas: &[String]) -> bool {
        self.who.is_none_or(|who| staff.contains(&Some(who)))
            && (self.area.is_empty() || areas.contains(&self.area))
    }

    #[must_use]
    pub fn expected(&self, card: &ExpectedCard) -> bool {
        self.fits(&[card.staff_id], &card.areas) && (self.state != "late" || card.late > 0)
    }

    #[must_use]
    pub fn waiting(&self, card: &WaitingCard) -> bool {
        let wish = match &card.wish {
            Wish::Request { staff, .. } => Some(*staff),
            Wish::Rotation => None,
        };
        let id = |of: &Option<(StaffId, Text)>| of.as_ref().map(|(id, _)| *id);
        self.fits(&[wish, id(&card.assigned), id(&card.suggestion)], &card.areas)
            && (self.state != "late" || card.tone == WaitTone::Red)
    }

    #[must_use]
    pub fn serving(&self, card: &ServingCard) -> bool {
        self.fits(&[card.staff_id], card.area.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_looks_at_two_lanes() {
        let late = BoardFilter { state: "late".into(), ..BoardFilter::default() };
        assert!(late.is_on() && late.shows("expected") && late.shows("waiting") && !late.shows("done"));
        let all = BoardFilter::default();
        assert!(!all.is_on() && all.shows("done"));
    }

    #[test]
    fn person_and_area_both_have_to_fit() {
        let (lin, zhou) = (StaffId::new(), StaffId::new());
        let filter = BoardFilter { who: Some(lin), area: "facial".into(), ..BoardFilter::default() };
        assert!(filter.fits(&[None, Some(lin)], &["facial".to_owned()]));
        assert!(!filter.fits(&[Some(zhou)], &["facial".to_owned()]));
        assert!(!filter.fits(&[Some(lin)], &["light".to_owned()]));
    }
}
