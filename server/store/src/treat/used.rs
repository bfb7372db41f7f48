//! Products with their batches, devices with their settings (TREAT-5).

use super::{feel::known, open};
use crate::{
    Error, OpContext, Result, Tx,
    consult::{Known, against},
    desk::{
        rows::{service_state, wrong_state},
        tell::tell,
    },
    entity::{visit, visit_service},
    sql,
    sql::vals,
    tx::again,
};
use domain::{
    BranchId, FieldCode, Refusal, ServiceId, Text, UsedId, VisitServiceId,
    treat::{ServiceState, SettingValue, Treatment, UseDevice, UseProduct},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

async fn running(cx: &OpContext, id: VisitServiceId) -> Result<(Tx, visit::Model, visit_service::Model)> {
    let (tx, visit, item) = open(cx, id).await?;
    if service_state(&item)? != ServiceState::InService {
        return Err(wrong_state(&item.state));
    }
    Ok((tx, visit, item))
}

#[derive(FromQueryResult)]
struct Product {
    name_zh: String,
    name_en: String,
    unit_zh: String,
    unit_en: String,
    contains: String,
}

/// A product was used: batch and amount. The same key again adds nothing.
///
/// # Errors
/// `WrongState` unless the service runs, `Choice` on `product` for one the branch does not have, `AllergenInside` when it
/// contains what the customer is allergic to and no reason is given.
pub async fn use_product(cx: &OpContext, cmd: UseProduct) -> Result<Treatment> {
    again!(use_product_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn use_product_once(cx: &OpContext, cmd: &UseProduct) -> Result<()> {
    let (tx, visit, item) = running(cx, cmd.item).await?;
    let key = format!("{}:{}", cmd.item, cmd.key);
    if known(&tx, "product_used", &key).await? {
        return tx.commit().await;
    }
    let sql = "SELECT name_zh, name_en, unit_zh, unit_en, contains FROM product \
               WHERE id = $1 AND (branch_id IS NULL OR branch_id = $2) AND retired_at IS NULL";
    let product: Product = sql::one(&tx, sql, vals![cmd.product.0, item.branch_id])
        .await?
        .ok_or_else(|| Error::field("product", FieldCode::Choice))?;
    let facts = Known::of(&tx, &[visit.customer_id]).await?;
    let inside = !against(&facts, visit.customer_id, &product.contains).is_empty();
    if inside && cmd.despite.is_none() {
        return Err(Refusal::AllergenInside.into());
    }
    let by = super::author(&tx, cx).await?;
    let sql = "INSERT INTO product_used (id, visit_service_id, branch_id, product_id, name_zh, name_en, unit_zh, unit_en, \
               batch, amount_milli, despite, key, at, by_user, by_zh, by_en) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let values = vals![
        UsedId::new().0,
        item.id,
        item.branch_id,
        cmd.product.0,
        product.name_zh,
        product.name_en,
        product.unit_zh,
        product.unit_en,
        cmd.batch.as_str(),
        cmd.amount,
        cmd.despite.clone().filter(|_| inside),
        key,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh,
        by.en,
    ];
    tx.run(sql, values).await?;
    told(tx, cx, &visit, &item, "service.product").await
}

async fn told(
    tx: Tx,
    cx: &OpContext,
    visit: &visit::Model,
    item: &visit_service::Model,
    action: &str,
) -> Result<()> {
    tell(&tx, cx, visit, action, &[item.staff_id], Some(format!("service={}", item.id)));
    tx.commit().await
}

#[derive(FromQueryResult)]
struct Field {
    code: String,
    name_zh: String,
    name_en: String,
    unit: String,
    kind: String,
}

/// A device was used, with its settings. The same key again adds nothing.
///
/// # Errors
/// `WrongState` unless the service runs, `Choice` on `device` for one the service does not use, `settings` for unknown
/// ones and for words where a number belongs.
pub async fn use_device(cx: &OpContext, cmd: UseDevice) -> Result<Treatment> {
    again!(use_device_once(cx, &cmd))?;
    super::treatment(cx, cmd.item).await
}

async fn use_device_once(cx: &OpContext, cmd: &UseDevice) -> Result<()> {
    let (tx, visit, item) = running(cx, cmd.item).await?;
    let key = format!("{}:{}", cmd.item, cmd.key);
    if known(&tx, "device_used", &key).await? {
        return tx.commit().await;
    }
    let catalog = cx.store.catalog(BranchId(visit.branch_id)).await?;
    let types = catalog.service(ServiceId(item.service_id)).map_or(&[][..], |s| s.devices.as_slice());
    let device = catalog
        .devices
        .iter()
        .find(|device| device.id == cmd.device && types.contains(&device.type_code))
        .ok_or_else(|| Error::field("device", FieldCode::Choice))?;
    let sql = "SELECT code, name_zh, name_en, unit, kind FROM device_setting WHERE device_type = $1 ORDER BY position LIMIT 50";
    let fields: Vec<Field> = sql::all(&tx, sql, vals![device.type_code.as_str()]).await?;
    let mut settings = Vec::with_capacity(cmd.settings.len());
    for (code, value) in &cmd.settings {
        let field = fields.iter().find(|field| field.code == *code);
        let field = field.ok_or_else(|| Error::field("settings", FieldCode::Choice))?;
        if field.kind == "number" && !value.parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(Error::field("settings", FieldCode::Range));
        }
        settings.push(SettingValue {
            code: code.clone(),
            name: Text::new(&*field.name_zh, &*field.name_en),
            value: value.clone(),
            unit: field.unit.clone(),
        });
    }
    let by = super::author(&tx, cx).await?;
    let sql = "INSERT INTO device_used (id, visit_service_id, device_id, name_zh, name_en, settings, key, at, by_user, \
               by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values = vals![
        UsedId::new().0,
        item.id,
        device.id.0,
        device.name.zh.as_str(),
        device.name.en.as_str(),
        serde_json::to_string(&settings)?,
        key,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh,
        by.en,
    ];
    tx.run(sql, values).await?;
    told(tx, cx, &visit, &item, "service.device").await
}

