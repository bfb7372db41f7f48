//! Through the real router, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod calendar;
mod commands;
mod desk;
mod drills;
mod jobs;
mod limits;
mod live;
mod pages;
mod photos;
mod process;
mod safety;
mod sign_in;
mod support;
mod walk;
