//! Dates, spans and figures as readers expect them. Zones are the server's affair: these take what a wall shows.

use crate::{tr, tr_n};
use chrono::{Datelike, Days, NaiveDate};
use domain::{Lang, LocalTime, time::weekday};

/// `周五`, `Fri`.
#[must_use]
pub fn weekday_name(lang: Lang, day: NaiveDate) -> &'static str {
    match weekday(day) {
        0 => tr!(lang, common.weekday.d0),
        1 => tr!(lang, common.weekday.d1),
        2 => tr!(lang, common.weekday.d2),
        3 => tr!(lang, common.weekday.d3),
        4 => tr!(lang, common.weekday.d4),
        5 => tr!(lang, common.weekday.d5),
        _ => tr!(lang, common.weekday.d6),
    }
}

/// `6月`, `June`.
#[must_use]
pub fn month_name(lang: Lang, month: u32) -> &'static str {
    match month {
        1 => tr!(lang, common.month.m1),
        2 => tr!(lang, common.month.m2),
        3 => tr!(lang, common.month.m3),
        4 => tr!(lang, common.month.m4),
        5 => tr!(lang, common.month.m5),
        6 => tr!(lang, common.month.m6),
        7 => tr!(lang, common.month.m7),
        8 => tr!(lang, common.month.m8),
        9 => tr!(lang, common.month.m9),
        10 => tr!(lang, common.month.m10),
        11 => tr!(lang, common.month.m11),
        _ => tr!(lang, common.month.m12),
    }
}

/// `6月12日`, `12 June`.
#[must_use]
pub fn day(lang: Lang, day: NaiveDate) -> String {
    tr!(lang, common.date.day, month = month_name(lang, day.month()), day = day.day())
}

/// `6月12日 周五`, `Fri 12 June`.
#[must_use]
pub fn day_weekday(lang: Lang, day: NaiveDate) -> String {
    tr!(
        lang,
        common.date.day_weekday,
        month = month_name(lang, day.month()),
        day = day.day(),
        weekday = weekday_name(lang, day)
    )
}

/// `2026年6月12日`, `12 June 2026`.
#[must_use]
pub fn full_day(lang: Lang, day: NaiveDate) -> String {
    tr!(
        lang,
        common.date.with_year,
        year = day.year(),
        month = month_name(lang, day.month()),
        day = day.day()
    )
}

/// `2026年6月`, `June 2026`.
#[must_use]
pub fn month_year(lang: Lang, day: NaiveDate) -> String {
    tr!(lang, common.date.month_year, year = day.year(), month = month_name(lang, day.month()))
}

/// `今天` / `明天` / `昨天`, else `None`. `today` is the branch's date, which the server knows.
#[must_use]
pub fn near_word(lang: Lang, day: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    if day == today {
        Some(tr!(lang, common.today))
    } else if today.checked_add_days(Days::new(1)) == Some(day) {
        Some(tr!(lang, common.tomorrow))
    } else if today.checked_sub_days(Days::new(1)) == Some(day) {
        Some(tr!(lang, common.yesterday))
    } else {
        None
    }
}

/// `今天 · 6月10日 周三`; without a word for it only the date.
#[must_use]
pub fn relative_day(lang: Lang, day: NaiveDate, today: NaiveDate) -> String {
    let date = day_weekday(lang, day);
    match near_word(lang, day, today) {
        Some(word) => tr!(lang, common.date.relative, word = word, date = date),
        None => date,
    }
}

/// `6月12日 14:30`, `12 June, 14:30`; `今天 14:30` when it is today.
#[must_use]
pub fn day_time(lang: Lang, at: &LocalTime, today: NaiveDate) -> String {
    let date = near_word(lang, at.date(), today)
        .map_or_else(|| day(lang, at.date()), std::borrow::ToOwned::to_owned);
    tr!(lang, common.date.at, date = date, time = at.hhmm())
}

/// A length of time in a sentence: `60 分钟`, `1 小时 15 分`, `3 天`; `60 minutes`, `1 h 15 min`.
#[must_use]
pub fn span(lang: Lang, minutes: u32) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60, minutes % 60);
    if days >= 2 {
        tr_n!(lang, common.span.days, days)
    } else if minutes <= 90 {
        tr_n!(lang, common.span.minutes, minutes)
    } else if rest == 0 {
        tr_n!(lang, common.span.hours, hours)
    } else {
        tr!(lang, common.span.hours_minutes, hours = hours, minutes = rest)
    }
}

/// For rings and table cells: the figure and its unit, `("16", "分")`, `("3", "天")`.
#[must_use]
pub fn short_span(lang: Lang, minutes: u32) -> (String, &'static str) {
    match minutes {
        0..100 => (minutes.to_string(), tr!(lang, common.unit.minute)),
        100..2880 => ((minutes / 60).to_string(), tr!(lang, common.unit.hour)),
        _ => ((minutes / 1440).to_string(), tr!(lang, common.unit.day)),
    }
}

/// A share in per mille as a percentage with one decimal where it has one: 986 → `98.6%`, 1000 → `100%`.
#[must_use]
pub fn percent(per_mille: i64) -> String {
    let sign = if per_mille < 0 { "−" } else { "" };
    let (whole, tenth) = (per_mille.abs() / 10, per_mille.abs() % 10);
    if tenth == 0 { format!("{sign}{whole}%") } else { format!("{sign}{whole}.{tenth}%") }
}

/// The surname under which a person is drawn: the first character of a Chinese name, the first letter of others.
#[must_use]
pub fn surname(name: &str) -> String {
    name.trim().chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn dates_in_both_languages() {
        let day = date(2026, 6, 12);
        assert_eq!(day_weekday(Lang::Zh, day), "6月12日 周五");
        assert_eq!(day_weekday(Lang::En, day), "Fri 12 June");
        assert_eq!(relative_day(Lang::Zh, day, day), "今天 · 6月12日 周五");
        assert_eq!(relative_day(Lang::En, day, date(2026, 6, 11)), "Tomorrow · Fri 12 June");
        assert_eq!(relative_day(Lang::Zh, day, date(2026, 6, 20)), "6月12日 周五");
        assert_eq!(full_day(Lang::En, day), "12 June 2026");
        assert_eq!(month_year(Lang::Zh, day), "2026年6月");
    }

    #[test]
    fn spans_in_sentences_and_rings() {
        assert_eq!(span(Lang::Zh, 60), "60 分钟");
        assert_eq!(span(Lang::En, 1), "1 minute");
        assert_eq!(span(Lang::Zh, 135), "2 小时 15 分");
        assert_eq!(span(Lang::En, 120), "2 hours");
        assert_eq!(span(Lang::Zh, 3 * 1440), "3 天");
        assert_eq!(short_span(Lang::Zh, 16), ("16".to_owned(), "分"));
        assert_eq!(short_span(Lang::En, 60 * 19), ("19".to_owned(), "h"));
    }

    #[test]
    fn shares() {
        assert_eq!(percent(986), "98.6%");
        assert_eq!(percent(1000), "100%");
        assert_eq!(percent(-113), "−11.3%");
    }

    #[test]
    fn surnames() {
        assert_eq!(surname("林静怡"), "林");
        assert_eq!(surname(" anna Li"), "A");
        assert_eq!(surname(""), "");
    }
}
