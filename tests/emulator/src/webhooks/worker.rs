//! Sends what is due.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::delivery::Attempt;
use super::outgoing::Errand;
use super::post::{Letter, post};
use crate::shared::Shared;

/// Longer waits are looked at again, since timers have their limits.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Runs until it is dropped, which ends the attempts under way.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut version = shared.outgoing.subscribe();
    let mut attempts = JoinSet::new();
    loop {
        version.mark_unchanged();
        let now = shared.world().clock.now();
        let (errands, next) = shared.outgoing.due(now);
        for errand in errands {
            attempts.spawn(attempt(Arc::clone(&shared), errand));
        }
        let wait = next.map_or(LONGEST_WAIT, |next| (next.utc() - now.utc()).to_std().unwrap_or_default());
        tokio::select! {
            // The sender lives as long as `shared`.
            _ = version.changed() => {}
            () = tokio::time::sleep(wait.min(LONGEST_WAIT)) => {}
            Some(_) = attempts.join_next() => {}
        }
    }
}

async fn attempt(shared: Arc<Shared>, errand: Errand) {
    let limit = errand.endpoint.timeout;
    let attempt = match tokio::time::timeout(limit, send(&errand)).await {
        Ok(Ok(status)) => Attempt { status: Some(status), error: None },
        Ok(Err(error)) => Attempt { status: None, error: Some(error) },
        Err(_) => Attempt { status: None, error: Some(format!("no answer within {} ms", limit.as_millis())) },
    };
    let now = shared.world().clock.now();
    shared.outgoing.record(errand.number, attempt, now);
}

async fn send(errand: &Errand) -> Result<u16, String> {
    let letter = Letter {
        url: &errand.endpoint.url,
        family: "webhook",
        id: &errand.event_id,
        text: &errand.text,
        secrets: &errand.endpoint.secrets,
    };
    Ok(post(&letter).await?.status())
}