/// What was noted by mistake is crossed out while the service runs; the row stays.
///
/// # Errors
/// `NotFound`, `WrongState` unless the service runs.
pub async fn unuse(cx: &OpContext, item: VisitServiceId, used: UsedId) -> Result<Treatment> {
    again!(unuse_once(cx, item, used))?;
    super::treatment(cx, item).await
}

async fn unuse_once(cx: &OpContext, id: VisitServiceId, used: UsedId) -> Result<()> {
    let (tx, visit, item) = running(cx, id).await?;
    let mut changed = 0;
    for table in ["product_used", "device_used"] {
        let sql = format!(
            "UPDATE {table} SET removed_at = COALESCE(removed_at, $1) WHERE id = $2 AND visit_service_id = $3"
        );
        changed += tx.run(&sql, vals![tx.now_ms(), used.0, item.id]).await?;
    }
    if changed == 0 {
        return Err(Error::NotFound);
    }
    told(tx, cx, &visit, &item, "service.unuse").await
}

/// The service of the same kind done last for this customer: whose products and settings can be taken over.
pub(super) const LAST: &str = "SELECT s.id FROM visit v JOIN visit_service s ON s.visit_id = v.id \
    WHERE v.customer_id = $1 AND s.service_id = $2 AND s.state = 'done' AND s.id <> $3 \
    ORDER BY v.arrived_at DESC, s.position LIMIT 1";

#[derive(FromQueryResult)]
struct LastProduct {
    product_id: Uuid,
    name_zh: String,
    name_en: String,
    unit_zh: String,
    unit_en: String,
    amount_milli: i64,
    batch: String,
    contains: String,
}

#[derive(FromQueryResult)]
struct LastDevice {
    device_id: Uuid,
    name_zh: String,
    name_en: String,
    settings: String,
}

/// The same as last time, in one tap: each product with the batch now in use in the branch, each device with its settings.
/// Products that contain what the customer has become allergic to are left out.
///
/// # Errors
/// `WrongState` unless the service runs.
pub async fn same_again(cx: &OpContext, item: VisitServiceId) -> Result<Treatment> {
    again!(same_again_once(cx, item))?;
    super::treatment(cx, item).await
}

async fn same_again_once(cx: &OpContext, id: VisitServiceId) -> Result<()> {
    let (tx, visit, item) = running(cx, id).await?;
    let from = vals![visit.customer_id, item.service_id, item.id];
    let Some(row) = sql::row(&tx, LAST, from).await? else { return tx.commit().await };
    let last: Uuid = row.try_get_by_index(0)?;
    let by = super::author(&tx, cx).await?;
    let user = cx.actor.user().map(|id| id.0);
    let known = Known::of(&tx, &[visit.customer_id]).await?;
    let sql = "SELECT u.product_id, u.name_zh, u.name_en, u.unit_zh, u.unit_en, u.amount_milli, p.contains, \
               COALESCE((SELECT n.batch FROM product_used n WHERE n.branch_id = $2 AND n.product_id = u.product_id \
               AND n.removed_at IS NULL ORDER BY n.at DESC, n.id DESC LIMIT 1), u.batch) AS batch \
               FROM product_used u JOIN product p ON p.id = u.product_id \
               WHERE u.visit_service_id = $1 AND u.removed_at IS NULL AND p.retired_at IS NULL ORDER BY u.at, u.id LIMIT 40";
    let products: Vec<LastProduct> = sql::all(&tx, sql, vals![last, item.branch_id]).await?;
    for p in products.iter().filter(|p| against(&known, visit.customer_id, &p.contains).is_empty()) {
        let sql = "INSERT INTO product_used (id, visit_service_id, branch_id, product_id, name_zh, name_en, unit_zh, \
                   unit_en, batch, amount_milli, key, at, by_user, by_zh, by_en) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (key) DO NOTHING";
        let values = vals![
            UsedId::new().0,
            item.id,
            item.branch_id,
            p.product_id,
            p.name_zh.as_str(),
            p.name_en.as_str(),
            p.unit_zh.as_str(),
            p.unit_en.as_str(),
            p.batch.as_str(),
            p.amount_milli,
            format!("{id}:again:{}", p.product_id),
            tx.now_ms(),
            user,
            by.zh.as_str(),
            by.en.as_str(),
        ];
        tx.run(sql, values).await?;
    }
    let sql = "SELECT device_id, name_zh, name_en, settings FROM device_used \
               WHERE visit_service_id = $1 AND removed_at IS NULL ORDER BY at, id LIMIT 20";
    let devices: Vec<LastDevice> = sql::all(&tx, sql, vals![last]).await?;
    for d in &devices {
        let sql = "INSERT INTO device_used (id, visit_service_id, device_id, name_zh, name_en, settings, key, at, by_user, \
                   by_zh, by_en) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING";
        let values = vals![
            UsedId::new().0,
            item.id,
            d.device_id,
            d.name_zh.as_str(),
            d.name_en.as_str(),
            d.settings.as_str(),
            format!("{id}:again:{}", d.device_id),
            tx.now_ms(),
            user,
            by.zh.as_str(),
            by.en.as_str(),
        ];
        tx.run(sql, values).await?;
    }
    told(tx, cx, &visit, &item, "service.again").await
}
