//! The front desk: board, check-in, walk-ins, queue (DESK).
