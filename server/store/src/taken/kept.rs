//! What is taken, kept in memory: free times are asked for far more often than they change, and most of what such a
//! question costs is carrying rows out of the database.
//!
//! Kept by resource and UTC day. What is taken in this process is added before its verb answers. Any other change drops
//! that day of the resource: in the process that made it before its verb answers, in others as soon as they hear of it;
//! should that be lost, after [`LIFE`]. While other processes are not heard, nothing is taken from here. Whoever books
//! does not rely on it: the database has the last word, and nobody is refused without a look at the tables.

use super::Taken;
use crate::{Result, Store, sql, time::DAY_MS};
use domain::booking::slots::Span;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long a day is kept when nobody says that it has changed.
const LIFE: Duration = Duration::from_secs(10);
/// Lines in which those wait who would read the same.
const LINES: usize = 16;
/// How often it is tried to answer from memory while resources change all the time.
const TRIES: usize = 3;

/// Something is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub span: Span,
    /// When the hold runs out that takes it; `i64::MAX` for what is no hold.
    pub until: i64,
}

/// What is known of the days of each resource.
#[derive(Default)]
pub(crate) struct Kept {
    known: RwLock<Known>,
    /// One reads, the others wait for what was read.
    loading: [tokio::sync::Mutex<()>; LINES],
}

#[derive(Default)]
struct Known {
    resources: HashMap<Uuid, BTreeMap<i64, Day>>,
    /// Counts what was forgotten; what was read before it is not kept.
    age: u64,
    /// The age at which a day was forgotten last, and when that was.
    forgotten: HashMap<Taken, (u64, Instant)>,
    /// The age at which everything was, or may have been.
    all_forgotten: u64,
    swept: Option<Instant>,
}

/// What begins on one UTC day, sorted.
struct Day {
    read: Instant,
    marks: Vec<Mark>,
}

/// UTC days, both included, in which something may begin that reaches into a window: nothing is taken for longer than a
/// day.
#[derive(Clone, Copy)]
struct Days {
    first: i64,
    last: i64,
}

impl Days {
    fn of(window: Span) -> Self {
        Self { first: (window.from - DAY_MS).div_euclid(DAY_MS), last: (window.to - 1).div_euclid(DAY_MS) }
    }

    fn span(self) -> Span {
        Span { from: self.first * DAY_MS, to: (self.last + 1) * DAY_MS }
    }

    fn each(self) -> RangeInclusive<i64> {
        self.first..=self.last
    }
}

/// What is taken of a resource within a window, in the order of time.
pub(crate) struct Marks<'a, 'k> {
    days: &'a mut dyn Iterator<Item = &'k [Mark]>,
    window: Span,
}

impl Marks<'_, '_> {
    pub fn each(self, mut take: impl FnMut(&Mark)) {
        for day in self.days {
            let end = day.partition_point(|mark| mark.span.from < self.window.to);
            for mark in day[..end].iter().filter(|mark| mark.span.to > self.window.from) {
                take(mark);
            }
        }
    }
}

/// What was read just now, sorted.
type Read = HashMap<Taken, Vec<Mark>>;

