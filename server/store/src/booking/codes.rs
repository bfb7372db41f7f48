//! The four digits that a customer says at the desk.
//!
//! Which of them are in use on a branch's day is kept in memory for a moment: while many book, each of them would read it
//! anew. Bookings of other processes are seen a little later, so that two of one day may come to share a code; the desk
//! then asks for the name.

use crate::{Result, sql::vals};
use domain::BranchId;
use rand::Rng;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a day's codes are not read again.
const LIFE: Duration = Duration::from_secs(10);
/// How many there are.
const ALL: u16 = 10_000;

#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<(BranchId, i32), Used>>);

struct Used {
    read: Instant,
    codes: HashSet<u16>,
}

impl Codes {
    /// A code that no other open booking of the branch's day has, while there is one. `day`: days since 1970.
    ///
    /// # Errors
    /// The database's.
    pub async fn draw<C: ConnectionTrait>(&self, db: &C, branch: BranchId, day: i32) -> Result<String> {
        if let Some(code) = self.free(branch, day) {
            return Ok(code);
        }
        let (began, in_use) = (Instant::now(), read(db, branch, day).await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, used| used.is_fresh());
        // What others have drawn meanwhile is in use, too.
        let used = kept.entry((branch, day)).or_insert(Used { read: began, codes: HashSet::new() });
        used.codes.extend(in_use);
        Ok(words(used.draw()))
    }

    /// `None` when it has to be read which are in use.
    fn free(&self, branch: BranchId, day: i32) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept.get_mut(&(branch, day)).filter(|used| used.is_fresh())?;
        Some(words(used.draw()))
    }
}

impl Used {
    fn is_fresh(&self) -> bool {
        self.read.elapsed() < LIFE
    }

    /// The first that is free from a random one on; that one, when none is.
    fn draw(&mut self) -> u16 {
        let first = rand::rng().random_range(0..ALL);
        let mut all = (first..ALL).chain(0..first);
        let code = all.find(|code| !self.codes.contains(code)).unwrap_or(first);
        self.codes.insert(code);
        code
    }
}

fn words(code: u16) -> String {
    format!("{code:04}")
}

async fn read<C: ConnectionTrait>(db: &C, branch: BranchId, day: i32) -> Result<HashSet<u16>> {
    let sql = "SELECT checkin_code FROM booking WHERE branch_id = $1 AND day = $2 AND state IN ('booked', 'confirmed')";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, vals![branch.0, day]);
    let mut codes = HashSet::new();
    for row in db.query_all_raw(statement).await? {
        codes.extend(row.try_get_by_index::<String>(0)?.parse::<u16>());
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_free_code_is_found_and_then_codes_are_shared() {
        let mut used = Used { read: Instant::now(), codes: (0..ALL).filter(|code| *code != 42).collect() };
        assert_eq!(words(used.draw()), "0042");
        assert!(used.draw() < ALL);
    }

    #[test]
    fn nobody_gets_the_same_code_twice() {
        let codes = Codes::default();
        let day = (BranchId::new(), 20_000);
        let used = Used { read: Instant::now(), codes: HashSet::from([7]) };
        codes.0.lock().unwrap().insert(day, used);
        let drawn: HashSet<_> = (1..ALL).map(|_| codes.free(day.0, day.1).unwrap()).collect();
        assert_eq!(drawn.len(), usize::from(ALL) - 1);
        assert!(!drawn.contains("0007"));
    }
}
