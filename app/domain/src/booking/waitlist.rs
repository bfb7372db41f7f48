//! Waiting for a time to become free (BOOK-10): the states of an entry, who comes first, the forms and what pages show.

use super::{SERVICES_MAX, check_id, check_ids, check_key};
use crate::{
    branch::BranchInfo,
    customer::{Errors, check_name},
    desk::WalkInCustomer,
    error::{FieldCode, FieldError, Refusal},
    ids::*,
    lang::Text,
    money::Fen,
    phone::Phone,
    time::{DayPart, LocalTime},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How many offers may lapse unanswered; after that the entry is over.
pub const MISSES_MAX: u32 = 3;
/// The longest range of days, both ends included.
pub const RANGE_DAYS: i64 = 31;

/// asked → waiting ⇄ offered → accepted, or an end on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitState {
    /// The phone is not proved yet.
    Asked,
    Waiting,
    /// A time is kept for this person alone.
    Offered,
    Accepted,
    /// Taken off by the customer or the desk.
    Left,
    /// The last day is over.
    Expired,
    /// Did not answer several offers.
    Ended,
}

/// What can happen to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitMove {
    Verify,
    Offer,
    Accept,
    Decline,
    /// An offer was not answered in time; with how many before.
    Lapse {
        misses: u32,
    },
    Leave,
    RunOut,
}

impl WaitState {
    pub const ALL: [Self; 7] =
        [Self::Asked, Self::Waiting, Self::Offered, Self::Accepted, Self::Left, Self::Expired, Self::Ended];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Left => "left",
            Self::Expired => "expired",
            Self::Ended => "ended",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Something may still come of it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Offered)
    }

    /// The state after `step`.
    ///
    /// # Errors
    /// `WrongState` naming the present state when the move is not possible from it.
    pub fn after(self, step: WaitMove) -> Result<Self, Refusal> {
        use WaitMove as M;
        use WaitState as S;
        let next = match (self, step) {
            (S::Asked, M::Verify) | (S::Offered, M::Decline) => S::Waiting,
            (S::Waiting, M::Offer) => S::Offered,
            (S::Offered, M::Accept) => S::Accepted,
            (S::Offered, M::Lapse { misses }) if misses + 1 >= MISSES_MAX => S::Ended,
            (S::Offered, M::Lapse { .. }) => S::Waiting,
            (S::Asked | S::Waiting | S::Offered, M::Leave) => S::Left,
            (S::Asked | S::Waiting, M::RunOut) => S::Expired,
            _ => return Err(Refusal::WrongState { state: self.code().to_owned() }),
        };
        Ok(next)
    }
}

/// The parts of a day that would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayParts(u8);

impl DayParts {
    pub const ALL: Self = Self(0b111);

    /// As a column keeps them; what is none of them is left out, nothing at all means any.
    #[must_use]
    pub fn from_bits(bits: i32) -> Self {
        match (bits & 0b111) as u8 {
            0 => Self::ALL,
            bits => Self(bits),
        }
    }

    #[must_use]
    pub fn bits(self) -> i32 {
        i32::from(self.0)
    }

    #[must_use]
    pub fn of(parts: &[DayPart]) -> Self {
        Self::from_bits(parts.iter().fold(0, |bits, part| bits | 1 << (*part as i32)))
    }

    #[must_use]
    pub fn has(self, part: DayPart) -> bool {
        self.0 & 1 << (part as u8) != 0
    }
}

/// A free time, as the search found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Free {
    /// The day whose opening hours it belongs to.
    pub day: NaiveDate,
    pub at: LocalTime,
    /// Milliseconds since 1970.
    pub to: i64,
}

/// When somebody would come, and what does not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub parts: DayParts,
    /// What was offered before, and the person's other appointments: `[from, to)` in milliseconds since 1970.
    pub passed: Vec<(i64, i64)>,
}

