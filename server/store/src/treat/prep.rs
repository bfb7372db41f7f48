//! Making ready (TREAT-2): who said of which line that it is done, and when. Each act is a row; the last one counts.

use super::open;
use crate::{
    OpContext, Result, Tx,
    catalog::Catalog,
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    entity::visit_service,
    sql,
    sql::vals,
    time::local_ms,
    tx::again,
};
use domain::{
    BranchId, ServiceId, Text,
    treat::{Climate, ClimateLimits, Prep, PrepItem, PrepView, ServiceState, Treatment},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// A line of the preparation is done, or is not (any more). A climate outside the limits is kept and shown as such.
///
/// # Errors
/// `WrongState` before the customer is there and once the service is over.
pub async fn prepare(cx: &OpContext, cmd: Prep) -> Result<Treatment> {
    again!(prepare_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn prepare_once(cx: &OpContext, cmd: &Prep) -> Result<()> {
    let (tx, visit, item) = open(cx, cmd.item).await?;
    let state = service_state(&item)?;
    if !matches!(state, ServiceState::Waiting | ServiceState::Greeted | ServiceState::InService) {
        return Err(wrong_state(&item.state));
    }
    let outside = match cmd.climate {
        Some(climate) => !limits(&tx, BranchId(item.branch_id)).await?.hold(climate),
        None => false,
    };
    let by = super::author(&tx, cx).await?;
    let sql = "INSERT INTO prep_record (id, visit_service_id, what, done, temperature, humidity, outside, at, by_user, \
               by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = vals![
        Uuid::now_v7(),
        item.id,
        cmd.what.code(),
        cmd.done,
        cmd.climate.map(|climate| climate.temperature),
        cmd.climate.map(|climate| climate.humidity),
        outside,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh,
        by.en,
    ];
    tx.run(sql, values).await?;
    let detail = Some(format!("service={} what={}", item.id, cmd.what.code()));
    tell(&tx, cx, &visit, "service.prepare", &[item.staff_id], detail);
    tx.commit().await
}

/// What a room may be: the setting `treat.climate` of the branch or the chain (JSON), else the usual.
pub(super) async fn limits<C: ConnectionTrait>(db: &C, branch: BranchId) -> Result<ClimateLimits> {
    let sql = "SELECT value FROM setting WHERE key = 'treat.climate' AND (branch_id = $1 OR branch_id IS NULL) \
               ORDER BY CASE WHEN branch_id IS NULL THEN 1 ELSE 0 END LIMIT 1";
    let Some(row) = sql::row(db, sql, vals![branch.0]).await? else { return Ok(ClimateLimits::default()) };
    let value: String = row.try_get_by_index(0)?;
    Ok(serde_json::from_str(&value).unwrap_or_default())
}

#[derive(FromQueryResult)]
struct Row {
    what: String,
    done: bool,
    temperature: Option<i32>,
    humidity: Option<i32>,
    outside: bool,
    at: i64,
    by_zh: String,
    by_en: String,
}

/// The lines that this service has, in their order, each as it stands.
pub(super) async fn lines<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: &visit_service::Model,
) -> Result<Vec<PrepView>> {
    let sql = "SELECT what, done, temperature, humidity, outside, at, by_zh, by_en FROM prep_record \
               WHERE visit_service_id = $1 ORDER BY at, id LIMIT 500";
    let rows: Vec<Row> = sql::all(db, sql, vals![item.id]).await?;
    let needs_device =
        catalog.service(ServiceId(item.service_id)).is_some_and(|service| !service.devices.is_empty());
    let line = |what: PrepItem| {
        let last = rows.iter().rev().find(|row| row.what == what.code()).filter(|row| row.done);
        PrepView {
            what,
            done: last
                .map(|row| (local_ms(catalog.tz(), row.at), Text::new(row.by_zh.clone(), row.by_en.clone()))),
            climate: last
                .and_then(|row| row.temperature.zip(row.humidity))
                .map(|(temperature, humidity)| Climate { temperature, humidity }),
            outside: last.is_some_and(|row| row.outside),
        }
    };
    let wanted = |what: &&PrepItem| **what != PrepItem::Device || needs_device;
    Ok(PrepItem::ALL.iter().filter(wanted).map(|what| line(*what)).collect())
}

/// The lines that were not done when the service began, as a deviation for the technical lead (TREAT-3).
pub(super) async fn left_open(tx: &Tx, catalog: &Catalog, item: &visit_service::Model) -> Result<()> {
    let lines = lines(tx, catalog, item).await?;
    let open: Vec<&str> =
        lines.iter().filter(|line| line.done.is_none()).map(|line| line.what.code()).collect();
    if open.is_empty() {
        return Ok(());
    }
    // Codes: worded where they are shown.
    let codes = open.join(",");
    let text = Text::new(codes.clone(), codes);
    super::deviation::add(tx, item, domain::treat::DeviationKind::Prep, &text, None).await
}
