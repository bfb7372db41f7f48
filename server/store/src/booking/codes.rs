//! The four digits that a customer says at the desk.
//!
//! Which of them are in use on a branch's day is kept in memory for a moment: while many book, each of them would read it
//! anew. Bookings of other processes are seen a little later, so that two of one day may come to share a code; the desk
//! then asks for the name.

use crate::{Result, sql::vals, token};
use domain::BranchId;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a day's codes are not read again.
const LIFE: Duration = Duration::from_secs(10);
/// Codes drawn for a booking, of which the first that is free is taken.
const DRAWN: usize = 12;

#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<(BranchId, i32), Used>>);

struct Used {
    read: Instant,
    codes: HashSet<String>,
}

impl Codes {
    /// A code that no other open booking of the branch's day has. `day`: days since 1970.
    ///
    /// # Errors
    /// The database's.
    pub async fn draw<C: ConnectionTrait>(&self, db: &C, branch: BranchId, day: i32) -> Result<String> {
        if let Some(code) = self.free(branch, day) {
            return Ok(code);
        }
        let codes = read(db, branch, day).await?;
        self.keep(branch, day, codes);
        // Gone again at once only on a machine that stood still.
        Ok(self.free(branch, day).unwrap_or_else(|| token::digits(4)))
    }

    /// `None` when it has to be read which are free.
    fn free(&self, branch: BranchId, day: i32) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept.get_mut(&(branch, day)).filter(|used| used.read.elapsed() < LIFE)?;
        let mut drawn = (0..DRAWN).map(|_| token::digits(4));
        // When nearly all are in use, two share one.
        let code = drawn.find(|code| !used.codes.contains(code)).unwrap_or_else(|| token::digits(4));
        used.codes.insert(code.clone());
        Some(code)
    }

    fn keep(&self, branch: BranchId, day: i32, codes: HashSet<String>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, used| used.read.elapsed() < LIFE);
        let used =
            kept.entry((branch, day)).or_insert_with(|| Used { read: Instant::now(), codes: HashSet::new() });
        used.codes.extend(codes);
    }
}

async fn read<C: ConnectionTrait>(db: &C, branch: BranchId, day: i32) -> Result<HashSet<String>> {
    let sql = "SELECT checkin_code FROM booking WHERE branch_id = $1 AND day = $2 AND state IN ('booked', 'confirmed')";
    let values = vals![branch.0, day];
    let rows =
        db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}
