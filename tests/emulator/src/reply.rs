//! What a handler answers, before it becomes an HTTP response.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::interceptors::PendingCall;

/// What a handler returns.
pub(crate) type Outcome = Result<Reply, ApiError>;

/// A finished answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Payload,
}

/// The body of an answer. JSON stays a value so that a fault can still change it.
#[derive(Debug)]
pub(crate) enum Payload {
    Json(Value),
    Raw {
        content_type: &'static str,
        bytes: Bytes,
    },
    Empty,
    /// There is none yet: an interceptor is to be asked first.
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

    /// What the service answers when there is nothing to say: `{}`.
    pub(crate) fn nothing() -> Reply {
        Reply::ok(json!({}))
    }

    pub(crate) fn raw(status: u16, content_type: &'static str, bytes: impl Into<Bytes>) -> Reply {
        Reply { status, headers: Vec::new(), body: Payload::Raw { content_type, bytes: bytes.into() } }
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Payload::Empty }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
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
            Payload::Json(value) => value.to_string().into(),
            Payload::Raw { bytes, .. } => bytes,
            Payload::Empty | Payload::Intercepted(_) => Bytes::new(),
        }
    }
}
