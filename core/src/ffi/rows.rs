//! Converts responses to rows, a JSON text, for languages in which decoding UniFFI's byte stream is slow.
//!
//! A record leaves this library as a byte stream in UniFFI's format. Python needs about a microsecond to decode each
//! field of it, but its JSON decoder, written in C, decodes a whole page in the time of a few dozen fields. So this
//! module converts the stream to JSON, in which a record is an array of its fields in order (a row).
//!
//! The records of a page are deferred: their JSON follows that of the page, which contains their offsets instead, so
//! that Python can decode each record on first access.
//!
//! The stream does not describe its own types. The caller passes them as a shape, a text of these elements:
//!
//! | element | type and JSON |
//! |---|---|
//! | `s` | text |
//! | `b` `i` `l` `d` | a boolean, an `i32`, an `i64`, an `f64` |
//! | `t` | a timestamp, as `2026-01-02T03:04:05.678901+00:00` |
//! | `j` | JSON, which is inserted unchanged |
//! | `e5.` | an open enumeration with five known values: the number of a known value, or the text of an unknown one |
//! | `c5.` | a closed enumeration with five values: the number |
//! | `?x` `[x` `{x` | an optional `x`, a list, a map with text keys |
//! | `(xyz)` | a record with three fields |
//! | `<x` | a deferred list: the offset of each item, in characters after the end of this JSON. Cannot be nested |

use crate::error::ScalekitError;

mod json;
mod stream;

use json::Json;
use stream::Stream;

/// The reason why a stream or a shape is invalid, or why they do not match.
type Invalid = &'static str;

/// Converts a UniFFI stream of the given shape to JSON, for the Python package.
#[uniffi::export]
pub fn rows_of(shape: &[u8], stream: &[u8]) -> Result<String, ScalekitError> {
    Rows::new(shape, stream)
        .convert()
        .map_err(|reason| ScalekitError::internal("answer", format_args!("{reason}")))
}

struct Rows<'a> {
    shape: &'a [u8],
    /// The position in the shape.
    at: usize,
    stream: Stream<'a>,
    json: Json,
    /// The deferred items, and their length in characters. Swapped with `json` while an item is written.
    deferred: Json,
    deferred_characters: usize,
    in_deferred_list: bool,
}

impl<'a> Rows<'a> {
    fn new(shape: &'a [u8], stream: &'a [u8]) -> Self {
        let (json, deferred) = (Json::with_capacity_for(stream.len()), Json::with_capacity_for(0));
        Self {
            shape,
            at: 0,
            stream: Stream(stream),
            json,
            deferred,
            deferred_characters: 0,
            in_deferred_list: false,
        }
    }

    fn convert(mut self) -> Result<String, Invalid> {
        self.value()?;
        if !self.stream.0.is_empty() || self.at != self.shape.len() {
            return Err("more than one value");
        }
        self.json.followed_by(self.deferred)
    }

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
            b'j' => self.json.raw(self.stream.text()?),
            b'e' => self.open_enum()?,
            b'c' => self.closed_enum()?,
            b'?' => self.optional()?,
            b'[' => self.list()?,
            b'{' => self.map()?,
            b'(' => self.record()?,
            b'<' => self.deferred_list()?,
            _ => return Err("unknown letter in the shape"),
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), Invalid> {
        self.json.open(b'[');
        while self.shape.get(self.at) != Some(&b')') {
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

    fn deferred_list(&mut self) -> Result<(), Invalid> {
        if std::mem::replace(&mut self.in_deferred_list, true) {
            return Err("nested deferred list");
        }
        self.json.open(b'[');
        let item = self.at;
        for _ in 0..self.stream.count()? {
            self.at = item;
            self.json.number(i64::try_from(self.deferred_characters).unwrap_or(i64::MAX));
            self.json.comma();
            let start = self.deferred.len();
            std::mem::swap(&mut self.json, &mut self.deferred);
            let written = self.value();
            std::mem::swap(&mut self.json, &mut self.deferred);
            written?;
            self.deferred_characters += self.deferred.characters_from(start);
        }
        self.json.close(b']');
        self.in_deferred_list = false;
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

    fn open_enum(&mut self) -> Result<(), Invalid> {
        let (known, number) = (self.value_count()?, self.stream.i32()?);
        if (1..=known).contains(&number) {
            self.json.number(number.into());
        } else if number == known + 1 {
            self.json.text(self.stream.text()?);
        } else {
            return Err("number of an unknown value");
        }
        Ok(())
    }

    fn closed_enum(&mut self) -> Result<(), Invalid> {
        let (known, number) = (self.value_count()?, self.stream.i32()?);
        if !(1..=known).contains(&number) {
            return Err("number of an unknown value");
        }
        self.json.number(number.into());
        Ok(())
    }

    /// Reads the number of values of an enumeration: digits, then a full stop.
    fn value_count(&mut self) -> Result<i32, Invalid> {
        let mut count = 0;
        loop {
            match self.next()? {
                digit @ b'0'..=b'9' if count < 10_000 => count = count * 10 + i32::from(digit - b'0'),
                b'.' => return Ok(count),
                _ => return Err("invalid number in the shape"),
            }
        }
    }

    /// Skips the shape of one value.
    fn skip(&mut self) -> Result<(), Invalid> {
        match self.next()? {
            b'?' | b'[' | b'{' | b'<' => self.skip(),
            b'e' | b'c' => self.value_count().map(|_| ()),
            b'(' => {
                while self.shape.get(self.at) != Some(&b')') {
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
