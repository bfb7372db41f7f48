//! Every page, component and server function; compiled for the browser (`hydrate`) and for the server (`ssr`).

// what the build script makes of `locales/`
include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub mod account;
pub mod booking;
pub mod branch;
pub mod care;
pub mod consult;
pub mod customer;
pub mod desk;
pub mod error;
mod guest;
pub mod lang;
pub mod manage;
pub mod notify;
pub mod ops;
mod part;
pub mod prefs;
pub mod promise;
pub mod schedule;
pub mod series;
pub mod sop;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod survey;
pub mod treat;
pub mod ui;
pub mod waitlist;
pub mod wall;

mod root;

pub use root::App;
#[cfg(feature = "ssr")]
pub use root::shell;
