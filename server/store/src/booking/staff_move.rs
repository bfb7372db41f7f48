//! The staff move a booking: to another time, or to another person at the same time. At the same time the room and the
//! devices stay; at another one they are looked for anew, as for any booking.

use super::{
    change::{log, save_items, shifted},
    hold::catalog_of,
    messages::{reader, tell},
    plan::{For, Request},
    reserve::{Found, Race, known},
    staff::{check_version, load_own},
    write::{Rows, allocate, event, release_expired, update},
};
use crate::{
    Error, OpContext, Result, Tx,
    catalog::{Catalog, Person},
    entity::{allocation, booking_item},
    idempotency,
    notify::cancel_for_booking,
    sql::vals,
    taken::{self, Taken},
    time::{at, instant, ms},
    tx::again,
};
use domain::{
    FieldCode, Interval, Refusal, ServiceId, StaffId,
    booking::Move,
    notify::Template,
    permission::Action,
    schedule::{StaffMove, reason_needed},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

const KEY: &str = "staff_move";

/// Moves a booking; the customer is told, the history says who and why. Gives the version it has then. The same key
/// again changes nothing (BOOK-7).
///
/// # Errors
/// `NotFound`, `Stale`, `WrongState`, the field `reason` when one is needed, `who`; `SlotTaken` with the nearest free
/// times, `SlotNotOffered`, `OutsideNotice`, `NotCertified` (CERT), `NotOnShift`.
pub async fn move_by_staff(cx: &OpContext, cmd: StaffMove) -> Result<i32> {
    let rows = load_own(cx, cx.db(), cmd.booking, Action::OverrideBooking).await?;
    let catalog = catalog_of(cx, &rows).await?;
    let begin = ms(instant(catalog.tz(), cmd.day, i32::try_from(cmd.minute).unwrap_or(0)));
    let wanted = Wanted { cmd: &cmd, begin };
    let answer = if begin == rows.booking.from_ms {
        again!(reassign_once(cx, &catalog, &wanted))
    } else {
        moved(cx, &catalog, &rows, &wanted).await
    };
    match answer {
        Ok(rows) => Ok(rows.booking.version),
        // The loser at the same time is told where else this person is free.
        Err(Error::Refused(Refusal::SlotTaken { nearest })) if nearest.is_empty() => {
            let request = Request::again(&catalog, &rows.items, Some(cmd.who), cx.now(), For::Desk)?;
            Err(request.moving(rows.id()).taken(cx.db(), begin).await?)
        }
        Err(refused) => match known::<i32>(cx, KEY, &cmd.key, &wanted.mark()).await? {
            Some(version) => Ok(version),
            None => Err(refused),
        },
    }
}

struct Wanted<'a> {
    cmd: &'a StaffMove,
    begin: i64,
}

impl Wanted<'_> {
    /// What makes two requests the same.
    fn mark(&self) -> (domain::BookingId, StaffId, Option<StaffId>, i64) {
        (self.cmd.booking, self.cmd.who, self.cmd.from, self.begin)
    }

    /// Whose services are given away.
    fn from(&self, rows: &Rows) -> Uuid {
        let first = rows.items.first().map(|item| item.staff_id);
        self.cmd.from.map(|from| from.0).or(first).unwrap_or_default()
    }

    /// The booking as it may be moved; `Err` with the version when this very request has been done before.
    async fn load(
        &self,
        cx: &OpContext,
        tx: &Tx,
        catalog: &Catalog,
        loses: impl Fn(&Rows) -> bool,
    ) -> Result<Rows> {
        let rows = load_own(cx, tx, self.cmd.booking, Action::OverrideBooking).await?;
        check_version(&rows, self.cmd.version)?;
        rows.state()?.after(Move::Reschedule)?;
        let start = at(rows.booking.from_ms);
        if self.cmd.reason.is_none() && reason_needed(&catalog.branch.policy, start, tx.now(), loses(&rows)) {
            return Err(Error::field("reason", FieldCode::Required));
        }
        Ok(rows)
    }
}

async fn moved(cx: &OpContext, catalog: &Catalog, rows: &Rows, wanted: &Wanted<'_>) -> Result<Rows> {
    check_version(rows, wanted.cmd.version)?;
    let request = Request::again(catalog, &rows.items, Some(wanted.cmd.who), cx.now(), For::Desk)?;
    let request = request.moving(rows.id());
    let mut race = Race::begin(cx, &request, wanted.begin).await;
    loop {
        let found = race.look(cx).await?;
        let answer = move_once(cx, &race, found, wanted).await;
        if let Some(rows) = race.judge(cx, answer).await? {
            return Ok(rows);
        }
    }
}

async fn move_once(cx: &OpContext, race: &Race<'_>, found: Found, wanted: &Wanted<'_>) -> Result<Rows> {
    let (catalog, cmd) = (race.request.catalog, wanted.cmd);
    let tx = cx.begin().await?;
    if idempotency::seen::<i32>(&tx, KEY, &cmd.key, &wanted.mark()).await?.is_some() {
        return done_before(cx, tx, cmd).await;
    }
    let arrangement = race.enter(&tx, found).await?;
    let other = |rows: &Rows| rows.wished().is_some_and(|wished| wished != cmd.who);
    let before = wanted.load(cx, &tx, catalog, other).await?;
    let mut rows = shifted(&tx, cx, race.request, &before, &arrangement).await?;
    for (item, was) in rows.items.iter_mut().zip(&before.items) {
        // The lane it was put into is not what the customer asked for.
        let kept = was.wished && was.staff_id == item.staff_id;
        item.wished = kept || (cmd.wished && item.staff_id == cmd.who.0);
    }
    taken::give_back(&tx, rows.id()).await?;
    save_items(&tx, &rows).await?;
    allocate(&tx, &rows, &arrangement);
    finish(cx, tx, catalog, wanted, &before, rows, "rescheduled").await
}

