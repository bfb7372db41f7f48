//! Words and figures of promises.

use crate::{
    tr,
    ui::{Kept, format},
};
use domain::{
    Lang,
    promise::{self, Evidence, Figure, Promise},
};

/// Where rulers of shares begin, in per cent; said below the wall.
pub const SCALE_FROM: f64 = 80.0;

/// The promise as a sentence to the customer.
#[must_use]
pub fn title(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, promise.wait.title),
        Promise::OnTime => tr!(lang, promise.on_time.title),
        Promise::Accuracy => tr!(lang, promise.accuracy.title),
        Promise::Sat => tr!(lang, promise.sat.title),
        Promise::Hygiene => tr!(lang, promise.hygiene.title),
        Promise::Privacy => tr!(lang, promise.privacy.title),
        Promise::Cert => tr!(lang, promise.cert.title),
        Promise::Recheck => tr!(lang, promise.recheck.title),
        Promise::Phone => tr!(lang, promise.phone.title),
    }
}

/// In few words, for a small card.
#[must_use]
pub fn short(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, promise.wait.short),
        Promise::OnTime => tr!(lang, promise.on_time.short),
        Promise::Accuracy => tr!(lang, promise.accuracy.short),
        Promise::Sat => tr!(lang, promise.sat.short),
        Promise::Hygiene => tr!(lang, promise.hygiene.short),
        Promise::Privacy => tr!(lang, promise.privacy.short),
        Promise::Cert => tr!(lang, promise.cert.short),
        Promise::Recheck => tr!(lang, promise.recheck.short),
        Promise::Phone => tr!(lang, promise.phone.short),
    }
}

/// How it is computed: published with the figure.
#[must_use]
pub fn formula(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, promise.wait.formula),
        Promise::OnTime => tr!(lang, promise.on_time.formula),
        Promise::Accuracy => tr!(lang, promise.accuracy.formula),
        Promise::Sat => tr!(lang, promise.sat.formula),
        Promise::Hygiene => tr!(lang, promise.hygiene.formula),
        Promise::Privacy => tr!(lang, promise.privacy.formula),
        Promise::Cert => tr!(lang, promise.cert.formula),
        Promise::Recheck => tr!(lang, promise.recheck.formula),
        Promise::Phone => tr!(lang, promise.phone.formula),
    }
}

/// The shape, word and colour of what became of it.
#[must_use]
pub const fn kept(status: promise::Kept) -> Kept {
    match status {
        promise::Kept::Kept => Kept::Yes,
        promise::Kept::Missed => Kept::No,
        promise::Kept::NoData => Kept::NoData,
    }
}

/// `98.6%`; "not enough data" is a word, never a figure.
#[must_use]
pub fn actual(lang: Lang, figure: &Figure) -> String {
    figure.actual().map_or_else(
        || tr!(lang, ui.status.nodata).to_owned(),
        // rounded down, so that a miss never reads as kept
        |basis| format::percent(i64::from(basis / 10)),
    )
}

/// `≥ 98%`, or `100%`.
#[must_use]
pub fn target(figure: &Figure) -> String {
    let share = format::percent(i64::from(figure.target / 10));
    if figure.target >= 10_000 { share } else { format!("≥ {share}") }
}

/// `3,412 次里 75 次没做到，最长 27 分钟`: n, and how many missed.
#[must_use]
pub fn count(lang: Lang, figure: &Figure) -> String {
    if figure.status == promise::Kept::NoData {
        return tr!(lang, promise.count.too_few, n = figure.n);
    }
    let missed = figure.n.saturating_sub(figure.met);
    if missed == 0 || figure.promise.is_survey() {
        return n(lang, figure);
    }
    let (all, missed) =
        (domain::money::grouped(u64::from(figure.n)), domain::money::grouped(u64::from(missed)));
    match figure.max_minutes {
        Some(max) => tr!(lang, promise.count.missed_max, n = all, missed = missed, max = max),
        None => tr!(lang, promise.count.missed, n = all, missed = missed),
    }
}

/// `n = 3,412`, in few words.
#[must_use]
pub fn n(lang: Lang, figure: &Figure) -> String {
    let n = domain::money::grouped(u64::from(figure.n));
    match (figure.promise.is_survey(), figure.n) {
        (true, 1) => tr!(lang, promise.count.answers.one, n = n),
        (true, _) => tr!(lang, promise.count.answers.other, n = n),
        (false, 1) => tr!(lang, promise.count.times.one, n = n),
        (false, _) => tr!(lang, promise.count.times.other, n = n),
    }
}

/// What one record says: minutes waited or late, or the score given.
#[must_use]
pub fn value(lang: Lang, promise: Promise, record: &Evidence) -> String {
    let word = if record.met { tr!(lang, ui.status.kept) } else { tr!(lang, ui.status.missed) };
    match (promise, record.value) {
        (Promise::Wait, Some(minutes)) => tr!(lang, promise.value.waited, n = minutes.max(0)),
        (Promise::OnTime, Some(minutes)) if minutes > 0 => tr!(lang, promise.value.late, n = minutes),
        (Promise::OnTime, Some(_)) => tr!(lang, promise.value.on_time).to_owned(),
        (Promise::Phone, Some(rings)) => tr!(lang, promise.value.rings, n = rings),
        (Promise::Sat | Promise::Hygiene | Promise::Privacy, Some(score)) => {
            tr!(lang, promise.value.score, n = score)
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_miss_never_reads_as_kept() {
        let figure = Figure::new(Promise::Wait, 9_999, 10_000, 10_000, Some(16));
        assert_eq!(actual(Lang::Zh, &figure), "99.9%");
        assert_eq!(target(&figure), "100%");
        assert_eq!(
            actual(Lang::En, &Figure::new(Promise::Sat, 3, 3, 9_000, None)),
            tr!(Lang::En, ui.status.nodata)
        );
    }
}
