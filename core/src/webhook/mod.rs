//! Webhooks and interceptors: requests that Scalekit sends to your application.
//!
//! ```
//! use scalekit::{WebhookSigner, WebhookVerifier};
//!
//! # fn main() -> scalekit::Result<()> {
//! let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
//! let body = br#"{"type": "organization.deleted", "id": "evt_1", "data": {"id": "org_1"}}"#;
//! let headers = WebhookSigner::new(secret)?.sign("msg_1", body, None);
//! let verifier = WebhookVerifier::new([secret], 300)?;
//! assert_eq!(verifier.event(&headers, body, None)?.event_type, "organization.deleted");
//! assert!(verifier.event(&headers, b"{}", None).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! `signature` verifies the raw bytes; `event` and `interceptor` parse verified bodies. Verification never depends on
//! parsing, so that events of unknown types are verified like all others.

mod data;
mod event;
mod headers;
mod interceptor;
mod key;
mod rejection;
mod signature;
mod signer;
mod verifier;

pub use data::*;
#[cfg(test)]
pub(crate) use event::event_probes;
pub use event::{WebhookData, WebhookEvent};
pub use interceptor::*;
pub use signer::WebhookSigner;
pub use verifier::{VerifiedWebhook, WebhookVerifier};
