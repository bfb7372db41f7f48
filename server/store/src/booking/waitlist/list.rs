//! The waitlist as its customers and the desk see it.

use super::{
    super::plan::{For, Request, learnt},
    COLUMNS, Entry, seconds,
};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    entity::{booking, booking_item, customer},
    sql,
    sql::vals,
    time::local_ms,
};
use chrono::Duration;
use domain::{
    BranchId, Fen, Lang, Page, StaffId, Text,
    booking::{
        SlotSearch,
        waitlist::{DayParts, WaitEvent, WaitLine, WaitOffer, WaitPage, WaitState, WaitView},
    },
    permission::{Action, Scope},
    phone::mask,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

const PAGE: usize = 20;
/// Most lines of history shown of one page.
const HISTORY: i64 = 1000;

/// Name, phone and language of a customer; `None` without a number.
pub(super) async fn person_of<C: ConnectionTrait>(
    db: &C,
    id: Uuid,
) -> Result<Option<(String, String, Lang)>> {
    let customer = customer::Entity::find_by_id(id).one(db).await?;
    Ok(customer.and_then(|c| {
        let lang = Lang::from_tag(&c.lang);
        c.phone.map(|phone| (c.name, phone, lang))
    }))
}

/// What is asked of who wants to wait, after what was chosen on the booking page.
///
/// # Errors
/// `NotFound`, `NotOnline`, `NeedsFirst`; the fields `services` and `who`.
pub async fn page(cx: &OpContext, search: SlotSearch) -> Result<WaitPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(&search.branch).await?;
    let request = Request::new(&catalog, &search.services, search.who, cx.now(), For::Customer)?;
    let today = catalog.branch.today(cx.now());
    let horizon = request.last_day();
    let first = search.day.unwrap_or(today).clamp(today, horizon);
    let ids: Vec<String> = search.services.iter().map(ToString::to_string).collect();
    let everyone = request.with_who(None);
    Ok(WaitPage {
        branch: catalog.branch.info(cx.now()),
        services: ids.join(","),
        names: request.services.iter().map(|s| s.name.clone()).collect(),
        who: search.who,
        people: (everyone.people())
            .filter(|p| everyone.services.iter().any(|s| learnt(p, s)))
            .map(|p| (p.id, p.name.clone()))
            .collect(),
        first,
        last: (first + Duration::days(if search.day.is_some() { 0 } else { 6 })).min(horizon),
        horizon,
        known: cx.actor.customer().is_some(),
    })
}

/// An entry by its link.
///
/// # Errors
/// `NotFound`.
pub async fn view(cx: &OpContext, link: &str) -> Result<WaitView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let entry = Entry::by_token(cx.db(), link).await?;
    let catalog = cx.store.catalog(BranchId(entry.branch_id)).await?;
    view_of(cx, &catalog, entry).await
}

pub(super) async fn view_of(cx: &OpContext, catalog: &Catalog, entry: Entry) -> Result<WaitView> {
    let about = About::read(cx, std::slice::from_ref(&entry)).await?;
    let accepted = entry.state()? == WaitState::Accepted;
    let booking = entry.booking_id.filter(|_| accepted).and_then(|id| about.bookings.get(&id));
    Ok(WaitView {
        branch: catalog.branch.info(cx.now()),
        line: about.line(cx, catalog, &entry)?,
        booking: booking.map(|(b, _)| b.token.clone()),
        services: entry.services.clone(),
        who: entry.who().map(|who| who.to_string()).unwrap_or_default(),
    })
}

/// The signed-in customer's entries that something may still come of, newest first; few by nature, at most a page.
///
/// # Errors
/// `SignedOut`, `Forbidden` for staff.
pub async fn mine(cx: &OpContext) -> Result<Vec<WaitLine>> {
    let me = cx.actor.customer();
    cx.allow(Action::SeeOwnBookings, &me.map_or_else(Scope::none, Scope::customer))?;
    let me = me.ok_or(Error::Forbidden)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM waitlist WHERE customer_id = $1 AND state IN ('waiting', 'offered') \
         ORDER BY queued_at DESC, id DESC LIMIT {PAGE}"
    );
    let entries: Vec<Entry> = sql::all(cx.db(), &sql, vals![me.0]).await?;
    let about = About::read(cx, &entries).await?;
    let mut lines = Vec::with_capacity(entries.len());
    for entry in &entries {
        // From the cache of catalogues.
        let catalog = cx.store.catalog(BranchId(entry.branch_id)).await?;
        lines.push(about.line(cx, &catalog, entry)?);
    }
    Ok(lines)
}

/// The branch's waitlist: who waits, in the order of the line, or what has been, newest first.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for a cursor that is none.
pub async fn list(
    cx: &OpContext,
    branch: BranchId,
    past: bool,
    cursor: Option<String>,
) -> Result<Page<WaitLine>> {
    cx.allow(Action::AddWalkIn, &Scope::branch(branch))?;
    let catalog = cx.store.catalog(branch).await?;
    let (at, id) = match cursor {
        None => (if past { i64::MAX } else { i64::MIN }, Uuid::nil()),
        Some(cursor) => {
            let (at, id) = cursor.split_once('.').ok_or(Error::NotFound)?;
            (at.parse().map_err(|_| Error::NotFound)?, id.parse().map_err(|_| Error::NotFound)?)
        }
    };
    let sql = if past {
        format!(
            "SELECT {COLUMNS} FROM waitlist WHERE branch_id = $1 AND state IN ('accepted', 'left', 'expired', 'ended') \
             AND customer_id IS NOT NULL AND (queued_at < $2 OR (queued_at = $2 AND id < $3)) \
             ORDER BY queued_at DESC, id DESC LIMIT $4"
        )
    } else {
        format!(
            "SELECT {COLUMNS} FROM waitlist WHERE branch_id = $1 AND state IN ('waiting', 'offered') \
             AND (queued_at > $2 OR (queued_at = $2 AND id > $3)) ORDER BY queued_at, id LIMIT $4"
        )
    };
    let values = vals![branch.0, at, id, PAGE as i64 + 1];
    let entries: Vec<Entry> = sql::all(cx.db(), &sql, values).await?;
    let page = Page::cut(entries, PAGE, |e| format!("{}.{}", e.queued_at, e.id.as_simple()));
    let about = About::read(cx, &page.items).await?;
    let items = page.items.iter().map(|e| about.line(cx, &catalog, e)).collect::<Result<_>>()?;
    Ok(Page { items, next: page.next })
}

