//! Whether anything changed since the last bundle, by size and time of every input.

use std::fmt::Write as _;
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::Result;

use crate::assets::files;
use crate::wasm::Optimiser;
use crate::{Layout, OUTPUT};

/// One line per input, this program's sources among them: a changed bundler bundles anew.
pub fn of(layout: &Layout, input: &Path, optimiser: Option<&Optimiser>) -> Result<String> {
    let mut text =
        format!("{OUTPUT} {}\n", optimiser.map_or("no wasm-opt", |o| o.program.to_str().unwrap_or("?")));
    let mut paths = vec![input.to_owned()];
    paths.extend(files(&layout.root.join("app/bundle/src"))?);
    paths.extend(files(&layout.root.join("style"))?);
    paths.extend(files(&layout.root.join("public"))?);
    for path in paths {
        let meta = std::fs::metadata(&path)?;
        let changed = meta.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
        writeln!(text, "{} {} {changed}", path.display(), meta.len())?;
    }
    Ok(text)
}

pub fn matches(stamp: &Path, current: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|before| before == current)
}
