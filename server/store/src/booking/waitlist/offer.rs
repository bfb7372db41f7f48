//! The job: what lapsed goes on to the next, what is free is offered to the first whom it suits.

use super::{
    super::{
        busy::Busy,
        messages::params,
        plan::Request,
        reserve::{Found, Race},
        write::{Origin, Rows, event as booking_event},
    },
    COLUMNS, Entry,
    answer::give_back,
    event,
    list::person_of,
};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    notify::{self, Message},
    sql,
    sql::vals,
    time::{date, day_number, local_ms, ms},
    tx::{Lock, again},
};
use chrono::{Duration, NaiveDate};
use domain::{
    Actor, CustomerId, StaffId,
    booking::{
        BookingState,
        slots::Blocks,
        waitlist::{DayParts, Free, WaitMove, Wish},
    },
    notify::{Channel, Template},
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// How many entries are read at once.
const AT_ONCE: usize = 100;
/// How many rows one look reads about those entries.
const ABOUT_THEM: i64 = 5000;
/// How long somebody may take to prove the phone.
const TO_PROVE: Duration = Duration::days(1);
/// The branch's line, as the key of a lock.
const LINE: i32 = -10;

/// Job: lapses offers that were not answered, ends entries whose days are over, offers what is free (BOOK-10). Gives how
/// many entries it has touched.
///
/// # Errors
/// The database's.
pub async fn tend(cx: &OpContext) -> Result<u64> {
    let mut done = lapse(cx).await?;
    for branch in cx.store.cache.branches(&cx.store).await?.iter() {
        let catalog = cx.store.catalog(branch.id).await?;
        done += run_out(cx, &catalog).await?;
        done += offer(cx, &catalog).await?;
    }
    Ok(done)
}

/// An id.
#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

async fn lapse(cx: &OpContext) -> Result<u64> {
    let sql = "SELECT id FROM waitlist WHERE state = 'offered' AND offered_until <= $1 ORDER BY offered_until LIMIT $2";
    let mut done = 0;
    for late in sql::all::<Id, _>(cx.db(), sql, vals![ms(cx.now()), AT_ONCE as i64]).await? {
        match again!(lapse_once(cx, late.id)) {
            Ok(lapsed) => done += u64::from(lapsed),
            // Answered in the last moment.
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn lapse_once(cx: &OpContext, id: Uuid) -> Result<bool> {
    let tx = cx.begin().await?;
    let mut entry = Entry::by_id(&tx, id).await?;
    if entry.state != "offered" || !entry.is_late(tx.now_ms()) {
        tx.commit().await?;
        return Ok(false);
    }
    let time = give_back(&tx, &Actor::System, entry.booking_id).await?;
    let misses = u32::try_from(entry.misses).unwrap_or(0);
    let set = "booking_id = NULL, offered_until = NULL, misses = misses + 1";
    entry.step(&tx, WaitMove::Lapse { misses }, set, vals![]).await?;
    event(&tx, &Actor::System, id, "lapsed", time);
    entry.tell(&tx);
    tx.commit().await?;
    Ok(true)
}

/// Nobody waits for days that are over, nor for a phone that was not proved.
async fn run_out(cx: &OpContext, catalog: &Catalog) -> Result<u64> {
    let today = day_number(catalog.branch.today(cx.now()));
    let sql = "SELECT id FROM waitlist WHERE branch_id = $1 AND ((state IN ('asked', 'waiting') AND last_day < $2) \
               OR (state = 'asked' AND queued_at < $3)) LIMIT $4";
    let values = vals![catalog.branch.id.0, today, ms(cx.now() - TO_PROVE), AT_ONCE as i64];
    let mut done = 0;
    for over in sql::all::<Id, _>(cx.db(), sql, values).await? {
        let tx = cx.begin().await?;
        let mut entry = Entry::by_id(&tx, over.id).await?;
        let set = "contact_name = NULL, contact_phone = NULL";
        match entry.step(&tx, WaitMove::RunOut, set, vals![]).await {
            Ok(()) => {}
            // Another process was faster.
            Err(Error::Refused(_)) => continue,
            Err(error) => return Err(error),
        }
        event(&tx, &Actor::System, over.id, "expired", None);
        entry.tell(&tx);
        tx.commit().await?;
        done += 1;
    }
    Ok(done)
}

/// Offers what is free in a branch, in the order of the line.
async fn offer(cx: &OpContext, catalog: &Catalog) -> Result<u64> {
    let mut done = 0;
    let mut after = (i64::MIN, Uuid::nil());
    loop {
        let sql = format!(
            "SELECT {COLUMNS} FROM waitlist WHERE branch_id = $1 AND state = 'waiting' \
             AND (queued_at > $2 OR (queued_at = $2 AND id > $3)) ORDER BY queued_at, id LIMIT $4"
        );
        let values = vals![catalog.branch.id.0, after.0, after.1, AT_ONCE as i64];
        let entries: Vec<Entry> = sql::all(cx.db(), &sql, values).await?;
        let Some(last) = entries.last() else { return Ok(done) };
        after = (last.queued_at, last.id);
        let more = entries.len() == AT_ONCE;
        let mut known = Known::read(cx, &entries).await?;
        let mut free = FreeTimes::new(cx, catalog, &entries);
        for entry in &entries {
            // Somebody else is at this line: whoever it is goes on with it.
            let Some(offered) = offer_to(cx, catalog, entry, &mut known, &mut free).await? else {
                return Ok(done);
            };
            done += u64::from(offered);
        }
        if !more {
            return Ok(done);
        }
    }
}

/// What the entries were offered before, and what their customers have on.
struct Known {
    passed: HashMap<Uuid, Vec<(i64, i64)>>,
    /// By customer; `None`: is being offered something, one at a time.
    booked: HashMap<Uuid, Option<Vec<(i64, i64)>>>,
}

#[derive(FromQueryResult)]
struct Span {
    id: Uuid,
    from_ms: i64,
    to_ms: i64,
    held: i32,
}

impl Known {
    async fn read(cx: &OpContext, entries: &[Entry]) -> Result<Self> {
        let mut passed: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
        let mut ids = Vec::new();
        let list = sql::list(&mut ids, entries.iter().map(|e| e.id));
        let sql = format!(
            "SELECT waitlist_id AS id, from_ms, to_ms, 0 AS held FROM waitlist_event \
             WHERE waitlist_id IN ({list}) AND kind = 'offered' LIMIT {ABOUT_THEM}"
        );
        for span in sql::all::<Span, _>(cx.db(), &sql, ids).await? {
            passed.entry(span.id).or_default().push((span.from_ms, span.to_ms));
        }
        let mut booked: HashMap<Uuid, Option<Vec<(i64, i64)>>> = HashMap::new();
        let now = ms(cx.now());
        let mut values = vals![now - crate::time::DAY_MS, now];
        let list = sql::list(&mut values, entries.iter().filter_map(|e| e.customer_id));
        let sql = format!(
            "SELECT customer_id AS id, from_ms, to_ms, CASE WHEN state = 'held' THEN 1 ELSE 0 END AS held FROM booking \
             WHERE customer_id IN ({list}) AND from_ms > $1 AND (state IN ('booked', 'confirmed') \
             OR (state = 'held' AND held_until > $2)) LIMIT {ABOUT_THEM}"
        );
        for span in sql::all::<Span, _>(cx.db(), &sql, values).await? {
            let times = booked.entry(span.id).or_insert_with(|| Some(Vec::new()));
            match times {
                _ if span.held == 1 => *times = None,
                Some(times) => times.push((span.from_ms, span.to_ms)),
                None => {}
            }
        }
        Ok(Self { passed, booked })
    }

    /// `None`: is being offered something.
    fn wish(&self, entry: &Entry) -> Option<Wish> {
        let mut passed = self.passed.get(&entry.id).cloned().unwrap_or_default();
        match entry.customer_id.and_then(|id| self.booked.get(&id)) {
            Some(None) => return None,
            Some(Some(times)) => passed.extend(times),
            None => {}
        }
        let (first, last) = entry.days();
        Some(Wish { first, last, parts: DayParts::from_bits(entry.parts), passed })
    }
}

/// Same services, same person: the same question.
type Asked = (String, Option<StaffId>);

/// The free times of a branch, asked for each day and kind of wish once. What is taken is read once for each list of
/// services and read anew after an offer.
struct FreeTimes<'a> {
    cx: &'a OpContext,
    catalog: &'a Catalog,
    first: NaiveDate,
    last: NaiveDate,
    busy: HashMap<String, Busy>,
    days: HashMap<(Asked, NaiveDate), Vec<Free>>,
}

impl<'a> FreeTimes<'a> {
    fn new(cx: &'a OpContext, catalog: &'a Catalog, entries: &[Entry]) -> Self {
        let today = catalog.branch.today(cx.now());
        let horizon = catalog.branch.today(catalog.branch.policy.latest(cx.now()));
        let last = entries.iter().map(|e| date(e.last_day)).max().unwrap_or(today);
        Self {
            cx,
            catalog,
            first: today,
            last: last.min(horizon),
            busy: HashMap::new(),
            days: HashMap::new(),
        }
    }

    fn forget(&mut self) {
        self.busy.clear();
        self.days.clear();
    }

    /// The first time that would do for this entry and may be offered now.
    async fn first_match(
        &mut self,
        entry: &Entry,
        request: &Request<'_>,
        wish: &Wish,
    ) -> Result<Option<Free>> {
        if !self.busy.contains_key(&entry.services) {
            let busy = request.with_who(None).busy(self.cx, self.first, self.last).await?;
            self.busy.insert(entry.services.clone(), busy);
        }
        let Some(busy) = self.busy.get(&entry.services) else { return Ok(None) };
        let length = i64::from(request.blocks.iter().map(Blocks::customer).sum::<u32>()) * 60_000;
        let (tz, policy) = (self.catalog.tz(), &self.catalog.branch.policy);
        let now = local_ms(tz, ms(self.cx.now())).wall;
        // The evening of the day before may run past midnight.
        let first = wish.first.max(self.first - Duration::days(1));
        for day in first.iter_days().take_while(|day| *day <= wish.last.min(self.last)) {
            let asked = ((entry.services.clone(), entry.who()), day);
            let free = self.days.entry(asked).or_insert_with(|| {
                let slots = request.ask(day, busy, |search| search.slots());
                (slots.into_iter().filter(|slot| slot.free))
                    .map(|slot| Free { day, at: local_ms(tz, slot.at), to: slot.at + length })
                    .collect()
            });
            let allowed = free.iter().filter(|free| policy.may_offer(now, free.at.wall));
            if let Some(found) = wish.first_match(allowed) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Whether something was offered; `None` when somebody else is at this line.
async fn offer_to(
    cx: &OpContext,
    catalog: &Catalog,
    entry: &Entry,
    known: &mut Known,
    free: &mut FreeTimes<'_>,
) -> Result<Option<bool>> {
    let (Some(customer), Some(wish)) = (entry.customer_id, known.wish(entry)) else { return Ok(Some(false)) };
    // What was waited for may be off the menu.
    let Ok(request) = entry.request(cx, catalog) else { return Ok(Some(false)) };
    let Some(found) = free.first_match(entry, &request, &wish).await? else { return Ok(Some(false)) };
    let mut race = Race::begin(cx, &request, found.at.millis()).await;
    loop {
        let answer = match race.look(cx).await {
            Ok(arranged) => offer_once(cx, &race, arranged, entry).await,
            Err(error) => Err(error),
        };
        match race.judge(cx, answer).await {
            Ok(None) => {}
            Ok(Some(offered)) => {
                known.booked.insert(customer, None);
                free.forget();
                return Ok(offered.then_some(true));
            }
            // Gone meanwhile: the next look tells what is left.
            Err(Error::Refused(_)) => {
                free.forget();
                return Ok(Some(false));
            }
            Err(error) => return Err(error),
        }
    }
}

/// `false`: the entry is not what it was.
async fn offer_once(cx: &OpContext, race: &Race<'_>, found: Found, entry: &Entry) -> Result<bool> {
    let catalog = race.request.catalog;
    let tx = cx.begin().await?;
    // Only this job takes the line's lock, and takes it first: nobody waits in a circle.
    tx.lock([Lock::new(catalog.branch.id.0, LINE)]).await?;
    let mut entry = match Entry::by_id(&tx, entry.id).await? {
        now if now.version == entry.version => now,
        _ => return Ok(false),
    };
    let Some(customer) = entry.customer_id else { return Ok(false) };
    let arrangement = race.enter(&tx, found).await?;
    let until = ms(tx.now() + Duration::minutes(i64::from(catalog.branch.policy.offer))).min(race.at);
    let origin = Origin {
        state: BookingState::Held,
        channel: "waitlist",
        customer: Some(CustomerId(customer)),
        held_until: Some(until),
        key: None,
        checkin_code: String::new(),
        fixed: None,
    };
    let rows = Rows::new(race.request, &arrangement, origin);
    rows.insert(&tx, &arrangement);
    booking_event(&tx, &Actor::System, rows.booking.id, "held", None, None);
    let set = "booking_id = $5, offered_until = $6";
    entry.step(&tx, WaitMove::Offer, set, vals![rows.booking.id, until]).await?;
    let time = (rows.booking.from_ms, rows.booking.to_ms);
    event(&tx, &Actor::System, entry.id, "offered", Some(time));
    if let Some((name, phone, lang)) = person_of(&tx, customer).await? {
        let mut params = params(catalog, &rows, &name);
        params.until = Some(local_ms(catalog.tz(), until));
        params.link = Some(format!("/w/{}", entry.token));
        let message = Message {
            channel: Channel::Sms,
            recipient: phone,
            template: Template::WaitOffer,
            lang,
            params: serde_json::to_string(&params)?,
            key: format!("wait:{}:offer:{}", entry.id, rows.booking.id),
            due: tx.now(),
            customer: Some(CustomerId(customer)),
            booking: Some(rows.id()),
            branch: Some(catalog.branch.id),
        };
        notify::queue(&tx, message);
    }
    entry.tell(&tx);
    tx.commit().await?;
    Ok(true)
}
