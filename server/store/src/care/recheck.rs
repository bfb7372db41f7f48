//! The re-check: its page, booking it, what the chair finds, its end.

use super::{message::say, state_of};
use crate::{
    Error, OpContext, Result, Tx,
    audit::Entry,
    booking::{Taken, recheck_page, take_recheck},
    catalog::Catalog,
    desk::{
        rows::{lock_service, name, service},
        tell::tell,
    },
    entity::{booking, recheck, visit_service},
    sql::{self, vals},
    time::{at, date, day_of, local_ms},
    token,
    tx::again,
};
use chrono::NaiveDate;
use domain::{
    Actor, BookingId, BranchId, RecheckId, Refusal, StaffId, Text, VisitServiceId,
    booking::BookingView,
    care::{
        BookRecheck, LookedAgain, RecheckAtChair, RecheckMove, RecheckOutcome, RecheckPage, RecheckState,
        RecheckView, RecordOutcome,
    },
    live::Topic,
    notify::Template,
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Rows that a job changes at once.
const AT_ONCE: i64 = 200;

async fn by_token<C: ConnectionTrait>(db: &C, link: &str) -> Result<recheck::Model> {
    let find = recheck::Entity::find().filter(recheck::Column::TokenHash.eq(token::hash(link)));
    find.one(db).await?.ok_or(Error::NotFound)
}

/// Held until the transaction ends.
async fn locked(tx: &Tx, id: Uuid) -> Result<recheck::Model> {
    recheck::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// The re-check behind a link, with the free times while it can be booked. Without a wish, the person who did the
/// service is offered first.
///
/// # Errors
/// `NotFound`; the fields `who` and `day`.
pub async fn page(
    cx: &OpContext,
    link: &str,
    who: Option<StaffId>,
    anyone: bool,
    day: Option<NaiveDate>,
) -> Result<RecheckPage> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let row = by_token(cx.db(), link).await?;
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    let now = cx.now();
    let bookable = state_of(&row)?.after(RecheckMove::Book, now, at(row.until_at)).is_ok();
    let page = match bookable {
        true => {
            let who = who.or(row.staff_id.map(StaffId).filter(|_| !anyone));
            Some(recheck_page(cx, &catalog, &taken(&row), who, day).await?)
        }
        false => None,
    };
    let recheck = view(cx, &catalog, row).await?;
    Ok(RecheckPage { recheck, page })
}

/// What a booking of it takes.
fn taken(row: &recheck::Model) -> Taken {
    Taken {
        service: domain::ServiceId(row.service_id),
        minutes: u32::try_from(row.minutes).unwrap_or(20),
        until: at(row.until_at),
        customer: domain::CustomerId(row.customer_id),
    }
}

/// As its customer sees it.
pub(super) async fn view(cx: &OpContext, catalog: &Catalog, row: recheck::Model) -> Result<RecheckView> {
    let state = state_of(&row)?;
    let original = service(cx.db(), VisitServiceId(row.visit_service_id)).await?;
    let booking = match row.booking_id {
        Some(id) if matches!(state, RecheckState::Booked | RecheckState::Done) => {
            booking::Entity::find_by_id(id).one(cx.db()).await?
        }
        _ => None,
    };
    Ok(shown(cx, catalog, row, state, name(&original), booking.as_ref()))
}

pub(super) fn shown(
    cx: &OpContext,
    catalog: &Catalog,
    row: recheck::Model,
    state: RecheckState,
    service: Text,
    booking: Option<&booking::Model>,
) -> RecheckView {
    let (tz, now) = (catalog.tz(), cx.now());
    let last = day_of(tz, at(row.until_at - 1));
    let staff = row.staff_id.and_then(|id| catalog.person(StaffId(id)));
    RecheckView {
        // What ended since the job last looked is over all the same.
        state: if state == RecheckState::Open && now >= at(row.until_at) {
            RecheckState::Lapsed
        } else {
            state
        },
        branch: catalog.branch.info(now),
        service,
        staff: staff.map(|person| person.name.clone()).unwrap_or_default(),
        served: local_ms(tz, row.finished_at),
        until: local_ms(tz, row.until_at),
        last_day: date(last),
        days_left: u32::try_from(last - day_of(tz, now)).unwrap_or(0),
        minutes: u32::try_from(row.minutes).unwrap_or(0),
        booking: booking.map(|b| (b.token.clone(), local_ms(tz, b.from_ms))),
        outcome: row.outcome.as_deref().and_then(RecheckOutcome::from_code),
        token: row.token,
    }
}

/// Books it at price zero (CARE-1). The same key again gives the same booking (BOOK-7).
///
/// # Errors
/// `NotFound`, `LinkExpired` when it is over, `WrongState` when it is booked or done already, `SlotTaken` with the
/// nearest free times, `SlotNotOffered`, `OutsideNotice`, `KeyReused`; the field `who`.
pub async fn book(cx: &OpContext, cmd: BookRecheck) -> Result<BookingView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let row = by_token(cx.db(), &cmd.token).await?;
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    let free = state_of(&row)?.after(RecheckMove::Book, cx.now(), at(row.until_at));
    take_recheck(cx, &catalog, &taken(&row), &cmd, free.err(), RecheckId(row.id)).await
}

