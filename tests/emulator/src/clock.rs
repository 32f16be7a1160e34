//! The emulator's own time, which tests may move.

use std::time::Duration;

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ControlError;

/// RFC 3339 has four digits for the year.
const LAST_YEAR: i32 = 9999;

/// Real time plus an offset. It keeps running after it was moved.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset: TimeDelta,
}

impl Clock {
    pub(crate) fn now(&self) -> Instant {
        Instant(Utc::now() + self.offset)
    }

    pub(crate) fn advance(&mut self, by: Duration) -> Result<(), ControlError> {
        let by = TimeDelta::from_std(by).map_err(|_| out_of_range())?;
        self.move_to(self.offset.checked_add(&by))
    }

    pub(crate) fn set(&mut self, to: DateTime<Utc>) -> Result<(), ControlError> {
        self.move_to(Some(to - Utc::now()))
    }

    fn move_to(&mut self, offset: Option<TimeDelta>) -> Result<(), ControlError> {
        let offset = offset.ok_or_else(out_of_range)?;
        let then = Utc::now().checked_add_signed(offset).ok_or_else(out_of_range)?;
        if !(0..LAST_YEAR).contains(&then.year()) {
            return Err(out_of_range());
        }
        self.offset = offset;
        Ok(())
    }
}

fn out_of_range() -> ControlError {
    ControlError::new("the clock cannot be moved out of the years 0 to 9998")
}

/// A moment as the service writes it: RFC 3339, in UTC, with nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(DateTime<Utc>);

impl Instant {
    pub(crate) fn plus(self, delta: TimeDelta) -> Instant {
        Instant(self.0.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC))
    }

    /// Reads RFC 3339.
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

/// In seeds.
impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Instant::parse(&text).ok_or_else(|| D::Error::custom(format!("{text} is not a time by RFC 3339")))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}
