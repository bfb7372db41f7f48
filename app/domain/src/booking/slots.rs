//! Free times as set algebra over half-open intervals (BOOK-1 … BOOK-4).
