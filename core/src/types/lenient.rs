//! How a field is read: as the service writes it, not only as its description says.
//!
//! The service leaves a value out, writes `null`, or writes the zero of its type (`""`, `0`, `[]`), and means the
//! same by all three; a 64-bit integer comes as a number or as a string. One rule for all models lives here.

use std::collections::HashMap;
use std::hash::BuildHasher;

use serde::de::{Deserialize, Deserializer, Error};

use super::reader::{Read, Reader, Stop};

/// A value as it may stand in an answer. `None` means that the service meant "absent".
pub(crate) trait Lenient: Sized {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>>;

    /// As an element of a list or map, where an empty string is a value like any other.
    fn element(from: &mut Reader<'_>) -> Read<Option<Self>> {
        Self::lenient(from)
    }

    /// What stands for it when its key is missing; `None` where that is an error.
    fn missing() -> Option<Self> {
        None
    }
}

/// A field of a model: a value, or an `Option` of one. Read in place, so that models need little code.
pub(crate) trait Field: Sized {
    fn read(&mut self, from: &mut Reader<'_>) -> Read<()>;

    /// The same where an empty text is meant as one, as in what a caller sends.
    fn read_given(&mut self, from: &mut Reader<'_>) -> Read<()>;

    /// True where the field is left out when it is written.
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
    fn read_given(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::element(from).map(|value| *self = value.unwrap_or_default())
    }
}

impl<T: Lenient> Field for Option<T> {
    #[inline(never)]
    fn read(&mut self, from: &mut Reader<'_>) -> Read<()> {
        T::lenient(from).map(|value| *self = value)
    }

    #[inline(never)]
    fn read_given(&mut self, from: &mut Reader<'_>) -> Read<()> {
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

/// For `Deserialize`, which anybody may call with any source: what came is read as if it were an answer.
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

    /// A count of nothing may be left out.
    fn missing() -> Option<Self> {
        Some(0)
    }
}

impl Lenient for bool {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        from.flag()
    }
}

/// An answer that says nothing, such as a delete's `{}`.
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
            list.extend(T::element(from)?);
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
            if let Some(value) = T::element(from)? {
                map.insert(key.to_owned(), value);
            }
            Ok(())
        })?;
        Ok(there.then_some(map))
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

/// A text that `read` makes into something else.
pub(crate) fn texts<T>(
    from: &mut Reader<'_>,
    read: impl FnOnce(&str) -> Result<Option<T>, Stop>,
) -> Read<Option<T>> {
    match from.text()? {
        Some(text) if !text.is_empty() => read(&text),
        _ => Ok(None),
    }
}
