//! Webhook signatures for tests.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::Key;
use crate::twins::{exported, secret_constructor};
#[cfg(feature = "ffi")]
use crate::types::SecretInput;
use crate::types::{SecretText, Timestamp};

/// Signs webhooks and interceptor requests as Scalekit does, to test your own endpoints.
///
/// Sign a body and send it with the returned headers.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct WebhookSigner {
    key: Key,
}

secret_constructor! { impl WebhookSigner {
    /// Creates a signer with a signing secret (`whsec_…`), as text or a `SecretText`.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if the secret is not base64.
    rust fn new(secret: impl Into<SecretText>);
    foreign() fn new(secret: SecretInput);
    {
        let secret: SecretText = secret.into();
        Ok(Self { key: Key::read("secret", secret.expose())? })
    }
} }

exported! { impl WebhookSigner {
    [method(default(at))] {
        /// Returns the headers of a webhook with an ID and a body.
        ///
        /// `at` is the signing time. Default: the current time.
        #[must_use]
        pub fn sign(&self, id: &str, body: &[u8], at: Option<Timestamp>) -> HashMap<String, String> {
            self.headers("webhook", id, body, at)
        }
    }
    [method(default(at))] {
        /// Returns the headers of an interceptor request with an ID and a body.
        ///
        /// `at` is the signing time. Default: the current time.
        #[must_use]
        pub fn sign_interceptor(&self, id: &str, body: &[u8], at: Option<Timestamp>) -> HashMap<String, String> {
            self.headers("interceptor", id, body, at)
        }
    }
} }

impl WebhookSigner {
    fn headers(&self, prefix: &str, id: &str, body: &[u8], at: Option<Timestamp>) -> HashMap<String, String> {
        let timestamp = at.unwrap_or_else(Timestamp::now).unix_seconds().to_string();
        let signature = STANDARD.encode(self.key.sign(id, &timestamp, body));
        let parts =
            [("id", id.to_owned()), ("timestamp", timestamp), ("signature", format!("v1,{signature}"))];
        parts.into_iter().map(|(part, value)| (format!("{prefix}-{part}"), value)).collect()
    }
}
