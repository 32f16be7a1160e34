//! A completely read request.

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{AsHeaderName, CONTENT_TYPE, HeaderMap};

use crate::error::ApiError;

/// More than any operation needs, and small enough to keep in the log.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// A request with its body.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trace_id: String,
}

impl Request {
    pub(crate) async fn read(
        request: hyper::Request<Incoming>,
        trace_id: String,
    ) -> Result<Request, ApiError> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, BODY_LIMIT).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                ApiError::new(400, format!("the body is longer than {BODY_LIMIT} bytes"))
            } else {
                ApiError::new(400, "the body is incomplete")
            }
        })?;
        Ok(Request {
            method: head.method.as_str().into(),
            path: head.uri.path().into(),
            query: head.uri.query().unwrap_or_default().into(),
            headers: head.headers,
            body: body.to_bytes(),
            trace_id,
        })
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
}
