//! Photos of the record (C-43): who may add and see one, and under which name it lies in the data folder. The pictures
//! themselves are not the store's.

use super::{open, record::author};
use crate::{
    Error, OpContext, Result,
    catalog::Catalog,
    desk::{
        rows::{service, service_state, wrong_state},
        tell::tell,
    },
    entity::treatment_photo,
    sql,
    sql::vals,
    time::{at, local_ms, ms},
    tx::again,
};
use domain::{
    PhotoId, Text, VisitServiceId,
    offline::done_at,
    permission::Action,
    photo::{Angle, PhotoNote, PhotoView},
    treat::ServiceState,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// A picture that lies in the data folder.
#[derive(Clone, Debug)]
pub struct Kept {
    pub file: String,
    pub width: u32,
    pub height: u32,
    pub bytes: usize,
}

/// Whether the actor may add photos to this service now: asked before a picture is read.
///
/// # Errors
/// `NotFound`, `Forbidden`, `WrongState` before the customer was received.
pub async fn may_photo(cx: &OpContext, item: VisitServiceId) -> Result<()> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::Treat, &super::scope(&row))?;
    takes(service_state(&row)?, &row.state)
}

fn takes(state: ServiceState, code: &str) -> Result<()> {
    match state {
        ServiceState::Greeted | ServiceState::InService | ServiceState::Done => Ok(()),
        _ => Err(wrong_state(code)),
    }
}

/// Whether the photo with this key is there already.
///
/// # Errors
/// The database's.
pub async fn photo_known(cx: &OpContext, item: VisitServiceId, key: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM treatment_photo WHERE key = $1";
    Ok(sql::row(cx.db(), sql, vals![full(item, key)]).await?.is_some())
}

/// Adds a photo to the record. `false`: the same key had come before, and the picture handed in belongs to nothing.
///
/// # Errors
/// As [`may_photo`].
pub async fn add_photo(cx: &OpContext, note: PhotoNote, kept: Kept) -> Result<bool> {
    again!(add_once(cx, &note, &kept))
}

async fn add_once(cx: &OpContext, note: &PhotoNote, kept: &Kept) -> Result<bool> {
    let (tx, visit, item) = open(cx, note.item).await?;
    takes(service_state(&item)?, &item.state)?;
    let by = author(&tx, cx).await?;
    let taken = ms(done_at(tx.now(), Some(at(visit.arrived_at)), note.ago));
    let sql = "INSERT INTO treatment_photo (id, visit_service_id, branch_id, at, reported_at, by_user, by_zh, by_en, angle, \
               label, file, width, height, bytes, key) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (key) DO NOTHING";
    let number = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    let values = vals![
        PhotoId::new().0,
        item.id,
        item.branch_id,
        taken,
        tx.now_ms(),
        cx.actor.user().map(|id| id.0),
        by.zh,
        by.en,
        note.angle.code(),
        note.label.as_deref(),
        kept.file.as_str(),
        number(kept.width.into()),
        number(kept.height.into()),
        number(kept.bytes as u64),
        full(note.item, &note.key),
    ];
    let added = tx.run(sql, values).await? == 1;
    if added {
        tell(&tx, cx, &visit, "service.photo", &[item.staff_id], Some(format!("service={}", note.item)));
    }
    tx.commit().await?;
    Ok(added)
}

fn full(item: VisitServiceId, key: &str) -> String {
    format!("{item}:{key}")
}

/// The name under which a photo of this service lies in the data folder.
///
/// # Errors
/// `NotFound`; `Forbidden` for somebody else's customer (PRIV-1).
pub async fn photo_file(cx: &OpContext, item: VisitServiceId, photo: PhotoId) -> Result<String> {
    let row = service(cx.db(), item).await?;
    cx.allow(Action::Treat, &super::scope(&row))?;
    let photo = treatment_photo::Entity::find_by_id(photo.0).one(cx.db()).await?;
    photo.filter(|photo| photo.visit_service_id == item.0).map(|photo| photo.file).ok_or(Error::NotFound)
}

/// The photos of a record, oldest first.
pub(super) async fn photos<C: ConnectionTrait>(
    db: &C,
    catalog: &Catalog,
    item: Uuid,
) -> Result<Vec<PhotoView>> {
    let rows = treatment_photo::Entity::find()
        .filter(treatment_photo::Column::VisitServiceId.eq(item))
        .order_by_asc(treatment_photo::Column::At)
        .order_by_asc(treatment_photo::Column::Id)
        .all(db)
        .await?;
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    let view = |row: treatment_photo::Model| PhotoView {
        id: PhotoId(row.id),
        at: local_ms(catalog.tz(), row.at),
        by: Text::new(row.by_zh, row.by_en),
        angle: Angle::from_code(&row.angle).unwrap_or_default(),
        label: row.label,
        width: number(row.width),
        height: number(row.height),
    };
    Ok(rows.into_iter().map(view).collect())
}
