//! Words for promises and for what stands behind them.

use crate::{tr, tr_n, ui::Kept as Mark};
use domain::{
    Lang,
    promise::{Figure, Kept, Promise},
};

/// `等候不超过 15 分钟`.
#[must_use]
pub fn promise_name(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, wall.name.wait),
        Promise::OnTime => tr!(lang, wall.name.ontime),
        Promise::Accuracy => tr!(lang, wall.name.accuracy),
        Promise::Sat => tr!(lang, wall.name.sat),
        Promise::Hygiene => tr!(lang, wall.name.hygiene),
        Promise::Privacy => tr!(lang, wall.name.privacy),
        Promise::Cert => tr!(lang, wall.name.cert),
        Promise::Recheck => tr!(lang, wall.name.recheck),
        Promise::Phone => tr!(lang, wall.name.phone),
    }
}

/// How the figure is made, in one sentence.
#[must_use]
pub fn formula(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, wall.formula.wait),
        Promise::OnTime => tr!(lang, wall.formula.ontime),
        Promise::Accuracy => tr!(lang, wall.formula.accuracy),
        Promise::Sat => tr!(lang, wall.formula.sat),
        Promise::Hygiene => tr!(lang, wall.formula.hygiene),
        Promise::Privacy => tr!(lang, wall.formula.privacy),
        Promise::Cert => tr!(lang, wall.formula.cert),
        Promise::Recheck => tr!(lang, wall.formula.recheck),
        Promise::Phone => tr!(lang, wall.formula.phone),
    }
}

/// What the figure's number of a record says: minutes, minutes late, a score; nothing for the others.
#[must_use]
pub fn value_text(lang: Lang, promise: Promise, value: i32) -> String {
    match promise {
        Promise::Wait => tr!(lang, wall.value.minutes, n = value),
        Promise::OnTime if value <= 0 => tr!(lang, wall.value.on_time).to_owned(),
        Promise::OnTime => tr!(lang, wall.value.late, n = value),
        Promise::Sat | Promise::Hygiene | Promise::Privacy => tr!(lang, wall.value.score, n = value),
        Promise::Phone => tr!(lang, wall.value.rings, n = value),
        Promise::Accuracy | Promise::Cert | Promise::Recheck => String::new(),
    }
}

/// Heading of that column.
#[must_use]
pub fn value_head(lang: Lang, promise: Promise) -> &'static str {
    match promise {
        Promise::Wait => tr!(lang, wall.col.waited),
        Promise::OnTime => tr!(lang, wall.col.began),
        Promise::Sat | Promise::Hygiene | Promise::Privacy => tr!(lang, wall.col.score),
        Promise::Phone => tr!(lang, wall.col.rings),
        Promise::Accuracy | Promise::Cert | Promise::Recheck => "",
    }
}

/// Why a record missed the promise: the words of a stored code, or the code itself.
#[must_use]
pub fn miss_reason(lang: Lang, code: &str) -> String {
    if let Some(text) = crate::desk::reason_of_code(lang, code) {
        return text.to_owned();
    }
    if let Some(text) = crate::care::use_name(lang, code) {
        return text.to_owned();
    }
    match code {
        "time" => tr!(lang, wall.miss.time).to_owned(),
        "service" => tr!(lang, wall.miss.service).to_owned(),
        "person" => tr!(lang, wall.miss.person).to_owned(),
        "double" => tr!(lang, wall.miss.double).to_owned(),
        "unanswered" => tr!(lang, wall.miss.unanswered).to_owned(),
        "rings" => tr!(lang, wall.miss.rings).to_owned(),
        "callback" => tr!(lang, wall.miss.callback).to_owned(),
        other => other.to_owned(),
    }
}

#[must_use]
pub const fn mark(kept: Kept) -> Mark {
    match kept {
        Kept::Kept => Mark::Yes,
        Kept::Missed => Mark::No,
        Kept::NoData => Mark::NoData,
    }
}

/// Basis points as `97.8%`, rounded down to one decimal, so that a miss never reads as kept.
#[must_use]
pub fn percent(basis_points: u32) -> String {
    crate::ui::format::percent(i64::from(basis_points / 10))
}

/// `目标 ≥ 98%`; `目标 100%` where nothing is above it.
#[must_use]
pub fn target_text(lang: Lang, target: u32) -> String {
    let value = if target >= 10_000 { percent(target) } else { format!("≥ {}", percent(target)) };
    tr!(lang, ui.target, target = value)
}

/// `3,412 次里 75 次没做到，最长 27 分`.
#[must_use]
pub fn count_text(lang: Lang, figure: &Figure) -> String {
    let missed = figure.n.saturating_sub(figure.met);
    let n = grouped(figure.n);
    let text = if figure.promise.is_survey() {
        tr_n!(lang, wall.count.answers, figure.n, shown = n)
    } else {
        tr_n!(lang, wall.count.visits, figure.n, shown = n)
    };
    let missed = (missed > 0).then(|| tr!(lang, wall.count.missed, missed = grouped(missed)));
    let longest = figure.max_minutes.map(|n| tr!(lang, wall.count.longest, minutes = n));
    let used = figure.used.map(|n| tr!(lang, wall.count.used, n = grouped(n)));
    [Some(text), missed, longest, used].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `3,412`.
#[must_use]
pub fn grouped(n: u32) -> String {
    domain::money::grouped(u64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_miss_does_not_read_as_the_target() {
        assert_eq!(percent(9_799), "97.9%");
        assert_eq!(percent(9_999), "99.9%");
        assert_eq!(percent(10_000), "100%");
        assert_eq!(target_text(Lang::Zh, 9_800), "目标 ≥ 98%");
        assert_eq!(target_text(Lang::En, 10_000), "Target 100%");
    }
}
