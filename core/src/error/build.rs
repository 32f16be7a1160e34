//! Constructors of errors. All summaries are written here, so that none can contain a body or a credential.

use std::fmt::Display;
use std::time::Duration;

use super::{Failure, FailureSource, ScalekitError, ServiceError};

/// Maximum number of rejected fields in a summary. The failure lists all of them.
const SUMMARY_FIELDS: usize = 5;

/// An error response.
pub(crate) struct Rejection<'a> {
    pub operation: &'a str,
    pub status: u16,
    pub header_request_id: Option<String>,
    pub retry_after: Option<Duration>,
    pub idempotent: bool,
    pub body: ServiceError,
}

impl Failure {
    pub(super) fn local(operation: &str, summary: String) -> Self {
        Self {
            summary,
            operation: operation.to_owned(),
            status: None,
            code: None,
            request_id: None,
            retry_after_seconds: None,
            retryable: false,
            field_violations: Vec::new(),
            source: FailureSource::Client,
        }
    }
}

impl ScalekitError {
    /// `name` is the argument, field or option, as the caller writes it.
    pub(crate) fn argument(name: &str, why: impl Display) -> Self {
        Self::InvalidArgument { failure: Failure::local("", format!("`{name}` {why}")) }
    }

    /// `part` is the longest part of the URL.
    pub(crate) fn too_long(operation: &str, most: usize, part: &str) -> Self {
        let summary = format!("{operation}: the URL is longer than {most} bytes, most of it {part}");
        Self::InvalidArgument { failure: Failure::local(operation, summary) }
    }

    pub(crate) fn timeout(operation: &str, limit: Duration, waiting_for: &str, idempotent: bool) -> Self {
        let summary =
            format!("{operation}: no response within {} s (waiting for {waiting_for})", limit.as_secs_f64());
        Self::Timeout { failure: Failure { retryable: idempotent, ..Failure::local(operation, summary) } }
    }

    pub(crate) fn connection(operation: &str, why: impl Display, retryable: bool) -> Self {
        let summary = format!("{operation}: {why}");
        Self::Connection { failure: Failure { retryable, ..Failure::local(operation, summary) } }
    }

    pub(crate) fn decode(operation: &str, why: impl Display) -> Self {
        Self::Decode { failure: Failure::local(operation, format!("{operation}: the response {why}")) }
    }

    /// Adds the response that could not be decoded.
    pub(crate) fn of_response(mut self, status: u16, request_id: Option<&str>) -> Self {
        if let Self::Decode { failure } = &mut self {
            failure.status = Some(status.into());
            if let Some(id) = request_id {
                failure.summary += &format!(" [request {id}]");
                failure.request_id = Some(id.to_owned());
            }
        }
        self
    }

    #[cfg_attr(
        not(feature = "blocking"),
        allow(dead_code, reason = "only a blocking call can fail this way")
    )]
    pub(crate) fn blocking_in_async(operation: &str) -> Self {
        let summary = format!(
            "{operation}: a blocking call inside an async runtime would hang; use AsyncScalekitClient"
        );
        Self::BlockingInAsync { failure: Failure::local(operation, summary) }
    }

    #[cfg(feature = "ffi")]
    pub(crate) fn blocking_in_handler(operation: &str) -> Self {
        let summary = format!(
            "{operation}: a blocking call inside a log handler is rejected; make it on another thread"
        );
        Self::BlockingInAsync { failure: Failure::local(operation, summary) }
    }

    pub(crate) fn closed(operation: &str) -> Self {
        Self::Closed { failure: Failure::local(operation, format!("{operation}: the client is closed")) }
    }

    pub(crate) fn internal(operation: &str, why: impl Display) -> Self {
        Self::Internal { failure: Failure::local(operation, format!("{operation}: internal error: {why}")) }
    }

    /// Not an error: the call is paused and can be continued.
    #[cfg(feature = "ffi")]
    pub(crate) fn paused(operation: &str) -> Self {
        let failure = Failure::local(operation, format!("{operation}: the call is paused"));
        Self::Internal { failure: Failure { code: Some("paused".to_owned()), ..failure } }
    }

    /// Maps an error response to an error.
    pub(crate) fn rejected(rejection: Rejection<'_>) -> Self {
        let Rejection { operation, status, header_request_id, retry_after, idempotent, body } = rejection;
        let tool = body.is_tool_error();
        let transient = matches!(status, 408 | 429 | 502 | 503 | 504);
        let failure = Failure {
            summary: summary(operation, status, &body, header_request_id.as_deref()),
            operation: operation.to_owned(),
            status: Some(status.into()),
            code: body.code,
            request_id: header_request_id.or(body.request_id),
            retry_after_seconds: retry_after.map(|wait| wait.as_secs_f64()),
            retryable: transient && !tool && (idempotent || status == 429),
            field_violations: body.field_violations,
            source: if tool { FailureSource::Provider } else { FailureSource::Scalekit },
        };
        match status {
            _ if tool => Self::Tool { failure },
            // OAuth responds to invalid client credentials with 400 as often as with 401.
            400 if failure.code.as_deref() == Some("invalid_client") => Self::Unauthenticated { failure },
            400 | 422 => Self::InvalidRequest { failure },
            401 => Self::Unauthenticated { failure },
            403 => Self::PermissionDenied { failure },
            404 => Self::NotFound { failure },
            409 => Self::Conflict { failure },
            429 => Self::RateLimited { failure },
            _ => Self::Service { failure },
        }
    }
}

fn summary(operation: &str, status: u16, body: &ServiceError, header_request_id: Option<&str>) -> String {
    let mut text = format!("{operation}: {status}");
    if let Some(code) = &body.code {
        text += &format!(" {code}");
    }
    if let Some(message) = &body.message {
        text += &format!(": {message}");
    }
    let violations = &body.field_violations;
    let fields = violations.iter().take(SUMMARY_FIELDS).map(|v| format!("{} {}", v.field, v.description));
    let more = violations.len().saturating_sub(SUMMARY_FIELDS);
    let fields: Vec<_> = fields.chain((more > 0).then(|| format!("and {more} more"))).collect();
    if !fields.is_empty() {
        text += &format!(" ({})", fields.join("; "));
    }
    if let Some(tool) = &body.tool {
        let words: Vec<_> = tool.code.iter().chain(&tool.message).map(String::as_str).collect();
        if !words.is_empty() {
            text += &format!(" (provider: {})", words.join(": "));
        }
        if let Some(id) = &tool.execution_id {
            text += &format!(" [execution {id}]");
        }
    }
    if let Some(id) = header_request_id.or(body.request_id.as_deref()) {
        text += &format!(" [request {id}]");
    }
    text
}
