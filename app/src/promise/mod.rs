//! The promise wall that everyone may see: what was promised, and what became of it (spec §2).

pub mod api;
mod evidence;
mod wall;
pub mod words;

pub use evidence::PublicEvidence;
pub use wall::PublicWall;
