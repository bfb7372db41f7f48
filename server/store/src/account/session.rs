//! Sessions (C-40): a token of 256 random bits, of which only the SHA-256 is kept. They slide: used, they last on.
//! Each lookup reads the account as it is now, so that a changed role or password or a disabled login ends them at once.

use crate::{
    OpContext, Result, SessionHash, Store, Tx,
    audit::{self, Entry},
    connection::Connection,
    crew::Told,
    lookup::Keyed,
    sql::{self, vals},
    time::ms,
    token,
};
use chrono::{DateTime, Duration, Utc};
use domain::{Actor, BranchId, CustomerId, Role, StaffId, UserId};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use std::sync::Arc;
use uuid::Uuid;

const STAFF: Duration = Duration::hours(12);
const STAFF_REMEMBERED: Duration = Duration::days(7);
const CUSTOMER: Duration = Duration::days(30);
/// A session is prolonged when it was not for so long, instead of at every request.
const TOUCH: Duration = Duration::minutes(5);
/// C-21: a session seen so far in the future is from before the clock was set back, and over.
const CLOCK_SLACK: Duration = Duration::minutes(10);

/// A session that has just begun. The token goes into the cookie and nowhere else.
#[derive(Clone)]
pub struct NewSession {
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// Without the token: it never reaches a log by accident (C-46).
impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

pub(super) enum Owner {
    User { id: UserId, version: i32, remember: bool },
    Customer(CustomerId),
}

/// Begins a session and ends the one the request came with: nobody goes on with a token from before the sign-in.
pub(super) fn begin(tx: &Tx, cx: &OpContext, owner: Owner) -> NewSession {
    if let Some(old) = &cx.session {
        tx.later("DELETE FROM session WHERE id_hash = $1", vals![old.0.as_str()]);
    }
    let (user, version, customer, ttl) = match owner {
        Owner::User { id, version, remember } => {
            (Some(id.0), Some(version), None, if remember { STAFF_REMEMBERED } else { STAFF })
        }
        Owner::Customer(id) => (None, None, Some(id.0), CUSTOMER),
    };
    let token = token::session();
    let expires_at = tx.now() + ttl;
    let sql = "INSERT INTO session (id_hash, user_id, user_version, customer_id, created_at, seen_at, expires_at, ttl_ms, \
               addr) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)";
    let addr: String = cx.addr.chars().take(64).collect();
    let values = vals![
        token::hash(&token),
        user,
        version,
        customer,
        tx.now_ms(),
        ms(expires_at),
        ttl.num_milliseconds(),
        addr
    ];
    tx.later(sql, values);
    NewSession { token, expires_at }
}

/// A customer who has proved the phone number is signed in: booking does it in its own transaction.
pub(crate) fn new_customer_session(tx: &Tx, cx: &OpContext, customer: CustomerId) -> NewSession {
    begin(tx, cx, Owner::Customer(customer))
}

#[derive(Clone, FromQueryResult)]
pub(crate) struct Row {
    id_hash: String,
    user_id: Option<Uuid>,
    user_version: Option<i32>,
    customer_id: Option<Uuid>,
    seen_at: i64,
    expires_at: i64,
    ttl_ms: i64,
    role: Option<String>,
    branch_id: Option<Uuid>,
    staff_id: Option<Uuid>,
    disabled_at: Option<i64>,
    version: Option<i32>,
}

/// Sessions by the hash of their token.
pub(crate) struct Sessions;

impl Keyed for Sessions {
    type Key = String;
    type Thing = Row;

