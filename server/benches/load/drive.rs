//! Many connections asking for a while, and what came of it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::client::{Client, Reply};
use crate::machine;
use crate::served::Served;

/// The outcome of one case.
pub struct Outcome {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Time on a core that the server spent per request, in microseconds.
    pub cpu: f64,
    pub errors: usize,
    /// Status of the first answer that was no success.
    pub first_error: u16,
}

/// What one connection asks next, given the answer to what it asked before.
pub type Ask = Box<dyn FnMut(&Reply) -> Vec<u8> + Send>;

/// Asks until `time` is over, one connection for each of `asks`. Answers below 400 count as success.
pub async fn drive(server: &Served, time: Duration, asks: Vec<Ask>) -> Result<Outcome> {
    let before = machine::cpu_of(server.pid())?;
    let started = Instant::now();
    let tasks: Vec<_> =
        asks.into_iter().map(|ask| tokio::spawn(one(server.addr, started + time, ask))).collect();
    let (mut times, mut errors, mut first_error) = (Vec::new(), 0, 0);
    for task in tasks {
        let done = task.await??;
        times.extend(done.times);
        errors += done.errors;
        if first_error == 0 {
            first_error = done.first_error;
        }
    }
    let took = started.elapsed().as_secs_f64();
    let cpu = machine::cpu_of(server.pid())? - before;
    times.sort_unstable();
    let count = u32::try_from(times.len().max(1))?;
    Ok(Outcome {
        per_second: f64::from(count) / took,
        p50: percentile(&times, 50),
        p99: percentile(&times, 99),
        cpu: cpu.as_secs_f64() * 1e6 / f64::from(count),
        errors,
        first_error,
    })
}

#[derive(Default)]
struct Done {
    times: Vec<Duration>,
    errors: usize,
    first_error: u16,
}

async fn one(addr: SocketAddr, until: Instant, mut ask: Ask) -> Result<Done> {
    let mut client = Client::connect(addr).await?;
    let mut done = Done::default();
    let mut reply = Reply::default();
    while Instant::now() < until {
        let request = ask(&reply);
        let asked = Instant::now();
        reply = client.send(&request).await?;
        done.times.push(asked.elapsed());
        if reply.status >= 400 {
            done.errors += 1;
            if done.first_error == 0 {
                done.first_error = reply.status;
            }
        }
    }
    Ok(done)
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}
