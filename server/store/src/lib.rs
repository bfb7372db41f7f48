//! The only crate that knows tables: verbs over SQLite and PostgreSQL.
//!
//! A verb takes the context of one request ([`OpContext`]) and a command of the domain, decides whether the actor may,
//! does it in one transaction and answers with what pages show. One file or folder per area, named as in the other
//! crates; the tables and their rows stay in here.

pub mod account;
pub mod audit;
pub mod backup;
pub mod booking;
pub mod branch;
pub mod care;
pub mod catalog;
pub mod clock;
pub mod consult;
pub mod customer;
pub mod desk;
pub mod live;
pub mod notify;
pub mod ops;
pub mod promise;
pub mod schedule;
pub mod seed;
pub mod sop;
pub mod staff;
pub mod survey;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod token;
pub mod treat;

mod batch;
mod connection;
mod context;
mod crew;
mod db;
mod edition;
mod entity;
mod error;
mod group;
mod idempotency;
mod lookup;
mod migration;
mod rate;
mod sql;
mod taken;
mod tx;

pub use booking::{series, waitlist};
pub use clock::{MovedClock, SystemClock, TestClock};
pub use context::{OpContext, Options, PATIENCE, SessionHash, Store};
pub use error::{BoxError, Error, Result, constraint};
pub use tx::{Lock, Tx};
