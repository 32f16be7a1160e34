//! Reads UniFFI's byte stream: big-endian numbers, and lengths before the values they apply to.

use chrono::{DateTime, Datelike, Utc};

use super::Invalid;

const UNEXPECTED_END: Invalid = "unexpected end of the stream";

/// The unread bytes of the stream. What runs for every field is inlined, because this crate is optimized for size.
pub(super) struct Stream<'a>(pub(super) &'a [u8]);

impl<'a> Stream<'a> {
    #[inline(always)]
    fn bytes(&mut self, length: usize) -> Result<&'a [u8], Invalid> {
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(UNEXPECTED_END)?;
        self.0 = rest;
        Ok(bytes)
    }

    #[inline(always)]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Invalid> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(UNEXPECTED_END)?;
        self.0 = rest;
        Ok(*bytes)
    }

    #[inline(always)]
    pub(super) fn i32(&mut self) -> Result<i32, Invalid> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, Invalid> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Invalid> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn f64(&mut self) -> Result<f64, Invalid> {
        self.array().map(f64::from_be_bytes)
    }

    #[inline(always)]
    pub(super) fn flag(&mut self) -> Result<bool, Invalid> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err("a flag is neither 0 nor 1"),
        }
    }

    /// Reads a length in bytes.
    #[inline(always)]
    fn length(&mut self) -> Result<usize, Invalid> {
        usize::try_from(self.i32()?).map_err(|_| "negative length")
    }

    /// Reads a number of items. Each item takes at least one byte, so an invalid number is rejected before it can
    /// exhaust memory.
    pub(super) fn count(&mut self) -> Result<usize, Invalid> {
        let count = self.length()?;
        if count > self.0.len() { Err(UNEXPECTED_END) } else { Ok(count) }
    }

    /// Reads text without checking that it is UTF-8.
    #[inline(always)]
    pub(super) fn text(&mut self) -> Result<&'a [u8], Invalid> {
        let length = self.length()?;
        self.bytes(length)
    }

    /// Reads a timestamp: whole seconds since 1970, and nanoseconds, which count away from 1970 in the same direction.
    /// Rounds half a microsecond to even, as Python does.
    pub(super) fn timestamp(&mut self) -> Result<DateTime<Utc>, Invalid> {
        let seconds = self.i64()?;
        let nanoseconds = i64::from(self.array().map(u32::from_be_bytes)?);
        let (whole, rest) = (nanoseconds / 1000, nanoseconds % 1000);
        let up = rest > 500 || (rest == 500 && whole % 2 == 1);
        let away = if seconds < 0 { -1 } else { 1 };
        let time = seconds.checked_mul(1_000_000).and_then(|s| s.checked_add(away * (whole + i64::from(up))));
        let time =
            time.and_then(DateTime::from_timestamp_micros).filter(|time| (1..=9999).contains(&time.year()));
        time.ok_or("timestamp outside the years 1 to 9999, which Python does not support")
    }
}
