//! Strict parser for untrusted JSON. An object with duplicate names is rejected, so that it has only one
//! interpretation.

use serde_json::{Map, Value};

use crate::types::{has_big_integer, is_duplicate, parse_unique};

/// The reason for which input was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParseError {
    /// Not JSON, not an object, or nested too deeply.
    Malformed,
    /// An object has a duplicate name, at any depth.
    Duplicate,
    /// An integer is beyond 64 bits. It would be read as another number.
    BigInteger,
}

/// Parses an object.
pub(crate) fn parse_object(text: &[u8]) -> Result<Map<String, Value>, ParseError> {
    let text = std::str::from_utf8(text).map_err(|_| ParseError::Malformed)?;
    match parse_unique(text) {
        Ok(Value::Object(_)) if has_big_integer(text) => Err(ParseError::BigInteger),
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(ParseError::Malformed),
        Err(error) if is_duplicate(&error) => Err(ParseError::Duplicate),
        Err(_) => Err(ParseError::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn duplicate_names_are_rejected_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"b":2}}"#, r#"{"a":[{"b":1,"\u0062":2}]}"#] {
            assert_eq!(parse_object(text.as_bytes()), Err(ParseError::Duplicate), "{text}");
        }
        assert!(parse_object(br#"{"a":{"b":1},"b":{"a":[1,1]}}"#).is_ok());
    }

    #[test]
    fn input_other_than_one_object_is_rejected() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in
            ["", "1", "[]", "null", "\"a\"", "{", "{}{}", "{} x", r#"{"a":1e999}"#, "\u{feff}{}", &deep]
        {
            assert_eq!(parse_object(text.as_bytes()), Err(ParseError::Malformed), "{text:.20}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}"), Err(ParseError::Malformed));
    }

    #[test]
    fn integer_beyond_64_bits_is_rejected() {
        for text in [r#"{"a":18446744073709551616}"#, r#"{"a":[{"b":-9223372036854775809}]}"#] {
            assert_eq!(parse_object(text.as_bytes()), Err(ParseError::BigInteger), "{text}");
        }
        assert!(parse_object(br#"{"a":18446744073709551615,"b":-9223372036854775808,"c":1e30}"#).is_ok());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_object(&text);
        }

        #[test]
        fn parsed_objects_equal_those_of_serde_json(names in prop::collection::hash_map("[a-c]{1,3}", any::<i64>(), 0..6)) {
            let text = serde_json::to_string(&names).unwrap();
            let read = parse_object(text.as_bytes()).unwrap();
            prop_assert_eq!(Value::Object(read), serde_json::from_str::<Value>(&text).unwrap());
        }
    }
}
