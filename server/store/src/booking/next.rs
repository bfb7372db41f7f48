//! A time for the next visit, as near as can be to a moment some weeks ahead (TREAT-6).

use super::plan::{For, Request};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    time::{date, day_of, ms},
};
use chrono::{DateTime, Duration, Utc};
use domain::{ServiceId, StaffId};

/// Days around the wished one that are looked at, the nearest first.
const AROUND: [i64; 7] = [0, 1, -1, 2, -2, 3, -3];
/// A time of day within so many hours is as good as the same.
const NEAR_MS: i64 = 2 * 3_600_000;

/// A service with a person, around a moment.
pub(crate) struct Wish {
    pub service: ServiceId,
    pub who: Option<StaffId>,
    pub around: DateTime<Utc>,
}

/// The free time nearest to the wished hour on the nearest day that has one within two hours of it; else the nearest of
/// all. `None`: nothing is free in that week.
pub(crate) async fn best_time(cx: &OpContext, catalog: &Catalog, wish: Wish) -> Result<Option<i64>> {
    let request = Request::new(catalog, &[wish.service], wish.who, cx.now(), For::Desk)?;
    let wished = ms(wish.around);
    let day = date(day_of(catalog.tz(), wish.around));
    let first = (day - Duration::days(3)).max(catalog.branch.today(cx.now()));
    let last = (day + Duration::days(3)).min(request.last_day());
    if first > last {
        return Ok(None);
    }
    let busy = request.busy(cx, first, last).await?;
    let mut best: Option<(i64, i64)> = None;
    for offset in AROUND {
        let candidate = day + Duration::days(offset);
        if candidate < first || candidate > last {
            continue;
        }
        let hour = wished + Duration::days(offset).num_milliseconds();
        let slots = request.ask(candidate, &busy, |search| search.slots());
        let free = slots.iter().filter(|slot| slot.free).map(|slot| slot.at);
        let Some(at) = free.min_by_key(|at| (at - hour).abs()) else { continue };
        let off = (at - hour).abs();
        if off <= NEAR_MS {
            return Ok(Some(at));
        }
        if best.is_none_or(|(_, known)| off < known) {
            best = Some((at, off));
        }
    }
    Ok(best.map(|(at, _)| at))
}
