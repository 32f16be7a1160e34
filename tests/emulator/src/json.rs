//! Changing JSON values.

use serde_json::Value;

/// Lays `patch` over `target`: objects are joined field by field, anything else, `null` included, replaces.
///
/// Unlike a JSON merge patch (RFC 7396), `null` does not remove a field, because tests need answers that hold nulls.
pub(crate) fn overlay(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (name, value) in patch {
                overlay(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn joins_objects_and_replaces_the_rest() {
        let mut value = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x"});
        overlay(&mut value, &json!({"a": {"c": [3], "new": {"e": 1}}, "d": null}));
        assert_eq!(value, json!({"a": {"b": 1, "c": [3], "new": {"e": 1}}, "d": null}));
    }
}
