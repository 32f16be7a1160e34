//! An entry of the request log, with secrets redacted and a bounded size.

use std::collections::BTreeMap;

use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, PROXY_AUTHORIZATION};
use memchr::memmem;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::{Value, json};

use crate::ids::hex;
use crate::request::Request;

const REDACTED: &str = "[redacted]";

/// Body fields whose values are never recorded.
const SECRET_FIELDS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "access_token", "static_auth", "code", "link_token"];

/// Query and form parameters whose values are never recorded.
const SECRET_PARAMETERS: &[&str] =
    &["client_secret", "refresh_token", "code_verifier", "code", "id_token_hint", "token", "access_token"];

/// Longer bodies are cut, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

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
    /// The body with secrets redacted: JSON if it was valid JSON, otherwise a string. `null` if it was empty. A string
    /// with the first 64 KiB if it was longer than that.
    pub body: Value,
    /// Length of the body as sent, in bytes.
    pub body_bytes: usize,
    /// The mistakes in the request that the service ignores. Empty in strict mode, which rejects them.
    pub warnings: Vec<String>,
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

/// A request as the log stores it. The body is text, because parsed JSON takes many times its length in memory.
#[derive(Debug)]
pub(crate) struct StoredRequest {
    pub(crate) sequence: u64,
    pub(crate) operation: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    headers: Vec<(String, String)>,
    body: StoredBody,
    body_bytes: usize,
    pub(crate) warnings: Vec<String>,
    pub(crate) status: Option<u16>,
    pub(crate) handled: bool,
    pub(crate) state: RequestState,
}

#[derive(Debug)]
enum StoredBody {
    Empty,
    Json(String),
    Text(String),
}

impl StoredRequest {
    pub(crate) fn new(
        sequence: u64,
        request: &Request,
        operation: Option<&str>,
        secret: &str,
        fingerprints: &mut Fingerprints,
    ) -> StoredRequest {
        StoredRequest {
            sequence,
            operation: operation.map(Into::into),
            method: request.method.clone(),
            path: without(secret, &request.path),
            query: parameters(&request.query, secret),
            headers: headers(&request.headers, fingerprints),
            body: StoredBody::new(request, secret),
            body_bytes: request.body.len(),
            warnings: Vec::new(),
            status: None,
            handled: false,
            state: RequestState::Pending,
        }
    }

    /// The approximate memory of this entry, in bytes.
    pub(crate) fn size(&self) -> usize {
        let pair =
            |(name, value): &(String, String)| size_of::<(String, String)>() + name.len() + value.len();
        let warning = |warning: &String| size_of::<String>() + warning.len();
        size_of::<StoredRequest>()
            + self.operation.as_deref().map_or(0, str::len)
            + self.method.len()
            + self.path.len()
            + self.query.len()
            + self.headers.iter().map(pair).sum::<usize>()
            + self.body.text().len()
            + self.warnings.iter().map(warning).sum::<usize>()
    }

    pub(crate) fn read(&self) -> RecordedRequest {
        RecordedRequest {
            sequence: self.sequence,
            operation: self.operation.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.iter().cloned().collect(),
            body: self.body.read(),
            body_bytes: self.body_bytes,
            warnings: self.warnings.clone(),
            status: self.status,
            handled: self.handled,
            completed: self.state == RequestState::Completed,
            state: self.state,
        }
    }
}

impl StoredBody {
    fn new(request: &Request, secret: &str) -> StoredBody {
        if request.body.is_empty() {
            return StoredBody::Empty;
        }
        let (text, is_json) = match serde_json::from_slice(&request.body) {
            Ok(mut value) => {
                redact(&mut value, secret);
                (value.to_string(), true)
            }
            Err(_) => (parameters(&String::from_utf8_lossy(&request.body), secret), false),
        };
        let mut end = text.len().min(BODY_LIMIT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if is_json && end == text.len() {
            StoredBody::Json(text)
        } else {
            StoredBody::Text(text[..end].into())
        }
    }

    fn text(&self) -> &str {
        match self {
            StoredBody::Empty => "",
            StoredBody::Json(text) | StoredBody::Text(text) => text,
        }
    }

    fn read(&self) -> Value {
        match self {
            StoredBody::Empty => Value::Null,
            StoredBody::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            StoredBody::Text(text) => json!(text),
        }
    }
}

fn headers(headers: &HeaderMap, fingerprints: &mut Fingerprints) -> Vec<(String, String)> {
    let joined = headers.keys().map(|name| {
        let mut values = headers.get_all(name).iter().map(|value| match name {
            name if name == AUTHORIZATION => fingerprints.of(value.as_bytes()),
            name if name == COOKIE || name == PROXY_AUTHORIZATION => REDACTED.into(),
            _ => String::from_utf8_lossy(value.as_bytes()).into_owned(),
        });
        let first = values.next().unwrap_or_default();
        (name.as_str().into(), values.fold(first, |joined, value| joined + ", " + &value))
    });
    joined.collect()
}

/// The last fingerprint. Most requests of a client have the same token, whose digest takes longer than a comparison.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    authorization: Vec<u8>,
    fingerprint: String,
}

impl Fingerprints {
    fn of(&mut self, authorization: &[u8]) -> String {
        if self.authorization != authorization {
            let fingerprint = fingerprint(&String::from_utf8_lossy(authorization));
            *self = Fingerprints { authorization: authorization.into(), fingerprint };
        }
        self.fingerprint.clone()
    }
}

/// The scheme and a digest that distinguishes two tokens.
fn fingerprint(authorization: &str) -> String {
    let (scheme, token) = authorization.split_once(' ').unwrap_or(("", authorization));
    let digest = digest(&SHA256, token.trim().as_bytes());
    format!("{scheme} sha256:{}", hex(&digest.as_ref()[..FINGERPRINT_BYTES])).trim_start().into()
}

/// The text without the client secret, which it seldom contains: the search alone is faster than a replacement.
fn without(secret: &str, text: &str) -> String {
    match memmem::find(text.as_bytes(), secret.as_bytes()) {
        Some(_) => text.replace(secret, REDACTED),
        None => text.into(),
    }
}

/// A query or form with secrets redacted.
fn parameters(text: &str, secret: &str) -> String {
    let fields = text.split('&').map(|field| match field.split_once('=') {
        Some((name, _)) if SECRET_PARAMETERS.contains(&name) => format!("{name}={REDACTED}"),
        _ => without(secret, field),
    });
    fields.collect::<Vec<_>>().join("&")
}

fn redact(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) => *text = without(secret, text),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_distinguishes_tokens_and_hides_them() {
        let mut fingerprints = Fingerprints::default();
        let first = fingerprints.of(b"Bearer first");
        let second = fingerprints.of(b"Bearer second");
        assert!(first.starts_with("Bearer sha256:") && first != second && !second.contains("second"));
        assert_eq!([fingerprints.of(b"Bearer second"), fingerprints.of(b"Bearer first")], [second, first]);
    }
}
