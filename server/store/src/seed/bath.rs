//! A sauna, and two days of readings of the baths; one bath has not been read since the morning.

use super::{people::BRANCHES, world::World};
use crate::{Result, Store, entity::resource, sql::vals};
use domain::{
    branch::BranchKind,
    ops::bath::{BathLimits, ReadingKind},
};
use rand::Rng;
use std::sync::Arc;
use uuid::Uuid;

/// A reading to be written once the rooms are there.
pub(super) struct Reading {
    id: Uuid,
    branch: Uuid,
    area: Uuid,
    kind: ReadingKind,
    value: i32,
    at: i64,
}

pub(super) fn build(w: &mut World) -> Vec<Reading> {
    let mut out = Vec::new();
    for (house, seed) in BRANCHES.iter().enumerate() {
        if seed.kind != BranchKind::Bathhouse {
            continue;
        }
        let branch = w.houses[house].id;
        let id = w.id(w.now);
        w.rows.resource.push(resource::Model {
            id,
            branch_id: branch,
            kind: "room".into(),
            type_code: "sauna".into(),
            name_zh: "桑拿房".into(),
            name_en: "Sauna".into(),
            state: "active".into(),
        });
        let mut areas: Vec<(Uuid, &str)> =
            w.houses[house].rooms.iter().copied().filter(|(_, kind)| *kind == "bath").collect();
        areas.push((id, "sauna"));
        for day in [w.today - 1, w.today] {
            for (n, (area, kind)) in areas.iter().enumerate() {
                readings(w, branch, *area, kind, day, n, &mut out);
            }
        }
    }
    out
}

fn readings(w: &mut World, branch: Uuid, area: Uuid, kind: &str, day: i32, n: usize, out: &mut Vec<Reading>) {
    let limits = BathLimits::default();
    for hour in (10..24).step_by(2) {
        let at = w.at(day, hour * 60 + n as i32 * 2);
        // The third bath has been forgotten since this morning: it stands out.
        if at > w.now - 300_000 || (day == w.today && n == 2 && hour > 10) {
            break;
        }
        for kind in ReadingKind::of_room(kind) {
            let limit = limits.of(*kind);
            let span = (limit.high - limit.low) / 2;
            let middle = limit.low + span;
            let value = middle + w.rng.random_range(-span * 7 / 10..=span * 7 / 10);
            let id = w.id(at);
            out.push(Reading { id, branch, area, kind: *kind, value, at });
        }
    }
}

pub(super) async fn insert(store: &Arc<Store>, readings: Vec<Reading>) -> Result<()> {
    let limits = BathLimits::default();
    let tx = store.begin().await?;
    for one in readings {
        let limit = limits.of(one.kind);
        let sql = "INSERT INTO bath_reading (id, branch_id, resource_id, kind, value, low, high, at, by_zh, by_en, key) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = vals![
            one.id,
            one.branch,
            one.area,
            one.kind.code(),
            one.value,
            limit.low,
            limit.high,
            one.at,
            "韩雪",
            "Han Xue",
            format!("demo-{}", one.id.simple()),
        ];
        tx.run(sql, values).await?;
    }
    tx.commit().await
}
