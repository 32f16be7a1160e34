//! Parser for arbitrary JSON.
//!
//! `serde_json::Value` is not used for parsing: with its feature `raw_value`, it interprets an object with a certain key
//! as embedded JSON text.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Parses JSON.
pub(crate) fn parse_value(text: &[u8]) -> serde_json::Result<Value> {
    parse_text(std::str::from_utf8(text).map_err(Error::custom)?)
}

/// Parses JSON text.
pub(crate) fn parse_text(text: &str) -> serde_json::Result<Value> {
    parse(text, AnyValue::LAX)
}

/// Parses JSON in which no object has a duplicate name. See `is_duplicate` for the error.
pub(crate) fn parse_unique(text: &str) -> serde_json::Result<Value> {
    parse(text, AnyValue::UNIQUE)
}

/// All JSON is read from `&str`, here and in `Reader`: serde_json is compiled once more for each type of source.
fn parse(text: &str, seed: AnyValue) -> serde_json::Result<Value> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut json)?;
    json.end().map(|()| value)
}

/// Marks this parser's own error. serde's errors carry only text.
const DUPLICATE: &str = "duplicate name";

pub(crate) fn is_duplicate(error: &serde_json::Error) -> bool {
    error.to_string().starts_with(DUPLICATE)
}

/// A JSON value that was parsed here.
pub(crate) struct Parsed(pub Value);

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        AnyValue::LAX.deserialize(from).map(Self)
    }
}

#[derive(Clone, Copy)]
struct AnyValue {
    /// Whether an object with duplicate names is rejected. Otherwise the last of them counts.
    unique: bool,
}

impl AnyValue {
    const LAX: Self = Self { unique: false };
    const UNIQUE: Self = Self { unique: true };
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            if map.insert(name, value).is_some() && self.unique {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_an_ordinary_key() {
        // The first key of an object that `serde_json::Value` interprets.
        let key = "$serde_json::private::RawValue";
        for value in [r#""[1,2]""#, r#""x""#, "1", r#""1","b":2"#] {
            for text in [format!(r#"{{"{key}":{value}}}"#), format!(r#"[{{"a":{{"{key}":{value}}}}}]"#)] {
                assert_eq!(parse_value(text.as_bytes()).unwrap().to_string(), text);
                assert_eq!(text.parse::<crate::Json>().unwrap().to_string(), text);
                let read: crate::Json = serde_json::from_str(&text).unwrap();
                assert_eq!(read.to_string(), text);
            }
        }
    }

    #[test]
    fn last_of_duplicate_names_counts_unless_they_are_rejected() {
        let text = r#"{"a":1,"a":2}"#;
        assert_eq!(parse_text(text).unwrap(), serde_json::json!({"a": 2}));
        assert!(is_duplicate(&parse_unique(text).unwrap_err()));
    }
}
