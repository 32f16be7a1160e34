//! Webhook endpoints.

use std::time::Duration;

use hyper::Uri;
use serde::Deserialize;

use super::post::parse_loopback_url;
use super::signing::Secrets;
use crate::error::ControlError;

/// Delays between the attempts, from the service's documentation: 5 s, 30 s, 2 min, 5 min, 15 min.
const RETRY_DELAYS_SECONDS: [u32; 5] = [5, 30, 120, 300, 900];

/// Default timeout of an attempt: 10 seconds.
const TIMEOUT_MS: u64 = 10_000;

/// A registered webhook endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(super) id: String,
    pub(super) url: Uri,
    pub(super) secrets: Secrets,
    events: Vec<String>,
    pub(super) retry_delays_seconds: Vec<u32>,
    pub(super) timeout: Duration,
}

/// Control-plane parameters of an endpoint.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    url: String,
    /// A secret is generated if this is empty.
    #[serde(default)]
    secrets: Vec<String>,
    /// Event types to deliver. Empty: all types.
    #[serde(default)]
    events: Vec<String>,
    retry_delays_seconds: Option<Vec<u32>>,
    timeout_ms: Option<u64>,
}

impl Endpoint {
    pub(crate) fn new(id: String, draft: Draft) -> Result<Endpoint, ControlError> {
        let url = parse_loopback_url(&draft.url)
            .ok_or_else(|| ControlError::new("endpoint: url must be an http URL of a loopback address"))?;
        let secrets = Secrets::new(draft.secrets)
            .ok_or_else(|| ControlError::new("endpoint: a secret must be whsec_ followed by base64"))?;
        Ok(Endpoint {
            id,
            url,
            secrets,
            events: draft.events,
            retry_delays_seconds: draft.retry_delays_seconds.unwrap_or_else(|| RETRY_DELAYS_SECONDS.into()),
            timeout: Duration::from_millis(draft.timeout_ms.unwrap_or(TIMEOUT_MS)),
        })
    }

    pub(super) fn accepts(&self, event_type: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|accepted| accepted == event_type)
    }
}
