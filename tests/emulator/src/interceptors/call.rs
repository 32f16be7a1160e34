//! Interceptor calls, and the continuation of handlers with the verdict.

use std::fmt;

use serde_json::json;

use super::registry::{FailureMode, Interceptor, InterceptorCall};
use super::request::InterceptorRequest;
use super::verdict::Verdict;
use crate::environment::Environment;
use crate::reply::{Payload, Reply};
use crate::shared::Shared;
use crate::webhooks::{SignedMessage, post};

/// Maximum size of a response body, far above what a valid response needs.
const RESPONSE_LIMIT_BYTES: usize = 64 * 1024;

type Continuation = Box<dyn FnOnce(&mut Environment, Verdict) -> Reply + Send>;

/// A pending interceptor call, and the continuation of the handler that needs it.
pub(crate) struct PendingCall {
    call: Call,
    then: Continuation,
}

struct Call {
    interceptor: Interceptor,
    request_id: String,
    request: InterceptorRequest,
}

impl fmt::Debug for PendingCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingCall").field("request_id", &self.call.request_id).finish_non_exhaustive()
    }
}

impl Environment {
    /// Calls the interceptor of the trigger point and continues with its verdict. Without an interceptor, continues at
    /// once.
    pub(crate) fn consult(
        &mut self,
        request: InterceptorRequest,
        then: impl FnOnce(&mut Environment, Verdict) -> Reply + Send + 'static,
    ) -> Reply {
        let Some(interceptor) = self.interceptors.get(request.trigger_point).cloned() else {
            return then(self, Verdict::default());
        };
        let request_id = self.ids.next("req");
        let call = Call { interceptor, request_id, request };
        let pending = PendingCall { call, then: Box::new(then) };
        Reply { status: 200, headers: Vec::new(), body: Payload::Intercepted(Box::new(pending)) }
    }
}

/// Makes the pending interceptor calls until the reply is final.
pub(crate) async fn complete(shared: &Shared, mut reply: Reply) -> Reply {
    while let Payload::Intercepted(pending) = reply.body {
        let (headers, PendingCall { call, then }) = (reply.headers, *pending);
        let verdict = call.run(shared).await;
        reply = then(&mut shared.env(), verdict);
        reply.headers.extend(headers);
    }
    reply
}

impl Call {
    /// Calls the interceptor and logs the call. A call without a valid response gets the verdict of the failure mode.
    async fn run(&self, shared: &Shared) -> Verdict {
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
        shared.env().interceptors.record(self.log_entry(&verdict, error));
        verdict
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
