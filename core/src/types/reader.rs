//! Reading JSON into fields: the text is walked once, and every value goes straight to where it belongs.
//!
//! With serde every model is compiled anew for each source that it is read from, and once more to learn where an error
//! is. Here the source is always a text, so each model is compiled once, and the way to an error is noted as the error
//! travels out. What is hard about JSON (escapes, numbers, free values, what is skipped) is serde_json's work.

use std::borrow::Cow;

use serde::de::{Deserialize, IgnoredAny};
use serde_json::{Number, Value};

use super::json_text::is_out_of_range;

/// Why reading stopped. It never holds a value, which may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text is no JSON, or is cut off.
    NotJson,
    /// A value has another type than was promised; `Reader::path` says which.
    Shape,
    /// A number is beyond the range of a double; `Reader::path` says which.
    Range,
}

pub(crate) type Read<T> = Result<T, Stop>;

/// How deep lists and objects may be nested: as deep as serde_json lets them.
const DEEPEST: u8 = 127;

/// A place in a JSON text.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
    path: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, path: String::new() }
    }

    /// The way to the value of another type, such as `users[3].metadata.plan`; empty where it is the whole.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Fails where anything but white space follows.
    pub(crate) fn end(&mut self) -> Read<()> {
        if self.peek().is_none() { Ok(()) } else { Err(Stop::NotJson) }
    }

    /// Reads an object, each entry with `entry`. False where there is `null`.
    pub(crate) fn object(&mut self, entry: &mut dyn FnMut(&str, &mut Self) -> Read<()>) -> Read<bool> {
        if !self.enter(b'{')? {
            return Ok(false);
        }
        let mut more = !self.take(b'}');
        while more {
            let key = if self.peek() == Some(b'"') { self.string()? } else { return Err(Stop::NotJson) };
            if !self.take(b':') {
                return Err(Stop::NotJson);
            }
            entry(&key, self).inspect_err(|_| self.came_through(&key))?;
            more = self.goes_on(b'}')?;
        }
        self.depth -= 1;
        Ok(true)
    }

    /// Reads a list, each item with `item`. False where there is `null`.
    pub(crate) fn list(&mut self, item: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<bool> {
        if !self.enter(b'[')? {
            return Ok(false);
        }
        let mut more = !self.take(b']');
        let mut index = 0_usize;
        while more {
            item(self).inspect_err(|_| self.came_through(&format!("[{index}]")))?;
            more = self.goes_on(b']')?;
            index += 1;
        }
        self.depth -= 1;
        Ok(true)
    }

    /// A text, or nothing for `null`.
    pub(crate) fn text(&mut self) -> Read<Option<Cow<'a, str>>> {
        match self.peek() {
            Some(b'"') => self.string().map(Some),
            _ => self.nothing(),
        }
    }

    /// A 64-bit integer, as a number or as a text; nothing for `null` and the empty text.
    pub(crate) fn integer(&mut self) -> Read<Option<i64>> {
        match self.peek() {
            Some(b'"') => match &*self.string()? {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| Stop::Shape),
            },
            Some(b'-' | b'0'..=b'9') => whole(&self.parsed()?).map(Some).ok_or(Stop::Shape),
            _ => self.nothing(),
        }
    }

    /// `true` or `false`, or nothing for `null`.
    pub(crate) fn flag(&mut self) -> Read<Option<bool>> {
        match self.peek() {
            Some(b't' | b'f') => self.parsed().map(Some),
            _ => self.nothing(),
        }
    }

    /// Reads any value and returns it with its text, or `None` for `null`.
    pub(crate) fn any_value(&mut self) -> Read<Option<(Value, &str)>> {
        self.peek();
        let start = self.at;
        let value = self.parsed::<Option<Value>>()?;
        Ok(value.map(|value| (value, &self.text[start..self.at])))
    }

    /// Skips a value.
    pub(crate) fn skip(&mut self) -> Read<()> {
        self.parsed::<IgnoredAny>().map(|_| ())
    }

    /// Where there is neither what was promised nor `null`.
    fn nothing<T>(&mut self) -> Read<Option<T>> {
        let null = self.peek() == Some(b'n');
        self.skip()?;
        if null { Ok(None) } else { Err(Stop::Shape) }
    }

    /// Goes into a list or object; false where there is `null`.
    fn enter(&mut self, open: u8) -> Read<bool> {
        if !self.take(open) {
            return self.nothing::<()>().map(|_| false);
        }
        self.depth += 1;
        if self.depth > DEEPEST { Err(Stop::NotJson) } else { Ok(true) }
    }

    /// Behind an item: whether another follows.
    fn goes_on(&mut self, close: u8) -> Read<bool> {
        if self.take(b',') {
            return Ok(true);
        }
        if self.take(close) { Ok(false) } else { Err(Stop::NotJson) }
    }

    fn came_through(&mut self, step: &str) {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path.insert_str(0, dot);
        self.path.insert_str(0, step);
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// The text that begins here. It is borrowed unless it has escapes.
    fn string(&mut self) -> Read<Cow<'a, str>> {
        let begin = self.at + 1;
        let length = plain(&self.text.as_bytes()[begin..]);
        let end = begin + length;
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return self.parsed().map(Cow::Owned);
        }
        self.at = end + 1;
        // Quotes are no part of a longer character.
        self.text.get(begin..end).map(Cow::Borrowed).ok_or(Stop::NotJson)
    }

    /// The value that begins here, as serde_json reads it.
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

/// How many bytes come before the first that ends a string or is special in it: eight at a time.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x80 * ONES;
    // The lowest top bit that is set belongs to the first byte that is zero (or below `least`); those above may be wrong.
    let below = |word: u64, least: u64| word.wrapping_sub(least * ONES) & !word & TOPS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote = below(word ^ (u64::from(b'"') * ONES), 1);
        let escape = below(word ^ (u64::from(b'\\') * ONES), 1);
        let found = quote | escape | below(word, 0x20);
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
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

    /// Reads anything with the reader's own means, as far as it has them.
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
    fn what_is_json_is_what_serde_json_takes() {
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
        fn any_text_is_taken_or_refused_as_by_serde_json(text in r#"[\[\]{}:, "\\ntrue0-9.e\n\u{1}é😀-]{0,24}"#) {
            agrees(&text);
        }

        #[test]
        fn any_string_is_read_as_it_was_written(text in any::<String>(), spaces in " {0,9}") {
            agrees(&format!("{spaces}{}", json!({ text.as_str(): [text] })));
        }

        #[test]
        fn any_object_is_read_as_it_was_written(
            object in btree_map(any::<String>(), vec(any::<Option<(i64, bool, f64)>>(), 0..4), 0..4),
        ) {
            agrees(&json!(object).to_string());
            agrees(&serde_json::to_string_pretty(&object).unwrap());
        }
    }

    #[test]
    fn the_way_to_another_type_is_known() {
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
    fn another_type_is_told_from_no_json() {
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
