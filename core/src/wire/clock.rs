//! The time by which a client judges what it keeps.
//!
//! A steady clock stands still while a machine sleeps (on Linux and on Apple's systems), and what a client keeps would
//! look fresh afterwards: an access token that is over, a key that was withdrawn. The clock on the wall goes on, but may
//! be set back. So this one is steady, and never behind the wall.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// A wall clock that is set farther ahead than this was wrong, not asleep.
const MOST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

pub(super) struct Clock {
    began: (Instant, SystemTime),
    /// Milliseconds that the steady clock has lost, as far as anybody has seen. It only grows.
    slept: AtomicU64,
    /// Milliseconds that a test has added.
    ahead: AtomicU64,
}

impl Clock {
    pub(super) fn new() -> Self {
        let began = (Instant::now(), SystemTime::now());
        Self { began, slept: AtomicU64::new(0), ahead: AtomicU64::new(0) }
    }

    /// For what is kept.
    pub(super) fn now(&self) -> Instant {
        self.read(Instant::now(), SystemTime::now()) + self.ahead()
    }

    /// For what is written down, or was signed elsewhere.
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
        let lost = by_wall.saturating_sub(steady.saturating_duration_since(began)).min(MOST);
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

    /// What the clock says, as time since it began, when the steady clock and the wall have gone on by so much.
    fn read(clock: &Clock, steady: Duration, wall: Duration) -> Duration {
        let (began, began_on_wall) = clock.began;
        clock.read(began + steady, began_on_wall + wall).duration_since(began)
    }

    #[test]
    fn a_machine_that_slept_is_noticed() {
        let clock = Clock::new();
        assert_eq!(read(&clock, HOUR, HOUR), HOUR);
        assert_eq!(read(&clock, HOUR, 10 * HOUR), 10 * HOUR);
        assert_eq!(read(&clock, 2 * HOUR, 11 * HOUR), 11 * HOUR);
        assert_eq!(read(&clock, 2 * HOUR, 20 * HOUR), 20 * HOUR, "a second time");
    }

    #[test]
    fn it_never_goes_back_and_never_stops() {
        let clock = Clock::new();
        assert_eq!(read(&clock, HOUR, Duration::ZERO), HOUR, "the wall was set back");
        assert_eq!(read(&clock, HOUR, 5 * HOUR), 5 * HOUR, "it was set ahead");
        assert_eq!(read(&clock, 2 * HOUR, 2 * HOUR), 6 * HOUR, "and back again");
        assert_eq!(read(&clock, 3 * HOUR, 3 * HOUR), 7 * HOUR);
        let before = clock.began.0;
        assert!(clock.read(before, clock.began.1 - HOUR) >= before);
        // A wall that says anything at all does not overflow it.
        clock.read(before, SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40));
        clock.read(before, SystemTime::UNIX_EPOCH);
    }

    #[test]
    fn both_clocks_of_a_test_go_ahead_together() {
        let clock = Clock::new();
        let (now, wall) = (clock.now(), clock.wall_now());
        clock.advance(HOUR);
        assert!(clock.now() >= now + HOUR && clock.wall_now() >= wall + HOUR);
    }
}
