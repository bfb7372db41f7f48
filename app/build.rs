//! Compiles `locales/<language>/<area>.json` into the `i18n` module. A key, or a `{{ value }}` in a sentence, that one
//! language has and the other lacks stops the build with its name.

#![allow(clippy::print_stdout, reason = "what a build script prints is read by cargo")]

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

const FIRST: &str = "zh-CN";
const SECOND: &str = "en";
/// Keys ending so hold a language's own name and may be in any script.
const NATIVE: &str = "_native";

type Areas = BTreeMap<String, Map<String, Value>>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("locales");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut first = read(&here.join(FIRST))?;
    let mut second = read(&here.join(SECOND))?;
    let mut faults = Vec::new();
    for area in first.keys().chain(second.keys()).collect::<BTreeSet<_>>() {
        match (first.get(area), second.get(area)) {
            (Some(_), Some(_)) => {}
            (None, _) => faults.push(format!("{FIRST}/{area}.json is missing")),
            (_, None) => faults.push(format!("{SECOND}/{area}.json is missing")),
        }
    }
    for (area, a) in &mut first {
        if let Some(b) = second.get_mut(area) {
            reconcile(area, a, b, &mut faults);
        }
    }
    if !faults.is_empty() {
        for fault in &faults {
            println!("cargo::error=translations: {fault}");
        }
        return Err(format!("{} faults in app/locales", faults.len()).into());
    }

    let checked = out.join("locales");
    write(&checked.join(FIRST), &first)?;
    write(&checked.join(SECOND), &second)?;
    let config = Config::new(FIRST)?
        .add_locale(SECOND)?
        .add_namespaces(first.keys())?
        .locales_path(checked)
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(None, config)?;
    for warning in parsed.diag.warnings().iter() {
        println!("cargo::error=translations: {warning}");
    }
    let allow = "#![allow(missing_docs, clippy::all, clippy::pedantic, dead_code, unused)]".parse()?;
    let code = leptos_i18n_codegen::gen_code(&parsed, None, false, Some(&allow), false)?;
    fs::create_dir_all(out.join("i18n"))?;
    fs::write(out.join("i18n/mod.rs"), code.to_string())?;
    Ok(())
}

fn read(folder: &Path) -> Result<Areas, Box<dyn Error>> {
    let mut areas = Areas::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            let area = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let tree = serde_json::from_str(&fs::read_to_string(&path)?)
                .map_err(|e| format!("{}: {e}", path.display()))?;
            areas.insert(area, tree);
        }
    }
    Ok(areas)
}

fn write(folder: &Path, areas: &Areas) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (area, tree) in areas {
        fs::write(folder.join(format!("{area}.json")), serde_json::to_string(tree)?)?;
    }
    Ok(())
}

/// Walks both trees together; where only one language has a singular form, the other gets its one form twice.
fn reconcile(path: &str, a: &mut Map<String, Value>, b: &mut Map<String, Value>, faults: &mut Vec<String>) {
    let keys: BTreeSet<String> = a.keys().chain(b.keys()).cloned().collect();
    for key in keys {
        let at = format!("{path}.{key}");
        match (a.get_mut(&key), b.get_mut(&key)) {
            (None, _) => faults.push(format!("{at} is missing in {FIRST}")),
            (_, None) => faults.push(format!("{at} is missing in {SECOND}")),
            (Some(a), Some(b)) => {
                spread(a, b);
                spread(b, a);
                match (a, b) {
                    (Value::Object(a), Value::Object(b)) => reconcile(&at, a, b, faults),
                    (Value::String(a), Value::String(b)) => compare(&at, &key, a, b, faults),
                    _ => faults.push(format!("{at} is a text in one language and a group in the other")),
                }
            }
        }
    }
}

/// Makes a plain text `{one, other}` when the other language counts.
fn spread(counted: &Value, plain: &mut Value) {
    let counts = counted
        .as_object()
        .is_some_and(|o| o.len() == 2 && o.contains_key("one") && o.contains_key("other"));
    if let (true, Value::String(text)) = (counts, &*plain) {
        let text = text.clone();
        *plain = serde_json::json!({ "one": text, "other": text });
    }
}

fn compare(at: &str, key: &str, first: &str, second: &str, faults: &mut Vec<String>) {
    if first.trim().is_empty() || second.trim().is_empty() {
        faults.push(format!("{at} is empty"));
    }
    if !key.ends_with(NATIVE) && second.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        faults.push(format!("{at} is not translated in {SECOND}"));
    }
    let (a, b) = (values(first), values(second));
    // "1 visit" may leave its number out; every other value must be in both.
    if a.symmetric_difference(&b).any(|v| key != "one" || *v != "n") {
        faults.push(format!("{at} has {a:?} in {FIRST} and {b:?} in {SECOND}"));
    }
}

/// The names between `{{` and `}}`.
fn values(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(name, _)| name.trim()).collect()
}
