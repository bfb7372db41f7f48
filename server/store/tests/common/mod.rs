//! What every test of the store begins with; the harness itself is shared with the server's tests.

#[allow(unused_imports)] // Not every test names both.
pub use store::testing::{Harness, fixture};
