//! Every page, component and server function; compiled for the browser (`hydrate`) and for the server (`ssr`).

// what the build script makes of `locales/`
include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

#[cfg(not(feature = "ssr"))]
pub mod account;
#[cfg(not(feature = "ssr"))]
pub mod booking;
#[cfg(not(feature = "ssr"))]
pub mod branch;
#[cfg(not(feature = "ssr"))]
pub mod customer;
#[cfg(not(feature = "ssr"))]
pub mod desk;
pub mod error;
pub mod lang;
#[cfg(not(feature = "ssr"))]
pub mod notify;
pub mod prefs;
#[cfg(not(feature = "ssr"))]
pub mod promise;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(not(feature = "ssr"))]
pub mod survey;
#[cfg(not(feature = "ssr"))]
pub mod treat;
pub mod ui;
#[cfg(not(feature = "ssr"))]
pub mod wall;

mod root;

pub use root::App;
#[cfg(feature = "ssr")]
pub use root::shell;
