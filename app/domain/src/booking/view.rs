//! What pages show of free times and bookings.

use super::{BookingState, series::SeriesPlace};
use crate::{
    branch::{BranchInfo, Category, ServiceCard},
    ids::*,
    lang::Text,
    money::Fen,
    time::{DayPart, LocalTime},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A QR code as SVG path data over a square of `size` modules (with quiet zone). Drawn by the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qr {
    pub size: u32,
    pub path: String,
}

/// How much room a day has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRoom {
    /// 充足
    Plenty,
    /// 紧张
    Tight,
    /// 约满
    Full,
    Closed,
}

/// A day of the strip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCard {
    pub date: NaiveDate,
    pub room: DayRoom,
}

/// A time of a day: free ones can be picked, taken ones are struck through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotCard {
    pub at: LocalTime,
    pub part: DayPart,
    pub free: bool,
    /// The last one of the day.
    pub last: bool,
}

/// The free times of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTimes {
    pub date: NaiveDate,
    /// Beginnings, in milliseconds since 1970, ascending.
    pub free: Vec<i64>,
}

/// Someone who can be wished for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonCard {
    pub id: StaffId,
    pub name: Text,
    pub title: Text,
    /// Mean of the overall ratings and how many; `None` below 5 (SURVEY-6).
    pub rating: Option<(f32, u32)>,
    pub next_free: Option<LocalTime>,
    /// The customer's last visit was with this person.
    pub last_time: bool,
}

/// The booking page with what has been chosen so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookPage {
    pub branch: BranchInfo,
    pub categories: Vec<Category>,
    pub chosen: Vec<ServiceCard>,
    /// Those who may do at least one of the chosen services.
    pub people: Vec<PersonCard>,
    pub who: Option<StaffId>,
    pub days: Vec<DayCard>,
    /// Where the strip goes on, up to the horizon, and where it came from.
    pub later: Option<NaiveDate>,
    pub earlier: Option<NaiveDate>,
    pub day: Option<NaiveDate>,
    pub slots: Vec<SlotCard>,
    pub minutes: u32,
    pub price: Fen,
    pub max_services: u8,
    /// When a booking is being moved: its number and present time.
    pub moving: Option<(String, LocalTime)>,
}

/// What the desk chooses from when it enters something for a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskMenu {
    pub branch: BranchInfo,
    /// With what is not bookable online.
    pub categories: Vec<Category>,
    pub people: Vec<(StaffId, Text)>,
    /// The last day that can be booked.
    #[serde(with = "crate::time::day_number")]
    pub horizon: NaiveDate,
}

/// One service of a hold or booking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemView {
    pub name: Text,
    pub minutes: u32,
    pub price: Fen,
    pub from: LocalTime,
    pub to: LocalTime,
    pub staff: StaffId,
    pub staff_name: Text,
    pub staff_title: Text,
    pub room: Option<Text>,
}

/// A slot that is kept for somebody for a few minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HoldView {
    pub token: String,
    pub branch: BranchInfo,
    pub items: Vec<ItemView>,
    pub from: LocalTime,
    pub to: LocalTime,
    pub price: Fen,
    pub until: LocalTime,
    /// Seconds left when the server answered.
    pub left: u32,
    /// A code has been sent to this phone; masked.
    pub code_sent_to: Option<String>,
    /// Name and phone as given, so that a page without scripts keeps them.
    pub name: String,
    pub phone: String,
    pub services: String,
}

/// What was or will be told about a booking (BOOK-12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageLine {
    pub template: String,
    pub at: LocalTime,
    pub sent: bool,
}

/// One entry of a booking's history: every change keeps who, when and why (BOOK-5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub at: LocalTime,
    /// `held`, `confirmed`, `rescheduled`, `cancelled_by_customer`, …
    pub kind: String,
    /// Who: `customer`, `salon`, `system`.
    pub by: String,
    pub reason: Option<String>,
}

/// A booking as its customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookingView {
    /// The link's token.
    pub token: String,
    /// Short number to say on the telephone, e.g. `Y-0612-27`.
    pub number: String,
    pub state: BookingState,
    pub branch: BranchInfo,
    pub customer_name: String,
    pub phone_masked: String,
    pub items: Vec<ItemView>,
    pub from: LocalTime,
    pub to: LocalTime,
    pub price: Fen,
    /// Minutes to come earlier.
    pub arrive_early: u32,
    pub arrive_at: LocalTime,
    pub precautions: Vec<Text>,
    /// Four digits to say at the desk.
    pub checkin_code: String,
    pub qr: Qr,
    /// Until when it may be changed or cancelled for free (BOOK-9).
    pub change_until: LocalTime,
    /// Entered by the salon and not confirmed yet (BOOK-12).
    pub may_confirm: bool,
    pub may_cancel: bool,
    pub may_reschedule: bool,
    /// The session of a series that it is (BOOK-11).
    pub series: Option<SeriesPlace>,
    pub messages: Vec<MessageLine>,
    pub history: Vec<HistoryLine>,
    /// The visit it became, for the queue page: its token.
    pub visit: Option<String>,
    pub services: String,
}

/// A line of "my bookings".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookingLine {
    pub token: String,
    pub number: String,
    pub state: BookingState,
    pub branch_name: Text,
    pub services: Vec<Text>,
    pub staff: Text,
    pub from: LocalTime,
    pub to: LocalTime,
    pub price: Fen,
}
