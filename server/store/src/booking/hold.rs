//! Picking a time and keeping it for a few minutes (BOOK-5).

use super::{
    plan::{For, Request},
    reserve::{Found, Race},
    view,
    write::{Origin, Rows, event, release_expired, state_of},
};
use crate::{
    Error, OpContext, Result, Tx, account, audit, catalog::Catalog, sql, sql::vals, taken, time::ms, token,
    tx::again,
};
use chrono::Duration;
use domain::{
    BookingId, BranchId, EventId, Refusal,
    booking::{BookingState, Contact, Hold, HoldView, Move},
    permission::{Action, Scope},
};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use std::sync::Arc;
use uuid::Uuid;

/// How often a hold that somebody else changes at the same moment is looked at again.
pub(super) const TRIES: u32 = 3;

/// Keeps a time for a few minutes. The same key again gives the same hold (BOOK-7).
///
/// # Errors
/// `SlotTaken` with the nearest free times, `SlotNotOffered`, `OutsideNotice`, `NotOnline`, `NeedsFirst`, `KeyReused`;
/// the fields `services` and `who`.
pub async fn hold(cx: &OpContext, cmd: Hold) -> Result<HoldView> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let catalog = cx.store.catalog_by_slug(&cmd.branch).await?;
    let mut entered = false;
    match new_hold(cx, &catalog, &cmd, &mut entered).await {
        Ok(rows) => Ok(view::hold(cx, &catalog, &rows)),
        // The first of two equal requests may be what stands in the way of the second.
        Err(refused) => match Rows::saved_with(cx, &cmd.key, entered).await? {
            Some(rows) => known_hold(cx, &catalog, &cmd, rows),
            None => Err(refused),
        },
    }
}

async fn new_hold(cx: &OpContext, catalog: &Catalog, cmd: &Hold, entered: &mut bool) -> Result<Rows> {
    let request = Request::new(catalog, &cmd.services, cmd.who, cx.now(), For::Customer)?;
    let mut race = Race::begin(cx, &request, ms(cmd.at)).await;
    loop {
        let found = race.look(cx).await;
        *entered = race.entered;
        let answer = once(cx, &race, found?, &cmd.key).await;
        if let Some(rows) = race.judge(cx, answer).await? {
            return Ok(rows);
        }
    }
}

async fn once(cx: &OpContext, race: &Race<'_>, found: Found, key: &str) -> Result<Rows> {
    let tx = cx.begin().await?;
    let arrangement = race.enter(&tx, found).await?;
    let until = tx.now() + Duration::minutes(i64::from(race.request.catalog.branch.policy.hold));
    let origin = Origin {
        state: BookingState::Held,
        channel: "online",
        customer: None,
        held_until: Some(ms(until)),
        key: Some(key),
        checkin_code: String::new(),
        fixed: None,
    };
    let rows = Rows::new(race.request, &arrangement, origin);
    rows.insert(&tx, &arrangement);
    event(&tx, &cx.actor, rows.booking.id, "held", None, None);
    tx.commit().await?;
    Ok(rows)
}

/// The answer to a key that was used before.
fn known_hold(cx: &OpContext, catalog: &Catalog, cmd: &Hold, rows: Rows) -> Result<HoldView> {
    let ids: Vec<_> = rows.items.iter().map(|item| domain::ServiceId(item.service_id)).collect();
    let same = rows.booking.branch_id == catalog.branch.id.0
        && ids == cmd.services
        && rows.wished() == cmd.who
        && rows.booking.from_ms == ms(cmd.at);
    if !same {
        return Err(Refusal::KeyReused.into());
    }
    open_hold(cx, &rows)?;
    Ok(view::hold(cx, catalog, &rows))
}

/// # Errors
/// `HoldExpired`, `WrongState` when it has become a booking.
fn open_hold(cx: &OpContext, rows: &Rows) -> Result<()> {
    match rows.state()? {
        BookingState::Held if rows.booking.held_until.is_some_and(|until| until > ms(cx.now())) => Ok(()),
        BookingState::Held | BookingState::Expired => Err(Refusal::HoldExpired.into()),
        state => Err(Refusal::WrongState { state: state.code().to_owned() }.into()),
    }
}

/// The branch's catalogue of a booking.
pub(super) async fn catalog_of(cx: &OpContext, rows: &Rows) -> Result<Arc<Catalog>> {
    cx.store.catalog(BranchId(rows.booking.branch_id)).await
}

/// A held time by its token; with no seconds left when it is over, so that the way back keeps what was chosen.
///
/// # Errors
/// `NotFound`, `WrongState` when it has become a booking.
pub async fn held(cx: &OpContext, token: &str) -> Result<HoldView> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let rows = Rows::by_token(cx.db(), token).await?;
    let open = open_hold(cx, &rows);
    let over = matches!(open, Err(Error::Refused(Refusal::HoldExpired)));
    if !over {
        open?;
    }
    let catalog = catalog_of(cx, &rows).await?;
    let view = view::hold(cx, &catalog, &rows);
    // What had been typed is not shown to whoever finds the old address.
    Ok(match over {
        true => HoldView { left: 0, name: String::new(), phone: String::new(), code_sent_to: None, ..view },
        false => view,
    })
}

