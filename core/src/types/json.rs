//! Arbitrary JSON.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::ScalekitError;
use crate::types::{Lenient, Read, Reader};

/// Arbitrary JSON, for values without a fixed schema.
///
/// Python sees plain values (`dict`, `list`, `str`, …), Kotlin a `JsonElement`, Swift a `JSONValue`.
///
/// Numbers survive in both directions: every finite double, and integers of any size. Object keys keep their order. A
/// number beyond the range of a double, such as `1e400`, is an error.
///
/// ```
/// use scalekit::Json;
/// let json = Json::from(serde_json::json!({"a": [1, 2]}));
/// assert_eq!(json.value()["a"][1], 2);
/// assert_eq!(json.to_string(), r#"{"a":[1,2]}"#);
///
/// let json: Json = r#"{"wei": 1000000000000000000000000000000}"#.parse()?;
/// assert_eq!(json.to_string(), r#"{"wei":1000000000000000000000000000000}"#);
/// # Ok::<(), scalekit::ScalekitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Json {
    value: Value,
    /// The whole as text, where `value` cannot hold one of its integers.
    exact: Option<Box<str>>,
}

impl Json {
    /// The value.
    ///
    /// `serde_json` has no integers beyond 64 bits: here they are floating-point numbers. The text (`to_string`) and
    /// requests have all of their digits.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The value. Integers beyond 64 bits are floating-point numbers, as in `value`.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The JSON in `text`, which was parsed as `value`.
    pub(crate) fn parsed(value: Value, text: &str) -> Self {
        Self { value, exact: has_big_integer(text).then(|| compact(text).into()) }
    }

    /// Whether `value` holds all of it.
    pub(crate) fn is_exact(&self) -> bool {
        self.exact.is_none()
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self { value, exact: None }
    }
}

impl FromStr for Json {
    type Err = ScalekitError;

    /// Parses JSON text. `InvalidArgument` if it is not valid JSON, is nested more than 127 levels deep, or holds a
    /// number beyond the range of a double.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |error: serde_json::Error| {
            let why = if is_out_of_range(&error) {
                "holds a number beyond the range of a 64-bit floating-point number"
            } else {
                "is not valid JSON, or is nested too deeply"
            };
            ScalekitError::argument("json", why)
        };
        serde_json::from_str(text).map(|value| Self::parsed(value, text)).map_err(refuse)
    }
}

impl fmt::Display for Json {
    /// The JSON text, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.exact {
            Some(text) => f.write_str(text),
            None => self.value.fmt(f),
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.exact {
            Some(text) => RawValue::from_string(text.to_string()).map_err(S::Error::custom)?.serialize(to),
            None => self.value.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    /// Integers beyond 64 bits become floating-point numbers; parsing text keeps them.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(Self::from)
    }
}

impl Lenient for Json {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        from.free()
    }
}

/// serde_json does not classify its errors as finely.
pub(crate) fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range")
}

/// Whether valid JSON text holds an integer that neither an `i64` nor a `u64` can.
pub(crate) fn has_big_integer(text: &str) -> bool {
    // Most JSON has no 19 digits in a row, and needs no second look.
    let has_long_run =
        text.as_bytes().split(|byte| !byte.is_ascii_digit()).any(|digits| digits.len() >= MAX_DIGITS);
    has_long_run && outside_strings(text).any(is_big_integer)
}

/// Every integer of fewer digits fits into 64 bits.
const MAX_DIGITS: usize = 19;

fn is_big_integer(token: &str) -> bool {
    let is_number = token.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let is_integer = is_number && !token.contains(['.', 'e', 'E']);
    is_integer && token.parse::<i64>().is_err() && token.parse::<u64>().is_err()
}

/// The numbers and words of valid JSON text.
fn outside_strings(text: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| matches!(c, '{' | '}' | '[' | ']' | ':' | ',' | ' ' | '\n' | '\t' | '\r');
    parts(text).filter(|(_, is_string)| !is_string).flat_map(move |(part, _)| part.split(is_end))
}

/// Valid JSON text without white space between its values.
fn compact(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    for (part, is_string) in parts(text) {
        if is_string {
            compact.push_str(part);
        } else {
            compact.extend(part.chars().filter(|c| !c.is_ascii_whitespace()));
        }
    }
    compact
}

/// Valid JSON text cut into its strings, with their quotes, and what is between them.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let (mut rest, mut is_string) = (text, false);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if is_string { string_end(rest) } else { rest.find('"').unwrap_or(rest.len()) };
        let (part, behind) = rest.split_at(end);
        rest = behind;
        is_string = !is_string;
        Some((part, !is_string))
    })
}

/// The length of the string that begins here.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(feature = "ffi")]
uniffi::custom_type!(Json, String, {
    try_lift: |text| text.parse::<Json>().map_err(Into::into),
    lower: |json| json.to_string(),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_beyond_64_bits_are_found_outside_strings_only() {
        for (text, found) in [
            ("18446744073709551615", false),
            ("18446744073709551616", true),
            ("-9223372036854775808", false),
            ("-9223372036854775809", true),
            ("[0.18446744073709551616]", false),
            ("[18446744073709551616.5]", false),
            ("[18446744073709551616e1]", false),
            ("[1e18446744073709551616]", false),
            (r#"{"18446744073709551616":"18446744073709551616"}"#, false),
            (r#"{"a\\":18446744073709551616}"#, true),
            (r#"{"a\"":[18446744073709551616]}"#, true),
            (r#"["\"",{"a" : 18446744073709551616}]"#, true),
            (r#"["\",18446744073709551616,\""]"#, false),
            ("", false),
        ] {
            assert_eq!(has_big_integer(text), found, "{text}");
        }
    }

    #[test]
    fn white_space_is_removed_outside_strings_only() {
        let text = "\r\n{ \"a \\\" b\" :\t[ 1 , \" \" ] }\n";
        assert_eq!(compact(text), "{\"a \\\" b\":[1,\" \"]}");
        assert_eq!(compact("\"open \\"), "\"open \\");
    }
}
