//! Session refreshes. A refresh token is valid once, and a server that sends it twice loses the session: callers with
//! the same token share one request, and a caller that comes later gets its result.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::single_flight::{Fetch, SingleFlight, Slot, Step};
use crate::error::{Result, ScalekitError};
use crate::session::LoginSession;

/// How long a result is kept for late callers: a request that was queued, or a browser tab that was suspended.
const RETENTION: Duration = Duration::from_secs(60);

/// The hash of a refresh token: a used token itself is not kept.
type Key = [u8; 32];

type Session = Arc<LoginSession>;

#[derive(Default)]
struct State {
    /// Sessions by the refresh token that was exchanged for them, and the time of the exchange.
    done: HashMap<Key, (Session, Instant)>,
    closed: bool,
}

/// The refreshes of one client, in one process.
#[derive(Default)]
pub(crate) struct RefreshCache {
    refreshes: Arc<SingleFlight<State, Key, Session>>,
}

impl RefreshCache {
    /// Drops all results, and starts no further request. Callers that wait for one still get its result.
    pub(crate) fn close(&self) {
        self.refreshes.with(|state| {
            state.closed = true;
            state.done.clear();
        });
    }

    /// Returns the session that the refresh token with this hash was exchanged for, or starts `fetch` to exchange it.
    /// `operation` is the caller's, for `Closed`.
    pub(crate) async fn get(
        &self,
        operation: &'static str,
        key: Key,
        clock: impl Fn() -> Instant + Clone + Send + 'static,
        fetch: impl Fn() -> Fetch<Session>,
    ) -> Result<Session> {
        let look = |slot: &mut Slot<'_, State, Key, Session>| {
            if let Some(session) = slot.state().done(&key, clock()) {
                return Step::Return(Ok(session));
            }
            if let Some(flight) = slot.flight() {
                return Step::Wait(flight);
            }
            if slot.state().closed {
                // The client was closed since this call began. Another caller may just have used the token.
                return Step::Return(Err(ScalekitError::closed(operation)));
            }
            let clock = clock.clone();
            Step::Wait(slot.start(fetch(), move |state, result| state.settle(key, clock(), result).into()))
        };
        self.refreshes.run(key, look, Some).await
    }
}

impl State {
    fn done(&mut self, key: &Key, now: Instant) -> Option<Session> {
        self.done.retain(|_, (_, done_at)| now.saturating_duration_since(*done_at) < RETENTION);
        self.done.get(key).map(|(session, _)| Arc::clone(session))
    }

    /// Keeps a session for late callers. A failure is for those who wait for it: the next call sends another request.
    fn settle(&mut self, key: Key, now: Instant, result: Result<Session>) -> Result<Session> {
        if let Ok(session) = &result
            && !self.closed
        {
            self.done.insert(key, (Arc::clone(session), now));
        }
        result
    }
}
