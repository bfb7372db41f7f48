//! How fast the server is as it is run for real: `make bench`.
//!
//! Starts `target/production/meiyue` on a fresh database with the demo and a large branch in it, and in the same run a bare
//! axum handler on a database of the same kind as the limit of what this machine could do. The asking and the answering share
//! the machine, so the time the answering process spent on a core per request is printed too.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: its output is its purpose"
)]

mod bare;
mod booking;
mod cases;
mod client;
mod drive;
mod machine;
mod search;
mod served;
mod world;

use std::process::ExitCode;

use anyhow::Result;

/// Connections asking at a time.
const CONNECTIONS: usize = 32;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match args.iter().position(|arg| arg == "--bare") {
        Some(at) => runtime.block_on(bare::serve(args.get(at + 1).map_or("", String::as_str))),
        None => {
            let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(5);
            runtime.block_on(bench(std::time::Duration::from_secs(seconds)))
        }
    }
}

async fn bench(time: std::time::Duration) -> Result<()> {
    let dir = tempfile::tempdir()?;
    println!("{}", machine::describe(dir.path()).await?);
    search::measure();
    let began = std::time::Instant::now();
    let world = world::World::build(&served::database(dir.path())?).await?;
    println!("demo and a branch of fifty people written in {:.0} s", began.elapsed().as_secs_f64());
    println!("each line: {CONNECTIONS} connections for {} s; asking shares the machine\n", time.as_secs());
    println!(
        "{:<44} {:>9} {:>9} {:>9} {:>12} {:>8} {:>10}",
        "what", "req/s", "p50 ms", "p99 ms", "µs CPU/req", "errors", "to reach"
    );
    {
        let bare = served::Served::bare(dir.path()).await?;
        cases::bare(&bare, time).await?;
    }
    let server = served::Served::meiyue(dir.path()).await?;
    cases::meiyue(&server, world, time).await
}
