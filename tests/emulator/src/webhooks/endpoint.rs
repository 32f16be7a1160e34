//! Where webhooks go.

use std::time::Duration;

use hyper::Uri;
use serde::Deserialize;

use super::post::loopback;
use super::signing::Secrets;
use crate::error::ControlError;

/// After the first attempt, as the service's documentation has it: 5 s, 30 s, 2 min, 5 min, 15 min.
const RETRY_DELAYS_SECONDS: [u32; 5] = [5, 30, 120, 300, 900];

/// An endpoint has ten seconds to answer.
const TIMEOUT_MS: u64 = 10_000;

/// An address that wants to hear of events.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(super) id: String,
    pub(super) url: Uri,
    pub(super) secrets: Secrets,
    events: Vec<String>,
    pub(super) retry_delays_seconds: Vec<u32>,
    pub(super) timeout: Duration,
}

/// An endpoint as the control plane describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    url: String,
    /// One is made when there is none.
    #[serde(default)]
    secrets: Vec<String>,
    /// All events when empty.
    #[serde(default)]
    events: Vec<String>,
    retry_delays_seconds: Option<Vec<u32>>,
    timeout_ms: Option<u64>,
}

impl Endpoint {
    pub(crate) fn new(id: String, draft: Draft) -> Result<Endpoint, ControlError> {
        let url = loopback(&draft.url)
            .ok_or_else(|| ControlError::new("endpoint: url must be http to a loopback address"))?;
        let secrets = Secrets::new(draft.secrets)
            .ok_or_else(|| ControlError::new("endpoint: a secret must be whsec_ and base64"))?;
        Ok(Endpoint {
            id,
            url,
            secrets,
            events: draft.events,
            retry_delays_seconds: draft.retry_delays_seconds.unwrap_or_else(|| RETRY_DELAYS_SECONDS.into()),
            timeout: Duration::from_millis(draft.timeout_ms.unwrap_or(TIMEOUT_MS)),
        })
    }

    pub(super) fn wants(&self, event_type: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|own| own == event_type)
    }
}