async fn reassign_once(cx: &OpContext, catalog: &Catalog, wanted: &Wanted<'_>) -> Result<Rows> {
    let cmd = wanted.cmd;
    let tx = cx.begin().await?;
    if idempotency::seen::<i32>(&tx, KEY, &cmd.key, &wanted.mark()).await?.is_some() {
        return done_before(cx, tx, cmd).await;
    }
    let rows = load_own(cx, &tx, cmd.booking, Action::OverrideBooking).await?;
    let old = wanted.from(&rows);
    if rows.items.iter().all(|item| item.staff_id != old) {
        return Err(Error::field("from", FieldCode::Choice));
    }
    // The same locks as for booking, so that nobody is in the middle of taking the new person's time.
    let begins = rows.items.iter().map(|item| item.from_ms);
    tx.lock(begins.flat_map(|from| [taken::lock(old, from), taken::lock(cmd.who.0, from)])).await?;
    let loses =
        |rows: &Rows| cmd.who.0 != old && rows.items.iter().any(|item| item.wished && item.staff_id == old);
    let before = wanted.load(cx, &tx, catalog, loses).await?;
    let given: Vec<&booking_item::Model> = before.items.iter().filter(|i| i.staff_id == old).collect();
    hand_over(&tx, catalog, &given, old, cmd.who).await?;
    let mut rows = before.clone();
    for item in rows.items.iter_mut().filter(|item| item.staff_id == old) {
        let kept = item.wished && cmd.who.0 == old;
        (item.staff_id, item.wished) = (cmd.who.0, kept || cmd.wished);
    }
    // A new version, and nothing else.
    update(&tx, &before.booking, "changes = $3", vals![before.booking.changes]).await?;
    rows.booking.version += 1;
    save_items(&tx, &rows).await?;
    finish(cx, tx, catalog, wanted, &before, rows, "reassigned").await
}

/// What was seen is lasting only now.
async fn done_before(cx: &OpContext, tx: Tx, cmd: &StaffMove) -> Result<Rows> {
    let rows = load_own(cx, &tx, cmd.booking, Action::OverrideBooking).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Gives the person's time of these services to another one, who may do each of them that day and is at work.
async fn hand_over(
    tx: &Tx,
    catalog: &Catalog,
    items: &[&booking_item::Model],
    old: Uuid,
    new: StaffId,
) -> Result<()> {
    let person = catalog.person(new).filter(|p| p.works_here());
    let person = person.ok_or_else(|| Error::field("who", FieldCode::Choice))?;
    for item in items {
        certified(catalog, person, item)?;
    }
    let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    let taken = allocation::Entity::find()
        .filter(allocation::Column::BookingItemId.is_in(ids.iter().copied()))
        .filter(allocation::Column::ResourceId.eq(old))
        .filter(allocation::Column::Active.eq(true))
        .all(tx)
        .await?;
    let at_work = |a: &allocation::Model| {
        Interval::new(at(a.from_ms), at(a.to_ms)).is_some_and(|span| person.work.covers(&span))
    };
    if !taken.iter().all(at_work) {
        return Err(Refusal::NotOnShift.into());
    }
    release_expired(tx, Some(catalog.branch.id)).await?;
    tx.took(taken.iter().map(|a| Taken::new(old, a.from_ms)));
    for id in taken.iter().map(|a| a.id) {
        taken::change(tx, "UPDATE allocation SET resource_id = $1 WHERE id = $2", vals![new.0, id]).await?;
    }
    Ok(())
}

/// CERT: on the day of the service.
fn certified(catalog: &Catalog, person: &Person, item: &booking_item::Model) -> Result<()> {
    let service = catalog.service(ServiceId(item.service_id)).ok_or(Refusal::SlotNotOffered)?;
    if !person.qualified(service, catalog.branch.today(at(item.from_ms))) {
        return Err(Refusal::NotCertified.into());
    }
    Ok(())
}

/// What follows once the rows are moved: the history, an error of ours when it was one, the customer.
async fn finish(
    cx: &OpContext,
    tx: Tx,
    catalog: &Catalog,
    wanted: &Wanted<'_>,
    before: &Rows,
    mut rows: Rows,
    kind: &str,
) -> Result<Rows> {
    let cmd = wanted.cmd;
    let staff: Vec<_> = before.items.iter().map(|item| item.staff_id).collect();
    let was = serde_json::json!({ "from_ms": before.booking.from_ms, "staff": staff, "note": cmd.note });
    let reason = cmd.reason.map(|reason| reason.code().to_owned());
    event(&tx, &cx.actor, rows.booking.id, kind, reason, Some(was.to_string()));
    if let Some(error) = cmd.reason.filter(|reason| reason.salon_error().is_some()) {
        super::staff::mark(&tx, cx, &mut rows, error, None).await?;
    }
    cancel_for_booking(&tx, rows.id()).await?;
    if let Some(reader) = reader(&tx, &rows).await? {
        tell(&tx, catalog, &rows, &reader, Template::BookingMoved)?;
    }
    let action = if kind == "reassigned" { "booking.reassign" } else { "booking.reschedule" };
    log(&tx, cx, &rows, action, cmd.reason.map_or("", domain::schedule::ChangeReason::code));
    before.tell(&tx);
    rows.tell(&tx);
    idempotency::answered(&tx, KEY, &cmd.key, &rows.booking.version)?;
    tx.commit().await?;
    Ok(rows)
}
