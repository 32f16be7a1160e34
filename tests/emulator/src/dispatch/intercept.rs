//! Calls interceptors without holding the lock on the environment.

use crate::reply::{Payload, PendingCall, Reply};
use crate::shared::Shared;

/// Makes the pending interceptor calls until the reply is final.
pub(super) async fn complete(shared: &Shared, mut reply: Reply) -> Reply {
    while let Payload::Intercepted(pending) = reply.body {
        let (headers, PendingCall { call, then }) = (reply.headers, *pending);
        let (verdict, entry) = call.run().await;
        let mut env = shared.env();
        env.interceptors.record(entry);
        reply = then(&mut env, verdict);
        reply.headers.extend(headers);
    }
    reply
}