impl Kept {
    /// Calls `each` once for every resource with what is taken of it within `window`, in the order of time. `false` when it
    /// cannot be told from memory.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(
        &self,
        store: &Store,
        resources: &[Uuid],
        window: Span,
        mut each: impl FnMut(Uuid, Marks<'_, '_>),
    ) -> Result<bool> {
        let days = Days::of(window);
        let Some(line) = resources.first().map(|id| id.as_u128() as usize % LINES) else { return Ok(true) };
        let mut read = Read::new();
        for _ in 0..TRIES {
            if !store.live().hears() {
                return Ok(false);
            }
            {
                let known = self.read();
                if known.missing(resources, days, &read).is_none() {
                    for id in resources {
                        let mut days = known.marks(*id, days, &read);
                        each(*id, Marks { days: &mut days, window });
                    }
                    return Ok(true);
                }
            }
            let _one = self.loading[line].lock().await;
            let (age, missing) = {
                let known = self.read();
                (known.age, known.missing(resources, days, &read))
            };
            if let Some((missing, days)) = missing {
                let rows = load(store.db(), &missing, days).await?;
                self.write().keep(age, &rows);
                read.extend(rows);
            }
        }
        Ok(false)
    }

    /// These have changed.
    pub fn forget(&self, taken: impl IntoIterator<Item = Taken>) {
        self.change(taken, []);
    }

    /// `gone` have changed; then something `more` is taken, or for another time than it was. Who has been reading since
    /// before that keeps nothing of them.
    pub fn change(
        &self,
        gone: impl IntoIterator<Item = Taken>,
        more: impl IntoIterator<Item = (Uuid, Mark)>,
    ) {
        let mut known = self.write();
        known.age += 1;
        let at = (known.age, Instant::now());
        for taken in gone {
            if let Some(days) = known.resources.get_mut(&taken.resource) {
                days.remove(&taken.day);
            }
            known.forgotten.insert(taken, at);
        }
        for (resource, mark) in more {
            let taken = Taken::new(resource, mark.span.from);
            if let Some(day) = known.resources.get_mut(&resource).and_then(|days| days.get_mut(&taken.day)) {
                day.add(mark);
            }
            known.forgotten.insert(taken, at);
        }
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        let mut known = self.write();
        known.age += 1;
        *known = Known { age: known.age, all_forgotten: known.age, ..Known::default() };
    }

    fn read(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Of whom a day is not known, or not fresh any more; and all days that are missing of any of them.
    fn missing(&self, resources: &[Uuid], days: Days, read: &Read) -> Option<(Vec<Uuid>, Days)> {
        let now = Instant::now();
        let wanted = usize::try_from(days.last - days.first + 1).unwrap_or(0);
        let mut all: Option<(Vec<Uuid>, Days)> = None;
        for id in resources {
            let known = self.resources.get(id);
            let fresh = |day: &i64| known.and_then(|k| k.get(day)).is_some_and(|day| day.is_fresh(now));
            let kept = known.map_or(0, |k| k.range(days.each()).filter(|(_, d)| d.is_fresh(now)).count());
            if kept == wanted {
                continue;
            }
            let mut open = days
                .each()
                .filter(|day| !read.contains_key(&Taken { resource: *id, day: *day }) && !fresh(day));
            let Some(first) = open.next() else { continue };
            let last = open.next_back().unwrap_or(first);
            let (ids, span) = all.get_or_insert_with(|| (Vec::new(), Days { first, last }));
            ids.push(*id);
            *span = Days { first: span.first.min(first), last: span.last.max(last) };
        }
        all
    }

    /// Day by day, each in the order of time.
    fn marks<'a>(&'a self, id: Uuid, days: Days, read: &'a Read) -> impl Iterator<Item = &'a [Mark]> {
        let known = self.resources.get(&id);
        let day = move |day| match read.get(&Taken { resource: id, day }) {
            Some(marks) => &marks[..],
            None => known.and_then(|known| known.get(&day)).map_or(&[][..], |day| &day.marks[..]),
        };
        // Looking up each day takes longer than walking along them.
        let (kept, mixed) = match read.is_empty() {
            true => (known.map(|known| known.range(days.each())), None),
            false => (None, Some(days.each().map(day))),
        };
        let kept = kept.into_iter().flatten().map(|(_, day)| &day.marks[..]);
        kept.chain(mixed.into_iter().flatten())
    }

    /// Keeps what was read at `age`, but for what has changed since.
    fn keep(&mut self, age: u64, rows: &Read) {
        let now = Instant::now();
        if self.swept.is_none_or(|swept| now.duration_since(swept) >= LIFE) {
            self.sweep(now);
        }
        if self.all_forgotten > age {
            return;
        }
        for (taken, marks) in rows {
            if self.forgotten.get(taken).is_none_or(|(forgotten, _)| *forgotten <= age) {
                let day = Day { read: now, marks: marks.clone() };
                self.resources.entry(taken.resource).or_default().insert(taken.day, day);
            }
        }
    }

    /// Drops what is of no use any more.
    fn sweep(&mut self, now: Instant) {
        self.swept = Some(now);
        for known in self.resources.values_mut() {
            known.retain(|_, day| day.is_fresh(now));
        }
        self.resources.retain(|_, known| !known.is_empty());
        // Whoever has been reading since before that is too late to have it kept.
        let old = |at: &Instant| now.saturating_duration_since(*at) >= LIFE;
        let ages = self.forgotten.values().filter(|(_, at)| old(at)).map(|(age, _)| *age);
        self.all_forgotten = ages.max().unwrap_or(0).max(self.all_forgotten);
        self.forgotten.retain(|_, (_, at)| !old(at));
    }
}

