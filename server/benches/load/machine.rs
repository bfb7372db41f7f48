//! What the figures depend on: idle share, the disk's flush, and the time a process spent on a core.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Ticks per second in /proc: fixed on Linux.
const TICKS: f64 = 100.0;

/// One line for the head of the report.
pub async fn describe(dir: &Path) -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let before = cpu_times()?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = cpu_times()?;
    let idle = (after.idle - before.idle) / (after.all - before.all).max(1.0) * 100.0;
    let flush = flush_time(dir)?;
    Ok(format!(
        "machine: {cores} cores, {idle:.0} % idle before the run, fdatasync {:.2} ms",
        flush.as_secs_f64() * 1e3
    ))
}

struct Times {
    idle: f64,
    all: f64,
}

fn cpu_times() -> Result<Times> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    let fields: Vec<f64> = line.split_whitespace().skip(1).filter_map(|f| f.parse().ok()).collect();
    // user nice system idle iowait …
    Ok(Times { idle: fields.iter().skip(3).take(2).sum(), all: fields.iter().take(8).sum() })
}

/// Time on a core a process has spent so far, all its threads together.
pub fn cpu_of(pid: u32) -> Result<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server is gone")?;
    let after_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 =
        after_name.split_whitespace().skip(11).take(2).filter_map(|f| f.parse::<f64>().ok()).sum();
    Ok(Duration::from_secs_f64(ticks / TICKS))
}

/// Resident memory in MB.
pub fn memory_of(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find(|l| l.starts_with("VmRSS:")).context("no VmRSS")?;
    let kb: u64 =
        line.split_whitespace().nth(1).and_then(|v| v.parse().ok()).context("VmRSS is no number")?;
    Ok(kb / 1024)
}

/// Median of a hundred small appends, each flushed to the disk.
fn flush_time(dir: &Path) -> Result<Duration> {
    let mut file = fs::File::create(dir.join("flush"))?;
    let mut times = Vec::new();
    for _ in 0..100 {
        let started = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
