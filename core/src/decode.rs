//! Reading an answer's body into its type.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_path_to_error::Track;

use crate::error::{Result, ScalekitError};
use crate::types::Lenient;

/// Reads an answer: the whole, or what stands under the key `inside`.
pub(crate) fn answer<T: Lenient>(operation: &str, inside: Option<&'static str>, body: &[u8]) -> Result<T> {
    let body = if body.iter().all(u8::is_ascii_whitespace) { b"null" } else { body };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = Answer { inside, of: std::marker::PhantomData }.deserialize(&mut json);
    match read.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(explain::<T>(operation, inside, body, &error)),
    }
}

/// Names the field at fault. serde_json's own message would quote the value, which may be a secret, so the body is
/// read a second time to learn the path alone.
fn explain<T: Lenient>(
    operation: &str,
    inside: Option<&'static str>,
    body: &[u8],
    error: &serde_json::Error,
) -> ScalekitError {
    if !error.is_data() {
        return ScalekitError::decode(operation, "is not JSON, or is cut off");
    }
    let mut track = Track::new();
    let mut json = serde_json::Deserializer::from_slice(body);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let _ = Answer::<T> { inside, of: std::marker::PhantomData }.deserialize(tracked);
    match track.path().to_string().as_str() {
        "." => ScalekitError::decode(operation, "does not have the promised shape"),
        path => ScalekitError::decode(operation, format_args!("has an unexpected type at `{path}`")),
    }
}

struct Answer<T> {
    inside: Option<&'static str>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<'de, T: Lenient> DeserializeSeed<'de> for Answer<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<T, D::Error> {
        match self.inside {
            Some(key) => from.deserialize_any(Inside { key, of: self.of }),
            None => T::lenient(from)?.or_else(T::missing).ok_or_else(|| D::Error::custom("an empty answer")),
        }
    }
}

struct Inside<T> {
    key: &'static str,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<'de, T: Lenient> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an object with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<T, A::Error> {
        let mut found = None;
        while let Some(key) = entries.next_key::<String>()? {
            if key == self.key {
                found = entries.next_value::<Held<T>>()?.0;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        found.or_else(T::missing).ok_or_else(|| A::Error::missing_field(self.key))
    }
}

/// `null` under the key is the same as no key.
struct Held<T>(Option<T>);

impl<'de, T: Lenient> Deserialize<'de> for Held<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        T::lenient(from).map(Self)
    }
}
