//! One request over the network and its answer, or what broke.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response};

use super::Request;
use crate::error::ScalekitError;
use crate::op::HttpMethod;
use crate::retry::Outcome;
use crate::token::Token;

/// The longest error answer that is read; the rest of it says nothing more.
const LONGEST_ERROR: usize = 64 * 1024;

/// A stated length is believed only so far before the bytes are there.
const PREALLOCATED: usize = 1024 * 1024;

/// An answer, success or not, read to its end.
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }

    /// What Scalekit's support asks for.
    pub(crate) fn request_id(&self) -> Option<&str> {
        ["x-trace-id", "grpc-metadata-x-trace-id", "x-request-id"].iter().find_map(|name| self.header(name))
    }
}

/// Why there is no answer.
pub(super) enum Break {
    TimedOut(Duration),
    TooLong(usize),
    Failed(reqwest::Error),
    Unusable,
}

impl From<reqwest::Error> for Break {
    fn from(error: reqwest::Error) -> Self {
        Self::Failed(error)
    }
}

impl Break {
    pub(super) fn judge(self, operation: &str, idempotent: bool) -> (Outcome, ScalekitError) {
        match self {
            Self::TimedOut(limit) => {
                (Outcome::TimedOut, ScalekitError::timeout(operation, limit, "one attempt", idempotent))
            }
            Self::TooLong(most) => {
                let why = format!("is longer than {most} bytes");
                (Outcome::Useless, ScalekitError::decode(operation, why))
            }
            Self::Unusable => {
                (Outcome::Useless, ScalekitError::internal(operation, "the token does not fit a header"))
            }
            Self::Failed(error) => judge_transport(operation, &error, idempotent),
        }
    }
}

fn judge_transport(operation: &str, error: &reqwest::Error, idempotent: bool) -> (Outcome, ScalekitError) {
    let cause = cause(error);
    if error.is_builder() {
        return (Outcome::Useless, ScalekitError::internal(operation, cause));
    }
    if is_badly_packed(error) {
        let why = format_args!("cannot be unpacked: {cause}");
        return (Outcome::Useless, ScalekitError::decode(operation, why));
    }
    if !error.is_connect() {
        let why = format!("the connection broke before the answer was complete: {cause}");
        return (Outcome::Broken, ScalekitError::connection(operation, why, idempotent));
    }
    let why = format!("cannot connect: {cause}");
    if is_distrust(error) {
        // The most frequent cause is a proxy or service with a certificate of a private authority.
        let hint = "; trust a private authority with `root_certificates_pem` or `SSL_CERT_FILE`";
        let why = if cause.contains("UnknownIssuer") { why + hint } else { why };
        return (Outcome::Useless, ScalekitError::connection(operation, why, false));
    }
    (Outcome::NotSent, ScalekitError::connection(operation, why, true))
}

/// The innermost cause says what happened; the outer ones repeat the URL, which may hold ids.
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

/// The answer is there, and what is called gzip or brotli is none. One that merely ends too soon may have been cut off on
/// its way, which is the connection's fault.
fn is_badly_packed(error: &reqwest::Error) -> bool {
    use std::io::{Error, ErrorKind};
    // What breaks on the way is an error of hyper's.
    let unpacking = error.source().and_then(|source| source.downcast_ref::<Error>());
    unpacking.is_some_and(|error| matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::Other))
}

/// A certificate that is not trusted now will not be trusted in a second.
fn is_distrust(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // What an `io::Error` wraps is not its source, and one may wrap another.
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
) -> Result<Answer, Break> {
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
        // The caller's headers are for API calls, not for the token endpoint or the keys.
        sent.headers_mut().extend(extra.clone());
    }
    if let Some(token) = token {
        sent.headers_mut().insert(AUTHORIZATION, token.bearer().ok_or(Break::Unusable)?);
    }
    read(http.execute(sent).await?, request.longest_answer).await
}

/// What has come of a body. Most come in one piece, which is kept as it came.
#[derive(Default)]
struct Pieces {
    first: Bytes,
    all: Vec<u8>,
}

impl Pieces {
    fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    /// `expected` is how long the whole says it will be.
    fn add(&mut self, piece: Bytes, expected: usize) {
        if self.len() == 0 {
            self.first = piece;
            return;
        }
        if self.all.is_empty() {
            self.all.reserve(expected.min(PREALLOCATED).max(self.first.len() + piece.len()));
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&piece);
    }

    fn whole(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.into() }
    }
}

async fn read(mut response: Response, longest: usize) -> Result<Answer, Break> {
    let (status, success) = (response.status().as_u16(), response.status().is_success());
    let most = if success { longest } else { LONGEST_ERROR };
    let expected = response.content_length().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let mut body = Pieces::default();
    loop {
        let mut chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if success => return Err(error.into()),
            // The status says more than the missing rest of its explanation.
            Err(_) => break,
        };
        let room = most - body.len();
        if chunk.len() > room {
            if success {
                return Err(Break::TooLong(most));
            }
            chunk.truncate(room);
            body.add(chunk, expected);
            break;
        }
        body.add(chunk, expected);
    }
    let headers = std::mem::take(response.headers_mut());
    Ok(Answer { status, headers, body: body.whole() })
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
    fn pieces_are_joined() {
        let pieces: [&[&str]; 6] =
            [&[], &[""], &["abc"], &["", "abc", ""], &["a", "b", "c"], &["ab", "", "c"]];
        for pieces in pieces {
            for expected in [0, 3, 1000, usize::MAX] {
                assert_eq!(joined(pieces, expected), pieces.concat(), "{pieces:?}");
            }
        }
    }

    #[test]
    fn a_single_piece_is_not_copied() {
        let piece = "abc";
        assert_eq!(joined(&[piece], 3).as_ptr(), piece.as_ptr());
    }
}