impl Day {
    /// What is there already may be taken for longer now.
    fn add(&mut self, mark: Mark) {
        let at = self.marks.partition_point(|known| known.span < mark.span);
        match self.marks.get_mut(at).filter(|known| known.span == mark.span) {
            Some(known) => known.until = mark.until,
            None => self.marks.insert(at, mark),
        }
    }

    fn is_fresh(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.read) < LIFE
    }
}

/// Everything of `resources` that begins on these days; one statement. Those of which nothing is taken are there, too.
async fn load(db: &DatabaseConnection, resources: &[Uuid], days: Days) -> Result<Read> {
    let (sql, values) = question(resources, days.span());
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    let each = |resource: &Uuid| {
        let resource = *resource;
        days.each().map(move |day| (Taken { resource, day }, Vec::new()))
    };
    let mut read: Read = resources.iter().flat_map(each).collect();
    for row in rows {
        let Some(span) = Span::new(row.try_get_by_index(1)?, row.try_get_by_index(2)?) else { continue };
        let until = row.try_get_by_index::<Option<i64>>(3)?.unwrap_or(i64::MAX);
        if let Some(marks) = read.get_mut(&Taken::new(row.try_get_by_index(0)?, span.from)) {
            marks.push(Mark { span, until });
        }
    }
    for marks in read.values_mut() {
        marks.sort_unstable();
    }
    Ok(read)
}

