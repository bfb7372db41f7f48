//! Writers for the drills: walk-ins at the desk and bookings from phones, each kept once it was acknowledged.

use crate::{
    process::{House, Served, client},
    support::{encode, fixture},
};
use reqwest::{Client, Response};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// Much longer than anything takes, on a busy machine too.
pub const LONG: Duration = Duration::from_secs(60);

/// Lets a writer name the phone's address: limits per address are not what is tried here.
pub const BEHIND_PROXY: [&str; 2] = ["--trusted-proxy", "127.0.0.1"];

pub async fn post(
    client: &Client,
    url: String,
    cookie: &str,
    fields: &[(&str, &str)],
) -> reqwest::Result<Response> {
    post_from(client, url, cookie, fields, 0).await
}

async fn post_from(
    client: &Client,
    url: String,
    cookie: &str,
    fields: &[(&str, &str)],
    phone: u32,
) -> reqwest::Result<Response> {
    let [_, a, b, c] = phone.to_be_bytes();
    client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
        .header("cookie", cookie)
        .body(encode(fields))
        .send()
        .await
}

pub async fn sign_in(served: &Served) -> String {
    let fields = [("username", "desk"), ("password", fixture::PASSWORD)];
    let reply = post(&client(), served.url("/api/account/sign_in"), "", &fields).await.unwrap();
    assert_eq!(reply.status().as_u16(), 200);
    let cookie = reply.headers()["set-cookie"].to_str().unwrap().to_owned();
    cookie.split(';').next().unwrap().to_owned()
}

/// What a writer was told.
pub enum Told {
    /// It is done: the ticket's or the booking's token.
    Done(Kept),
    /// Refused by a rule: nothing was written.
    Refused,
    /// 503: come again. With what `Retry-After` said.
    Away(Option<String>),
    /// No answer.
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    Ticket(String),
    Booking(String),
}

/// Somebody walks in.
pub async fn walk_in(client: &Client, at: &str, cookie: &str, n: u32) -> Told {
    let (phone, key, service) = (format!("139{n:08}"), format!("k{n}"), fixture::HYDRATE.to_string());
    let fields = [("name", "孙悦"), ("phone", phone.as_str()), ("services[0]", &service), ("key", &key)];
    match answer(post_from(client, format!("{at}/api/desk/walk_in"), cookie, &fields, n).await).await {
        Ok((_, text)) => {
            let ticket: serde_json::Value = serde_json::from_str(&text).unwrap();
            Told::Done(Kept::Ticket(ticket["link"].as_str().unwrap().trim_start_matches("/q/").to_owned()))
        }
        Err(told) => told,
    }
}

/// Somebody books from a phone: holds a time, gets a code, sends it.
pub async fn book(client: &Client, at: &str, database: &str, n: u32) -> Told {
    let minutes = [615, 690, 765, 840, 915, 990][n as usize % 6];
    let day = fixture::today() + chrono::Duration::days(i64::from(n / 12 % 85) + 1);
    let time = store::time::ms(store::time::instant(fixture::TZ, day, minutes)).to_string();
    let (phone, key, service) = (format!("136{n:08}"), format!("b{n}"), fixture::HYDRATE.to_string());
    let fields = [("branch", "jingan"), ("services", &*service), ("who", ""), ("at", &time), ("key", &key)];
    let held = answer(post_from(client, format!("{at}/api/booking/hold"), "", &fields, n).await).await;
    let hold = match held {
        Ok((to, _)) => to.trim_start_matches("/hold/").to_owned(),
        Err(told) => return told,
    };
    let contact = [("hold", &*hold), ("name", "王雅琴"), ("phone", &phone)];
    if let Err(told) =
        answer(post_from(client, format!("{at}/api/booking/send_code"), "", &contact, n).await).await
    {
        return told;
    }
    let Some(code) = code_of(database, &phone).await else { return Told::Gone };
    let fields = [("hold", &*hold), ("name", "王雅琴"), ("phone", &phone), ("code", &code), ("key", &key)];
    match answer(post_from(client, format!("{at}/api/booking/book"), "", &fields, n).await).await {
        Ok((to, _)) => Told::Done(Kept::Booking(to.trim_start_matches("/b/").to_owned())),
        Err(told) => told,
    }
}

