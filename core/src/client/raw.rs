//! `request`: any path of the service, for operations that this version does not support.

use std::collections::HashMap;
use std::sync::Arc;

use super::AsyncScalekitClient;
#[cfg(feature = "blocking")]
use super::ScalekitClient;
use crate::error::Result;
use crate::twins::twins;
use crate::types::{Json, Lenient, Query, Read, Reader};
use crate::wire::{Body, HttpMethod, Response, Wire};
use crate::work::Call;

const OPERATION: &str = "request";

/// A response to `request`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct RawResponse {
    /// HTTP status code, 200 to 299. Other status codes become errors.
    pub status: i32,
    /// Request ID, by which Scalekit's support finds the request.
    pub request_id: Option<String>,
    /// Response headers, with lower-case names.
    pub headers: HashMap<String, String>,
    /// Response body, or `null` if it is empty.
    pub body: Json,
}

impl RawResponse {
    fn read(operation: &str, response: &Response) -> Result<Self> {
        let headers = response.headers.iter();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let body = crate::decode::response::<Optional>(operation, None, &response.body);
        let Optional(body) = body.map_err(|error| response.undecodable(error))?;
        Ok(Self {
            status: response.status.into(),
            request_id: response.request_id().map(str::to_owned),
            headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            body: body.unwrap_or_default(),
        })
    }
}

/// A body that may be empty.
struct Optional(Option<Json>);

impl Lenient for Optional {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        <Json as Lenient>::lenient(from).map(|json| Some(Self(json)))
    }
}

pub(crate) async fn raw(
    wire: Arc<Wire>,
    method: HttpMethod,
    path: String,
    query: HashMap<String, Vec<String>>,
    body: Option<Json>,
) -> Result<RawResponse> {
    Wire::check_path(&path)?;
    let mut pairs: Query = Vec::new();
    for (name, values) in query {
        pairs.extend(values.into_iter().map(|value| (name.clone().into(), value)));
    }
    // The sort is stable: the values of a name keep their order.
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let body = body.map(|body| Body::json("body", &body)).transpose()?;
    let response = wire.execute(wire.request(OPERATION, method, &path, &pairs, body)?).await?;
    RawResponse::read(OPERATION, &response)
}

twins! { impl ScalekitClient / AsyncScalekitClient {
    /// Calls any path of the service, for operations that this version does not support.
    ///
    /// Authentication, retries, timeouts and errors are those of every operation: `Get` is retried like a read, the
    /// other methods like writes, and status codes outside 200 to 299 are errors. `path` starts with a slash and is
    /// percent-encoded; `query` and `body` are encoded by this method. Default: no query and no body.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if `path` has a query, a fragment or a `.` or `..` segment, or does not start with one slash.
    [method(default(query), default(body))]
    async fn request(
        &self,
        method: HttpMethod,
        path: &str,
        query: HashMap<String, Vec<String>>,
        body: Option<Json>,
    ) -> Result<RawResponse> {
        Call::new(OPERATION, raw(Arc::clone(&self.wire), method, path.to_owned(), query, body))
    }
} }
