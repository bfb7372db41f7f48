//! Every page, component and server function; compiled for the browser (`hydrate`) and for the server (`ssr`).

// what the build script makes of `locales/`
include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub mod error;
pub mod lang;
pub mod prefs;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod ui;

mod root;

pub use root::App;
#[cfg(feature = "ssr")]
pub use root::shell;
