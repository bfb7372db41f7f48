//! `meiyue restore`: a copy takes the database's place. Everything is checked before anything is touched.

use super::{
    Fault,
    backup::{check, settle},
    fault::place,
    files::{beside, claim, make_place},
    open, postgres, say,
};
use crate::config::{FileArgs, Settings};
use std::{fs, path::Path};

pub async fn run(settings: &Settings, args: &FileArgs) -> Result<(), Fault> {
    if !args.path.is_file() {
        return Err(Fault::setting(format!("there is no file {}", args.path.display())));
    }
    match settings.sqlite_file() {
        Some(file) => replace(settings, args, &file).await?,
        None => postgres::load(settings, &args.path, args.force).await?,
    }
    // A copy may come from an older version.
    let store = open(settings).await?;
    store.migrate().await.map_err(|error| Fault::database(settings, &error))?;
    store.close().await;
    say(&format!("{} restored from {}", place(settings), args.path.display()));
    Ok(())
}

async fn replace(settings: &Settings, args: &FileArgs, file: &Path) -> Result<(), Fault> {
    make_place(settings)?;
    let _in_use = claim(settings)?;
    if file.exists() && !args.force {
        return Err(Fault::setting(format!("{} exists; --force replaces it", file.display())));
    }
    let fresh = beside(file, ".restore");
    let io = |error: std::io::Error| Fault::file("cannot write", &fresh, &error);
    fs::copy(&args.path, &fresh).map_err(io)?;
    // Checked where it will be used: the medium may be at fault too.
    if let Err(fault) = check(&fresh).await {
        let _ = fs::remove_file(&fresh);
        return Err(fault);
    }
    // The old file's log must not be replayed into the new one.
    for suffix in ["-wal", "-shm"] {
        match fs::remove_file(beside(file, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
    }
    settle(&fresh, file).map_err(io)
}
