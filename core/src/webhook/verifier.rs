//! What a receiver of webhooks holds.

use std::collections::HashMap;

use super::event::WebhookEvent;
use super::headers::{Claimed, Family};
use super::key::Key;
use super::signature;
use crate::error::{Result, ScalekitError};
use crate::twins::exported;
use crate::types::Timestamp;

const VERIFY: &str = "webhooks.verify";
const EVENT: &str = "webhooks.event";

/// A day is longer than any clock is wrong, and than any delivery is worth.
const LONGEST_TOLERANCE: i64 = 24 * 3600;

/// What is known about a delivery that is genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct VerifiedWebhook {
    /// The id of the delivery. A repeated delivery has the same one: remember it to act only once.
    pub id: String,
    /// When it was signed, to the second.
    pub sent_at: Timestamp,
}

/// The keys and the tolerance, for webhooks and interceptors alike.
#[derive(Debug, Clone)]
pub(super) struct Checker {
    keys: Vec<Key>,
    tolerance_seconds: i64,
}

impl Checker {
    pub(super) fn new(secrets: &[String], tolerance_seconds: i64) -> Result<Self> {
        if secrets.is_empty() {
            return Err(ScalekitError::argument("secrets", "must hold at least one signing secret"));
        }
        if !(1..=LONGEST_TOLERANCE).contains(&tolerance_seconds) {
            return Err(ScalekitError::argument("tolerance_seconds", "must be 1 to 86400"));
        }
        let keys = secrets.iter().map(|secret| Key::read("secrets", secret)).collect::<Result<_>>()?;
        Ok(Self { keys, tolerance_seconds })
    }

    pub(super) fn verify(
        &self,
        operation: &str,
        family: Family,
        headers: &HashMap<String, String>,
        body: &[u8],
        at: Option<Timestamp>,
    ) -> Result<VerifiedWebhook> {
        let now = at.unwrap_or_else(Timestamp::now).unix_seconds();
        let checked = Claimed::read(headers, family).and_then(|claimed| {
            signature::verify(&claimed, body, &self.keys, now, self.tolerance_seconds)?;
            Ok(VerifiedWebhook {
                id: claimed.id.to_owned(),
                sent_at: Timestamp::from_unix_seconds(claimed.unix_seconds),
            })
        });
        checked.map_err(|refusal| refusal.of(operation))
    }
}

/// Verifies webhooks and reads their events. It needs no client and calls nobody.
///
/// Give it the body exactly as it arrived: bytes, before any framework has parsed them. Header names count in any
/// case. Answer a 2xx within ten seconds, and do the work later; a delivery may come twice, and in any order.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct WebhookVerifier {
    checker: Checker,
}

exported! { impl WebhookVerifier {
    [constructor(default(tolerance_seconds = 300))] {
        /// A verifier for one endpoint.
        ///
        /// `secrets` are the endpoint's signing secrets, as the dashboard shows them (`whsec_…`); during a rotation,
        /// the new one and the old one. `tolerance_seconds` says how far the time of signing may be from now, in both
        /// directions; 300 is usual. Fails with `InvalidArgument` when there is no secret, one is not base64, or the
        /// tolerance is not 1 to 86400.
        pub fn new(secrets: Vec<String>, tolerance_seconds: i64) -> Result<Self, ScalekitError> {
            Ok(Self { checker: Checker::new(&secrets, tolerance_seconds)? })
        }
    }
    [method(default(at))] {
        /// Checks that a delivery is genuine and fresh, whatever its body says.
        ///
        /// `at` is the time to measure from: now, unless a test says otherwise. Fails with `InvalidWebhook`, whose
        /// `failure.code` says why.
        pub fn verify(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<VerifiedWebhook, ScalekitError> {
            self.checker.verify(VERIFY, Family::Webhook, headers, body, at)
        }
    }
    [method(default(at))] {
        /// Checks that a delivery is genuine and fresh, and reads its event.
        ///
        /// An event whose type or shape this version does not know is `Unknown`, with its type and JSON. Fails with
        /// `InvalidWebhook` as `verify` does, and with `Decode` when a genuine body is no JSON object with a type.
        pub fn event(
            &self,
            headers: &HashMap<String, String>,
            body: &[u8],
            at: Option<Timestamp>,
        ) -> Result<WebhookEvent, ScalekitError> {
            self.checker.verify(EVENT, Family::Webhook, headers, body, at)?;
            WebhookEvent::read(EVENT, body)
        }
    }
    [method()] {
        /// Reads the event of a body that was verified before, for example by the program that put it into a queue.
        /// This checks nothing: never give it what comes from a network.
        pub fn read_verified(&self, body: &[u8]) -> Result<WebhookEvent, ScalekitError> {
            WebhookEvent::read(EVENT, body)
        }
    }
} }
