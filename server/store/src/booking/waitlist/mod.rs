//! Waiting for a time to become free (BOOK-10).
//!
//! An offer is a booking in the state *held* that belongs to the one it is offered to: the database's rule against
//! overlaps keeps everybody else away, in every process and across restarts, and who accepts gets that very booking.
//! What has become free is not reported by anybody; the job looks, so nothing that frees a time can be forgotten.

mod answer;
mod join;
mod list;
mod offer;

pub use answer::{accept, decline, leave, remove};
pub use join::{enter, join, send_code, verify};
pub use list::{list, mine, page, view};
pub use offer::tend;

use super::plan::{For, Request};
use crate::{
    Error, OpContext, Result, Tx, audit,
    catalog::Catalog,
    sql,
    sql::vals,
    time::{at, date},
    token,
};
use domain::{
    Actor, EventId, Refusal, ServiceId, StaffId,
    booking::waitlist::{WaitMove, WaitState},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A row of the waitlist.
#[derive(Clone, Debug, FromQueryResult)]
struct Entry {
    id: Uuid,
    branch_id: Uuid,
    customer_id: Option<Uuid>,
    state: String,
    channel: String,
    services: String,
    who: Option<Uuid>,
    first_day: i32,
    last_day: i32,
    parts: i32,
    token: String,
    contact_name: Option<String>,
    contact_phone: Option<String>,
    booking_id: Option<Uuid>,
    offered_until: Option<i64>,
    misses: i32,
    queued_at: i64,
    version: i32,
}

const COLUMNS: &str = "id, branch_id, customer_id, state, channel, services, who, first_day, last_day, parts, token, \
                       contact_name, contact_phone, booking_id, offered_until, misses, queued_at, version";

impl Entry {
    /// # Errors
    /// `NotFound` for an unknown link.
    async fn by_token<C: ConnectionTrait>(db: &C, link: &str) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM waitlist WHERE token_hash = $1");
        sql::one(db, &sql, vals![token::hash(link)]).await?.ok_or(Error::NotFound)
    }

    async fn by_id<C: ConnectionTrait>(db: &C, id: Uuid) -> Result<Self> {
        let sql = format!("SELECT {COLUMNS} FROM waitlist WHERE id = $1");
        sql::one(db, &sql, vals![id]).await?.ok_or(Error::NotFound)
    }

    fn state(&self) -> Result<WaitState> {
        WaitState::from_code(&self.state).ok_or_else(|| Error::internal("unknown state on the waitlist"))
    }

    fn service_ids(&self) -> Vec<ServiceId> {
        self.services.split(',').filter_map(|id| id.parse().ok()).collect()
    }

    fn who(&self) -> Option<StaffId> {
        self.who.map(StaffId)
    }

    /// What is waited for, within the notice that customers have; the desk may have entered what is not online.
    fn request<'a>(&self, cx: &OpContext, catalog: &'a Catalog) -> Result<Request<'a>> {
        let whose = if self.channel == "desk" { For::Desk } else { For::Customer };
        let request = Request::new(catalog, &self.service_ids(), self.who(), cx.now(), whose)?;
        Ok(request.asked_at(cx.now()))
    }

    /// The time being offered has run out.
    fn is_late(&self, now_ms: i64) -> bool {
        self.offered_until.is_none_or(|until| until <= now_ms)
    }

    /// Takes the step and saves it with what else changes, given as `column = $n` from `$5` on.
    ///
    /// # Errors
    /// `WrongState`; `Stale` when somebody else has changed it since it was read.
    async fn step(&mut self, tx: &Tx, step: WaitMove, set: &str, values: Vec<sea_orm::Value>) -> Result<()> {
        let next = self.state()?.after(step)?;
        let sql = format!(
            "UPDATE waitlist SET state = $1, updated_at = $2, version = version + 1{}{set} \
             WHERE id = $3 AND version = $4",
            if set.is_empty() { "" } else { ", " }
        );
        let mut all = vals![next.code(), tx.now_ms(), self.id, self.version];
        all.extend(values);
        if tx.run(&sql, all).await? != 1 {
            return Err(Refusal::Stale.into());
        }
        self.state = next.code().into();
        self.version += 1;
        Ok(())
    }

    fn days(&self) -> (chrono::NaiveDate, chrono::NaiveDate) {
        (date(self.first_day), date(self.last_day))
    }

    /// Everybody who looks at the branch's list reads it anew.
    fn tell(&self, tx: &Tx) {
        tx.changed(domain::BranchId(self.branch_id), domain::live::Topic::Board);
    }
}

/// A line of an entry's history: who, when, about which time.
fn event(tx: &Tx, actor: &Actor, entry: Uuid, kind: &str, time: Option<(i64, i64)>) {
    let (by_kind, by_id) = audit::actor(actor);
    let sql = "INSERT INTO waitlist_event (id, waitlist_id, at, kind, by_kind, by_id, from_ms, to_ms) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (from, to) = (time.map(|t| t.0), time.map(|t| t.1));
    tx.later(sql, vals![EventId::new().0, entry, tx.now_ms(), kind, by_kind, by_id, from, to]);
}

/// Seconds until then.
fn seconds(cx: &OpContext, until: i64) -> u32 {
    u32::try_from((at(until) - cx.now()).num_seconds().max(0)).unwrap_or(0)
}
