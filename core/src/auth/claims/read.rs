//! Lenient reading of claims that do not affect the decision. A claim of an unexpected type is treated as absent, and
//! remains in the payload.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::types::{Json, Timestamp};

/// The type of a claim.
pub(crate) trait Claim: Sized {
    fn read(value: Option<&Value>) -> Self;
}

impl Claim for Option<String> {
    fn read(value: Option<&Value>) -> Self {
        value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// A claim that the checks required.
impl Claim for String {
    fn read(value: Option<&Value>) -> Self {
        Option::read(value).unwrap_or_default()
    }
}

impl Claim for Option<bool> {
    fn read(value: Option<&Value>) -> Self {
        match value? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl Claim for bool {
    fn read(value: Option<&Value>) -> Self {
        Option::read(value).unwrap_or_default()
    }
}

/// A string or a list of strings.
impl Claim for Vec<String> {
    fn read(value: Option<&Value>) -> Self {
        match value {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(several)) => {
                several.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Seconds since 1970, as a number or a string, or an RFC 3339 timestamp.
impl Claim for Option<Timestamp> {
    fn read(value: Option<&Value>) -> Self {
        let seconds = match value? {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => match text.parse::<f64>() {
                Ok(seconds) => seconds,
                Err(_) => return text.parse().ok(),
            },
            _ => return None,
        };
        let since = Duration::try_from_secs_f64(seconds).ok().filter(|since| since.as_secs() < 1 << 37)?;
        Some(Timestamp::from(SystemTime::UNIX_EPOCH + since))
    }
}

impl Claim for Option<Json> {
    fn read(value: Option<&Value>) -> Self {
        value.cloned().map(Json::from)
    }
}

/// Reads the objects of a list and ignores other items.
pub(crate) fn objects<T>(value: Option<&Value>, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.and_then(Value::as_array).into_iter().flatten().filter(|item| item.is_object()).map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read<T: Claim>(value: Value) -> T {
        T::read(Some(&value))
    }

    #[test]
    fn timestamps_are_read_in_every_form() {
        for (value, expected) in [
            (json!(1_767_323_045), "2026-01-02T03:04:05Z"),
            (json!(1_767_323_045.5), "2026-01-02T03:04:05.500Z"),
            (json!("1767323045"), "2026-01-02T03:04:05Z"),
            (json!("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z"),
        ] {
            assert_eq!(read::<Option<Timestamp>>(value.clone()).unwrap().to_string(), expected, "{value}");
        }
        for invalid in
            [json!("soon"), json!(-1), json!(1e300), json!("NaN"), json!("inf"), json!([]), json!(null)]
        {
            assert_eq!(read::<Option<Timestamp>>(invalid.clone()), None, "{invalid}");
        }
    }

    #[test]
    fn claims_of_another_type_are_absent() {
        for other in [json!(7), json!(null), json!([1]), json!({})] {
            assert_eq!(read::<Option<String>>(other.clone()), None);
            assert_eq!(read::<Option<bool>>(other.clone()), None);
            assert_eq!(read::<Vec<String>>(other), Vec::<String>::new());
        }
        assert_eq!(read::<Option<bool>>(json!("true")), Some(true));
        assert_eq!(read::<Vec<String>>(json!(["a", 1, "b"])), ["a", "b"]);
        assert_eq!(read::<Vec<String>>(json!("a")), ["a"]);
    }
}
