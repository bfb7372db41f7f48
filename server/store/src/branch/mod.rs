//! The public pages of the chain and its branches; what the manager sets: hours, rules, menu, rooms and devices.

pub mod hours;
pub mod menu;
pub mod place;

use crate::{OpContext, Result};
use domain::{
    branch::{BranchInfo, ChainPage, SalonPage},
    permission::{Action, Scope},
    promise::Promise,
};

/// The chain's front page.
///
/// # Errors
/// `NotFound` as long as there is no branch at all.
pub async fn chain(cx: &OpContext) -> Result<ChainPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let (now, branches) = (cx.now(), cx.store.cache.branches(&cx.store).await?);
    let brand = branches.first().map(|b| b.brand.clone()).ok_or(crate::Error::NotFound)?;
    Ok(ChainPage { brand, branches: branches.iter().map(|b| b.info(now)).collect() })
}

/// A salon's page: what it is, its menu, its promises.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn salon(cx: &OpContext, slug: &str) -> Result<SalonPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(slug).await?;
    let known = crate::promise::recent(&cx.store, &catalog, cx.now()).await?;
    // What matters before booking; the wall shows all of them.
    let shown = [Promise::OnTime, Promise::Wait, Promise::Sat, Promise::Hygiene];
    let promises =
        shown.iter().filter_map(|p| known.figures.iter().find(|f| f.promise == *p).cloned()).collect();
    Ok(SalonPage { branch: catalog.branch.info(cx.now()), categories: catalog.menu(false), promises })
}

/// A branch as the public sees it.
///
/// # Errors
/// `NotFound` when there is no such branch.
pub async fn info(cx: &OpContext, slug: &str) -> Result<BranchInfo> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    Ok(cx.store.catalog_by_slug(slug).await?.branch.info(cx.now()))
}
