//! A booking as the staff see it, with its history: who, when, why (BOOK-5).

use super::{
    hold::catalog_of,
    places::{people, place},
    plan::{For, Request},
    staff::load_own,
    view::{arrive_early, item, messages, precautions},
    write::Rows,
};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    sql,
    sql::vals,
    time::{at, date, local_ms},
};
use chrono::NaiveDate;
use domain::{
    BookingId, Fen, ServiceId, StaffId, Text,
    permission::{Action, Scope},
    phone::mask,
    schedule::{BookingSheet, ChangeLine, Place, Standing, reason_needed},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Owner {
    name: String,
    phone: Option<String>,
    no_shows: i64,
    visits: i64,
}

#[derive(FromQueryResult)]
struct Event {
    at: i64,
    kind: String,
    by_kind: String,
    reason: Option<String>,
    detail: Option<String>,
    name_zh: Option<String>,
    name_en: Option<String>,
}

/// The booking, and the free times of `wanted` (a person and a day) when it may be moved.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound` for one of another branch.
pub async fn sheet(
    cx: &OpContext,
    id: BookingId,
    wanted: (Option<StaffId>, Option<NaiveDate>),
) -> Result<BookingSheet> {
    let rows = load_own(cx, cx.db(), id, Action::SeeBoard).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let (state, b, tz) = (rows.state()?, &rows.booking, catalog.tz());
    let scope = Scope::branch(rows.branch());
    let owner = owner(cx, b.customer_id.unwrap_or_default()).await?;
    let phone = owner.as_ref().and_then(|o| o.phone.clone()).unwrap_or_default();
    let no_shows = owner.as_ref().map_or(0, |o| u32::try_from(o.no_shows).unwrap_or(0));
    let may_change = state.is_open() && cx.may(Action::OverrideBooking, &scope);
    let services: Vec<_> =
        rows.items.iter().filter_map(|item| catalog.service(ServiceId(item.service_id))).collect();
    let today = catalog.branch.today(cx.now());
    Ok(BookingSheet {
        id,
        version: b.version,
        number: b.number.clone(),
        state,
        day: date(b.day),
        today,
        from: local_ms(tz, b.from_ms),
        to: local_ms(tz, b.to_ms),
        customer: owner.as_ref().map(|o| o.name.clone()).unwrap_or_default(),
        phone: if cx.may(Action::SeePhone, &scope) { phone } else { mask(&phone) },
        no_shows,
        standing: Standing::of(no_shows),
        visits: owner.as_ref().map_or(0, |o| u32::try_from(o.visits).unwrap_or(0)),
        items: rows.items.iter().map(|one| item(&catalog, one)).collect(),
        wished: rows.wished(),
        price: Fen(b.price_fen),
        channel: b.channel.clone(),
        arrive_early: arrive_early(&catalog, &rows),
        precautions: precautions(&catalog, &rows),
        salon_error: b.salon_error.clone(),
        cancel_note: b.cancel_note.clone(),
        messages: messages(cx, &catalog, b).await?,
        history: history(cx, &catalog, b.id).await?,
        may_change,
        may_mark: cx.may(Action::OverrideBooking, &scope),
        may_check_in: state.is_open() && date(b.day) == today && cx.may(Action::CheckIn, &scope),
        reason_needed: reason_needed(&catalog.branch.policy, at(b.from_ms), cx.now(), false),
        people: people(&catalog, &services),
        place: if may_change { free(cx, &catalog, &rows, wanted).await? } else { None },
        token: b.token.clone(),
    })
}

async fn owner(cx: &OpContext, id: Uuid) -> Result<Option<Owner>> {
    let sql = "SELECT c.name, c.phone, \
               (SELECT COUNT(*) FROM booking n WHERE n.customer_id = c.id AND n.state = 'no_show') AS no_shows, \
               (SELECT COUNT(*) FROM visit v WHERE v.customer_id = c.id AND v.state = 'done') AS visits \
               FROM customer c WHERE c.id = $1";
    sql::one(cx.db(), sql, vals![id]).await
}

/// The times for a move: of the person and the day asked for, else of the present ones.
async fn free(
    cx: &OpContext,
    catalog: &Catalog,
    rows: &Rows,
    (who, day): (Option<StaffId>, Option<NaiveDate>),
) -> Result<Option<Place>> {
    let Some(first) = rows.items.first() else { return Ok(None) };
    let (who, day) = (who.unwrap_or(StaffId(first.staff_id)), day.unwrap_or(date(rows.booking.day)));
    let Ok(request) = Request::again(catalog, &rows.items, Some(who), cx.now(), For::Desk) else {
        return Ok(None);
    };
    let request = request.moving(rows.id());
    let busy = request.busy(cx, day, day).await?;
    Ok(Some(place(&request, &busy, who, day)))
}

async fn history(cx: &OpContext, catalog: &Catalog, id: Uuid) -> Result<Vec<ChangeLine>> {
    let sql = "SELECT e.at, e.kind, e.by_kind, e.reason, e.detail, u.name_zh, u.name_en FROM booking_event e \
               LEFT JOIN user_account u ON u.id = e.by_id AND e.by_kind = 'staff' \
               WHERE e.booking_id = $1 ORDER BY e.at, e.id LIMIT 200";
    let rows: Vec<Event> = sql::all(cx.db(), sql, vals![id]).await?;
    let line = |row: Event| {
        let by = match &*row.by_kind {
            "staff" => "salon",
            "system" => "system",
            _ => "customer",
        };
        ChangeLine {
            at: local_ms(catalog.tz(), row.at),
            kind: row.kind,
            by: by.into(),
            who: row.name_zh.zip(row.name_en).map(|(zh, en)| Text::new(zh, en)),
            reason: row.reason,
            note: row.detail.as_deref().and_then(note),
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

fn note(detail: &str) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(detail).ok()?;
    detail["note"].as_str().map(str::to_owned)
}
