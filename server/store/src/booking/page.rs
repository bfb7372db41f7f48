//! The booking page: days, people, free times (BOOK-4). One statement reads what is taken for all days shown; the rest
//! is computed in memory.

use super::{
    busy::Busy,
    hold::catalog_of,
    plan::{For, Request, learnt, wishable},
    ratings,
    write::Rows,
};
use crate::{
    Error, OpContext, Result,
    catalog::{Catalog, Service},
    sql,
    sql::vals,
    time::local_ms,
};
use chrono::{Days, Duration, NaiveDate};
use domain::{
    BranchId, Fen, LocalTime, ServiceId, StaffId,
    booking::{
        BookPage, DayCard, DayRoom, DayTimes, DeskMenu, PersonCard, SlotCard, SlotSearch, TIMES_DAYS,
        slots::Slot,
    },
    permission::{Action, Scope},
    time::DayPart,
};
use std::sync::Arc;

/// Days of the strip.
const DAYS: i64 = 14;

/// What is asked for, with what was chosen or is being moved.
struct Asked {
    catalog: Arc<Catalog>,
    /// The booking that is being moved.
    moving: Option<Rows>,
    chosen: Vec<ServiceId>,
    who: Option<StaffId>,
}

/// The page with what has been chosen so far. What cannot be chosen (any more) is left out, so that an old address
/// still leads somewhere.
///
/// # Errors
/// `NotFound` for an unknown branch or booking.
pub async fn page(cx: &OpContext, search: SlotSearch) -> Result<BookPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let asked = asked(cx, &search).await?;
    let catalog = &*asked.catalog;
    let tz = catalog.tz();
    let mut page = BookPage {
        branch: catalog.branch.info(cx.now()),
        categories: catalog.menu(true),
        chosen: asked.chosen.iter().filter_map(|id| catalog.service(*id)).map(Service::card).collect(),
        people: Vec::new(),
        who: asked.who,
        days: Vec::new(),
        later: None,
        earlier: None,
        day: search.day,
        slots: Vec::new(),
        minutes: 0,
        price: Fen(0),
        max_services: catalog.branch.policy.max_services,
        moving: asked.moving.as_ref().map(|b| (b.booking.number.clone(), local_ms(tz, b.booking.from_ms))),
    };
    let Some(request) = request(cx, &asked)? else { return Ok(page) };
    page.minutes = request.blocks.iter().map(domain::booking::slots::Blocks::customer).sum();
    page.price = match &asked.moving {
        Some(rows) => Fen(rows.booking.price_fen),
        None => page.chosen.iter().map(|service| service.price).sum(),
    };
    page.day = chosen_day(&request, search.day);
    times(cx, &request, page).await
}

/// The day asked for, as far as something may be offered on it.
pub(super) fn chosen_day(request: &Request<'_>, asked: Option<NaiveDate>) -> Option<NaiveDate> {
    asked.filter(|day| *day >= request.first_day() && *day <= request.last_day())
}

/// The page with its days, people and times; `page.day` is the day asked for.
pub(super) async fn times(cx: &OpContext, request: &Request<'_>, mut page: BookPage) -> Result<BookPage> {
    let catalog = request.catalog;
    let today = request.first_day();
    let first = first_day(page.day, today, request.last_day());
    let last = (first + Duration::days(DAYS - 1)).min(request.last_day());
    let everyone = request.with_who(None);
    let busy = everyone.busy(cx, first, last).await?;
    page.days = days(request, &busy, first, last);
    page.day = page.day.or_else(|| first_with_room(&page.days));
    page.later = Some(first + Duration::days(DAYS)).filter(|next| *next <= request.last_day());
    page.earlier = (first > today).then(|| first - Duration::days(DAYS));
    if let Some(day) = page.day {
        page.slots = cards(catalog, &request.ask(day, &busy, |s| s.slots()));
    }
    // People's next free times are looked for from today on, whatever days are shown.
    page.people = if first == today {
        people(cx, &everyone, &busy, today, last).await?
    } else {
        let last = today + Duration::days(DAYS - 1);
        people(cx, &everyone, &everyone.busy(cx, today, last).await?, today, last).await?
    };
    Ok(page)
}

