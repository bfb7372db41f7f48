//! C-15 and C-16: what the disk sees of an acknowledged write, and what becomes of writes when it is full. Both need
//! something of the machine (strace; the right to mount), and say so where it is missing.

use crate::{
    load::{BEHIND_PROXY, Kept, LONG, Load, Told, post, sign_in, walk_in},
    process::{House, client},
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const WRITES: u32 = 20;

/// Looks at a process's system calls until dropped.
struct Strace(Child);

impl Strace {
    /// `None` when there is no strace, or it may not look.
    async fn attach(pid: u32, log: &Path) -> Option<Self> {
        let mut command = Command::new("strace");
        command.args([
            "-f",
            "-y",
            "-s",
            "24",
            "-e",
            "trace=fdatasync,fsync,write,writev,sendto,sendmsg",
            "-p",
        ]);
        command.arg(pid.to_string()).arg("-o").arg(log).stdin(Stdio::null());
        let mut this = Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
        // Attached once the kernel names a tracer.
        let status = format!("/proc/{pid}/status");
        let started = Instant::now();
        while started.elapsed() < LONG && this.0.try_wait().ok()?.is_none() {
            let text = fs::read_to_string(&status).ok()?;
            if text.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0")) {
                // All threads, a moment later.
                tokio::time::sleep(Duration::from_millis(500)).await;
                return Some(this);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// C-15: before each answer to a write the log of the database has been flushed to the disk since the answer before; and
/// reading flushes nothing, so that this is no accident.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_has_it_before_the_answer() {
    let house = House::furnished().await;
    let served = house.serve(&BEHIND_PROXY).await;
    let cookie = sign_in(&served).await;
    let log = house.folder.path().join("strace");
    let Some(strace) = Strace::attach(served.child.id(), &log).await else {
        eprintln!(
            "SKIPPED C-15: strace is missing or may not look at another process (apt-get install strace)"
        );
        return;
    };
    let client = client();
    for n in 0..WRITES {
        assert!(matches!(walk_in(&client, &served.url(""), &cookie, n).await, Told::Done(_)));
    }
    for _ in 0..WRITES {
        let reply = post(&client, served.url("/api/desk/board"), &cookie, &[]).await.unwrap();
        assert_eq!(reply.status().as_u16(), 200);
    }
    drop(strace);
    // One request at a time, so the lines are in the order of what happened.
    let (mut flushed, mut answers) = (0, Vec::new());
    for line in fs::read_to_string(&log).unwrap().lines() {
        // A call that another thread's line interrupts is told in two: it has returned in the second.
        let flush = line.contains("fdatasync") || line.contains("fsync");
        if flush && line.ends_with("= 0") && (line.contains("-wal") || line.contains("resumed")) {
            flushed += 1;
        } else if line.contains("\"HTTP/1.1 200") {
            answers.push(std::mem::take(&mut flushed));
        }
    }
    assert_eq!(answers.len(), 2 * WRITES as usize, "{answers:?}");
    let (writes, reads) = answers.split_at(WRITES as usize);
    assert!(writes.iter().all(|n| *n > 0), "answered before it was on the disk: {writes:?}");
    assert!(reads.iter().filter(|n| **n > 0).count() <= 2, "reading does not flush: {reads:?}");
    eprintln!(
        "C-15: {WRITES} of {WRITES} acknowledged writes were flushed before the answer; reads: {reads:?}"
    );
}

/// A file system of a few megabytes; gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` when this process may not mount.
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "meiyue-test"]).arg(folder.path());
        let done = command.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        done.then_some(Self(folder))
    }

    fn filler(&self) -> std::path::PathBuf {
        self.0.path().join("filler")
    }

    /// Leaves no room for anything.
    fn fill(&self) {
        let mut file = fs::File::create(self.filler()).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while std::io::Write::write_all(&mut file, &vec![7; size]).is_ok() {}
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// C-16: the disk under the database is full: writes are refused with 503, reading goes on, what was acknowledged is
/// kept, and writing goes on by itself once there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full() {
    let Some(disk) = SmallDisk::mount(48) else {
        eprintln!(
            "SKIPPED C-16 on a real disk: mounting needs root (the store's own test limits the pages instead)"
        );
        return;
    };
    let house = House::furnished().await;
    let data = disk.0.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::copy(house.database(), data.join("meiyue.db")).unwrap();
    let place = data.display().to_string();
    let served = house.serve(&[&["--data-dir", &*place][..], &BEHIND_PROXY].concat()).await;
    let cookie = sign_in(&served).await;
    let load = Arc::new(Load::default());
    let database = format!("sqlite://{place}/meiyue.db?mode=ro");
    let stop = Arc::new(AtomicBool::new(false));
    let writers = load.start(&served, &database, &cookie, &stop);
    load.some(20).await;
    disk.fill();
    let filled = Instant::now();
    while load.away.load(Ordering::SeqCst) < 20 && filled.elapsed() < LONG {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let away = load.away.load(Ordering::SeqCst);
    assert!(away >= 20, "{away} refused: the disk was never full");
    for path in ["/s/jingan", "/health/live"] {
        let reply = client().get(served.url(path)).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 200, "{path} is read");
    }
    let board = post(&client(), served.url("/api/desk/board"), &cookie, &[]).await.unwrap();
    assert_eq!(board.status().as_u16(), 200);
    let full = load.check(&served).await;
    fs::remove_file(disk.filler()).unwrap();
    let emptied = Instant::now();
    load.some(10).await;
    let again = emptied.elapsed();
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let total = load.check(&served).await;
    assert!(total >= full + 10, "writing does not go on by itself");
    let known: std::collections::HashSet<Kept> = load.kept.lock().unwrap().iter().cloned().collect();
    assert_eq!(known.len(), total, "each acknowledged once");
    drop(served);
    let faults = store::backup::sqlite_faults(&data.join("meiyue.db")).await.unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    assert!(!house.log().contains("panicked"), "{}", house.log());
    eprintln!(
        "C-16: {away} writes refused with 503 while the disk was full, {full} acknowledged before, {} after; \
         writing again {again:?} after there was room",
        total - full
    );
}
