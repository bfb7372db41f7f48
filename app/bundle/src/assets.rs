//! The files of `public/`, and the compressed twins of everything that compresses.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// Kinds worth compressing; images and fonts already are.
const TEXT: [&str; 10] = ["wasm", "js", "css", "json", "svg", "html", "txt", "xml", "webmanifest", "ico"];

/// Every file below `dir`, in a stable order. Nothing when there is no such directory.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        if !dir.exists() {
            continue;
        }
        for entry in fs::read_dir(&dir)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

pub fn copy(from: &Path, to: &Path) -> Result<()> {
    for path in files(from)? {
        let target = to.join(path.strip_prefix(from)?);
        if let Some(dir) = target.parent() {
            fs::create_dir_all(dir)?;
        }
        fs::copy(&path, target)?;
    }
    Ok(())
}

/// Puts a `.br` and a `.gz` beside each file they make smaller. `quick` for builds nobody downloads.
pub fn compress(site: &Path, quick: bool) -> Result<()> {
    for path in files(site)? {
        let kind = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if !TEXT.contains(&kind) || path == site.join("hash.txt") {
            continue;
        }
        let content = fs::read(&path)?;
        put(&path, "br", &content, &brotli(&content, if quick { 4 } else { 11 })?)?;
        put(&path, "gz", &content, &gzip(&content, if quick { 1 } else { 9 })?)?;
    }
    Ok(())
}

fn put(path: &Path, suffix: &str, content: &[u8], small: &[u8]) -> Result<()> {
    if small.len() < content.len() {
        fs::write(beside(path, suffix), small)?;
    }
    Ok(())
}

/// `a/b.css` to `a/b.css.br`.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn brotli(content: &[u8], quality: u32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, quality, 22);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn gzip(content: &[u8], level: u32) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    writer.write_all(content)?;
    Ok(writer.finish()?)
}
