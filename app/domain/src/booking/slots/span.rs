//! Stretches of time in whole milliseconds since 1970, as the database keeps them: the search runs thousands of times
//! a second, and turning each bound into a calendar date would cost more than the search.

use crate::time::Interval;

/// `[from, to)` in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    /// `None` when it would be empty or reversed.
    #[must_use]
    pub fn new(from: i64, to: i64) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Milliseconds.
    #[must_use]
    pub fn length(&self) -> i64 {
        self.to - self.from
    }
}

impl From<Interval> for Span {
    fn from(interval: Interval) -> Self {
        Self { from: interval.from.timestamp_millis(), to: interval.to.timestamp_millis() }
    }
}

/// Sorted and joined where they touch or overlap.
#[must_use]
pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => out.push(span),
        }
    }
    out
}

/// `base` without `holes`. Both sorted by their beginning, `base` disjoint.
#[must_use]
pub fn without(base: &[Span], holes: &[Span]) -> Vec<Span> {
    let mut out = Vec::with_capacity(base.len() + holes.len());
    for part in base {
        let mut from = part.from;
        for hole in holes {
            if hole.from >= part.to {
                break;
            }
            if hole.to > from {
                out.extend(Span::new(from, hole.from));
                from = from.max(hole.to);
            }
        }
        out.extend(Span::new(from, part.to));
    }
    out
}

/// What lies in both. Both sorted and disjoint.
#[must_use]
pub fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut i, mut j, mut out) = (0, 0, Vec::with_capacity(a.len().max(b.len())));
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        out.extend(x.intersection(y));
        if x.to <= y.to { i += 1 } else { j += 1 }
    }
    out
}

/// Moments at which something may begin: windows `[first, last]`, both included, sorted and disjoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Starts(Vec<(i64, i64)>);

impl Starts {
    /// When something that occupies `[s + offset, s + offset + length)` fits into `free`.
    pub fn fitting(free: &[Span], offset: i64, length: i64) -> Self {
        Self(
            free.iter()
                .filter(|span| span.length() >= length)
                .map(|span| (span.from - offset, span.to - offset - length))
                .collect(),
        )
    }

    /// Both included.
    pub fn within(first: i64, last: i64) -> Self {
        Self(if first <= last { vec![(first, last)] } else { Vec::new() })
    }

    pub fn and(&self, other: &Self) -> Self {
        let (mut i, mut j, mut out) = (0, 0, Vec::with_capacity(self.0.len().max(other.0.len())));
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                out.push((first, last));
            }
            if a.1 <= b.1 { i += 1 } else { j += 1 }
        }
        Self(out)
    }

    /// What is in any of `all`, too. Those that are not needed any more are not even made.
    pub fn covered(self, all: impl Iterator<Item = Self>) -> Self {
        let mut rest = self.clone();
        for one in all {
            if rest.0.is_empty() {
                return self;
            }
            rest = rest.minus(&one);
        }
        if rest.0.is_empty() { self } else { self.minus(&rest) }
    }

    fn minus(&self, other: &Self) -> Self {
        let mut out = Vec::with_capacity(self.0.len() + other.0.len());
        for (first, last) in &self.0 {
            let mut from = *first;
            let next = other.0.partition_point(|window| window.1 < from);
            for window in other.0[next..].iter().take_while(|window| window.0 <= *last) {
                if from < window.0 {
                    out.push((from, window.0 - 1));
                }
                from = window.1 + 1;
            }
            if from <= *last {
                out.push((from, *last));
            }
        }
        Self(out)
    }

    pub fn has(&self, at: i64) -> bool {
        let i = self.0.partition_point(|window| window.1 < at);
        self.0.get(i).is_some_and(|window| window.0 <= at)
    }
}