    async fn ask(&self, db: &Connection, hashes: Vec<String>) -> Told<Vec<(String, Row)>> {
        let mut values = Vec::new();
        let list = sql::list(&mut values, hashes);
        let sql = format!(
            "SELECT s.id_hash, s.user_id, s.user_version, s.customer_id, s.seen_at, s.expires_at, s.ttl_ms, \
             u.role, u.branch_id, u.staff_id, u.disabled_at, u.version \
             FROM session s LEFT JOIN user_account u ON u.id = s.user_id WHERE s.id_hash IN ({list})"
        );
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let rows = Row::find_by_statement(statement).all(db).await?;
        Ok(rows.into_iter().map(|row| (row.id_hash.clone(), row)).collect())
    }
}

/// Who a session's token belongs to; `None` when it is over or never was. One read; now and then one write.
///
/// # Errors
/// The database's.
pub async fn actor_of(store: &Arc<Store>, token: &str) -> Result<Option<(Actor, SessionHash)>> {
    let hash = token::hash(token);
    let Some(row) = store.sessions.find(hash.clone()).await? else { return Ok(None) };
    let now = ms(store.now());
    let in_time = now < row.expires_at && row.seen_at <= now + CLOCK_SLACK.num_milliseconds();
    let Some(actor) = actor(&row).filter(|_| in_time) else { return Ok(None) };
    if now - row.seen_at > TOUCH.num_milliseconds() {
        touch(store, &hash, now, row.ttl_ms).await;
    }
    Ok(Some((actor, SessionHash(hash))))
}

fn actor(row: &Row) -> Option<Actor> {
    if let Some(id) = row.customer_id {
        return Some(Actor::Customer { id: CustomerId(id) });
    }
    if row.disabled_at.is_some() || row.version != row.user_version {
        return None;
    }
    Some(Actor::Staff {
        user: UserId(row.user_id?),
        staff: row.staff_id.map(StaffId),
        role: Role::from_code(row.role.as_deref()?)?,
        branch: row.branch_id.map(BranchId),
    })
}

/// Prolongs a session. An UPDATE, so that one that was ended meanwhile stays ended; not worth refusing a request for.
async fn touch(store: &Arc<Store>, hash: &str, now: i64, ttl: i64) {
    let prolong = async {
        let tx = store.begin().await?;
        let sql = "UPDATE session SET seen_at = $1, expires_at = $2 WHERE id_hash = $3 AND seen_at < $1";
        tx.run(sql, vals![now, now + ttl, hash]).await?;
        tx.commit().await
    };
    if let Err(error) = prolong.await {
        tracing::warn!(%error, "a session was not prolonged");
    }
}

/// Ends the session of this request.
///
/// # Errors
/// The database's.
pub async fn sign_out(cx: &OpContext) -> Result<()> {
    let Some(session) = &cx.session else { return Ok(()) };
    let tx = cx.begin().await?;
    tx.run("DELETE FROM session WHERE id_hash = $1", vals![session.0.as_str()]).await?;
    log(&tx, cx, "session.sign_out");
    tx.commit().await
}

/// Ends all sessions of who asks, on every device.
///
/// # Errors
/// `SignedOut`.
pub async fn sign_out_everywhere(cx: &OpContext) -> Result<()> {
    let tx = cx.begin().await?;
    match &cx.actor {
        Actor::Customer { id } => tx.run("DELETE FROM session WHERE customer_id = $1", vals![id.0]).await?,
        Actor::Staff { user, .. } => tx.run("DELETE FROM session WHERE user_id = $1", vals![user.0]).await?,
        Actor::Stranger | Actor::System => return Err(crate::Error::SignedOut),
    };
    log(&tx, cx, "session.sign_out_everywhere");
    tx.commit().await
}

fn log(tx: &Tx, cx: &OpContext, action: &str) {
    let (_, id) = audit::actor(&cx.actor);
    tx.audit(cx, Entry { action, entity: "session", id, ..Entry::default() });
}

/// Takes over a new version of the own account, after a change that ends all other sessions.
pub(super) async fn keep_own(tx: &Tx, cx: &OpContext) -> Result<()> {
    let Some(session) = &cx.session else { return Ok(()) };
    let sql = "UPDATE session SET user_version = (SELECT version FROM user_account WHERE id = session.user_id) \
               WHERE id_hash = $1 AND user_id IS NOT NULL";
    tx.run(sql, vals![session.0.as_str()]).await?;
    Ok(())
}
