//! A PostgreSQL of a test's own that may be stopped and killed: own folder, own port on loopback.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

pub struct Postgres {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    /// The programs refuse to run as root; then they run as their own system user.
    as_user: bool,
}

impl Postgres {
    /// Made and started; `None` when PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0"));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let this = Self { folder, programs, port, as_user: root };
        if this.as_user
            && !Command::new("chown").arg("postgres").arg(this.folder.path()).status().ok()?.success()
        {
            return None;
        }
        this.run("initdb", &["-U", "meiyue", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        let settings = format!(
            "\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = on\nsynchronous_commit = on\n"
        );
        let file = this.data().join("postgresql.conf");
        let before = fs::read_to_string(&file).unwrap();
        fs::write(&file, before + &settings).unwrap();
        this.up();
        this.run_plain("createdb", &["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "meiyue", "meiyue"]);
        Some(this)
    }

    pub fn url(&self) -> String {
        format!("postgres://meiyue@127.0.0.1:{}/meiyue", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts it, after a crash too: then it may take a while until the old one's processes are gone.
    pub fn up(&self) {
        let log = self.folder.path().join("log").display().to_string();
        let started = Instant::now();
        while !self.command("pg_ctl", &["start", "-w", "-t", "60", "-l", &log]).status().unwrap().success() {
            let said = fs::read_to_string(&log).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL does not start: {said}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Stops it: connections are cut.
    pub fn down(&self) {
        self.run("pg_ctl", &["stop", "-m", "fast", "-w"]);
    }

    /// `kill -9` of its first process; the others end when they notice.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap();
        assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
    }

    fn run(&self, program: &str, args: &[&str]) {
        let out = self.command(program, args).stderr(Stdio::piped()).output().unwrap();
        assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
    }

    fn run_plain(&self, program: &str, args: &[&str]) {
        let status = Command::new(self.programs.join(program)).args(args).status().unwrap();
        assert!(status.success(), "{program}");
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = match self.as_user {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.args(args).arg("-D").arg(self.data()).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.command("pg_ctl", &["stop", "-m", "immediate", "-w"]).status();
    }
}

/// Where PostgreSQL's programs are.
fn programs() -> Option<PathBuf> {
    let mut all: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|e| Some(e.ok()?.path().join("bin"))).collect();
    all.retain(|bin| has(bin));
    all.sort();
    all.pop()
}

fn has(bin: &Path) -> bool {
    ["initdb", "pg_ctl", "createdb"].iter().all(|program| bin.join(program).is_file())
}
