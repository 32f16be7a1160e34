//! Lenient reading of fields, as the service writes them and not only as its description says.
//!
//! The service omits a value, writes `null`, or writes the zero of its type (`""`, `0`, `[]`), with the same meaning; a
//! 64-bit integer is a number or a string. These rules apply to all models.

use std::collections::HashMap;
use std::hash::BuildHasher;

use serde::de::{Deserialize, Deserializer, Error};

use super::reader::{Read, Reader, Stop};

/// A value of a response. `None` means that it is absent, in any of the service's forms.
pub(crate) trait Lenient: Sized {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>>;

    /// Reads an element of a list or map, where an empty string is a value.
    fn element(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Self::lenient(from)
    }

    /// The value of a missing key; `None` if that is an error.
    fn missing() -> Option<Self> {
        None
    }
}

/// A field of a model: a value, or an `Option` of one. Read in place, to keep the code of models small.
pub(crate) trait Field: Sized {
    fn read(&mut self, from: &mut Reader<'_>) -> Read<()>;

    /// Reads a field of a request, where an empty string is a value.
    fn read_request(&mut self, from: &mut Reader<'_>) -> Read<()>;

    /// Whether the field is omitted when it is written.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T: Lenient + Default> Field for T {
    #[inline(never)]
    fn read(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::lenient(from).map(|value| *self = value.unwrap_or_default())
    }

    #[inline(never)]
    fn read_request(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::element(from).map(|value| *self = value.unwrap_or_default())
    }
}

impl<T: Lenient> Field for Option<T> {
    #[inline(never)]
    fn read(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::lenient(from).map(|value| *self = value)
    }

    #[inline(never)]
    fn read_request(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::element(from).map(|value| *self = value)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// For `#[serde(skip_serializing_if)]`.
pub(crate) fn absent<T: Field>(value: &T) -> bool {
    value.is_absent()
}

/// Implements `Deserialize` of models, for any source: reads the value like a response.
pub(crate) fn deserialized<'de, T: Lenient, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = serde_json::Value::deserialize(from)?.to_string();
    let mut reader = Reader::new(&text);
    match T::lenient(&mut reader) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(D::Error::custom("null where a value was expected")),
        Err(_) => Err(D::Error::custom(format_args!("unexpected type at `{}`", reader.path()))),
    }
}

impl Lenient for String {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Ok(from.text()?.filter(|text| !text.is_empty()).map(Into::into))
    }

    fn element(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Ok(from.text()?.map(Into::into))
    }
}

impl Lenient for i64 {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        from.integer()
    }

    /// The service may omit a count of zero.
    fn missing() -> Option<Self> {
        Some(0)
    }
}

impl Lenient for bool {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        from.flag()
    }
}

/// A response without content, such as `{}` after a deletion.
impl Lenient for () {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        from.skip().map(Some)
    }

    fn missing() -> Option<Self> {
        Some(())
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        let mut list = Self::new();
        let there = from.list(&mut |from| {
            match T::element(from)? {
                Some(item) => list.push(item),
                None => from.absent_element()?,
            }
            Ok(())
        })?;
        Ok(there.then_some(list))
    }

    fn missing() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Lenient, S: BuildHasher + Default> Lenient for HashMap<String, T, S> {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        let mut map = Self::default();
        let there = from.object(&mut |key, from| {
            match T::element(from)? {
                Some(value) => _ = map.insert(key.to_owned(), value),
                None => from.absent_element()?,
            }
            Ok(())
        })?;
        Ok(there.then_some(map))
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

/// Reads a string and converts it with `read`.
pub(crate) fn parse_string<T>(
    from: &mut Reader<'_>,
    read: impl FnOnce(&str) -> Result<Option<T>, Stop>,
) -> Read<Option<T>> {
    match from.text()? {
        Some(text) if !text.is_empty() => read(&text),
        _ => Ok(None),
    }
}
