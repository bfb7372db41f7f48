//! From the crate `hydrate` to the modules the browser loads: cargo, the splitter, wasm-bindgen, wasm-opt.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{Layout, OUTPUT};

const TRIPLE: &str = "wasm32-unknown-unknown";

/// Name of the module that loads split parts, as leptos writes it before hashing.
pub const LOADER: &str = "__wasm_split.______________________.js";

/// What the browser gets, still under unhashed names that refer to each other.
pub struct Parts {
    pub main: Vec<u8>,
    pub main_js: String,
    pub loader_js: String,
    /// File stem to content of each split part.
    pub chunks: BTreeMap<String, Vec<u8>>,
    /// Name of a lazy function to the stems of the parts it needs.
    pub prefetch: BTreeMap<String, Vec<String>>,
    /// JavaScript that crates bring along: path below `pkg/` to text.
    pub snippets: BTreeMap<String, String>,
}

/// Runs cargo, which decides itself what is out of date, and gives the path of the linked module.
///
/// The relocations are kept because the splitter needs them; asking for them with `cargo rustc` touches the
/// last crate only, so every dependency is shared with a plain check.
pub fn compile(layout: &Layout, dev: bool) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let (profile, folder) = if dev { ("dev", "debug") } else { ("browser", "browser") };
    let status = Command::new(cargo)
        .current_dir(&layout.root)
        .args(["rustc", "--package", "hydrate", "--lib", "--target", TRIPLE, "--profile", profile])
        .args(["--", "-Clink-args=--emit-relocs"])
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("the browser part does not compile ({status})");
    }
    Ok(layout.target.join(TRIPLE).join(folder).join("hydrate.wasm"))
}

/// Splits, binds and shrinks. `work` is a scratch directory.
pub fn assemble(input: &Path, work: &Path, optimiser: Option<&Optimiser>) -> Result<Parts> {
    crate::remove(work)?;
    std::fs::create_dir_all(work)?;
    let module = std::fs::read(input).with_context(|| format!("{} cannot be read", input.display()))?;

    let main_path = work.join("main.wasm");
    let main_js = format!("./{OUTPUT}.js");
    let link_name = format!("./{LOADER}");
    let split = {
        let mut options = wasm_split_cli_support::Options::new(&module);
        options.output_dir = work;
        options.main_out_path = &main_path;
        options.main_module = &main_js;
        options.link_name = &link_name;
        wasm_split_cli_support::transform(options).map_err(|e| anyhow!("splitting failed: {e:?}"))?
    };

    let mut bound = Bindgen::new()
        .input_path(&main_path)
        .out_name(OUTPUT)
        .web(true)?
        .typescript(false)
        .demangle(false)
        .keep_lld_exports(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen failed")?;
    let bound_path = work.join(format!("{OUTPUT}_bg.wasm"));
    std::fs::write(&bound_path, bound.wasm_mut().emit_wasm())?;

    let mut chunks = BTreeMap::new();
    for path in &split.split_modules {
        let stem = path.file_stem().and_then(|s| s.to_str()).context("a split part without a name")?;
        chunks.insert(stem.to_owned(), without_names(&std::fs::read(path)?)?);
    }
    let mut snippets: BTreeMap<String, String> =
        bound.local_modules().iter().map(|(path, text)| (format!("snippets/{path}"), text.clone())).collect();
    for (identifier, list) in bound.snippets() {
        for (i, js) in list.iter().enumerate() {
            snippets.insert(format!("snippets/{identifier}/inline{i}.js"), js.clone());
        }
    }
    Ok(Parts {
        main: shrink(&bound_path, optimiser)?,
        main_js: bound.js().to_owned(),
        loader_js: std::fs::read_to_string(work.join(LOADER))?,
        chunks,
        prefetch: split.prefetch_map.into_iter().collect(),
        snippets,
    })
}

/// Binaryen's wasm-opt: optional, it takes about a hundredth off what is sent, and a tenth off what is unpacked.
pub struct Optimiser {
    pub program: PathBuf,
}

impl Optimiser {
    /// The one the set-up installed, else one on the PATH.
    pub fn find(layout: &Layout) -> Option<Self> {
        let own = layout.target.join("tools/node_modules/.bin/wasm-opt");
        let mut candidates = vec![own, PathBuf::from("wasm-opt")];
        candidates.retain(|program| {
            Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
        });
        candidates.into_iter().next().map(|program| Self { program })
    }
}

/// Features every browser of the last four years has, and which rustc uses.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// For the module that everybody loads. Of the split parts it makes none smaller once they are compressed, and takes most
/// of two minutes for it.
fn shrink(path: &Path, optimiser: Option<&Optimiser>) -> Result<Vec<u8>> {
    let Some(optimiser) = optimiser else {
        return without_names(&std::fs::read(path)?);
    };
    let small = path.with_extension("opt.wasm");
    let output = Command::new(&optimiser.program)
        .args(["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features"])
        .args(FEATURES)
        .arg(path)
        .arg("-o")
        .arg(&small)
        .output()
        .with_context(|| format!("{} cannot be started", optimiser.program.display()))?;
    if !output.status.success() {
        bail!("wasm-opt failed on {}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(std::fs::read(&small)?)
}

/// Drops the custom sections: names and notes of the tools, which nothing in the browser reads.
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8).context("not a wasm module")?;
    let mut out = head.to_vec();
    while let Some(kind) = rest.first() {
        let (size, digits) = length(&rest[1..])?;
        let (section, after) =
            rest.split_at_checked(1 + digits + size).context("a wasm section is cut off")?;
        if *kind != 0 {
            out.extend_from_slice(section);
        }
        rest = after;
    }
    Ok(out)
}

/// A number in wasm's encoding, and how many bytes it takes.
fn length(bytes: &[u8]) -> Result<(usize, usize)> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((value, at + 1));
        }
    }
    bail!("a wasm section has no length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_the_others_stay() {
        let head = *b"\0asm\x01\0\0\0";
        let mut long = vec![1, 0x80 | 2, 1];
        long.extend([7; 130]);
        let given = [&head[..], &[0, 3, 1, b'n', 9], &long, &[0, 1, 0], &[3, 1, 5]].concat();
        assert_eq!(without_names(&given).unwrap(), [&head[..], &long, &[3, 1, 5]].concat());
        assert!(without_names(&given[..given.len() - 1]).is_err());
        assert!(without_names(b"short").is_err());
    }
}
