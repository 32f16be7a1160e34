//! Operations as the tests see them.

use serde::Serialize;
use serde_json::Value;

use super::Spec;
use crate::types::{Described, Lenient, Shape};

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
    pub(crate) fn new<T: Described + Lenient + Serialize>(spec: &'static Spec) -> Self {
        let reread = |spec: &'static Spec, body: &[u8]| {
            let read: T = crate::decode::response(spec.id, spec.inside, body).map_err(|e| e.to_string())?;
            serde_json::to_value(&read).map_err(|e| e.to_string())
        };
        let (path, query, response) = (Vec::new(), Vec::new(), T::shape());
        Self { spec, path, query, body: None, body_inside: None, response, reread }
    }
}
