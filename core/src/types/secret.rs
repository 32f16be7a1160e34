//! Text that must not reach a log.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::ScalekitError;
use crate::types::{Json, Lenient, Read, Reader, texts};

/// Text that keeps itself out of logs: a password, a token, a private key.
///
/// However it is printed (Rust's `Debug` and `Display`, Python's `repr` and `str`, Kotlin's `toString`, Swift's
/// `description`), alone or inside another value, it says `SecretText(..)`. `reveal` gives the text: the one word to
/// search for when you review where secrets go. Serialising it writes the text, since that is how it reaches the
/// service.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct SecretText(Box<str>);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl SecretText {
    /// Wraps a text.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself. Do not print it.
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

/// Free JSON that keeps itself out of logs: credentials in a shape that depends on the provider.
///
/// However it is printed, it says `SecretJson(..)`. Serialising it writes the JSON, since that is how it reaches the
/// service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object), uniffi::export(Debug, Display, Eq))]
pub struct SecretJson(Json);

#[cfg_attr(feature = "ffi", uniffi::export)]
impl SecretJson {
    /// Wraps a JSON value.
    // Other languages hand over text, which may not be JSON: hence the result.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn new(json: Json) -> Result<Self, ScalekitError> {
        Ok(Self(json))
    }

    /// The JSON itself. Do not print it.
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

/// Models hold secrets behind an `Arc`, since a foreign language holds them by reference.
impl Lenient for Arc<SecretText> {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        texts(from, |text| Ok(Some(Arc::new(SecretText(text.into())))))
    }
}
