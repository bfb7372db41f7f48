//! Log lines go to standard error; standard output is for people.

use crate::config::{LogFormat, Settings};
use std::panic::PanicHookInfo;
use tracing_subscriber::EnvFilter;

/// Starts logging. A second start changes nothing.
pub fn start(settings: &Settings) {
    // Checked when the settings were read.
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let _ = match settings.log_format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).try_init(),
    };
    std::panic::set_hook(Box::new(log_panic));
}

/// Where, not what: the text of a panic may quote what somebody typed. It is logged once more by who catches it.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
}
