//! Comfort and skin reactions with their time (TREAT-4), and advice for the time after (TREAT-6).

use super::{complete::send_advice, open};
use crate::{
    OpContext, Result, Tx,
    catalog::Catalog,
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    sql,
    sql::vals,
    time::local_ms,
    tx::again,
};
use domain::{
    Text,
    treat::{Advice, AdviceKind, AdviceView, Feel, FeelView, Reaction, ServiceState, Treatment},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// How the customer feels now. The same key again is the same answer.
///
/// # Errors
/// `WrongState` unless the service runs.
pub async fn feel(cx: &OpContext, cmd: Feel) -> Result<Treatment> {
    again!(feel_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn feel_once(cx: &OpContext, cmd: &Feel) -> Result<()> {
    let (tx, visit, item) = open(cx, cmd.item).await?;
    let key = format!("{}:{}", cmd.item, cmd.key);
    if known(&tx, "feel", &key).await? {
        return tx.commit().await;
    }
    if service_state(&item)? != ServiceState::InService {
        return Err(wrong_state(&item.state));
    }
    let by = super::author(&tx, cx).await?;
    let reactions: Vec<_> = cmd.reactions.iter().map(|one| one.code()).collect();
    let sql = "INSERT INTO feel (id, visit_service_id, comfort, reactions, note, key, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = vals![
        Uuid::now_v7(),
        item.id,
        i32::from(cmd.comfort),
        reactions.join(","),
        cmd.note.clone(),
        key,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh,
        by.en,
    ];
    tx.run(sql, values).await?;
    tell(&tx, cx, &visit, "service.feel", &[item.staff_id], Some(format!("service={}", item.id)));
    tx.commit().await
}

/// Whether a row with this key is there already. `table` is a name of ours.
pub(super) async fn known(tx: &Tx, table: &str, key: &str) -> Result<bool> {
    let sql = format!("SELECT 1 FROM {table} WHERE key = $1");
    Ok(sql::row(tx, &sql, vals![key]).await?.is_some())
}

#[derive(FromQueryResult)]
struct FeelRow {
    comfort: i32,
    reactions: String,
    note: Option<String>,
    at: i64,
    by_zh: String,
    by_en: String,
}

/// In the order of time.
pub(super) async fn feels<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Vec<FeelView>> {
    let sql = "SELECT comfort, reactions, note, at, by_zh, by_en FROM feel WHERE visit_service_id = $1 \
               ORDER BY at, id LIMIT 200";
    let rows: Vec<FeelRow> = sql::all(db, sql, vals![item]).await?;
    let view = |row: FeelRow| FeelView {
        at: local_ms(catalog.tz(), row.at),
        comfort: u8::try_from(row.comfort).unwrap_or(3),
        reactions: row.reactions.split(',').filter_map(Reaction::from_code).collect(),
        note: row.note,
        by: Text::new(row.by_zh, row.by_en),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Advice about diet or products. It goes to the customer's phone with the aftercare, or at once when the service is over.
///
/// # Errors
/// `WrongState` before the service began.
pub async fn advise(cx: &OpContext, cmd: Advice) -> Result<Treatment> {
    again!(advise_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn advise_once(cx: &OpContext, cmd: &Advice) -> Result<()> {
    let (tx, visit, item) = open(cx, cmd.item).await?;
    let key = format!("{}:{}", cmd.item, cmd.key);
    if known(&tx, "advice_note", &key).await? {
        return tx.commit().await;
    }
    let state = service_state(&item)?;
    if !matches!(state, ServiceState::InService | ServiceState::Done) {
        return Err(wrong_state(&item.state));
    }
    let by = super::author(&tx, cx).await?;
    let id = Uuid::now_v7();
    let sql = "INSERT INTO advice_note (id, visit_service_id, kind, text, key, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let user = cx.actor.user().map(|id| id.0);
    let values = vals![id, item.id, cmd.kind.code(), cmd.text.as_str(), key, tx.now_ms(), user, by.zh, by.en];
    tx.run(sql, values).await?;
    if state == ServiceState::Done {
        send_advice(&tx, cx, &visit, &item, id, &cmd.text).await?;
    }
    tell(&tx, cx, &visit, "service.advise", &[item.staff_id], Some(format!("service={}", item.id)));
    tx.commit().await
}

#[derive(FromQueryResult)]
struct AdviceRow {
    kind: String,
    text: String,
    at: i64,
    by_zh: String,
    by_en: String,
}

pub(super) async fn advice<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Vec<AdviceView>> {
    let sql = "SELECT kind, text, at, by_zh, by_en FROM advice_note WHERE visit_service_id = $1 ORDER BY at, id LIMIT 100";
    let rows: Vec<AdviceRow> = sql::all(db, sql, vals![item]).await?;
    let view = |row: AdviceRow| AdviceView {
        kind: AdviceKind::from_code(&row.kind).unwrap_or(AdviceKind::Product),
        text: row.text,
        at: local_ms(catalog.tz(), row.at),
        by: Text::new(row.by_zh, row.by_en),
    };
    Ok(rows.into_iter().map(view).collect())
}
