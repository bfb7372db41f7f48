//! The staff's schedule: the day, the week and the month as they are booked (BOOK-13), and each one's private calendar.
//! What the staff do to a booking is in [`crate::booking`].

mod blocks;
mod feed;
mod loads;
mod rota;
mod rows;
mod sheet;

pub use feed::{feed, feed_entries, feed_renew, feed_revoke};

use crate::{OpContext, Result, time::local};
use chrono::{Datelike, Duration, NaiveDate};
use domain::{
    BranchId,
    permission::{Action, Scope},
    schedule::{LaneKind, Schedule, ScheduleSearch, Span},
};

/// One page of the schedule.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn page(cx: &OpContext, branch: BranchId, search: ScheduleSearch) -> Result<Schedule> {
    cx.allow(Action::SeeBoard, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let day = search.day.unwrap_or_else(|| catalog.branch.today(cx.now()));
    let now = local(catalog.tz(), cx.now());
    let who = search.who.filter(|who| catalog.person(*who).is_some());
    Ok(match (search.span, who) {
        (Span::Month, _) => Schedule::Month(loads::months(cx, &catalog, day, now).await?),
        (Span::Week, None) => Schedule::Week(loads::week(cx, &catalog, day, now).await?),
        (Span::Week, Some(who)) => {
            let first = monday(day);
            let lanes = sheet::Lanes {
                days: (first, first + Duration::days(6)),
                kind: LaneKind::People,
                who: Some(who),
            };
            Schedule::Sheet(sheet::sheet(cx, &catalog, day, now, lanes).await?)
        }
        (Span::Day, who) => {
            let lanes = sheet::Lanes { days: (day, day), kind: search.kind, who };
            Schedule::Sheet(sheet::sheet(cx, &catalog, day, now, lanes).await?)
        }
    })
}

fn monday(day: NaiveDate) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}