/// What the lines of a page need: one statement each, however many lines.
struct About {
    customers: HashMap<Uuid, customer::Model>,
    bookings: HashMap<Uuid, (booking::Model, Vec<booking_item::Model>)>,
    events: HashMap<Uuid, Vec<EventRow>>,
}

#[derive(FromQueryResult)]
struct EventRow {
    waitlist_id: Uuid,
    at: i64,
    kind: String,
    by_kind: String,
    from_ms: Option<i64>,
}

impl About {
    async fn read(cx: &OpContext, entries: &[Entry]) -> Result<Self> {
        let mut about = Self { customers: HashMap::new(), bookings: HashMap::new(), events: HashMap::new() };
        if entries.is_empty() {
            return Ok(about);
        }
        let ids = entries.iter().filter_map(|e| e.customer_id);
        let customers = customer::Entity::find().filter(customer::Column::Id.is_in(ids)).all(cx.db()).await?;
        about.customers = customers.into_iter().map(|c| (c.id, c)).collect();
        let ids: Vec<Uuid> = entries.iter().filter_map(|e| e.booking_id).collect();
        if !ids.is_empty() {
            let found = booking::Entity::find().filter(booking::Column::Id.is_in(ids.clone()));
            about.bookings = found.all(cx.db()).await?.into_iter().map(|b| (b.id, (b, Vec::new()))).collect();
            let items = booking_item::Entity::find()
                .filter(booking_item::Column::BookingId.is_in(ids))
                .order_by_asc(booking_item::Column::Position);
            for item in items.all(cx.db()).await? {
                if let Some((_, items)) = about.bookings.get_mut(&item.booking_id) {
                    items.push(item);
                }
            }
        }
        let list = (1..=entries.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(",");
        let sql = format!(
            "SELECT waitlist_id, at, kind, by_kind, from_ms FROM waitlist_event WHERE waitlist_id IN ({list}) \
             ORDER BY at, id LIMIT {HISTORY}"
        );
        let ids = entries.iter().map(|e| e.id.into()).collect();
        for row in sql::all::<EventRow, _>(cx.db(), &sql, ids).await? {
            about.events.entry(row.waitlist_id).or_default().push(row);
        }
        Ok(about)
    }

    fn line(&self, cx: &OpContext, catalog: &Catalog, entry: &Entry) -> Result<WaitLine> {
        let tz = catalog.tz();
        let customer = entry.customer_id.and_then(|id| self.customers.get(&id));
        let phone = customer.and_then(|c| c.phone.as_deref()).or(entry.contact_phone.as_deref());
        let (first, last) = entry.days();
        let history = self.events.get(&entry.id).map_or(&[][..], |rows| rows);
        Ok(WaitLine {
            token: entry.token.clone(),
            state: entry.state()?,
            branch_name: catalog.branch.name.clone(),
            name: customer.map_or_else(|| entry.contact_name.clone().unwrap_or_default(), |c| c.name.clone()),
            phone_masked: phone.map(mask).unwrap_or_default(),
            services: (entry.service_ids().iter())
                .filter_map(|id| catalog.service(*id).map(|s| s.name.clone()))
                .collect(),
            who: entry.who().map(|id| catalog.person(id).map(|p| p.name.clone()).unwrap_or_default()),
            first,
            last,
            parts: DayParts::from_bits(entry.parts),
            since: local_ms(tz, entry.queued_at),
            offer: self.offer(cx, catalog, entry)?,
            by_desk: entry.channel == "desk",
            history: (history.iter())
                .map(|row| WaitEvent {
                    at: local_ms(tz, row.at),
                    kind: row.kind.clone(),
                    by: match &*row.by_kind {
                        "staff" => "salon",
                        "system" => "system",
                        // Whoever has the link acts for the customer.
                        _ => "customer",
                    }
                    .into(),
                    from: row.from_ms.map(|at| local_ms(tz, at)),
                })
                .collect(),
        })
    }

    fn offer(&self, cx: &OpContext, catalog: &Catalog, entry: &Entry) -> Result<Option<WaitOffer>> {
        let offered = entry.state()? == WaitState::Offered;
        let booking = entry.booking_id.filter(|_| offered).and_then(|id| self.bookings.get(&id));
        let (Some((b, items)), Some(until)) = (booking, entry.offered_until) else { return Ok(None) };
        let staff: Option<Text> = (items.first())
            .and_then(|item| catalog.person(StaffId(item.staff_id)))
            .map(|person| person.name.clone());
        let tz = catalog.tz();
        Ok(Some(WaitOffer {
            from: local_ms(tz, b.from_ms),
            to: local_ms(tz, b.to_ms),
            staff: staff.unwrap_or_default(),
            price: Fen(b.price_fen),
            until: local_ms(tz, until),
            left: seconds(cx, until),
        }))
    }
}
