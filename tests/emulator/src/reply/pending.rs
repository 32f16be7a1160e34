//! Replies that wait for the verdict of an interceptor.

use std::fmt;

use super::{Payload, Reply};
use crate::environment::Environment;
use crate::interceptors::{Call, InterceptorRequest, Verdict};

type Continuation = Box<dyn FnOnce(&mut Environment, Verdict) -> Reply + Send>;

/// A pending interceptor call, and the continuation of the handler that needs it.
pub(crate) struct PendingCall {
    pub(crate) call: Call,
    pub(crate) then: Continuation,
}

impl fmt::Debug for PendingCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingCall").field("request_id", &self.call.request_id()).finish_non_exhaustive()
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
        match Call::prepare(&self.interceptors, &self.ids, request) {
            None => then(self, Verdict::default()),
            Some(call) => {
                let pending = PendingCall { call, then: Box::new(then) };
                Reply { status: 200, headers: Vec::new(), body: Payload::Intercepted(Box::new(pending)) }
            }
        }
    }
}