impl Wish {
    /// Whether this time would do.
    #[must_use]
    pub fn takes(&self, free: &Free) -> bool {
        let from = free.at.millis();
        (self.first..=self.last).contains(&free.day)
            && self.parts.has(DayPart::of(free.at.wall.time()))
            && !self.passed.iter().any(|(begin, end)| *begin < free.to && from < *end)
    }

    /// The earliest free time that would do; `free` is in order of time.
    #[must_use]
    pub fn first_match<'a>(&self, free: impl IntoIterator<Item = &'a Free>) -> Option<Free> {
        free.into_iter().find(|free| self.takes(free)).copied()
    }
}

/// What is typed by who wants to wait. A customer who is signed in needs no name and phone; the desk may name a
/// `customer` that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitForm {
    #[serde(default)]
    pub branch: String,
    /// Service ids, comma-separated, in sequence.
    #[serde(default)]
    pub services: String,
    /// Wished-for person; empty: anyone.
    #[serde(default)]
    pub who: String,
    /// `2026-06-12`
    #[serde(default)]
    pub first: String,
    #[serde(default)]
    pub last: String,
    /// Checked: would do.
    #[serde(default)]
    pub morning: String,
    #[serde(default)]
    pub afternoon: String,
    #[serde(default)]
    pub evening: String,
    #[serde(default)]
    pub customer: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub key: String,
}

/// A wish to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    pub branch: String,
    pub services: Vec<ServiceId>,
    pub who: Option<StaffId>,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub parts: DayParts,
    /// `None`: whoever is signed in.
    pub customer: Option<WalkInCustomer>,
    pub key: String,
}

impl WaitForm {
    /// # Errors
    /// `services`, `who`, `first`, `last`, `parts`, `customer`, `name`, `phone`, `key`.
    pub fn check(self) -> Result<Wait, Vec<FieldError>> {
        let mut errors = Errors::default();
        let services = errors.take("services", check_ids(&self.services, SERVICES_MAX));
        let who = match self.who.trim() {
            "" => Some(None),
            raw => errors.take("who", check_id(raw).map(Some)),
        };
        let first = errors.take("first", check_day(&self.first));
        let last = errors.take("last", check_day(&self.last));
        if let (Some(first), Some(last)) = (first, last)
            && !(0..RANGE_DAYS).contains(&(last - first).num_days())
        {
            errors.add("last", FieldCode::Range);
        }
        let parts: Vec<DayPart> = [
            (&self.morning, DayPart::Morning),
            (&self.afternoon, DayPart::Afternoon),
            (&self.evening, DayPart::Evening),
        ]
        .into_iter()
        .filter_map(|(checked, part)| (!checked.trim().is_empty()).then_some(part))
        .collect();
        if parts.is_empty() {
            errors.add("parts", FieldCode::Required);
        }
        let customer = self.customer(&mut errors);
        let key = errors.take("key", check_key(&self.key));
        match (services, who, first, last, customer, key) {
            (Some(services), Some(who), Some(first), Some(last), Some(customer), Some(key))
                if errors.0.is_empty() =>
            {
                let parts = DayParts::of(&parts);
                Ok(Wait { branch: self.branch, services, who, first, last, parts, customer, key })
            }
            _ => Err(errors.0),
        }
    }

    fn customer(&self, errors: &mut Errors) -> Option<Option<WalkInCustomer>> {
        if !self.customer.trim().is_empty() {
            let known = errors.take("customer", check_id(&self.customer));
            return known.map(|id| Some(WalkInCustomer::Known(id)));
        }
        if self.name.trim().is_empty() && self.phone.trim().is_empty() {
            return Some(None);
        }
        let name = errors.take("name", check_name(&self.name));
        let phone = errors.take("phone", Phone::parse(&self.phone));
        name.zip(phone).map(|(name, phone)| Some(WalkInCustomer::New { name, phone }))
    }
}

