//! Lanes side by side: people, rooms or devices of one day, or one person over the days of a week.

use super::{
    blocks::{Frame, mark_inner},
    rota::{self, Own},
    rows::{self, ItemRow},
};
use crate::{
    OpContext, Result,
    catalog::{Catalog, Thing},
    time::{DAY_MS, at, date, day_bounds, day_of, local, ms},
};
use chrono::NaiveDate;
use domain::{
    Interval, LocalTime, ResourceId, StaffId, Text,
    schedule::{Block, Lane, LaneKind, Sheet, load},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Which lanes are wanted.
#[derive(Clone, Copy)]
pub(super) struct Lanes {
    pub days: (NaiveDate, NaiveDate),
    pub kind: LaneKind,
    pub who: Option<StaffId>,
}

pub(super) async fn sheet(
    cx: &OpContext,
    catalog: &Catalog,
    day: NaiveDate,
    now: LocalTime,
    wanted: Lanes,
) -> Result<Sheet> {
    let items = rows::items(cx.db(), catalog.branch.id, wanted.days, ms(cx.now())).await?;
    let rota = rota::read(cx.db(), catalog, wanted.days).await?;
    let (open, close) = hours(catalog, wanted, &items, ms(cx.now()));
    let lanes = match wanted.kind {
        LaneKind::People => people(catalog, wanted, &items, &rota, (open, close), ms(cx.now())),
        kind => {
            let devices = match kind {
                LaneKind::Devices => {
                    let (from, to) = day_bounds(catalog.tz(), day);
                    rows::devices(cx.db(), catalog.branch.id, (ms(from) - DAY_MS, ms(to))).await?
                }
                _ => Vec::new(),
            };
            things(&Frame { catalog, day, now: ms(cx.now()), kind }, &items, &devices)
        }
    };
    let hours = catalog.branch.open_on(day);
    let bounds = hours.intervals().first().zip(hours.intervals().last());
    let text = |instant| local(catalog.tz(), instant).hhmm();
    Ok(Sheet {
        day,
        now,
        open,
        close,
        hours: bounds.map(|(first, last)| (text(first.from), text(last.to))),
        step: catalog.branch.policy.step,
        kind: wanted.kind,
        who: wanted.who,
        lanes,
        people: everyone(catalog),
    })
}

/// For the filter: those who can be booked.
pub(super) fn everyone(catalog: &Catalog) -> Vec<(StaffId, Text)> {
    let here = catalog.people.iter().filter(|p| p.works_here());
    here.map(|p| (p.id, p.name.clone())).collect()
}

/// Full hours around the opening hours and everything booked.
fn hours(catalog: &Catalog, wanted: Lanes, items: &[ItemRow], now: i64) -> (u32, u32) {
    let (mut from, mut to) = (u32::MAX, 0);
    for day in wanted.days.0.iter_days().take_while(|day| *day <= wanted.days.1) {
        let frame = Frame { catalog, day, now, kind: wanted.kind };
        for open in catalog.branch.open_on(day).intervals() {
            from = from.min(crate::booking::places::minute(catalog, day, ms(open.from)));
            to = to.max(crate::booking::places::minute(catalog, day, ms(open.to)));
        }
        for row in items.iter().filter(|row| day_of_row(catalog, row, now) == day) {
            let block = frame.block(row);
            (from, to) = (from.min(block.from), to.max(block.from + block.len));
        }
    }
    if to == 0 {
        return (9 * 60, 21 * 60);
    }
    (from / 60 * 60, to.div_ceil(60) * 60)
}

fn day_of_row(catalog: &Catalog, row: &ItemRow, now: i64) -> NaiveDate {
    let day = date(day_of(catalog.tz(), at(row.span(now).0)));
    // What begins after midnight in the evening's opening hours belongs to the evening.
    let booked = date(day_of(catalog.tz(), at(row.begin_ms)));
    booked.min(day)
}

fn people(
    catalog: &Catalog,
    wanted: Lanes,
    items: &[ItemRow],
    rota: &HashMap<StaffId, Own>,
    (open, close): (u32, u32),
    now: i64,
) -> Vec<Lane> {
    let none = Own::default();
    let mut lanes = Vec::new();
    for day in wanted.days.0.iter_days().take_while(|day| *day <= wanted.days.1) {
        let frame = Frame { catalog, day, now, kind: LaneKind::People };
        let bounds = day_bounds(catalog.tz(), day);
        for person in &catalog.people {
            let own = rota.get(&person.id).unwrap_or(&none);
            let mine = |row: &&ItemRow| row.staff() == person.id.0 && day_of_row(catalog, row, now) == day;
            let rows: Vec<&ItemRow> = items.iter().filter(mine).collect();
            let wanted = match wanted.who {
                Some(who) => who == person.id,
                // Those who have left stay on the days on which they worked.
                None => person.works_here() || !rows.is_empty(),
            };
            if !wanted {
                continue;
            }
            let mut blocks = frame.away(person.id, own, open, close);
            blocks.extend(rows.iter().map(|row| frame.block(row)));
            mark_inner(&mut blocks);
            let booked: u32 = rows.iter().map(|row| row.busy_min(now)).sum();
            let working = Interval::new(bounds.0, bounds.1).map_or(0, |day| own.working_min(day));
            lanes.push(Lane {
                resource: person.id.into(),
                day,
                name: person.name.clone(),
                title: person.title.clone(),
                bookings: count(&blocks),
                load: load(booked, working),
                blocks,
            });
        }
    }
    lanes
}

fn things(frame: &Frame<'_>, items: &[ItemRow], devices: &[(Uuid, Uuid)]) -> Vec<Lane> {
    let catalog = frame.catalog;
    let all: &[Thing] = if frame.kind == LaneKind::Rooms { &catalog.rooms } else { &catalog.devices };
    let lane = |thing: &Thing| {
        let takes = |row: &&ItemRow| match frame.kind {
            LaneKind::Devices => devices.contains(&(thing.id.0, row.id)),
            _ => row.room() == Some(thing.id.0),
        };
        let mut blocks: Vec<Block> = items.iter().filter(takes).map(|row| frame.block(row)).collect();
        mark_inner(&mut blocks);
        Lane {
            resource: ResourceId(thing.id.0),
            day: frame.day,
            name: thing.name.clone(),
            title: Text::default(),
            bookings: count(&blocks),
            load: None,
            blocks,
        }
    };
    all.iter().filter(|thing| thing.active).map(lane).collect()
}

fn count(blocks: &[Block]) -> u32 {
    blocks.iter().filter(|block| block.staff.is_some() && block.kind.code() != "break").count() as u32
}
