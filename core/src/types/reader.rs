//! Reads JSON text into fields, in one pass.
//!
//! serde instantiates each model for each source that it is read from, and once more to learn the path of an error. Here
//! the source is always a string, so that each model is compiled once, and the path is recorded as the error propagates.
//! The hard parts of JSON (escapes, numbers, arbitrary values, skipped values) are left to serde_json.

mod strict;

use std::borrow::Cow;

use serde::de::{Deserialize, IgnoredAny};
use serde_json::{Number, Value};

use super::json_text::{is_out_of_range, plain};
use super::value::Parsed;

#[cfg(feature = "dispatch")]
pub(crate) use strict::Refusal;

/// A reason for which reading stopped. It contains no value, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text is not JSON, or is truncated.
    NotJson,
    /// The value at `Reader::path` has another type than expected.
    Shape,
    /// The number at `Reader::path` is beyond the range of a double.
    Range,
}

pub(crate) type Read<T> = Result<T, Stop>;

/// Maximum nesting of lists and objects, as in serde_json.
const MAX_DEPTH: u8 = 127;

/// A position in JSON text.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    path: String,
    #[cfg_attr(not(feature = "dispatch"), allow(dead_code, reason = "no reader is strict"))]
    strict: strict::Strict,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, path: String::new(), strict: strict::Strict::default() }
    }

    /// The path of the value that caused the error, such as `users[3].metadata.plan`; empty for the whole.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Fails unless only white space follows.
    pub(crate) fn end(&mut self) -> Read<()> {
        if self.peek().is_none() { Ok(()) } else { Err(Stop::NotJson) }
    }

    /// Reads an object, each entry with `entry`. Returns false for `null`.
    pub(crate) fn object(&mut self, entry: &mut dyn FnMut(&str, &mut Self) -> Read<()>) -> Read<bool> {
        let mut names = strict::Names::default();
        if !self.enter(b'{')? {
            self.leave(names);
            return Ok(false);
        }
        let mut more = !self.take(b'}');
        while more {
            let key = if self.peek() == Some(b'"') { self.string()? } else { return Err(Stop::NotJson) };
            if !self.take(b':') {
                return Err(Stop::NotJson);
            }
            self.note(&mut names, &key)
                .and_then(|()| entry(&key, self))
                .inspect_err(|_| self.prepend_path(&key))?;
            more = self.has_next(b'}')?;
        }
        self.depth -= 1;
        self.leave(names);
        Ok(true)
    }

    /// Reads a list, each item with `item`. Returns false for `null`.
    pub(crate) fn list(&mut self, item: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<bool> {
        if !self.enter(b'[')? {
            return Ok(false);
        }
        let mut more = !self.take(b']');
        let mut index = 0_usize;
        while more {
            item(self).inspect_err(|_| self.prepend_path(&format!("[{index}]")))?;
            more = self.has_next(b']')?;
            index += 1;
        }
        self.depth -= 1;
        Ok(true)
    }

    /// Reads a string, or `None` for `null`.
    pub(crate) fn text(&mut self) -> Read<Option<Cow<'a, str>>> {
        match self.peek() {
            Some(b'"') => self.string().map(Some),
            _ => self.null(),
        }
    }

    /// Reads a string, or skips a value of another type.
    pub(crate) fn text_or_skip(&mut self) -> Read<Option<Cow<'a, str>>> {
        match self.peek() {
            Some(b'"') => self.string().map(Some),
            _ => self.skip().map(|()| None),
        }
    }

    /// Skips a value and returns its text.
    pub(crate) fn skipped(&mut self) -> Read<&'a str> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text[start..self.at])
    }

    /// Reads a 64-bit integer, as a number or a string, or `None` for `null` and an empty string.
    pub(crate) fn integer(&mut self) -> Read<Option<i64>> {
        match self.peek() {
            Some(b'"') => match &*self.string()? {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| Stop::Shape),
            },
            Some(b'-' | b'0'..=b'9') => whole(&self.parsed()?).map(Some).ok_or(Stop::Shape),
            _ => self.null(),
        }
    }

    /// Reads a boolean, or `None` for `null`.
    pub(crate) fn flag(&mut self) -> Read<Option<bool>> {
        match self.peek() {
            Some(b't' | b'f') => self.parsed().map(Some),
            _ => self.null(),
        }
    }

    /// Reads any value and returns it with its text, or `None` for `null`.
    pub(crate) fn any_value(&mut self) -> Read<Option<(Value, &str)>> {
        self.check_names()?;
        self.peek();
        let start = self.at;
        let value = self.parsed::<Option<Parsed>>()?;
        Ok(value.map(|Parsed(value)| (value, &self.text[start..self.at])))
    }

    /// Skips a value.
    pub(crate) fn skip(&mut self) -> Read<()> {
        self.parsed::<IgnoredAny>().map(|_| ())
    }

    /// Reads `null`, or fails because of another type.
    fn null<T>(&mut self) -> Read<Option<T>> {
        let is_null = self.peek() == Some(b'n');
        self.skip()?;
        if is_null { Ok(None) } else { Err(Stop::Shape) }
    }

    /// Enters a list or object; returns false for `null`.
    fn enter(&mut self, open: u8) -> Read<bool> {
        if !self.take(open) {
            return self.null::<()>().map(|_| false);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(Stop::NotJson) } else { Ok(true) }
    }

    /// After an item: whether another one follows.
    fn has_next(&mut self, close: u8) -> Read<bool> {
        if self.take(b',') {
            return Ok(true);
        }
        if self.take(close) { Ok(false) } else { Err(Stop::NotJson) }
    }

    fn prepend_path(&mut self, step: &str) {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path.insert_str(0, dot);
        self.path.insert_str(0, step);
    }

    /// The next byte that is not white space. Inlined, since the crate is optimized for size, and this runs for every
    /// token.
    #[inline(always)]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Reads the string at this position; borrowed unless it has escapes.
    fn string(&mut self) -> Read<Cow<'a, str>> {
        let start = self.at + 1;
        let length = plain(&self.text.as_bytes()[start..]);
        let end = start + length;
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return self.parsed().map(Cow::Owned);
        }
        self.at = end + 1;
        // A quote is never part of a multi-byte character.
        self.text.get(start..end).map(Cow::Borrowed).ok_or(Stop::NotJson)
    }

    /// Reads the value at this position with serde_json.
    fn parsed<T: Deserialize<'a>>(&mut self) -> Read<T> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<T>();
        let value = values.next();
        self.at += values.byte_offset();
        match value {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) if is_out_of_range(&error) => Err(Stop::Range),
            _ => Err(Stop::NotJson),
        }
    }
}

