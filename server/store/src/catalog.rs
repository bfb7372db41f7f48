//! Everything slow-changing of a branch, read once and kept in memory: opening hours, people with their skills,
//! certificates and rotas, rooms, devices, the menu. Read anew when [`Topic::Catalog`](domain::live::Topic) says that it
//! changed, in this process or another, and after five minutes at the latest.

mod load;

use crate::{
    Error, Result, Store,
    time::{date, day_number, day_of, instant, local},
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    Fen, Text,
    booking::rules::BookingPolicy,
    branch::{BranchInfo, BranchKind, Category, NeedsFirst, ServiceCard},
    ids::*,
    time::{Interval, IntervalSet},
    treat::Phase,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// How old a catalogue may get when nobody says that it changed.
const MAX_AGE: Duration = Duration::minutes(5);
/// Rotas are kept from so long ago, for what is running since yesterday.
const ROTA_BACK: Duration = Duration::days(2);
/// The longest row of a rota, such as a leave; a CHECK of the table.
const ROTA_LONGEST: Duration = Duration::days(92);

/// A branch and all that bookings, the desk and the tablets ask of it again and again.
#[derive(Debug)]
pub struct Catalog {
    pub branch: Branch,
    /// All who are or were in the branch, in the order of the rotation; look at [`Person::works_here`].
    pub people: Vec<Person>,
    /// Rooms, retired ones too (old bookings name them).
    pub rooms: Vec<Thing>,
    pub devices: Vec<Thing>,
    pub categories: Vec<CategoryRow>,
    /// The branch's menu in its order, retired services too.
    pub services: Vec<Service>,
    people_by_id: HashMap<StaffId, usize>,
    rooms_by_id: HashMap<ResourceId, usize>,
    services_by_id: HashMap<ServiceId, usize>,
    loaded_at: DateTime<Utc>,
}

/// The branch itself.
#[derive(Clone, Debug)]
pub struct Branch {
    pub id: BranchId,
    pub slug: String,
    pub kind: BranchKind,
    pub brand: Text,
    pub name: Text,
    pub address: Text,
    pub phone: String,
    pub tz: Tz,
    pub policy: BookingPolicy,
    /// By weekday, Monday first: minutes after midnight; the end may lie past midnight.
    pub opening: [Vec<(i32, i32)>; 7],
    /// Days that differ: `None` closed, else their own hours. By day number.
    pub special: HashMap<i32, Option<(i32, i32)>>,
}

/// Someone who can be booked.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: StaffId,
    pub name: Text,
    pub title: Text,
    pub initials: String,
    pub bookable: bool,
    pub left: bool,
    /// Cannot be occupied at present.
    pub down: bool,
    pub position: i32,
    pub skills: Vec<String>,
    pub credentials: Vec<Credential>,
    /// Shifts without breaks and leave.
    pub work: IntervalSet,
    /// The shifts alone, as the rota shows them.
    pub shifts: Vec<Interval>,
}

/// A certificate (CERT). Both days belong to it.
#[derive(Clone, Debug)]
pub struct Credential {
    pub id: CredentialId,
    pub qualification: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// A room or a device.
#[derive(Clone, Debug)]
pub struct Thing {
    pub id: ResourceId,
    pub type_code: String,
    pub name: Text,
    /// Neither retired nor out of service until further notice.
    pub active: bool,
    /// Not used any more.
    pub retired: bool,
    /// Times out of service, past ones left out; one without an end lasts as far as anybody books.
    pub down: Vec<Interval>,
}

#[derive(Clone, Debug)]
pub struct CategoryRow {
    pub code: String,
    pub name: Text,
}

/// A service of the menu (BOOK-2). Blocks in minutes.
#[derive(Clone, Debug)]
pub struct Service {
    pub id: ServiceId,
    pub category: String,
    pub name: Text,
    pub summary: Text,
    pub swatch: String,
    pub price: Fen,
    pub prepare: u32,
    pub active: u32,
    pub processing: u32,
    pub finish: u32,
    pub cleanup: u32,
    pub qualification: String,
    /// `None`: needs no room of its own.
    pub room_type: Option<String>,
    /// Device types, each of which has to be free.
    pub devices: Vec<String>,
    pub arrive_early: u32,
    pub precautions: Text,
    pub online: bool,
    pub needs_first: Option<NeedsFirst>,
    pub retired: bool,
    pub version: i32,
    pub steps: Vec<SopStep>,
    pub aftercare: Vec<Aftercare>,
}

#[derive(Clone, Debug)]
pub struct SopStep {
    pub id: StepId,
    pub phase: Phase,
    pub text: Text,
    pub mandatory: bool,
    pub minutes: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Aftercare {
    pub id: AftercareId,
    pub text: Text,
}

impl Catalog {
    /// Without a database, for tests of what is computed from it.
    #[cfg(test)]
    pub(crate) fn of(branch: Branch, people: Vec<Person>, rooms: Vec<Thing>, services: Vec<Service>) -> Self {
        Self {
            people_by_id: people.iter().enumerate().map(|(i, p)| (p.id, i)).collect(),
            rooms_by_id: rooms.iter().enumerate().map(|(i, r)| (r.id, i)).collect(),
            services_by_id: services.iter().enumerate().map(|(i, s)| (s.id, i)).collect(),
            loaded_at: DateTime::UNIX_EPOCH,
            branch,
            people,
            rooms,
            services,
            devices: Vec::new(),
            categories: Vec::new(),
        }
    }

