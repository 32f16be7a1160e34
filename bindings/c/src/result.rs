//! Results: JSON, or an error.

use std::ffi::c_char;

use scalekit_core::dispatch::{failure_json, kind};
use scalekit_core::{Failure, Result, ScalekitError};

use crate::input;

/// The kind of a result: success, or what the caller can do about the error.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum scalekit_kind {
    /// Success.
    SCALEKIT_OK = 0,
    /// The service rejected the credentials. Check client ID, secret and environment URL.
    SCALEKIT_UNAUTHENTICATED = 1,
    /// The credentials lack permission for this call.
    SCALEKIT_PERMISSION_DENIED = 2,
    /// The resource does not exist.
    SCALEKIT_NOT_FOUND = 3,
    /// The service rejected the request as invalid; see the violations.
    SCALEKIT_INVALID_REQUEST = 4,
    /// The resource already exists, or was changed concurrently.
    SCALEKIT_CONFLICT = 5,
    /// The rate limit is exceeded, even after retries.
    SCALEKIT_RATE_LIMITED = 6,
    /// The service failed.
    SCALEKIT_SERVICE = 7,
    /// The provider behind a tool failed.
    SCALEKIT_TOOL = 8,
    /// A token is invalid: respond with 401. The code is the reason.
    SCALEKIT_INVALID_TOKEN = 9,
    /// A token has expired and is valid otherwise: respond with 401, or refresh the session.
    SCALEKIT_TOKEN_EXPIRED = 10,
    /// A valid token lacks a required scope: respond with 403.
    SCALEKIT_MISSING_SCOPE = 11,
    /// A login failed. The code is the reason.
    SCALEKIT_LOGIN_FAILED = 12,
    /// The user is not signed in: start a login.
    SCALEKIT_LOGIN_REQUIRED = 13,
    /// A webhook or interceptor request is not authentic: respond with 401.
    SCALEKIT_INVALID_WEBHOOK = 14,
    /// The service is unreachable, or the connection failed.
    SCALEKIT_CONNECTION = 15,
    /// The call timed out. A write may have taken effect.
    SCALEKIT_TIMEOUT = 16,
    /// The response does not match the API description.
    SCALEKIT_DECODE = 17,
    /// An argument is invalid; the summary names it. Nothing was sent.
    SCALEKIT_INVALID_ARGUMENT = 18,
    /// A blocking call was made inside a callback, where it would hang.
    SCALEKIT_BLOCKING_IN_CALLBACK = 19,
    /// The client is closed.
    SCALEKIT_CLOSED = 20,
    /// A defect of the library. Please report the summary.
    SCALEKIT_INTERNAL = 21,
    /// The call was cancelled. A write may have taken effect.
    SCALEKIT_CANCELLED = 22,
}

use scalekit_kind::*;

/// The result of a call: JSON, or an error. Immutable and thread-safe. Owned by the caller, who frees it with
/// `scalekit_result_free`; the strings that it returns live as long as it does.
pub struct scalekit_result {
    kind: scalekit_kind,
    json: Text,
    failure: Option<Details>,
}

/// A string for C: UTF-8 and NUL-terminated.
struct Text(Vec<u8>);

/// The strings of an error, for C.
struct Details {
    failure: Failure,
    summary: Text,
    code: Text,
    request_id: Text,
    violations: Vec<(Text, Text)>,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let mut bytes = text.into_bytes();
        bytes.push(0);
        Self(bytes)
    }
}

impl Text {
    /// # Safety
    ///
    /// `length` is NULL or can be written.
    unsafe fn lend(text: Option<&Self>, length: *mut usize) -> *const c_char {
        let bytes = text.map_or(b"\0".as_slice(), |text| text.0.as_slice());
        if !length.is_null() {
            unsafe { *length = bytes.len() - 1 };
        }
        bytes.as_ptr().cast()
    }
}

