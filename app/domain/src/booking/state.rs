//! The states of a booking and the moves between them (BOOK-5).

use crate::error::Refusal;
use serde::{Deserialize, Serialize};

/// held → booked → confirmed → arrived → in service → completed, or an end on the way. Nothing is ever deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    Held,
    Booked,
    Confirmed,
    Arrived,
    InService,
    Completed,
    CancelledByCustomer,
    CancelledBySalon,
    NoShow,
    Expired,
}

/// What can happen to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Entered by staff, the customer has not answered yet.
    Book,
    /// The customer proved the phone number, or answered the confirmation.
    Confirm,
    Reschedule,
    Arrive,
    Start,
    Complete,
    CancelByCustomer,
    CancelBySalon,
    MissNoShow,
    Expire,
}

impl BookingState {
    pub const ALL: [Self; 10] = [
        Self::Held,
        Self::Booked,
        Self::Confirmed,
        Self::Arrived,
        Self::InService,
        Self::Completed,
        Self::CancelledByCustomer,
        Self::CancelledBySalon,
        Self::NoShow,
        Self::Expired,
    ];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::InService => "in_service",
            Self::Completed => "completed",
            Self::CancelledByCustomer => "cancelled_by_customer",
            Self::CancelledBySalon => "cancelled_by_salon",
            Self::NoShow => "no_show",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Occupies its people, rooms and devices.
    #[must_use]
    pub fn occupies(self) -> bool {
        matches!(
            self,
            Self::Held | Self::Booked | Self::Confirmed | Self::Arrived | Self::InService | Self::Completed
        )
    }

    /// Still to come: can be checked in, changed, cancelled.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Booked | Self::Confirmed)
    }

    /// The state after `step`.
    ///
    /// # Errors
    /// `Refusal::WrongState` naming the present state when the move is not possible from it.
    pub fn after(self, step: Move) -> Result<Self, Refusal> {
        use BookingState as S;
        use Move as M;
        let next = match (self, step) {
            (S::Held, M::Book) => S::Booked,
            (S::Held | S::Booked, M::Confirm) => S::Confirmed,
            (S::Held, M::Expire) => S::Expired,
            (S::Booked | S::Confirmed, M::Reschedule) => self,
            // A customer marked as not come may still turn up.
            (S::Booked | S::Confirmed | S::NoShow, M::Arrive) => S::Arrived,
            (S::Arrived, M::Start) => S::InService,
            (S::InService, M::Complete) => S::Completed,
            (S::Held | S::Booked | S::Confirmed, M::CancelByCustomer) => S::CancelledByCustomer,
            (S::Held | S::Booked | S::Confirmed | S::Arrived, M::CancelBySalon) => S::CancelledBySalon,
            (S::Booked | S::Confirmed, M::MissNoShow) => S::NoShow,
            _ => return Err(Refusal::WrongState { state: self.code().to_owned() }),
        };
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVES: [Move; 10] = [
        Move::Book,
        Move::Confirm,
        Move::Reschedule,
        Move::Arrive,
        Move::Start,
        Move::Complete,
        Move::CancelByCustomer,
        Move::CancelBySalon,
        Move::MissNoShow,
        Move::Expire,
    ];

    #[test]
    fn ends_are_ends() {
        for state in [
            BookingState::Completed,
            BookingState::CancelledByCustomer,
            BookingState::CancelledBySalon,
            BookingState::Expired,
        ] {
            for step in MOVES {
                assert!(state.after(step).is_err(), "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn the_way_from_hold_to_completed() {
        let end = [Move::Confirm, Move::Arrive, Move::Start, Move::Complete]
            .into_iter()
            .try_fold(BookingState::Held, BookingState::after);
        assert_eq!(end, Ok(BookingState::Completed));
    }

    #[test]
    fn nobody_cancels_what_is_under_way() {
        for step in [Move::CancelByCustomer, Move::CancelBySalon, Move::Reschedule, Move::MissNoShow] {
            assert!(BookingState::InService.after(step).is_err());
        }
    }

    #[test]
    fn codes_are_read_back() {
        for state in BookingState::ALL {
            assert_eq!(BookingState::from_code(state.code()), Some(state));
        }
    }
}
