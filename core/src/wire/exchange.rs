//! One HTTP exchange: a request, and its response or the transport error.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::{HttpMethod, Request};
use crate::cache::Token;
use crate::error::ScalekitError;
use crate::retry::Outcome;

/// The part of an error response that is read, in bytes; nothing useful comes after it.
const LONGEST_ERROR: usize = 64 * 1024;

/// The most that is allocated for a stated content length before the bytes arrive.
const LARGEST_PREALLOCATION: usize = 1024 * 1024;

/// A response of any status code, read to its end.
pub(crate) struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Response {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }

    /// The error of a response that cannot be decoded, with what identifies it.
    pub(crate) fn undecodable(&self, error: ScalekitError) -> ScalekitError {
        error.of_response(self.status, self.request_id())
    }

    /// The ID by which Scalekit's support finds the request.
    pub(crate) fn request_id(&self) -> Option<&str> {
        ["x-trace-id", "grpc-metadata-x-trace-id", "x-request-id"].iter().find_map(|name| self.header(name))
    }
}

/// A failure to get a complete, usable response.
pub(super) enum TransportError {
    TimedOut(Duration),
    TooLong(usize),
    Http(reqwest::Error),
    /// The access token has characters that no header can hold.
    InvalidToken,
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl TransportError {
    pub(super) fn classify(self, operation: &str, idempotent: bool) -> (Outcome, ScalekitError) {
        match self {
            Self::TimedOut(limit) => {
                (Outcome::TimedOut, ScalekitError::timeout(operation, limit, "one attempt", idempotent))
            }
            Self::TooLong(most) => {
                let why = format!("is longer than {most} bytes");
                (Outcome::Permanent, ScalekitError::decode(operation, why))
            }
            Self::InvalidToken => {
                (Outcome::Permanent, ScalekitError::internal(operation, "the token does not fit a header"))
            }
            Self::Http(error) => classify_http(operation, &error, idempotent),
        }
    }
}

fn classify_http(operation: &str, error: &reqwest::Error, idempotent: bool) -> (Outcome, ScalekitError) {
    let cause = cause(error);
    if error.is_builder() {
        return (Outcome::Permanent, ScalekitError::internal(operation, cause));
    }
    if is_encoding_error(error) {
        let why = format_args!("cannot be unpacked: {cause}");
        return (Outcome::Permanent, ScalekitError::decode(operation, why));
    }
    if !error.is_connect() {
        let why = format!("the connection failed before the response was complete: {cause}");
        return (Outcome::Interrupted, ScalekitError::connection(operation, why, idempotent));
    }
    let why = format!("cannot connect: {cause}");
    if is_untrusted_certificate(error) {
        // Most often a proxy or service with a certificate of a private authority.
        let hint = "; trust a private authority with `root_certificates_pem` or `SSL_CERT_FILE`";
        let why = if cause.contains("UnknownIssuer") { why + hint } else { why };
        return (Outcome::Permanent, ScalekitError::connection(operation, why, false));
    }
    (Outcome::NotSent, ScalekitError::connection(operation, why, true))
}

/// The innermost cause: the outer ones repeat the URL, which may contain IDs.
fn cause(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut source = error.source();
    while let Some(error) = source {
        text.clear();
        let _ = write!(text, "{error}");
        source = error.source();
    }
    if text.is_empty() { "unknown cause".into() } else { text }
}

/// Whether a complete response is not valid gzip or brotli. One that merely ends too early may have been truncated by
/// the connection.
fn is_encoding_error(error: &reqwest::Error) -> bool {
    use std::io::{Error, ErrorKind};
    // A failure of the connection is an error of hyper's.
    let decoding = error.source().and_then(|source| source.downcast_ref::<Error>());
    decoding.is_some_and(|error| matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::Other))
}

/// Whether the server's certificate is not trusted, which no retry changes.
fn is_untrusted_certificate(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // The error inside an `io::Error` is not its source, and it may be another `io::Error`.
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

pub(super) async fn exchange(
    http: &Client,
    request: &Request,
    token: Option<&Token>,
    extra: &HeaderMap,
) -> Result<Response, TransportError> {
    let method = match request.method {
        HttpMethod::Get => reqwest::Method::GET,
        HttpMethod::Post => reqwest::Method::POST,
        HttpMethod::Put => reqwest::Method::PUT,
        HttpMethod::Patch => reqwest::Method::PATCH,
        HttpMethod::Delete => reqwest::Method::DELETE,
    };
    let mut sent = reqwest::Request::new(method, request.url.clone());
    if let Some(body) = &request.body {
        sent.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
        *sent.body_mut() = Some(body.bytes.clone().into());
    }
    if request.signed {
        // Custom headers are for API calls, not for the token endpoint or the signing keys.
        sent.headers_mut().extend(extra.clone());
    }
    if let Some(token) = token {
        sent.headers_mut().insert(AUTHORIZATION, token.bearer().ok_or(TransportError::InvalidToken)?);
    }
    read(http.execute(sent).await?, request.longest_response).await
}

/// A body so far. Most bodies arrive in one piece, which is not copied.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    all: Vec<u8>,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    /// `expected` is the stated content length.
    fn add(&mut self, piece: Bytes, expected: usize) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(expected.min(LARGEST_PREALLOCATION).max(self.first.len() + piece.len()));
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&piece);
    }

    fn whole(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

async fn read(mut response: reqwest::Response, longest: usize) -> Result<Response, TransportError> {
    let (status, success) = (response.status().as_u16(), response.status().is_success());
    let most = if success { longest } else { LONGEST_ERROR };
    let expected = response.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut body = Pieces::default();
    loop {
        let mut chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if success => return Err(error.into()),
            // The status code matters more than the rest of the error body.
            Err(_) => break,
        };
        let room = most - body.len();
        if chunk.len() > room {
            if success {
                return Err(TransportError::TooLong(most));
            }
            chunk.truncate(room);
            body.add(chunk, expected);
            break;
        }
        body.add(chunk, expected);
    }
    let headers = std::mem::take(response.headers_mut());
    Ok(Response { status, headers, body: body.whole() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[&'static str], expected: usize) -> Bytes {
        let mut body = Pieces::default();
        pieces.iter().for_each(|piece| body.add(Bytes::from_static(piece.as_bytes()), expected));
        assert_eq!(body.len(), pieces.concat().len());
        body.whole()
    }

    #[test]
    fn body_is_joined_from_its_pieces() {
        let pieces: [&[&str]; 6] =
            [&[], &[""], &["abc"], &["", "abc", ""], &["a", "b", "c"], &["ab", "", "c"]];
        for pieces in pieces {
            for expected in [0, 3, 1000, usize::MAX] {
                assert_eq!(joined(pieces, expected), pieces.concat(), "{pieces:?}");
            }
        }
    }

    #[test]
    fn body_of_one_piece_is_not_copied() {
        let piece = "abc";
        assert_eq!(joined(&[piece], 3).as_ptr(), piece.as_ptr());
    }
}
