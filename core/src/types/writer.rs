//! Writes values as JSON text.
//!
//! serde_json instantiates its serializer in this crate, which is optimized for size, so that each piece of a string
//! becomes a call of `memcpy`. Here a string is checked and copied eight bytes at a time, by one function for all types.
//! Numbers are left to serde_json.

mod serializer;

use std::fmt::{self, Display, Write as _};

use serde::Serialize;

use super::json_text::{is_special, plain, specials};

/// The value cannot be written as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unwritable;

/// Returns the JSON text of a value.
///
/// # Errors
///
/// As for `to_json_of`.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<String, Unwritable> {
    to_json_of(value, 512)
}

/// Returns the JSON text of a value. `expected` is about its length, in bytes.
///
/// # Errors
///
/// `Unwritable` for a map whose keys are not strings, and for what no model has: bytes, characters and
/// enumerations with values.
pub(crate) fn to_json_of(value: &(impl Serialize + ?Sized), expected: usize) -> Result<String, Unwritable> {
    let mut writer = Writer::new(expected);
    value.serialize(&mut writer)?;
    writer.finish()
}

/// What a text that is a little longer than expected needs, and the NUL that the C library adds.
const SLACK: usize = 64;

/// JSON text that grows.
pub(crate) struct Writer {
    /// Zeros follow the text, so that it can be written without `unsafe`.
    bytes: Vec<u8>,
    /// The length of the text.
    at: usize,
}

impl Writer {
    /// Begins a text. `expected` is about its length, in bytes.
    pub(crate) fn new(expected: usize) -> Self {
        Self { bytes: vec![0; expected + SLACK], at: 0 }
    }

    /// The length of the text so far.
    #[cfg(feature = "dispatch")]
    #[inline(always)]
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Removes what follows a position.
    #[cfg(feature = "dispatch")]
    #[inline(always)]
    pub(super) fn rewind(&mut self, position: usize) {
        self.at = position;
    }

    /// The text between two positions.
    #[cfg(feature = "dispatch")]
    pub(super) fn written(&self, start: usize, end: usize) -> &[u8] {
        &self.bytes[start..end]
    }

    /// Removes what follows a position, and returns it.
    #[cfg(feature = "dispatch")]
    pub(super) fn take_from(&mut self, position: usize) -> Result<String, Unwritable> {
        let text = self.bytes[position..self.at].to_vec();
        self.at = position;
        String::from_utf8(text).map_err(|_| Unwritable)
    }

    pub(crate) fn finish(mut self) -> Result<String, Unwritable> {
        self.bytes.truncate(self.at);
        String::from_utf8(self.bytes).map_err(|_| Unwritable)
    }

    /// The next bytes, which the caller writes.
    #[inline(always)]
    fn next(&mut self, length: usize) -> &mut [u8] {
        if self.bytes.len() - self.at < length {
            self.grow(length);
        }
        let start = self.at;
        self.at += length;
        &mut self.bytes[start..start + length]
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, length: usize) {
        let enough = (self.at + length).max(self.bytes.len() * 2);
        self.bytes.resize(enough, 0);
    }

    #[inline(always)]
    pub(super) fn byte(&mut self, byte: u8) {
        self.next(1)[0] = byte;
    }

    /// Writes text that is JSON already.
    pub(crate) fn raw(&mut self, text: &str) {
        self.next(text.len()).copy_from_slice(text.as_bytes());
    }

    /// Writes what serde_json has written as numbers and literals.
    #[inline(never)]
    fn displayed(&mut self, value: &dyn Display) {
        // Writing to a `Writer` does not fail.
        let _ = write!(Raw(self), "{value}");
    }

    /// Writes a string with its quotes.
    #[inline(never)]
    pub(super) fn string(&mut self, text: &str) {
        let start = self.at;
        if let [first, inside @ .., last] = self.next(text.len() + 2)
            && copy_plain(text.as_bytes(), inside)
        {
            (*first, *last) = (b'"', b'"');
            return;
        }
        self.at = start;
        self.byte(b'"');
        self.escaped(text);
        self.byte(b'"');
    }

    /// Writes the name of a field, which needs no escapes.
    #[inline(never)]
    pub(super) fn name(&mut self, is_first: bool, name: &str) {
        if !is_first {
            self.byte(b',');
        }
        if let [first, inside @ .., last, colon] = self.next(name.len() + 3) {
            (*first, *last, *colon) = (b'"', b'"', b':');
            inside.copy_from_slice(name.as_bytes());
        }
    }

    /// Replaces a string that was written last by its content, which is JSON.
    #[cold]
    fn unquote(&mut self, start: usize) -> Result<(), Unwritable> {
        let text: String = serde_json::from_slice(&self.bytes[start..self.at]).map_err(|_| Unwritable)?;
        self.at = start;
        self.raw(&text);
        Ok(())
    }

    /// Writes the inside of a string.
    #[inline(never)]
    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        loop {
            let (part, special) = rest.split_at(plain(rest.as_bytes()));
            self.raw(part);
            let Some(first) = special.bytes().next() else { return };
            self.escape(first);
            rest = &special[1..];
        }
    }

    /// Writes a character that cannot stand in a string.
    fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let short = match byte {
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0c => b'f',
            b'\r' => b'r',
            b'"' | b'\\' => byte,
            _ => {
                self.raw("\\u00");
                let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
                return self.next(2).copy_from_slice(&digits);
            }
        };
        self.next(2).copy_from_slice(&[b'\\', short]);
    }
}

/// Copies the inside of a string of the same length. Returns false if it needs escapes; the copy is then useless.
#[inline(always)]
fn copy_plain(from: &[u8], to: &mut [u8]) -> bool {
    // The last word may overlap the one before.
    let (Some(last), Some(last_copy)) = (from.last_chunk::<8>(), to.last_chunk_mut::<8>()) else {
        return copy_short(from, to);
    };
    *last_copy = *last;
    let mut found = specials(u64::from_le_bytes(*last));
    for (word, copy) in from.as_chunks::<8>().0.iter().zip(to.as_chunks_mut::<8>().0) {
        *copy = *word;
        found |= specials(u64::from_le_bytes(*word));
    }
    found == 0
}

#[inline(always)]
fn copy_short(from: &[u8], to: &mut [u8]) -> bool {
    let mut found = false;
    for (byte, copy) in from.iter().zip(to) {
        *copy = *byte;
        found |= is_special(*byte);
    }
    !found
}

/// Takes text without quotes and escapes.
struct Raw<'a>(&'a mut Writer);

impl fmt::Write for Raw<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.raw(text);
        Ok(())
    }
}

/// Takes the inside of a string.
struct Inside<'a>(&'a mut Writer);

impl fmt::Write for Inside<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.escaped(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
