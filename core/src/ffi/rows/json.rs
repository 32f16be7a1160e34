//! Writes JSON.

use std::io::Write;

use chrono::{DateTime, Timelike, Utc};

use super::Invalid;
use crate::types::{date_and_time, digits, plain};

/// JSON text under construction.
pub(super) struct Json(Vec<u8>);

impl Json {
    /// Allocates for a stream of this length. Rows are about as long as the stream.
    pub(super) fn with_capacity_for(stream: usize) -> Self {
        Self(Vec::with_capacity(stream + stream / 4 + 16))
    }

    pub(super) fn into_text(self) -> Result<String, Invalid> {
        String::from_utf8(self.0).map_err(|_| "text is not UTF-8")
    }

    #[inline(always)]
    pub(super) fn open(&mut self, bracket: u8) {
        self.0.push(bracket);
    }

    /// Writes a closing bracket, in place of the comma after the last item if there is one.
    #[inline(always)]
    pub(super) fn close(&mut self, bracket: u8) {
        match self.0.last_mut() {
            Some(last @ b',') => *last = bracket,
            _ => self.0.push(bracket),
        }
    }

    #[inline(always)]
    pub(super) fn comma(&mut self) {
        self.0.push(b',');
    }

    pub(super) fn colon(&mut self) {
        self.0.push(b':');
    }

    #[inline(always)]
    pub(super) fn literal(&mut self, literal: &str) {
        self.0.extend_from_slice(literal.as_bytes());
    }

    /// Inserts a JSON value unchanged.
    pub(super) fn raw(&mut self, json: &[u8]) {
        self.0.extend_from_slice(json);
    }

    /// Writes the handle of an object.
    pub(super) fn handle(&mut self, handle: u64) {
        let _ = write!(self.0, "{handle}");
    }

    pub(super) fn number(&mut self, number: i64) {
        match number {
            // Most numbers are those of enumerations.
            0..=9 => self.0.push(b'0' + number as u8),
            // Writing to a `Vec` does not fail.
            _ => _ = write!(self.0, "{number}"),
        }
    }

    /// Writes a timestamp in the form that `datetime.fromisoformat` accepts in all Python versions.
    pub(super) fn timestamp(&mut self, time: DateTime<Utc>) {
        let time = time.naive_utc();
        self.0.push(b'"');
        // The stream rejects years before 1 and after 9999.
        self.0.extend_from_slice(&date_and_time(time));
        match time.nanosecond() / 1000 {
            0 => {}
            microseconds => {
                self.0.push(b'.');
                self.0.extend_from_slice(&digits::<6>(microseconds));
            }
        }
        self.literal("+00:00\"");
    }

    /// Writes NaN and infinities, which JSON does not have, as Python's JSON decoder reads them.
    pub(super) fn float(&mut self, number: f64) {
        match number {
            number if number.is_nan() => self.literal("NaN"),
            f64::INFINITY => self.literal("Infinity"),
            f64::NEG_INFINITY => self.literal("-Infinity"),
            _ => _ = write!(self.0, "{number:?}"),
        }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        self.0.push(b'"');
        let start = plain(text);
        self.0.extend_from_slice(&text[..start]);
        text[start..].iter().for_each(|&byte| self.byte(byte));
        self.0.push(b'"');
    }

    fn byte(&mut self, byte: u8) {
        match byte {
            b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', byte]),
            0..0x20 => _ = write!(self.0, "\\u{byte:04x}"),
            _ => self.0.push(byte),
        }
    }
}
