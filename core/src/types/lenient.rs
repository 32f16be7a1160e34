//! How a field is read: as the service writes it, not only as its description says.
//!
//! The service leaves a value out, writes `null`, or writes the zero of its type (`""`, `0`, `[]`), and means the
//! same by all three; a 64-bit integer comes as a number or as a string. One rule for all models lives here.

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value as it may stand in an answer. `None` means that the service meant "absent".
pub(crate) trait Lenient: Sized {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error>;

    /// As an element of a list or map, where an empty string is a value like any other.
    fn element<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Self::lenient(from)
    }

    /// What stands for it when its key is missing; `None` where that is an error.
    fn missing() -> Option<Self> {
        None
    }
}

/// A field of a model: a value, or an `Option` of one.
pub(crate) trait Field: Sized {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;

    /// The same where an empty text is meant as one, as in what a caller sends.
    fn read_given<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;

    /// True where the field is left out when it is written.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T: Lenient + Default> Field for T {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(T::lenient(from)?.unwrap_or_default())
    }

    fn read_given<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(T::element(from)?.unwrap_or_default())
    }
}

impl<T: Lenient> Field for Option<T> {
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::lenient(from)
    }

    fn read_given<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::element(from)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// For `#[serde(deserialize_with)]`.
pub(crate) fn field<'de, D: Deserializer<'de>, T: Field>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

/// For `#[serde(deserialize_with)]` in what a caller sends.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Field>(from: D) -> Result<T, D::Error> {
    T::read_given(from)
}

/// For `#[serde(skip_serializing_if)]`.
pub(crate) fn absent<T: Field>(value: &T) -> bool {
    value.is_absent()
}

/// Gives an element its own reading inside a list or map.
struct Element<T>(Option<T>);

impl<'de, T: Lenient> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::element(from).map(Element)
    }
}

struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or null")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(text))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl Lenient for String {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Ok(Self::element(from)?.filter(|text| !text.is_empty()))
    }

    fn element<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(Text)
    }
}

struct Integer;

impl<'de> Visitor<'de> for Integer {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a 64-bit integer, as a number or as a string")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        i64::try_from(number).map(Some).map_err(|_| E::custom("integer out of range"))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        // 2^63 is exact as a double; beyond it the cast would saturate silently.
        let whole = number.fract() == 0.0 && number.abs() < 9_223_372_036_854_775_808.0;
        #[allow(clippy::cast_possible_truncation, reason = "whole and in range, checked above")]
        whole.then_some(Some(number as i64)).ok_or_else(|| E::custom("not a whole number"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| E::custom("text that is not an integer"))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl Lenient for i64 {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(Integer)
    }

    /// A count of nothing may be left out.
    fn missing() -> Option<Self> {
        Some(0)
    }
}

impl Lenient for bool {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(from)
    }
}

/// An answer that says nothing, such as a delete's `{}`.
impl Lenient for () {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        IgnoredAny::deserialize(from).map(|_| Some(()))
    }

    fn missing() -> Option<Self> {
        Some(())
    }
}

struct List<T>(std::marker::PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for List<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(1024));
        while let Some(Element(item)) = items.next_element::<Element<T>>()? {
            list.extend(item);
        }
        Ok(Some(list))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(List(std::marker::PhantomData))
    }

    fn missing() -> Option<Self> {
        Some(Vec::new())
    }
}

struct Map<T, S>(std::marker::PhantomData<(T, S)>);

impl<'de, T: Lenient, S: BuildHasher + Default> Visitor<'de> for Map<T, S> {
    type Value = Option<HashMap<String, T, S>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = HashMap::default();
        while let Some((key, Element(value))) = entries.next_entry::<String, Element<T>>()? {
            if let Some(value) = value {
                map.insert(key, value);
            }
        }
        Ok(Some(map))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

impl<T: Lenient, S: BuildHasher + Default> Lenient for HashMap<String, T, S> {
    fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        from.deserialize_any(Map(std::marker::PhantomData))
    }

    fn missing() -> Option<Self> {
        Some(HashMap::default())
    }
}
