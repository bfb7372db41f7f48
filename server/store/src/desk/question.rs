//! 首问负责: questions and requests with one owner each (DESK-5).

use super::people::{colleagues, me, noted};
use crate::{
    Error, OpContext, Result, Tx, entity::desk_question, idempotency, sql, sql::vals, time::local_ms,
};
use chrono_tz::Tz;
use domain::{
    BranchId, FieldCode, QuestionId, Refusal, Text, UserId,
    desk::question::{Ask, OneQuestion, QuestionCard},
    permission::{Action, Scope},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect};
use uuid::Uuid;

/// Open questions that the board lists.
const LISTED: i64 = 30;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    version: i32,
    text: String,
    customer: Option<String>,
    owner_id: Uuid,
    name_zh: String,
    name_en: String,
    opened_at: i64,
    accepted_at: Option<i64>,
}

/// The open questions of a branch, the oldest first.
pub(super) async fn open<C: ConnectionTrait>(
    db: &C,
    branch: BranchId,
    tz: Tz,
    now: i64,
) -> Result<Vec<QuestionCard>> {
    let sql = "SELECT q.id, q.version, q.text, c.name AS customer, q.owner_id, u.name_zh, u.name_en, q.opened_at, \
               q.accepted_at FROM desk_question q JOIN user_account u ON u.id = q.owner_id \
               LEFT JOIN customer c ON c.id = q.customer_id \
               WHERE q.branch_id = $1 AND q.closed_at IS NULL ORDER BY q.opened_at, q.id LIMIT $2";
    let rows: Vec<Row> = sql::all(db, sql, vals![branch.0, LISTED]).await?;
    let card = |row: Row| QuestionCard {
        id: QuestionId(row.id),
        version: row.version,
        text: row.text,
        customer: row.customer,
        owner: UserId(row.owner_id),
        owner_name: Text::new(row.name_zh, row.name_en),
        since: local_ms(tz, row.opened_at),
        minutes: u32::try_from((now - row.opened_at) / 60_000).unwrap_or(0),
        handed: row.accepted_at.is_none(),
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Writes a question down; whoever was asked owns it. The same key again gives the same question.
///
/// # Errors
/// `Invalid` on `customer`, `KeyReused`.
pub async fn ask(cx: &OpContext, branch: BranchId, ask: Ask) -> Result<QuestionId> {
    cx.allow(Action::KeepDesk, &Scope::branch(branch))?;
    let me = me(cx)?;
    let tx = cx.begin().await?;
    let request = (branch, me, &ask.text, ask.customer);
    if let Some(id) = idempotency::seen(&tx, "question", &ask.key, &request).await? {
        tx.commit().await?;
        return Ok(id);
    }
    if let Some(customer) = ask.customer
        && sql::row(&tx, "SELECT 1 FROM customer WHERE id = $1", vals![customer.0]).await?.is_none()
    {
        return Err(Error::field("customer", FieldCode::Choice));
    }
    let id = QuestionId::new();
    let sql = "INSERT INTO desk_question (id, branch_id, customer_id, text, asked_of, owner_id, opened_at, \
               accepted_at, version) VALUES ($1, $2, $3, $4, $5, $5, $6, $6, 1)";
    let customer = ask.customer.map(|c| c.0);
    tx.run(sql, vals![id.0, branch.0, customer, ask.text.clone(), me.0, tx.now_ms()]).await?;
    noted(&tx, cx, branch, ("question.ask", "desk_question"), id.0);
    idempotency::answered(&tx, "question", &ask.key, &id)?;
    tx.commit().await?;
    Ok(id)
}

/// An open question of a branch that the actor keeps, as the desk saw it.
async fn load(tx: &Tx, cx: &OpContext, one: OneQuestion) -> Result<desk_question::Model> {
    let row =
        desk_question::Entity::find_by_id(one.id.0).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    cx.allow(Action::KeepDesk, &Scope::branch(BranchId(row.branch_id))).map_err(|_| Error::NotFound)?;
    if row.closed_at.is_some() {
        return Err(Refusal::WrongState { state: "closed".into() }.into());
    }
    if row.version != one.version {
        return Err(Refusal::Stale.into());
    }
    Ok(row)
}

/// Hands a question to somebody else, who is shown it as new until it is accepted.
///
/// # Errors
/// `Stale`, `WrongState` when closed, `Invalid` on `to`, `NotFound`.
pub async fn hand(cx: &OpContext, one: OneQuestion, to: UserId) -> Result<()> {
    let tx = cx.begin().await?;
    let row = load(&tx, cx, one).await?;
    let branch = BranchId(row.branch_id);
    if row.owner_id == to.0 || !colleagues(&tx, branch).await?.iter().any(|c| c.user == to) {
        return Err(Error::field("to", FieldCode::Choice));
    }
    let sql = "UPDATE desk_question SET owner_id = $1, handed_at = $2, accepted_at = NULL, version = version + 1 \
               WHERE id = $3";
    tx.run(sql, vals![to.0, tx.now_ms(), row.id]).await?;
    noted(&tx, cx, branch, ("question.hand", "desk_question"), row.id);
    tx.commit().await
}

/// The new owner says yes.
///
/// # Errors
/// `Stale`, `WrongState` for anybody else or when closed, `NotFound`.
pub async fn accept(cx: &OpContext, one: OneQuestion) -> Result<()> {
    let tx = cx.begin().await?;
    let row = load(&tx, cx, one).await?;
    if me(cx)?.0 != row.owner_id {
        return Err(super::rows::wrong_state("other"));
    }
    let sql = "UPDATE desk_question SET accepted_at = $1, version = version + 1 WHERE id = $2";
    tx.run(sql, vals![tx.now_ms(), row.id]).await?;
    noted(&tx, cx, BranchId(row.branch_id), ("question.accept", "desk_question"), row.id);
    tx.commit().await
}

/// Closes a question with what came of it.
///
/// # Errors
/// `Stale`, `WrongState`, `NotFound`.
pub async fn close(cx: &OpContext, one: OneQuestion, outcome: String) -> Result<()> {
    let tx = cx.begin().await?;
    let row = load(&tx, cx, one).await?;
    let sql = "UPDATE desk_question SET closed_at = $1, closed_by = $2, outcome = $3, version = version + 1 WHERE id = $4";
    tx.run(sql, vals![tx.now_ms(), me(cx)?.0, outcome, row.id]).await?;
    noted(&tx, cx, BranchId(row.branch_id), ("question.close", "desk_question"), row.id);
    tx.commit().await
}
