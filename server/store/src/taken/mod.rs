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
    note(tx, &format!("{update} RETURNING resource_id"), values).await
}

/// Remembers the resources that a statement answers with.
async fn note(tx: &Tx, sql: &str, values: Vec<Value>) -> Result<()> {
    let rows =
        tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    for row in rows {
        tx.took([row.try_get_by_index::<Uuid>(0)?]);
    }
    Ok(())
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

/// A booking takes what it took, but for longer than a hold: what is kept in memory knows when the hold runs out.
///
/// # Errors
/// The database's.
pub(crate) async fn settle(tx: &Tx, booking: BookingId) -> Result<()> {
    let sql = "SELECT a.resource_id FROM booking_item i JOIN allocation a ON a.booking_item_id = i.id \
               WHERE i.booking_id = $1 AND a.active";
    note(tx, sql, vals![booking.0]).await
}
