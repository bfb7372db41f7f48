//! The same question answered slowly: every wait, every person, room and device is tried, every minute is looked at.

use super::*;

/// Fewest changes, then least idle minutes, then least load, of all ways to begin at `at`.
pub fn best(salon: &Salon, at: i64) -> Option<(u32, u32, u64)> {
    let close = salon.opening.iter().find(|open| open.from <= at && at < open.to)?.to;
    if at < salon.earliest || at > salon.latest {
        return None;
    }
    let mut best = None;
    go(salon, 0, at, close, &mut Vec::new(), &mut Taken::default(), &mut best);
    best
}

#[derive(Default)]
struct Taken {
    minutes: Vec<(ResourceId, i64)>,
    idle: u32,
}

fn go(
    salon: &Salon,
    i: usize,
    ready: i64,
    close: i64,
    people: &mut Vec<usize>,
    taken: &mut Taken,
    best: &mut Option<(u32, u32, u64)>,
) {
    if i == salon.services.len() {
        let changes = people.windows(2).filter(|pair| pair[0] != pair[1]).count() as u32;
        let load = people
            .iter()
            .map(|p| salon.people[*p].3.iter().map(|b| (b.length() / MINUTE) as u64).sum::<u64>())
            .sum();
        let cost = (changes, taken.idle, load);
        if best.is_none_or(|known| cost < known) {
            *best = Some(cost);
        }
        return;
    }
    let (blocks, room_kind, device_kinds) = &salon.services[i];
    let mut waits = vec![0];
    if i > 0 {
        waits.extend([5, 10, 15]);
        let needed = (salon.services[i - 1].0.cleanup + blocks.prepare).div_ceil(5) * 5;
        waits.extend((needed > 15).then_some(needed));
    }
    for wait in waits {
        let at = ready + i64::from(wait) * MINUTE;
        let end = at + i64::from(blocks.customer()) * MINUTE;
        if end > close {
            continue;
        }
        for p in 0..salon.people.len() {
            if !may(salon, p, i) {
                continue;
            }
            let minutes = person_minutes(blocks, at);
            let (_, _, rota, busy) = &salon.people[p];
            let id = ResourceId::from(staff(p as u128));
            if !minutes
                .iter()
                .all(|t| inside(rota, *t) && !inside(busy, *t) && !taken.minutes.contains(&(id, *t)))
            {
                continue;
            }
            let mark = taken.minutes.len();
            taken.minutes.extend(minutes.iter().map(|t| (id, *t)));
            taken.idle += wait;
            people.push(p);
            things(salon, i, at, room_kind, device_kinds, 0, taken, &mut |taken| {
                go(salon, i + 1, end, close, people, taken, best);
            });
            people.pop();
            taken.idle -= wait;
            taken.minutes.truncate(mark);
        }
    }
}

/// Every way to give service `i` its room (`k` = 0) and then each device.
#[allow(clippy::too_many_arguments)]
fn things(
    salon: &Salon,
    i: usize,
    at: i64,
    room: &Option<String>,
    devices: &[String],
    k: usize,
    taken: &mut Taken,
    then: &mut dyn FnMut(&mut Taken),
) {
    let (kind, list, base) = match k {
        0 => match room {
            None => return things(salon, i, at, room, devices, 1, taken, then),
            Some(kind) => (kind, &salon.rooms, 0),
        },
        k if k <= devices.len() => (&devices[k - 1], &salon.devices, 500),
        _ => return then(taken),
    };
    let minutes = room_minutes(&salon.services[i].0, at);
    for (n, (known, busy)) in list.iter().enumerate() {
        let id = thing(base + n as u128);
        let free = minutes.iter().all(|t| !inside(busy, *t) && !taken.minutes.contains(&(id, *t)));
        if known == kind && free {
            let mark = taken.minutes.len();
            taken.minutes.extend(minutes.iter().map(|t| (id, *t)));
            things(salon, i, at, room, devices, k + 1, taken, then);
            taken.minutes.truncate(mark);
        }
    }
}

fn may(salon: &Salon, p: usize, i: usize) -> bool {
    let has = |mask: u8| mask >> i & 1 == 1;
    let (can, may, ..) = &salon.people[p];
    let wish = match salon.who {
        None => true,
        Some(who) => match (0..salon.people.len()).find(|n| staff(*n as u128) == who) {
            Some(w) if salon.people[w].0 != 0 => !has(salon.people[w].0) || w == p,
            _ => false,
        },
    };
    has(*can) && has(*may) && wish
}

fn inside(spans: &[Span], at: i64) -> bool {
    spans.iter().any(|s| s.from <= at && at < s.to)
}

/// Times are multiples of five minutes in these tests, so a look every five minutes sees everything.
fn ticks(from: i64, minutes: u32) -> impl Iterator<Item = i64> {
    (0..i64::from(minutes)).step_by(5).map(move |t| from + t * MINUTE)
}

fn person_minutes(b: &Blocks, at: i64) -> Vec<i64> {
    let second = at + i64::from(b.active + b.processing) * MINUTE;
    ticks(at - i64::from(b.prepare) * MINUTE, b.prepare + b.active)
        .chain(ticks(second, b.finish + b.cleanup))
        .collect()
}

fn room_minutes(b: &Blocks, at: i64) -> Vec<i64> {
    ticks(at - i64::from(b.prepare) * MINUTE, b.prepare + b.customer() + b.cleanup).collect()
}
