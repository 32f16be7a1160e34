//! Free JSON.

use serde_json::Value;

use crate::types::{Lenient, Read, Reader};

/// Free-form JSON, where the service promises no particular shape.
///
/// Python sees plain values (`dict`, `list`, `str`, …), Kotlin a `JsonElement`, Swift a `JSONValue`.
///
/// ```
/// use scalekit::Json;
/// let json = Json::from(serde_json::json!({"a": [1, 2]}));
/// assert_eq!(json.value()["a"][1], 2);
/// assert_eq!(json.to_string(), r#"{"a":[1,2]}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Json(Value);

impl Json {
    /// The value, to look into.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The value, to keep.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.0
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl std::fmt::Display for Json {
    /// The JSON text, on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Lenient for Json {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Ok(from.free()?.map(Self))
    }
}

#[cfg(feature = "ffi")]
uniffi::custom_type!(Json, String, {
    try_lift: |text| serde_json::from_str(&text).map(Json).map_err(|_| {
        crate::error::ScalekitError::argument("json", "is not valid JSON, or is nested too deeply").into()
    }),
    lower: |json| json.to_string(),
});
