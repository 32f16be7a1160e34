//! An entry of the request log, with secrets redacted.

use std::collections::BTreeMap;

use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, PROXY_AUTHORIZATION};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::Value;

use crate::ids::hex;
use crate::request::Request;

const REDACTED: &str = "[redacted]";

/// Body fields whose values are never recorded.
const SECRET_FIELDS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "access_token", "static_auth", "code", "link_token"];

/// Query and form parameters whose values are never recorded.
const SECRET_PARAMETERS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "code", "id_token_hint"];

/// Number of digest bytes that is enough to distinguish two tokens.
const FINGERPRINT_BYTES: usize = 6;

/// A request that the emulator received.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Sequence number, starting at 1. A reset does not restart it.
    pub sequence: u64,
    /// The operation ID. Absent if no operation has this method and path.
    pub operation: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The path as sent, percent-encoded, with secrets redacted.
    pub path: String,
    /// The query as sent, without the question mark, with secrets redacted.
    pub query: String,
    /// The headers, with lower-case names; repeated headers are joined with commas. `authorization` holds only the
    /// scheme and a fingerprint of the token; `cookie` and `proxy-authorization` are redacted.
    pub headers: BTreeMap<String, String>,
    /// The body with secrets redacted: JSON if it was valid JSON, otherwise a string. `null` if it was empty.
    pub body: Value,
    /// The status code of the response, even if the client did not receive it. Absent if there was no response.
    pub status: Option<u16>,
    /// Whether the handler produced the response. False if a fault replaced it.
    pub handled: bool,
    /// Whether the complete response was written to the connection.
    pub completed: bool,
    /// The final state.
    pub state: RequestState,
}

/// The final state of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestState {
    /// In progress.
    Pending,
    /// The complete response was written to the connection.
    Completed,
    /// The client disconnected before it received the response.
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

    pub(crate) fn finish(&mut self, state: RequestState) {
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

/// The scheme and a digest that distinguishes two tokens.
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

/// A query or form with secrets redacted.
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
