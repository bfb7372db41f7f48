//! When the staff have to say why, and what counts as the salon's own error (BOOK-9, ACCURACY).

use crate::booking::rules::BookingPolicy;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why the staff change or cancel a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// The customer asked for it.
    CustomerAsked,
    /// The person is ill or away.
    StaffAway,
    /// A room or a device is out of use.
    RoomOut,
    /// We had written down the wrong time.
    WrongTime,
    /// … the wrong service.
    WrongService,
    /// … the wrong person.
    WrongPerson,
    /// … two customers for one time.
    DoubleBooked,
    Other,
}

impl ChangeReason {
    pub const ALL: [Self; 8] = [
        Self::CustomerAsked,
        Self::StaffAway,
        Self::RoomOut,
        Self::WrongTime,
        Self::WrongService,
        Self::WrongPerson,
        Self::DoubleBooked,
        Self::Other,
    ];

    /// The errors of the salon, for marking a booking as corrected.
    pub const ERRORS: [Self; 4] =
        [Self::WrongTime, Self::WrongService, Self::WrongPerson, Self::DoubleBooked];

    /// As kept in a booking's history.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CustomerAsked => "customer_asked",
            Self::StaffAway => "staff_away",
            Self::RoomOut => "room_out",
            Self::WrongTime => "wrong_time",
            Self::WrongService => "wrong_service",
            Self::WrongPerson => "wrong_person",
            Self::DoubleBooked => "double_booked",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// ACCURACY: the booking was wrong because of us; as `booking.salon_error` keeps it.
    #[must_use]
    pub fn salon_error(self) -> Option<&'static str> {
        match self {
            Self::WrongTime => Some("time"),
            Self::WrongService => Some("service"),
            Self::WrongPerson => Some("person"),
            Self::DoubleBooked => Some("double"),
            _ => None,
        }
    }
}

/// Whether the staff have to give a reason for a change: after the customer's own cut-off, or when somebody else than
/// the person asked for shall do it (BOOK-9).
#[must_use]
pub fn reason_needed(
    policy: &BookingPolicy,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
    loses_wish: bool,
) -> bool {
    loses_wish || now > policy.change_until(start)
}

/// How reliably a customer has come; shown where the staff book for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Has never stayed away.
    Good,
    /// Has stayed away before.
    Missed,
    /// Has stayed away at least [`OFTEN`] times: worth a call before keeping a busy time.
    Often,
}

/// So many times not come count as often.
pub const OFTEN: u32 = 3;

impl Standing {
    #[must_use]
    pub fn of(no_shows: u32) -> Self {
        match no_shows {
            0 => Self::Good,
            n if n < OFTEN => Self::Missed,
            _ => Self::Often,
        }
    }
}

/// Share of the working time that is booked, in percent; `None` when nobody works.
#[must_use]
pub fn load(booked_min: u32, working_min: u32) -> Option<u32> {
    (working_min > 0).then(|| (u64::from(booked_min) * 100 / u64::from(working_min)).min(100) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000 + minute * 60, 0).unwrap()
    }

    #[rstest]
    #[case(480, false, false)] // two hours before: the customer could do it alone
    #[case(481, false, true)]
    #[case(0, true, true)]
    fn reasons(#[case] now: i64, #[case] loses_wish: bool, #[case] needed: bool) {
        assert_eq!(reason_needed(&BookingPolicy::default(), at(600), at(now), loses_wish), needed);
    }

    #[test]
    fn codes_are_read_back() {
        for reason in ChangeReason::ALL {
            assert_eq!(ChangeReason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(ChangeReason::StaffAway.salon_error(), None);
        assert!(ChangeReason::ERRORS.iter().all(|reason| reason.salon_error().is_some()));
    }

    #[rstest]
    #[case(0, Standing::Good)]
    #[case(2, Standing::Missed)]
    #[case(3, Standing::Often)]
    fn standing(#[case] no_shows: u32, #[case] want: Standing) {
        assert_eq!(Standing::of(no_shows), want);
    }

    proptest! {
        #[test]
        fn load_is_a_percentage(booked: u32, working: u32) {
            prop_assert!(load(booked, working).is_none_or(|percent| percent <= 100));
        }
    }
}
