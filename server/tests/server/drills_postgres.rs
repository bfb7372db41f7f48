//! C-17 and C-18: PostgreSQL goes away for a while, or is killed; and what several servers on one database do together
//! (C-2, C-4).

use crate::{
    drills::kills,
    load::{BEHIND_PROXY, LONG, Load, post, sign_in},
    postgres::Postgres,
    process::{House, Served, client},
    support::fixture,
};
use reqwest::Client;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Options, Store, TestClock};

/// A server's folder and the database it works on, with the fixture's salon in it.
async fn furnished(postgres: &Postgres) -> House {
    let house = House::new();
    let options = Options {
        url: postgres.url(),
        clock: Arc::new(TestClock::new(fixture::now())),
        demo: true,
        base_url: "http://127.0.0.1".into(),
        patience: LONG,
    };
    let store = Store::open(options).await.unwrap();
    store.migrate().await.unwrap();
    fixture::fill(&store).await.unwrap();
    store.close().await;
    house
}

async fn serve(house: &House, postgres: &Postgres) -> Served {
    let url = postgres.url();
    house.serve(&[&["--database-url", &*url, "--log", "warn"][..], &BEHIND_PROXY].concat()).await
}

fn skipped(what: &str) {
    eprintln!("SKIPPED {what}: PostgreSQL is not installed");
}

/// The overlaps of what is taken: must be none.
async fn overlaps(postgres: &Postgres) -> i64 {
    use sea_orm::{ConnectionTrait, Database, Statement};
    let db = Database::connect(postgres.url()).await.unwrap();
    let sql = "SELECT COUNT(*) FROM allocation a JOIN allocation b ON a.resource_id = b.resource_id AND a.id < b.id \
               AND a.from_ms < b.to_ms AND b.from_ms < a.to_ms WHERE a.active AND b.active";
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get_by_index::<i64>(0).unwrap()
}

/// C-17: 503 with `Retry-After` while it is away, healed by itself, and no success that was none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_away_for_a_while() {
    let Some(postgres) = Postgres::start() else { return skipped("C-17") };
    let away = Duration::from_secs(if kills(0) > 0 { 10 } else { 2 });
    let house = furnished(&postgres).await;
    let served = serve(&house, &postgres).await;
    let cookie = sign_in(&served).await;
    let load = Arc::new(Load::default());
    let stop = Arc::new(AtomicBool::new(false));
    let writers = load.start(&served, &postgres.url(), &cookie, &stop);
    load.some(10).await;
    postgres.down();
    tokio::time::sleep(away).await;
    let live = client().get(served.url("/health/live")).send().await.unwrap();
    let ready = client().get(served.url("/health/ready")).send().await.unwrap();
    assert_eq!((live.status().as_u16(), ready.status().as_u16()), (200, 503));
    let before = load.acknowledged();
    postgres.up();
    let up = Instant::now();
    // Whoever was in the middle of something is told 503 or has no answer; the writers go on by themselves.
    while load.acknowledged() < before + 5 && up.elapsed() < LONG {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let healed = up.elapsed();
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let total = load.check(&served).await;
    assert!(total >= before + 5, "not healed: {}", house.log());
    let refused = load.away.load(Ordering::SeqCst);
    assert!(refused > 0, "nobody noticed");
    assert_eq!(overlaps(&postgres).await, 0);
    eprintln!(
        "C-17: away {away:?}, {refused} told 503 with Retry-After, {total} acknowledged and all there, \
         healed {healed:?} after PostgreSQL was back"
    );
}

