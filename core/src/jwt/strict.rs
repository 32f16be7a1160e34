//! JSON from strangers, read so that there is one way to understand it: an object that says a thing twice is refused.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::types::has_big_integer;

/// Why a text was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not JSON, not an object, or nested too deeply.
    Malformed,
    /// An object names something twice, at whatever depth.
    Duplicate,
    /// An integer is beyond 64 bits. It would be read as another number.
    BigInteger,
}

/// Reads an object.
pub(crate) fn object(text: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let read = Strict.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    match read {
        Ok(Value::Object(_)) if std::str::from_utf8(text).is_ok_and(has_big_integer) => {
            Err(Unreadable::BigInteger)
        }
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Unreadable::Malformed),
        Err(error) if error.to_string().starts_with(DUPLICATE) => Err(Unreadable::Duplicate),
        Err(_) => Err(Unreadable::Malformed),
    }
}

/// serde's errors are texts: this one is ours.
const DUPLICATE: &str = "a name that was used before";

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
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

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Held(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let Held(value) = entries.next_value()?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(map))
    }
}

struct Held(Value);

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Strict.deserialize(from).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_said_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"b":2}}"#, r#"{"a":[{"b":1,"\u0062":2}]}"#] {
            assert_eq!(object(text.as_bytes()), Err(Unreadable::Duplicate), "{text}");
        }
        assert!(object(br#"{"a":{"b":1},"b":{"a":[1,1]}}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in
            ["", "1", "[]", "null", "\"a\"", "{", "{}{}", "{} x", r#"{"a":1e999}"#, "\u{feff}{}", &deep]
        {
            assert_eq!(object(text.as_bytes()), Err(Unreadable::Malformed), "{text:.20}");
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(Unreadable::Malformed));
    }

    #[test]
    fn integer_beyond_64_bits_is_refused() {
        for text in [r#"{"a":18446744073709551616}"#, r#"{"a":[{"b":-9223372036854775809}]}"#] {
            assert_eq!(object(text.as_bytes()), Err(Unreadable::BigInteger), "{text}");
        }
        assert!(object(br#"{"a":18446744073709551615,"b":-9223372036854775808,"c":1e30}"#).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = object(&text);
        }

        #[test]
        fn what_it_reads_is_what_serde_reads(names in prop::collection::hash_map("[a-c]{1,3}", any::<i64>(), 0..6)) {
            let text = serde_json::to_string(&names).unwrap();
            let read = object(text.as_bytes()).unwrap();
            prop_assert_eq!(Value::Object(read), serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}
