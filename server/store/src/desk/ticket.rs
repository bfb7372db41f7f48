//! Tickets: A01, A02 … per branch and day, and what is handed out with them.

use super::{
    line::{line, place_of},
    today::Today,
};
use crate::{Lock, OpContext, Result, Tx, catalog::Catalog, sql, sql::vals, token};
use domain::{
    VisitId,
    booking::Qr,
    desk::{TicketView, estimate::wait_minutes},
};
use std::sync::Arc;
use uuid::Uuid;

/// A visit that begins.
pub(super) struct NewVisit {
    pub id: Uuid,
    pub customer: Uuid,
    pub booking: Option<Uuid>,
    /// Booked start.
    pub planned_ms: Option<i64>,
    pub key: Option<String>,
}

/// Inserts the visit with the next ticket of the day. Numbers are given one after the other: on PostgreSQL whoever else
/// wants one waits for this transaction (the unique index is behind it).
pub(super) async fn insert_visit(tx: &Tx, catalog: &Catalog, day: i32, visit: &NewVisit) -> Result<()> {
    let branch = catalog.branch.id.0;
    tx.lock([Lock::new(branch, day)]).await?;
    let row =
        sql::row(tx, "SELECT COUNT(*) FROM visit WHERE branch_id = $1 AND day = $2", vals![branch, day])
            .await?;
    let given: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    let (link, now) = (token::link(), tx.now_ms());
    // WAIT: whoever booked and comes early can be served from the booked time on.
    let ready = visit.planned_ms.map_or(now, |planned| planned.max(now));
    let sql = "INSERT INTO visit (id, branch_id, customer_id, booking_id, day, state, ticket, token_hash, token, \
               planned_ms, arrived_at, ready_at, walk_in, key, version) \
               VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9, $10, $11, $12, $13, 1)";
    let values = vals![
        visit.id,
        branch,
        visit.customer,
        visit.booking,
        day,
        number(given + 1),
        token::hash(&link),
        link,
        visit.planned_ms,
        now,
        ready,
        visit.booking.is_none(),
        visit.key.clone(),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// `A01` … `A99`, `A100` …
pub(crate) fn number(n: i64) -> String {
    format!("A{n:02}")
}

/// The ticket of a visit that waits, with place and estimate. Reads within the transaction, so that it is right also
/// when several come at once.
pub(super) async fn view(cx: &OpContext, tx: &Tx, catalog: Arc<Catalog>, visit: Uuid) -> Result<TicketView> {
    let row = sql::row(tx, "SELECT token FROM visit WHERE id = $1", vals![visit]).await?;
    let token: String = row.ok_or(crate::Error::NotFound)?.try_get_by_index(0)?;
    let today = Today::load(tx, catalog, cx.now()).await?;
    let mine = today.visits.iter().find(|v| v.id == visit).ok_or(crate::Error::NotFound)?;
    let expected = line(&today).into_iter().find(|one| one.visit.id == visit).and_then(|one| one.expected);
    Ok(TicketView {
        visit: VisitId(visit),
        ticket: mine.ticket.clone(),
        name: mine.name.clone(),
        place: place_of(&today, visit),
        estimate: expected.map(|(start, _)| wait_minutes(today.now, start)),
        link: format!("/q/{token}"),
        qr: Qr::default(),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers() {
        assert_eq!([1, 42, 99, 100].map(super::number), ["A01", "A42", "A99", "A100"]);
    }
}
