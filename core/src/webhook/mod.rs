//! Webhooks and interceptors: what Scalekit sends to you.
//!
//! `signature` decides whether something is genuine, from bytes alone. `event` and `interceptor` read what is. The
//! first never depends on the second: an event that nobody has heard of is verified like any other.

mod data;
mod event;
mod headers;
mod interceptor;
mod key;
mod refusal;
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
