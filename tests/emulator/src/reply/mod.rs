//! The reply of a handler, before it becomes an HTTP response.

mod pending;

use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) use pending::PendingCall;

use crate::error::ApiError;

/// The result of a handler.
pub(crate) type Outcome = Result<Reply, ApiError>;

/// A complete reply.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Payload,
}

/// The body of a reply. JSON is kept as a value so that a fault can still modify it.
#[derive(Debug)]
pub(crate) enum Payload {
    Json(Value),
    Raw {
        content_type: &'static str,
        bytes: Bytes,
    },
    Empty,
    /// Not known yet: an interceptor must be called first.
    Intercepted(Box<PendingCall>),
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Reply {
        Reply { status, headers: Vec::new(), body: Payload::Json(body) }
    }

    pub(crate) fn ok(body: Value) -> Reply {
        Reply::json(200, body)
    }

    pub(crate) fn created(body: Value) -> Reply {
        Reply::json(201, body)
    }

    /// The body `{}`, which the service sends when there is no data, for example after a delete.
    pub(crate) fn empty_object() -> Reply {
        Reply::ok(json!({}))
    }

    pub(crate) fn raw(status: u16, content_type: &'static str, bytes: impl Into<Bytes>) -> Reply {
        Reply { status, headers: Vec::new(), body: Payload::Raw { content_type, bytes: bytes.into() } }
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Payload::Empty }
    }

    /// The reply to a HEAD request: the headers of this reply, including the length of the body.
    pub(crate) fn without_body(mut self) -> Reply {
        let body = std::mem::replace(&mut self.body, Payload::Empty);
        if let Some(content_type) = body.content_type() {
            let length = body.into_bytes().len().to_string();
            return self.header("content-type", content_type).header("content-length", &length);
        }
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl ApiError {
    pub(crate) fn into_reply(self, trace_id: &str) -> Reply {
        Reply::json(self.status, self.body(trace_id))
    }
}

impl Payload {
    pub(crate) fn content_type(&self) -> Option<&'static str> {
        match self {
            Payload::Json(_) => Some("application/json"),
            Payload::Raw { content_type, .. } => Some(content_type),
            Payload::Empty | Payload::Intercepted(_) => None,
        }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        match self {
            // Faster than `to_string`. Cannot fail: the names in a value are text.
            Payload::Json(value) => serde_json::to_vec(&value).unwrap_or_default().into(),
            Payload::Raw { bytes, .. } => bytes,
            Payload::Empty | Payload::Intercepted(_) => Bytes::new(),
        }
    }
}
