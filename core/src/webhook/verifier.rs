//! Verification of webhooks.

use std::collections::HashMap;

use super::event::WebhookEvent;
use super::headers::{HeaderPrefix, SignatureHeaders};
use super::key::Key;
use super::signature;
use crate::error::{Result, ScalekitError};
use crate::twins::{exported, secret_constructor};
#[cfg(feature = "ffi")]
use crate::types::SecretInput;
use crate::types::{SecretText, Timestamp};

const VERIFY: &str = "webhooks.verify";
const EVENT: &str = "webhooks.event";

/// One day: larger than any plausible clock error, and older deliveries are not useful.
const MAX_TOLERANCE_SECONDS: i64 = 24 * 3600;

/// An authentic delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct VerifiedWebhook {
    /// Delivery ID. The same for repeated deliveries: store it to process a delivery only once.
    pub id: String,
    /// Signing time, to the second.
    pub sent_at: Timestamp,
}

/// The keys and the tolerance of a webhook or interceptor verifier.
#[derive(Debug, Clone)]
pub(super) struct DeliveryVerifier {
    keys: Vec<Key>,
    tolerance_seconds: i64,
}

impl DeliveryVerifier {
    pub(super) fn new(
        secrets: impl IntoIterator<Item = impl Into<SecretText>>,
        tolerance_seconds: i64,
    ) -> Result<Self> {
        let secrets: Vec<SecretText> = secrets.into_iter().map(Into::into).collect();
        if secrets.is_empty() {
            return Err(ScalekitError::argument("secrets", "must contain at least one signing secret"));
        }
        if !(1..=MAX_TOLERANCE_SECONDS).contains(&tolerance_seconds) {
            return Err(ScalekitError::argument("tolerance_seconds", "must be 1 to 86400"));
        }
        let keys =
            secrets.iter().map(|secret| Key::read("secrets", secret.expose())).collect::<Result<_>>()?;
        Ok(Self { keys, tolerance_seconds })
    }

    pub(super) fn verify(
        &self,
        operation: &str,
        prefix: HeaderPrefix,
        headers: &HashMap<String, String>,
        body: &[u8],
        at: Option<Timestamp>,
    ) -> Result<VerifiedWebhook> {
        let now = at.unwrap_or_else(Timestamp::now).unix_seconds();
        let verified = SignatureHeaders::read(headers, prefix).and_then(|signed| {
            signature::verify(&signed, body, &self.keys, now, self.tolerance_seconds)?;
            Ok(VerifiedWebhook {
                id: signed.id.to_owned(),
                sent_at: Timestamp::from_unix_seconds(signed.unix_seconds),
            })
        });
        verified.map_err(|rejection| rejection.into_error(operation))
    }
}

/// Verifies webhooks and parses their events. Requires no client and sends no requests.
///
/// Pass the body as received: raw bytes, before any framework parses them. Header names are case-insensitive. Respond
/// with a 2xx status code within 10 seconds and process the event afterwards. Deliveries can be repeated and arrive in
/// any order.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct WebhookVerifier {
    verifier: DeliveryVerifier,
}

secret_constructor! { impl WebhookVerifier {
    /// Creates a verifier for a webhook endpoint.
    ///
    /// `secrets` are the endpoint's signing secrets, as shown in the dashboard (`whsec_…`), as text or `SecretText`;
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

exported! { impl WebhookVerifier {
    [method(default(at))] {
        /// Verifies the signature and timestamp of a delivery, without parsing its body.
        ///
        /// `at` overrides the current time, for tests.
        ///
        /// # Errors
        ///
        /// `InvalidWebhook` if the delivery is not authentic. `failure.code` is the reason.
        pub fn verify(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<VerifiedWebhook, ScalekitError> {
            self.verifier.verify(VERIFY, HeaderPrefix::Webhook, headers, body, at)
        }
    }
    [method(default(at))] {
        /// Verifies a delivery and parses its event.
        ///
        /// An event of a type or structure unknown to this version is `Unknown`, with its type and JSON. `at` overrides
        /// the current time, for tests.
        ///
        /// # Errors
        ///
        /// `InvalidWebhook` if the delivery is not authentic, as for `verify`.
        /// `Decode` if the body of an authentic delivery is not a JSON object with a type.
        pub fn event(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<WebhookEvent, ScalekitError> {
            self.verifier.verify(EVENT, HeaderPrefix::Webhook, headers, body, at)?;
            WebhookEvent::read(EVENT, body)
        }
    }
    [method()] {
        /// Parses the event of a body that has been verified before, for example by the producer of a queue.
        ///
        /// The body is not verified. Never pass data received from a network.
        ///
        /// # Errors
        ///
        /// `Decode` if the body is not a JSON object with a type.
        pub fn read_verified(&self, body: &[u8]) -> Result<WebhookEvent, ScalekitError> {
            WebhookEvent::read(EVENT, body)
        }
    }
} }
