//! C-13 and C-20: what becomes of acknowledged work when the server is stopped or killed.
//!
//! `MEIYUE_TEST_KILLS` sets how often it is killed (`make drill`: 100).

use crate::{
    process::{House, Served, client},
    support::{encode, fixture},
};
use reqwest::Client;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const WRITERS: u32 = 8;

async fn post(
    client: &Client,
    url: String,
    cookie: &str,
    fields: &[(&str, &str)],
) -> reqwest::Result<reqwest::Response> {
    client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie)
        .body(encode(fields))
        .send()
        .await
}

async fn sign_in(served: &Served) -> String {
    let fields = [("username", "desk"), ("password", fixture::PASSWORD)];
    let reply = post(&client(), served.url("/api/account/sign_in"), "", &fields).await.unwrap();
    assert_eq!(reply.status().as_u16(), 200);
    let cookie = reply.headers()["set-cookie"].to_str().unwrap().to_owned();
    cookie.split(';').next().unwrap().to_owned()
}

/// Somebody walks in; the link of the ticket, once it has been acknowledged. Nothing when the server is gone, and an
/// empty text when it was too busy.
async fn walk_in(client: &Client, served_at: &str, cookie: &str, n: u32) -> Option<String> {
    let (phone, key, service) = (format!("139{n:08}"), format!("k{n}"), fixture::HYDRATE.to_string());
    let fields = [("name", "孙悦"), ("phone", phone.as_str()), ("services[0]", &service), ("key", &key)];
    let reply = post(client, format!("{served_at}/api/desk/walk_in"), cookie, &fields).await.ok()?;
    let status = reply.status().as_u16();
    let text = reply.text().await.ok()?;
    if status == 503 {
        return Some(String::new());
    }
    assert_eq!(status, 200, "{text}");
    let ticket: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(ticket["link"].as_str()?.to_owned())
}

/// C-13
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let kills: u32 = std::env::var("MEIYUE_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    let house = House::furnished().await;
    let acknowledged = Arc::new(Mutex::new(Vec::<String>::new()));
    let next = Arc::new(AtomicU32::new(0));
    let (mut cookie, mut slowest, mut checked) = (None, Duration::ZERO, 0);
    for round in 0..kills {
        let started = Instant::now();
        let mut served = house.serve(&["--log", "warn"]).await;
        slowest = slowest.max(started.elapsed());
        // The session lives on as well.
        let cookie = match &cookie {
            Some(kept) => String::clone(kept),
            None => cookie.insert(sign_in(&served).await).clone(),
        };
        checked = check(&served, &acknowledged, checked).await;
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                let (base, cookie) = (served.url(""), cookie.clone());
                let (stop, next, acknowledged) = (stop.clone(), next.clone(), acknowledged.clone());
                tokio::spawn(async move {
                    let client = client();
                    while !stop.load(Ordering::SeqCst) {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        match walk_in(&client, &base, &cookie, n).await {
                            Some(link) if link.is_empty() => {}
                            Some(link) => acknowledged.lock().unwrap().push(link),
                            None => return,
                        }
                    }
                })
            })
            .collect();
        // On a busy machine the first answers take a while; then at a moment that differs from round to round.
        let enough = checked + WRITERS as usize;
        let waiting = Instant::now();
        while acknowledged.lock().unwrap().len() < enough && waiting.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(5)).await;
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
    let served = house.serve(&[]).await;
    let total = check(&served, &acknowledged, checked).await;
    assert!(total >= kills as usize * 3, "only {total} writes were acknowledged: the drill proves nothing");
    eprintln!(
        "{kills} kills, {total} acknowledged walk-ins, none lost; up again in {slowest:?} at the slowest"
    );
}

/// Every ticket that was handed out is there, from the `from`th on. Gives how many there are.
async fn check(served: &Served, acknowledged: &Mutex<Vec<String>>, from: usize) -> usize {
    let links: Vec<String> = acknowledged.lock().unwrap()[from..].to_vec();
    let client = client();
    for link in &links {
        let token = link.trim_start_matches("/q/");
        let reply = post(&client, served.url("/api/customer/queue"), "", &[("token", token)]).await.unwrap();
        assert_eq!(reply.status().as_u16(), 200, "the acknowledged ticket {link} is lost");
    }
    from + links.len()
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
    eprintln!("stopped in order {:?} after SIGTERM", started.elapsed());
    assert!(!house.log().contains("did not finish in time"), "{}", house.log());
    assert!(client().get(served.url("/health/live")).send().await.is_err());
}

/// Much longer than anything takes, on a busy machine too.
const LONG: Duration = Duration::from_secs(60);

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
