//! What is asked for, laid over a branch's day as the search of the domain wants it.

use super::busy::Busy;
use crate::{
    Error, OpContext, Result,
    catalog::{Catalog, Person, Service, Thing},
    entity::booking_item,
    time::{at, ms},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::{
    BookingId, FieldCode, Refusal, ServiceId, StaffId,
    booking::slots::{
        Arrangement, Blocks, Day, Need, Person as Candidate, Search, Span, Thing as Room, nearest,
    },
    time::Interval,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Around the opening hours, for preparation, clean-up and what is still running.
const AROUND_MS: i64 = 6 * 3_600_000;
/// How many free times a refusal names.
const NEAREST: usize = 4;
/// How many days it looks for them.
const NEAREST_DAYS: i64 = 7;
/// Minutes of clean-up after a re-check.
const RECHECK_CLEANUP: u32 = 5;

/// For whom a time is looked for: what the menu and the notice allow differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    Customer,
    /// The desk books what is not online, too, and at short notice.
    Desk,
}

/// Services in sequence, who shall do them, and within which bounds.
pub(super) struct Request<'a> {
    pub catalog: &'a Catalog,
    pub services: Vec<&'a Service>,
    /// As on the menu, or as fixed when it was booked (BOOK-8).
    pub blocks: Vec<Blocks>,
    pub who: Option<StaffId>,
    /// The booking that is being moved.
    pub moving: Option<BookingId>,
    pub now: DateTime<Utc>,
    earliest: i64,
    latest: i64,
    /// Needs the person and the room, not the devices.
    bare: bool,
}

impl<'a> Request<'a> {
    /// # Errors
    /// `services`, `who` when not on the menu, too many, or not a person who does any of it; `NotOnline`, `NeedsFirst`.
    pub fn new(
        catalog: &'a Catalog,
        ids: &[ServiceId],
        who: Option<StaffId>,
        now: DateTime<Utc>,
        whose: For,
    ) -> Result<Self> {
        if ids.is_empty() {
            return Err(Error::field("services", FieldCode::Required));
        }
        if ids.len() > usize::from(catalog.branch.policy.max_services) {
            return Err(Error::field("services", FieldCode::Range));
        }
        let mut services = Vec::with_capacity(ids.len());
        for id in ids {
            let service = catalog.service(*id).filter(|s| !s.retired);
            let service = service.ok_or_else(|| Error::field("services", FieldCode::Choice))?;
            if whose == For::Customer {
                if !service.online {
                    return Err(Refusal::NotOnline.into());
                }
                if service.needs_first.is_some() {
                    return Err(Refusal::NeedsFirst.into());
                }
            }
            services.push(service);
        }
        check_wish(catalog, &services, who)?;
        let blocks = services.iter().map(|s| blocks(s)).collect();
        Ok(Self::bounded(catalog, services, blocks, who, now, whose))
    }

    /// The services of a booking, with their times as they were fixed (BOOK-8).
    ///
    /// # Errors
    /// `SlotNotOffered` when one of them is not done in this branch any more.
    pub fn again(
        catalog: &'a Catalog,
        items: &[booking_item::Model],
        who: Option<StaffId>,
        now: DateTime<Utc>,
        whose: For,
    ) -> Result<Self> {
        let services = items
            .iter()
            .map(|item| catalog.service(ServiceId(item.service_id)).ok_or(Refusal::SlotNotOffered))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        check_wish(catalog, &services, who)?;
        let minutes = |n: i32| u32::try_from(n).unwrap_or(0);
        let blocks = items.iter().map(|item| Blocks {
            prepare: minutes(item.prepare_min),
            active: minutes(item.active_min),
            processing: minutes(item.processing_min),
            finish: minutes(item.finish_min),
            cleanup: minutes(item.cleanup_min),
        });
        Ok(Self::bounded(catalog, services, blocks.collect(), who, now, whose))
    }