/// A day as date fields give it.
///
/// # Errors
/// `Required` or `Range`.
pub fn check_day(raw: &str) -> Result<NaiveDate, FieldCode> {
    match raw.trim() {
        "" => Err(FieldCode::Required),
        raw => raw.parse().map_err(|_| FieldCode::Range),
    }
}

/// A time that is kept for one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitOffer {
    pub from: LocalTime,
    pub to: LocalTime,
    pub staff: Text,
    pub price: Fen,
    pub until: LocalTime,
    /// Seconds left when the server answered.
    pub left: u32,
}

/// What happened to an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitEvent {
    pub at: LocalTime,
    /// `asked`, `joined`, `offered`, `accepted`, `declined`, `lapsed`, `left`, `expired`.
    pub kind: String,
    /// `customer`, `salon`, `system`.
    pub by: String,
    /// The time it was about.
    pub from: Option<LocalTime>,
}

/// An entry of the waitlist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitLine {
    /// The link's token.
    pub token: String,
    pub state: WaitState,
    pub branch_name: Text,
    pub name: String,
    pub phone_masked: String,
    pub services: Vec<Text>,
    /// `None`: anyone.
    pub who: Option<Text>,
    #[serde(with = "crate::time::day_number")]
    pub first: NaiveDate,
    #[serde(with = "crate::time::day_number")]
    pub last: NaiveDate,
    pub parts: DayParts,
    pub since: LocalTime,
    pub offer: Option<WaitOffer>,
    /// Entered by the desk.
    pub by_desk: bool,
    pub history: Vec<WaitEvent>,
}

/// An entry as its customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitView {
    pub branch: BranchInfo,
    pub line: WaitLine,
    /// The booking it became: its token.
    pub booking: Option<String>,
    /// As the booking page's address carries them.
    pub services: String,
    pub who: String,
}

