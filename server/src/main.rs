//! `meiyue serve | migrate | seed | backup | restore | user add`

use mimalloc::MiMalloc;
use server::{command, config, logging};
use std::{io::Write, process::ExitCode};

/// A rendered page is thousands of small strings: with this allocator it takes a quarter less of a core.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match config::parse(std::env::args_os()) {
        Ok(cli) => cli,
        // Prints what is wrong, or the help, and ends with 2 or 0.
        Err(error) => error.exit(),
    };
    logging::start(&cli.settings);
    // Both the mail and the webhook client ask for it; the first to be used would have to guess.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(1, &format!("no threads to run on: {error}")),
    };
    match runtime.block_on(command::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => fail(fault.code, &fault.line),
    }
}

fn fail(code: u8, line: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "meiyue: {line}");
    ExitCode::from(code)
}