    /// A re-check of a service (CARE-1): so many minutes with somebody of the same qualification, in such a room, without
    /// its devices; begins before `until`.
    ///
    /// # Errors
    /// `SlotNotOffered` when the service is not done in this branch any more; `who`.
    pub fn recheck(
        catalog: &'a Catalog,
        service: ServiceId,
        minutes: u32,
        who: Option<StaffId>,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        whose: For,
    ) -> Result<Self> {
        let service = catalog.service(service).ok_or(Refusal::SlotNotOffered)?;
        check_wish(catalog, &[service], who)?;
        let blocks = vec![Blocks { active: minutes, cleanup: RECHECK_CLEANUP, ..Blocks::default() }];
        let request = Self::bounded(catalog, vec![service], blocks, who, now, whose);
        let latest = request.latest.min(ms(until) - 1);
        Ok(Self { latest, bare: true, ..request })
    }

    fn bounded(
        catalog: &'a Catalog,
        services: Vec<&'a Service>,
        blocks: Vec<Blocks>,
        who: Option<StaffId>,
        now: DateTime<Utc>,
        whose: For,
    ) -> Self {
        let policy = &catalog.branch.policy;
        let earliest = if whose == For::Desk { ms(now) } else { ms(policy.earliest(now)) };
        Self {
            catalog,
            services,
            blocks,
            who,
            moving: None,
            now,
            earliest,
            latest: ms(policy.latest(now)),
            bare: false,
        }
    }

    pub fn moving(self, booking: BookingId) -> Self {
        Self { moving: Some(booking), ..self }
    }

    /// The notice counts from an earlier moment: when the time was first asked for.
    pub fn asked_at(self, moment: DateTime<Utc>) -> Self {
        Self { earliest: ms(self.catalog.branch.policy.earliest(moment)), ..self }
    }

    pub fn with_who(&self, who: Option<StaffId>) -> Self {
        Self { services: self.services.clone(), blocks: self.blocks.clone(), who, ..*self }
    }

    /// BOOK-4: within the notice and the horizon.
    ///
    /// # Errors
    /// `OutsideNotice`.
    pub fn check_notice(&self, at: i64) -> Result<()> {
        if at < self.earliest || at > self.latest {
            return Err(Refusal::OutsideNotice.into());
        }
        Ok(())
    }

    /// The first day on which something may be offered: today, or the day before while its opening hours go on after
    /// midnight.
    pub fn first_day(&self) -> NaiveDate {
        let today = self.catalog.branch.today(self.now);
        let before = today - Duration::days(1);
        let goes_on = opening(self.catalog, before).iter().any(|open| open.to > self.earliest);
        if goes_on && self.ask(before, &Busy::default(), |s| !s.slots().is_empty()) { before } else { today }
    }

    /// The last day on which something may be offered.
    pub fn last_day(&self) -> NaiveDate {
        self.catalog.branch.today(at(self.latest))
    }

    /// The day whose opening hours `at` falls into: after midnight that may be the day before.
    pub fn day_of(&self, at_ms: i64) -> NaiveDate {
        let today = self.catalog.branch.today(at(at_ms));
        let before = today - Duration::days(1);
        let evening = opening(self.catalog, before).iter().any(|open| open.from <= at_ms && at_ms < open.to);
        if evening { before } else { today }
    }

    /// Those who have learnt one of the services and, with a wish, are needed at all.
    pub fn people(&self) -> impl Iterator<Item = &'a Person> + '_ {
        let wished = self.who.and_then(|id| self.catalog.person(id));
        self.catalog.people.iter().filter(move |p| {
            p.works_here()
                && self.services.iter().any(|s| {
                    learnt(p, s) && wished.is_none_or(|wished| wished.id == p.id || !learnt(wished, s))
                })
        })
    }

    fn rooms(&self) -> impl Iterator<Item = &'a Thing> + '_ {
        let needed = |r: &&Thing| {
            r.active && self.services.iter().any(|s| s.room_type.as_deref() == Some(&*r.type_code))
        };
        self.catalog.rooms.iter().filter(needed)
    }

