//! Everything beside the checklist that the tablet shows of one service (TREAT-2, TREAT-4 … TREAT-6).

use super::{feel, incident, next, prep, used::LAST};
use crate::{
    OpContext, Result,
    catalog::Catalog,
    consult::{Known, against},
    entity::visit_service,
    sql,
    sql::vals,
    time::local_ms,
};
use domain::{
    ProductId, ResourceId, ServiceId, Text, UsedId,
    treat::{ChairRecord, DeviceChoice, ProductChoice, ServiceState, SettingField, UsedDevice, UsedProduct},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

pub(super) async fn record(
    cx: &OpContext,
    catalog: &Catalog,
    item: &visit_service::Model,
    customer: Uuid,
) -> Result<ChairRecord> {
    let db = cx.db();
    let open = item.state != ServiceState::Done.code();
    Ok(ChairRecord {
        prep: prep::lines(db, catalog, item).await?,
        limits: prep::limits(db, catalog.branch.id).await?,
        feels: feel::feels(db, catalog, item.id).await?,
        incidents: incident::of_service(db, catalog, item.id).await?,
        // What can be picked, only as long as it can be.
        choices: if open { choices(db, item, customer).await? } else { Vec::new() },
        products: products(db, catalog, item.id).await?,
        device_choices: if open { device_choices(db, catalog, item).await? } else { Vec::new() },
        devices: devices(db, catalog, item.id).await?,
        last: if open { last(db, item, customer).await? } else { Vec::new() },
        advice: feel::advice(db, catalog, item.id).await?,
        next: next::agreed(db, catalog, item.id).await?,
    })
}

#[derive(FromQueryResult)]
struct ChoiceRow {
    id: Uuid,
    name_zh: String,
    name_en: String,
    unit_zh: String,
    unit_en: String,
    contains: String,
    batch: Option<String>,
}

/// The products that belong to this kind of service, each with the batch in use in the branch.
async fn choices<C: ConnectionTrait>(
    db: &C,
    item: &visit_service::Model,
    customer: Uuid,
) -> Result<Vec<ProductChoice>> {
    let sql = "SELECT p.id, p.name_zh, p.name_en, p.unit_zh, p.unit_en, p.contains, \
               (SELECT u.batch FROM product_used u WHERE u.branch_id = $1 AND u.product_id = p.id \
               AND u.removed_at IS NULL ORDER BY u.at DESC, u.id DESC LIMIT 1) AS batch FROM product p \
               WHERE p.retired_at IS NULL AND (p.branch_id IS NULL OR p.branch_id = $1) \
               AND (p.qualification IS NULL OR p.qualification = $2) ORDER BY p.position, p.id LIMIT 60";
    let rows: Vec<ChoiceRow> = sql::all(db, sql, vals![item.branch_id, item.qualification.clone()]).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let known = Known::of(db, &[customer]).await?;
    let choice = |row: ChoiceRow| ProductChoice {
        id: ProductId(row.id),
        against: against(&known, customer, &row.contains),
        name: Text::new(row.name_zh, row.name_en),
        unit: Text::new(row.unit_zh, row.unit_en),
        batch: row.batch,
    };
    Ok(rows.into_iter().map(choice).collect())
}

#[derive(FromQueryResult)]
struct ProductRow {
    id: Uuid,
    product_id: Uuid,
    name_zh: String,
    name_en: String,
    unit_zh: String,
    unit_en: String,
    batch: String,
    amount_milli: i64,
    despite: Option<String>,
    at: i64,
    by_zh: String,
    by_en: String,
}

async fn products<C: ConnectionTrait>(db: &C, catalog: &Catalog, item: Uuid) -> Result<Vec<UsedProduct>> {
    let sql = "SELECT id, product_id, name_zh, name_en, unit_zh, unit_en, batch, amount_milli, despite, at, by_zh, by_en \
               FROM product_used WHERE visit_service_id = $1 AND removed_at IS NULL ORDER BY at, id LIMIT 100";
    let rows: Vec<ProductRow> = sql::all(db, sql, vals![item]).await?;
    let view = |row: ProductRow| UsedProduct {
        id: UsedId(row.id),
        product: ProductId(row.product_id),
        name: Text::new(row.name_zh, row.name_en),
        unit: Text::new(row.unit_zh, row.unit_en),
        batch: row.batch,
        amount: row.amount_milli,
        despite: row.despite,
        at: local_ms(catalog.tz(), row.at),
        by: Text::new(row.by_zh, row.by_en),
    };
    Ok(rows.into_iter().map(view).collect())
}

#[derive(FromQueryResult)]
struct FieldRow {
    device_type: String,
    code: String,
    name_zh: String,
    name_en: String,
    unit: String,
    kind: String,
}

/// The devices that the service may use, with the settings their type has.
async fn device_choices<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: &visit_service::Model,
) -> Result<Vec<DeviceChoice>> {
    let types = catalog.service(ServiceId(item.service_id)).map_or(&[][..], |s| s.devices.as_slice());
    if types.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let list = sql::list(&mut values, types.iter().map(String::as_str));
    let sql = format!(
        "SELECT device_type, code, name_zh, name_en, unit, kind FROM device_setting WHERE device_type IN ({list}) \
         ORDER BY device_type, position LIMIT 200"
    );
    let fields: Vec<FieldRow> = sql::all(db, &sql, values).await?;
    let of = |type_code: &str| -> Vec<SettingField> {
        let fields = fields.iter().filter(|field| field.device_type == type_code);
        fields
            .map(|field| SettingField {
                code: field.code.clone(),
                name: Text::new(&*field.name_zh, &*field.name_en),
                unit: field.unit.clone(),
                number: field.kind == "number",
            })
            .collect()
    };
    let usable = catalog.devices.iter().filter(|device| device.active && types.contains(&device.type_code));
    Ok(usable
        .map(|device| DeviceChoice {
            id: device.id,
            name: device.name.clone(),
            settings: of(&device.type_code),
        })
        .collect())
}

