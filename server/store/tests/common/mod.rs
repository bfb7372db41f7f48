//! What every test of the store begins with; the harness itself is shared with the server's tests.

pub use store::testing::{Harness, fixture};