/// The booking is written: the re-check is booked with it, in the same transaction.
///
/// # Errors
/// As [`book`].
pub(crate) async fn booked(tx: &Tx, cx: &OpContext, id: RecheckId, booking: BookingId) -> Result<()> {
    let row = locked(tx, id.0).await?;
    let next = state_of(&row)?.after(RecheckMove::Book, tx.now(), at(row.until_at))?;
    let sql = "UPDATE recheck SET state = $1, booking_id = $2, version = version + 1 WHERE id = $3";
    tx.run(sql, vals![next.code(), booking.0, row.id]).await?;
    audit(tx, cx, &row, "recheck.book");
    Ok(())
}

fn audit(tx: &Tx, cx: &OpContext, row: &recheck::Model, action: &str) {
    let branch = Some(BranchId(row.branch_id));
    tx.audit(cx, Entry { action, entity: "recheck", id: Some(row.id), branch, detail: None });
}

/// The customer does not need it. Declining twice is declining once.
///
/// # Errors
/// `NotFound`, `WrongState`.
pub async fn decline(cx: &OpContext, link: &str) -> Result<RecheckView> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    again!(decline_once(cx, link))?;
    let row = by_token(cx.db(), link).await?;
    let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
    view(cx, &catalog, row).await
}

async fn decline_once(cx: &OpContext, link: &str) -> Result<()> {
    let tx = cx.begin().await?;
    let row = by_token(&tx, link).await?;
    let row = locked(&tx, row.id).await?;
    let state = state_of(&row)?;
    if state != RecheckState::Declined {
        let next = state.after(RecheckMove::Decline, tx.now(), at(row.until_at))?;
        let sql = "UPDATE recheck SET state = $1, version = version + 1 WHERE id = $2";
        tx.run(sql, vals![next.code(), row.id]).await?;
        audit(&tx, cx, &row, "recheck.decline");
    }
    tx.commit().await
}

/// A booking was cancelled or nobody came: the re-check can be booked again while there is time.
pub(crate) async fn unbooked(tx: &Tx, booking: Uuid) -> Result<()> {
    let sql = "UPDATE recheck SET state = CASE WHEN until_at > $1 THEN 'open' ELSE 'lapsed' END, version = version + 1 \
               WHERE booking_id = $2 AND state = 'booked'";
    tx.run(sql, vals![tx.now_ms(), booking]).await?;
    Ok(())
}

