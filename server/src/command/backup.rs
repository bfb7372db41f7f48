//! `meiyue backup`: a checked copy, while the server goes on running.

use super::{Fault, fault::place, files::beside, postgres, say};
use crate::config::{FileArgs, Settings};
use std::{fs, path::Path};

pub async fn run(settings: &Settings, args: &FileArgs) -> Result<(), Fault> {
    if args.path.exists() && !args.force {
        return Err(Fault::setting(format!("{} exists; --force replaces it", args.path.display())));
    }
    // Written beside and moved into place: a copy that was interrupted never looks like one.
    let unfinished = beside(&args.path, ".part");
    let _ = fs::remove_file(&unfinished);
    let done = match settings.sqlite_file() {
        Some(file) => copy(settings, &file, &unfinished).await,
        None => postgres::dump(settings, &unfinished).await,
    };
    let moved = done.and_then(|()| {
        settle(&unfinished, &args.path).map_err(|error| Fault::file("cannot write", &args.path, &error))
    });
    if let Err(fault) = moved {
        let _ = fs::remove_file(&unfinished);
        return Err(fault);
    }
    let size = fs::metadata(&args.path).map_or(0, |data| data.len());
    say(&format!(
        "{} copied to {} ({} KB, checked)",
        place(settings),
        args.path.display(),
        size.div_ceil(1024)
    ));
    Ok(())
}

async fn copy(settings: &Settings, file: &Path, to: &Path) -> Result<(), Fault> {
    if !file.exists() {
        return Err(Fault::setting(format!("there is no database {}", file.display())));
    }
    store::backup::sqlite_into(file, to).await.map_err(|error| Fault::database(settings, &error))?;
    check(to).await
}

/// C-26: pages and references of a copy are whole.
pub async fn check(file: &Path) -> Result<(), Fault> {
    match store::backup::sqlite_faults(file).await {
        Ok(faults) if faults.is_empty() => Ok(()),
        Ok(faults) => Err(Fault::new(format!("{} is damaged: {}", file.display(), faults.join("; ")))),
        Err(error) => Err(Fault::new(format!("{} is no copy of a database: {error}", file.display()))),
    }
}

/// Moves a finished file into place so that it is there after a power cut too.
pub fn settle(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::File::open(from)?.sync_all()?;
    fs::rename(from, to)?;
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder)?.sync_all(),
        _ => fs::File::open(".")?.sync_all(),
    }
}