/// Name and phone for a held time; a one-time code goes to the phone (BOOK-14).
///
/// # Errors
/// `NotFound`, `HoldExpired`, `WrongState`, `TooMany`.
pub async fn send_code(cx: &OpContext, cmd: Contact) -> Result<HoldView> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let mut rows = Rows::by_token(cx.db(), &cmd.hold).await?;
    open_hold(cx, &rows)?;
    let catalog = catalog_of(cx, &rows).await?;
    let tx = account::send_code_in(cx, cx.begin().await?, &cmd.phone, "book").await?;
    // Whichever of two comes last may stand: nothing is decided by it yet.
    let sql = "UPDATE booking SET contact_name = $1, contact_phone = $2 WHERE id = $3 AND state = 'held'";
    tx.later(sql, vals![cmd.name.as_str(), cmd.phone.reveal(), rows.booking.id]);
    tx.commit().await?;
    rows.booking.contact_name = Some(cmd.name);
    rows.booking.contact_phone = Some(cmd.phone.reveal().to_owned());
    Ok(view::hold(cx, &catalog, &rows))
}

/// Gives a held time back before it runs out. One that is over already is fine.
///
/// # Errors
/// `NotFound`, `WrongState` when it has become a booking.
pub async fn release(cx: &OpContext, token: &str) -> Result<()> {
    cx.allow(Action::BookForSelf, &Scope::none())?;
    let mut tries = 0;
    loop {
        match again!(release_once(cx, token)) {
            // Given back twice at the same moment, or booked: which of them is known now.
            Err(Error::Refused(Refusal::Stale)) if tries < TRIES => tries += 1,
            answer => return answer,
        }
    }
}

async fn release_once(cx: &OpContext, link: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let (held, over) = (BookingState::Held, BookingState::Held.after(Move::Expire)?);
    let values = vals![over.code(), tx.now_ms(), token::hash(link), held.code()];
    let released = match tx.get_database_backend() {
        DbBackend::Postgres => release_in_one(cx, tx, values).await?,
        _ => release_in(cx, tx, values).await?,
    };
    if released {
        return Ok(());
    }
    match state_of(&Rows::booking_by_token(cx.db(), link).await?)? {
        BookingState::Expired => Ok(()),
        // Given back by somebody at this very moment: not lasting yet.
        BookingState::Held => Err(Refusal::Stale.into()),
        state => state.after(Move::Expire).map(|_| ()).map_err(Error::from),
    }
}

/// The hold that is given back: its state after and before, when, its token's hash.
const RELEASE: &str = "UPDATE booking SET state = $1, updated_at = $2, version = version + 1 \
                       WHERE token_hash = $3 AND state = $4 RETURNING id";

/// `false` when it was not held.
async fn release_in(cx: &OpContext, tx: Tx, values: Vec<Value>) -> Result<bool> {
    let Some(row) = sql::row(&tx, RELEASE, values).await? else {
        tx.rollback().await?;
        return Ok(false);
    };
    let id: Uuid = row.try_get_by_index(0)?;
    taken::give_back(&tx, BookingId(id)).await?;
    event(&tx, &cx.actor, id, "released", None, None);
    tx.commit().await?;
    Ok(true)
}

/// As [`release_in`], in one statement and with one way to the database.
async fn release_in_one(cx: &OpContext, tx: Tx, mut values: Vec<Value>) -> Result<bool> {
    let (by_kind, by_id) = audit::actor(&cx.actor);
    values.extend(vals![EventId::new().0, by_kind, by_id]);
    let sql = format!(
        "WITH hold AS ({RELEASE}), \
         told AS (INSERT INTO booking_event (id, at, booking_id, kind, by_kind, by_id) \
             SELECT $5, $2, id, 'released', $6, $7 FROM hold), \
         given AS (UPDATE allocation SET active = FALSE WHERE active AND booking_item_id IN \
             (SELECT i.id FROM booking_item i JOIN hold ON i.booking_id = hold.id) RETURNING resource_id, from_ms) \
         SELECT given.resource_id, given.from_ms FROM hold LEFT JOIN given ON TRUE"
    );
    taken::commit_change(tx, &sql, values).await
}

/// Job: releases holds that have run out. Gives how many.
///
/// # Errors
/// The database's.
pub async fn expire_holds(cx: &OpContext) -> Result<u64> {
    let mut all = 0;
    loop {
        let released = again!(expire_some(cx))?;
        all += released;
        if released == 0 {
            return Ok(all);
        }
    }
}

async fn expire_some(cx: &OpContext) -> Result<u64> {
    let tx = cx.begin().await?;
    let released = release_expired(&tx, None).await?;
    tx.commit().await?;
    Ok(released)
}
