//! What the managers have set: a day for stocktaking, a device away for maintenance on a day that is booked already, why
//! people are away.

use super::world::World;
use crate::entity::{downtime, leave_note, special_day};

/// Days from today on which the first house is closed for stocktaking: beyond what is booked.
const STOCKTAKING: i32 = 26;
/// A device is looked after so many days from today at the earliest, when it is booked already.
const MAINTENANCE: i32 = 3;

pub(super) fn build(w: &mut World) {
    let Some(house) = w.houses.first() else { return };
    let (branch_id, devices) = (house.id, house.devices.iter().map(|device| device.0).collect::<Vec<_>>());
    w.rows.special_day.push(special_day::Model {
        branch_id,
        day: w.today + STOCKTAKING,
        closed: true,
        open_min: None,
        close_min: None,
        note: Some("盘点".into()),
    });
    let after = w.at(w.today + MAINTENANCE, 0);
    let booked = w.rows.allocation.iter().filter(|a| a.active && a.from_ms > after);
    let booked = booked.filter(|a| devices.contains(&a.resource_id)).min_by_key(|a| (a.from_ms, a.id));
    if let Some((resource_id, from_ms)) = booked.map(|a| (a.resource_id, a.from_ms - 3_600_000)) {
        let (id, to_ms) = (w.id(from_ms), Some(from_ms + 6 * 3_600_000));
        let note = Some("厂家保养".into());
        w.rows.downtime.push(downtime::Model { id, resource_id, from_ms, to_ms, note });
    }
    let away = w.rows.rota.iter().filter(|row| row.kind == "leave");
    let notes = away.map(|row| leave_note::Model { rota_id: row.id, kind: "holiday".into(), note: None });
    w.rows.leave_note.extend(notes.collect::<Vec<_>>());
}
