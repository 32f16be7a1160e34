//! Webhooks and interceptor requests.

use std::ffi::c_char;

use scalekit_core::dispatch::{Delivery, Signature, sign, verify};

use crate::input::{bytes, optional_text, result, text};
use crate::scalekit_result;

/// The tolerance that 0 stands for.
const DEFAULT_TOLERANCE_SECONDS: i64 = 300;

/// What C passes to verify a delivery.
struct Given {
    secrets: *const c_char,
    id: *const c_char,
    timestamp: *const c_char,
    signature: *const c_char,
    body: *const u8,
    body_length: usize,
    tolerance_seconds: i64,
}

impl Given {
    /// # Safety
    ///
    /// Strings are NULL or NUL-terminated; `body` is valid for `body_length` bytes.
    unsafe fn verify(self, delivery: Delivery) -> *mut scalekit_result {
        result(|| unsafe {
            let secrets = text("secrets", self.secrets)?;
            let signature = Signature {
                id: optional_text("id", self.id)?,
                timestamp: optional_text("timestamp", self.timestamp)?,
                signature: optional_text("signature", self.signature)?,
            };
            let tolerance = match self.tolerance_seconds {
                0 => DEFAULT_TOLERANCE_SECONDS,
                seconds => seconds,
            };
            verify(delivery, secrets, tolerance, signature, bytes("body", self.body, self.body_length)?)
        })
    }
}

/// Verifies a webhook. Requires no client and sends nothing.
///
/// `secrets` is the signing secret of the endpoint, or several separated by spaces. `id`, `timestamp` and `signature`
/// are the values of the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`; NULL if the header is
/// missing. `body` are the bytes as received. `tolerance_seconds` is the maximum difference between the signing time
/// and the current time, 1 to 86400; 0 stands for 300.
///
/// The JSON of the result is an object of `id`, to recognize repeated deliveries, `sent_at`, and the event as `body`.
/// `SCALEKIT_INVALID_WEBHOOK` if it is not authentic. Never returns NULL; the caller frees the result.
///
/// # Safety
///
/// Strings are NULL or NUL-terminated; `body` is valid for `body_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_webhook_verify(
    secrets: *const c_char,
    id: *const c_char,
    timestamp: *const c_char,
    signature: *const c_char,
    body: *const u8,
    body_length: usize,
    tolerance_seconds: i64,
) -> *mut scalekit_result {
    let given = Given { secrets, id, timestamp, signature, body, body_length, tolerance_seconds };
    unsafe { given.verify(Delivery::Webhook) }
}

/// Verifies an interceptor request, whose headers are `interceptor-id`, `interceptor-timestamp` and
/// `interceptor-signature`. Otherwise as `scalekit_webhook_verify`; `body` of the result is the request.
///
/// Respond with {"decision": "ALLOW"}, or {"decision": "DENY", "error": {"message": "…"}}.
///
/// # Safety
///
/// As `scalekit_webhook_verify`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_interceptor_verify(
    secrets: *const c_char,
    id: *const c_char,
    timestamp: *const c_char,
    signature: *const c_char,
    body: *const u8,
    body_length: usize,
    tolerance_seconds: i64,
) -> *mut scalekit_result {
    let given = Given { secrets, id, timestamp, signature, body, body_length, tolerance_seconds };
    unsafe { given.verify(Delivery::Interceptor) }
}

/// Signs a webhook as Scalekit does, to test an endpoint. The JSON of the result is an object of the three headers.
/// Never returns NULL; the caller frees the result.
///
/// # Safety
///
/// As `scalekit_webhook_verify`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_webhook_sign(
    secret: *const c_char,
    id: *const c_char,
    body: *const u8,
    body_length: usize,
) -> *mut scalekit_result {
    let (webhook, body) = (Delivery::Webhook, unsafe { bytes("body", body, body_length) });
    result(|| unsafe { sign(webhook, text("secret", secret)?, text("id", id)?, body?) })
}

/// Signs an interceptor request as Scalekit does, to test an interceptor. Otherwise as `scalekit_webhook_sign`.
///
/// # Safety
///
/// As `scalekit_webhook_verify`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn scalekit_interceptor_sign(
    secret: *const c_char,
    id: *const c_char,
    body: *const u8,
    body_length: usize,
) -> *mut scalekit_result {
    let (interceptor, body) = (Delivery::Interceptor, unsafe { bytes("body", body, body_length) });
    result(|| unsafe { sign(interceptor, text("secret", secret)?, text("id", id)?, body?) })
}
