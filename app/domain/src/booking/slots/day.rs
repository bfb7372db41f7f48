//! A branch's day on its wall clock, laid over the one time line everybody shares.

use super::Span;
use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone};

/// The instant at which the branch's clock has run `minutes` from midnight of `day`; above 1440 it is after the next
/// midnight (bathhouses). In the night the clocks go back the earlier of two equal times counts; a time that the
/// clocks jump over is the moment of the jump.
#[must_use]
pub fn wall<Z: TimeZone>(zone: &Z, day: NaiveDate, minutes: u32) -> i64 {
    let time = day.and_time(chrono::NaiveTime::MIN) + Duration::minutes(i64::from(minutes));
    resolve(zone, time).timestamp_millis()
}

fn resolve<Z: TimeZone>(zone: &Z, time: NaiveDateTime) -> DateTime<Z> {
    match zone.from_local_datetime(&time) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
        // Inside a jump: a time as far before it as the hour that is missing is wide, plus that width.
        LocalResult::None => {
            let before = time - Duration::hours(3);
            let base = match zone.from_local_datetime(&before) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
                LocalResult::None => zone.from_utc_datetime(&before),
            };
            first_after_jump(base)
        }
    }
}

/// The moment within the next six hours at which the zone's offset changes, to the minute.
fn first_after_jump<Z: TimeZone>(from: DateTime<Z>) -> DateTime<Z> {
    use chrono::Offset;
    let offset = from.offset().fix();
    let (mut low, mut high) = (0i64, 6 * 60);
    while high - low > 1 {
        let middle = low.midpoint(high);
        let at = from.clone() + Duration::minutes(middle);
        if at.offset().fix() == offset { low = middle } else { high = middle }
    }
    from + Duration::minutes(high)
}

/// Opening from `open` to `close`, minutes of the wall clock counted from midnight of `day`.
#[must_use]
pub fn opening<Z: TimeZone>(zone: &Z, day: NaiveDate, open: u32, close: u32) -> Option<Span> {
    Span::new(wall(zone, day, open), wall(zone, day, close))
}
