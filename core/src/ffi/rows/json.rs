//! Writing JSON.

use std::io::Write;

use chrono::{DateTime, Datelike, Timelike, Utc};

use super::Broken;

/// JSON as far as it is written.
pub(super) struct Json(Vec<u8>);

impl Json {
    /// Rows are about as long as the stream that they are made from.
    pub(super) fn with_room_for(stream: usize) -> Self {
        Self(Vec::with_capacity(stream + stream / 4 + 16))
    }

    /// All of it as one text, with more behind it.
    pub(super) fn followed_by(mut self, more: Self) -> Result<String, Broken> {
        self.0.extend_from_slice(&more.0);
        String::from_utf8(self.0).map_err(|_| "text that is not UTF-8")
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many characters stand behind the first `bytes`: as many as there are bytes that do not go on with one.
    pub(super) fn characters_from(&self, bytes: usize) -> usize {
        self.0.iter().skip(bytes).filter(|byte| **byte & 0xc0 != 0x80).count()
    }

    pub(super) fn open(&mut self, bracket: u8) {
        self.0.push(bracket);
    }

    /// The comma after the last item, if there are any, makes way for the bracket.
    pub(super) fn close(&mut self, bracket: u8) {
        match self.0.last_mut() {
            Some(last @ b',') => *last = bracket,
            _ => self.0.push(bracket),
        }
    }

    pub(super) fn comma(&mut self) {
        self.0.push(b',');
    }

    pub(super) fn colon(&mut self) {
        self.0.push(b':');
    }

    pub(super) fn word(&mut self, word: &str) {
        self.0.extend_from_slice(word.as_bytes());
    }

    /// What is JSON already.
    pub(super) fn raw(&mut self, json: &[u8]) {
        self.0.extend_from_slice(json);
    }

    pub(super) fn number(&mut self, number: i64) {
        // Writing into memory does not fail.
        let _ = write!(self.0, "{number}");
    }

    /// In the form that Python's reader of times knows in all its versions.
    pub(super) fn time(&mut self, time: DateTime<Utc>) {
        self.0.push(b'"');
        // The year is no less than 1: whoever made the time has looked.
        self.digits::<4>(time.year().unsigned_abs());
        for (before, part) in [(b'-', time.month()), (b'-', time.day()), (b'T', time.hour())] {
            self.0.push(before);
            self.digits::<2>(part);
        }
        for part in [time.minute(), time.second()] {
            self.0.push(b':');
            self.digits::<2>(part);
        }
        match time.nanosecond() / 1000 {
            0 => {}
            microseconds => {
                self.0.push(b'.');
                self.digits::<6>(microseconds);
            }
        }
        self.word("+00:00\"");
    }

    /// So many of them, zeros first.
    fn digits<const N: usize>(&mut self, mut number: u32) {
        let mut digits = [b'0'; N];
        for digit in digits.iter_mut().rev() {
            *digit += (number % 10) as u8;
            number /= 10;
        }
        self.0.extend_from_slice(&digits);
    }

    /// What no JSON has, but Python's reader reads, has the words of Python's.
    pub(super) fn float(&mut self, number: f64) {
        match number {
            number if number.is_nan() => self.word("NaN"),
            f64::INFINITY => self.word("Infinity"),
            f64::NEG_INFINITY => self.word("-Infinity"),
            _ => _ = write!(self.0, "{number:?}"),
        }
    }

    pub(super) fn text(&mut self, text: &[u8]) {
        self.0.push(b'"');
        // All of it is looked at, without a way out in between: many bytes at a time.
        if text.iter().fold(false, |found, &byte| found | is_special(byte)) {
            text.iter().for_each(|&byte| self.byte(byte));
        } else {
            self.0.extend_from_slice(text);
        }
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

/// What cannot stand in a JSON string as it is.
fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}
