//! Meiyue's rules: plain values, state machines and forms. No I/O, no clock, no framework; the browser and the
//! server compile the same code, so a form is checked by one rule on both sides.

pub mod account;
pub mod actor;
pub mod booking;
pub mod branch;
pub mod care;
pub mod consult;
pub mod customer;
pub mod desk;
mod digits;
pub mod error;
pub mod ids;
pub mod lang;
pub mod live;
pub mod money;
pub mod notify;
pub mod offline;
pub mod ops;

pub mod page;
pub mod permission;
pub mod phone;
pub mod photo;
pub mod promise;
pub mod schedule;
pub mod sop;
pub mod staff;

pub mod survey;
pub mod time;
pub mod treat;

pub use actor::{Actor, Role};
pub use error::{FieldCode, FieldError, Refusal};
pub use ids::*;
pub use lang::{Lang, Text};
pub use money::Fen;
pub use page::Page;
pub use phone::Phone;
pub use time::{Clock, Interval, LocalTime};
