//! Verification of interceptor requests.

use std::collections::HashMap;

use super::InterceptorRequest;
use crate::error::{Result, ScalekitError};
use crate::twins::{exported, secret_constructor};
#[cfg(feature = "ffi")]
use crate::types::SecretInput;
use crate::types::{SecretText, Timestamp};
use crate::webhook::headers::HeaderPrefix;
use crate::webhook::verifier::{DeliveryVerifier, VerifiedWebhook};

const VERIFY: &str = "interceptors.verify";
const REQUEST: &str = "interceptors.request";

/// Verifies and parses interceptor requests. Requires no client and sends no requests.
///
/// Pass the body as received: raw bytes, before any framework parses them. Header names are case-insensitive. Respond
/// with status code 200 and the `body` of an `InterceptorResponse` before the interceptor times out.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct InterceptorVerifier {
    verifier: DeliveryVerifier,
}

secret_constructor! { impl InterceptorVerifier {
    /// Creates a verifier for an interceptor.
    ///
    /// `secrets` are the interceptor's signing secrets, as shown in the dashboard (`whsec_…`), as text or `SecretText`;
    /// during a rotation, the new and the old one. `tolerance_seconds` is the maximum difference between the signing
    /// time and the current time, in both directions: 1–86,400 seconds, usually 300.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if there is no secret, a secret is not base64, or the tolerance is out of range.
    rust fn new(secrets: impl IntoIterator<Item = impl Into<SecretText>>, tolerance_seconds: i64);
    foreign(default(tolerance_seconds = 300)) fn new(secrets: Vec<SecretInput>, tolerance_seconds: i64);
    {
        Ok(Self { verifier: DeliveryVerifier::new(secrets, tolerance_seconds)? })
    }
} }

exported! { impl InterceptorVerifier {
    [method(default(at))] {
        /// Verifies the signature and timestamp of a request, without parsing its body.
        ///
        /// `at` overrides the current time, for tests.
        ///
        /// # Errors
        ///
        /// `InvalidWebhook` if the request is not authentic. `failure.code` is the reason.
        pub fn verify(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<VerifiedWebhook, ScalekitError> {
            self.verifier.verify(VERIFY, HeaderPrefix::Interceptor, headers, body, at)
        }
    }
    [method(default(at))] {
        /// Verifies a request and parses it.
        ///
        /// `at` overrides the current time, for tests.
        ///
        /// # Errors
        ///
        /// `InvalidWebhook` if the request is not authentic, as for `verify`.
        /// `Decode` if the body of an authentic request is not a valid interceptor request.
        pub fn request(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<InterceptorRequest, ScalekitError> {
            self.verifier.verify(REQUEST, HeaderPrefix::Interceptor, headers, body, at)?;
            InterceptorRequest::read(REQUEST, body)
        }
    }
} }
