//! Keyset pages: a list is never read whole.

use serde::{Deserialize, Serialize};

/// A part of a list and where the next part begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; handed back to get the next page. `None` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts `size` rows off a list that was read with one row more, and remembers where to go on.
    pub fn cut(mut rows: Vec<T>, size: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None }
    }
}
