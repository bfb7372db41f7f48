//! Free times as set algebra (BOOK-1 … BOOK-4): opening ∩ rota − breaks − leave − allocations, for a sequence of
//! services that each need a person, a room and devices.
//!
//! A person is busy while preparing, working, finishing and clearing up, but free while something takes effect by
//! itself (processing). The room and the devices are taken from the first preparation to the last of the clean-up.
//! The time of a slot is when the customer begins: preparation comes before it. The customer's own time has to lie
//! within the opening hours; what staff do before and after is bounded by their rota.
//!
//! The best arrangement begins at the time asked for, changes person least often, then wastes the least of the
//! customer's time between services, then goes to whoever has least to do that day, so that turns are fair.

mod search;
mod solve;
mod span;
#[cfg(test)]
mod tests;

pub use search::Search;
pub use span::{Span, common, joined, without};

use crate::ids::{ResourceId, StaffId};

const MINUTE: i64 = 60_000;
/// Longest wait of the customer between two services, in minutes.
pub const GAP_MAX: u32 = 15;
/// Waits between two services are multiples of this, in minutes.
pub const GAP_STEP: u32 = 5;

/// The time blocks of a service (BOOK-2), in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Blocks {
    pub prepare: u32,
    pub active: u32,
    /// Takes effect by itself: the person is free, the room is not.
    pub processing: u32,
    pub finish: u32,
    pub cleanup: u32,
}

impl Blocks {
    /// Minutes the customer spends.
    #[must_use]
    pub fn customer(&self) -> u32 {
        self.active + self.processing + self.finish
    }

    /// When the customer is served, if it begins at `at`.
    #[must_use]
    pub fn served(&self, at: i64) -> Span {
        Span { from: at, to: at + minutes(self.customer()) }
    }

    /// What the room and the devices are taken for.
    #[must_use]
    pub fn room(&self, at: i64) -> Span {
        Span { from: at - minutes(self.prepare), to: at + minutes(self.customer() + self.cleanup) }
    }

    /// What the person is taken for: once, or before and after the processing time.
    #[must_use]
    pub fn person(&self, at: i64) -> [Option<Span>; 2] {
        if self.processing == 0 {
            let whole = self.room(at);
            return [Span::new(whole.from, whole.to), None];
        }
        let second = at + minutes(self.active + self.processing);
        [
            Span::new(at - minutes(self.prepare), at + minutes(self.active)),
            Span::new(second, second + minutes(self.finish + self.cleanup)),
        ]
    }
}

fn minutes(n: u32) -> i64 {
    i64::from(n) * MINUTE
}

/// One service of the request and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need<'a> {
    pub blocks: Blocks,
    /// Type of the room; `None` for what needs no room of its own.
    pub room: Option<&'a str>,
    /// One device of each of these types.
    pub devices: &'a [String],
}

/// Someone who could do it. Bit `i` of a mask is the request's service `i`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person<'a> {
    pub id: StaffId,
    /// Which services the person has learnt.
    pub can: u8,
    /// Which services the person may do that day: learnt, and the certificate is valid (CERT).
    pub may: u8,
    /// At work: shifts − breaks − leave. Sorted, disjoint.
    pub rota: &'a [Span],
    /// Taken by others. Sorted.
    pub busy: &'a [Span],
}

/// A room or a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing<'a> {
    pub id: ResourceId,
    pub kind: &'a str,
    /// Taken by others. Sorted.
    pub busy: &'a [Span],
}

/// Everything a day's search needs, as plain values.
#[derive(Clone, Debug, Default)]
pub struct Day<'a> {
    /// Opening hours that begin on this day; they may end after midnight. Sorted, disjoint.
    pub opening: &'a [Span],
    /// In the sequence in which they are done; at most [`SERVICES_MAX`](super::SERVICES_MAX).
    pub services: &'a [Need<'a>],
    pub people: Vec<Person<'a>>,
    pub rooms: Vec<Thing<'a>>,
    pub devices: Vec<Thing<'a>>,
    /// The wished-for person does every service that this person has learnt; the others are done by anyone.
    pub who: Option<StaffId>,
    /// Earliest and latest beginning offered (BOOK-4), both included.
    pub earliest: i64,
    pub latest: i64,
    /// Minutes between two times offered, counted from the opening.
    pub step: u32,
}

/// A time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub at: i64,
    pub free: bool,
}

/// One service of an arrangement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub staff: StaffId,
    pub room: Option<ResourceId>,
    pub devices: Vec<ResourceId>,
    /// The customer's time.
    pub served: Span,
    /// Everything that is taken for it, people first.
    pub taken: Vec<(ResourceId, Span)>,
}

/// Who does what where: a way to serve the whole request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    pub parts: Vec<Part>,
    /// How often the customer gets another person.
    pub changes: u32,
    /// Minutes the customer waits between services.
    pub idle: u32,
    /// Minutes those who do it have already been given that day, summed over the services.
    pub load: u64,
}

impl Arrangement {
    /// From the beginning of the first to the end of the last service.
    #[must_use]
    pub fn served(&self) -> Span {
        let from = self.parts.first().map_or(0, |part| part.served.from);
        Span { from, to: self.parts.last().map_or(from, |part| part.served.to) }
    }

    /// Every resource and what it is taken for.
    pub fn taken(&self) -> impl Iterator<Item = (ResourceId, Span)> + '_ {
        self.parts.iter().flat_map(|part| part.taken.iter().copied())
    }
}

/// The `n` free times nearest to `at`, in the order of the day.
#[must_use]
pub fn nearest(slots: &[Slot], at: i64, n: usize) -> Vec<i64> {
    let mut free: Vec<i64> =
        slots.iter().filter(|slot| slot.free && slot.at != at).map(|slot| slot.at).collect();
    free.sort_by_key(|time| ((time - at).abs(), *time));
    free.truncate(n);
    free.sort_unstable();
    free
}
