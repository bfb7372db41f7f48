//! Where a booking could go, and the page on which the staff book for a customer.

use super::{
    busy::Busy,
    hold::catalog_of,
    page::cards,
    plan::{For, Request, wishable},
    staff::load_own,
};
use crate::{
    OpContext, Result,
    catalog::{Catalog, Service},
    time::local_ms,
};
use chrono::{Duration, NaiveDate, NaiveTime};
use domain::{
    BookingId, BranchId, Fen, StaffId, Text,
    desk::check_search,
    permission::{Action, Scope},
    schedule::{NewPage, NewSearch, Place},
};

/// Most days looked at in one question.
const DAYS: i64 = 7;

/// The free times of each person who could do it, from `first` to `last`, at most a week; its own time counts as free.
/// One statement reads what is taken.
///
/// # Errors
/// `NotFound`, `SlotNotOffered` when one of its services is not done here any more.
pub async fn places(cx: &OpContext, id: BookingId, first: NaiveDate, last: NaiveDate) -> Result<Vec<Place>> {
    let rows = load_own(cx, cx.db(), id, Action::OverrideBooking).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let last = last.min(first + Duration::days(DAYS - 1));
    let request = Request::again(&catalog, &rows.items, None, cx.now(), For::Desk)?.moving(rows.id());
    let busy = request.busy(cx, first, last).await?;
    let mut places = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        places.extend(request.people().map(|p| place(&request, &busy, p.id, day)));
    }
    Ok(places)
}

pub(super) fn place(request: &Request<'_>, busy: &Busy, staff: StaffId, day: NaiveDate) -> Place {
    let slots = request.with_who(Some(staff)).ask(day, busy, |search| search.slots());
    let free = slots.iter().filter(|slot| slot.free && request.check_notice(slot.at).is_ok());
    Place { staff, day, times: free.map(|slot| minute(request.catalog, day, slot.at)).collect() }
}

/// Minutes after midnight of `day` that the branch's clock shows.
pub(crate) fn minute(catalog: &Catalog, day: NaiveDate, at_ms: i64) -> u32 {
    let wall = local_ms(catalog.tz(), at_ms).wall;
    u32::try_from((wall - day.and_time(NaiveTime::MIN)).num_minutes()).unwrap_or(0)
}

/// Where the staff book for a customer: who was found, the menu, the free times of the day, at short notice too.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn new_page(cx: &OpContext, branch: BranchId, search: NewSearch) -> Result<NewPage> {
    let scope = Scope::branch(branch);
    cx.allow(Action::AddWalkIn, &scope)?;
    let catalog = cx.store.catalog(branch).await?;
    let today = catalog.branch.today(cx.now());
    let most = usize::from(catalog.branch.policy.max_services);
    let known = search.services.iter().filter_map(|id| catalog.service(*id)).filter(|s| !s.retired);
    let services: Vec<&Service> = known.take(most).collect();
    let who = search.who.filter(|who| services.is_empty() || wishable(&catalog, &services, *who));
    let mut page = NewPage {
        branch: catalog.branch.info(cx.now()),
        categories: catalog.menu(false),
        chosen: services.iter().map(|s| s.card()).collect(),
        people: people(&catalog, &services),
        who,
        day: search.day.filter(|day| *day >= today).unwrap_or(today),
        times: Vec::new(),
        hits: Vec::new(),
        customer: None,
        minutes: 0,
        price: services.iter().map(|s| s.price).sum::<Fen>(),
        arrive_early: services.iter().map(|s| s.arrive_early).max().unwrap_or(0),
        precautions: Vec::new(),
        max_services: catalog.branch.policy.max_services,
    };
    for text in services.iter().map(|s| &s.precautions).filter(|text| !text.is_empty()) {
        if !page.precautions.contains(text) {
            page.precautions.push(text.clone());
        }
    }
    if cx.may(Action::FindCustomer, &scope) {
        if let Ok(q) = check_search(&search.q) {
            page.hits = crate::customer::find(cx.db(), &catalog, &q, cx.now()).await?;
        }
        page.customer = match search.customer {
            Some(id) => crate::customer::hit(cx.db(), &catalog, id, cx.now()).await?,
            None => None,
        };
    }
    if !services.is_empty() {
        let ids: Vec<_> = services.iter().map(|s| s.id).collect();
        let request = Request::new(&catalog, &ids, who, cx.now(), For::Desk)?;
        page.minutes = request.blocks.iter().map(domain::booking::slots::Blocks::customer).sum();
        let busy = request.busy(cx, page.day, page.day).await?;
        page.times = cards(&catalog, &request.ask(page.day, &busy, |search| search.slots()));
    }
    Ok(page)
}

/// Those who can be wished for.
pub(super) fn people(catalog: &Catalog, services: &[&Service]) -> Vec<(StaffId, Text)> {
    let able = catalog
        .people
        .iter()
        .filter(|p| p.works_here() && (services.is_empty() || wishable(catalog, services, p.id)));
    able.map(|p| (p.id, p.name.clone())).collect()
}
