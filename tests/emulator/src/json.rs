//! Merging JSON values.

use serde_json::Value;

/// Merges `patch` into `target`: objects are merged field by field, any other value, including `null`, replaces.
///
/// Unlike in a JSON merge patch (RFC 7396), `null` does not remove a field, because tests need responses that contain
/// nulls.
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
    fn overlay_merges_objects_and_replaces_other_values() {
        let mut value = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x"});
        overlay(&mut value, &json!({"a": {"c": [3], "new": {"e": 1}}, "d": null}));
        assert_eq!(value, json!({"a": {"b": 1, "c": [3], "new": {"e": 1}}, "d": null}));
    }
}