/// The customer of a booking has come: its service is the re-check's. Also after it counted as missed.
pub(crate) async fn arrived(tx: &Tx, booking: Uuid, visit: Uuid) -> Result<()> {
    let find = recheck::Entity::find().filter(recheck::Column::BookingId.eq(booking)).lock_exclusive();
    let Some(row) = find.one(tx).await? else { return Ok(()) };
    let next = state_of(&row)?.after(RecheckMove::Arrive, tx.now(), at(row.until_at))?;
    let sql = "UPDATE recheck SET state = $1, version = version + 1 WHERE id = $2";
    tx.run(sql, vals![next.code(), row.id]).await?;
    tx.run("UPDATE visit_service SET recheck_of = $1 WHERE visit_id = $2", vals![row.id, visit]).await?;
    Ok(())
}

/// Whether the service is a re-check of another one.
pub(crate) async fn is_recheck<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM visit_service WHERE id = $1 AND recheck_of IS NOT NULL";
    Ok(sql::row(db, sql, vals![item]).await?.is_some())
}

/// Whether the service is a re-check whose outcome is not known yet.
pub(crate) async fn outcome_missing<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<bool> {
    let sql = "SELECT 1 FROM visit_service s JOIN recheck r ON r.id = s.recheck_of \
               WHERE s.id = $1 AND r.outcome IS NULL";
    Ok(sql::row(db, sql, vals![item]).await?.is_some())
}

async fn of_item<C: ConnectionTrait>(db: &C, item: Uuid) -> Result<Option<recheck::Model>> {
    #[derive(FromQueryResult)]
    struct Of {
        recheck_of: Option<Uuid>,
    }
    let of: Option<Of> =
        sql::one(db, "SELECT recheck_of FROM visit_service WHERE id = $1", vals![item]).await?;
    match of.and_then(|of| of.recheck_of) {
        Some(id) => Ok(recheck::Entity::find_by_id(id).one(db).await?),
        None => Ok(None),
    }
}

/// What the chair knows of the re-check that a service is.
pub(crate) async fn at_chair<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Option<RecheckAtChair>> {
    Ok(of_item(db, item).await?.map(|row| RecheckAtChair {
        id: RecheckId(row.id),
        served: local_ms(catalog.tz(), row.finished_at),
        staff: row
            .staff_id
            .and_then(|id| catalog.person(StaffId(id)))
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        original: VisitServiceId(row.visit_service_id),
        outcome: row.outcome.as_deref().and_then(RecheckOutcome::from_code),
        note: row.note,
        version: row.version,
    }))
}

/// What the re-check of a service found.
pub(crate) async fn looked_again<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Option<LookedAgain>> {
    let row = recheck::Entity::find().filter(recheck::Column::VisitServiceId.eq(item)).one(db).await?;
    Ok(row.and_then(|row| {
        let outcome = row.outcome.as_deref().and_then(RecheckOutcome::from_code)?;
        Some(LookedAgain { at: local_ms(catalog.tz(), row.done_at?), outcome, note: row.note })
    }))
}

/// Records what was found, at the chair (CARE-1); it may be put right until the service ends.
///
/// # Errors
/// `NotFound` when the service is no re-check, `Forbidden`, `Stale`, `WrongState` when it does not run.
pub async fn record_outcome(cx: &OpContext, cmd: &RecordOutcome) -> Result<domain::treat::Treatment> {
    again!(outcome_once(cx, cmd))?;
    crate::treat::treatment(cx, cmd.item).await
}