    fn devices(&self) -> impl Iterator<Item = &'a Thing> + '_ {
        let needed = |d: &&Thing| {
            d.active && !self.bare && self.services.iter().any(|s| s.devices.contains(&d.type_code))
        };
        self.catalog.devices.iter().filter(needed)
    }

    /// What is taken of everything that the request could need, from `first` to `last`, as far as this process knows.
    pub async fn busy(&self, cx: &OpContext, first: NaiveDate, last: NaiveDate) -> Result<Busy> {
        let (resources, window) = (self.resources(), self.window(first, last));
        let known = match self.moving {
            None => Busy::kept(&cx.store, &resources, window, ms(self.now)).await?,
            Some(_) => None,
        };
        match known {
            Some(mut busy) => {
                busy.close(self.rooms().chain(self.devices()), window);
                Ok(busy)
            }
            None => self.busy_in(cx.db(), first, last).await,
        }
    }

    /// As [`Request::busy`], out of the tables; within a transaction with what that has changed.
    pub async fn busy_in<C: ConnectionTrait>(
        &self,
        db: &C,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Busy> {
        let window = self.window(first, last);
        let mut busy = Busy::read(db, &self.resources(), window, ms(self.now), self.moving).await?;
        busy.close(self.rooms().chain(self.devices()), window);
        Ok(busy)
    }

    /// Everything the request could need.
    fn resources(&self) -> Vec<Uuid> {
        let people = self.people().map(|p| p.id.0);
        people.chain(self.rooms().chain(self.devices()).map(|thing| thing.id.0)).collect()
    }

    /// What is looked at for these days: from before the first opens until after the last closes.
    fn window(&self, first: NaiveDate, last: NaiveDate) -> Span {
        let days: Vec<_> = first.iter_days().take_while(|day| *day <= last).collect();
        let opens = days.iter().find_map(|day| opening(self.catalog, *day).first().map(|open| open.from));
        let closes = days.iter().rev().find_map(|day| opening(self.catalog, *day).last().map(|open| open.to));
        around(opens, closes)
    }

    /// Asks about one day.
    pub fn ask<T>(&self, day: NaiveDate, busy: &Busy, question: impl FnOnce(&Search<'_>) -> T) -> T {
        let opening = opening(self.catalog, day);
        let window = around(opening.first().map(|open| open.from), opening.last().map(|open| open.to));
        let needs: Vec<Need<'_>> = (self.services.iter().zip(&self.blocks))
            .map(|(s, blocks)| Need {
                blocks: *blocks,
                room: s.room_type.as_deref(),
                devices: if self.bare { &[] } else { &s.devices },
            })
            .collect();
        let people: Vec<(&Person, Vec<Span>)> = self.people().map(|p| (p, rota(p, window))).collect();
        let room = |thing: &'a Thing| Room {
            id: thing.id,
            kind: &thing.type_code,
            busy: busy.of(thing.id.0, window),
        };
        let asked = Day {
            opening: &opening,
            services: &needs,
            people: people
                .iter()
                .map(|(p, rota)| Candidate {
                    id: p.id,
                    can: self.mask(|s| learnt(p, s)),
                    may: self.mask(|s| p.qualified(s, day)),
                    rota,
                    busy: busy.of(p.id.0, window),
                })
                .collect(),
            rooms: self.rooms().map(room).collect(),
            devices: self.devices().map(room).collect(),
            who: self.who,
            earliest: self.earliest,
            latest: self.latest,
            step: self.catalog.branch.policy.step,
        };
        question(&Search::new(&asked))
    }

    fn mask(&self, may: impl Fn(&Service) -> bool) -> u8 {
        (self.services.iter().enumerate()).filter(|(_, s)| may(s)).fold(0, |mask, (i, _)| mask | 1 << i)
    }

    /// The arrangement at `at`, or why there is none. One that is found was free as far as this process knows; a refusal
    /// stands on the tables.
    ///
    /// # Errors
    /// As [`Request::arrange_in`].
    pub async fn arrange(&self, cx: &OpContext, at: i64) -> Result<(Arrangement, Busy)> {
        self.check_notice(at)?;
        let day = self.day_of(at);
        let busy = self.busy(cx, day, day).await?;
        match self.ask(day, &busy, |s| s.arrange(at)) {
            Some(arrangement) => Ok((arrangement, busy)),
            None => self.arrange_in(cx.db(), at).await,
        }
    }

    /// The arrangement at `at` out of the tables, or why there is none.
    ///
    /// # Errors
    /// `OutsideNotice`, `SlotNotOffered`, `SlotTaken` with the nearest free times.
    pub async fn arrange_in<C: ConnectionTrait>(&self, db: &C, at: i64) -> Result<(Arrangement, Busy)> {
        self.check_notice(at)?;
        let day = self.day_of(at);
        let busy = self.busy_in(db, day, day).await?;
        let (offered, found) = self.ask(day, &busy, |s| (s.offers(at), s.arrange(at)));
        match found {
            Some(arrangement) => Ok((arrangement, busy)),
            None if !offered => Err(Refusal::SlotNotOffered.into()),
            None => Err(self.nearest(db, at, &busy).await?),
        }
    }

    /// The loser of a race is told where to go.
    pub async fn taken<C: ConnectionTrait>(&self, db: &C, at: i64) -> Result<Error> {
        let day = self.day_of(at);
        let busy = self.busy_in(db, day, day).await?;
        self.nearest(db, at, &busy).await
    }

    /// BOOK-6: the nearest free times, of the same day (`busy`) or, when there are none, of the days after.
    async fn nearest<C: ConnectionTrait>(&self, db: &C, at: i64, busy: &Busy) -> Result<Error> {
        let day = self.day_of(at);
        let mut times = self.ask(day, busy, |search| nearest(&search.slots(), at, NEAREST));
        if times.is_empty() {
            let last = (day + Duration::days(NEAREST_DAYS)).min(self.last_day());
            let busy = self.busy_in(db, day, last).await?;
            let days = day.iter_days().skip(1).take_while(|next| *next <= last);
            times = days.filter_map(|next| self.ask(next, &busy, |s| s.first_free())).take(NEAREST).collect();
        }
        let nearest = times.into_iter().map(|time| crate::time::local_ms(self.catalog.tz(), time)).collect();
        Ok(Refusal::SlotTaken { nearest }.into())
    }
}

/// The time blocks of a service on the menu.
pub(super) fn blocks(service: &Service) -> Blocks {
    Blocks {
        prepare: service.prepare,
        active: service.active,
        processing: service.processing,
        finish: service.finish,
        cleanup: service.cleanup,
    }
}

/// Whether this person can be wished for: works here and has learnt one of the services.
pub(super) fn wishable(catalog: &Catalog, services: &[&Service], who: StaffId) -> bool {
    catalog.person(who).is_some_and(|p| p.works_here() && services.iter().any(|s| learnt(p, s)))
}

fn check_wish(catalog: &Catalog, services: &[&Service], who: Option<StaffId>) -> Result<()> {
    match who {
        Some(who) if !wishable(catalog, services, who) => Err(Error::field("who", FieldCode::Choice)),
        _ => Ok(()),
    }
}

pub(super) fn learnt(person: &Person, service: &Service) -> bool {
    person.skills.contains(&service.qualification)
}

fn opening(catalog: &Catalog, day: NaiveDate) -> Vec<Span> {
    catalog.branch.open_on(day).intervals().iter().map(|open| Span::from(*open)).collect()
}

/// Where something may be taken that matters while it is open; nowhere when it is not.
fn around(opens: Option<i64>, closes: Option<i64>) -> Span {
    match (opens, closes) {
        (Some(opens), Some(closes)) => Span { from: opens - AROUND_MS, to: closes + AROUND_MS },
        _ => Span { from: 0, to: 0 },
    }
}

fn rota(person: &Person, window: Span) -> Vec<Span> {
    let work = person.work.intervals();
    let (from, to) = (at(window.from), at(window.to));
    let first = work.partition_point(|part: &Interval| part.to <= from);
    work[first..].iter().take_while(|part| part.from < to).map(|part| Span::from(*part)).collect()
}