impl From<Failure> for Details {
    fn from(failure: Failure) -> Self {
        let optional = |text: &Option<String>| Text::from(text.as_deref().unwrap_or_default());
        let violation = |violation: &scalekit_core::FieldViolation| {
            (Text::from(violation.field.as_str()), Text::from(violation.description.as_str()))
        };
        Self {
            summary: failure.summary.as_str().into(),
            code: optional(&failure.code),
            request_id: optional(&failure.request_id),
            violations: failure.field_violations.iter().map(violation).collect(),
            failure,
        }
    }
}

impl From<Result<String>> for scalekit_result {
    fn from(result: Result<String>) -> Self {
        match result {
            Ok(json) => Self { kind: SCALEKIT_OK, json: json.into(), failure: None },
            Err(error) => Self::failed(kind_of(&error), kind(&error), error.failure().clone()),
        }
    }
}

impl scalekit_result {
    fn failed(kind: scalekit_kind, name: &'static str, failure: Failure) -> Self {
        Self { kind, json: failure_json(name, &failure).into(), failure: Some(failure.into()) }
    }

    pub(crate) fn cancelled(operation: &str) -> Self {
        let error = scalekit_core::dispatch::internal_error(operation, "");
        let failure =
            Failure { summary: format!("{operation}: the call was cancelled"), ..error.failure().clone() };
        Self::failed(SCALEKIT_CANCELLED, "Cancelled", failure)
    }
}

fn kind_of(error: &ScalekitError) -> scalekit_kind {
    match error {
        ScalekitError::Unauthenticated { .. } => SCALEKIT_UNAUTHENTICATED,
        ScalekitError::PermissionDenied { .. } => SCALEKIT_PERMISSION_DENIED,
        ScalekitError::NotFound { .. } => SCALEKIT_NOT_FOUND,
        ScalekitError::InvalidRequest { .. } => SCALEKIT_INVALID_REQUEST,
        ScalekitError::Conflict { .. } => SCALEKIT_CONFLICT,
        ScalekitError::RateLimited { .. } => SCALEKIT_RATE_LIMITED,
        ScalekitError::Service { .. } => SCALEKIT_SERVICE,
        ScalekitError::Tool { .. } => SCALEKIT_TOOL,
        ScalekitError::InvalidToken { .. } => SCALEKIT_INVALID_TOKEN,
        ScalekitError::TokenExpired { .. } => SCALEKIT_TOKEN_EXPIRED,
        ScalekitError::MissingScope { .. } => SCALEKIT_MISSING_SCOPE,
        ScalekitError::LoginFailed { .. } => SCALEKIT_LOGIN_FAILED,
        ScalekitError::LoginRequired { .. } => SCALEKIT_LOGIN_REQUIRED,
        ScalekitError::InvalidWebhook { .. } => SCALEKIT_INVALID_WEBHOOK,
        ScalekitError::Connection { .. } => SCALEKIT_CONNECTION,
        ScalekitError::Timeout { .. } => SCALEKIT_TIMEOUT,
        ScalekitError::Decode { .. } => SCALEKIT_DECODE,
        ScalekitError::InvalidArgument { .. } => SCALEKIT_INVALID_ARGUMENT,
        ScalekitError::BlockingInAsync { .. } => SCALEKIT_BLOCKING_IN_CALLBACK,
        ScalekitError::Closed { .. } => SCALEKIT_CLOSED,
        // `Internal`, and kinds that are unknown here: the compiler cannot check, because the enumeration may grow.
        _ => SCALEKIT_INTERNAL,
    }
}

/// The details of an error; `None` for a success and for NULL.
///
/// # Safety
///
/// `result` is NULL, or was returned by this library and has not been freed.
unsafe fn details<'a>(result: *const scalekit_result) -> Option<&'a Details> {
    unsafe { result.as_ref() }?.failure.as_ref()
}

