//! The search alone, without database and server (BOOK-1 … BOOK-4).

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::booking::slots::{Blocks, Day, Need, Person, Search, Span, Thing};
use domain::{ResourceId, StaffId};
use uuid::Uuid;

const MINUTE: i64 = 60_000;
const PEOPLE: usize = 12;
const ROOMS: usize = 10;
const ROUNDS: usize = 2000;
const DAYS: usize = 30;

/// Prints the median of many rounds: one service on one day, and three services on thirty days, twelve people.
pub fn measure() {
    let open = [span(600, 1260)];
    let rota = [span(600, 840), span(870, 1260)];
    let busy: Vec<Vec<Span>> = (0..PEOPLE.max(ROOMS) as i64)
        .map(|n| (0..7).map(|i| span(600 + i * 90 + n * 5 % 30, 660 + i * 90 + n * 5 % 30)).collect())
        .collect();
    let need = |active| Need {
        blocks: Blocks { prepare: 5, active, processing: 15, finish: 10, cleanup: 10 },
        room: Some("room"),
        devices: &[],
    };
    let (one, three) = ([need(40)], [need(20), need(40), need(15)]);
    let day = |services| Day {
        opening: &open,
        services,
        people: (0..PEOPLE)
            .map(|n| Person {
                id: StaffId(Uuid::from_u128(n as u128)),
                can: 7,
                may: 7,
                rota: &rota,
                busy: &busy[n],
            })
            .collect(),
        rooms: (0..ROOMS)
            .map(|n| Thing { id: ResourceId(Uuid::from_u128(99 + n as u128)), kind: "room", busy: &busy[n] })
            .collect(),
        devices: Vec::new(),
        who: None,
        earliest: 0,
        latest: i64::MAX / 4,
        step: 15,
    };
    let single = median(|| {
        black_box(Search::new(black_box(&day(&one))).slots());
    });
    let month = median(|| {
        for _ in 0..DAYS {
            black_box(Search::new(black_box(&day(&three))).room());
        }
    });
    println!(
        "search alone: a day, one service, 12 people {:.1} µs (50 {}); 30 days × 3 services × 12 people {:.2} ms (5 {})",
        single.as_secs_f64() * 1e6,
        word(single <= Duration::from_micros(50)),
        month.as_secs_f64() * 1e3,
        word(month <= Duration::from_millis(5)),
    );
}

fn word(reached: bool) -> &'static str {
    if reached { "yes" } else { "no" }
}

fn span(from: i64, to: i64) -> Span {
    Span { from: from * MINUTE, to: to * MINUTE }
}

fn median(mut what: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            what();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