/// C-18: as C-13, killing the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_postgres_is_killed() {
    let Some(postgres) = Postgres::start() else { return skipped("C-18") };
    let kills = kills(20).div_ceil(10);
    let house = furnished(&postgres).await;
    let served = serve(&house, &postgres).await;
    let cookie = sign_in(&served).await;
    let load = Arc::new(Load::default());
    let stop = Arc::new(AtomicBool::new(false));
    let writers = load.start(&served, &postgres.url(), &cookie, &stop);
    let mut slowest = Duration::ZERO;
    for round in 0..kills {
        load.some(10).await;
        tokio::time::sleep(Duration::from_millis(u64::from(round * 37 % 200))).await;
        postgres.kill();
        postgres.up();
        let up = Instant::now();
        let before = load.acknowledged();
        while load.acknowledged() < before + 3 && up.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        slowest = slowest.max(up.elapsed());
        load.check(&served).await;
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let total = load.check(&served).await;
    assert!(total >= kills as usize * 10, "only {total} writes were acknowledged: the drill proves nothing");
    assert_eq!(overlaps(&postgres).await, 0);
    eprintln!(
        "C-18: {kills} kills of PostgreSQL, {total} acknowledged, none lost; healed in {slowest:?} at the slowest"
    );
}

async fn hold(client: &Client, served: &Served, day: i64, minutes: i32, key: &str) -> (u16, String) {
    let service = fixture::HYDRATE.to_string();
    let day = fixture::today() + chrono::Duration::days(day);
    let at = store::time::ms(store::time::instant(fixture::TZ, day, minutes)).to_string();
    let who = fixture::LIN.to_string();
    let fields = [("branch", "jingan"), ("services", &*service), ("who", &who), ("at", &at), ("key", key)];
    let reply = post(client, served.url("/api/booking/hold"), "", &fields).await.unwrap();
    let to = reply.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    (reply.status().as_u16(), to)
}

/// C-2 and C-4 over three servers, each a process of its own: many reach for the same times of one person, in overlapping
/// ways; some give back what others want. Nothing is ever taken twice, and nobody sees an error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_never_book_twice() {
    let Some(postgres) = Postgres::start() else { return skipped("C-2 and C-4 over several servers") };
    let house = furnished(&postgres).await;
    let servers = Arc::new([
        serve(&house, &postgres).await,
        serve(&house, &postgres).await,
        serve(&house, &postgres).await,
    ]);
    let tasks = (0..24u32).map(|n| {
        let servers = servers.clone();
        tokio::spawn(async move {
            let client = client();
            let (mut won, mut lost, mut given) = (0, 0, 0);
            for i in 0..12u32 {
                let mix = n * 7919 + i * 104_729;
                let served = &servers[(n + i) as usize % 3];
                let (day, minutes) = (1 + i64::from(mix % 4), 600 + (mix / 4 % 20) as i32 * 15);
                match hold(&client, served, day, minutes, &format!("s{n}-{i}")).await {
                    (409 | 422, _) => lost += 1,
                    (status, to) if status < 400 => {
                        won += 1;
                        // Every other one is given back twice at the same moment, over two servers.
                        if mix % 2 == 0 {
                            let fields = [("token", to.trim_start_matches("/hold/")), ("branch", "jingan")];
                            let give =
                                |s: usize| post(&client, servers[s].url("/api/booking/release"), "", &fields);
                            let (a, b) = tokio::join!(give(0), give(1));
                            let statuses = [a.unwrap().status().as_u16(), b.unwrap().status().as_u16()];
                            assert!(statuses.iter().any(|s| *s < 400), "{statuses:?}");
                            assert!(statuses.iter().all(|s| *s < 400 || *s == 409), "{statuses:?}");
                            given += 1;
                        }
                    }
                    (status, _) => panic!("{status}"),
                }
            }
            (won, lost, given)
        })
    });
    let (mut won, mut lost, mut given) = (0, 0, 0);
    for task in futures::future::join_all(tasks).await {
        let (w, l, g) = task.unwrap();
        (won, lost, given) = (won + w, lost + l, given + g);
    }
    assert!(won > 8 && lost > 8 && given > 2, "{won} {lost} {given}");
    assert_eq!(overlaps(&postgres).await, 0);
    // One key over all three servers is one booking.
    let client = client();
    let answers = futures::future::join_all((0..9).map(|n| {
        let (client, servers) = (client.clone(), servers.clone());
        async move { hold(&client, &servers[n % 3], 20, 630, "one-key").await }
    }))
    .await;
    assert!(answers.iter().all(|a| a.0 < 400 && a.1 == answers[0].1), "{answers:?}");
    eprintln!("C-2, C-4: three servers, {won} times held, {given} given back, {lost} refused, no overlap");
}
