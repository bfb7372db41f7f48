//! Who does which part: a small exact search. The times are fixed here, so people, rooms and each type of device are
//! three separate questions of the same kind.

use crate::booking::SERVICES_MAX;

/// For each part the candidates that are free for it, as indices.
pub(super) type Fits = [Vec<u16>; SERVICES_MAX];

/// Bit `j` of `collides[i]`: one and the same resource cannot do both part `i` and part `j`.
pub(super) type Collides = [u8; SERVICES_MAX];

/// What was chosen and what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub changes: u32,
    pub load: u64,
    pub picks: [u16; SERVICES_MAX],
}

/// The choice with the fewest changes, then the least load, then the first candidates. `None` when there is none.
/// Parts without need of the resource are given as `None` in `needs`.
pub(super) fn best(
    fits: &Fits,
    needs: &[bool],
    collides: &Collides,
    load: &dyn Fn(u16) -> u64,
) -> Option<Choice> {
    let mut rest = [0u64; SERVICES_MAX + 1];
    for (i, needed) in needs.iter().enumerate().rev() {
        let least = if *needed { fits[i].iter().map(|c| load(*c)).min()? } else { 0 };
        rest[i] = rest[i + 1] + least;
    }
    let sure = sure_changes(fits, needs, collides);
    let mut search = Search { fits, needs, collides, load, rest, sure, picks: [0; SERVICES_MAX], best: None };
    search.go(0, None, 0, 0);
    search.best
}

/// Whether there is any choice at all, cheaper than the best one.
pub(super) fn possible(fits: &Fits, needs: &[bool], collides: &Collides) -> bool {
    fn go(
        i: usize,
        fits: &Fits,
        needs: &[bool],
        collides: &Collides,
        picks: &mut [u16; SERVICES_MAX],
    ) -> bool {
        if i == needs.len() {
            return true;
        }
        if !needs[i] {
            return go(i + 1, fits, needs, collides, picks);
        }
        fits[i].iter().any(|candidate| {
            let taken = (0..i).any(|j| needs[j] && collides[i] >> j & 1 == 1 && picks[j] == *candidate);
            picks[i] = *candidate;
            !taken && go(i + 1, fits, needs, collides, picks)
        })
    }
    go(0, fits, needs, collides, &mut [0; SERVICES_MAX])
}

/// For each part the changes that the parts from it on cannot do without: the longest runs that one candidate could
/// do alone, counted from the front. Without this bound a day on which everybody is free takes long to search.
fn sure_changes(fits: &Fits, needs: &[bool], collides: &Collides) -> [u32; SERVICES_MAX + 1] {
    let words = fits.iter().flatten().max().map_or(0, |most| usize::from(*most) / 64 + 1);
    let mut sets = vec![0u64; words * SERVICES_MAX];
    for (i, candidates) in fits.iter().enumerate() {
        for c in candidates {
            sets[i * words + usize::from(*c) / 64] |= 1 << (c % 64);
        }
    }
    let set = |i: usize| &sets[i * words..(i + 1) * words];
    let mut sure = [0; SERVICES_MAX + 1];
    let mut common: Vec<u64> = Vec::with_capacity(words);
    for (start, changes) in sure.iter_mut().enumerate().take(needs.len()) {
        let mut before: Option<usize> = None;
        for i in (start..needs.len()).filter(|i| needs[*i]) {
            let alone = before.is_none_or(|last| {
                common.iter_mut().zip(set(i)).for_each(|(known, more)| *known &= more);
                collides[i] >> last & 1 == 1 || common.iter().all(|word| *word == 0)
            });
            if alone {
                *changes += u32::from(before.is_some());
                common.clear();
                common.extend_from_slice(set(i));
            }
            before = Some(i);
        }
    }
    sure
}

struct Search<'a> {
    fits: &'a Fits,
    needs: &'a [bool],
    collides: &'a Collides,
    load: &'a dyn Fn(u16) -> u64,
    /// Least load that the parts from here on can cost.
    rest: [u64; SERVICES_MAX + 1],
    /// Fewest changes that the parts from here on need among themselves.
    sure: [u32; SERVICES_MAX + 1],
    picks: [u16; SERVICES_MAX],
    best: Option<Choice>,
}

impl Search<'_> {
    fn go(&mut self, i: usize, last: Option<u16>, changes: u32, load: u64) {
        let bound = (changes + self.sure[i], load + self.rest[i]);
        if self.best.is_some_and(|best| bound >= (best.changes, best.load)) {
            return;
        }
        if i == self.needs.len() {
            self.best = Some(Choice { changes, load, picks: self.picks });
            return;
        }
        if !self.needs[i] {
            return self.go(i + 1, last, changes, load);
        }
        let fits = self.fits;
        if let Some(same) = last.filter(|same| fits[i].contains(same)) {
            self.take(i, same, changes, load);
        }
        for &other in fits[i].iter().filter(|c| Some(**c) != last) {
            self.take(i, other, changes + u32::from(last.is_some()), load);
        }
    }

    fn take(&mut self, i: usize, candidate: u16, changes: u32, load: u64) {
        let collides = self.collides[i];
        let taken = (0..i).any(|j| self.needs[j] && collides >> j & 1 == 1 && self.picks[j] == candidate);
        if !taken {
            self.picks[i] = candidate;
            self.go(i + 1, Some(candidate), changes, load + (self.load)(candidate));
        }
    }
}
