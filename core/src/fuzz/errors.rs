//! Errors of the service: any body results in a one-line summary without the secrets of the request.

use serde_json::Value;

use crate::error::{FailureSource, Rejection, ScalekitError, ServiceError, is_hidden};

const STATUSES: [u16; 16] = [302, 400, 401, 403, 404, 408, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504];
const SECRETS: [&str; 2] = ["hunter2-secret", "eyJhbGciOi.token"];
const LONGEST_SUMMARY: usize = 5000;

/// The input is a byte that selects the status code and whether the call is idempotent, then the body.
pub fn errors(data: &[u8]) {
    let Some((selector, body)) = data.split_first() else { return };
    let (status, idempotent) = (STATUSES[usize::from(selector % 16)], selector & 16 != 0);
    let read = ServiceError::read(body, &SECRETS);
    assert!(!SECRETS.iter().any(|secret| format!("{read:?}").contains(secret)));
    let tool = read.is_tool_error();
    let error = ScalekitError::rejected(Rejection {
        operation: "fuzz.call",
        status,
        header_request_id: None,
        retry_after: None,
        idempotent,
        body: read,
    });
    assert_loggable(&error, status);
    assert_variant(&error, status, tool, idempotent);
    // The summary of an unreadable body contains only the status code.
    if serde_json::from_slice::<Value>(body).is_err() {
        assert_eq!(error.to_string(), format!("fuzz.call: {status}"));
    }
    assert_grant_errors(error);
}

/// Everything that may be logged is one line of bounded length, without secrets.
fn assert_loggable(error: &ScalekitError, status: u16) {
    let failure = error.failure();
    assert_eq!(failure.status, Some(status.into()));
    assert!(failure.summary.starts_with(&format!("fuzz.call: {status}")));
    assert!(failure.summary.chars().count() <= LONGEST_SUMMARY, "{} bytes", failure.summary.len());
    let violations = failure
        .field_violations
        .iter()
        .flat_map(|v| [Some(&v.field), Some(&v.description), v.constraint.as_ref()].into_iter().flatten());
    for text in
        [&failure.summary].into_iter().chain(&failure.code).chain(&failure.request_id).chain(violations)
    {
        assert!(!text.contains(is_hidden), "{text:?}");
        assert!(!SECRETS.iter().any(|secret| text.contains(secret)), "{text}");
    }
    assert!(!SECRETS.iter().any(|secret| format!("{error:?}").contains(secret)));
}

/// The status code determines the variant, except for tool errors and OAuth's 400.
fn assert_variant(error: &ScalekitError, status: u16, tool: bool, idempotent: bool) {
    let failure = error.failure();
    let is_invalid_client = failure.code.as_deref() == Some("invalid_client");
    let is_expected = match error {
        ScalekitError::Tool { .. } => tool,
        ScalekitError::Unauthenticated { .. } => status == 401 || (status == 400 && is_invalid_client),
        ScalekitError::InvalidRequest { .. } => matches!(status, 400 | 422),
        ScalekitError::PermissionDenied { .. } => status == 403,
        ScalekitError::NotFound { .. } => status == 404,
        ScalekitError::Conflict { .. } => status == 409,
        ScalekitError::RateLimited { .. } => status == 429,
        ScalekitError::Service { .. } => !matches!(status, 400 | 401 | 403 | 404 | 409 | 422 | 429),
        _ => false,
    };
    assert!(is_expected && tool == matches!(error, ScalekitError::Tool { .. }), "{status}: {error:?}");
    assert_eq!(failure.source == FailureSource::Provider, tool);
    // The body of a response never makes a write retryable. Status code 429 does: the service did not process the
    // request.
    assert!(!failure.retryable || (!tool && (idempotent || status == 429)));
}

/// At the token endpoint, only an invalid grant ends a login or a session.
fn assert_grant_errors(error: ScalekitError) {
    let is_invalid_grant = error.failure().code.as_deref() == Some("invalid_grant")
        && matches!(error, ScalekitError::InvalidRequest { .. } | ScalekitError::Unauthenticated { .. });
    let failed = error.clone().into_login_failure();
    assert_eq!(matches!(failed, ScalekitError::LoginFailed { .. }), is_invalid_grant);
    assert_eq!(
        matches!(error.clone().into_session_end(), ScalekitError::LoginRequired { .. }),
        is_invalid_grant
    );
    assert_eq!(failed.failure(), error.failure());
}
