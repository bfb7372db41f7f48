//! The table of sizes.

use std::path::Path;

use anyhow::Result;

use crate::assets::{beside, files};

/// Bytes of a file as it is and as a browser gets it.
pub struct Size {
    pub raw: u64,
    pub sent: u64,
}

pub fn size(path: &Path) -> Result<Size> {
    let raw = std::fs::metadata(path)?.len();
    let sent = std::fs::metadata(beside(path, "br")).map_or(raw, |meta| meta.len());
    Ok(Size { raw, sent })
}

#[allow(clippy::cast_precision_loss, reason = "sizes for people to read")]
pub fn kb(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

pub fn table(pkg: &Path) -> Result<()> {
    println!("{:<58} {:>10} {:>10}", "file", "raw kB", "brotli kB");
    for path in files(pkg)? {
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if matches!(kind, "br" | "gz") {
            continue;
        }
        let size = size(&path)?;
        let name = path.strip_prefix(pkg)?.display().to_string();
        println!("{name:<58} {:>10.1} {:>10.1}", kb(size.raw), kb(size.sent));
    }
    Ok(())
}
