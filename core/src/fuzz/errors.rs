//! Errors of the service: whatever a body holds, one sentence comes of it, without what was sent.

use serde_json::Value;

use crate::error::{FailureSource, Rejection, ScalekitError, ServiceError, is_hidden};

const STATUSES: [u16; 16] = [302, 400, 401, 403, 404, 408, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504];
const SECRETS: [&str; 2] = ["hunter2-secret", "eyJhbGciOi.token"];
const LONGEST_SUMMARY: usize = 5000;

/// An input is a byte that picks the status and the kind of call, then the body.
pub fn errors(data: &[u8]) {
    let Some((pick, body)) = data.split_first() else { return };
    let (status, idempotent) = (STATUSES[usize::from(pick % 16)], pick & 16 != 0);
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
    said(&error, status);
    sorted(&error, status, tool, idempotent);
    // An answer that nobody can read says no more than its status does.
    if serde_json::from_slice::<Value>(body).is_err() {
        assert_eq!(error.to_string(), format!("fuzz.call: {status}"));
    }
    ended(error);
}

/// What ends up in logs is one line of bounded length, and holds no secret.
fn said(error: &ScalekitError, status: u16) {
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

/// The status decides, but for a tool that failed, and for OAuth's 400.
fn sorted(error: &ScalekitError, status: u16, tool: bool, idempotent: bool) {
    let failure = error.failure();
    let bad_client = failure.code.as_deref() == Some("invalid_client");
    let right = match error {
        ScalekitError::Tool { .. } => tool,
        ScalekitError::Unauthenticated { .. } => status == 401 || (status == 400 && bad_client),
        ScalekitError::InvalidRequest { .. } => matches!(status, 400 | 422),
        ScalekitError::PermissionDenied { .. } => status == 403,
        ScalekitError::NotFound { .. } => status == 404,
        ScalekitError::Conflict { .. } => status == 409,
        ScalekitError::RateLimited { .. } => status == 429,
        ScalekitError::Service { .. } => !matches!(status, 400 | 401 | 403 | 404 | 409 | 422 | 429),
        _ => false,
    };
    assert!(right && tool == matches!(error, ScalekitError::Tool { .. }), "{status}: {error:?}");
    assert_eq!(failure.source == FailureSource::Provider, tool);
    // A write is not said to be repeatable because of what an answer says, but where it was not looked at.
    assert!(!failure.retryable || (!tool && (idempotent || status == 429)));
}

/// The same at the token endpoint: only a grant that is no good ends a login or a session.
fn ended(error: ScalekitError) {
    let over = error.failure().code.as_deref() == Some("invalid_grant")
        && matches!(error, ScalekitError::InvalidRequest { .. } | ScalekitError::Unauthenticated { .. });
    let failed = error.clone().into_login_failure();
    assert_eq!(matches!(failed, ScalekitError::LoginFailed { .. }), over);
    assert_eq!(matches!(error.clone().into_session_end(), ScalekitError::LoginRequired { .. }), over);
    assert_eq!(failed.failure(), error.failure());
}