/// The one statement.
fn question(resources: &[Uuid], span: Span) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![span.from.into(), span.to.into()];
    let list = sql::list(&mut values, resources.iter().copied());
    let sql = format!(
        "SELECT a.resource_id, a.from_ms, a.to_ms, b.held_until FROM allocation a \
         LEFT JOIN booking_item i ON i.id = a.booking_item_id \
         LEFT JOIN booking b ON b.id = i.booking_id AND b.state = 'held' \
         WHERE a.resource_id IN ({list}) AND a.from_ms >= $1 AND a.from_ms < $2 AND a.active"
    );
    (sql, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OpContext, booking, both_databases, testing::fixture};
    use domain::booking::{Hold, SlotSearch};

    const DAY: i64 = 20_000;
    const DAYS: Days = Days { first: DAY, last: DAY + 1 };

    fn mark(from: i64, to: i64) -> Mark {
        Mark { span: Span { from: DAY * DAY_MS + from, to: DAY * DAY_MS + to }, until: i64::MAX }
    }

    fn known_of(known: &Known, id: Uuid) -> Vec<Mark> {
        known.marks(id, DAYS, &Read::new()).flatten().copied().collect()
    }

    #[test]
    fn days_of_a_window_begin_a_day_before_it() {
        let days = Days::of(Span { from: DAY * DAY_MS, to: (DAY + 1) * DAY_MS });
        assert_eq!((days.first, days.last), (DAY - 1, DAY));
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept() {
        let (changed, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let kept = Kept::default();
        let age = kept.read().age;
        let of = |resource, day| Taken { resource, day };
        let rows = Read::from([
            (of(changed, DAY), vec![mark(0, 5)]),
            (of(changed, DAY + 1), vec![]),
            (of(other, DAY), vec![mark(1, 2)]),
            (of(other, DAY + 1), vec![mark(DAY_MS, DAY_MS + 1)]),
        ]);
        let missing = |kept: &Kept, read: &Read| {
            let missing = kept.read().missing(&[changed, other], DAYS, read);
            missing.map(|(ids, days)| (ids, days.each()))
        };
        // The change comes while the rows are on their way.
        kept.forget([of(changed, DAY)]);
        kept.write().keep(age, &rows);
        assert_eq!(missing(&kept, &Read::new()), Some((vec![changed], DAY..=DAY)));
        assert_eq!(known_of(&kept.read(), other), [mark(1, 2), mark(DAY_MS, DAY_MS + 1)]);
        // Who has read it answers with that.
        assert_eq!(missing(&kept, &rows), None);
        assert_eq!(
            kept.read().marks(changed, DAYS, &rows).flatten().copied().collect::<Vec<_>>(),
            [mark(0, 5)]
        );
        let age = kept.read().age;
        kept.forget_all();
        kept.write().keep(age, &rows);
        assert_eq!(missing(&kept, &Read::new()), Some((vec![changed, other], DAY..=DAY + 1)));
    }

    #[test]
    fn what_is_taken_here_is_known_at_once() {
        let (known, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let kept = Kept::default();
        let age = kept.read().age;
        let day = |resource| Taken { resource, day: DAY };
        kept.write().keep(age, &Read::from([(day(known), vec![mark(0, 5), mark(9, 12)])]));
        kept.change([], [(known, mark(5, 7)), (other, mark(5, 7))]);
        assert_eq!(known_of(&kept.read(), known), [mark(0, 5), mark(5, 7), mark(9, 12)]);
        // Of a day that is not known nothing else is known either.
        assert!(kept.read().missing(&[other], DAYS, &Read::new()).is_some());
        // Who has read before that would take it out again.
        kept.write().keep(age, &Read::from([(day(known), vec![mark(0, 5), mark(9, 12)])]));
        assert_eq!(known_of(&kept.read(), known), [mark(0, 5), mark(5, 7), mark(9, 12)]);
        // A hold that became a booking, told of again by who has read it since.
        let held = Mark { until: 3, ..mark(20, 25) };
        kept.change([], [(known, held)]);
        kept.change([], [(known, mark(20, 25))]);
        assert_eq!(known_of(&kept.read(), known).last(), Some(&mark(20, 25)));
        assert_eq!(known_of(&kept.read(), known).len(), 4);
    }

    #[test]
    fn who_reads_for_too_long_has_nothing_kept() {
        let kept = Kept::default();
        let (taken, age) = (Taken { resource: Uuid::from_u128(1), day: DAY }, kept.read().age);
        kept.forget([taken]);
        kept.write().sweep(Instant::now() + LIFE);
        assert!(kept.read().forgotten.is_empty());
        kept.write().keep(age, &Read::from([(taken, vec![mark(0, 5)])]));
        assert!(kept.read().resources.is_empty());
    }

    /// Times that may be held with 林 on the day after tomorrow.
    async fn free(cx: &OpContext) -> Vec<i64> {
        let day = fixture::now().date_naive() + chrono::Duration::days(2);
        let search = SlotSearch {
            branch: "jingan".into(),
            services: vec![fixture::HYDRATE],
            who: Some(fixture::LIN),
            day: Some(day),
            moving: None,
        };
        booking::free_times(cx, search, 1).await.unwrap().remove(0).free
    }

    fn hold(at: i64) -> Hold {
        Hold {
            branch: "jingan".into(),
            services: vec![fixture::HYDRATE],
            who: Some(fixture::LIN),
            at: crate::time::at(at),
            key: format!("kept-{at}"),
        }
    }

    both_databases! {
        async fn a_time_held_is_gone_at_once_and_back_when_the_hold_runs_out(h: Harness) {
            let all = free(&h.stranger()).await;
            booking::hold(&h.stranger(), hold(all[0])).await.unwrap();
            assert!(!free(&h.stranger()).await.contains(&all[0]));
            // Nothing says that it has run out: what is kept knows until when it was held.
            h.advance(chrono::Duration::minutes(6));
            assert_eq!(free(&h.stranger()).await, all);
        }

        async fn another_process_hears_of_it(h: Harness) {
            // A SQLite file is served by one process.
            if h.store.backend() != sea_orm::DbBackend::Postgres {
                return;
            }
            let other = h.second().await;
            h.store.live().listening().await;
            other.live().listening().await;
            let there = OpContext { store: other, ..h.stranger() };
            let all = free(&there).await;
            booking::hold(&h.stranger(), hold(all[0])).await.unwrap();
            // Far below `LIFE`, after which it would be read anew anyway.
            let asked = Instant::now();
            while free(&there).await.contains(&all[0]) {
                assert!(asked.elapsed() < LIFE / 2, "it was not heard");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}
