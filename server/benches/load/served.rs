//! A server in a process of its own, stopped when dropped.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::client::{Client, get};

/// Names an empty database to use instead of a new SQLite file.
const DATABASE: &str = "BENCH_DATABASE_URL";

/// The address of the database that is asked.
pub fn database(dir: &Path) -> Result<String> {
    if let Ok(url) = std::env::var(DATABASE) {
        return Ok(url);
    }
    let data = dir.join("data");
    std::fs::create_dir_all(&data)?;
    Ok(format!("sqlite://{}?mode=rwc", data.join("meiyue.db").display()))
}

pub struct Served {
    child: Child,
    pub addr: SocketAddr,
}

impl Served {
    /// The handler that does nothing but its one statement.
    pub async fn bare(dir: &Path) -> Result<Self> {
        let addr = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        let database = match std::env::var(DATABASE) {
            Ok(url) => url,
            Err(_) => format!("sqlite://{}?mode=rwc", dir.join("bare.db").display()),
        };
        command.args(["--bare", &format!("{addr},{database}")]);
        Self::start(command, addr, dir, "/read").await
    }

    /// The server as it is run for real, on that database, the limits per address off.
    pub async fn meiyue(dir: &Path) -> Result<Self> {
        let addr = free_address()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the server has no workspace")?;
        let mut command = Command::new(root.join("target/production/meiyue"));
        command
            // A request names its phone's address itself: limits per address are not what is measured.
            .args(["serve", "--demo", "--rate", "0", "--log", "warn", "--trusted-proxy", "127.0.0.1"])
            .args(["--addr", &addr.to_string()])
            .arg("--data-dir")
            .arg(dir.join("data"))
            .arg("--site-root")
            .arg(root.join("target/site"));
        if let Ok(url) = std::env::var(DATABASE) {
            command.env("MEIYUE_DATABASE_URL", url);
        }
        Self::start(command, addr, dir, "/health/ready").await
    }

    async fn start(mut command: Command, addr: SocketAddr, dir: &Path, ready: &str) -> Result<Self> {
        let log = File::create(dir.join("server.log"))?;
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
        let child =
            child.with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let mut served = Self { child, addr };
        for _ in 0..1200 {
            if let Some(status) = served.child.try_wait()? {
                bail!("the server ended ({status}):\n{}", std::fs::read_to_string(dir.join("server.log"))?);
            }
            if let Ok(mut client) = Client::connect(addr).await
                && client.send(&get(ready, "")).await.is_ok_and(|reply| reply.status == 200)
            {
                return Ok(served);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!(
            "the server is not ready after two minutes:\n{}",
            std::fs::read_to_string(dir.join("server.log"))?
        )
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