/// Where a success leads, and its text; else what it was.
async fn answer(reply: reqwest::Result<Response>) -> Result<(String, String), Told> {
    let Ok(reply) = reply else { return Err(Told::Gone) };
    let header = |name: &str| reply.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (status, to, later) = (reply.status().as_u16(), header("location"), header("retry-after"));
    let Ok(text) = reply.text().await else { return Err(Told::Gone) };
    match status {
        200..=399 => Ok((to.unwrap_or_default(), text)),
        409 | 422 => Err(Told::Refused),
        503 => Err(Told::Away(later)),
        other => panic!("{other}: {text}"),
    }
}

/// The code that was sent to a phone. Read over a connection of its own that is closed at once: a database that stays
/// open elsewhere would not be recovered when the server comes back.
async fn code_of(database: &str, phone: &str) -> Option<String> {
    let db: DatabaseConnection = Database::connect(database).await.ok()?;
    let sql = "SELECT params FROM outbox WHERE recipient = $1 AND template = 'code' ORDER BY id DESC LIMIT 1";
    let row = db
        .query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [phone.into()]))
        .await;
    let _ = db.close().await;
    let params: serde_json::Value =
        serde_json::from_str(&row.ok()??.try_get_by_index::<String>(0).ok()?).ok()?;
    Some(params["code"].as_str()?.to_owned())
}

/// Writers at work, and all that was acknowledged.
#[derive(Default)]
pub struct Load {
    next: AtomicU32,
    pub kept: Mutex<Vec<Kept>>,
    /// How often somebody was told to come again.
    pub away: AtomicU32,
    checked: AtomicU32,
}

/// Half walk in, half book.
const WRITERS: u32 = 8;

impl Load {
    /// Starts writers that go on until `stop`, or until there is no answer.
    pub fn start(
        self: &Arc<Self>,
        served: &Served,
        database: &str,
        cookie: &str,
        stop: &Arc<AtomicBool>,
    ) -> Vec<tokio::task::JoinHandle<()>> {
        let writer = |w: u32| {
            let (load, stop) = (self.clone(), stop.clone());
            let (base, database, cookie) = (served.url(""), database.to_owned(), cookie.to_owned());
            tokio::spawn(async move {
                let client = client();
                while !stop.load(Ordering::SeqCst) {
                    let n = load.next.fetch_add(1, Ordering::SeqCst);
                    let told = match w % 2 {
                        0 => walk_in(&client, &base, &cookie, n).await,
                        _ => book(&client, &base, &database, n).await,
                    };
                    match told {
                        Told::Done(kept) => load.kept.lock().unwrap().push(kept),
                        Told::Refused => {}
                        Told::Away(later) => {
                            assert!(later.is_some(), "503 without Retry-After");
                            load.away.fetch_add(1, Ordering::SeqCst);
                            tokio::time::sleep(Duration::from_millis(20)).await;
                        }
                        Told::Gone => return,
                    }
                }
            })
        };
        (0..WRITERS).map(writer).collect()
    }

    pub fn acknowledged(&self) -> usize {
        self.kept.lock().unwrap().len()
    }

    pub fn bookings(&self) -> usize {
        self.kept.lock().unwrap().iter().filter(|kept| matches!(kept, Kept::Booking(_))).count()
    }

    /// Waits until so many more are acknowledged than were checked; not longer than anything takes.
    pub async fn some(&self, more: usize) {
        let started = Instant::now();
        while self.acknowledged() < self.checked.load(Ordering::SeqCst) as usize + more
            && started.elapsed() < LONG
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until so many bookings are acknowledged; not longer than anything takes.
    pub async fn booked(&self, n: usize) {
        let started = Instant::now();
        while self.bookings() < n && started.elapsed() < LONG {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Everything acknowledged since the last check is there, once each. Gives how much was acknowledged in all.
    pub async fn check(&self, served: &Served) -> usize {
        let from = self.checked.load(Ordering::SeqCst) as usize;
        let kept: Vec<Kept> = self.kept.lock().unwrap()[from..].to_vec();
        let client = client();
        for one in &kept {
            let (path, token) = match one {
                Kept::Ticket(token) => ("customer/queue", token),
                Kept::Booking(token) => ("booking/view", token),
            };
            let reply =
                post(&client, served.url(&format!("/api/{path}")), "", &[("token", token)]).await.unwrap();
            assert_eq!(reply.status().as_u16(), 200, "{one:?} was acknowledged and is lost");
        }
        self.checked.store((from + kept.len()) as u32, Ordering::SeqCst);
        from + kept.len()
    }
}

impl House {
    /// Where the drills read codes: never written through.
    pub fn read_only(&self) -> String {
        format!("sqlite://{}?mode=ro", self.database().display())
    }
}
