//! What is measured, and how much of it is wanted.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use domain::booking::BookPage;
use domain::branch::{ChainPage, SalonPage};
use serde::de::DeserializeOwned;

use crate::CONNECTIONS;
use crate::booking;
use crate::client::{Client, Reply, call, get};
use crate::drive::{Ask, drive};
use crate::machine::memory_of;
use crate::served::Served;
use crate::world::{Of, SLUG, World, id};

/// Requests per second to reach, and the slowest of a hundred allowed; from the specification.
#[derive(Clone, Copy)]
struct Goal {
    per_second: f64,
    p99_ms: f64,
}

const fn goal(per_second: f64, p99_ms: f64) -> Option<Goal> {
    Some(Goal { per_second, p99_ms })
}

pub async fn bare(server: &Served, time: Duration) -> Result<()> {
    let read = same(get("/read", ""));
    run(server, time, "limit: bare handler, one read", None, read).await?;
    let write = same(call("/read", &[], ""));
    run(server, time, "limit: bare handler, one durable row", None, write).await
}

pub async fn meiyue(server: &Served, mut world: World, time: Duration) -> Result<()> {
    let mut client = Client::connect(server.addr).await?;
    let salon = Salon::find(&mut client).await?;
    let staff = sign_in(&mut client, "qiantai").await?;

    let page = same(get(&format!("/s/{}", salon.slug), ""));
    run(server, time, "salon page, rendered", goal(1500.0, f64::INFINITY), page).await?;
    let page = same(with_header(&get(&format!("/s/{}", salon.slug), ""), "accept-encoding: br"));
    run(server, time, "salon page, rendered and compressed", None, page).await?;

    let (first, one) = (world.today + chrono::Duration::days(7), id(Of::Person, 7).to_string());
    let times = |who: &str, day: NaiveDate, days: &str| times(who, &day.to_string(), days);
    let slots = goal(10_000.0, 10.0);
    run(server, time, "free times, one person, one day", slots, same(times(&one, first, "1"))).await?;
    run(
        server,
        time,
        "free times, anyone of 50, one day",
        goal(3000.0, f64::INFINITY),
        same(times("", first, "1")),
    )
    .await?;
    run(
        server,
        time,
        "free times, one person, a month",
        goal(3000.0, f64::INFINITY),
        same(times(&one, first, "31")),
    )
    .await?;
    run(server, time, "booking page's data, one person", None, same(salon.page(&salon.day, &salon.person)))
        .await?;
    run(server, time, "booking page's data, anyone", None, same(salon.page(&salon.day, ""))).await?;

    run(server, time, "live board, as data", None, same(call("/api/desk/board", &[], &staff))).await?;
    run(server, time, "live board, rendered", None, same(get("/desk", &staff))).await?;

    // Ten times the history, and more: a day's free times cost what they cost.
    let more = std::env::var("BENCH_HISTORY").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    for past in [10_000, more] {
        world.past(past).await?;
        let name = format!("free times, anyone of 50, {past} past bookings");
        run(server, time, &name, None, same(times("", first, "1"))).await?;
    }
    let world = Arc::new(world);
    let written = if world.on_postgres() { goal(2000.0, f64::INFINITY) } else { goal(1500.0, 50.0) };
    let held = booking::held(&world);
    run(server, time, "a time held, or given back (one write)", written, held).await?;
    let desk = sign_in(&mut client, SLUG).await?;
    let bookings = booking::entered(&world, &desk);
    run(server, time, "booked at the desk (one request each)", written, bookings).await?;
    let bookings = booking::asks(&world);
    run(server, time, "booked: each a hold, a code, a booking", None, bookings).await?;
    println!("\nserver memory: {} MB", memory_of(server.pid())?);
    Ok(())
}

fn times(who: &str, day: &str, days: &str) -> Vec<u8> {
    let service = id(Of::Service, 0).to_string();
    let fields = [("branch", SLUG), ("services", &*service), ("who", who), ("day", day), ("days", days)];
    call("/api/booking/times", &fields, "")
}

fn with_header(request: &[u8], line: &str) -> Vec<u8> {
    let end = request.len() - 2;
    [&request[..end], line.as_bytes(), b"\r\n\r\n"].concat()
}