#[derive(FromQueryResult)]
struct DeviceRow {
    id: Uuid,
    device_id: Uuid,
    name_zh: String,
    name_en: String,
    settings: String,
    at: i64,
    by_zh: String,
    by_en: String,
}

async fn devices<C: ConnectionTrait>(db: &C, catalog: &Catalog, item: Uuid) -> Result<Vec<UsedDevice>> {
    let sql = "SELECT id, device_id, name_zh, name_en, settings, at, by_zh, by_en FROM device_used \
               WHERE visit_service_id = $1 AND removed_at IS NULL ORDER BY at, id LIMIT 50";
    let rows: Vec<DeviceRow> = sql::all(db, sql, vals![item]).await?;
    let view = |row: DeviceRow| UsedDevice {
        id: UsedId(row.id),
        device: ResourceId(row.device_id),
        name: Text::new(row.name_zh, row.name_en),
        settings: serde_json::from_str(&row.settings).unwrap_or_default(),
        at: local_ms(catalog.tz(), row.at),
        by: Text::new(row.by_zh, row.by_en),
    };
    Ok(rows.into_iter().map(view).collect())
}

#[derive(FromQueryResult)]
struct NameRow {
    name_zh: String,
    name_en: String,
}

/// What was used for this customer and service last time.
async fn last<C: ConnectionTrait>(db: &C, item: &visit_service::Model, customer: Uuid) -> Result<Vec<Text>> {
    let sql = format!(
        "SELECT name_zh, name_en FROM product_used WHERE visit_service_id = ({LAST}) AND removed_at IS NULL \
         UNION ALL SELECT name_zh, name_en FROM device_used WHERE visit_service_id = ({LAST}) AND removed_at IS NULL LIMIT 40"
    );
    let rows: Vec<NameRow> = sql::all(db, &sql, vals![customer, item.service_id, item.id]).await?;
    Ok(rows.into_iter().map(|row| Text::new(row.name_zh, row.name_en)).collect())
}
