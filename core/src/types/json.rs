//! Arbitrary JSON.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json_text::{compact, has_big_integer, is_out_of_range};
use super::value::{Parsed, parse_text};
use crate::error::ScalekitError;
use crate::types::{Lenient, Read, Reader};

/// Arbitrary JSON, for values without a fixed schema.
///
/// Python sees plain values (`dict`, `list`, `str`, …), Kotlin a `JsonElement`, Swift a `JSONValue`.
///
/// Numbers are unchanged in both directions: every finite double, and integers of any size. Object keys keep their order.
/// A number beyond the range of a double, such as `1e400`, is an error.
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
    /// The JSON text, if `value` cannot hold one of its integers.
    exact: Option<Box<str>>,
}

impl Json {
    /// Returns the value.
    ///
    /// `serde_json` has no integers beyond 64 bits: in the value they are floating-point numbers. The text (`to_string`) and
    /// requests have all of their digits.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the value. Integers beyond 64 bits are floating-point numbers, as in `value`.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The JSON in `text`, which was parsed as `value`.
    pub(crate) fn parsed(value: Value, text: &str) -> Self {
        Self { value, exact: has_big_integer(text).then(|| compact(text).into()) }
    }

    /// Whether `value` represents the JSON without loss.
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

    /// Parses JSON text.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if it is not valid JSON, is nested more than 127 levels deep, or has a number beyond the range of
    /// a double.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = |error: serde_json::Error| {
            let why = if is_out_of_range(&error) {
                "has a number beyond the range of a 64-bit floating-point number"
            } else {
                "is not valid JSON, or is nested too deeply"
            };
            ScalekitError::argument("json", why)
        };
        parse_text(text).map(|value| Self::parsed(value, text)).map_err(invalid)
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
        Parsed::deserialize(from).map(|parsed| Self::from(parsed.0))
    }
}

impl Lenient for Json {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Ok(from.any_value()?.map(|(value, text)| Self::parsed(value, text)))
    }
}

#[cfg(feature = "ffi")]
uniffi::custom_type!(Json, String, {
    try_lift: |text| text.parse::<Json>().map_err(Into::into),
    lower: |json| json.to_string(),
});
