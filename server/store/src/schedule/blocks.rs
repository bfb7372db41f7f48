//! What stands in a lane: bookings and visits, breaks, leave, the time outside the shift.

use super::{rota::Own, rows::ItemRow};
use crate::{
    booking::places::minute,
    catalog::Catalog,
    time::{at, date, day_bounds, day_of, ms},
};
use chrono::NaiveDate;
use domain::{
    BookingId, Interval, StaffId, Text,
    booking::BookingState,
    schedule::{Block, BlockKind, LaneKind, reason_needed},
    time::IntervalSet,
};

/// A customer counts as late from so long after the booked time.
const LATE_MS: i64 = 60_000;

/// Where lanes are drawn: a day between two hours.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub catalog: &'a Catalog,
    pub day: NaiveDate,
    /// Now, in milliseconds since 1970.
    pub now: i64,
    pub kind: LaneKind,
}

impl Frame<'_> {
    /// Minutes after midnight, in steps of five: what a lane can draw.
    fn place(&self, ms: i64) -> u32 {
        (minute(self.catalog, self.day, ms) + 2) / 5 * 5
    }

    /// A booking or a visit.
    pub fn block(&self, row: &ItemRow) -> Block {
        let (from_ms, to_ms) = row.span(self.now);
        let from = self.place(from_ms);
        let kind = self.state(row);
        let begun = row.started_at.is_some();
        // A person clears up, too; when it is over, it is over.
        let clean = if row.finished_at.is_some() || kind == BlockKind::NoShow { 0 } else { row.cleanup_min };
        let clean = round(clean);
        let free = (row.processing_min >= 10 && self.kind == LaneKind::People && row.finished_at.is_none())
            .then(|| (round(row.active_min), round(row.processing_min)));
        let begin_day = date(day_of(self.catalog.tz(), at(row.begin_ms)));
        let open = matches!(kind, BlockKind::Booked | BlockKind::Confirmed | BlockKind::Late) && !begun;
        Block {
            key: row.id.as_simple().to_string(),
            kind,
            booking: row.booking_id.filter(|_| kind != BlockKind::Held).map(BookingId),
            version: row.version,
            staff: Some(StaffId(row.staff())),
            name: row.customer.clone().unwrap_or_default(),
            service: Text::new(&*row.name_zh, &*row.name_en),
            from,
            len: self.place(to_ms).saturating_sub(from).max(5) + clean,
            free,
            clean,
            wished: row.wished,
            open,
            reason: reason_needed(&self.catalog.branch.policy, at(row.begin_ms), at(self.now), false),
            inner: false,
            begins: (begin_day, minute(self.catalog, begin_day, row.begin_ms)),
        }
    }

    fn state(&self, row: &ItemRow) -> BlockKind {
        let late = row.from_ms + LATE_MS < self.now;
        match (row.service_state.as_deref(), BookingState::from_code(&row.state)) {
            (Some("done"), _) | (None, Some(BookingState::Completed)) => BlockKind::Done,
            (Some("in_service"), _) | (None, Some(BookingState::InService)) => BlockKind::Serving,
            (Some(_), _) | (_, Some(BookingState::Arrived)) => BlockKind::Arrived,
            (_, Some(BookingState::NoShow)) => BlockKind::NoShow,
            (_, Some(BookingState::Held)) => BlockKind::Held,
            (_, Some(BookingState::Booked | BookingState::Confirmed)) if late => BlockKind::Late,
            (_, Some(BookingState::Confirmed)) => BlockKind::Confirmed,
            _ => BlockKind::Booked,
        }
    }

    /// What keeps a person from being booked between two hours of the day.
    pub fn away(&self, staff: StaffId, own: &Own, open: u32, close: u32) -> Vec<Block> {
        let midnight = ms(day_bounds(self.catalog.tz(), self.day).0);
        let hour = |minute: u32| at(midnight + i64::from(minute) * 60_000);
        let Some(drawn) = Interval::new(hour(open), hour(close)) else { return Vec::new() };
        let drawn = IntervalSet::from_intervals(vec![drawn]);
        let shifts = own.shifts.intersection(&drawn);
        let leave = own.away.intersection(&shifts);
        let breaks = own.breaks.intersection(&shifts).minus(&leave);
        let off = drawn.minus(&own.shifts);
        let kinds = [(BlockKind::Off, off), (BlockKind::Break, breaks), (BlockKind::Leave, leave)];
        let blocks = kinds.iter().flat_map(|(kind, set)| set.intervals().iter().map(|part| (*kind, *part)));
        blocks.filter_map(|(kind, part)| self.free_of(staff, kind, part)).collect()
    }

    fn free_of(&self, staff: StaffId, kind: BlockKind, part: Interval) -> Option<Block> {
        let (from, to) = (self.place(ms(part.from)), self.place(ms(part.to)));
        (to > from).then(|| Block {
            key: format!("{}{from}-{staff}", kind.code()),
            kind,
            booking: None,
            version: 0,
            staff: Some(staff),
            name: String::new(),
            service: Text::default(),
            from,
            len: to - from,
            free: None,
            clean: 0,
            wished: false,
            open: false,
            reason: false,
            inner: false,
            begins: (self.day, from),
        })
    }
}

fn round(minutes: i32) -> u32 {
    u32::try_from((minutes + 2) / 5 * 5).unwrap_or(0)
}

/// Marks what lies over another one, in its processing time or because somebody overran.
pub(super) fn mark_inner(blocks: &mut [Block]) {
    blocks.sort_by_key(|block| (block.from, std::cmp::Reverse(block.len)));
    let mut until = 0;
    for block in blocks.iter_mut().filter(|block| block.kind.code() != "break") {
        block.inner = block.from < until;
        if !block.inner {
            until = until.max(block.from + block.len - block.clean);
        }
    }
}