fn same(request: Vec<u8>) -> Vec<Ask> {
    (0..CONNECTIONS)
        .map(|_| {
            let request = request.clone();
            Box::new(move |_: &Reply| request.clone()) as Ask
        })
        .collect()
}

async fn run(
    server: &Served,
    time: Duration,
    name: &str,
    goal: Option<Goal>,
    mut asks: Vec<Ask>,
) -> Result<()> {
    if std::env::var("BENCH_ONLY").is_ok_and(|only| !name.contains(&only)) {
        return Ok(());
    }
    // Warm: caches filled, connections of the pool open.
    let first = asks.first_mut().with_context(|| format!("{name}: nothing to ask"))?(&Reply::default());
    let reply = Client::connect(server.addr).await?.send(&first).await?;
    ensure!(reply.status < 400, "{name}: the server answers {} {}", reply.status, reply.text());
    let outcome = drive(server, time, asks).await?;
    let reached = goal.map_or(String::new(), |g| {
        let ok = outcome.per_second >= g.per_second && outcome.p99.as_secs_f64() * 1e3 <= g.p99_ms;
        format!("{:.0} {}", g.per_second, if ok { "yes" } else { "no" })
    });
    let errors = match outcome.first_error {
        0 => String::from("0"),
        status => format!("{}×{status}", outcome.errors),
    };
    println!(
        "{name:<44} {:>9.0} {:>9.2} {:>9.2} {:>12.0} {errors:>8} {reached:>10}",
        outcome.per_second,
        outcome.p50.as_secs_f64() * 1e3,
        outcome.p99.as_secs_f64() * 1e3,
        outcome.cpu,
    );
    Ok(())
}

/// Signs a front desk in with the demo's password.
async fn sign_in(client: &mut Client, username: &str) -> Result<String> {
    let fields = [("username", username), ("password", "meiyue demo 2026 spring")];
    let reply = client.send(&call("/api/account/sign_in", &fields, "")).await?;
    ensure!(reply.status < 400 && !reply.cookie.is_empty(), "the desk cannot sign in: {}", reply.text());
    Ok(reply.cookie)
}

/// What a customer would choose: the first salon's most usual service, its people and a day with many free times.
struct Salon {
    slug: String,
    service: String,
    person: String,
    day: String,
}

impl Salon {
    async fn find(client: &mut Client) -> Result<Self> {
        let chain: ChainPage = ask(client, &call("/api/branch/chain", &[], "")).await?;
        let slug = chain.branches.first().context("the demo has no branch")?.slug.clone();
        let page: SalonPage = ask(client, &call("/api/branch/salon", &[("slug", &slug)], "")).await?;
        let services = page.categories.iter().flat_map(|category| &category.services);
        let mut best: Option<(usize, Self)> = None;
        for service in services.filter(|service| service.online && service.needs_first.is_none()).take(12) {
            let mut salon = Self {
                slug: slug.clone(),
                service: service.id.to_string(),
                person: String::new(),
                day: String::new(),
            };
            let page: BookPage = ask(client, &salon.page("", "")).await?;
            salon.person = page.people.first().map(|person| person.id.to_string()).unwrap_or_default();
            salon.day =
                page.days.get(page.days.len() / 2).map(|day| day.date.to_string()).unwrap_or_default();
            if best.as_ref().is_none_or(|(people, _)| *people < page.people.len()) {
                best = Some((page.people.len(), salon));
            }
        }
        Ok(best.context("the demo salon has nothing to book")?.1)
    }

    /// The server function behind the page on which a time is chosen.
    fn page(&self, day: &str, who: &str) -> Vec<u8> {
        let fields =
            [("branch", self.slug.as_str()), ("services", &self.service), ("who", who), ("day", day)];
        call("/api/booking/page", &fields, "")
    }
}

async fn ask<T: DeserializeOwned>(client: &mut Client, request: &[u8]) -> Result<T> {
    let reply = client.send(request).await?;
    let what =
        String::from_utf8_lossy(request.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
    ensure!(reply.status == 200, "{what}: {} {}", reply.status, reply.text());
    serde_json::from_slice(&reply.body).with_context(|| what)
}
