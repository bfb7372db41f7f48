//! What pages show of the schedule. Places on a day are minutes after its midnight by the branch's clock.

use super::{LaneKind, Standing};
use crate::{
    booking::{BookingState, ItemView, MessageLine, Qr, SlotCard},
    branch::{BranchInfo, Category, ServiceCard},
    customer::CustomerHit,
    ids::*,
    lang::Text,
    money::Fen,
    time::LocalTime,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One page of the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// One day with a lane for each person, room or device; or one person with a lane for each day of a week.
    Sheet(Sheet),
    Week(Week),
    Month(Months),
}

impl Schedule {
    /// The day it is about.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Sheet(sheet) => sheet.day,
            Self::Week(week) => week.day,
            Self::Month(months) => months.day,
        }
    }

    #[must_use]
    pub fn now(&self) -> LocalTime {
        match self {
            Self::Sheet(sheet) => sheet.now,
            Self::Week(week) => week.now,
            Self::Month(months) => months.now,
        }
    }

    /// Those who can be filtered by.
    #[must_use]
    pub fn people(&self) -> &[(StaffId, Text)] {
        match self {
            Self::Sheet(sheet) => &sheet.people,
            Self::Week(week) => &week.people,
            Self::Month(_) => &[],
        }
    }

    #[must_use]
    pub fn who(&self) -> Option<StaffId> {
        match self {
            Self::Sheet(sheet) => sheet.who,
            Self::Week(_) | Self::Month(_) => None,
        }
    }
}

/// Lanes side by side along the hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    pub day: NaiveDate,
    pub now: LocalTime,
    /// First and last hour drawn.
    pub open: u32,
    pub close: u32,
    /// The opening hours of `day`, as text; `None`: closed.
    pub hours: Option<(String, String)>,
    /// Minutes between two times.
    pub step: u32,
    pub kind: LaneKind,
    /// One person over a week.
    pub who: Option<StaffId>,
    pub lanes: Vec<Lane>,
    /// For the filter.
    pub people: Vec<(StaffId, Text)>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    pub resource: ResourceId,
    pub day: NaiveDate,
    pub name: Text,
    /// What the person is; empty for rooms and devices.
    pub title: Text,
    pub bookings: u32,
    /// Percent of the working time that is booked.
    pub load: Option<u32>,
    pub blocks: Vec<Block>,
}

/// What something in a lane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    Booked,
    Confirmed,
    /// Here, waiting.
    Arrived,
    /// Should have come.
    Late,
    Serving,
    Done,
    NoShow,
    /// Kept for somebody who is booking.
    Held,
    Break,
    Leave,
    /// Outside the shift.
    Off,
}

impl BlockKind {
    /// The value of `data-state`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Confirmed => "confirmed",
            Self::Arrived => "arrived",
            Self::Late => "late",
            Self::Serving => "serving",
            Self::Done => "done",
            Self::NoShow => "noshow",
            Self::Held => "hold",
            Self::Break | Self::Leave | Self::Off => "break",
        }
    }
}

/// Something in a lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Tells one from another on a page.
    pub key: String,
    pub kind: BlockKind,
    /// The booking it belongs to; walk-ins have none.
    pub booking: Option<BookingId>,
    pub version: i32,
    /// Who does it.
    pub staff: Option<StaffId>,
    /// The customer.
    pub name: String,
    pub service: Text,
    pub from: u32,
    pub len: u32,
    /// `[from, length]` after its beginning, in which the person is free for others.
    pub free: Option<(u32, u32)>,
    /// Minutes of clean-up at its end, beyond the customer's time; rooms and devices.
    pub clean: u32,
    /// The customer asked for this person.
    pub wished: bool,
    /// May still be moved or cancelled.
    pub open: bool,
    /// The customer could not change it alone any more: moving it needs a reason.
    pub reason: bool,
    /// Lies over another one, in its processing time.
    pub inner: bool,
    /// Where the whole booking begins: day and minute.
    pub begins: (NaiveDate, u32),
}

/// All people of a branch over seven days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Week {
    pub day: NaiveDate,
    pub now: LocalTime,
    pub days: Vec<NaiveDate>,
    pub rows: Vec<WeekRow>,
    /// All together.
    pub sums: Vec<DayLoad>,
    pub people: Vec<(StaffId, Text)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekRow {
    pub staff: StaffId,
    pub name: Text,
    pub title: Text,
    /// One for each day.
    pub cells: Vec<DayLoad>,
}

