//! The values that travel: times, arbitrary JSON, secrets, open enumerations, and the two macros that declare models.

mod json;
mod json_text;
mod lenient;
mod query;
mod reader;
mod secret;
#[cfg(test)]
mod shape;
mod timestamp;
#[cfg(feature = "dispatch")]
mod transcode;
mod transcode_values;
mod value;
mod writer;

pub use json::Json;
pub(crate) use json_text::has_big_integer;
#[cfg(feature = "ffi")]
pub(crate) use json_text::plain;
#[cfg(feature = "ffi")]
pub(crate) use secret::SecretInput;
pub use secret::{SecretJson, SecretText};
pub use timestamp::Timestamp;
#[cfg(feature = "ffi")]
pub(crate) use timestamp::{date_and_time, digits};

pub(crate) use lenient::{Field, Lenient, absent, deserialized, parse_string};
pub(crate) use query::{Query, QueryValue};
#[cfg(feature = "dispatch")]
pub(crate) use reader::Refusal;
pub(crate) use reader::{Read, Reader, Stop};
#[cfg(test)]
pub(crate) use shape::{Described, Shape, shape_of};
#[cfg(feature = "dispatch")]
pub(crate) use transcode::{
    MAX_FIELDS, Transcode, TranscodeField, TranscodedField, transcode_empty, transcode_integer_text,
    transcode_model, transcode_value,
};
pub(crate) use transcode_values::transcode_values;
pub(crate) use value::{is_duplicate, parse_text, parse_unique, parse_value};
pub(crate) use writer::to_json;
#[cfg(feature = "dispatch")]
pub(crate) use writer::{Writer, to_json_of};
