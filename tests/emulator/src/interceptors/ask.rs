//! Asking, and going on with the answer.

use std::fmt;

use serde_json::json;

use super::question::Question;
use super::registered::{FailureMode, Interceptor, InterceptorCall};
use super::verdict::Verdict;
use crate::reply::{Payload, Reply};
use crate::shared::Shared;
use crate::webhooks::{Letter, post};
use crate::world::World;

/// More than any answer needs.
const ANSWER_LIMIT: usize = 64 * 1024;

type Then = Box<dyn FnOnce(&mut World, Verdict) -> Reply + Send>;

/// A question, and what is to be done with its answer.
pub(crate) struct Asking {
    errand: Errand,
    then: Then,
}

/// A question on its way.
struct Errand {
    interceptor: Interceptor,
    request_id: String,
    question: Question,
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").field("request_id", &self.errand.request_id).finish_non_exhaustive()
    }
}

impl World {
    /// Asks the interceptor of this place, and goes on with its answer; where there is none, it goes on at once.
    pub(crate) fn consult(
        &mut self,
        question: Question,
        then: impl FnOnce(&mut World, Verdict) -> Reply + Send + 'static,
    ) -> Reply {
        let Some(interceptor) = self.interceptors.at(question.trigger_point).cloned() else {
            return then(self, Verdict::default());
        };
        let request_id = self.ids.next("req");
        let errand = Errand { interceptor, request_id, question };
        let asking = Asking { errand, then: Box::new(then) };
        Reply { status: 200, headers: Vec::new(), body: Payload::Asking(Box::new(asking)) }
    }
}

/// Asks until there is nothing more to ask.
pub(crate) async fn settle(shared: &Shared, mut reply: Reply) -> Reply {
    while let Payload::Asking(asking) = reply.body {
        let (headers, Asking { errand, then }) = (reply.headers, *asking);
        let verdict = errand.ask(shared).await;
        reply = then(&mut shared.world(), verdict);
        reply.headers.extend(headers);
    }
    reply
}

impl Errand {
    async fn ask(&self, shared: &Shared) -> Verdict {
        let (limit, text) = (self.interceptor.timeout, self.body().to_string());
        let answer = match tokio::time::timeout(limit, self.exchange(&text)).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("no answer within {} ms", limit.as_millis())),
        };
        let error = answer.as_ref().err().cloned();
        let verdict = answer.unwrap_or_else(|_| match self.interceptor.failure_mode {
            FailureMode::FailOpen => Verdict::default(),
            FailureMode::FailClosed => Verdict::denied("The application could not be asked."),
        });
        shared.world().interceptors.record(self.call(&verdict, error));
        verdict
    }

    fn body(&self) -> serde_json::Value {
        self.question.body(&self.interceptor.display_name)
    }

    async fn exchange(&self, text: &str) -> Result<Verdict, String> {
        let letter = Letter {
            url: &self.interceptor.url,
            family: "interceptor",
            id: &self.request_id,
            text,
            secrets: &self.interceptor.secrets,
        };
        let answer = post(&letter).await?;
        if answer.status() != 200 {
            return Err(format!("the answer has the status {}", answer.status()));
        }
        Verdict::read(self.question.trigger_point, &answer.body(ANSWER_LIMIT).await?)
    }

    fn call(&self, verdict: &Verdict, error: Option<String>) -> InterceptorCall {
        let mut body = self.body();
        if let Some(state) = body.pointer_mut("/interceptor_context/auth_request/state") {
            *state = "[redacted]".into();
        }
        InterceptorCall {
            interceptor_id: self.interceptor.id.clone(),
            request_id: self.request_id.clone(),
            trigger_point: json!(self.question.trigger_point).as_str().unwrap_or_default().into(),
            body,
            decision: if verdict.denied.is_some() { "DENY" } else { "ALLOW" }.into(),
            error,
        }
    }
}