    #[must_use]
    pub fn person(&self, id: StaffId) -> Option<&Person> {
        self.people_by_id.get(&id).map(|i| &self.people[*i])
    }

    #[must_use]
    pub fn room(&self, id: ResourceId) -> Option<&Thing> {
        self.rooms_by_id.get(&id).map(|i| &self.rooms[*i])
    }

    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services_by_id.get(&id).map(|i| &self.services[*i])
    }

    #[must_use]
    pub fn tz(&self) -> Tz {
        self.branch.tz
    }

    /// Those who may do the service on that day: bookable, skilled, certificate valid (CERT, BOOK-4). In the order of
    /// the rotation.
    pub fn qualified<'a>(&'a self, service: &'a Service, day: NaiveDate) -> impl Iterator<Item = &'a Person> {
        self.people.iter().filter(move |person| person.qualified(service, day))
    }

    /// The menu by category; services that only the desk may book when `online_only` is false.
    #[must_use]
    pub fn menu(&self, online_only: bool) -> Vec<Category> {
        let card = |s: &Service| s.card();
        self.categories
            .iter()
            .map(|category| Category {
                code: category.code.clone(),
                name: category.name.clone(),
                services: self
                    .services
                    .iter()
                    .filter(|s| s.category == category.code && !s.retired && (s.online || !online_only))
                    .map(card)
                    .collect(),
            })
            .filter(|category| !category.services.is_empty())
            .collect()
    }
}

impl Branch {
    /// When the branch is open on a day; may end after midnight. Empty: closed.
    #[must_use]
    pub fn open_on(&self, day: NaiveDate) -> IntervalSet {
        let hours =
            |(from, to): (i32, i32)| Interval::new(instant(self.tz, day, from), instant(self.tz, day, to));
        let parts = match self.special.get(&day_number(day)) {
            Some(None) => Vec::new(),
            Some(Some(own)) => hours(*own).into_iter().collect(),
            None => {
                let weekday = usize::from(domain::time::weekday(day));
                self.opening[weekday].iter().copied().filter_map(hours).collect()
            }
        };
        IntervalSet::from_intervals(parts)
    }

    /// The day it is for the branch.
    #[must_use]
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        date(day_of(self.tz, now))
    }

    /// The branch as the public sees it now.
    #[must_use]
    pub fn info(&self, now: DateTime<Utc>) -> BranchInfo {
        let today = self.today(now);
        let open = self.open_on(today);
        // After midnight the evening before may still be open.
        let open_now = [today, today - Duration::days(1)]
            .into_iter()
            .any(|day| self.open_on(day).intervals().iter().any(|i| i.from <= now && now < i.to));
        let open_today = open.intervals().first().zip(open.intervals().last());
        BranchInfo {
            id: self.id,
            slug: self.slug.clone(),
            kind: self.kind,
            brand: self.brand.clone(),
            name: self.name.clone(),
            address: self.address.clone(),
            phone: self.phone.clone(),
            open_today: open_today.map(|(a, b)| (local(self.tz, a.from), local(self.tz, b.to))),
            open_now,
            today,
            now: local(self.tz, now),
        }
    }
}

impl Person {
    /// Can be booked at all: has not left, takes customers.
    #[must_use]
    pub fn works_here(&self) -> bool {
        self.bookable && !self.left && !self.down
    }

    /// The certificate that allows this qualification on that day: the one valid longest (CERT).
    #[must_use]
    pub fn credential(&self, qualification: &str, day: NaiveDate) -> Option<&Credential> {
        self.credentials
            .iter()
            .filter(|c| c.qualification == qualification && c.from <= day && day <= c.to)
            .max_by_key(|c| c.to)
    }

