//! Meiyue's one binary: configuration, commands, the HTTP router, jobs and the ways messages leave.

pub mod command;
pub mod config;
pub mod http;
pub mod jobs;
pub mod logging;
pub mod notify;
pub mod photo;
