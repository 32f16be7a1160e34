//! Converts values to rows, a JSON text, for languages in which decoding UniFFI's byte stream is slow.
//!
//! A value leaves this library as a byte stream in UniFFI's format. Python needs about a microsecond to decode each
//! field of it, but its JSON decoder, written in C, decodes a whole page in the time of a few dozen fields. So this
//! module converts the stream to JSON, in which a record is an array of its fields in order (a row).
//!
//! The stream does not describe its own types. The caller passes them as a shape, a text of these elements:
//!
//! | element | type and JSON |
//! |---|---|
//! | `s` | text |
//! | `b` `i` `l` `d` | a boolean, an `i32`, an `i64`, an `f64` |
//! | `t` | a timestamp, as `2026-01-02T03:04:05.678901+00:00` |
//! | `j` | JSON, which is inserted unchanged |
//! | `h` | an object: its handle, an integer below 2^64 |
//! | `e5.` | an open enumeration with five known values: the number of a known value, or the text of an unknown one |
//! | `c5.` | a closed enumeration with five values: the number |
//! | `?x` `[x` `{x` | an optional `x`, a list, a map with text keys |
//! | `(xyz)` | a record with three fields |
//! | `u4.(xy)2.();` | a union or an error with two variants: an array of the variant's number, from 1, and its fields |
//!
//! The fields of each variant of a union follow their length in bytes, by which the other variants are skipped.
//!
//! Python owns the handles in the JSON. If the conversion fails, those in the stream are never released.

use crate::error::ScalekitError;

mod enums;
mod json;
mod stream;

use json::Json;
use stream::Stream;

/// The reason why a stream or a shape is invalid, or why they do not match.
type Invalid = &'static str;

/// Converts a UniFFI stream of the given shape to JSON, for the Python package.
#[uniffi::export]
pub fn rows_of(shape: &[u8], stream: &[u8]) -> Result<String, ScalekitError> {
    Rows::new(shape, stream).text()
}

pub(super) struct Rows<'a> {
    shape: &'a [u8],
    /// The position in the shape.
    at: usize,
    stream: Stream<'a>,
    json: Json,
}

impl<'a> Rows<'a> {
    pub(super) fn new(shape: &'a [u8], stream: &'a [u8]) -> Self {
        Self { shape, at: 0, stream: Stream(stream), json: Json::with_capacity_for(stream.len()) }
    }

    /// Converts the stream to JSON.
    pub(super) fn text(self) -> Result<String, ScalekitError> {
        self.convert().map_err(|reason| ScalekitError::internal("answer", format_args!("{reason}")))
    }

    fn convert(mut self) -> Result<String, Invalid> {
        self.value()?;
        if !self.stream.0.is_empty() || self.at != self.shape.len() {
            return Err("more than one value");
        }
        self.json.into_text()
    }

    #[inline(always)]
    fn next(&mut self) -> Result<u8, Invalid> {
        let next = *self.shape.get(self.at).ok_or("unexpected end of the shape")?;
        self.at += 1;
        Ok(next)
    }

    fn value(&mut self) -> Result<(), Invalid> {
        match self.next()? {
            b's' => self.json.text(self.stream.text()?),
            b'b' => self.json.literal(if self.stream.flag()? { "true" } else { "false" }),
            b'i' => self.json.number(self.stream.i32()?.into()),
            b'l' => self.json.number(self.stream.i64()?),
            b'd' => self.json.float(self.stream.f64()?),
            b't' => self.json.timestamp(self.stream.timestamp()?),
            b'h' => self.json.handle(self.stream.u64()?),
            b'j' => self.json.raw(self.stream.text()?),
            b'e' => self.open_enum()?,
            b'c' => self.closed_enum()?,
            b'?' => self.optional()?,
            b'[' => self.list()?,
            b'{' => self.map()?,
            b'(' => self.record()?,
            b'u' => self.union()?,
            _ => return Err("unknown letter in the shape"),
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), Invalid> {
        self.json.open(b'[');
        self.fields()
    }

    /// Converts the fields of a record or a variant, and closes its array.
    fn fields(&mut self) -> Result<(), Invalid> {
        while !self.is_at(b')') {
            self.value()?;
            self.json.comma();
        }
        self.at += 1;
        self.json.close(b']');
        Ok(())
    }

    fn optional(&mut self) -> Result<(), Invalid> {
        if self.stream.flag()? {
            return self.value();
        }
        self.json.literal("null");
        self.skip()
    }

    fn list(&mut self) -> Result<(), Invalid> {
        self.json.open(b'[');
        let item = self.at;
        for _ in 0..self.stream.count()? {
            self.at = item;
            self.value()?;
            self.json.comma();
        }
        self.json.close(b']');
        self.at = item;
        self.skip()
    }

    fn map(&mut self) -> Result<(), Invalid> {
        self.json.open(b'{');
        let item = self.at;
        for _ in 0..self.stream.count()? {
            self.at = item;
            self.json.text(self.stream.text()?);
            self.json.colon();
            self.value()?;
            self.json.comma();
        }
        self.json.close(b'}');
        self.at = item;
        self.skip()
    }

    #[inline(always)]
    fn is_at(&self, letter: u8) -> bool {
        self.shape.get(self.at) == Some(&letter)
    }

    /// Skips the shape of one value.
    fn skip(&mut self) -> Result<(), Invalid> {
        match self.next()? {
            b'?' | b'[' | b'{' => self.skip(),
            b'e' | b'c' => self.decimal().map(|_| ()),
            b'u' => self.skip_variants(),
            b'(' => {
                while !self.is_at(b')') {
                    self.skip()?;
                }
                self.at += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
