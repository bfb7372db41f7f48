//! Content hashes in file names, and the references between the files kept right.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};

use crate::OUTPUT;
use crate::wasm::{LOADER, Parts};

/// Fetches a part again until it comes: without this a lost connection would end the whole program, because
/// the generated code takes a failed load for a broken build. The page hears of it by the event
/// `meiyue:waiting`. A part that is gone belongs to an older build: load the page anew, once.
const PATIENT_FETCH: &str = r#"async function patientFetch(url) {
    for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
        const reply = await fetch(url).catch(() => undefined);
        if (reply?.ok) return reply;
        if (reply?.status === 404 && sessionStorage.getItem("reloaded-for") !== url.pathname) {
            sessionStorage.setItem("reloaded-for", url.pathname);
            location.reload();
        }
        dispatchEvent(new CustomEvent("meiyue:waiting"));
        await new Promise(go => { setTimeout(go, pause); addEventListener("online", go, { once: true }); });
    }
}
"#;

/// Writes the parts under their final names and gives the text of `hash.txt`.
pub fn write(pkg: &Path, parts: Parts, style: &str) -> Result<String> {
    let mut renamed = BTreeMap::new();
    for (stem, content) in &parts.chunks {
        let name = format!("{stem}.{}", hash(&[content]));
        std::fs::write(pkg.join(format!("{name}.wasm")), content)?;
        renamed.insert(stem.clone(), name);
    }
    for (path, text) in &parts.snippets {
        let path = pkg.join(path);
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        std::fs::write(path, text)?;
    }

    let loader = patient(&with_chunk_names(parts.loader_js, &renamed)?)?;
    // The two scripts import each other: one hash over both, taken before either name is filled in.
    let scripts = hash(&[parts.main_js.as_bytes(), loader.as_bytes()]);
    let loader_name = LOADER.replace("______________________", &scripts);
    let script_name = format!("{OUTPUT}.{scripts}.js");
    let loader = replace(&loader, &format!("\"./{OUTPUT}.js\""), &format!("\"./{script_name}\""))?;
    let main_js = link_loader(&parts.main_js, &loader_name);
    std::fs::write(pkg.join(&loader_name), tidy_script(&loader))?;
    std::fs::write(pkg.join(&script_name), tidy_script(&main_js))?;

    let main = hash(&[&parts.main]);
    std::fs::write(pkg.join(format!("{OUTPUT}.{main}.wasm")), &parts.main)?;
    let css = hash(&[style.as_bytes()]);
    std::fs::write(pkg.join(format!("{OUTPUT}.{css}.css")), style)?;

    let manifest = manifest(&parts.prefetch, &renamed)?;
    let manifest_hash = hash(&[manifest.as_bytes()]);
    std::fs::write(pkg.join(format!("__wasm_split_manifest.{manifest_hash}.json")), &manifest)?;
    Ok(format!("js: {scripts}\nwasm: {main}\ncss: {css}\nmanifest: {manifest_hash}\nsplit: {scripts}\n"))
}

/// 22 characters, the length leptos reserves for the loader's hash.
pub fn hash(contents: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for content in contents {
        hasher.update(content);
    }
    let mut text = String::new();
    for byte in hasher.finalize().iter().take(11) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn replace(text: &str, from: &str, to: &str) -> Result<String> {
    ensure!(text.contains(from), "the generated script has no {from}: did the splitter's output change?");
    Ok(text.replace(from, to))
}

fn with_chunk_names(mut loader: String, renamed: &BTreeMap<String, String>) -> Result<String> {
    for (stem, name) in renamed {
        loader = replace(&loader, &format!("\"./{stem}.wasm\""), &format!("\"./{name}.wasm\""))?;
    }
    Ok(loader)
}

fn patient(loader: &str) -> Result<String> {
    if !loader.contains("instantiateStreaming") {
        return Ok(loader.to_owned()); // no lazy part at all
    }
    let loader = replace(loader, "fetch(new URL(", "patientFetch(new URL(")?;
    let end_of_import = loader.find('\n').map_or(0, |at| at + 1);
    let (import, rest) = loader.split_at(end_of_import);
    Ok(format!("{import}{PATIENT_FETCH}{rest}"))
}

/// Only the address the browser fetches is renamed. The wasm itself names the loader by its unhashed name and
/// gets it handed in under that key.
fn link_loader(main_js: &str, loader_name: &str) -> String {
    main_js
        .replace(&format!("from './{LOADER}'"), &format!("from './{loader_name}'"))
        .replace(&format!("from \"./{LOADER}\""), &format!("from \"./{loader_name}\""))
}

/// leptos reads this to preload the parts of the page it renders.
fn manifest(prefetch: &BTreeMap<String, Vec<String>>, renamed: &BTreeMap<String, String>) -> Result<String> {
    let renamed: BTreeMap<&String, Vec<&String>> = prefetch
        .iter()
        .map(|(function, stems)| (function, stems.iter().filter_map(|stem| renamed.get(stem)).collect()))
        .collect();
    Ok(serde_json::to_string(&renamed)?)
}

/// Drops indentation and comments that stand on lines of their own; the rest is left to the compression.
fn tidy_script(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(chunk: &[u8]) -> Parts {
        Parts {
            main: b"main".to_vec(),
            main_js: format!(
                "/**\n * Says so.\n */\nimport * as a from './{LOADER}';\n  const i = {{ './{LOADER}': a }};\n"
            ),
            loader_js: format!(
                "import {{ initSync }} from \"./{OUTPUT}.js\";\nfetch(new URL(\"./chunk_1.wasm\", import.meta.url)); instantiateStreaming\n"
            ),
            chunks: BTreeMap::from([("chunk_1".to_owned(), chunk.to_vec())]),
            prefetch: BTreeMap::from([("board".to_owned(), vec!["chunk_1".to_owned()])]),
            snippets: BTreeMap::new(),
        }
    }

    fn names(chunk: &[u8]) -> (Vec<String>, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), parts(chunk), "a{}").unwrap();
        let mut names: Vec<String> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        (names, dir)
    }

    #[test]
    fn every_reference_points_to_a_file_that_exists() {
        let (names, dir) = names(b"one");
        let script = names.iter().find(|n| n.starts_with("meiyue.") && n.ends_with(".js")).unwrap();
        let loader = names.iter().find(|n| n.starts_with("__wasm_split.")).unwrap();
        let chunk = names.iter().find(|n| n.starts_with("chunk_1.")).unwrap();
        let script_text = std::fs::read_to_string(dir.path().join(script)).unwrap();
        let loader_text = std::fs::read_to_string(dir.path().join(loader)).unwrap();
        assert!(script_text.contains(&format!("from './{loader}'")));
        assert!(script_text.contains(&format!("'./{LOADER}': a")), "the key the wasm asks for stays");
        assert!(!script_text.contains("Says so"));
        assert!(loader_text.contains(&format!("from \"./{script}\"")));
        assert!(loader_text.contains(&format!("patientFetch(new URL(\"./{chunk}\"")));
    }

    #[test]
    fn a_changed_part_changes_the_names_of_the_scripts() {
        let (before, _a) = names(b"one");
        let (after, _b) = names(b"two");
        let changed = before.iter().filter(|n| !after.contains(n)).count();
        assert_eq!(changed, 4, "part, manifest and both scripts: {before:?} {after:?}");
    }
}