/// Returns the kind of a result: `SCALEKIT_OK` for a success. `SCALEKIT_INVALID_ARGUMENT` for NULL.
///
/// # Safety
///
/// `result` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_kind(result: *const scalekit_result) -> scalekit_kind {
    unsafe { result.as_ref() }.map_or(SCALEKIT_INVALID_ARGUMENT, |result| result.kind)
}

/// Returns the JSON of a result. Of a success, what the call returned, with the names of the service; `null` if that
/// is nothing. Of an error, an object of its kind and all details. An empty string for NULL.
///
/// `length`, unless NULL, is set to its length in bytes. The string is NUL-terminated and lives as long as the result.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_json(
    result: *const scalekit_result,
    length: *mut usize,
) -> *const c_char {
    unsafe { Text::lend(result.as_ref().map(|result| &result.json), length) }
}

/// Returns the summary of an error: one line that contains no bodies and no credentials. Empty for a success. `length`
/// and lifetime as for `scalekit_result_json`.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_summary(
    result: *const scalekit_result,
    length: *mut usize,
) -> *const c_char {
    unsafe { Text::lend(details(result).map(|details| &details.summary), length) }
}

/// Returns the code of an error, such as `RESOURCE_NOT_FOUND` or `wrong_audience`. Empty if there is none. `length` and
/// lifetime as for `scalekit_result_json`.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_code(
    result: *const scalekit_result,
    length: *mut usize,
) -> *const c_char {
    unsafe { Text::lend(details(result).map(|details| &details.code), length) }
}

/// Returns the request ID of an error, by which Scalekit's support finds the request. Empty if there is none. `length`
/// and lifetime as for `scalekit_result_json`.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_request_id(
    result: *const scalekit_result,
    length: *mut usize,
) -> *const c_char {
    unsafe { Text::lend(details(result).map(|details| &details.request_id), length) }
}

/// Returns the HTTP status code of an error; 0 if there was no response.
///
/// # Safety
///
/// `result` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_status(result: *const scalekit_result) -> i32 {
    unsafe { details(result) }.and_then(|details| details.failure.status).unwrap_or(0)
}

/// Returns whether repeating the call is safe and may succeed.
///
/// # Safety
///
/// `result` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_is_retryable(result: *const scalekit_result) -> bool {
    unsafe { details(result) }.is_some_and(|details| details.failure.retryable)
}

/// Returns the delay that the service requested before the next attempt, in seconds; -1 if there is none.
///
/// # Safety
///
/// `result` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_retry_after_seconds(result: *const scalekit_result) -> f64 {
    unsafe { details(result) }.and_then(|details| details.failure.retry_after_seconds).unwrap_or(-1.0)
}

/// Returns the number of request fields that the service rejected.
///
/// # Safety
///
/// `result` is NULL, or has not been freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_violation_count(result: *const scalekit_result) -> usize {
    unsafe { details(result) }.map_or(0, |details| details.violations.len())
}

/// Returns the path of a rejected field, such as `organization.display_name`. Empty if `index` is not less than the
/// number of violations. `length` and lifetime as for `scalekit_result_json`.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_violation_field(
    result: *const scalekit_result,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let violation = unsafe { details(result) }.and_then(|details| details.violations.get(index));
    unsafe { Text::lend(violation.map(|(field, _)| field), length) }
}

/// Returns the service's description of a violation. Empty if `index` is not less than the number of violations.
/// `length` and lifetime as for `scalekit_result_json`.
///
/// # Safety
///
/// `result` is NULL, or has not been freed; `length` is NULL, or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_violation_description(
    result: *const scalekit_result,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let violation = unsafe { details(result) }.and_then(|details| details.violations.get(index));
    unsafe { Text::lend(violation.map(|(_, description)| description), length) }
}

/// Frees a result, and with it the strings that it returned. NULL is ignored.
///
/// # Safety
///
/// `result` is NULL, or has not been freed, and no other thread uses this pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_result_free(result: *mut scalekit_result) {
    unsafe { input::free(result) }
}
