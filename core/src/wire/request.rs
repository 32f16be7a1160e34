//! A request before it is sent.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Url;
use serde::Serialize;

use super::{HttpMethod, Wire};
use crate::error::{Result, ScalekitError};
use crate::types::SecretText;

/// A body with its type. It does not print itself: it may hold a secret.
pub(crate) struct Body {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Body {
    pub(crate) fn json(argument: &str, value: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(value)
            .map_err(|_| ScalekitError::argument(argument, "cannot be written as JSON"))?;
        Ok(Self { content_type: "application/json", bytes })
    }

    pub(crate) fn form(pairs: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        Self { content_type: "application/x-www-form-urlencoded", bytes: form.finish().into_bytes() }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.content_type, self.bytes.len())
    }
}

/// A body that may be sent again without being copied.
pub(crate) struct Payload {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

impl From<Body> for Payload {
    fn from(Body { content_type, bytes }: Body) -> Self {
        Self { content_type, bytes: bytes.into() }
    }
}

/// It may hold a secret.
impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.content_type, self.bytes.len())
    }
}

/// A request before it is sent.
#[derive(Debug)]
pub(crate) struct Request {
    pub operation: &'static str,
    pub method: HttpMethod,
    pub url: Url,
    pub body: Option<Payload>,
    /// Carries the client's access token.
    pub signed: bool,
    /// Sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Runs a tool, which may take longer.
    pub tool: bool,
    /// What must not be repeated by an error, should the answer repeat it: besides the client's own secrets.
    pub secrets: Vec<Arc<SecretText>>,
    /// The longest answer that is of use.
    pub longest_answer: usize,
}

/// The longest answer that is read. A page of the longest list is far below.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// The longest answer of the token endpoint that is read: far above three long tokens.
pub(crate) const LONGEST_GRANT: usize = 1024 * 1024;

impl Request {
    pub(crate) fn tool(self, tool: bool) -> Self {
        Self { tool, ..self }
    }

    pub(crate) fn unsigned(self) -> Self {
        Self { signed: false, ..self }
    }

    pub(crate) fn secrets(self, secrets: Vec<Arc<SecretText>>) -> Self {
        Self { secrets, ..self }
    }

    pub(crate) fn at_most(self, longest_answer: usize) -> Self {
        Self { longest_answer, ..self }
    }

    /// For the token endpoint, where a second token does no harm.
    pub(crate) fn idempotent(self) -> Self {
        Self { idempotent: true, ..self }
    }
}

impl Wire {
    /// `path` begins with a slash and is percent-encoded already.
    pub(crate) fn request(
        &self,
        operation: &'static str,
        method: HttpMethod,
        path: &str,
        query: &[(Cow<'static, str>, String)],
        body: Option<Body>,
    ) -> Result<Request> {
        let mut url = self.origin().clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(Request {
            operation,
            method,
            url,
            body: body.map(Payload::from),
            signed: true,
            idempotent: method.is_idempotent(),
            tool: false,
            secrets: Vec::new(),
            longest_answer: LONGEST_ANSWER,
        })
    }

    /// A path that a caller wrote by hand.
    pub(crate) fn check_path(path: &str) -> Result<()> {
        let bad = |why: &str| Err(ScalekitError::argument("path", why));
        if !path.starts_with('/') || path.starts_with("//") {
            return bad("must begin with one slash, such as /api/v1/organizations");
        }
        if path.contains(['?', '#', '\\']) || path.chars().any(|c| c.is_control() || c == ' ') {
            return bad("must be percent-encoded and hold no query; pass the query on its own");
        }
        // The URL standard resolves these, encoded or not, so that the request would go somewhere else.
        let dots =
            |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        if path.split('/').any(dots) {
            return bad("must not hold `.` or `..` as a segment");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_written_by_hand() {
        for good in ["/", "/api/v1/x", "/api/v1/x:verb", "/a%2Fb", "/a..b", "/keys"] {
            assert_eq!(Wire::check_path(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "api",
            "//evil.example",
            "/a?b",
            "/a#b",
            "/../a",
            "/a/..",
            "/a/%2E%2e/b",
            "/a/./b",
            "/a b",
            "/a\\b",
            "/a\nb",
        ] {
            let error = Wire::check_path(bad).unwrap_err();
            assert!(error.to_string().starts_with("`path` must"), "{bad}");
        }
    }

    #[test]
    fn a_body_does_not_print_itself() {
        let body = Body::form(&[("client_secret", "hunter2 &=")]);
        assert_eq!(body.bytes, b"client_secret=hunter2+%26%3D");
        assert!(!format!("{body:?}").contains("hunter2"));
    }
}
