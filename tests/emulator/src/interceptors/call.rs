//! Calls of interceptors.

use serde_json::json;

use super::registry::{FailureMode, Interceptor, InterceptorCall, Interceptors};
use super::request::InterceptorRequest;
use super::verdict::Verdict;
use crate::ids::Ids;
use crate::webhooks::{SignedMessage, post};

/// Maximum size of a response body, far above what a valid response needs.
const RESPONSE_LIMIT_BYTES: usize = 64 * 1024;

/// A call of an interceptor.
pub(crate) struct Call {
    interceptor: Interceptor,
    request_id: String,
    request: InterceptorRequest,
}

impl Call {
    /// Prepares the call of the interceptor of the trigger point. `None` without an interceptor.
    pub(crate) fn prepare(registry: &Interceptors, ids: &Ids, request: InterceptorRequest) -> Option<Call> {
        let interceptor = registry.get(request.trigger_point)?.clone();
        Some(Call { interceptor, request_id: ids.next("req"), request })
    }

    /// The `interceptor-id` header of the request.
    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Calls the interceptor. A call without a valid response gets the verdict of the failure mode. Also returns the
    /// entry for the log.
    pub(crate) async fn run(&self) -> (Verdict, InterceptorCall) {
        let (limit, body) = (self.interceptor.timeout, self.body().to_string());
        let result = match tokio::time::timeout(limit, self.exchange(&body)).await {
            Ok(result) => result,
            Err(_) => Err(format!("no response within {} ms", limit.as_millis())),
        };
        let error = result.as_ref().err().cloned();
        let verdict = result.unwrap_or_else(|_| match self.interceptor.failure_mode {
            FailureMode::FailOpen => Verdict::default(),
            FailureMode::FailClosed => Verdict::denied("The interceptor did not return a valid response."),
        });
        let entry = self.log_entry(&verdict, error);
        (verdict, entry)
    }

    fn body(&self) -> serde_json::Value {
        self.request.body(&self.interceptor.display_name)
    }

    async fn exchange(&self, body: &str) -> Result<Verdict, String> {
        let message = SignedMessage {
            url: &self.interceptor.url,
            header_prefix: "interceptor",
            id: &self.request_id,
            body,
            secrets: &self.interceptor.secrets,
        };
        let response = post(&message).await?;
        if response.status() != 200 {
            return Err(format!("the response has status code {}, not 200", response.status()));
        }
        Verdict::read(self.request.trigger_point, &response.body(RESPONSE_LIMIT_BYTES).await?)
    }

    /// Returns the log entry of the call, with the application's `state` redacted.
    fn log_entry(&self, verdict: &Verdict, error: Option<String>) -> InterceptorCall {
        let mut body = self.body();
        if let Some(state) = body.pointer_mut("/interceptor_context/auth_request/state") {
            *state = "[redacted]".into();
        }
        InterceptorCall {
            interceptor_id: self.interceptor.id.clone(),
            request_id: self.request_id.clone(),
            trigger_point: json!(self.request.trigger_point).as_str().unwrap_or_default().into(),
            body,
            decision: if verdict.denied.is_some() { "DENY" } else { "ALLOW" }.into(),
            error,
        }
    }
}
