//! The rows of a booking: made, saved, released. All inside a transaction of the verb that calls.

use super::plan::Request;
use crate::{
    Error, Lock, OpContext, Result, Tx, audit,
    entity::{allocation, booking, booking_item},
    sql,
    sql::vals,
    taken,
    time::ms,
    token,
};
use domain::{
    Actor, AllocationId, BookingId, BookingItemId, BranchId, CustomerId, EventId, Fen, Refusal, StaffId,
    Text,
    booking::{BookingState, remind::Reminders, slots::Arrangement},
    live::Topic,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Most expired holds released in one go.
const RELEASED_AT_ONCE: u64 = 200;

/// A booking with its services.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub booking: booking::Model,
    pub items: Vec<booking_item::Model>,
}

/// How a booking came about; the rest is known from the request.
pub(super) struct Origin<'a> {
    pub state: BookingState,
    /// `online`, `desk`, `phone`.
    pub channel: &'a str,
    pub customer: Option<CustomerId>,
    pub held_until: Option<i64>,
    pub key: Option<&'a str>,
    pub checkin_code: String,
    /// Name and price of each service when they were fixed before (BOOK-8); else the menu's.
    pub fixed: Option<Vec<(Text, Fen)>>,
}

impl Rows {
    /// Rows for an arrangement, not saved yet.
    pub fn new(request: &Request<'_>, arrangement: &Arrangement, origin: Origin<'_>) -> Self {
        let (id, now, token) = (BookingId::new().0, ms(request.now), token::link());
        let served = arrangement.served();
        let start = crate::time::local_ms(request.catalog.tz(), served.from);
        let mut items = Vec::with_capacity(arrangement.parts.len());
        for (i, part) in arrangement.parts.iter().enumerate() {
            let (service, blocks) = (request.services[i], request.blocks[i]);
            let fixed = origin.fixed.as_ref().and_then(|fixed| fixed.get(i));
            let (name, price) = fixed.map_or((&service.name, service.price), |(name, price)| (name, *price));
            items.push(booking_item::Model {
                id: BookingItemId::new().0,
                booking_id: id,
                position: i as i32,
                service_id: service.id.0,
                name_zh: name.zh.clone(),
                name_en: name.en.clone(),
                price_fen: price.0,
                prepare_min: blocks.prepare as i32,
                active_min: blocks.active as i32,
                processing_min: blocks.processing as i32,
                finish_min: blocks.finish as i32,
                cleanup_min: blocks.cleanup as i32,
                staff_id: part.staff.0,
                room_id: part.room.map(|room| room.0),
                wished: request.who == Some(part.staff),
                from_ms: part.served.from,
                to_ms: part.served.to,
            });
        }
        // A hold is nobody's yet.
        let reminders = match origin.state {
            BookingState::Held => Reminders::default(),
            _ => Reminders::of(&request.catalog.branch.policy, served.from, now),
        };
        let booking = booking::Model {
            id,
            branch_id: request.catalog.branch.id.0,
            customer_id: origin.customer.map(|c| c.0),
            state: origin.state.code().into(),
            channel: origin.channel.into(),
            number: token::booking_number(start.date()),
            token_hash: token::hash(&token),
            token,
            checkin_code: origin.checkin_code,
            from_ms: served.from,
            to_ms: served.to,
            day: crate::time::day_number(start.date()),
            price_fen: items.iter().map(|item| item.price_fen).sum(),
            held_until: origin.held_until,
            remind_at: reminders.next,
            remind_last: reminders.last,
            changes: 0,
            salon_error: None,
            cancel_reason: None,
            cancel_note: None,
            contact_name: None,
            contact_phone: None,
            key: origin.key.map(Into::into),
            created_at: now,
            updated_at: now,
            version: 1,
        };
        Self { booking, items }
    }

    /// Saves them with everything the arrangement takes. A time that is not free is known at the commit, or before the
    /// next statement: `SlotTaken` without times.
    pub fn insert(&self, tx: &Tx, arrangement: &Arrangement) {
        tx.insert(&booking::Entity::insert(self.booking.clone().into_active_model()));
        let items = self.items.iter().map(|item| item.clone().into_active_model());
        tx.insert(&booking_item::Entity::insert_many(items));
        allocate(tx, self, arrangement);
    }

