// A bare method is not general enough in its lifetime here.
#![allow(clippy::redundant_closure_for_method_calls)]

mod oracle;
mod props;
mod tables;

use super::*;

/// Minute of an arbitrary day, in milliseconds.
pub(super) fn m(minute: i64) -> i64 {
    1_780_272_000_000 + minute * MINUTE
}

pub(super) fn span(from: i64, to: i64) -> Span {
    Span { from: m(from), to: m(to) }
}

pub(super) fn blocks(prepare: u32, active: u32, processing: u32, finish: u32, cleanup: u32) -> Blocks {
    Blocks { prepare, active, processing, finish, cleanup }
}

pub(super) fn staff(n: u128) -> StaffId {
    StaffId(uuid::Uuid::from_u128(n))
}

pub(super) fn thing(n: u128) -> ResourceId {
    ResourceId(uuid::Uuid::from_u128(1000 + n))
}

/// A salon as a test describes it; it owns what [`Day`] borrows.
#[derive(Clone, Debug, Default)]
pub(super) struct Salon {
    pub opening: Vec<Span>,
    pub services: Vec<(Blocks, Option<String>, Vec<String>)>,
    /// Learnt, may, rota, busy.
    pub people: Vec<(u8, u8, Vec<Span>, Vec<Span>)>,
    pub rooms: Vec<(String, Vec<Span>)>,
    pub devices: Vec<(String, Vec<Span>)>,
    pub who: Option<StaffId>,
    pub step: u32,
    pub earliest: i64,
    pub latest: i64,
}

impl Salon {
    /// Open 10:00–14:00; `people` who may do everything, `rooms` of type "room".
    pub fn simple(services: &[Blocks], people: usize, rooms: usize) -> Self {
        let open = span(600, 840);
        Self {
            opening: vec![open],
            services: services.iter().map(|b| (*b, Some("room".into()), vec![])).collect(),
            people: vec![(255, 255, vec![span(570, 870)], vec![]); people],
            rooms: vec![("room".into(), vec![]); rooms],
            step: 15,
            latest: i64::MAX / 4,
            ..Self::default()
        }
    }

    pub fn with<T>(&self, ask: impl FnOnce(&Search<'_>) -> T) -> T {
        let services: Vec<Need<'_>> = (self.services.iter())
            .map(|(blocks, room, devices)| Need { blocks: *blocks, room: room.as_deref(), devices })
            .collect();
        let things =
            |list: &'_ Vec<(String, Vec<Span>)>, base: u128| -> Vec<(ResourceId, String, Vec<Span>)> {
                (0u128..)
                    .zip(list)
                    .map(|(i, (kind, busy))| (thing(base + i), kind.clone(), busy.clone()))
                    .collect()
            };
        let (rooms, devices) = (things(&self.rooms, 0), things(&self.devices, 500));
        let borrowed = |list: &'_ [(ResourceId, String, Vec<Span>)]| -> Vec<(ResourceId, usize)> {
            list.iter().enumerate().map(|(i, t)| (t.0, i)).collect()
        };
        let day = Day {
            opening: &self.opening,
            services: &services,
            people: (0u128..)
                .zip(&self.people)
                .map(|(i, (can, may, rota, busy))| Person { id: staff(i), can: *can, may: *may, rota, busy })
                .collect(),
            rooms: borrowed(&rooms)
                .into_iter()
                .map(|(id, i)| Thing { id, kind: &rooms[i].1, busy: &rooms[i].2 })
                .collect(),
            devices: borrowed(&devices)
                .into_iter()
                .map(|(id, i)| Thing { id, kind: &devices[i].1, busy: &devices[i].2 })
                .collect(),
            who: self.who,
            earliest: self.earliest,
            latest: self.latest,
            step: self.step,
        };
        ask(&Search::new(&day))
    }

    pub fn slots(&self) -> Vec<Slot> {
        self.with(|s| s.slots())
    }

    /// Minutes of the day that are free.
    pub fn free(&self) -> Vec<i64> {
        self.slots().into_iter().filter(|s| s.free).map(|s| (s.at - m(0)) / MINUTE).collect()
    }

    pub fn arrange(&self, minute: i64) -> Option<Arrangement> {
        self.with(|search| search.arrange(m(minute)))
    }

    /// Takes what an arrangement needs, as a booking would.
    pub fn take(&mut self, arrangement: &Arrangement) {
        for (resource, span) in arrangement.taken() {
            self.busy(resource).push(span);
            self.busy(resource).sort_unstable();
        }
    }

    fn busy(&mut self, id: ResourceId) -> &mut Vec<Span> {
        let n = id.0.as_u128() as usize;
        match n {
            0..1000 => &mut self.people[n].3,
            1000..1500 => &mut self.rooms[n - 1000].1,
            _ => &mut self.devices[n - 1500].1,
        }
    }

    /// Everything that is taken, by resource.
    pub fn all_busy(&self) -> impl Iterator<Item = &Vec<Span>> {
        self.people
            .iter()
            .map(|p| &p.3)
            .chain(self.rooms.iter().map(|r| &r.1))
            .chain(self.devices.iter().map(|d| &d.1))
    }
}
