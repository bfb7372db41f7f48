//! Free times, holds, bookings and their changes (BOOK).
