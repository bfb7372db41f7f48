//! What is taken of people, rooms and devices. Every change of it goes through here: what is kept of it in memory
//! ([`Kept`]) follows once the change is committed, in this process and the others.

mod kept;

pub(crate) use kept::{Kept, Mark};

use crate::{Lock, Result, Tx, entity::allocation, sql::vals, time::DAY_MS};
use domain::{BookingId, booking::slots::Span};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Statement, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What of a resource is taken from a time of that UTC day on. `day`: days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Taken {
    pub resource: Uuid,
    pub day: i64,
}

impl Taken {
    pub fn new(resource: Uuid, from_ms: i64) -> Self {
        Self { resource, day: from_ms.div_euclid(DAY_MS) }
    }
}

/// What a transaction changes of it.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// To be read anew.
    pub gone: Vec<Taken>,
    /// Taken now, or for longer than before.
    pub more: Vec<(Uuid, Mark)>,
}

impl Changes {
    /// All of it, to be read anew.
    pub fn taken(&self) -> Vec<Taken> {
        let more = self.more.iter().map(|(resource, mark)| Taken::new(*resource, mark.span.from));
        self.gone.iter().copied().chain(more).collect()
    }
}

/// The lock under which something is taken of a resource from a time on (C-1). The database divides the same way.
pub(crate) fn lock(resource: Uuid, from_ms: i64) -> Lock {
    Lock::new(resource, from_ms / DAY_MS)
}

/// Takes something more, for as long as a hold lasts or for good. What is not free is known at the commit, or before the
/// next statement: `SlotTaken` without times.
pub(crate) fn take(tx: &Tx, held_until: Option<i64>, rows: impl Iterator<Item = allocation::Model>) {
    let mut rows: Vec<_> = rows.collect();
    // PostgreSQL locks each of them as it is written: always in the same order.
    rows.sort_unstable_by_key(|row| lock(row.resource_id, row.from_ms));
    if !rows.is_empty() {
        let until = held_until.unwrap_or(i64::MAX);
        tx.takes(rows.iter().filter_map(|row| {
            let span = Span::new(row.from_ms, row.to_ms)?;
            Some((row.resource_id, Mark { span, until }))
        }));
        let order: Vec<Lock> = rows.iter().map(|row| lock(row.resource_id, row.from_ms)).collect();
        let rows = rows.into_iter().map(allocation::Model::into_active_model);
        tx.insert_in_order(&allocation::Entity::insert_many(rows), &order);
    }
}

/// Runs an `UPDATE allocation …`, whatever it changes but when something begins. One that gives something to another
/// resource names the old one with [`Tx::took`].
///
/// # Errors
/// `SlotTaken` without times; the database's.
pub(crate) async fn change(tx: &Tx, update: &str, values: Vec<Value>) -> Result<()> {
    tx.took(read(tx, &format!("{update} RETURNING resource_id, from_ms"), values).await?);
    Ok(())
}

/// Commits a transaction that is this one statement, which changes what is taken as in [`change`] and answers with that.
/// `false` when it found nothing to do.
///
/// # Errors
/// The database's.
pub(crate) async fn commit_change(tx: Tx, sql: &str, values: Vec<Value>) -> Result<bool> {
    let rows = tx.commit_with(sql, values, |row| {
        let resource: Option<Uuid> = row.try_get_by_index(0)?;
        let from: Option<i64> = row.try_get_by_index(1)?;
        Ok(resource.zip(from).map(|(resource, from)| Taken::new(resource, from)))
    });
    Ok(rows.await? > 0)
}

/// From a statement that answers with resources and when something of them begins.
async fn read<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<Vec<Taken>> {
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok(Taken::new(row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Gives back everything a booking takes.
///
/// # Errors
/// The database's.
pub(crate) async fn give_back(tx: &Tx, booking: BookingId) -> Result<()> {
    let sql = "UPDATE allocation SET active = FALSE WHERE active AND booking_item_id IN \
               (SELECT id FROM booking_item WHERE booking_id = $1)";
    change(tx, sql, vals![booking.0]).await
}

/// What a booking takes: for [`Tx::takes`] when it takes the same for longer than a hold, since what is kept in memory
/// knows when the hold runs out.
///
/// # Errors
/// The database's.
pub(crate) async fn by_booking<C: ConnectionTrait>(db: &C, booking: BookingId) -> Result<Vec<(Uuid, Mark)>> {
    let sql = "SELECT a.resource_id, a.from_ms, a.to_ms FROM booking_item i \
               JOIN allocation a ON a.booking_item_id = i.id WHERE i.booking_id = $1 AND a.active";
    let mut all = Vec::new();
    let backend = db.get_database_backend();
    for row in db.query_all_raw(Statement::from_sql_and_values(backend, sql, vals![booking.0])).await? {
        if let Some(span) = Span::new(row.try_get_by_index(1)?, row.try_get_by_index(2)?) {
            all.push((row.try_get_by_index(0)?, Mark { span, until: i64::MAX }));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_databases, sql, testing::fixture};
    use domain::AllocationId;
    use sea_orm::DbBackend;

    both_databases! {
        /// Who waits for the program's lock and who waits for the database's wait for each other.
        async fn program_and_database_lock_the_same(h: Harness) {
            if h.store.backend() != DbBackend::Postgres {
                return;
            }
            for (resource, from_ms) in [(fixture::LIN.0, 1_781_100_000_000), (fixture::CHEN.0, 1), (fixture::CHEN.0, -1)] {
                let tx = h.store.begin().await.unwrap();
                let row = allocation::Model {
                    id: AllocationId::new().0,
                    resource_id: resource,
                    from_ms,
                    to_ms: from_ms + 60_000,
                    active: true,
                    booking_item_id: None,
                    visit_service_id: None,
                };
                take(&tx, None, std::iter::once(row));
                let sql = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()";
                let held = async || sql::row(&tx, sql, vals![]).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap();
                assert_eq!(held().await, 1, "the database's");
                tx.lock([lock(resource, from_ms)]).await.unwrap();
                assert_eq!(held().await, 1, "the program's is the same");
                tx.lock([lock(resource, from_ms + 2 * DAY_MS), lock(fixture::WANG.0, from_ms)]).await.unwrap();
                assert_eq!(held().await, 3, "another day, another thing");
            }
        }
    }
}