/// The whole menu and who works here, for what the desk enters.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn desk_menu(cx: &OpContext, branch: BranchId) -> Result<DeskMenu> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let latest = catalog.branch.policy.latest(cx.now());
    Ok(DeskMenu {
        branch: catalog.branch.info(cx.now()),
        categories: catalog.menu(false),
        people: (catalog.people.iter())
            .filter(|person| person.works_here())
            .map(|person| (person.id, person.name.clone()))
            .collect(),
        horizon: catalog.branch.today(latest),
    })
}

/// The times of one day, free and taken: what the page asks for when another day is chosen.
///
/// # Errors
/// `NotFound` for an unknown branch or booking, the fields `services`, `who` and `day`.
pub async fn day_slots(cx: &OpContext, search: SlotSearch) -> Result<Vec<SlotCard>> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let day = search.day.ok_or_else(|| Error::field("day", domain::FieldCode::Required))?;
    let asked = asked(cx, &search).await?;
    let Some(request) = request(cx, &asked)? else {
        return Err(Error::field("services", domain::FieldCode::Required));
    };
    if day < request.first_day() || day > request.last_day() {
        return Ok(Vec::new());
    }
    let busy = request.busy(cx, day, day).await?;
    Ok(cards(&asked.catalog, &request.ask(day, &busy, |s| s.slots())))
}

/// The free times of `days` days from `search.day` on: one statement, however many days.
///
/// # Errors
/// `NotFound` for an unknown branch, the fields `services`, `who` and `day`, `NotOnline`, `NeedsFirst`.
pub async fn free_times(cx: &OpContext, search: SlotSearch, days: u32) -> Result<Vec<DayTimes>> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let first = search.day.ok_or_else(|| Error::field("day", domain::FieldCode::Required))?;
    let catalog = cx.store.catalog_by_slug(&search.branch).await?;
    let request = Request::new(&catalog, &search.services, search.who, cx.now(), For::Customer)?;
    let last = first.checked_add_days(Days::new(u64::from(days.clamp(1, TIMES_DAYS)) - 1));
    // Days that are over and days beyond the horizon are left out.
    let (first, last) = (first.max(request.first_day()), last.unwrap_or(first).min(request.last_day()));
    if last < first {
        return Ok(Vec::new());
    }
    let busy = request.busy(cx, first, last).await?;
    let free = |date| request.ask(date, &busy, |s| s.free());
    Ok(first
        .iter_days()
        .take_while(|day| *day <= last)
        .map(|date| DayTimes { date, free: free(date) })
        .collect())
}

async fn asked(cx: &OpContext, search: &SlotSearch) -> Result<Asked> {
    let (catalog, moving) = match &search.moving {
        None => (cx.store.catalog_by_slug(&search.branch).await?, None),
        Some(token) => {
            let rows = super::change::load(cx.db(), token).await?;
            (catalog_of(cx, &rows).await?, Some(rows))
        }
    };
    let chosen: Vec<ServiceId> = match &moving {
        Some(rows) => rows.items.iter().map(|item| ServiceId(item.service_id)).collect(),
        None => {
            let most = usize::from(catalog.branch.policy.max_services);
            let bookable = |id: &&ServiceId| {
                catalog.service(**id).is_some_and(|s| !s.retired && s.online && s.needs_first.is_none())
            };
            search.services.iter().filter(bookable).take(most).copied().collect()
        }
    };
    let services: Vec<_> = chosen.iter().filter_map(|id| catalog.service(*id)).collect();
    // As long as nothing is chosen, anybody of the branch may be wished for.
    let who = search.who.filter(|id| match &*services {
        [] => catalog.person(*id).is_some_and(crate::catalog::Person::works_here),
        services => wishable(&catalog, services, *id),
    });
    Ok(Asked { catalog, moving, chosen, who })
}

