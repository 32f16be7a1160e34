//! Comparing a result with what a scenario expects of it.

use std::collections::HashMap;

use scalekit::Timestamp;
use serde_json::Value;

/// Values that earlier steps kept.
#[derive(Default)]
pub struct Bindings(HashMap<String, String>);

impl Bindings {
    /// Puts kept values in place of `${name}`.
    pub fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let mut text = text.clone();
                for (name, kept) in &self.0 {
                    text = text.replace(&format!("${{{name}}}"), kept);
                }
                assert!(!text.contains("${"), "a value that was never kept: {text}");
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
        assert!(!found.is_null(), "{at}: nothing");
    } else if let Some(name) = expected.strip_prefix("$bind:") {
        let text = found.as_str().unwrap_or_else(|| panic!("{at}: {found} is no text to keep"));
        bound.0.insert(name.to_owned(), text.to_owned());
    } else if let Some(secret) = expected.strip_prefix("$secret:") {
        assert_eq!(found, secret, "{at}");
    } else if matches!(expected, "SecretText(..)" | "SecretJson(..)") {
        // In Rust a secret serialises as itself, and prints as this.
        assert!(!found.is_null() && printed.contains(expected), "{at}: {printed}");
        let inner = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        assert!(!printed.contains(&inner), "{at}: printed");
    } else {
        assert!(
            found == expected || same_moment(expected, found),
            "{at}: expected {expected}, found {found}"
        );
    }
}

/// Equal to the millisecond, which is as far as all languages go.
fn same_moment(expected: &str, found: &Value) -> bool {
    let millis = |text: &str| -> Option<u128> {
        let time = text.parse::<Timestamp>().ok()?.to_system_time();
        Some(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis())
    };
    found.as_str().and_then(millis).is_some_and(|found| millis(expected) == Some(found))
}
