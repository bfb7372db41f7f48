//! Where the time comes from: the machine, or a test that sets it.

use chrono::{DateTime, Duration, Utc};
use domain::Clock;
use std::sync::atomic::{AtomicI64, Ordering};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    // The one place where the real time is read; everything else is handed a clock.
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The machine's clock, moved: it starts at a given moment and runs on from there. For demonstrations, whose data shall
/// look the same on any day.
#[derive(Clone, Copy, Debug)]
pub struct MovedClock(Duration);

impl MovedClock {
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self(start - SystemClock.now())
    }
}

impl Clock for MovedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.0
    }
}

/// A clock that stands still until it is moved, in whole milliseconds.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(now.timestamp_millis()))
    }

    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_millis(), Ordering::SeqCst);
    }

    /// Forward, or backward with a negative duration.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        crate::time::at(self.0.load(Ordering::SeqCst))
    }
}
