//! What an interceptor's endpoint holds.

use std::collections::HashMap;

use super::InterceptorRequest;
use crate::error::{Result, ScalekitError};
use crate::twins::exported;
use crate::types::Timestamp;
use crate::webhook::headers::Family;
use crate::webhook::verifier::{Checker, VerifiedWebhook};

const VERIFY: &str = "interceptors.verify";
const REQUEST: &str = "interceptors.request";

/// Verifies the requests of an interceptor and reads them. It needs no client and calls nobody.
///
/// Give it the body exactly as it arrived: bytes, before any framework has parsed them. Header names count in any
/// case. Answer 200 with the `body` of an `InterceptorResponse` before the interceptor's time is over.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct InterceptorVerifier {
    checker: Checker,
}

exported! { impl InterceptorVerifier {
    [constructor(default(tolerance_seconds = 300))] {
        /// A verifier for one interceptor.
        ///
        /// `secrets` are the interceptor's signing secrets, as the dashboard shows them (`whsec_…`); during a
        /// rotation, the new one and the old one. `tolerance_seconds` says how far the time of signing may be from
        /// now, in both directions; 300 is usual. Fails with `InvalidArgument` when there is no secret, one is not
        /// base64, or the tolerance is not 1 to 86400.
        pub fn new(secrets: Vec<String>, tolerance_seconds: i64) -> Result<Self, ScalekitError> {
            Ok(Self { checker: Checker::new(&secrets, tolerance_seconds)? })
        }
    }
    [method(default(at))] {
        /// Checks that a request is genuine and fresh, whatever its body says.
        ///
        /// `at` is the time to measure from: now, unless a test says otherwise. Fails with `InvalidWebhook`, whose
        /// `failure.code` says why.
        pub fn verify(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<VerifiedWebhook, ScalekitError> {
            self.checker.verify(VERIFY, Family::Interceptor, headers, body, at)
        }
    }
    [method(default(at))] {
        /// Checks that a request is genuine and fresh, and reads it. Fails with `InvalidWebhook` as `verify` does, and
        /// with `Decode` when a genuine body does not have the promised shape.
        pub fn request(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<InterceptorRequest, ScalekitError> {
            self.checker.verify(REQUEST, Family::Interceptor, headers, body, at)?;
            InterceptorRequest::read(REQUEST, body)
        }
    }
} }
