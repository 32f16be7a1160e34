//! The emulator's clock, which tests can set and advance.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::ControlError;

/// RFC 3339 limits the year to four digits.
const LAST_YEAR: i32 = 9999;

/// System time plus an offset, so that the clock keeps running after it is set. Clones share one offset.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub(crate) struct Clock {
    offset: Arc<Mutex<TimeDelta>>,
}

/// The offset in a state file, in milliseconds.
impl From<Clock> for i64 {
    fn from(clock: Clock) -> i64 {
        clock.offset().num_milliseconds()
    }
}

/// An offset outside the range of the clock counts as none.
impl From<i64> for Clock {
    fn from(milliseconds: i64) -> Clock {
        let clock = Clock::default();
        let _ = clock.set_offset(TimeDelta::try_milliseconds(milliseconds));
        clock
    }
}

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        Instant(Utc::now() + self.offset())
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), ControlError> {
        let by = TimeDelta::from_std(by).map_err(|_| out_of_range())?;
        self.set_offset(self.offset().checked_add(&by))
    }

    pub(crate) fn set(&self, to: DateTime<Utc>) -> Result<(), ControlError> {
        self.set_offset(Some(to - Utc::now()))
    }

    /// Takes over the time of a state file.
    pub(crate) fn restore(&self, stored: &Clock) {
        *self.lock() = stored.offset();
    }

    /// Returns to the system time.
    pub(crate) fn reset(&self) {
        *self.lock() = TimeDelta::zero();
    }

    fn set_offset(&self, offset: Option<TimeDelta>) -> Result<(), ControlError> {
        let offset = offset.ok_or_else(out_of_range)?;
        let then = Utc::now().checked_add_signed(offset).ok_or_else(out_of_range)?;
        if !(0..LAST_YEAR).contains(&then.year()) {
            return Err(out_of_range());
        }
        *self.lock() = offset;
        Ok(())
    }

    fn offset(&self) -> TimeDelta {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, TimeDelta> {
        self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn out_of_range() -> ControlError {
    ControlError::new("the clock must stay within the years 0 to 9998")
}

/// A timestamp, serialized like the service's: RFC 3339, in UTC, with nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(DateTime<Utc>);

impl Instant {
    pub(crate) fn plus(self, delta: TimeDelta) -> Instant {
        Instant(self.0.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// Parses an RFC 3339 timestamp.
    pub(crate) fn parse(text: &str) -> Option<Instant> {
        DateTime::parse_from_rfc3339(text).ok().map(|time| Instant(time.to_utc()))
    }

    pub(crate) fn unix_seconds(self) -> i64 {
        self.0.timestamp()
    }

    pub(crate) fn utc(self) -> DateTime<Utc> {
        self.0
    }

    pub(crate) fn text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Nanos, true)
    }
}

/// Used by seeds.
impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Instant::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("{text} is not a timestamp in RFC 3339 format")))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