    /// May do the service on that day.
    #[must_use]
    pub fn qualified(&self, service: &Service, day: NaiveDate) -> bool {
        self.works_here() && self.holds(&service.qualification, day)
    }

    /// Has learnt it, and the certificate for it is valid on that day.
    #[must_use]
    pub fn holds(&self, qualification: &str, day: NaiveDate) -> bool {
        self.skills.iter().any(|skill| skill == qualification)
            && self.credential(qualification, day).is_some()
    }
}

impl Thing {
    /// Can be used for the whole of that time.
    #[must_use]
    pub fn works(&self, time: &Interval) -> bool {
        self.active && !self.down.iter().any(|down| down.overlaps(time))
    }

    /// Can be used at this moment.
    #[must_use]
    pub fn works_at(&self, now: DateTime<Utc>) -> bool {
        self.active && !self.down.iter().any(|down| down.from <= now && now < down.to)
    }
}

impl Service {
    /// Minutes the customer spends: without room preparation and clean-up.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.active + self.processing + self.finish
    }

    /// Minutes the room is occupied.
    #[must_use]
    pub fn room_minutes(&self) -> u32 {
        self.prepare + self.minutes() + self.cleanup
    }

    #[must_use]
    pub fn card(&self) -> ServiceCard {
        ServiceCard {
            id: self.id,
            category: self.category.clone(),
            name: self.name.clone(),
            summary: self.summary.clone(),
            minutes: self.minutes(),
            price: self.price,
            swatch: self.swatch.clone(),
            needs_first: self.needs_first,
            online: self.online,
        }
    }
}

/// A catalogue as it is for this connection: within a transaction, with what that has changed.
pub(crate) async fn read<C: sea_orm::ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
    branch: BranchId,
) -> Result<Catalog> {
    load::catalog(db, now, branch).await?.ok_or(Error::NotFound)
}

/// All branches, and when they were read.
type Branches = (DateTime<Utc>, Arc<Vec<Branch>>);

/// Catalogues in memory. A change that happens while one is being read is not missed: what was read then is used once
/// and not kept.
#[derive(Default)]
pub(crate) struct Cache {
    catalogs: RwLock<HashMap<BranchId, Arc<Catalog>>>,
    branches: RwLock<Option<Branches>>,
    generation: AtomicU64,
    /// One reads, the others wait for what was read.
    loading: tokio::sync::Mutex<()>,
}

impl Cache {
    pub(crate) async fn catalog(&self, store: &Store, branch: BranchId) -> Result<Arc<Catalog>> {
        if let Some(known) = self.known(store, branch) {
            return Ok(known);
        }
        let _one = self.loading.lock().await;
        if let Some(known) = self.known(store, branch) {
            return Ok(known);
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let catalog = Arc::new(load::catalog(store.db(), store.now(), branch).await?.ok_or(Error::NotFound)?);
        if generation == self.generation.load(Ordering::SeqCst)
            && let Ok(mut catalogs) = self.catalogs.write()
        {
            catalogs.insert(branch, catalog.clone());
        }
        Ok(catalog)
    }

    fn known(&self, store: &Store, branch: BranchId) -> Option<Arc<Catalog>> {
        let known = self.catalogs.read().ok()?.get(&branch)?.clone();
        fresh(store, known.loaded_at).then_some(known)
    }

    /// All branches in their order.
    pub(crate) async fn branches(&self, store: &Store) -> Result<Arc<Vec<Branch>>> {
        let known = self.branches.read().ok().and_then(|known| known.clone());
        if let Some((loaded_at, branches)) = known
            && fresh(store, loaded_at)
        {
            return Ok(branches);
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let branches = Arc::new(load::branches(store.db(), store.now(), None).await?);
        if generation == self.generation.load(Ordering::SeqCst)
            && let Ok(mut known) = self.branches.write()
        {
            *known = Some((store.now(), branches.clone()));
        }
        Ok(branches)
    }

    pub(crate) fn age(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    pub(crate) fn forget(&self, branch: BranchId) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        if let Ok(mut catalogs) = self.catalogs.write() {
            catalogs.remove(&branch);
        }
        if let Ok(mut branches) = self.branches.write() {
            *branches = None;
        }
    }

    pub(crate) fn forget_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        if let Ok(mut catalogs) = self.catalogs.write() {
            catalogs.clear();
        }
        if let Ok(mut branches) = self.branches.write() {
            *branches = None;
        }
    }
}

fn fresh(store: &Store, loaded_at: DateTime<Utc>) -> bool {
    let age = store.now() - loaded_at;
    Duration::zero() <= age && age < MAX_AGE
}
