//! Requests before they are sent.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Url;
use serde::Serialize;

use super::{HttpMethod, Wire};
use crate::error::{Result, ScalekitError};
use crate::types::{SecretText, to_json};

/// A body with its content type. `Debug` redacts it, since it may contain secrets.
pub(crate) struct Body {
    pub content_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Body {
    pub(crate) fn json(argument: &str, value: &impl Serialize) -> Result<Self> {
        let json =
            to_json(value).map_err(|_| ScalekitError::argument(argument, "cannot be written as JSON"))?;
        Ok(Self { content_type: "application/json", bytes: json.into_bytes() })
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

/// A body that can be sent repeatedly without a copy.
pub(crate) struct Payload {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

impl From<Body> for Payload {
    fn from(Body { content_type, bytes }: Body) -> Self {
        Self { content_type, bytes: bytes.into() }
    }
}

/// Redacted, since it may contain secrets.
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
    /// Whether the request carries the client's access token.
    pub signed: bool,
    /// Whether sending it twice has the same effect as sending it once.
    pub idempotent: bool,
    /// Whether it runs a tool, which has a longer timeout.
    pub tool: bool,
    /// Values to redact in errors, besides the client's own secrets.
    pub secrets: Vec<Arc<SecretText>>,
    /// Maximum size of a successful response, in bytes.
    pub longest_response: usize,
}

/// Maximum size of a response, in bytes. The longest page is far below.
const LONGEST_RESPONSE: usize = 32 * 1024 * 1024;

/// Maximum size of a response of the token endpoint, in bytes: far above three long tokens.
pub(crate) const LONGEST_GRANT: usize = 1024 * 1024;

/// Maximum length of a URL, in bytes: that of the `http` crate.
const LONGEST_URL: usize = 65_534;

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

    pub(crate) fn at_most(self, longest_response: usize) -> Self {
        Self { longest_response, ..self }
    }

    /// Marks a request as safe to repeat: a second token, for example, does no harm.
    pub(crate) fn idempotent(self) -> Self {
        Self { idempotent: true, ..self }
    }
}

impl Wire {
    /// `path` starts with a slash and is percent-encoded.
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
        check_length(operation, &url, path, query)?;
        Ok(Request {
            operation,
            method,
            url,
            body: body.map(Payload::from),
            signed: true,
            idempotent: method.is_idempotent(),
            tool: false,
            secrets: Vec::new(),
            longest_response: LONGEST_RESPONSE,
        })
    }

    /// Checks a path that the caller wrote.
    pub(crate) fn check_path(path: &str) -> Result<()> {
        let bad = |why: &str| Err(ScalekitError::argument("path", why));
        if !path.starts_with('/') || path.starts_with("//") {
            return bad("must start with one slash, such as /api/v1/organizations");
        }
        if path.contains(['?', '#', '\\']) || path.chars().any(|c| c.is_control() || c == ' ') {
            return bad("must be percent-encoded and have no query; pass the query separately");
        }
        // URL parsers resolve dot segments, encoded or not, and would send the request elsewhere.
        let dots =
            |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
        if path.split('/').any(dots) {
            return bad("must not have a `.` or `..` segment");
        }
        Ok(())
    }
}

/// Fails with the longest part of a URL that cannot be sent.
fn check_length(operation: &str, url: &Url, path: &str, query: &[(Cow<'static, str>, String)]) -> Result<()> {
    if url.as_str().len() <= LONGEST_URL {
        return Ok(());
    }
    let part = |(name, value): &(Cow<'static, str>, String)| (value.len(), format!("`{name}`"));
    let longest = query.iter().map(part).chain([(path.len(), "its path".to_owned())]).max();
    let part = longest.map(|(_, part)| part).unwrap_or_default();
    Err(ScalekitError::too_long(operation, LONGEST_URL, &part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handwritten_paths_are_checked() {
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
    fn body_is_redacted_in_debug_output() {
        let body = Body::form(&[("client_secret", "hunter2 &=")]);
        assert_eq!(body.bytes, b"client_secret=hunter2+%26%3D");
        assert!(!format!("{body:?}").contains("hunter2"));
    }
}