    /// # Errors
    /// `NotFound` for an unknown token.
    pub async fn by_token<C: ConnectionTrait>(db: &C, link: &str) -> Result<Self> {
        Self::with_items(db, Self::booking_by_token(db, link).await?).await
    }

    /// Without its services.
    ///
    /// # Errors
    /// `NotFound` for an unknown token.
    pub async fn booking_by_token<C: ConnectionTrait>(db: &C, link: &str) -> Result<booking::Model> {
        let found =
            booking::Entity::find().filter(booking::Column::TokenHash.eq(token::hash(link))).one(db).await?;
        found.ok_or(Error::NotFound)
    }

    /// Several at once, in no particular order; two statements.
    pub async fn by_ids<C: ConnectionTrait>(
        db: &C,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<Vec<Self>> {
        let found = booking::Entity::find().filter(booking::Column::Id.is_in(ids)).all(db).await?;
        let items = booking_item::Entity::find()
            .filter(booking_item::Column::BookingId.is_in(found.iter().map(|b| b.id)))
            .order_by_asc(booking_item::Column::Position)
            .all(db)
            .await?;
        let with_items = |booking: booking::Model| Self {
            items: items.iter().filter(|item| item.booking_id == booking.id).cloned().collect(),
            booking,
        };
        Ok(found.into_iter().map(with_items).collect())
    }

    /// # Errors
    /// `NotFound` for an unknown id.
    pub async fn by_id<C: ConnectionTrait>(db: &C, id: BookingId) -> Result<Self> {
        let found = booking::Entity::find_by_id(id.0).one(db).await?;
        Self::with_items(db, found.ok_or(Error::NotFound)?).await
    }

    /// The booking that was saved with this key. Who was refused from `inside` of a transaction looks there, too, for
    /// one that is being committed at this moment.
    pub async fn saved_with(cx: &OpContext, key: &str, inside: bool) -> Result<Option<Self>> {
        let known = Self::by_key(cx.db(), key).await?;
        if known.is_some() || !inside {
            return Ok(known);
        }
        let tx = cx.begin().await?;
        let rows = Self::by_key(&tx, key).await?;
        tx.commit().await?;
        Ok(rows)
    }

    async fn by_key<C: ConnectionTrait>(db: &C, key: &str) -> Result<Option<Self>> {
        match booking::Entity::find().filter(booking::Column::Key.eq(key)).one(db).await? {
            Some(booking) => Ok(Some(Self::with_items(db, booking).await?)),
            None => Ok(None),
        }
    }

    async fn with_items<C: ConnectionTrait>(db: &C, booking: booking::Model) -> Result<Self> {
        let items = booking_item::Entity::find()
            .filter(booking_item::Column::BookingId.eq(booking.id))
            .order_by_asc(booking_item::Column::Position)
            .all(db)
            .await?;
        Ok(Self { booking, items })
    }

    pub fn id(&self) -> BookingId {
        BookingId(self.booking.id)
    }

    pub fn branch(&self) -> BranchId {
        BranchId(self.booking.branch_id)
    }

    /// # Errors
    /// `Internal` for a code that no version of the program has written.
    pub fn state(&self) -> Result<BookingState> {
        state_of(&self.booking)
    }

    /// The person wished for, when one was.
    pub fn wished(&self) -> Option<StaffId> {
        self.items.iter().find(|item| item.wished).map(|item| StaffId(item.staff_id))
    }

    /// The services as forms carry them.
    pub fn services(&self) -> String {
        let ids: Vec<String> =
            self.items.iter().map(|i| domain::ServiceId(i.service_id).to_string()).collect();
        ids.join(",")
    }

    /// Tells the board and the lists of those who do it.
    pub fn tell(&self, tx: &Tx) {
        tx.changed(self.branch(), Topic::Board);
        for item in &self.items {
            tx.changed(self.branch(), Topic::Staff { id: StaffId(item.staff_id) });
        }
    }
}

/// # Errors
/// `Internal` for a code that no version of the program has written.
pub(super) fn state_of(booking: &booking::Model) -> Result<BookingState> {
    BookingState::from_code(&booking.state).ok_or_else(|| Error::internal("unknown state of a booking"))
}

/// Takes everything of an arrangement for the items of a booking.
pub(super) fn allocate(tx: &Tx, booking: &Rows, arrangement: &Arrangement) {
    let rows = booking.items.iter().zip(&arrangement.parts).flat_map(|(item, part)| {
        part.taken.iter().map(|(resource, span)| allocation::Model {
            id: AllocationId::new().0,
            resource_id: resource.0,
            from_ms: span.from,
            to_ms: span.to,
            active: true,
            booking_item_id: Some(item.id),
            visit_service_id: None,
        })
    });
    taken::take(tx, booking.booking.held_until, rows);
}

/// The advisory locks of an arrangement (C-1).
pub(super) fn locks(arrangement: &Arrangement) -> impl Iterator<Item = Lock> {
    arrangement.taken().map(|(resource, span)| taken::lock(resource.0, span.from))
}

/// A line of the booking's history (BOOK-5): who, when, why.
pub(super) fn event(
    tx: &Tx,
    actor: &Actor,
    booking: Uuid,
    kind: &str,
    reason: Option<String>,
    detail: Option<String>,
) {
    let (by_kind, by_id) = audit::actor(actor);
    let sql = "INSERT INTO booking_event (id, at, booking_id, kind, by_kind, by_id, reason, detail) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    tx.later(sql, vals![EventId::new().0, tx.now_ms(), booking, kind, by_kind, by_id, reason, detail]);
}

/// BOOK-5: releases holds that have run out, oldest first, of one branch or of all. Gives how many.
pub(super) async fn release_expired(tx: &Tx, branch: Option<BranchId>) -> Result<u64> {
    let skip = match tx.get_database_backend() {
        // Whoever releases it first does; nobody waits.
        sea_orm::DbBackend::Postgres if branch.is_none() => "FOR UPDATE SKIP LOCKED",
        _ => "",
    };
    let of_branch = if branch.is_some() { "AND branch_id = $3" } else { "" };
    let sql = format!(
        "WITH due AS MATERIALIZED (\
            SELECT id FROM booking WHERE state = 'held' AND held_until <= $1 {of_branch} ORDER BY id LIMIT $2 {skip}) \
         UPDATE booking SET state = 'expired', updated_at = $1, version = version + 1 \
         WHERE state = 'held' AND id IN (SELECT id FROM due) RETURNING id"
    );
    let mut values = vals![tx.now_ms(), RELEASED_AT_ONCE as i64];
    values.extend(branch.map(|b| b.0.into()));
    let rows = tx
        .query_all_raw(sea_orm::Statement::from_sql_and_values(tx.get_database_backend(), sql, values))
        .await?;
    for row in &rows {
        let id = row.try_get_by_index::<Uuid>(0)?;
        taken::give_back(tx, BookingId(id)).await?;
        event(tx, &Actor::System, id, "expired", None, None);
    }
    Ok(rows.len() as u64)
}

/// Whether the transaction lost a race and another arrangement may be tried.
pub(super) fn lost(error: &Error) -> bool {
    match error {
        Error::Refused(Refusal::SlotTaken { nearest }) => nearest.is_empty(),
        error => error.is_conflict() || error.constraint().as_deref() == Some("uq_booking_number"),
    }
}

/// Saves a new version of a booking's columns, given as `column = $n` from `$3` on.
///
/// # Errors
/// `Stale` when somebody else has changed it since it was read.
pub(super) async fn update(
    tx: &Tx,
    booking: &booking::Model,
    set: &str,
    values: Vec<sea_orm::Value>,
) -> Result<()> {
    let n = values.len();
    let sql = format!(
        "UPDATE booking SET {set}, updated_at = $1, version = version + 1 WHERE id = $2 AND version = ${}",
        n + 3
    );
    let mut all = vals![tx.now_ms(), booking.id];
    all.extend(values);
    all.push(booking.version.into());
    match sql::run(tx, &sql, all).await? {
        1 => Ok(()),
        _ => Err(Refusal::Stale.into()),
    }
}
