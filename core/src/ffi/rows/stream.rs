//! Reading what UniFFI writes: numbers with the most significant byte first, lengths before what they measure.

use chrono::{DateTime, Datelike, Utc};

use super::Broken;

const CUT: Broken = "a stream that ends early";

/// What is left of it.
pub(super) struct Stream<'a>(pub(super) &'a [u8]);

impl<'a> Stream<'a> {
    fn bytes(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(CUT)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(CUT)?;
        self.0 = rest;
        Ok(*bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, Broken> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, Broken> {
        self.array().map(i64::from_be_bytes)
    }

    pub(super) fn f64(&mut self) -> Result<f64, Broken> {
        self.array().map(f64::from_be_bytes)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Broken> {
        match self.array()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err("a flag that is neither 0 nor 1"),
        }
    }

    /// A length in bytes.
    fn length(&mut self) -> Result<usize, Broken> {
        usize::try_from(self.i32()?).map_err(|_| "a length below zero")
    }

    /// A number of items. Each takes a byte at least, so that a false one ends here and not in all of the memory.
    pub(super) fn count(&mut self) -> Result<usize, Broken> {
        let count = self.length()?;
        if count > self.0.len() { Err(CUT) } else { Ok(count) }
    }

    /// Text that has still to be shown to be UTF-8.
    pub(super) fn text(&mut self) -> Result<&'a [u8], Broken> {
        let length = self.length()?;
        self.bytes(length)
    }

    /// Whole seconds since 1970, and nanoseconds away from it, be it forwards or backwards. Half a microsecond goes to
    /// the even one, as Python does it.
    pub(super) fn time(&mut self) -> Result<DateTime<Utc>, Broken> {
        let seconds = self.i64()?;
        let nanoseconds = i64::from(self.array().map(u32::from_be_bytes)?);
        let (whole, rest) = (nanoseconds / 1000, nanoseconds % 1000);
        let up = rest > 500 || (rest == 500 && whole % 2 == 1);
        let away = if seconds < 0 { -1 } else { 1 };
        let time = seconds.checked_mul(1_000_000).and_then(|s| s.checked_add(away * (whole + i64::from(up))));
        let time =
            time.and_then(DateTime::from_timestamp_micros).filter(|time| (1..=9999).contains(&time.year()));
        time.ok_or("a time that Python cannot have, outside the years 1 to 9999")
    }
}