async fn outcome_once(cx: &OpContext, cmd: &RecordOutcome) -> Result<()> {
    let tx = cx.begin().await?;
    let (visit, item) = lock_service(&tx, cmd.item).await?;
    cx.allow(Action::Treat, &scope(&item))?;
    let row = of_item(&tx, item.id).await?.ok_or(Error::NotFound)?;
    if item.state != domain::treat::ServiceState::InService.code() {
        return Err(Refusal::WrongState { state: item.state }.into());
    }
    if row.version != cmd.version {
        return Err(Refusal::Stale.into());
    }
    let state = match state_of(&row)? {
        RecheckState::Done => RecheckState::Done,
        state => state.after(RecheckMove::Finish, tx.now(), at(row.until_at))?,
    };
    let sql = "UPDATE recheck SET state = $1, outcome = $2, note = $3, done_at = $4, done_by = $5, \
               version = version + 1 WHERE id = $6 AND version = $7";
    let by = cx.actor.user().map(|id| id.0);
    let values =
        vals![state.code(), cmd.outcome.code(), cmd.note.clone(), tx.now_ms(), by, row.id, row.version];
    if tx.run(sql, values).await? == 0 {
        return Err(Refusal::Stale.into());
    }
    let detail = Some(format!("service={} {}", item.id, cmd.outcome.code()));
    tell(&tx, cx, &visit, "recheck.outcome", &[item.staff_id], detail);
    tx.commit().await
}

/// Whose a service is.
fn scope(item: &visit_service::Model) -> Scope {
    let branch = BranchId(item.branch_id);
    item.staff_id.map_or_else(|| Scope::branch(branch), |staff| Scope::staff(branch, StaffId(staff)))
}

/// Job: ends what was not used in time, and reminds of what ends soon. Gives how many.
///
/// # Errors
/// `Forbidden` for anyone but the house itself, else the database's.
pub async fn due(cx: &OpContext) -> Result<u64> {
    if cx.actor != Actor::System {
        return Err(Error::Forbidden);
    }
    let mut all = 0;
    for step in [true, false] {
        loop {
            let done = if step { again!(lapse(cx))? } else { again!(remind(cx))? };
            all += done;
            if done == 0 {
                break;
            }
        }
    }
    Ok(all)
}

async fn lapse(cx: &OpContext) -> Result<u64> {
    let tx = cx.begin().await?;
    let sql = "UPDATE recheck SET state = 'lapsed', version = version + 1 WHERE state = 'open' AND id IN \
               (SELECT id FROM recheck WHERE state = 'open' AND until_at <= $1 ORDER BY until_at, id LIMIT $2)";
    let done = tx.run(sql, vals![tx.now_ms(), AT_ONCE]).await?;
    tx.commit().await?;
    Ok(done)
}

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
    name_zh: String,
    name_en: String,
}

async fn remind(cx: &OpContext) -> Result<u64> {
    let tx = cx.begin().await?;
    // Whoever reminds first does; nobody waits.
    let skip = match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => "FOR UPDATE OF r SKIP LOCKED",
        _ => "",
    };
    let sql = format!(
        "SELECT r.id, s.name_zh, s.name_en FROM recheck r JOIN visit_service s ON s.id = r.visit_service_id \
         WHERE r.state = 'open' AND r.remind_at <= $1 ORDER BY r.remind_at, r.id LIMIT $2 {skip}"
    );
    let due: Vec<Due> = sql::all(&tx, &sql, vals![tx.now_ms(), AT_ONCE]).await?;
    let ids: Vec<Uuid> = due.iter().map(|row| row.id).collect();
    let rows = recheck::Entity::find().filter(recheck::Column::Id.is_in(ids)).all(&tx).await?;
    for row in &rows {
        let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
        let Some(named) = due.iter().find(|due| due.id == row.id) else { continue };
        let service = Text::new(&*named.name_zh, &*named.name_en);
        // Where the clock has jumped over both, one of them is enough (C-21).
        let last = row.remind_last.filter(|last| *last > tx.now_ms());
        let mark = if last.is_some() { "soon" } else { "last" };
        say(&tx, &catalog, row, service, Template::RecheckEnds, mark).await?;
        tx.run("UPDATE recheck SET remind_at = $1 WHERE id = $2", vals![last, row.id]).await?;
        tx.changed(BranchId(row.branch_id), Topic::Outbox);
    }
    tx.commit().await?;
    Ok(rows.len() as u64)
}
