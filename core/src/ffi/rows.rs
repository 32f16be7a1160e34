//! Answers for a language whose own reading is slow: rows, as one JSON text.
//!
//! A record leaves this library as UniFFI's stream of bytes. Python pays about a microsecond for every field that it
//! takes from there by itself; it has a JSON reader in C, though, which takes a whole page in the time of a few dozen
//! fields. So the stream is turned into JSON here: a record is an array of its fields in their order.
//!
//! Records of a page are not even taken from the JSON before somebody looks at them: they follow the JSON of the page,
//! which has their places instead.
//!
//! What is in a stream the stream does not say. The caller does, with a shape, a text of these:
//!
//! | | |
//! |---|---|
//! | `s` | text |
//! | `b` `i` `l` `d` | a boolean, an `i32`, an `i64`, an `f64` |
//! | `t` | a time, as `2026-01-02T03:04:05.678901+00:00` |
//! | `j` | JSON, which becomes a part of the JSON |
//! | `e5.` | an open enumeration of five known values: the number of one, or the text of one that is not known |
//! | `c5.` | an enumeration of just five values: the number |
//! | `?x` `[x` `{x` | an `x` or nothing, a list, a map with texts for keys |
//! | `(xyz)` | a record of three fields |
//! | `<x` | a list for later: where each item begins, in characters after the end of this JSON. None is in another |

use crate::error::ScalekitError;

mod json;
mod stream;

use json::Json;
use stream::Stream;

/// Why a stream and a shape are no match, or no good.
type Broken = &'static str;

/// Turns a stream of UniFFI's into JSON, for the Python package, which knows what shape it has.
#[uniffi::export]
pub fn rows_of(shape: &[u8], stream: &[u8]) -> Result<String, ScalekitError> {
    Rows::new(shape, stream).all().map_err(|why| ScalekitError::internal("answer", format_args!("{why}")))
}

struct Rows<'a> {
    shape: &'a [u8],
    /// How much of the shape is behind us.
    at: usize,
    stream: Stream<'a>,
    json: Json,
    /// The items that follow, and what they have in characters. While one is written, this and `json` are changed.
    later: Json,
    characters: usize,
    is_later: bool,
}

impl<'a> Rows<'a> {
    fn new(shape: &'a [u8], stream: &'a [u8]) -> Self {
        let (json, later) = (Json::with_room_for(stream.len()), Json::with_room_for(0));
        Self { shape, at: 0, stream: Stream(stream), json, later, characters: 0, is_later: false }
    }

    fn all(mut self) -> Result<String, Broken> {
        self.value()?;
        if !self.stream.0.is_empty() || self.at != self.shape.len() {
            return Err("more than one value");
        }
        self.json.followed_by(self.later)
    }

    fn next(&mut self) -> Result<u8, Broken> {
        let next = *self.shape.get(self.at).ok_or("a shape that ends early")?;
        self.at += 1;
        Ok(next)
    }

    fn value(&mut self) -> Result<(), Broken> {
        match self.next()? {
            b's' => self.json.text(self.stream.text()?),
            b'b' => self.json.word(if self.stream.flag()? { "true" } else { "false" }),
            b'i' => self.json.number(self.stream.i32()?.into()),
            b'l' => self.json.number(self.stream.i64()?),
            b'd' => self.json.float(self.stream.f64()?),
            b't' => self.json.time(self.stream.time()?),
            b'j' => self.json.raw(self.stream.text()?),
            b'e' => self.open_enum()?,
            b'c' => self.closed_enum()?,
            b'?' => self.optional()?,
            b'[' => self.list()?,
            b'{' => self.map()?,
            b'(' => self.record()?,
            b'<' => self.list_for_later()?,
            _ => return Err("a shape with an unknown letter"),
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), Broken> {
        self.json.open(b'[');
        while self.shape.get(self.at) != Some(&b')') {
            self.value()?;
            self.json.comma();
        }
        self.at += 1;
        self.json.close(b']');
        Ok(())
    }

    fn optional(&mut self) -> Result<(), Broken> {
        if self.stream.flag()? {
            return self.value();
        }
        self.json.word("null");
        self.pass()
    }

    fn list(&mut self) -> Result<(), Broken> {
        self.json.open(b'[');
        let item = self.at;
        for _ in 0..self.stream.count()? {
            self.at = item;
            self.value()?;
            self.json.comma();
        }
        self.json.close(b']');
        self.at = item;
        self.pass()
    }

    fn list_for_later(&mut self) -> Result<(), Broken> {
        if std::mem::replace(&mut self.is_later, true) {
            return Err("a list for later in another");
        }
        self.json.open(b'[');
        let item = self.at;
        for _ in 0..self.stream.count()? {
            self.at = item;
            self.json.number(i64::try_from(self.characters).unwrap_or(i64::MAX));
            self.json.comma();
            let before = self.later.len();
            std::mem::swap(&mut self.json, &mut self.later);
            let item = self.value();
            std::mem::swap(&mut self.json, &mut self.later);
            item?;
            self.characters += self.later.characters_from(before);
        }
        self.json.close(b']');
        self.is_later = false;
        self.at = item;
        self.pass()
    }

    fn map(&mut self) -> Result<(), Broken> {
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
        self.pass()
    }

    fn open_enum(&mut self) -> Result<(), Broken> {
        let (known, number) = (self.values()?, self.stream.i32()?);
        if (1..=known).contains(&number) {
            self.json.number(number.into());
        } else if number == known + 1 {
            self.json.text(self.stream.text()?);
        } else {
            return Err("a number that no value has");
        }
        Ok(())
    }

    fn closed_enum(&mut self) -> Result<(), Broken> {
        let (known, number) = (self.values()?, self.stream.i32()?);
        if !(1..=known).contains(&number) {
            return Err("a number that no value has");
        }
        self.json.number(number.into());
        Ok(())
    }

    /// How many values an enumeration has: digits, and a full stop.
    fn values(&mut self) -> Result<i32, Broken> {
        let mut values = 0;
        loop {
            match self.next()? {
                digit @ b'0'..=b'9' if values < 10_000 => values = values * 10 + i32::from(digit - b'0'),
                b'.' => return Ok(values),
                _ => return Err("a shape with a bad number"),
            }
        }
    }

    /// Passes over one value's shape.
    fn pass(&mut self) -> Result<(), Broken> {
        match self.next()? {
            b'?' | b'[' | b'{' | b'<' => self.pass(),
            b'e' | b'c' => self.values().map(|_| ()),
            b'(' => {
                while self.shape.get(self.at) != Some(&b')') {
                    self.pass()?;
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
