//! Each one's private calendar (BOOK-13): an unguessable address that can be renewed and switched off.

use crate::{
    Error, OpContext, Result, Tx, account,
    audit::Entry,
    sql,
    sql::vals,
    time::{DAY_MS, local_ms, ms},
    token,
};
use domain::{
    BookingItemId, BranchId, ResourceId, Text, UserId,
    booking::{BookingState, Qr},
    permission::{Action, Scope},
    schedule::{FeedCard, FeedEntry},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What the calendar shows: from so many days ago, to so many days ahead.
const BACK: i64 = 31;
const AHEAD: i64 = 120;
/// Most entries of a calendar.
const MOST: i64 = 2000;
/// How often it is noted that a calendar asks.
const NOTED_MS: i64 = 3_600_000;

#[derive(FromQueryResult)]
struct Feed {
    serial: i32,
    token_hash: Option<String>,
    seen_at: Option<i64>,
}

/// Who asks, when it is somebody with bookings of their own.
fn own(cx: &OpContext) -> Result<UserId> {
    cx.allow(Action::ManageOwnAccount, &Scope::none())?;
    match (cx.actor.user(), cx.actor.staff()) {
        (Some(user), Some(_)) => Ok(user),
        (Some(_), None) => Err(Error::NotFound),
        _ => Err(Error::Forbidden),
    }
}

/// One's own calendar: its address while it is switched on.
///
/// # Errors
/// `SignedOut`, `Forbidden` for customers, `NotFound` for who cannot be booked.
pub async fn feed(cx: &OpContext) -> Result<FeedCard> {
    let user = own(cx)?;
    let tx = cx.begin().await?;
    let row = load(&tx, user).await?;
    let token = match &row {
        Some(row) if row.token_hash.is_some() => Some(token_of(&tx, cx, user, row.serial).await?),
        _ => None,
    };
    tx.commit().await?;
    card(cx, token, row.and_then(|row| row.seen_at)).await
}

/// A new address; the former one leads nowhere from now on.
///
/// # Errors
/// As [`feed`].
pub async fn feed_renew(cx: &OpContext) -> Result<FeedCard> {
    let user = own(cx)?;
    let tx = cx.begin().await?;
    let sql = "INSERT INTO calendar_feed (user_id, serial, token_hash, created_at, seen_at) \
               VALUES ($1, 1, NULL, $2, NULL) \
               ON CONFLICT (user_id) DO UPDATE SET serial = calendar_feed.serial + 1, created_at = $2, seen_at = NULL \
               RETURNING serial";
    let row = sql::row(&tx, sql, vals![user.0, tx.now_ms()]).await?;
    let serial: i32 = row.ok_or(Error::NotFound)?.try_get_by_index(0)?;
    let token = token_of(&tx, cx, user, serial).await?;
    let sql = "UPDATE calendar_feed SET token_hash = $1 WHERE user_id = $2";
    tx.run(sql, vals![token::hash(&token), user.0]).await?;
    log(&tx, cx, user, "calendar.renew");
    tx.commit().await?;
    card(cx, Some(token), None).await
}

/// Switches it off.
///
/// # Errors
/// As [`feed`].
pub async fn feed_revoke(cx: &OpContext) -> Result<FeedCard> {
    let user = own(cx)?;
    let tx = cx.begin().await?;
    tx.run("UPDATE calendar_feed SET token_hash = NULL, seen_at = NULL WHERE user_id = $1", vals![user.0])
        .await?;
    log(&tx, cx, user, "calendar.revoke");
    tx.commit().await?;
    card(cx, None, None).await
}

async fn load(tx: &Tx, user: UserId) -> Result<Option<Feed>> {
    let sql = "SELECT serial, token_hash, seen_at FROM calendar_feed WHERE user_id = $1";
    sql::one(tx, sql, vals![user.0]).await
}

async fn token_of(tx: &Tx, cx: &OpContext, user: UserId, serial: i32) -> Result<String> {
    account::seal(&cx.store, tx, &format!("calendar {user} {serial}")).await
}

async fn card(cx: &OpContext, token: Option<String>, seen: Option<i64>) -> Result<FeedCard> {
    let branch = cx.store.catalog(account::working_branch(cx).await?).await?;
    let address = token.map(|token| format!("{}/calendar/{token}.ics", cx.store.base_url()));
    Ok(FeedCard { address, qr: Qr::default(), seen: seen.map(|ms| local_ms(branch.tz(), ms)) })
}

fn log(tx: &Tx, cx: &OpContext, user: UserId, action: &str) {
    let entry = Entry { action, entity: "calendar_feed", id: Some(user.0), ..Entry::default() };
    tx.audit(cx, entry);
}

#[derive(FromQueryResult)]
struct Owner {
    user_id: Uuid,
    staff_id: Uuid,
    branch_id: Uuid,
    seen_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    state: String,
    version: i32,
    updated_at: i64,
    name_zh: String,
    name_en: String,
    room_id: Option<Uuid>,
    from_ms: i64,
    to_ms: i64,
    customer: String,
}

/// What a calendar shows whoever has its address. Cancelled bookings are not in it.
///
/// # Errors
/// `NotFound` for an address that was never given or is not valid any more, and for who has left.
pub async fn feed_entries(cx: &OpContext, token: &str) -> Result<Vec<FeedEntry>> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let sql = "SELECT f.user_id, s.id AS staff_id, s.branch_id, f.seen_at FROM calendar_feed f \
               JOIN user_account u ON u.id = f.user_id JOIN staff s ON s.id = u.staff_id \
               WHERE f.token_hash = $1 AND u.disabled_at IS NULL AND s.left_at IS NULL";
    let owner: Option<Owner> = sql::one(cx.db(), sql, vals![token::hash(token)]).await?;
    let owner = owner.ok_or(Error::NotFound)?;
    let now = ms(cx.now());
    let sql = "SELECT i.id, b.state, b.version, b.updated_at, i.name_zh, i.name_en, i.room_id, i.from_ms, i.to_ms, \
               c.name AS customer FROM booking_item i JOIN booking b ON b.id = i.booking_id \
               JOIN customer c ON c.id = b.customer_id \
               WHERE i.staff_id = $1 AND i.from_ms > $2 AND i.from_ms < $3 \
               AND b.state IN ('booked', 'confirmed', 'arrived', 'in_service', 'completed') \
               ORDER BY i.from_ms, i.id LIMIT $4";
    let values = vals![owner.staff_id, now - BACK * DAY_MS, now + AHEAD * DAY_MS, MOST];
    let rows: Vec<Row> = sql::all(cx.db(), sql, values).await?;
    if owner.seen_at.is_none_or(|seen| seen + NOTED_MS < now) {
        let tx = cx.begin().await?;
        tx.run("UPDATE calendar_feed SET seen_at = $1 WHERE user_id = $2", vals![now, owner.user_id]).await?;
        tx.commit().await?;
    }
    let catalog = cx.store.catalog(BranchId(owner.branch_id)).await?;
    let entry = |row: Row| FeedEntry {
        id: BookingItemId(row.id),
        surname: surname(&row.customer),
        service: Text::new(row.name_zh, row.name_en),
        room: row.room_id.and_then(|id| catalog.room(ResourceId(id))).map(|room| room.name.clone()),
        from: local_ms(catalog.tz(), row.from_ms),
        to: local_ms(catalog.tz(), row.to_ms),
        confirmed: row.state != BookingState::Booked.code(),
        version: row.version,
        updated: local_ms(catalog.tz(), row.updated_at),
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// As little of the name as tells whom to expect: the first character of a Chinese name, the last word of others.
fn surname(name: &str) -> String {
    match name.chars().next() {
        Some(first) if !first.is_ascii() => first.to_string(),
        _ => name.split_whitespace().next_back().unwrap_or_default().to_owned(),
    }
}
