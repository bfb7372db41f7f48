//! The real program, in a process of its own.

use crate::support::fixture;
use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};
use store::{Options, Store, TestClock};

/// Settings that make the clock start where the fixture's day begins.
pub const FIXTURE_TIME: [&str; 3] = ["--demo", "--demo-clock", "2026-06-12T10:00:00+08:00"];

/// A folder with a database and what a server needs beside it.
pub struct House {
    pub folder: tempfile::TempDir,
}

impl House {
    /// Empty: no database yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("site/pkg")).unwrap();
        Self { folder }
    }

    /// With the fixture's salon. To serve at its time: [`FIXTURE_TIME`].
    pub async fn furnished() -> Self {
        let house = Self::new();
        std::fs::create_dir_all(house.folder.path().join("data")).unwrap();
        let options = Options {
            url: format!("sqlite://{}?mode=rwc", house.database().display()),
            clock: std::sync::Arc::new(TestClock::new(fixture::now())),
            demo: true,
            base_url: "http://127.0.0.1".into(),
            patience: Duration::from_secs(60),
        };
        let store = Store::open(options).await.unwrap();
        store.migrate().await.unwrap();
        fixture::fill(&store).await.unwrap();
        store.close().await;
        house
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/meiyue.db")
    }

    /// `meiyue <args>` in this folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_meiyue"));
        command
            .current_dir(self.folder.path())
            .args(args)
            .env("MEIYUE_SITE_ROOT", self.folder.path().join("site"))
            .env("MEIYUE_LOG", "warn")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Starts serving at the fixture's time and waits until it is ready.
    pub async fn serve(&self, args: &[&str]) -> Served {
        // Between finding a port and serving on it somebody else may take it.
        for _ in 0..5 {
            if let Some(served) = self.serve_on(free_address(), args).await {
                return served;
            }
        }
        panic!("no port: {}", self.log());
    }

    /// `None` when the address was taken.
    async fn serve_on(&self, addr: SocketAddr, args: &[&str]) -> Option<Served> {
        let listen = addr.to_string();
        let all = [&["serve", "--addr", &listen, "--rate", "0"][..], &FIXTURE_TIME, args].concat();
        let log =
            std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let child = self.command(&all).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut served = Served { child, addr };
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(60) {
            if let Some(status) = served.child.try_wait().unwrap() {
                let log = self.log();
                if log.contains(&format!("{addr} is taken")) {
                    return None;
                }
                panic!("ended with {status}: {log}");
            }
            if served.is_ready().await {
                return Some(served);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("not ready in a minute: {}", self.log());
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// A server that runs; killed when dropped.
pub struct Served {
    pub child: Child,
    pub addr: SocketAddr,
}

impl Served {
    async fn is_ready(&self) -> bool {
        let url = self.url("/health/ready");
        client().get(url).send().await.is_ok_and(|reply| reply.status().is_success())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let done = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Its exit code, within a time.
    pub async fn ended(&mut self, within: Duration) -> Option<i32> {
        let started = Instant::now();
        while started.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("still running after {within:?}");
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
