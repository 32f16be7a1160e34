//! The interceptors that a test registered, and what they were asked.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use hyper::Uri;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::question::Trigger;
use crate::error::ControlError;
use crate::webhooks::{Secrets, loopback};

/// Older calls are forgotten.
const CAPACITY: usize = 10_000;

const TIMEOUT_MS: u64 = 3000;

/// What happens when there is no answer, or none that makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum FailureMode {
    /// It goes on.
    FailOpen,
    /// It ends there.
    #[default]
    FailClosed,
}

/// An endpoint that is asked.
#[derive(Debug, Clone)]
pub(crate) struct Interceptor {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) trigger_point: Trigger,
    pub(super) url: Uri,
    pub(super) secrets: Secrets,
    pub(super) timeout: Duration,
    pub(super) failure_mode: FailureMode,
}

/// An interceptor as the control plane describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    pub(super) trigger_point: Trigger,
    url: String,
    /// One is made when there is none.
    #[serde(default)]
    secrets: Vec<String>,
    display_name: Option<String>,
    timeout_ms: Option<u64>,
    #[serde(default)]
    failure_mode: FailureMode,
}

impl Interceptor {
    pub(super) fn new(id: String, draft: Draft) -> Result<Interceptor, ControlError> {
        let refuse = |why: &str| ControlError::new(format!("interceptor: {why}"));
        let url = loopback(&draft.url).ok_or_else(|| refuse("url must be http to a loopback address"))?;
        let secrets =
            Secrets::new(draft.secrets).ok_or_else(|| refuse("a secret must be whsec_ and base64"))?;
        let timeout_ms = draft.timeout_ms.unwrap_or(TIMEOUT_MS);
        if !(100..=30_000).contains(&timeout_ms) {
            return Err(refuse("timeout_ms must be 100 to 30000"));
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

/// A question that an interceptor was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InterceptorCall {
    /// The interceptor.
    pub interceptor_id: String,
    /// The header `interceptor-id` of the request.
    pub request_id: String,
    /// Where it was asked, such as `PRE_SIGNUP`.
    pub trigger_point: String,
    /// The body of the request, but for the application's `state`.
    pub body: Value,
    /// What was done: `ALLOW` or `DENY`, also where the answer did not say.
    pub decision: String,
    /// Why the answer did not count, where it did not.
    pub error: Option<String>,
}

/// At most one for each trigger point.
#[derive(Debug, Default)]
pub(crate) struct Interceptors {
    registered: BTreeMap<Trigger, Interceptor>,
    calls: VecDeque<InterceptorCall>,
}

impl Interceptors {
    pub(super) fn register(&mut self, interceptor: Interceptor) {
        self.registered.insert(interceptor.trigger_point, interceptor);
    }

    pub(super) fn at(&self, trigger_point: Trigger) -> Option<&Interceptor> {
        self.registered.get(&trigger_point)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Interceptor> {
        self.registered.values()
    }

    pub(super) fn clear(&mut self) {
        self.registered.clear();
    }

    pub(super) fn record(&mut self, call: InterceptorCall) {
        if self.calls.len() == CAPACITY {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(crate) fn calls(&self) -> Vec<InterceptorCall> {
        self.calls.iter().cloned().collect()
    }
}
