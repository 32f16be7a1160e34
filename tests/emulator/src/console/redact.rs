//! Masks secrets until the developer reveals them.

use serde_json::Value;

const MASK: &str = "••••••••";

/// Fields whose text is a secret.
const FIELDS: &[&str] = &[
    "access_token",
    "id_token",
    "refresh_token",
    "link_token",
    "registration_access_token",
    "token",
    "code",
    "password",
    "authorization",
    "private_key",
];

/// Replaces the secrets in a JSON value.
pub(super) fn mask(value: &mut Value) {
    match value {
        Value::Array(entries) => entries.iter_mut().for_each(mask),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if is_secret(name) && !text.is_empty() => *text = MASK.into(),
                    _ => mask(value),
                }
            }
        }
        _ => {}
    }
}

/// The suffix of a secret is shown: it distinguishes secrets, and the API returns it.
fn is_secret(name: &str) -> bool {
    FIELDS.contains(&name) || name.ends_with("secret") || name.ends_with("api_key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let mut value =
            json!({"a": [{"plain_secret": "s", "secret_suffix": "9f3a", "code": 5}], "id_token": "t"});
        mask(&mut value);
        assert_eq!(
            value,
            json!({"a": [{"plain_secret": MASK, "secret_suffix": "9f3a", "code": 5}], "id_token": MASK})
        );
    }
}