/// A number that is a 64-bit integer, whether it is written as one or not.
fn whole(number: &Number) -> Option<i64> {
    if number.is_i64() || number.is_u64() {
        return number.as_i64();
    }
    // 2^63 is exact as a double; beyond it the cast would saturate silently.
    let number = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9_223_372_036_854_775_808.0)?;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range, checked above")]
    Some(number as i64)
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Reads any value with the methods of the reader.
    fn value(from: &mut Reader<'_>) -> Read<Value> {
        match from.peek() {
            Some(b'{') => {
                let mut map = serde_json::Map::new();
                from.object(&mut |key, from| {
                    map.insert(key.to_owned(), value(from)?);
                    Ok(())
                })?;
                Ok(map.into())
            }
            Some(b'[') => {
                let mut list = Vec::new();
                from.list(&mut |from| {
                    list.push(value(from)?);
                    Ok(())
                })?;
                Ok(list.into())
            }
            Some(b'"') => Ok(from.text()?.unwrap().into_owned().into()),
            Some(b't' | b'f') => Ok(from.flag()?.unwrap().into()),
            _ => Ok(from.any_value()?.map_or(Value::Null, |(value, _)| value)),
        }
    }

    fn whole_text(text: &str) -> Read<Value> {
        let mut from = Reader::new(text);
        let read = value(&mut from)?;
        from.end()?;
        Ok(read)
    }

    fn agrees(text: &str) {
        assert_eq!(whole_text(text).ok(), serde_json::from_str(text).ok(), "{text}");
    }

    #[test]
    fn valid_json_is_what_serde_json_accepts() {
        for text in [
            r#" { "a" : [ 1 , -0 , 1.5e3 , "x\u00e9\ud83d\ude00\n" , true , false , null ] , "" : { } } "#,
            "[]",
            "{}",
            "[[]]",
            "\"\"",
            "\"äöü€😀\"",
            "\"1234567\"",
            "\"12345678\"",
            "\"1234567\\\"9\"",
            "1",
            "-1",
            "null",
            "",
            " ",
            "{",
            "[",
            "\"",
            "\"\\\"",
            "[1,]",
            "{\"a\":1,}",
            "{,}",
            "[,]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "[1 2]",
            "{\"a\":1 \"b\":2}",
            "[1}",
            "{\"a\":1]",
            "01",
            "1e999",
            "-",
            "tru",
            "truex",
            "nul",
            "nullx",
            "\"\u{1}\"",
            "\"\t\"",
            "[1",
            "[[1]",
            "{\"a\":1",
            "\"1234\t6789\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "{} {}",
            "[] x",
            "\u{feff}{}",
            "1\"a\"",
        ] {
            agrees(text);
        }
        for depth in [127, 128, 129] {
            agrees(&("[".repeat(depth) + &"]".repeat(depth)));
            agrees(&("{\"a\":".repeat(depth) + "1" + &"}".repeat(depth)));
        }
        let skipped = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Reader::new(&skipped).object(&mut |_, from| from.skip()), Ok(true));
    }

    proptest! {
        #[test]
        fn any_text_is_accepted_or_rejected_like_by_serde_json(text in r#"[\[\]{}:, "\\ntrue0-9.e\n\u{1}é😀-]{0,24}"#) {
            agrees(&text);
        }

        #[test]
        fn any_string_is_read_back_unchanged(text in any::<String>(), spaces in " {0,9}") {
            agrees(&format!("{spaces}{}", json!({ text.as_str(): [text] })));
        }

        #[test]
        fn any_object_is_read_back_unchanged(
            object in btree_map(any::<String>(), vec(any::<Option<(i64, bool, f64)>>(), 0..4), 0..4),
        ) {
            agrees(&json!(object).to_string());
            agrees(&serde_json::to_string_pretty(&object).unwrap());
        }
    }

    #[test]
    fn path_of_a_type_error_is_reported() {
        let text = r#"{"a": {"b": [1, {"c": "x"}, {"c": {"d": [[2, 7]]}}]}}"#;
        let mut from = Reader::new(text);
        fn only_ones(from: &mut Reader<'_>) -> Read<()> {
            match from.peek() {
                Some(b'{') => from.object(&mut |_, from| only_ones(from)).map(|_| ()),
                Some(b'[') => from.list(&mut only_ones).map(|_| ()),
                Some(b'7') => from.text().map(|_| ()),
                _ => from.skip(),
            }
        }
        assert_eq!(only_ones(&mut from), Err(Stop::Shape));
        assert_eq!(from.path(), "a.b[2].c.d[0][1]");
    }

    #[test]
    fn type_error_differs_from_invalid_json() {
        for (text, stop) in [
            ("[]", Stop::Shape),
            ("{\"a\":1}", Stop::Shape),
            ("7", Stop::Shape),
            ("[", Stop::NotJson),
            ("<", Stop::NotJson),
        ] {
            assert_eq!(Reader::new(text).text(), Err(stop), "{text}");
            assert_eq!(Reader::new(text).flag(), Err(stop), "{text}");
        }
        assert_eq!(Reader::new("\"a\"").object(&mut |_, _| Ok(())), Err(Stop::Shape));
        assert_eq!(Reader::new("\"a").list(&mut |_| Ok(())), Err(Stop::NotJson));
    }
}
