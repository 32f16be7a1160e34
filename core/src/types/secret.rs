//! Secrets, redacted in all output.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::ScalekitError;
use crate::types::{Json, Lenient, Read, Reader, parse_string};

/// A secret string, such as a password, a token or a private key.
///
/// It is redacted wherever it is printed (Rust's `Debug` and `Display`, Python's `repr` and `str`, Kotlin's `toString`,
/// Swift's `description`), alone or inside another value: `SecretText(..)`. Only `reveal` returns the string, so that a
/// review of secrets can search for it. Serialization writes the string, since the service must receive it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct SecretText(Box<str>);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl SecretText {
    /// Creates a secret from a string.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the string. Do not print or log it.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.to_string()
    }
}

impl SecretText {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for SecretText {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&SecretText> for SecretText {
    fn from(secret: &SecretText) -> Self {
        secret.clone()
    }
}

impl From<Arc<SecretText>> for SecretText {
    fn from(secret: Arc<SecretText>) -> Self {
        Arc::unwrap_or_clone(secret)
    }
}

impl From<&Arc<SecretText>> for SecretText {
    fn from(secret: &Arc<SecretText>) -> Self {
        secret.as_ref().into()
    }
}

/// A secret as an argument of a foreign constructor, where each language accepts its own types.
#[cfg(feature = "ffi")]
pub(crate) struct SecretInput(SecretText);

#[cfg(feature = "ffi")]
uniffi::custom_type!(SecretInput, String, {
    try_lift: |text| Ok(SecretInput(text.into())),
    lower: |secret| secret.0.reveal(),
});

#[cfg(feature = "ffi")]
impl From<SecretInput> for SecretText {
    fn from(input: SecretInput) -> Self {
        input.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

impl fmt::Display for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Secret arbitrary JSON, such as credentials whose format depends on the provider.
///
/// It is redacted wherever it is printed: `SecretJson(..)`. Serialization writes the JSON, since the service must receive
/// it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct SecretJson(Json);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl SecretJson {
    /// Creates a secret from a JSON value.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the value is not valid JSON, which is possible in the other languages only.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn new(json: Json) -> Result<Self, ScalekitError> {
        Ok(Self(json))
    }

    /// Returns the JSON. Do not print or log it.
    #[must_use]
    pub fn reveal(&self) -> Json {
        self.0.clone()
    }
}

impl From<Json> for SecretJson {
    fn from(json: Json) -> Self {
        Self(json)
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretJson(..)")
    }
}

impl fmt::Display for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Lenient for Arc<SecretJson> {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Ok(Json::lenient(from)?.map(|json| Arc::new(SecretJson(json))))
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(String::deserialize(from)?.into()))
    }
}

/// Models have secrets behind an `Arc`, since the other languages hold them by reference.
impl Lenient for Arc<SecretText> {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        parse_string(from, |text| Ok(Some(Arc::new(SecretText(text.into())))))
    }
}
