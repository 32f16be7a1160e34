//! The clock of caches.
//!
//! A monotonic clock stops while a machine sleeps (on Linux and on Apple's systems), so that expired tokens and withdrawn
//! keys would look fresh afterwards. The wall clock keeps running, but may be set back. This clock is monotonic and
//! never falls behind the wall clock.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// The longest sleep: a wall clock that jumps farther was wrong before.
const LONGEST_SLEEP: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

pub(super) struct Clock {
    began: (Instant, SystemTime),
    /// Milliseconds that the monotonic clock has missed, as far as observed. Only grows.
    slept: AtomicU64,
    /// Milliseconds by which a test has advanced the clock.
    ahead: AtomicU64,
}

impl Clock {
    pub(super) fn new() -> Self {
        let began = (Instant::now(), SystemTime::now());
        Self { began, slept: AtomicU64::new(0), ahead: AtomicU64::new(0) }
    }

    /// The monotonic time.
    pub(super) fn now(&self) -> Instant {
        self.read(Instant::now(), SystemTime::now()) + self.ahead()
    }

    /// The wall-clock time, for timestamps that leave the process or come from outside.
    pub(super) fn wall_now(&self) -> SystemTime {
        SystemTime::now() + self.ahead()
    }

    #[cfg(any(test, feature = "test-hooks"))]
    pub(super) fn advance(&self, by: Duration) {
        self.ahead.fetch_add(u64::try_from(by.as_millis()).unwrap_or(0), Ordering::AcqRel);
    }

    fn read(&self, steady: Instant, wall: SystemTime) -> Instant {
        let (began, began_on_wall) = self.began;
        let by_wall = wall.duration_since(began_on_wall).unwrap_or_default();
        let lost = by_wall.saturating_sub(steady.saturating_duration_since(began)).min(LONGEST_SLEEP);
        let lost = u64::try_from(lost.as_millis()).unwrap_or(0);
        let slept = self.slept.fetch_max(lost, Ordering::AcqRel).max(lost);
        steady + Duration::from_millis(slept)
    }

    fn ahead(&self) -> Duration {
        Duration::from_millis(self.ahead.load(Ordering::Acquire))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    /// The clock's time since its start, after both clocks have advanced by these durations.
    fn read(clock: &Clock, steady: Duration, wall: Duration) -> Duration {
        let (began, began_on_wall) = clock.began;
        clock.read(began + steady, began_on_wall + wall).duration_since(began)
    }

    #[test]
    fn sleep_of_the_machine_counts() {
        let clock = Clock::new();
        assert_eq!(read(&clock, HOUR, HOUR), HOUR);
        assert_eq!(read(&clock, HOUR, 10 * HOUR), 10 * HOUR);
        assert_eq!(read(&clock, 2 * HOUR, 11 * HOUR), 11 * HOUR);
        assert_eq!(read(&clock, 2 * HOUR, 20 * HOUR), 20 * HOUR, "a second time");
    }

    #[test]
    fn clock_is_monotonic_when_the_wall_clock_is_set() {
        let clock = Clock::new();
        assert_eq!(read(&clock, HOUR, Duration::ZERO), HOUR, "the wall clock was set back");
        assert_eq!(read(&clock, HOUR, 5 * HOUR), 5 * HOUR, "it was set ahead");
        assert_eq!(read(&clock, 2 * HOUR, 2 * HOUR), 6 * HOUR, "and back again");
        assert_eq!(read(&clock, 3 * HOUR, 3 * HOUR), 7 * HOUR);
        let before = clock.began.0;
        assert!(clock.read(before, clock.began.1 - HOUR) >= before);
        // No wall-clock time overflows it.
        clock.read(before, SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40));
        clock.read(before, SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn advance_moves_both_clocks() {
        let clock = Clock::new();
        let (now, wall) = (clock.now(), clock.wall_now());
        clock.advance(HOUR);
        assert!(clock.now() >= now + HOUR && clock.wall_now() >= wall + HOUR);
    }
}
