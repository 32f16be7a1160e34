//! Timestamps.

mod canonical;

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};

#[cfg(feature = "ffi")]
pub(crate) use canonical::{date_and_time, digits};

use crate::error::ScalekitError;
use crate::types::{Lenient, Read, Reader, Stop, parse_string};
#[cfg(feature = "dispatch")]
use crate::types::{Transcode, Writer};

/// A timestamp in UTC, with a resolution of one nanosecond.
///
/// The service writes timestamps as RFC 3339 strings. The type is an aware `datetime` in Python, an `Instant` in Kotlin and
/// a `Date` in Swift.
///
/// ```
/// use scalekit::Timestamp;
/// let moment: Timestamp = "2026-01-02T03:04:05.678Z".parse()?;
/// assert_eq!(moment.to_string(), "2026-01-02T03:04:05.678Z");
/// # Ok::<(), scalekit::ScalekitError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Returns the current time of this machine's clock.
    #[must_use]
    pub fn now() -> Self {
        Self(Utc::now())
    }

    /// Converts to a [`SystemTime`].
    #[must_use]
    pub fn to_system_time(self) -> SystemTime {
        self.0.into()
    }

    /// Whole seconds since 1970.
    pub(crate) fn unix_seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// The inverse of `unix_seconds`; the start of 1970 for seconds beyond the calendar.
    pub(crate) fn from_unix_seconds(seconds: i64) -> Self {
        Self(DateTime::from_timestamp(seconds, 0).unwrap_or_default())
    }

    /// Whether the service means "never": it writes the start of year 1 or of 1970.
    fn is_never(self) -> bool {
        matches!(self.0.timestamp(), 0 | -62_135_596_800) && self.0.timestamp_subsec_nanos() == 0
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(time.into())
    }
}

impl FromStr for Timestamp {
    type Err = ScalekitError;

    /// Parses an RFC 3339 timestamp.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the text is not an RFC 3339 timestamp.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = canonical::read(text);
        let time = read.map_or_else(|| DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()), Ok);
        time.map(Self).map_err(|_| {
            ScalekitError::argument("timestamp", "must be RFC 3339, such as 2026-01-02T03:04:05Z")
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match canonical::written(self.0) {
            Some(text) => f.write_str(text.as_str()),
            None => f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match canonical::written(self.0) {
            Some(text) => to.serialize_str(text.as_str()),
            None => to.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(|_| D::Error::custom("not an RFC 3339 time"))
    }
}

impl Lenient for Timestamp {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        parse_string(from, |text| {
            let time: Self = text.parse().map_err(|_| Stop::Shape)?;
            Ok((!time.is_never()).then_some(time))
        })
    }
}

#[cfg(feature = "dispatch")]
impl Transcode for Timestamp {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        let copied = parse_string(from, |text| {
            let as_written = canonical::read(text).filter(|_| canonical::is_written(text)).map(Self);
            let time = as_written.map_or_else(|| text.parse::<Self>(), Ok).map_err(|_| Stop::Shape)?;
            if time.is_never() {
                return Ok(None);
            }
            match as_written {
                Some(_) => to.string(text),
                None => time.serialize(to).map_err(|_| Stop::Shape)?,
            }
            Ok(Some(()))
        })?;
        Ok(copied.is_some())
    }
}

#[cfg(feature = "ffi")]
uniffi::custom_type!(Timestamp, SystemTime, {
    try_lift: |time| Ok(Timestamp::from(time)),
    lower: |time| time.to_system_time(),
});