/// How full a day is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLoad {
    pub bookings: u32,
    pub booked_min: u32,
    pub working_min: u32,
}

impl DayLoad {
    /// Percent; `None` when nobody works.
    #[must_use]
    pub fn percent(&self) -> Option<u32> {
        super::load(self.booked_min, self.working_min)
    }
}

impl std::ops::AddAssign for DayLoad {
    fn add_assign(&mut self, other: Self) {
        self.bookings += other.bookings;
        self.booked_min += other.booked_min;
        self.working_min += other.working_min;
    }
}

/// A month of the branch, and of the others for who may look at all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Months {
    pub day: NaiveDate,
    pub now: LocalTime,
    /// First the branch looked at.
    pub branches: Vec<Month>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    pub branch: Text,
    /// Whether its days can be opened here.
    pub own: bool,
    /// From the first of the month.
    pub days: Vec<(NaiveDate, DayLoad)>,
}

/// Where one lane takes a booking: the times at which it may begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub staff: StaffId,
    pub day: NaiveDate,
    pub times: Vec<u32>,
}

/// One entry of a booking's history: who, when, why (BOOK-5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeLine {
    pub at: LocalTime,
    /// `booked`, `rescheduled`, `reassigned`, `told`, …
    pub kind: String,
    /// `customer`, `salon`, `system`.
    pub by: String,
    /// The member of staff.
    pub who: Option<Text>,
    /// A code of [`ChangeReason`](super::ChangeReason) or [`CancelReason`](crate::booking::CancelReason).
    pub reason: Option<String>,
    pub note: Option<String>,
}

/// A booking as the staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookingSheet {
    pub id: BookingId,
    pub version: i32,
    pub number: String,
    pub state: BookingState,
    pub day: NaiveDate,
    pub today: NaiveDate,
    pub from: LocalTime,
    pub to: LocalTime,
    pub customer: String,
    /// In full for those who may see it, else masked.
    pub phone: String,
    pub no_shows: u32,
    pub standing: Standing,
    pub visits: u32,
    pub items: Vec<ItemView>,
    /// The customer asked for this person.
    pub wished: Option<StaffId>,
    pub price: Fen,
    pub channel: String,
    pub arrive_early: u32,
    pub precautions: Vec<Text>,
    /// An error of the salon it was corrected for.
    pub salon_error: Option<String>,
    pub cancel_note: Option<String>,
    pub messages: Vec<MessageLine>,
    pub history: Vec<ChangeLine>,
    /// May be moved and cancelled by who asks.
    pub may_change: bool,
    /// May be marked as an error of ours, also when it is over.
    pub may_mark: bool,
    /// May be checked in now.
    pub may_check_in: bool,
    /// A change needs a reason, since the customer could not do it alone any more.
    pub reason_needed: bool,
    /// Those who could do at least one of its services.
    pub people: Vec<(StaffId, Text)>,
    /// Free times of the day and person looked for.
    pub place: Option<Place>,
    /// Its link.
    pub token: String,
}

/// Where the staff book for a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewPage {
    pub branch: BranchInfo,
    pub categories: Vec<Category>,
    pub chosen: Vec<ServiceCard>,
    pub people: Vec<(StaffId, Text)>,
    pub who: Option<StaffId>,
    pub day: NaiveDate,
    pub times: Vec<SlotCard>,
    pub hits: Vec<CustomerHit>,
    pub customer: Option<CustomerHit>,
    pub minutes: u32,
    pub price: Fen,
    pub arrive_early: u32,
    pub precautions: Vec<Text>,
    pub max_services: u8,
}

/// The private calendar of a member of staff (BOOK-13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedCard {
    /// `None`: switched off.
    pub address: Option<String>,
    pub qr: Qr,
    /// When a calendar last asked.
    pub seen: Option<LocalTime>,
}

/// One booking of a member of staff, with as little about the customer as is needed to know whom to expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEntry {
    /// The same as long as the booking lives.
    pub id: BookingItemId,
    pub surname: String,
    pub service: Text,
    pub room: Option<Text>,
    pub from: LocalTime,
    pub to: LocalTime,
    pub confirmed: bool,
    pub version: i32,
    pub updated: LocalTime,
}