/// What is asked of who wants to wait: what was chosen on the booking page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitPage {
    pub branch: BranchInfo,
    pub services: String,
    pub names: Vec<Text>,
    pub who: Option<StaffId>,
    pub people: Vec<(StaffId, Text)>,
    #[serde(with = "crate::time::day_number")]
    pub first: NaiveDate,
    #[serde(with = "crate::time::day_number")]
    pub last: NaiveDate,
    /// The last day that can be booked.
    #[serde(with = "crate::time::day_number")]
    pub horizon: NaiveDate,
    /// Signed in: no name and phone needed.
    pub known: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, NaiveTime};
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, 12).unwrap() + Duration::days(n)
    }

    /// UTC is the branch's clock here.
    fn free(n: i64, minute: i64, length: i64) -> Free {
        let wall = day(n).and_time(NaiveTime::MIN) + Duration::minutes(minute);
        let at = LocalTime { utc: wall.and_utc(), wall };
        Free { day: day(n), at, to: at.millis() + length * 60_000 }
    }

    #[test]
    fn an_answer_leads_on_and_silence_ends_it() {
        use WaitMove as M;
        let waiting = WaitState::Asked.after(M::Verify).unwrap();
        let offered = waiting.after(M::Offer).unwrap();
        assert_eq!(offered.after(M::Accept), Ok(WaitState::Accepted));
        assert_eq!(offered.after(M::Decline), Ok(WaitState::Waiting));
        assert_eq!(offered.after(M::Lapse { misses: 0 }), Ok(WaitState::Waiting));
        assert_eq!(offered.after(M::Lapse { misses: MISSES_MAX - 1 }), Ok(WaitState::Ended));
        assert!(waiting.after(M::Accept).is_err(), "nothing was offered");
        assert!(offered.after(M::Offer).is_err(), "one at a time");
        assert!(offered.after(M::RunOut).is_err(), "an offer is answered or lapses first");
    }

    #[test]
    fn ends_are_ends() {
        use WaitMove as M;
        for state in [WaitState::Accepted, WaitState::Left, WaitState::Expired, WaitState::Ended] {
            for step in
                [M::Verify, M::Offer, M::Accept, M::Decline, M::Lapse { misses: 0 }, M::Leave, M::RunOut]
            {
                assert!(state.after(step).is_err(), "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn codes_are_read_back() {
        for state in WaitState::ALL {
            assert_eq!(WaitState::from_code(state.code()), Some(state));
        }
    }

    #[test]
    fn a_form_names_what_is_missing() {
        let fields = |form: WaitForm| -> Vec<String> {
            form.check().err().unwrap_or_default().into_iter().map(|e| e.field).collect()
        };
        assert_eq!(fields(WaitForm::default()), ["services", "first", "last", "parts", "key"]);
        let good = WaitForm {
            services: ServiceId::new().to_string(),
            first: "2026-06-12".into(),
            last: "2026-06-12".into(),
            evening: "on".into(),
            key: "k".into(),
            ..WaitForm::default()
        };
        assert_eq!(good.clone().check().unwrap().parts, DayParts::of(&[DayPart::Evening]));
        assert_eq!(fields(WaitForm { last: "2026-06-11".into(), ..good.clone() }), ["last"]);
        assert_eq!(fields(WaitForm { last: "2026-07-13".into(), ..good.clone() }), ["last"]);
        assert_eq!(fields(WaitForm { name: "王".into(), ..good }), ["phone"]);
    }

    fn frees() -> impl Strategy<Value = Vec<Free>> {
        prop::collection::vec((0i64..5, 0i64..96), 0..30).prop_map(|times| {
            let mut out: Vec<Free> = times.into_iter().map(|(d, q)| free(d, q * 15, 60)).collect();
            out.sort_by_key(|f| f.at);
            out
        })
    }

    fn wishes() -> impl Strategy<Value = Wish> {
        (0i64..5, 0i64..5, 1i32..8, prop::collection::vec((0i64..5, 0i64..96), 0..6)).prop_map(
            |(first, length, parts, passed)| Wish {
                first: day(first),
                last: day(first + length),
                parts: DayParts::from_bits(parts),
                passed: (passed.into_iter())
                    .map(|(d, q)| free(d, q * 15, 60))
                    .map(|f| (f.at.millis(), f.to))
                    .collect(),
            },
        )
    }

    proptest! {
        /// What is offered was wished for, was never offered before, and nothing earlier would have done.
        #[test]
        fn the_earliest_that_would_do(wish in wishes(), free in frees()) {
            let found = wish.first_match(&free);
            match found {
                None => prop_assert!(!free.iter().any(|f| wish.takes(f))),
                Some(found) => {
                    prop_assert!(wish.first <= found.day && found.day <= wish.last);
                    prop_assert!(wish.parts.has(DayPart::of(found.at.wall.time())));
                    prop_assert!(wish.passed.iter().all(|(a, b)| *b <= found.at.millis() || found.to <= *a));
                    prop_assert!(free.iter().take_while(|f| f.at < found.at).all(|f| !wish.takes(f)));
                }
            }
        }

        /// Who declines is never asked about the same time, or one that overlaps it, again.
        #[test]
        fn what_was_declined_does_not_come_back(wish in wishes(), free in frees()) {
            let mut wish = wish;
            let mut offers: Vec<Free> = Vec::new();
            while let Some(found) = wish.first_match(&free) {
                let from = found.at.millis();
                prop_assert!(offers.iter().all(|o| o.to <= from || found.to <= o.at.millis()));
                wish.passed.push((from, found.to));
                offers.push(found);
                prop_assert!(offers.len() <= free.len());
            }
        }

        /// One free time and a line of people: it goes to the first whom it suits.
        #[test]
        fn first_come_first_served(line in prop::collection::vec(wishes(), 1..8), one in (0i64..5, 0i64..96)) {
            let time = free(one.0, one.1 * 15, 60);
            let winner = line.iter().position(|wish| wish.first_match([&time]).is_some());
            prop_assert_eq!(winner, line.iter().position(|wish| wish.takes(&time)));
        }
    }
}
