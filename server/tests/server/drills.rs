//! C-13 and C-20: what becomes of acknowledged work when the server is stopped or killed.
//!
//! `MEIYUE_TEST_KILLS` sets how often it is killed (`make drill`: 100).

use crate::{
    load::{BEHIND_PROXY, LONG, Load, sign_in},
    process::{House, Served, client},
    support::{encode, fixture},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How often something is killed; a small number in the ordinary tests.
pub fn kills(usually: u32) -> u32 {
    std::env::var("MEIYUE_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(usually)
}

/// C-13
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let kills = kills(5);
    let house = House::furnished().await;
    let load = Arc::new(Load::default());
    let args = [&["--log", "warn"][..], &BEHIND_PROXY].concat();
    let (mut cookie, mut slowest) = (None, Duration::ZERO);
    for round in 0..kills {
        let started = Instant::now();
        let mut served = house.serve(&args).await;
        slowest = slowest.max(started.elapsed());
        // The session lives on as well.
        let cookie = match &cookie {
            Some(kept) => String::clone(kept),
            None => cookie.insert(sign_in(&served).await).clone(),
        };
        load.check(&served).await;
        let stop = Arc::new(AtomicBool::new(false));
        let writers = load.start(&served, &house.read_only(), &cookie, &stop);
        // On a busy machine the first answers take a while; then at a moment that differs from round to round.
        load.some(8).await;
        // A booking takes four requests. After many rounds the days ahead are full.
        if round < 20 {
            load.booked(round as usize + 1).await;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(round * 37 % 200))).await;
        served.kill();
        stop.store(true, Ordering::SeqCst);
        for writer in writers {
            writer.await.unwrap();
        }
    }
    let faults = store::backup::sqlite_faults(&house.database()).await.unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let served = house.serve(&args).await;
    let total = load.check(&served).await;
    let bookings = load.bookings();
    assert!(total >= kills as usize * 3 && bookings > 0, "only {total} writes: the drill proves nothing");
    eprintln!(
        "C-13: {kills} kills, {total} acknowledged ({bookings} bookings, {} walk-ins), none lost; \
         up again in {slowest:?} at the slowest",
        total - bookings
    );
}

/// C-20: what runs is finished, streams end in order, new connections are not taken, and it ends with 0.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_runs() {
    let house = House::furnished().await;
    let mut served = house.serve(&[]).await;
    let cookie = sign_in(&served).await;
    let stream = client()
        .get(served.url(&format!("/live/branch/{}", fixture::JINGAN)))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status().as_u16(), 200);
    let reading = tokio::spawn(async move {
        let mut stream = stream;
        while stream.chunk().await.expect("a stream that ends in order").is_some() {}
    });
    let mut running = Vec::new();
    for _ in 0..4 {
        running.push(Running::begin(&served).await);
    }
    served.terminate();
    let started = Instant::now();
    for request in running {
        let answer = request.end().await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    tokio::time::timeout(LONG, reading).await.expect("the stream ends").unwrap();
    assert_eq!(served.ended(LONG).await, Some(0), "{}", house.log());
    eprintln!("C-20: stopped in order {:?} after SIGTERM", started.elapsed());
    assert!(!house.log().contains("did not finish in time"), "{}", house.log());
    assert!(client().get(served.url("/health/live")).send().await.is_err());
}

/// A request whose body is awaited by the server: it certainly runs, however busy the machine is.
struct Running {
    stream: TcpStream,
    body: String,
}

impl Running {
    async fn begin(served: &Served) -> Self {
        let body = encode(&[("username", "manager"), ("password", fixture::PASSWORD)]);
        let head = format!(
            "POST /api/account/sign_in HTTP/1.1\r\nhost: {}\r\naccept: application/json\r\n\
             sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\nexpect: 100-continue\r\n\r\n",
            served.addr,
            body.len()
        );
        let mut stream = TcpStream::connect(served.addr).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&answer));
        Self { stream, body }
    }

    /// Sends the rest and reads to the end of the connection, which shall be an end and no reset.
    async fn end(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.expect("no reset");
        answer
    }
}
