//! What the customer's phone shows of the days after: aftercare told, the re-check, the calls.

use super::{recheck::shown, state_of};
use crate::{
    Error, OpContext, Result,
    audit::Entry,
    entity::{booking, followup, recheck},
    sql::{self, vals},
    time::{DAY_MS, date, day_of, local_ms, ms},
    token,
    tx::again,
};
use domain::{
    BranchId, CustomerId, StaffId, Text,
    care::{AfterService, CallLine, CallState, CareHome},
    permission::{Action, Scope},
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// Services done so many days ago are shown.
const DAYS: i64 = 14;
/// At most so many.
const MOST: i64 = 6;

#[derive(FromQueryResult)]
struct Done {
    id: Uuid,
    branch_id: Uuid,
    staff_id: Option<Uuid>,
    name_zh: String,
    name_en: String,
    finished_at: i64,
}

/// The signed-in customer's.
///
/// # Errors
/// `SignedOut`, `Forbidden` for staff.
pub async fn of_customer(cx: &OpContext) -> Result<CareHome> {
    let me = mine(cx)?;
    let since = ms(cx.now()) - DAYS * DAY_MS;
    let sql = format!(
        "SELECT s.id, s.branch_id, s.staff_id, s.name_zh, s.name_en, s.finished_at FROM visit v \
         JOIN visit_service s ON s.visit_id = v.id WHERE v.customer_id = $1 AND v.arrived_at >= $2 - {DAY_MS} \
         AND s.state = 'done' AND s.recheck_of IS NULL AND s.finished_at >= $2 \
         ORDER BY s.finished_at DESC, s.id LIMIT {MOST}"
    );
    let done: Vec<Done> = sql::all(cx.db(), &sql, vals![me.0, since]).await?;
    let declined = "SELECT 1 FROM no_calls WHERE customer_id = $1";
    Ok(CareHome {
        services: after(cx, done).await?,
        calls: sql::row(cx.db(), declined, vals![me.0]).await?.is_none(),
    })
}

fn mine(cx: &OpContext) -> Result<CustomerId> {
    let me = cx.actor.customer();
    cx.allow(Action::SeeOwnBookings, &me.map_or_else(Scope::none, Scope::customer))?;
    me.ok_or(Error::Forbidden)
}

/// Of the visit that a booking became, by its link.
///
/// # Errors
/// `NotFound`.
pub async fn of_booking(cx: &OpContext, link: &str) -> Result<Vec<AfterService>> {
    cx.allow(Action::SeePublic, &Scope::none())?;
    let sql = format!(
        "SELECT s.id, s.branch_id, s.staff_id, s.name_zh, s.name_en, s.finished_at FROM booking b \
         JOIN visit v ON v.booking_id = b.id JOIN visit_service s ON s.visit_id = v.id \
         WHERE b.token_hash = $1 AND s.state = 'done' AND s.recheck_of IS NULL AND s.finished_at IS NOT NULL \
         ORDER BY s.position LIMIT {MOST}"
    );
    let done = sql::all(cx.db(), &sql, vals![token::hash(link)]).await?;
    after(cx, done).await
}

#[derive(FromQueryResult)]
struct Told {
    visit_service_id: Uuid,
    text_zh: String,
    text_en: String,
}

async fn told(cx: &OpContext, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Text>>> {
    let list = (1..=ids.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(",");
    let sql = format!(
        "SELECT t.visit_service_id, a.text_zh, a.text_en, a.position FROM aftercare_told t \
         JOIN aftercare a ON a.id = t.aftercare_id WHERE t.visit_service_id IN ({list}) \
         UNION ALL SELECT n.visit_service_id, n.text, n.text, 1000 FROM advice_note n \
         WHERE n.visit_service_id IN ({list}) ORDER BY 4"
    );
    let rows: Vec<Told> = sql::all(cx.db(), &sql, ids.iter().map(|id| (*id).into()).collect()).await?;
    let mut out: HashMap<Uuid, Vec<Text>> = HashMap::new();
    for row in rows {
        out.entry(row.visit_service_id).or_default().push(Text::new(row.text_zh, row.text_en));
    }
    Ok(out)
}

/// A fixed number of statements, however many services.
async fn after(cx: &OpContext, done: Vec<Done>) -> Result<Vec<AfterService>> {
    if done.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = done.iter().map(|row| row.id).collect();
    let mut told = told(cx, &ids).await?;
    let of = recheck::Column::VisitServiceId.is_in(ids.iter().copied());
    let rechecks = recheck::Entity::find().filter(of).all(cx.db()).await?;
    let booked = booking::Column::Id.is_in(rechecks.iter().filter_map(|row| row.booking_id));
    let bookings = booking::Entity::find().filter(booked).all(cx.db()).await?;
    let of = followup::Column::VisitServiceId.is_in(ids.iter().copied());
    let calls =
        followup::Entity::find().filter(of).order_by_asc(followup::Column::DayNo).all(cx.db()).await?;
    let mut out = Vec::with_capacity(done.len());
    for row in done {
        let catalog = cx.store.catalog(BranchId(row.branch_id)).await?;
        let service = Text::new(row.name_zh, row.name_en);
        let recheck = match rechecks.iter().find(|r| r.visit_service_id == row.id) {
            Some(own) => {
                let state = state_of(own)?;
                let live =
                    matches!(state, domain::care::RecheckState::Booked | domain::care::RecheckState::Done);
                let booking = bookings.iter().find(|b| live && Some(b.id) == own.booking_id);
                Some(shown(cx, &catalog, own.clone(), state, service.clone(), booking))
            }
            None => None,
        };
        let line = |call: &followup::Model| {
            CallState::from_code(&call.state).map(|state| CallLine { on: date(call.due_day), state })
        };
        out.push(AfterService {
            staff: row
                .staff_id
                .and_then(|id| catalog.person(StaffId(id)))
                .map(|person| person.name.clone())
                .unwrap_or_default(),
            served: local_ms(catalog.tz(), row.finished_at),
            today: date(day_of(catalog.tz(), cx.now())),
            advice: told.remove(&row.id).unwrap_or_default(),
            calls: calls.iter().filter(|call| call.visit_service_id == row.id).filter_map(line).collect(),
            service,
            recheck,
        });
    }
    Ok(out)
}

/// The signed-in customer does not wish to be called any more, or does again. Calls that were still to come are let be.
///
/// # Errors
/// `SignedOut`, `Forbidden` for staff.
pub async fn set_calls(cx: &OpContext, wanted: bool) -> Result<()> {
    let me = mine(cx)?;
    again!(set_once(cx, me, wanted))
}

async fn set_once(cx: &OpContext, me: CustomerId, wanted: bool) -> Result<()> {
    let tx = cx.begin().await?;
    if wanted {
        tx.run("DELETE FROM no_calls WHERE customer_id = $1", vals![me.0]).await?;
    } else {
        let sql =
            "INSERT INTO no_calls (customer_id, at) VALUES ($1, $2) ON CONFLICT (customer_id) DO NOTHING";
        tx.run(sql, vals![me.0, tx.now_ms()]).await?;
        let sql = "UPDATE followup SET state = 'declined', version = version + 1 \
                   WHERE customer_id = $1 AND state = 'open'";
        tx.run(sql, vals![me.0]).await?;
    }
    let detail = Some(format!("wanted={wanted}"));
    let entry = Entry { action: "care.calls", entity: "customer", id: Some(me.0), branch: None, detail };
    tx.audit(cx, entry);
    tx.commit().await
}
