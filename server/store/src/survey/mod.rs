//! Ratings after a visit (SURVEY).
