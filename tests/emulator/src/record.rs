//! One line of the request log, without the secrets.

use std::collections::BTreeMap;

use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, PROXY_AUTHORIZATION};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::Value;

use crate::ids::hex;
use crate::request::Request;

const REDACTED: &str = "[redacted]";

/// Fields of bodies whose values are never kept.
const SECRET_FIELDS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "access_token", "static_auth", "code", "link_token"];

/// Parameters of queries and forms whose values are never kept. A field of JSON called `code` is something else.
const SECRET_PARAMETERS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "code", "id_token_hint"];

/// Enough of the digest to tell two tokens apart.
const FINGERPRINT_BYTES: usize = 6;

/// A request that arrived at the emulator.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Counts up from 1 for as long as the emulator lives, across resets.
    pub sequence: u64,
    /// The operation; absent when the emulator knows none with this method and path.
    pub operation: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The path as it was sent, still percent-encoded.
    pub path: String,
    /// The query as it was sent, without the question mark.
    pub query: String,
    /// The headers, with lower-case names; several of one name are joined with commas. Of `authorization` only the
    /// scheme and a fingerprint of the token remain.
    pub headers: BTreeMap<String, String>,
    /// JSON where it was JSON, otherwise a string; `null` when there was none.
    pub body: Value,
    /// The status of its answer, whether that arrived or not; absent when there was none.
    pub status: Option<u16>,
    /// Whether the operation was carried out, or refused, by its handler: no fault stood in its place.
    pub handled: bool,
    /// Whether the whole answer was handed to the connection.
    pub completed: bool,
    /// How it ended.
    pub state: RequestState,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestState {
    /// It is still being answered.
    Pending,
    /// The whole answer was handed to the connection.
    Completed,
    /// The client went away before it had the answer.
    Aborted,
    /// A fault or a reset closed the connection.
    Dropped,
}

impl RecordedRequest {
    pub(crate) fn new(
        sequence: u64,
        request: &Request,
        operation: Option<&str>,
        secret: &str,
    ) -> RecordedRequest {
        let clean = |text: &str| text.replace(secret, REDACTED);
        RecordedRequest {
            sequence,
            operation: operation.map(Into::into),
            method: request.method.clone(),
            path: clean(&request.path),
            query: parameters(&request.query, secret),
            headers: headers(&request.headers),
            body: body(request, secret),
            status: None,
            handled: false,
            completed: false,
            state: RequestState::Pending,
        }
    }

    pub(crate) fn settle(&mut self, state: RequestState) {
        self.completed = state == RequestState::Completed;
        self.state = state;
    }
}

fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for name in headers.keys() {
        let values = headers.get_all(name).iter().map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            match name {
                name if name == AUTHORIZATION => fingerprint(&text),
                name if name == COOKIE || name == PROXY_AUTHORIZATION => REDACTED.into(),
                _ => text.into_owned(),
            }
        });
        all.insert(name.as_str().into(), values.collect::<Vec<_>>().join(", "));
    }
    all
}

/// The scheme, and a digest by which two tokens can be told apart.
fn fingerprint(authorization: &str) -> String {
    let (scheme, token) = authorization.split_once(' ').unwrap_or(("", authorization));
    let digest = digest(&SHA256, token.trim().as_bytes());
    format!("{scheme} sha256:{}", hex(&digest.as_ref()[..FINGERPRINT_BYTES])).trim_start().into()
}

fn body(request: &Request, secret: &str) -> Value {
    if request.body.is_empty() {
        return Value::Null;
    }
    if let Ok(mut value) = serde_json::from_slice(&request.body) {
        redact(&mut value, secret);
        return value;
    }
    let text = String::from_utf8_lossy(&request.body);
    parameters(&text, secret).into()
}

/// A query or form without the secrets.
fn parameters(text: &str, secret: &str) -> String {
    let fields = text.split('&').map(|field| match field.split_once('=') {
        Some((name, _)) if SECRET_PARAMETERS.contains(&name) => format!("{name}={REDACTED}"),
        _ => field.replace(secret, REDACTED),
    });
    fields.collect::<Vec<_>>().join("&")
}

fn redact(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) => *text = text.replace(secret, REDACTED),
        Value::Array(entries) => entries.iter_mut().for_each(|entry| redact(entry, secret)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if SECRET_FIELDS.contains(&name.as_str()) {
                    *value = REDACTED.into();
                }
                redact(value, secret);
            }
        }
        _ => {}
    }
}
