//! Operations as the tests see them.

use serde::Serialize;
use serde_json::Value;

use super::Spec;
#[cfg(feature = "dispatch")]
use crate::types::Transcode;
use crate::types::{Described, Lenient, Shape, to_json};
#[cfg(not(feature = "dispatch"))]
use transcode::Transcode;

/// The response as callers by name get it.
#[cfg(feature = "dispatch")]
fn copied<T: Transcode>(spec: &'static Spec, body: &[u8]) -> Result<Option<String>, String> {
    let copied = crate::decode::with(super::named::decode_json::<T>, spec.inside, body);
    let copied = copied.map_err(|fault| fault.of(spec.id).to_string())?;
    copied.downcast::<String>().map(|text| Some(*text)).map_err(|_| "no text".to_owned())
}

/// Without `dispatch`, there are no callers by name.
#[cfg(not(feature = "dispatch"))]
mod transcode {
    pub(crate) trait Transcode {}
    impl<T> Transcode for T {}
}

#[cfg(not(feature = "dispatch"))]
fn copied<T: Transcode>(_: &'static Spec, _: &[u8]) -> Result<Option<String>, String> {
    Ok(None)
}

/// What the tables declare about an operation, for comparison with the API description.
pub(crate) struct Probe {
    pub spec: &'static Spec,
    pub path: Vec<&'static str>,
    pub query: Vec<&'static str>,
    pub body: Option<Shape>,
    /// The key under which the body is sent, if it is not the whole.
    pub body_inside: Option<&'static str>,
    pub response: Shape,
    /// Reads a response and writes it again.
    pub reread: fn(&'static Spec, &[u8]) -> Result<Value, String>,
}

impl Probe {
    pub(crate) fn new<T: Described + Lenient + Serialize + Transcode>(spec: &'static Spec) -> Self {
        let reread = |spec: &'static Spec, body: &[u8]| {
            let copied = copied::<T>(spec, body);
            let read: T = crate::decode::response(spec.id, spec.inside, body).map_err(|e| {
                assert!(!matches!(copied, Ok(Some(_))), "{e}, but {copied:?} for callers by name");
                e.to_string()
            })?;
            let written = to_json(&read).map_err(|e| e.to_string())?;
            let value = serde_json::to_value(&read).map_err(|e| e.to_string())?;
            for text in [Some(written), copied?].into_iter().flatten() {
                // Shorter text after reading means that a name occurred twice.
                let is_same = |again: Value| again == value && again.to_string().len() == text.len();
                if !serde_json::from_str(&text).is_ok_and(is_same) {
                    return Err(format!("{text} instead of {value}"));
                }
            }
            Ok(value)
        };
        let (path, query, response) = (Vec::new(), Vec::new(), T::shape());
        Self { spec, path, query, body: None, body_inside: None, response, reread }
    }
}
