//! The service worker's knowledge of the build: its hash, and the files a page of the chair loads. With it the worker's
//! own content changes with every build, which is how a browser notices a new one.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::names::hash;
use crate::{OUTPUT, PKG};

/// Lazy functions whose parts work without the network.
const KEPT: [&str; 1] = ["chair_view"];
const BUILD: &str = "__BUILD__";
const FILES: &str = "__FILES__";

/// Fills in `sw.js` of a finished site.
pub fn fill_in(site: &Path) -> Result<()> {
    let path = site.join("sw.js");
    let hashes = std::fs::read_to_string(site.join("hash.txt"))?;
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    ensure!(text.contains(BUILD) && text.contains(FILES), "sw.js has no place for the build's files");
    let files = files(site, &hashes)?;
    // A worker that was changed alone is a new one too.
    let build = hash(&[hashes.as_bytes(), text.as_bytes()]);
    std::fs::write(&path, text.replace(BUILD, &build).replace(FILES, &files.join(" ")))?;
    Ok(())
}

/// Addresses, the style sheet first.
fn files(site: &Path, hashes: &str) -> Result<Vec<String>> {
    let hashes: BTreeMap<&str, &str> = hashes.lines().filter_map(|line| line.split_once(": ")).collect();
    let hash = |key: &str| hashes.get(key).copied().with_context(|| format!("hash.txt has no {key}"));
    let pkg = |name: String| format!("/{PKG}/{name}");
    let mut files = vec![
        pkg(format!("{OUTPUT}.{}.css", hash("css")?)),
        pkg(format!("{OUTPUT}.{}.js", hash("js")?)),
        pkg(format!("__wasm_split.{}.js", hash("split")?)),
        pkg(format!("{OUTPUT}.{}.wasm", hash("wasm")?)),
    ];
    let manifest = site.join(PKG).join(format!("__wasm_split_manifest.{}.json", hash("manifest")?));
    let manifest: BTreeMap<String, Vec<String>> = serde_json::from_str(&std::fs::read_to_string(manifest)?)?;
    let parts = manifest.iter().filter(|(function, _)| KEPT.iter().any(|kept| function.contains(kept)));
    for part in parts.flat_map(|(_, parts)| parts) {
        let part = pkg(format!("{part}.wasm"));
        if !files.contains(&part) {
            files.push(part);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(worker: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        std::fs::create_dir(dir.path().join(PKG)).unwrap();
        put("hash.txt", "js: j\nwasm: w\ncss: c\nmanifest: m\nsplit: s\n");
        put(
            "pkg/__wasm_split_manifest.m.json",
            r#"{"__chair_view_1":["a","b"],"desk_view":["d"],"x_chair_view":["a"]}"#,
        );
        put("sw.js", worker);
        dir
    }

    fn filled(worker: &str) -> String {
        let dir = site(worker);
        fill_in(dir.path()).unwrap();
        std::fs::read_to_string(dir.path().join("sw.js")).unwrap()
    }

    #[test]
    fn the_worker_knows_its_build_and_the_chairs_files() {
        let text = filled("const BUILD = \"__BUILD__\"; const FILES = \"__FILES__\";");
        let files = "/pkg/meiyue.c.css /pkg/meiyue.j.js /pkg/__wasm_split.s.js /pkg/meiyue.w.wasm /pkg/a.wasm /pkg/b.wasm";
        assert!(text.ends_with(&format!("const FILES = \"{files}\";")), "{text}");
        assert!(!text.contains(BUILD));
    }

    #[test]
    fn a_changed_worker_is_another_build() {
        let build = |text: &str| filled(text).split('"').nth(1).unwrap().to_owned();
        assert_ne!(build("a\"__BUILD__\" __FILES__"), build("b\"__BUILD__\" __FILES__"));
        assert!(fill_in(site("nothing to fill in").path()).is_err());
    }
}
