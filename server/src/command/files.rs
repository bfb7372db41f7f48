//! The data folder, and the lock that says that a server uses an SQLite file.

use super::Fault;
use crate::config::Settings;
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

/// Makes the folder that the database's file lies in, and checks that it takes files.
///
/// # Errors
/// The folder and why not.
pub fn make_place(settings: &Settings) -> Result<(), Fault> {
    let Some(file) = settings.sqlite_file() else { return Ok(()) };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).map_err(|error| Fault::file("cannot make the data folder", folder, &error))?;
    let probe = folder.join(format!(".meiyue-{}", std::process::id()));
    File::create(&probe)
        .and_then(|_| fs::remove_file(&probe))
        .map_err(|error| Fault::file("cannot write to the data folder", folder, &error))
}

/// Held while a server uses the file; the system lets go of it however the server ends.
pub struct InUse {
    _file: Option<File>,
}

/// Claims the database for one server (or for replacing it).
///
/// # Errors
/// A server uses it.
pub fn claim(settings: &Settings) -> Result<InUse, Fault> {
    let Some(path) = settings.sqlite_file() else { return Ok(InUse { _file: None }) };
    let lock = beside(&path, ".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock)
        .map_err(|error| Fault::file("cannot open", &lock, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(InUse { _file: Some(file) }),
        Err(TryLockError::WouldBlock) => {
            Err(Fault::new(format!("a server is using {}; stop it first", path.display())))
        }
        Err(TryLockError::Error(error)) => Err(Fault::file("cannot lock", &lock, &error)),
    }
}

/// `meiyue.db` → `meiyue.db.lock`
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
