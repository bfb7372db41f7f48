//! Builds what the browser downloads into `target/site`: the wasm of `app/hydrate`, split where a page is
//! lazy, its loader, the style sheet and the files of `public/`, with the content's hash in every name under
//! `pkg/` and a `.br` and `.gz` beside each.
//!
//! It stands in for cargo-leptos, which costs many times the build time; the names and `hash.txt` are those
//! leptos expects, so both tools can be used on the same sources.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: its output is its purpose"
)]

mod assets;
mod budget;
mod css;
mod fingerprint;
mod names;
mod report;
mod wasm;
mod worker;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

const HELP: &str = "\
Builds the browser's part of Meiyue into target/site.

Usage: bundle [--dev] [--force] [--budget]

  --dev     unoptimised wasm: quicker to build, far bigger
  --force   work even when nothing changed
  --budget  build, then fail when the customer's first load is heavier than allowed
";

/// Where things are, relative to the workspace the tool is started in.
struct Layout {
    root: PathBuf,
    target: PathBuf,
    site: PathBuf,
}

impl Layout {
    fn find() -> Result<Self> {
        let root = std::env::current_dir().context("the working directory cannot be read")?;
        if !root.join("app/hydrate/Cargo.toml").exists() {
            bail!("start this in the workspace's own directory: {} has no app/hydrate", root.display());
        }
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let site = target.join("site");
        Ok(Self { root, target, site })
    }

    fn pkg(&self) -> PathBuf {
        self.site.join(PKG)
    }
}

/// Directory below the site that leptos serves the program from.
const PKG: &str = "pkg";
/// Stem of the files leptos asks for.
const OUTPUT: &str = "meiyue";

#[derive(Default)]
struct Options {
    dev: bool,
    force: bool,
    budget: bool,
}

fn options() -> Result<Option<Options>> {
    let mut options = Options::default();
    for arg in std::env::args().skip(1) {
        match arg.as_str() {
            "--dev" => options.dev = true,
            "--force" => options.force = true,
            "--budget" => options.budget = true,
            "--help" | "-h" => return Ok(None),
            other => bail!("unknown option {other}\n\n{HELP}"),
        }
    }
    Ok(Some(options))
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Some(options) = options()? else {
        println!("{HELP}");
        return Ok(());
    };
    let layout = Layout::find()?;
    let input = wasm::compile(&layout, options.dev)?;
    let optimiser = if options.dev { None } else { wasm::Optimiser::find(&layout) };

    let stamp = layout.target.join("bundle.stamp");
    let current = fingerprint::of(&layout, &input, optimiser.as_ref())?;
    if options.force || !fingerprint::matches(&stamp, &current) || !layout.site.join("hash.txt").exists() {
        let started = Instant::now();
        make(&layout, &input, optimiser.as_ref(), options.dev)?;
        std::fs::write(&stamp, current)?;
        report::table(&layout.pkg())?;
        println!("bundled in {:.1} s", started.elapsed().as_secs_f32());
    } else {
        println!("browser part unchanged");
    }
    if options.budget { budget::check(&layout) } else { Ok(()) }
}

/// Everything is made in a directory beside the site and then swapped in, so a server that runs never sees
/// half a site.
fn make(layout: &Layout, input: &Path, optimiser: Option<&wasm::Optimiser>, dev: bool) -> Result<()> {
    let fresh = layout.target.join("site.new");
    remove(&fresh)?;
    let pkg = fresh.join(PKG);
    std::fs::create_dir_all(&pkg)?;

    let parts = wasm::assemble(input, &layout.target.join("site.work"), optimiser)?;
    let style = css::bundle(&layout.root.join("style/main.css"))?;
    let hashes = names::write(&pkg, parts, &style)?;
    std::fs::write(fresh.join("hash.txt"), hashes)?;
    assets::copy(&layout.root.join("public"), &fresh)?;
    worker::fill_in(&fresh)?;
    assets::compress(&fresh, dev)?;

    let old = layout.target.join("site.old");
    remove(&old)?;
    if layout.site.exists() {
        std::fs::rename(&layout.site, &old)?;
    }
    std::fs::rename(&fresh, &layout.site)?;
    remove(&old)
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir).with_context(|| format!("{} cannot be removed", dir.display()))?;
    }
    Ok(())
}
