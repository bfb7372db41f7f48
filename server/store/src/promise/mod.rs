//! The promise wall (spec §2): figures computed from the records, each open to the records behind it.
//!
//! Formulas, over a rolling year that ends now, days counted by the branch's clock:
//! - WAIT: visits in which somebody was received, by arrival; kept when the first contact came at most 15 minutes after
//!   the customer could be served. Whoever booked can be served from the booked time on, also when coming earlier.
//! - ONTIME: visits of bookings that began, by arrival, when the customer came no later than booked; kept when the first
//!   service began at most 5 minutes after the booked time.
//! - ACCURACY: bookings whose time has come, cancelled ones too; kept when nothing had to be corrected for a fault of
//!   the salon.
//! - SAT, HYGIENE, PRIVACY: answers with that question answered; kept with 4 or 5.
//! - CERT: services done, by their beginning; kept when a certificate was valid that day.
//! - RECHECK: services done but re-checks themselves, by their beginning; kept when a free re-check was open to the
//!   customer within seven days of the end. Counted from when there were re-checks.
//! - PHONE: calls that are decided; kept when answered within three rings and, where a callback was due, called back in
//!   time.

mod cache;
mod evidence;
mod figures;

pub use cache::Figures;
pub(crate) use cache::recent;
pub use evidence::{evidence, public_evidence};

use crate::{
    OpContext, Result,
    catalog::Catalog,
    time::{day_bounds, local, ms},
};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use domain::{
    permission::{Action, Scope},
    promise::Wall,
};

/// The rolling year of the wall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    /// First and last day, both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub from_ms: i64,
    /// Up to and including this moment.
    pub to_ms: i64,
}

impl Period {
    pub fn of(catalog: &Catalog, now: DateTime<Utc>) -> Self {
        let to = catalog.branch.today(now);
        let from = to.checked_sub_months(Months::new(12)).unwrap_or(to) + Duration::days(1);
        Self { from, to, from_ms: ms(day_bounds(catalog.tz(), from).0), to_ms: ms(now) }
    }
}

/// The wall of a branch, for everybody.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn wall(cx: &OpContext, slug: &str) -> Result<Wall> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(slug).await?;
    let now = cx.now();
    let period = Period::of(&catalog, now);
    let known = cache::exact(&cx.store, &catalog, now).await?;
    let branches = cx.store.cache.branches(&cx.store).await?;
    Ok(Wall {
        branches: branches.iter().map(|b| (b.slug.clone(), b.name.clone())).collect(),
        branch: catalog.branch.info(now),
        from: period.from,
        to: period.to,
        figures: known.figures.clone(),
        now: local(catalog.tz(), now),
    })
}
