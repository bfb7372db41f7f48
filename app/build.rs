//! Compiles `locales/<language>/<area>.json` into the module `i18n`, which the macros `tr!` and `tr_n!` read (src/lang.rs).
//! A key, or a `{{ value }}` in a sentence, that one language has and the other lacks stops the build with its name.
//!
//! A text without values becomes a constant function, one with values a struct with a field for each. That is all the
//! pages need, since the language is fixed while a page lives; a library with signals, builders and ICU tables behind
//! every sentence took ten times as long to compile and more room in the browser.

#![allow(clippy::print_stdout, reason = "what a build script prints is read by cargo")]

use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt::Write as _,
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

    let mut code = String::from("/// Every text, by area.\npub mod i18n {\n");
    code.push_str("#![allow(non_camel_case_types, missing_docs, clippy::all, clippy::pedantic)]\n");
    for (area, a) in &first {
        if let Some(b) = second.get(area) {
            module(&mut code, area, a, b)?;
        }
    }
    code.push_str("}\n");
    fs::write(out.join("i18n.rs"), code)?;
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
    let counted = counted.as_object().is_some_and(counts);
    if let (true, Value::String(text)) = (counted, &*plain) {
        let text = text.clone();
        *plain = serde_json::json!({ "one": text, "other": text });
    }
}

/// `{one, other}`.
fn counts(group: &Map<String, Value>) -> bool {
    group.len() == 2 && group.contains_key("one") && group.contains_key("other")
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

/// One group of keys as a module.
fn module(
    code: &mut String,
    name: &str,
    a: &Map<String, Value>,
    b: &Map<String, Value>,
) -> Result<(), Box<dyn Error>> {
    writeln!(code, "pub mod {} {{", identifier(name)?)?;
    // both forms of a counted text take the same values, whichever of them mentions which
    let counted = counts(a);
    let shared = if counted { every_value(a, b) } else { BTreeSet::new() };
    for (key, first) in a {
        match (first, b.get(key)) {
            (Value::Object(first), Some(Value::Object(second))) => module(code, key, first, second)?,
            (Value::String(first), Some(Value::String(second))) => {
                let mut names: BTreeSet<&str> = values(first).union(&values(second)).copied().collect();
                names.extend(&shared);
                text(code, key, first, second, &names)?;
            }
            _ => {}
        }
    }
    code.push_str("}\n");
    Ok(())
}

fn every_value<'a>(a: &'a Map<String, Value>, b: &'a Map<String, Value>) -> BTreeSet<&'a str> {
    let texts = a.values().chain(b.values()).filter_map(Value::as_str);
    texts.flat_map(values).chain(["n"]).collect()
}

/// One text: a constant function, or a struct of its values with `text(lang)`.
fn text(
    code: &mut String,
    key: &str,
    first: &str,
    second: &str,
    names: &BTreeSet<&str>,
) -> Result<(), Box<dyn Error>> {
    let key = identifier(key)?;
    if names.is_empty() {
        writeln!(
            code,
            "pub const fn {key}(lang: ::domain::Lang) -> &'static str {{ \
             match lang {{ ::domain::Lang::Zh => {first:?}, ::domain::Lang::En => {second:?} }} }}"
        )?;
        return Ok(());
    }
    write!(code, "pub struct {key}<'a> {{ ")?;
    for name in names {
        write!(code, "pub {}: &'a dyn ::core::fmt::Display, ", identifier(name)?)?;
    }
    writeln!(
        code,
        "}}\nimpl {key}<'_> {{ pub fn text(&self, lang: ::domain::Lang) -> String {{ match lang {{ \
         ::domain::Lang::Zh => {}, ::domain::Lang::En => {} }} }} }}",
        joined(first),
        joined(second)
    )?;
    Ok(())
}

/// The call that puts a text together: what stands between the values, and the values.
fn joined(text: &str) -> String {
    let (mut between, mut taken) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, part)| Some((before, part.split_once("}}")?)))
    {
        between.push(format!("{before:?}"));
        taken.push(format!("self.{}", name.trim()));
        rest = after;
    }
    between.push(format!("{rest:?}"));
    format!("crate::lang::join(&[{}], &[{}])", between.join(", "), taken.join(", "))
}

fn identifier(name: &str) -> Result<&str, Box<dyn Error>> {
    const KEYWORDS: [&str; 39] = [
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
        "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
        "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use",
        "where", "while", "yield",
    ];
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !KEYWORDS.contains(&name) {
        Ok(name)
    } else {
        println!(
            "cargo::error=translations: {name:?} cannot be a key: lower-case letters, digits and _, no word of Rust"
        );
        Err(format!("{name:?} cannot be a key in app/locales").into())
    }
}
