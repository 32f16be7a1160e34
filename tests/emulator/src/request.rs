//! A completely read request.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{AsHeaderName, CONTENT_TYPE, HeaderMap};

use crate::error::ApiError;

/// More than any operation needs.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// How requests are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadOptions {
    /// Whether mistakes that the service ignores are rejected.
    pub(crate) strict: bool,
    /// Time in which the body must arrive.
    pub(crate) timeout: Duration,
}

/// A request with its body.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trace_id: String,
    /// Whether mistakes that the service ignores are rejected.
    pub(crate) strict: bool,
    warnings: Mutex<Vec<String>>,
}

impl Request {
    pub(crate) async fn read(
        request: hyper::Request<Incoming>,
        trace_id: String,
        options: ReadOptions,
    ) -> Result<Request, ApiError> {
        let (head, body) = request.into_parts();
        Ok(Request {
            method: head.method.as_str().into(),
            path: head.uri.path().into(),
            query: head.uri.query().unwrap_or_default().into(),
            headers: head.headers,
            body: read_body(body, options.timeout).await?,
            trace_id,
            strict: options.strict,
            warnings: Mutex::default(),
        })
    }

    /// Handles a mistake that the service ignores: in strict mode it is an error, otherwise a warning in the log.
    pub(crate) fn tolerate(&self, mistake: impl Into<String>) -> Result<(), String> {
        let mistake = mistake.into();
        if self.strict {
            return Err(mistake);
        }
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(mistake);
        Ok(())
    }

    pub(crate) fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The value of a header. A value that is not visible ASCII counts as absent.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type without its parameters, in lower case.
    pub(crate) fn media_type(&self) -> String {
        let value = self.header(CONTENT_TYPE).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }
}

async fn read_body(body: Incoming, timeout: Duration) -> Result<Bytes, ApiError> {
    // Without a timer, which most requests do not need.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let collected = tokio::time::timeout(timeout, Limited::new(body, BODY_LIMIT).collect()).await;
    let collected = collected.map_err(|_| ApiError::new(408, "the body did not arrive in time"))?;
    let body = collected.map_err(|error| {
        if error.is::<LengthLimitError>() {
            ApiError::new(400, format!("the body is longer than {BODY_LIMIT} bytes"))
        } else {
            ApiError::new(400, "the body is incomplete")
        }
    })?;
    Ok(body.to_bytes())
}
