//! `request`: any path of the service, for operations that this version does not support.

use std::collections::HashMap;
use std::sync::Arc;

use super::AsyncScalekitClient;
#[cfg(feature = "blocking")]
use super::ScalekitClient;
use crate::error::Result;
use crate::twins::twins;
use crate::types::{Json, Lenient, Query, Read, Reader};
use crate::wire::{Answer, Body, HttpMethod, Wire};
use crate::work::Call;

const OPERATION: &str = "request";

/// An answer to `request`, as it came.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct RawResponse {
    /// The HTTP status, 200 to 299: others become errors.
    pub status: i32,
    /// The id to quote to Scalekit's support.
    pub request_id: Option<String>,
    /// The headers, with their names in lower case.
    pub headers: HashMap<String, String>,
    /// The body; `null` where there was none.
    pub body: Json,
}

impl RawResponse {
    fn read(operation: &str, answer: &Answer) -> Result<Self> {
        let headers = answer.headers.iter();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let body: Option<Json> = crate::decode::answer::<Optional>(operation, None, &answer.body)?.0;
        Ok(Self {
            status: answer.status.into(),
            request_id: answer.request_id().map(str::to_owned),
            headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            body: body.unwrap_or_default(),
        })
    }
}

/// An answer that may be empty.
struct Optional(Option<Json>);

impl Lenient for Optional {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        <Json as Lenient>::lenient(from).map(|json| Some(Self(json)))
    }
}

async fn raw(
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
    // A stable sort: names in order, the values of one name as they were given.
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let body = body.map(|body| Body::json("body", &body)).transpose()?;
    let answer = wire.execute(wire.request(OPERATION, method, &path, &pairs, body)?).await?;
    RawResponse::read(OPERATION, &answer)
}

twins! { impl ScalekitClient / AsyncScalekitClient {
    /// Calls any path of the service, for operations that this version does not know: with the usual token, retries
    /// and errors.
    ///
    /// `path` is percent-encoded and begins with a slash; `query` and `body` are encoded for you. A `Get` is retried
    /// like any read, the other methods like writes. Answers from 200 to 299 are given back, others are errors.
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
