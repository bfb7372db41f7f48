//! Through the real router, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod calendar;
mod commands;
mod desk;
mod drills;
mod drills_disk;
mod drills_postgres;
mod jobs;
mod limits;
mod live;
mod load;
mod pages;
mod photos;
mod postgres;
mod process;
mod queries;
mod safety;
mod sign_in;
mod support;
mod walk;
