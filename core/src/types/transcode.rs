//! Copies responses to JSON by the rules of `lenient`, for callers that want JSON.
//!
//! The text is what serializing the model would write, but for the order of keys, which is the service's. The model itself
//! is not built: its strings would be allocated only to be copied, and reading and writing it takes more code than this.

mod containers;
mod model;
mod repeated;

pub(crate) use model::{MAX_FIELDS, TranscodedField, transcode_empty, transcode_model};

use std::collections::HashMap;
use std::hash::BuildHasher;

use serde::Serialize;

use super::lenient::Lenient;
use super::reader::{Read, Reader, Stop};
use super::writer::Writer;

/// Copies a value. Returns false, and writes nothing, if it is absent in any of the service's forms.
pub(crate) type Transcoder = fn(&mut Reader<'_>, &mut Writer) -> Read<bool>;

/// A value of a response that can be copied, see `Lenient` for the rules.
pub(crate) trait Transcode {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool>;

    /// Copies an element of a list or map, where an empty string is a value.
    fn transcode_element(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        Self::transcode(from, to)
    }

    /// Writes the value of a missing key. Returns false, and writes nothing, if that is an error.
    fn transcode_missing(_to: &mut Writer) -> bool {
        false
    }

    /// Writes the default, for a field that is never omitted.
    fn transcode_default(to: &mut Writer) {
        to.raw("null");
    }
}

/// How a field of a model is copied: a value, or an `Option` of one.
pub(crate) trait TranscodeField {
    const VALUE: Transcoder;
    const ELEMENT: Transcoder;
    /// Writes the default of a field that is never omitted.
    const DEFAULT: Option<fn(&mut Writer)>;
}

impl<T: Transcode> TranscodeField for T {
    const VALUE: Transcoder = T::transcode;
    const ELEMENT: Transcoder = T::transcode_element;
    const DEFAULT: Option<fn(&mut Writer)> = Some(T::transcode_default);
}

impl<T: Transcode> TranscodeField for Option<T> {
    const VALUE: Transcoder = T::transcode;
    const ELEMENT: Transcoder = T::transcode_element;
    const DEFAULT: Option<fn(&mut Writer)> = None;
}

impl Transcode for String {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        let text = from.text()?.filter(|text| !text.is_empty());
        Ok(text.map(|text| to.string(&text)).is_some())
    }

    fn transcode_element(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        Ok(from.text()?.map(|text| to.string(&text)).is_some())
    }

    fn transcode_default(to: &mut Writer) {
        to.string("");
    }
}

impl<T: Transcode> Transcode for Vec<T> {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        containers::transcode_list(from, to, T::transcode_element)
    }

    fn transcode_missing(to: &mut Writer) -> bool {
        Self::transcode_default(to);
        true
    }

    fn transcode_default(to: &mut Writer) {
        to.raw("[]");
    }
}

impl<T: Transcode, S: BuildHasher> Transcode for HashMap<String, T, S> {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        containers::transcode_map(from, to, T::transcode_element)
    }

    fn transcode_missing(to: &mut Writer) -> bool {
        Self::transcode_default(to);
        true
    }

    fn transcode_default(to: &mut Writer) {
        to.raw("{}");
    }
}

/// Copies a value that is small or rare: it is read, then written.
pub(crate) fn transcode_value<T: Lenient + Serialize>(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
    let Some(value) = T::lenient(from)? else { return Ok(false) };
    value.serialize(to).map(|()| true).map_err(|_| Stop::Shape)
}

/// Copies a 64-bit integer as a string.
pub(crate) fn transcode_integer_text(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
    Ok(from.integer()?.map(|number| to.string(&number.to_string())).is_some())
}

impl Transcode for i64 {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        transcode_value::<Self>(from, to)
    }

    fn transcode_missing(to: &mut Writer) -> bool {
        Self::transcode_default(to);
        true
    }

    fn transcode_default(to: &mut Writer) {
        to.raw("0");
    }
}

/// A response without content, such as `{}` after a deletion.
impl Transcode for () {
    fn transcode(from: &mut Reader<'_>, to: &mut Writer) -> Read<bool> {
        from.skip().map(|()| Self::transcode_missing(to))
    }

    fn transcode_missing(to: &mut Writer) -> bool {
        to.raw("null");
        true
    }
}
