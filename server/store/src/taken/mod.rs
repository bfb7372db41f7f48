//! What is taken of people, rooms and devices. Every change of it goes through here: what is kept of it in memory
//! ([`Kept`]) is dropped once the change is committed, in this process and the others.

mod kept;

pub(crate) use kept::{Kept, Mark};

use crate::{Result, Tx, entity::allocation, sql::vals};
use domain::BookingId;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Statement, Value};
use uuid::Uuid;

/// Takes something more. What is not free is known at the commit, or before the next statement: `SlotTaken` without
/// times.
pub(crate) fn take(tx: &Tx, rows: impl Iterator<Item = allocation::Model>) {
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        tx.took(rows.iter().map(|row| row.resource_id));
        let rows = rows.into_iter().map(allocation::Model::into_active_model);
        tx.insert(&allocation::Entity::insert_many(rows));
    }
}

/// Runs an `UPDATE allocation …`, whatever it changes. One that gives something to another resource names the old one
/// with [`Tx::took`].
///
/// # Errors
/// `SlotTaken` without times; the database's.
pub(crate) async fn change(tx: &Tx, update: &str, values: Vec<Value>) -> Result<()> {
    tx.took(resources(tx, &format!("{update} RETURNING resource_id"), values).await?);
    Ok(())
}

/// The resources that a statement answers with.
async fn resources<C: ConnectionTrait>(db: &C, sql: &str, values: Vec<Value>) -> Result<Vec<Uuid>> {
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
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

/// What a booking takes: for [`Tx::took`] when it takes the same for longer than a hold, since what is kept in memory
/// knows when the hold runs out.
///
/// # Errors
/// The database's.
pub(crate) async fn by_booking<C: ConnectionTrait>(db: &C, booking: BookingId) -> Result<Vec<Uuid>> {
    let sql = "SELECT a.resource_id FROM booking_item i JOIN allocation a ON a.booking_item_id = i.id \
               WHERE i.booking_id = $1 AND a.active";
    resources(db, sql, vals![booking.0]).await
}
