//! Results and errors as JSON.

use serde::Serialize;

use crate::error::{Failure, FailureSource, Result, ScalekitError};
use crate::types::to_json;
use crate::work::Erased;

/// Writes the result of a call, as work returns it.
pub(super) fn written(operation: &'static str, value: &impl Serialize) -> Result<Erased> {
    match to_json(value) {
        Ok(text) => Ok(Box::new(text)),
        Err(_) => Err(ScalekitError::internal(operation, "the result cannot be written")),
    }
}

/// Returns the name of an error's variant, such as `NotFound`.
#[must_use]
pub fn kind(error: &ScalekitError) -> &'static str {
    match error {
        ScalekitError::Unauthenticated { .. } => "Unauthenticated",
        ScalekitError::PermissionDenied { .. } => "PermissionDenied",
        ScalekitError::NotFound { .. } => "NotFound",
        ScalekitError::InvalidRequest { .. } => "InvalidRequest",
        ScalekitError::Conflict { .. } => "Conflict",
        ScalekitError::RateLimited { .. } => "RateLimited",
        ScalekitError::Service { .. } => "Service",
        ScalekitError::Tool { .. } => "Tool",
        ScalekitError::InvalidToken { .. } => "InvalidToken",
        ScalekitError::TokenExpired { .. } => "TokenExpired",
        ScalekitError::MissingScope { .. } => "MissingScope",
        ScalekitError::LoginFailed { .. } => "LoginFailed",
        ScalekitError::LoginRequired { .. } => "LoginRequired",
        ScalekitError::InvalidWebhook { .. } => "InvalidWebhook",
        ScalekitError::Connection { .. } => "Connection",
        ScalekitError::Timeout { .. } => "Timeout",
        ScalekitError::Decode { .. } => "Decode",
        ScalekitError::InvalidArgument { .. } => "InvalidArgument",
        ScalekitError::BlockingInAsync { .. } => "BlockingInAsync",
        ScalekitError::Closed { .. } => "Closed",
        ScalekitError::Internal { .. } => "Internal",
    }
}

#[derive(Serialize)]
struct Violation<'a> {
    field: &'a str,
    description: &'a str,
    constraint: &'a Option<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    kind: &'static str,
    summary: &'a str,
    operation: &'a str,
    status: Option<i32>,
    code: &'a Option<String>,
    request_id: &'a Option<String>,
    retry_after_seconds: Option<f64>,
    retryable: bool,
    field_violations: Vec<Violation<'a>>,
    source: &'static str,
}

/// Writes an error as a JSON object: its kind and all details.
#[must_use]
pub fn failure_json(kind: &'static str, failure: &Failure) -> String {
    let violations = failure.field_violations.iter().map(|violation| Violation {
        field: &violation.field,
        description: &violation.description,
        constraint: &violation.constraint,
    });
    let written = Written {
        kind,
        summary: &failure.summary,
        operation: &failure.operation,
        status: failure.status,
        code: &failure.code,
        request_id: &failure.request_id,
        retry_after_seconds: failure.retry_after_seconds,
        retryable: failure.retryable,
        field_violations: violations.collect(),
        source: match failure.source {
            FailureSource::Client => "CLIENT",
            FailureSource::Scalekit => "SCALEKIT",
            FailureSource::Provider => "PROVIDER",
        },
    };
    // Strings and numbers can always be written.
    to_json(&written).unwrap_or_default()
}

#[derive(Serialize)]
struct Operation {
    id: String,
    method: String,
    path: String,
}

/// Writes the table of operations as a JSON array.
///
/// # Errors
///
/// None: strings can always be written.
pub fn operations_json() -> Result<String> {
    let all = crate::client::operations().into_iter();
    let all: Vec<_> = all
        .map(|operation| Operation { id: operation.id, method: operation.method, path: operation.path })
        .collect();
    to_json(&all).map_err(|_| ScalekitError::internal("operations", "the table cannot be written"))
}
