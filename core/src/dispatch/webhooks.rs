//! Verification and signing of webhooks and interceptor requests.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::{Result, ScalekitError};
use crate::types::{Json, Timestamp, to_json};
use crate::webhook::{InterceptorVerifier, VerifiedWebhook, WebhookSigner, WebhookVerifier};

/// The kind of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// A webhook.
    Webhook,
    /// An interceptor request.
    Interceptor,
}

/// The values of the three headers of a delivery; `None` if a header is missing.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// `webhook-id` or `interceptor-id`.
    pub id: Option<&'a str>,
    /// `webhook-timestamp` or `interceptor-timestamp`.
    pub timestamp: Option<&'a str>,
    /// `webhook-signature` or `interceptor-signature`.
    pub signature: Option<&'a str>,
}

#[derive(Serialize)]
struct Verified<'a> {
    id: &'a str,
    sent_at: Timestamp,
    body: Json,
}

impl Delivery {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Interceptor => "interceptor",
        }
    }

    fn check(
        self,
        secrets: &[&str],
        tolerance_seconds: i64,
        headers: &HashMap<String, String>,
        body: &[u8],
    ) -> Result<VerifiedWebhook> {
        let secrets = secrets.iter().copied();
        match self {
            Self::Webhook => WebhookVerifier::new(secrets, tolerance_seconds)?.verify(headers, body, None),
            Self::Interceptor => {
                InterceptorVerifier::new(secrets, tolerance_seconds)?.verify(headers, body, None)
            }
        }
    }

    /// The body as JSON: an object that says what it is. Its other fields are passed on unread.
    fn read(self, body: &[u8]) -> Result<Json> {
        let (operation, name) = match self {
            Self::Webhook => ("webhooks.event", "type"),
            Self::Interceptor => ("interceptors.request", "trigger_point"),
        };
        let json = std::str::from_utf8(body).ok().and_then(|text| text.parse::<Json>().ok());
        let named = json.filter(|json| json.value().get(name).is_some_and(serde_json::Value::is_string));
        named.ok_or_else(|| {
            ScalekitError::decode(operation, format_args!("is not a JSON object with `{name}`"))
        })
    }
}

/// Verifies a delivery, and returns its ID, its signing time and its body as JSON. `secrets` are separated by white
/// space.
///
/// # Errors
///
/// `InvalidWebhook` if the delivery is not authentic, `Decode` if its body is not an event or request, and
/// `InvalidArgument` if a secret or the tolerance is invalid.
pub fn verify(
    delivery: Delivery,
    secrets: &str,
    tolerance_seconds: i64,
    signature: Signature<'_>,
    body: &[u8],
) -> Result<String> {
    let secrets: Vec<&str> = secrets.split_ascii_whitespace().collect();
    let given =
        [("id", signature.id), ("timestamp", signature.timestamp), ("signature", signature.signature)];
    let prefix = delivery.prefix();
    let header = |(name, value): (&str, Option<&str>)| Some((format!("{prefix}-{name}"), value?.to_owned()));
    let headers: HashMap<String, String> = given.into_iter().filter_map(header).collect();
    let verified = delivery.check(&secrets, tolerance_seconds, &headers, body)?;
    let written = Verified { id: &verified.id, sent_at: verified.sent_at, body: delivery.read(body)? };
    to_json(&written).map_err(|_| ScalekitError::internal(prefix, "the result cannot be written"))
}

/// Signs a body as Scalekit does, and returns the headers as a JSON object.
///
/// # Errors
///
/// `InvalidArgument` if the secret is not base64.
pub fn sign(delivery: Delivery, secret: &str, id: &str, body: &[u8]) -> Result<String> {
    let signer = WebhookSigner::new(secret)?;
    let headers = match delivery {
        Delivery::Webhook => signer.sign(id, body, None),
        Delivery::Interceptor => signer.sign_interceptor(id, body, None),
    };
    let written = to_json(&headers);
    written.map_err(|_| ScalekitError::internal(delivery.prefix(), "the headers cannot be written"))
}
