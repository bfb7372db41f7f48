//! Instants, days and wall clocks as the tables keep them: milliseconds and days since 1970.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use domain::LocalTime;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// An instant as a column keeps it.
#[must_use]
pub fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant of a column. Values no calendar knows become 1970.
#[must_use]
pub fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}

/// What the branch's wall clock shows at an instant.
#[must_use]
pub fn local(tz: Tz, utc: DateTime<Utc>) -> LocalTime {
    LocalTime { utc, wall: tz.from_utc_datetime(&utc.naive_utc()).naive_local() }
}

/// [`local`] of a column.
#[must_use]
pub fn local_ms(tz: Tz, ms: i64) -> LocalTime {
    local(tz, at(ms))
}

/// A date as a column keeps it.
#[must_use]
pub fn day_number(date: NaiveDate) -> i32 {
    (date - EPOCH).num_days() as i32
}

/// The date of a column.
#[must_use]
pub fn date(day: i32) -> NaiveDate {
    EPOCH + Duration::days(i64::from(day))
}

/// The day it is for the branch at an instant.
#[must_use]
pub fn day_of(tz: Tz, utc: DateTime<Utc>) -> i32 {
    day_number(local(tz, utc).date())
}

/// The instant when the branch's clock shows `minutes` after midnight of `day`; minutes may exceed a day (past
/// midnight). A time the clock skips counts as the first moment after the gap, one it shows twice as the first.
#[must_use]
pub fn instant(tz: Tz, day: NaiveDate, minutes: i32) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let wall = |minutes: i32| midnight + Duration::minutes(i64::from(minutes));
    let shown = |wall| match tz.from_local_datetime(&wall) {
        MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => Some(time.to_utc()),
        MappedLocalTime::None => None,
    };
    // Clocks jump at full quarters of an hour, and no zone has ever skipped more than a day.
    let quarters = (1..=97).map(|n| wall(minutes - minutes.rem_euclid(15) + n * 15));
    let found = std::iter::once(wall(minutes)).chain(quarters).find_map(shown);
    found.unwrap_or_else(|| wall(minutes).and_utc())
}

/// The instants between which a day lasts for the branch.
#[must_use]
pub fn day_bounds(tz: Tz, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (instant(tz, day, 0), instant(tz, day + Duration::days(1), 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn ymd(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[rstest]
    #[case(Tz::Asia__Shanghai, ymd(2026, 6, 12), 600, "2026-06-12T02:00:00Z")]
    #[case(Tz::Asia__Shanghai, ymd(2026, 6, 12), 1500, "2026-06-12T17:00:00Z")]
    // 02:30 does not exist on this night; the clock jumps from 02:00 to 03:00.
    #[case(Tz::Europe__Berlin, ymd(2026, 3, 29), 150, "2026-03-29T01:00:00Z")]
    #[case(Tz::Europe__Berlin, ymd(2026, 3, 29), 130, "2026-03-29T01:00:00Z")]
    // 02:30 exists twice; the first counts.
    #[case(Tz::Europe__Berlin, ymd(2026, 10, 25), 150, "2026-10-25T00:30:00Z")]
    fn wall_clock_to_instant(#[case] tz: Tz, #[case] day: NaiveDate, #[case] min: i32, #[case] want: &str) {
        assert_eq!(instant(tz, day, min), want.parse::<DateTime<Utc>>().unwrap());
    }

    #[test]
    fn days_are_read_back() {
        for day in [ymd(1969, 12, 31), ymd(1970, 1, 1), ymd(2024, 2, 29), ymd(2026, 11, 22)] {
            assert_eq!(date(day_number(day)), day);
        }
        assert_eq!(day_number(ymd(1970, 1, 2)), 1);
    }

    #[test]
    fn a_day_of_a_changed_clock_has_23_hours() {
        let (from, to) = day_bounds(Tz::Europe__Berlin, ymd(2026, 3, 29));
        assert_eq!((to - from).num_hours(), 23);
    }
}
