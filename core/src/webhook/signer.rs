//! Signing, for tests.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::Key;
use crate::error::{Result, ScalekitError};
use crate::twins::exported;
use crate::types::Timestamp;

/// Signs like Scalekit, so that you can test your own endpoint: sign a body, and send it with the headers.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct WebhookSigner {
    key: Key,
}

exported! { impl WebhookSigner {
    [constructor()] {
        /// A signer with this secret (`whsec_…`). Fails with `InvalidArgument` when it is not base64.
        pub fn new(secret: &str) -> Result<Self, ScalekitError> {
            Ok(Self { key: Key::read("secret", secret)? })
        }
    }
    [method(default(at))] {
        /// The headers of a webhook with this id and body, signed now unless `at` says otherwise.
        #[must_use]
        pub fn sign(&self, id: &str, body: &[u8], at: Option<Timestamp>) -> HashMap<String, String> {
            self.headers("webhook", id, body, at)
        }
    }
    [method(default(at))] {
        /// The same for the request of an interceptor.
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