/// `None` as long as nothing is chosen.
fn request<'a>(cx: &OpContext, asked: &'a Asked) -> Result<Option<Request<'a>>> {
    if let Some(rows) = &asked.moving {
        let desk = cx.may(Action::OverrideBooking, &Scope::branch(rows.branch()));
        let whose = if desk { For::Desk } else { For::Customer };
        let request = Request::again(&asked.catalog, &rows.items, asked.who, cx.now(), whose)?;
        return Ok(Some(request.moving(rows.id())));
    }
    if asked.chosen.is_empty() {
        return Ok(None);
    }
    Request::new(&asked.catalog, &asked.chosen, asked.who, cx.now(), For::Customer).map(Some)
}

/// Today, or so many strips later that the chosen day stands in it.
fn first_day(chosen: Option<NaiveDate>, today: NaiveDate, last: NaiveDate) -> NaiveDate {
    let ahead = chosen.filter(|day| *day <= last).map_or(0, |day| (day - today).num_days().max(0));
    today + Duration::days(ahead / DAYS * DAYS)
}

fn days(request: &Request<'_>, busy: &Busy, first: NaiveDate, last: NaiveDate) -> Vec<DayCard> {
    let strip = first.iter_days().take_while(|day| *day <= last);
    strip.map(|date| DayCard { date, room: request.ask(date, busy, |s| s.room()) }).collect()
}

fn first_with_room(days: &[DayCard]) -> Option<NaiveDate> {
    days.iter().find(|day| matches!(day.room, DayRoom::Plenty | DayRoom::Tight)).map(|day| day.date)
}

pub(super) fn cards(catalog: &Catalog, slots: &[Slot]) -> Vec<SlotCard> {
    let last = slots.iter().rposition(|slot| slot.free);
    let card = |(i, slot): (usize, &Slot)| {
        let at = local_ms(catalog.tz(), slot.at);
        SlotCard { at, part: DayPart::of(at.wall.time()), free: slot.free, last: Some(i) == last }
    };
    slots.iter().enumerate().map(card).collect()
}

/// Those who may do at least one of the services, in the order of the branch.
async fn people(
    cx: &OpContext,
    everyone: &Request<'_>,
    busy: &Busy,
    today: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<PersonCard>> {
    let catalog = everyone.catalog;
    let ratings = ratings::of(cx, catalog.branch.id).await?;
    let last_time = last_person(cx).await?;
    let able = everyone.people().filter(|p| everyone.services.iter().any(|s| learnt(p, s)));
    let card = |person: &crate::catalog::Person| {
        let request = everyone.with_who(Some(person.id));
        let mut days = today.iter_days().take_while(|day| *day <= last);
        let next = days.find_map(|day| request.ask(day, busy, |s| s.first_free()));
        PersonCard {
            id: person.id,
            name: person.name.clone(),
            title: person.title.clone(),
            rating: ratings.get(&person.id).copied(),
            next_free: next.map(|at| -> LocalTime { local_ms(catalog.tz(), at) }),
            last_time: last_time == Some(person.id),
        }
    };
    Ok(able.map(card).collect())
}

/// With whom the signed-in customer was last.
async fn last_person(cx: &OpContext) -> Result<Option<StaffId>> {
    let Some(me) = cx.actor.customer() else { return Ok(None) };
    let sql = "SELECT s.staff_id FROM visit v JOIN visit_service s ON s.visit_id = v.id \
               WHERE v.customer_id = $1 AND s.staff_id IS NOT NULL AND s.state = 'done' \
               ORDER BY v.arrived_at DESC, s.position LIMIT 1";
    let row = sql::row(cx.db(), sql, vals![me.0]).await?;
    Ok(row.map(|row| row.try_get_by_index::<uuid::Uuid>(0)).transpose()?.map(StaffId))
}
