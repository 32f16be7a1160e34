//! Compares a result with the result that a scenario expects.

use std::collections::HashMap;

use scalekit::Timestamp;
use serde_json::Value;

/// Values bound by earlier steps.
#[derive(Default)]
pub struct Bindings(HashMap<String, String>);

impl Bindings {
    /// Replaces each `${name}` with its bound value.
    pub fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let mut text = text.clone();
                for (name, bound) in &self.0 {
                    text = text.replace(&format!("${{{name}}}"), bound);
                }
                assert!(!text.contains("${"), "unbound value: {text}");
                Value::String(text)
            }
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (key.clone(), self.fill(value))).collect()
            }
            other => other.clone(),
        }
    }
}

pub fn matches(at: &str, expected: &Value, found: &Value, printed: &str, bound: &mut Bindings) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                matches(
                    &format!("{at}.{key}"),
                    value,
                    found.get(key).unwrap_or(&Value::Null),
                    printed,
                    bound,
                );
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            assert_eq!(expected.len(), found.len(), "{at}: {found:?}");
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                matches(&format!("{at}[{index}]"), expected, found, printed, bound);
            }
        }
        (Value::String(text), _) => match_text(at, text, found, printed, bound),
        _ => assert_eq!(expected, found, "{at}"),
    }
}

fn match_text(at: &str, expected: &str, found: &Value, printed: &str, bound: &mut Bindings) {
    if expected == "$any" {
        assert!(!found.is_null(), "{at}: null");
    } else if let Some(name) = expected.strip_prefix("$bind:") {
        let text =
            found.as_str().unwrap_or_else(|| panic!("{at}: {found} is not a string and cannot be bound"));
        bound.0.insert(name.to_owned(), text.to_owned());
    } else if let Some(secret) = expected.strip_prefix("$secret:") {
        assert_eq!(found, secret, "{at}");
    } else if matches!(expected, "SecretText(..)" | "SecretJson(..)") {
        // In Rust a secret serializes as its value, and its debug format is this.
        assert!(!found.is_null() && printed.contains(expected), "{at}: {printed}");
        let inner = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        assert!(!printed.contains(&inner), "{at}: the secret was printed");
    } else {
        assert!(
            found == expected || is_same_timestamp(expected, found),
            "{at}: expected {expected}, found {found}"
        );
    }
}

/// Whether two timestamps are equal to the millisecond, the precision that all languages share.
fn is_same_timestamp(expected: &str, found: &Value) -> bool {
    let millis = |text: &str| -> Option<u128> {
        let time = text.parse::<Timestamp>().ok()?.to_system_time();
        Some(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis())
    };
    found.as_str().and_then(millis).is_some_and(|found| millis(expected) == Some(found))
}
