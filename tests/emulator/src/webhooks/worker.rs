//! Sends due deliveries.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::delivery::Attempt;
use super::outgoing::{DueAttempt, Outgoing};
use super::post::{SignedMessage, post};
use crate::clock::Clock;

/// Maximum sleep before the queue is checked again, because timers have a maximum duration.
const MAX_WAIT: Duration = Duration::from_secs(3600);

/// Runs until dropped, which cancels the attempts in progress.
pub(crate) async fn run(outgoing: Arc<Outgoing>, clock: Clock) {
    let mut version = outgoing.subscribe();
    let mut attempts = JoinSet::new();
    loop {
        version.mark_unchanged();
        let now = clock.now();
        let (due, next) = outgoing.take_due(now);
        for attempt in due {
            attempts.spawn(run_attempt(Arc::clone(&outgoing), clock.clone(), attempt));
        }
        let wait = next.map_or(MAX_WAIT, |next| (next.utc() - now.utc()).to_std().unwrap_or_default());
        tokio::select! {
            // Never fails: `outgoing` owns the sender.
            _ = version.changed() => {}
            () = tokio::time::sleep(wait.min(MAX_WAIT)) => {}
            Some(_) = attempts.join_next() => {}
        }
    }
}

async fn run_attempt(outgoing: Arc<Outgoing>, clock: Clock, due: DueAttempt) {
    let limit = due.endpoint.timeout;
    let attempt = match tokio::time::timeout(limit, send(&due)).await {
        Ok(Ok(status)) => Attempt { status: Some(status), error: None },
        Ok(Err(error)) => Attempt { status: None, error: Some(error) },
        Err(_) => {
            Attempt { status: None, error: Some(format!("no response within {} ms", limit.as_millis())) }
        }
    };
    outgoing.record(due.number, attempt, clock.now());
}

async fn send(due: &DueAttempt) -> Result<u16, String> {
    let message = SignedMessage {
        url: &due.endpoint.url,
        header_prefix: "webhook",
        id: &due.event_id,
        body: &due.body,
        secrets: &due.endpoint.secrets,
    };
    Ok(post(&message).await?.status())
}
