//! The registered interceptors and the log of their calls.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use hyper::Uri;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::TriggerPoint;
use crate::error::ControlError;
use crate::webhooks::{Secrets, parse_loopback_url};

/// Maximum number of logged calls. The oldest are dropped.
const CAPACITY: usize = 10_000;

const TIMEOUT_MS: u64 = 3000;

/// What happens if there is no valid response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum FailureMode {
    /// The operation continues.
    FailOpen,
    /// The operation is denied.
    #[default]
    FailClosed,
}

/// A registered interceptor.
#[derive(Debug, Clone)]
pub(crate) struct Interceptor {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) trigger_point: TriggerPoint,
    pub(super) url: Uri,
    pub(super) secrets: Secrets,
    pub(super) timeout: Duration,
    pub(super) failure_mode: FailureMode,
}

/// Control-plane parameters of an interceptor.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    pub(super) trigger_point: TriggerPoint,
    url: String,
    /// A secret is generated if this is empty.
    #[serde(default)]
    secrets: Vec<String>,
    display_name: Option<String>,
    timeout_ms: Option<u64>,
    #[serde(default)]
    failure_mode: FailureMode,
}

impl Interceptor {
    pub(super) fn new(id: String, draft: Draft) -> Result<Interceptor, ControlError> {
        let reject = |reason: &str| ControlError::new(format!("interceptor: {reason}"));
        let url = parse_loopback_url(&draft.url)
            .ok_or_else(|| reject("url must be an http URL of a loopback address"))?;
        let secrets = Secrets::new(draft.secrets)
            .ok_or_else(|| reject("a secret must be whsec_ followed by base64"))?;
        let timeout_ms = draft.timeout_ms.unwrap_or(TIMEOUT_MS);
        if !(100..=30_000).contains(&timeout_ms) {
            return Err(reject("timeout_ms must be 100 to 30000"));
        }
        Ok(Interceptor {
            id,
            display_name: draft.display_name.unwrap_or_else(|| "Interceptor".into()),
            trigger_point: draft.trigger_point,
            url,
            secrets,
            timeout: Duration::from_millis(timeout_ms),
            failure_mode: draft.failure_mode,
        })
    }
}

/// A call of an interceptor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InterceptorCall {
    /// ID of the interceptor.
    pub interceptor_id: String,
    /// The `interceptor-id` header of the request.
    pub request_id: String,
    /// Trigger point, such as `PRE_SIGNUP`.
    pub trigger_point: String,
    /// Body of the request, with the application's `state` redacted.
    pub body: Value,
    /// The decision in effect: `ALLOW` or `DENY`. Without a valid response, the decision of the failure mode.
    pub decision: String,
    /// Why there was no valid response. Absent if there was one.
    pub error: Option<String>,
}

/// The interceptors, at most one per trigger point, and the log of their calls.
#[derive(Debug, Default)]
pub(crate) struct Interceptors {
    registered: BTreeMap<TriggerPoint, Interceptor>,
    calls: VecDeque<InterceptorCall>,
}

impl Interceptors {
    pub(super) fn register(&mut self, interceptor: Interceptor) {
        self.registered.insert(interceptor.trigger_point, interceptor);
    }

    pub(super) fn get(&self, trigger_point: TriggerPoint) -> Option<&Interceptor> {
        self.registered.get(&trigger_point)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Interceptor> {
        self.registered.values()
    }

    pub(super) fn clear(&mut self) {
        self.registered.clear();
    }

    pub(crate) fn record(&mut self, call: InterceptorCall) {
        if self.calls.len() == CAPACITY {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(crate) fn calls(&self) -> Vec<InterceptorCall> {
        self.calls.iter().cloned().collect()
    }
}
